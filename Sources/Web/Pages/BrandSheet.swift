import Kernel
import Loyalty

/// The style sheet of a brand's colour. Its address says the colour and nothing else, so it is the same for whoever asks and is kept for
/// a year; and pages need no style of their own, which their policy forbids.
enum BrandSheet {
  static func path(_ colour: BrandColour) -> String { "/console/brand/\(colour.text.dropFirst())" }

  static var endpoint: Endpoint {
    Endpoint(.get, "/console/brand/{colour}", .nobody) { call in
      guard let colour = BrandColour("#" + (call.path["colour"] ?? "")) else {
        throw Problem(.notFound, "path_unknown", "a colour is six digits, as in /console/brand/0b6771")
      }
      // Lightness is clamped where the accent is made of it (tokens.css), so that text on it can be read whatever the colour.
      var answer = Answer.text(":root { --brand: \(colour.text); }\n", type: "text/css; charset=utf-8")
      answer.headers.append(("Cache-Control", "public, max-age=31536000, immutable"))
      return answer
    }
  }
}
