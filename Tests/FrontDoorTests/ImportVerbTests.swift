import Access
import Foundation
import Kernel
import Loyalty
import Storage
import TestKit
import Testing
import regulars

@Suite struct `regulars import` {
  static let mapping = #"""
    { "import": "catalogue", "fields": { "code": "id", "name": "name", "category": { "path": ["dept", "group"] } } }
    """#

  /// A schema and an account, as somebody would have made them before.
  static func prepare(_ place: TestPlace, _ program: Program) async throws -> AccountID {
    #expect(try program.run("migrate", "--database", place.url).code == 0)
    let database = try await place.open()
    let account = try await database.write { tx in
      let change = Change(by: .import, at: Instant(seconds: 1_790_000_000), ids: IDSource(node: 1_000))
      return try Accounts().open(AccountDetails(code: "pantry", name: "Pantry", currency: .usd), by: change, in: &tx)
    }
    await database.close()
    try Data(mapping.utf8).write(to: URL(filePath: place.folder.path + "/mapping.json"))
    return account
  }

  static func products(_ place: TestPlace, _ account: AccountID) async throws -> Int {
    let database = try await place.open()
    let index = try await database.read { tx in try CatalogueIndex(of: account).refreshed(in: &tx) }
    await database.close()
    return index.count
  }

  @Test(arguments: TestDatabase.available) func `tells what it did, and writes refused records beside the file`(
    on kind: TestDatabase
  ) async throws {
    try await kind.withPlace { place in
      let program = Program(folder: place.folder.path)
      let account = try await Self.prepare(place, program)
      try Data("id,name,dept,group\n1,Milk,FOOD,DAIRY\n2,,FOOD,\n3,Bread,FOOD,\n".utf8).write(
        to: URL(filePath: place.folder.path + "/a.csv"))
      let arguments = ["import", "a.csv", "--mapping", "mapping.json", "--account", "pantry", "--database", place.url]
      let dry = try program.run(arguments + ["--dry-run"])
      #expect(dry.code == Ending.trouble.rawValue && dry.answer.contains("checked, nothing was written"))
      #expect(!FileManager.default.fileExists(atPath: place.folder.path + "/a.csv.refused.csv"))
      #expect(try await Self.products(place, account) == 0)
      let real = try program.run(arguments)
      #expect(
        real.code == Ending.trouble.rawValue && real.answer.contains("products new 2, changed 0, unchanged 0"),
        "\(real.answer)\(real.errors)")
      let refused = try String(contentsOfFile: place.folder.path + "/a.csv.refused.csv", encoding: .utf8)
      #expect(refused == "line,column,reason,id,name,dept,group\n3,name,this may not be empty,2,,FOOD,\n")
      #expect(try program.run(arguments).answer.contains("nothing was done"))
      let absent = try program.run(["import", "a.csv", "--mapping", "mapping.json", "--account", "nobody", "--database", place.url])
      #expect(absent.code == Ending.refused.rawValue && absent.errors.contains("account_unknown"))
    }
  }

  @Test(arguments: TestDatabase.available) func `goes on after the plug was pulled, and nothing doubles`(on kind: TestDatabase)
    async throws
  {
    try await kind.withPlace { place in
      let program = Program(folder: place.folder.path)
      let account = try await Self.prepare(place, program)
      let rows = (1...20_000).map { "\($0),\($0 % 1_000 == 0 ? "" : "Product \($0)"),DEPT \($0 % 7),GROUP \($0 % 31)\n" }
      try Data(("id,name,dept,group\n" + rows.joined()).utf8).write(to: URL(filePath: place.folder.path + "/a.csv"))
      var killed = 0
      for attempt in 1...40 {
        let isKilled = try program.isKilled(
          after: 0.1 * Double(attempt),
          ["import", "a.csv", "--mapping", "mapping.json", "--account", "pantry", "--database", place.url])
        if !isKilled { break }
        killed += 1
      }
      #expect(killed > 0)
      let last = try program.run("import", "a.csv", "--mapping", "mapping.json", "--account", "pantry", "--database", place.url)
      #expect(last.answer.contains("products new 19,980, changed 0, unchanged 0"), "\(last.answer)\(last.errors)")
      #expect(try await Self.products(place, account) == 19_980)
      let refused = try String(contentsOfFile: place.folder.path + "/a.csv.refused.csv", encoding: .utf8)
      #expect(refused.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } } == (1...20).map { "\($0 * 1_000 + 1)" })
    }
  }
}
