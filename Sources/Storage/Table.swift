import Kernel

/// One table, declared once; `create table` and `create index` follow from it for either database.
///
///     static let coupon = Table(
///       "coupon", owner: "Loyalty", family: .byMember, key: .id,
///       columns: [
///         .integer("id"), .integer("owner_id"), .integer("programme_id"), .text("code"), .integer("redeemed_at", nullable: true),
///         .flag("is_active", default: true), .bytes("doc"),
///       ],
///       uniques: [Unique("owner_id", "code")],
///       indexes: [Index("programme_id", "redeemed_at", where: "redeemed_at is not null")],
///       foreignKeys: [ForeignKey("owner_id", to: "wallet", "owner_id")],
///       checks: ["length(code) > 0"])
///
/// A wing lists its tables in `…Schema.swift` as `[Table]`; the front door joins the lists into one `Schema`, whose `lint()`
/// says what could not be distributed or does not name its account.
public struct Table: Sendable {
  /// Which rows live together when a cluster spreads the database.
  public enum Family: Hashable, Sendable {
    /// Rows of one member, spread by `owner_id`.
    case byMember
    /// What finds something by a value from outside, spread by that value's column: the place of uniqueness.
    case byValue(of: String)
    /// Small and needed everywhere: copied to every node.
    case reference
  }

  public enum Key: Hashable, Sendable {
    /// The column `id`, made by the application. SQLite clusters the rows by it (append at the end) and keeps an index by owner;
    /// PostgreSQL's key of a by-member table is `(owner_id, id)`. Such a table takes `on conflict` without naming columns.
    case id
    /// As `id`, but SQLite keeps no index by owner: for rows that are read in the order they came, like events. On the till's path such
    /// an index costs a page of its own in every commit.
    case stream
    /// These columns, and the rows lie in their order (SQLite: `without rowid`). For rows read by exactly this key.
    case clustered([String])
    /// These columns as an index beside rows that lie in order of arrival. For wide rows or keys that arrive at random.
    case columns([String])
  }

  /// Which rows an account may see.
  public enum Scope: Hashable, Sendable {
    /// The table has `account_id`, `programme_id` or `owner_id`, and every statement names it.
    case account
    /// The table belongs to the installation as a whole; the reason is for whoever reviews it.
    case installation(because: String)
  }

  public let name: String
  /// The wing whose statements alone may touch the table.
  public let owner: String
  public let family: Family
  public let scope: Scope
  public let key: Key
  public let columns: [Column]
  public let uniques: [Unique]
  public let indexes: [Index]
  public let foreignKeys: [ForeignKey]
  /// Conditions in SQL that both databases understand.
  public let checks: [String]

  public init(
    _ name: String, owner: String, family: Family, scope: Scope = .account, key: Key, columns: [Column], uniques: [Unique] = [],
    indexes: [Index] = [], foreignKeys: [ForeignKey] = [], checks: [String] = []
  ) {
    self.name = name
    self.owner = owner
    self.family = family
    self.scope = scope
    self.key = key
    self.columns = columns
    self.uniques = uniques
    self.indexes = indexes
    self.foreignKeys = foreignKeys
    self.checks = checks
  }
}

/// A column: one of three kinds, not null unless it says so.
public struct Column: Hashable, Sendable {
  public enum Kind: Hashable, Sendable { case integer, text, bytes }

  public let name: String
  public let kind: Kind
  public let isNullable: Bool
  /// What old rows and inserts that do not name the column get. Integer or text.
  public let standard: Value?
  /// A column of 0 and 1.
  public let isFlag: Bool

  init(_ name: String, _ kind: Kind, nullable: Bool, standard: Value?, isFlag: Bool = false) {
    self.name = name
    self.kind = kind
    self.isNullable = nullable
    self.standard = standard
    self.isFlag = isFlag
  }

  /// 64 bits: ids, money, points, instants, days.
  public static func integer(_ name: String, nullable: Bool = false, default standard: Int64? = nil) -> Column {
    Column(name, .integer, nullable: nullable, standard: standard.map(Value.int))
  }
  /// Unicode, compared by code points on both databases. JSON lives here too.
  public static func text(_ name: String, nullable: Bool = false, default standard: String? = nil) -> Column {
    Column(name, .text, nullable: nullable, standard: standard.map(Value.text))
  }
  public static func bytes(_ name: String, nullable: Bool = false) -> Column {
    Column(name, .bytes, nullable: nullable, standard: nil)
  }
  /// 0 or 1, checked.
  public static func flag(_ name: String, default standard: Bool? = nil) -> Column {
    Column(name, .integer, nullable: false, standard: standard.map { .int($0 ? 1 : 0) }, isFlag: true)
  }
}

/// No two rows share these columns (among the rows that meet the condition, if there is one).
public struct Unique: Hashable, Sendable {
  public let columns: [String]
  public let condition: String?

  public init(_ columns: String..., where condition: String? = nil) {
    self.columns = columns
    self.condition = condition
  }
}

/// A way to find rows by these columns. A column may be followed by ` desc`; an index with a name of its own may hold expressions that
/// both databases understand in place of columns, and a statement finds it by writing them the same way.
public struct Index: Hashable, Sendable {
  public let columns: [String]
  public let condition: String?
  /// What stands behind the table's name in the index's; nil: its columns.
  public let name: String?

  public init(_ columns: String..., where condition: String? = nil, named name: String? = nil) {
    self.columns = columns
    self.condition = condition
    self.name = name
  }
}

/// These columns name a row of another table of the same family.
public struct ForeignKey: Hashable, Sendable {
  public let columns: [String]
  public let table: String
  public let targets: [String]

  public init(_ column: String, to table: String, _ target: String = "id") {
    self.init([column], to: table, [target])
  }
  /// Several columns, in pairs; by-member tables begin with `owner_id` on both sides.
  public init(_ columns: [String], to table: String, _ targets: [String]) {
    self.columns = columns
    self.table = table
    self.targets = targets
  }
}
