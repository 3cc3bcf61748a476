import Kernel

/// The description of what other systems ask of analysis and segments (OpenAPI 3.1), and the same as a page for people.
public enum AnalysisDescription {
  /// As it is served.
  public static let document: JSON = {
    do throws(JSON.SyntaxError) {
      return try JSON.parse(PackageResources.analysis_openapi_json)
    } catch {
      preconditionFailure("analysis.openapi.json, line \(error.line), column \(error.column): \(error.message)")
    }
  }()

  /// The page, as it is served.
  public static let html = DescriptionPage(document, at: "/v1", for: .system).html

  static var answer: Answer { Answer(200, PackageResources.analysis_openapi_json, type: "application/json") }
  static var page: Answer { Description.page(html) }
}
