import Storage
import TestKit
import Testing

@Suite struct SchemaTests {
  private static let coupon = Table(
    "coupon", owner: "Loyalty", family: .byMember, key: .id,
    columns: [
      .integer("id"), .integer("owner_id"), .text("code", default: "it's"), .integer("redeemed_at", nullable: true),
      .flag("is_active", default: true), .bytes("doc"),
    ],
    uniques: [Unique("owner_id", "code")],
    indexes: [Index("owner_id", "redeemed_at desc", where: "redeemed_at is not null")],
    checks: ["length(code) > 0"])

  @Test func `a table says the same thing in both databases' words`() {
    #expect(
      Schema([Self.coupon]).text(for: .sqlite) == """
        create table coupon (
          id integer primary key,
          owner_id integer not null,
          code text not null default 'it''s',
          redeemed_at integer,
          is_active integer not null default 1 check (is_active in (0, 1)),
          doc blob not null,
          constraint coupon_check_1 check (length(code) > 0)
        ) strict;

        create unique index coupon_by_owner_id_id on coupon (owner_id, id);

        create unique index coupon_one_owner_id_code on coupon (owner_id, code);

        create index coupon_by_owner_id_redeemed_at on coupon (owner_id, redeemed_at desc) where redeemed_at is not null;

        """)
    #expect(
      Schema([Self.coupon]).text(for: .postgres) == """
        create table coupon (
          id bigint not null,
          owner_id bigint not null,
          code text collate "C" not null default 'it''s',
          redeemed_at bigint,
          is_active bigint not null default 1 check (is_active in (0, 1)),
          doc bytea not null,
          primary key (owner_id, id),
          constraint coupon_check_1 check (length(code) > 0)
        );

        create unique index coupon_one_owner_id_code on coupon (owner_id, code);

        create index coupon_by_owner_id_redeemed_at on coupon (owner_id, redeemed_at desc) where redeemed_at is not null;

        """)
  }

  @Test func `an index with a name of its own may hold an expression`() {
    let index = Index("owner_id", "substr(code, length(code) - 3)", where: "is_active = 1", named: "code_end")
    let table = Self.table(.byMember, [.integer("owner_id"), .text("code"), .flag("is_active")], indexes: [index])
    for dialect in Dialect.allCases {
      #expect(
        table.statements(for: dialect).last
          == "create index t_by_code_end on t (owner_id, substr(code, length(code) - 3)) where is_active = 1")
    }
    #expect(Schema([table]).lint().isEmpty)
    let wrong = Self.table(.byMember, [.integer("owner_id")], indexes: [Index("kode", "length(code)", named: "x")])
    #expect(Schema([wrong]).lint().map(\.code) == ["unknown_column"])
  }

  @Test func `rows that are read by their key lie in its order`() {
    let wallet = Table(
      "wallet", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id"]),
      columns: [.integer("owner_id"), .integer("programme_id")])
    #expect(wallet.statements(for: .sqlite).joined().hasSuffix("primary key (owner_id, programme_id)\n) strict, without rowid"))
    #expect(wallet.statements(for: .postgres).joined().hasSuffix("primary key (owner_id, programme_id)\n)"))
  }

  @Test func `rows that are read as they came have no index by owner, and nothing may refer to them`() {
    let event = Table(
      "event", owner: "Jobs", family: .byMember, key: .stream, columns: [.integer("id"), .integer("owner_id"), .text("body")])
    #expect(event.statements(for: .sqlite).count == 1)
    #expect(event.statements(for: .sqlite).joined().contains("id integer primary key"))
    #expect(event.statements(for: .postgres).joined().contains("primary key (owner_id, id)"))
    let child = Self.table(
      .byMember, [.integer("owner_id")], foreignKeys: [ForeignKey(["owner_id", "id"], to: "event", ["owner_id", "id"])])
    #expect(Schema([event, child]).lint().map(\.code) == ["foreign_key"])
  }

  @Test func `the tables that Storage needs can be distributed`() {
    #expect(Schema(StorageSchema.tables + [Self.coupon]).lint() == [])
  }

  private static let long = "a_name_that_is_so_long_that_no_index_on_it_could_be_told_from_others"

  private static func table(
    _ family: Table.Family, _ columns: [Column], key: Table.Key = .id, uniques: [Unique] = [], indexes: [Index] = [],
    foreignKeys: [ForeignKey] = []
  ) -> Table {
    Table(
      "t", owner: "X", family: family, key: key, columns: [.integer("id")] + columns, uniques: uniques, indexes: indexes,
      foreignKeys: foreignKeys)
  }

  private static let refused: [(String, Table)] = [
    ("scope", table(.reference, [])),
    ("scope", Table("t", owner: "X", family: .reference, scope: .installation(because: ""), key: .id, columns: [.integer("id")])),
    ("spread", table(.byMember, [.integer("owner_id")], key: .columns(["id"]))),
    ("spread", table(.byValue(of: "code"), [.integer("account_id"), .text("code")])),
    ("spread", table(.byValue(of: "code"), [.integer("account_id")])),
    ("spread", table(.byMember, [.integer("owner_id"), .text("code")], uniques: [Unique("code")])),
    ("unknown_column", table(.reference, [.integer("account_id")], indexes: [Index("nmae desc")])),
    ("repeated_column", table(.reference, [.integer("id"), .integer("account_id")])),
    ("foreign_key", table(.reference, [.integer("account_id")], foreignKeys: [ForeignKey("account_id", to: "nowhere")])),
    (
      "foreign_key",
      table(
        .reference, [.integer("account_id")], foreignKeys: [ForeignKey(["account_id", "id"], to: "coupon", ["owner_id", "id"])])
    ),
    ("foreign_key", table(.byMember, [.integer("owner_id")], foreignKeys: [ForeignKey("id", to: "coupon")])),
    ("long_name", table(.reference, [.integer("account_id"), .text(long)], indexes: [Index(long)])),
  ]

  @Test func `the lint names what a cluster or a database would refuse`() {
    for (code, table) in Self.refused {
      let issues = Schema([Self.coupon, table]).lint()
      #expect(issues.contains { $0.code == code && $0.pointer == "/t" }, "\(table): \(issues)")
    }
  }

  @Test func `two tables of one name are refused`() {
    #expect(Schema([Self.coupon, Self.coupon]).lint().contains { $0.code == "repeated" })
  }
}
