/// A piece of a page. Whatever is put in as text is escaped; tags and names of attributes are our own.
struct HTML: Sendable, ExpressibleByStringLiteral {
  private(set) var source: String

  init(text: String) { source = Self.escaped(text) }
  init(stringLiteral text: String) { self.init(text: text) }
  init(_ pieces: [HTML]) { source = pieces.map(\.source).joined() }

  private init(source: String) { self.source = source }

  static var nothing: HTML { HTML(source: "") }

  static func tag(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ pieces: HTML...) -> HTML {
    tag(name, attributes, pieces)
  }

  static func tag(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], _ pieces: [HTML]) -> HTML {
    HTML(source: open(name, attributes) + pieces.map(\.source).joined() + "</\(name)>")
  }

  /// A tag that has nothing inside.
  static func void(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) -> HTML {
    HTML(source: open(name, attributes))
  }

  /// A whole page.
  static func page(language: String, head: [HTML], body: [HTML]) -> String {
    "<!doctype html>\n" + tag("html", ["lang": language], tag("head", [:], head), tag("body", [:], body)).source + "\n"
  }

  private static func open(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) -> String {
    "<\(name)" + attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined() + ">"
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for letter in text.unicodeScalars {
      switch letter {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(letter)
      }
    }
    return result
  }
}
