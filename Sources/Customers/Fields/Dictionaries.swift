import Access
import Kernel
import Storage

/// Lists of values that fields of members choose from.
public struct Dictionaries: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  static func unknown(_ code: String) -> Problem {
    Problem(.notFound, "dictionary_unknown", "the account has no dictionary \"\(code.prefix(Limits.code))\"; make it first")
  }

  /// Makes dictionaries and renames those with a known code.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`too_many_dictionaries`).
  @discardableResult
  public func save(
    _ rows: [DictionaryDetails], by change: Change, in tx: inout Transaction
  ) throws -> Saved<Entity.Dictionary> {
    try check(rows, "the dictionaries")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try all(in: &tx)
    let byCode = Dictionary(known.map { ($0.details.code, $0) }, uniquingKeysWith: { first, _ in first })
    if known.count + rows.count(where: { byCode[$0.code] == nil }) > Limits.dictionaries {
      throw Problem(.conflict, "too_many_dictionaries", "an account has at most \(Limits.dictionaries) dictionaries")
    }
    return try FieldSQL.upsertDictionary(account, change).save(rows, known: byCode, in: account, by: change, in: &tx)
  }

  /// By code. One statement.
  public func all(in tx: inout Transaction) throws -> [Known<DictionaryDetails>] {
    try tx.rows(FieldSQL.dictionaries(account)).map(FieldSQL.dictionary).sorted { $0.details.code < $1.details.code }
  }

  /// - Throws: `Problem.notFound` (`dictionary_unknown`).
  public func dictionary(_ code: String, in tx: inout Transaction) throws -> Known<DictionaryDetails> {
    guard let found = try all(in: &tx).first(where: { $0.details.code == code }) else { throw Self.unknown(code) }
    return found
  }

  /// Every value, archived ones as well, in their order.
  public func values(of dictionary: DictionaryID, in tx: inout Transaction) throws -> [DictionaryValue] {
    try tx.rows(FieldSQL.values(account, dictionary)).map(FieldSQL.value).sorted(by: FieldCatalogue.inOrder)
  }

  /// How many values there are, and how many of them can be chosen.
  public func count(of dictionary: DictionaryID, in tx: inout Transaction) throws -> (all: Int, living: Int) {
    let row = try tx.row(FieldSQL.count(account, dictionary))
    return (Int(row?.int(0) ?? 0), Int(row?.int(1) ?? 0))
  }

  public struct SavedValues: Hashable, Sendable {
    public var made = 0
    public var changed = 0
    public var unchanged = 0
  }

  /// Makes values and changes those with a known code; values that are not named stay. The same again changes nothing.
  /// - Throws: `Problem.notFound`; `Problem.invalid` with an issue for each value that is wrong; `Problem.conflict`
  ///   (`too_many_dictionary_values`).
  @discardableResult
  public func save(
    _ values: [DictionaryValue], of code: String, by change: Change, in tx: inout Transaction
  ) throws -> SavedValues {
    let issues = IssueList()
    var seen: Set<String> = []
    for (place, value) in values.enumerated() {
      value.check(at: "/\(place)", issues)
      if !seen.insert(value.code).inserted {
        issues.add("/\(place)/code", "repeated", "the code \"\(value.code)\" stands twice")
      }
    }
    try issues.check("the values of the dictionary")
    try takeStructure(of: account, in: &tx)
    let dictionary = try dictionary(code, in: &tx)
    let known = Dictionary(
      try self.values(of: dictionary.id, in: &tx).map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    let fresh = values.filter { known[$0.code] == nil }
    guard known.count + fresh.count <= Limits.dictionaryValues else {
      throw Problem(
        .conflict, "too_many_dictionary_values", "a dictionary has at most \(Limits.dictionaryValues) values",
        cashier: LocalText(
          ru: "В справочнике может быть не больше \(Limits.dictionaryValues) значений",
          en: "A dictionary has at most \(Limits.dictionaryValues) values"))
    }
    let changed = values.filter { value in known[value.code].map { $0 != value } ?? false }
    try tx.insert(
      fresh.map { FieldSQL.values($0, dictionary.id, account, change.at) }, into: FieldsSchema.value, FieldSQL.inserted)
    for value in changed { try tx.enqueue(FieldSQL.update(value, dictionary.id, account, change.at)) }
    if !fresh.isEmpty || !changed.isEmpty {
      let after: JSON = .object([
        "made": .int(Int64(fresh.count)), "changed": .int(Int64(changed.count)),
        "codes": .array((fresh + changed).prefix(20).map { .string($0.code) }),
      ])
      try AuditTrail(of: account).record([.did("dictionary.filled", dictionary.id, after: after)], by: change, in: &tx)
    }
    return SavedValues(made: fresh.count, changed: changed.count, unchanged: values.count - fresh.count - changed.count)
  }
}
