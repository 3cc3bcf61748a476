import Foundation
import Storage
import TestKit
import Testing
import regulars

/// The rules of the house, held against the repository as it is.
@Suite struct `the house` {
  static func floors() throws -> Floors {
    Floors(package: try Repository.text("Package.swift"), drawing: try Repository.text("ARCHITECTURE.md"))
  }

  @Test func `stands as ARCHITECTURE draws it and Package declares it`() throws {
    let floors = try Self.floors()
    try #require(floors.targets.count > 8 && floors.floors.count > 8)
    expectNone(floors.findings())
  }

  @Test func `imports go down, and the ground and the engines import nothing of the system`() throws {
    let floors = try Self.floors()
    try #require(sources.count > 50)
    expectNone(sources.flatMap(floors.imports))
  }

  @Test func `has something in every target`() throws {
    for target in try Self.floors().targets where !["CPostgres", "CCurl", "CQrencode"].contains(target.name) {
      let files = sources.filter { $0.path.hasPrefix(target.path + "/") }
      let code = files.flatMap(\.code).filter { !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("import ") }
      #expect(code.count > 3, "\(target.name) is empty")
    }
  }

  @Test func `keeps files and functions short`() {
    expectNone(Length.files(sources + tests) + (sources + tests).flatMap(Length.functions))
    for path in Length.exceptions.keys { #expect(Repository.exists(path), "\(path) is excused and gone") }
  }

  @Test func `uses no banned word`() {
    let others = tests.filter { !$0.path.hasPrefix("Tests/TidyTests/") }
    expectNone((sources + others).flatMap(Words.findings) + (sources + others).flatMap(Words.unchecked))
  }

  @Test func `closes every rule of its style sheets`() throws {
    let sheets = try Repository.files(below: "Sources", ending: ".css")
    try #require(sheets.count >= 4)
    for path in sheets { expectNone(Sheets.findings(try Repository.text(path), path: path)) }
  }

  @Test func `says nothing in its documents and scripts that belongs to somebody's machine`() throws {
    let paths = try Repository.files(below: ".").filter { path in
      [".md", ".sh", ".py", ".json", ".conf"].contains { path.hasSuffix($0) } || path.hasPrefix("script/")
    }
    try #require(paths.contains("script/test") && paths.contains("README.md"))
    for path in paths where !path.hasPrefix("demo-data/") { expectNone(Words.prose(try Repository.text(path), path: path)) }
  }
}

@Suite struct `the statements` {
  let statements = Statements(tables: Wiring.schema.tables)

  @Test func `find members, receipts and lists by these, and walk through no programme`() async throws {
    let walks = Walks(tables: Wiring.schema.tables)
    try await TestDatabase.sqlite.withDatabase(Wiring.schema.tables) { database in
      let plan: @Sendable (String, Int) async throws -> [String] = { text, binds in
        try await database.read { tx in
          try tx.rows(SQL(prepared: "explain query plan " + text, Array(repeating: .int(1), count: binds))).map { $0.text(3) }
        }
      }
      var seen = 0
      for file in sources where file.path.hasSuffix("SQL.swift") {
        for literal in file.literals {
          let trimmed = literal.text.trimmingCharacters(in: CharacterSet(charactersIn: "\"# \n"))
          guard let (text, binds) = Walks.prepared(trimmed), trimmed.contains(/^(select|update|delete|with)\s/) else { continue }
          let found = walks.walks(try await plan(text, binds))
          #expect(found.isEmpty, "\(file.path):\(literal.line): \(found.joined(separator: "; "))")
          seen += 1
        }
      }
      #expect(seen > 120, "\(seen) statements were looked at")
      // A walk would be seen, and the plus is what keeps from it.
      for (plus, count) in [("", 1), ("+", 0)] {
        let bad =
          "select kind from identifier where account_id = \\(a) and \(plus)programme_id = \\(p) and owner_id in (\\(list: m(n)))"
        let (text, binds) = try #require(Walks.prepared(bad))
        #expect(walks.walks(try await plan(text, binds)).count == count)
      }
    }
  }

  @Test func `stand in the SQL file of their room`() {
    expectNone(sources.flatMap(Statements.outside))
  }

  @Test func `name only tables of their own wing`() throws {
    try #require(statements.tables.count > 10)
    expectNone(sources.flatMap(statements.ownership))
  }

  @Test func `name the account, the programme or the owner`() {
    expectNone(sources.flatMap(statements.scope))
  }

  @Test func `run on tables that a cluster can spread`() {
    for issue in Wiring.schema.lint() { Testing.Issue.record("\(issue)") }
  }

  @Test func `create every table that a wing declares`() throws {
    let all = sources.map { $0.code.joined(separator: "\n") }
    let schemas = all.flatMap { $0.matches(of: /public enum (\w+Schema)\b/).map { String($0.output.1) } }
    try #require(schemas.count >= 5)
    for schema in schemas { #expect(all.contains { $0.contains("\(schema).tables") }, "nobody creates the tables of \(schema)") }
  }

  @Test func `create tables that belong to wings there are`() {
    let owners = Set(Wiring.schema.tables.map(\.owner))
    for owner in owners { #expect(Repository.exists("Sources/\(owner)"), "\(owner)") }
  }
}

@Suite struct `the documents` {
  static func pages() throws -> [Documents.Page] {
    let paths =
      try Repository.files(below: "docs", ending: ".md") + [
        "README.md", "ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md", "CHANGELOG.md",
      ]
    return try paths.map { Documents.Page(path: $0, text: try Repository.text($0)) }
  }

  @Test func `link to what is there`() throws {
    for page in try Self.pages() { expectNone(Documents.brokenLinks(page, exists: Repository.exists)) }
  }

  @Test func `are all found from the index`() throws {
    expectNone(Documents.unreachable(try Self.pages(), from: "docs/README.md"))
  }

  @Test func `name only scripts that run`() throws {
    for page in try Self.pages() { expectNone(Documents.scripts(page, isExecutable: Repository.isExecutable)) }
    for script in ["script/test", "script/setup", "script/format", ".ci/run"] {
      #expect(Repository.isExecutable(script), "\(script)")
    }
  }

  @Test func `tell the reader of README how to test and how to demonstrate`() throws {
    let text = try Repository.text("README.md")
    for script in ["script/test", "script/demo"] where Repository.exists(script) { #expect(text.contains(script)) }
    #expect(try Repository.text(".ci/run").contains("script/test"))
  }

  @Test func `name every direct dependency with its reason`() throws {
    let page = try Repository.text("docs/dependencies.md")
    let urls = try Repository.text("Package.swift").matches(of: /url: "https:\/\/[^"]*\/([\w.-]+)"/).map { String($0.output.1) }
    try #require(urls.count >= 4)
    for name in urls { #expect(page.contains(name), "\(name)") }
  }

  @Test func `speak both languages wherever a cashier may hear them`() throws {
    for file in sources { expectNone(Languages.findings(file, try Repository.text(file.path))) }
  }
}
