import Insight
import Kernel
import Tables

/// In which form and language a system wants its answer, as the headers Accept and Accept-Language say it.
enum AnswerKind: Hashable {
  case json
  case file(TableFile.Format)

  private var type: String {
    switch self {
    case .json: "application/json"
    case .file(let format): String(format.type.prefix { $0 != ";" })
    }
  }

  /// - Parameter all: that the call can be answered in; JSON, which is always among them, where nobody says.
  /// - Throws: `Problem.invalid` (`not_acceptable`).
  init(_ call: Call, of all: [AnswerKind] = [.json, .file(.csv), .file(.xlsx)]) throws(Problem) {
    guard let accept = call.accept, accept.contains(where: { !$0.isWhitespace }) else {
      self = .json
      return
    }
    var best: (kind: AnswerKind, weight: Int)?
    for part in accept.split(separator: ",") {
      let words = part.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
      guard let range = words.first, let kind = all.first(where: { Self.matches(range, $0.type) }) else { continue }
      let weight = words.dropFirst().first { $0.hasPrefix("q=") }.map { Self.weight($0.dropFirst(2)) } ?? 1_000
      if weight > best?.weight ?? 0 { best = (kind, weight) }
    }
    guard let best else {
      let known = all.map(\.type).joined(separator: ", ")
      throw Problem(
        .invalid, "not_acceptable", "this call is answered as \(known); name one of them in the header Accept",
        cashier: LocalText(ru: "Ответ бывает только таким: \(known)", en: "The answer comes as \(known) only"))
    }
    self = best.kind
  }

  private static func matches(_ range: String, _ type: String) -> Bool {
    range == "*/*" || range == type || range.hasSuffix("/*") && type.hasPrefix(range.dropLast())
  }

  /// In thousandths. What cannot be read weighs nothing.
  private static func weight(_ text: Substring) -> Int {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    guard let whole = parts.first.flatMap({ Int($0) }), (0...1).contains(whole) else { return 0 }
    guard parts.count == 2 else { return whole * 1_000 }
    let digits = (parts[1] + "000").prefix(3)
    return min(1_000, whole * 1_000 + (Int(digits) ?? 0))
  }
}

extension Call {
  /// Of words in the answer; English where nobody says.
  var reportLanguage: ReportLanguage {
    let asked = (acceptLanguage ?? "").split(separator: ",").map { $0.drop { $0.isWhitespace }.prefix(2).lowercased() }
    return asked.lazy.compactMap { ReportLanguage(rawValue: $0) }.first ?? .en
  }
}
