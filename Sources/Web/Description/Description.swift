import Kernel

/// The interface's description (OpenAPI 3.1), and the same as a page for people. Both are made once, when somebody asks first.
public enum Description {
  /// As it is served.
  public static let document: JSON = {
    do throws(JSON.SyntaxError) {
      return try JSON.parse(PackageResources.till_openapi_json)
    } catch {
      preconditionFailure("till.openapi.json, line \(error.line), column \(error.column): \(error.message)")
    }
  }()

  /// The page, as it is served.
  public static let html = DescriptionPage(document).html

  static var answer: Answer { Answer(200, PackageResources.till_openapi_json, type: "application/json") }

  static var page: Answer { page(html) }

  static func page(_ html: String) -> Answer {
    var answer = Answer.text(html, type: "text/html; charset=utf-8")
    answer.headers = [
      (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
      ),
      ("Referrer-Policy", "no-referrer"),
    ]
    return answer
  }

  static var styles: Answer { Answer(200, PackageResources.docs_css, type: "text/css; charset=utf-8") }
}

// How the description's JSON is read. What is not there reads as nothing: a test holds the document to its form.
extension JSON {
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  var items: [JSON] {
    if case .array(let items) = self { items } else { [] }
  }

  var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  /// What a path of names leads to.
  func at(_ names: String...) -> JSON? {
    var place: JSON? = self
    for name in names { place = place?[name] }
    return place
  }
}
