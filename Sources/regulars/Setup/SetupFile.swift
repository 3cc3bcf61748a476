import Calculator
import Kernel

/// A file that somebody wrote by hand, JSON or, by its name, YAML. What is wrong in it is told with the file's name.
struct SetupFile: Sendable {
  let path: String
  let json: JSON

  /// - Throws: `FileTrouble`; `Problem.invalid` (`not_json`, `not_yaml`) with line and column.
  init(_ path: String) throws {
    self.path = path
    if Self.isYAML(path) {
      do { json = try YAMLText.read(String(decoding: readFile(path, atMost: Limits.rulesFile), as: UTF8.self)) } catch let problem
        as Problem
      { throw Problem(.invalid, problem.code, "\(path): \(problem.detail)") }
      return
    }
    do { json = try JSON.parse(readFile(path, atMost: Limits.rulesFile)) } catch let syntax as JSON.SyntaxError {
      throw Problem(.invalid, "not_json", "\(path): line \(syntax.line), column \(syntax.column): \(syntax.message)")
    }
  }

  static func isYAML(_ path: String) -> Bool { path.hasSuffix(".yaml") || path.hasSuffix(".yml") }

  /// Puts the file's name in front of what the body refuses.
  func named<R>(_ body: () async throws -> R) async throws -> R { try await Self.named(path, body) }

  static func named<R>(_ path: String, _ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let problem as Problem where problem.kind == .invalid {
      throw Problem(problem.kind, problem.code, "\(path): \(problem.detail)", issues: problem.issues)
    }
  }

  /// The document as rules, whether it says that it is some or not.
  var rules: JSON {
    guard case .object(let members) = json, json["format"] == nil else { return json }
    return .object([JSON.Member("format", .string(RulesFile.format))] + members)
  }
}
