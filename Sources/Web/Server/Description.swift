import Kernel

/// The interface's description (OpenAPI 3.1), and the same as a page for people.
enum Description {
  static var answer: Answer { Answer(200, PackageResources.till_openapi_json, type: "application/json") }
  static var page: Answer { .text("", type: "text/html; charset=utf-8") }
}
