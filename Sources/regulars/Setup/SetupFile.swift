import Kernel

/// A JSON file that somebody wrote by hand. What is wrong in it is told with the file's name.
struct SetupFile: Sendable {
  let path: String
  let json: JSON

  /// - Throws: `FileTrouble`; `Problem.invalid` (`not_json`) with line and column.
  init(_ path: String) throws {
    self.path = path
    do { json = try JSON.parse(readFile(path, atMost: Limits.rulesFile)) } catch let syntax as JSON.SyntaxError {
      throw Problem(.invalid, "not_json", "\(path): line \(syntax.line), column \(syntax.column): \(syntax.message)")
    }
  }

  /// Puts the file's name in front of what the body refuses.
  func named<R>(_ body: () async throws -> R) async throws -> R {
    do { return try await body() } catch let problem as Problem where problem.kind == .invalid {
      throw Problem(problem.kind, problem.code, "\(path): \(problem.detail)", issues: problem.issues)
    }
  }
}
