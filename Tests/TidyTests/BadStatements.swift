import Storage
import Testing

/// The checks of statements, documents and languages are shown something bad too.
@Suite struct `the checks of texts` {
  static let statements = Statements(tables: [
    Table("wallet", owner: "Loyalty", family: .byMember, key: .id, columns: [.integer("id"), .integer("owner_id")]),
    Table("member", owner: "Customers", family: .byMember, key: .id, columns: [.integer("id"), .integer("owner_id")]),
    Table(
      "currency", owner: "Loyalty", family: .reference, scope: .installation(because: "x"), key: .id, columns: [.integer("id")]),
  ])

  static func loyalty(_ literal: String, above: String = "") -> SwiftText {
    SwiftText(path: "Sources/Loyalty/Wallets/WalletSQL.swift", "\(above)\nlet a: SQL = \"\"\"\n  \(literal)\n  \"\"\"\n")
  }

  @Test(arguments: [
    "select m.id from member m where owner_id = $1", "select 1 from wallet w join member m on m.id = w.id where w.owner_id = $1",
    "update member set id = 1 where owner_id = $1", "insert into member (owner_id) values ($1)",
    "delete from member where owner_id = $1",
    "with x as (select id from member where owner_id = $1) select * from x", "select 1 from nowhere where owner_id = $1",
  ])
  func `find a table of another wing or of none`(_ text: String) {
    #expect(Self.statements.ownership(Self.loyalty(text)).count == 1)
  }

  @Test(arguments: [
    "select id from wallet where owner_id = $1 for update",
    "insert into wallet (id, owner_id) values ($1, $2) on conflict do update set id = 1",
    "with x as (select id from wallet where owner_id = $1), y (a) as (select 1) select * from x join y on true",
    "select id from wallet where owner_id is not distinct from $1", "select id from currency",
  ])
  func `leave a statement about one's own rows alone`(_ text: String) {
    #expect(Self.statements.ownership(Self.loyalty(text)).isEmpty)
    #expect(Self.statements.scope(Self.loyalty(text)).isEmpty)
  }

  @Test func `find a statement that names nobody's rows`() {
    #expect(Self.statements.scope(Self.loyalty("select id from wallet where id = $1")).count == 1)
    #expect(
      Self.statements.scope(Self.loyalty("select id from wallet where id = $1", above: "// Unscoped: the job walks all accounts"))
        .isEmpty)
    #expect(Self.statements.scope(Self.loyalty("select id from wallet where id = $1", above: "// Unscoped: x")).count == 1)
  }

  @Test func `find a statement outside its file`() {
    let text = "let a: SQL = \"select id from wallet where owner_id = 1\"\nlet b = \"select a colour\""
    #expect(Statements.outside(SwiftText(path: "Sources/Loyalty/Wallets/Wallets.swift", text)).count == 2)
    #expect(Statements.outside(SwiftText(path: "Sources/Loyalty/Wallets/WalletSQL.swift", text)).isEmpty)
    #expect(Statements.outside(SwiftText(path: "Sources/Loyalty/Wallets/Wallets.swift", "let a = \"selected wallets\"")).isEmpty)
  }

  @Test func `find a link that leads nowhere and a page nobody finds`() {
    let index = Documents.Page(
      path: "docs/README.md", text: "[a](operator/a.md#part) [web](https://x.example) [up](../README.md)\n[gone](gone.md)")
    let found = Documents.Page(path: "docs/operator/a.md", text: "[back](../README.md)")
    let lost = Documents.Page(path: "docs/operator/b.md", text: "")
    let there: Set<String> = ["docs/README.md", "docs/operator/a.md", "README.md"]
    #expect(Documents.brokenLinks(index, exists: there.contains).map(\.line) == [2])
    #expect(Documents.brokenLinks(found, exists: there.contains).isEmpty)
    #expect(Documents.unreachable([index, found, lost], from: index.path).map(\.path) == ["docs/operator/b.md"])
  }

  @Test func `find a script that cannot be run`() {
    let page = Documents.Page(path: "README.md", text: "Run `script/demo`,\nthen `script/tset --fast`.")
    #expect(Documents.scripts(page) { $0 == "script/demo" }.map(\.line) == [2])
  }

  @Test(arguments: [
    (#"LocalText(ru: "Привет", en: "Hello")"#, 0), (#"LocalText(ru: "Hello", en: "Hello")"#, 1),
    (#"LocalText(ru: "Привет", en: "")"#, 1),
    (#"LocalText(ru: "Привет", en: "Привет")"#, 1), (#"LocalText(ru: "", en: "Hello")"#, 1),
  ])
  func `find a language that is missing`(_ text: String, _ count: Int) {
    #expect(Languages.findings(Self.loyalty("x"), text).count == count)
  }
}
