import Access
import Conditions
import Kernel
import Storage

/// The fields of members that one account defines, and whether members may have others.
public struct FieldBook: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Makes fields and changes those with a known code; the same again changes nothing. What kind a field is stays, as members' values do.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`member_field_kind_fixed`, `too_many_member_fields`); `Problem.notFound`
  ///   (`dictionary_unknown`).
  public func save(
    _ rows: [MemberFieldDetails], by change: Change, in tx: inout Transaction
  ) throws -> Saved<Entity.MemberField> {
    try check(rows, "the members' fields")
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    let known = try shelf(in: &tx)
    let byCode = Dictionary(known.map { ($0.field.details.code, $0.field) }, uniquingKeysWith: { first, _ in first })
    for row in rows {
      guard let old = byCode[row.code]?.details else { continue }
      guard old.kind.word == row.kind.word, old.kind.dictionary == row.kind.dictionary else {
        throw Problem(
          .conflict, "member_field_kind_fixed", "the field \"\(row.code)\" keeps its kind and its dictionary; make another field",
          cashier: LocalText(
            ru: "Тип и справочник поля «\(row.code)» не меняются: у участников уже есть значения. Заведите другое поле",
            en: "The field “\(row.code)” keeps its kind and its dictionary: members have values. Make another field"))
      }
    }
    let fresh = rows.count { byCode[$0.code] == nil }
    if known.count + fresh > Limits.memberFields {
      throw Problem(.conflict, "too_many_member_fields", "an account defines at most \(Limits.memberFields) fields of members")
    }
    let dictionaries = Set(try Dictionaries(of: account).all(in: &tx).map(\.details.code))
    if let lacking = rows.compactMap(\.kind.dictionary).first(where: { !dictionaries.contains($0) }) {
      throw Dictionaries.unknown(lacking)
    }
    return try FieldSQL.upsert(account, change).save(rows, known: byCode, in: account, by: change, in: &tx)
  }

  public struct Shelved: Hashable, Sendable {
    public let field: Known<MemberFieldDetails>
    public let isArchived: Bool
  }

  /// Every field, archived ones as well, in their order. One statement.
  public func shelf(in tx: inout Transaction) throws -> [Shelved] {
    try Self.shelf(tx.rows(FieldSQL.all(account)))
  }

  private static func shelf(_ rows: [Row]) throws -> [Shelved] {
    try rows.map { Shelved(field: try FieldSQL.field($0), isArchived: $0.instantOrNil(3) != nil) }
      .sorted { ($0.field.details.rank, $0.field.details.code) < ($1.field.details.rank, $1.field.details.code) }
  }

  /// - Throws: `Problem.notFound` (`member_field_unknown`).
  public func field(_ code: String, in tx: inout Transaction) throws -> Shelved {
    guard let found = try shelf(in: &tx).first(where: { $0.field.details.code == code }) else {
      throw Problem(.notFound, "member_field_unknown", "the account defines no field \"\(code.prefix(Limits.code))\" of members")
    }
    return found
  }

  /// Takes a field off the forms, or brings it back; what members have stays. Whether something still names it is for the caller to find
  /// out, in the same transaction. Harmless when repeated.
  public func setArchived(_ isArchived: Bool, _ code: String, by change: Change, in tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    let known = try field(code, in: &tx)
    guard known.isArchived != isArchived else { return }
    try tx.enqueue(FieldSQL.archive(account, known.field.id, isArchived ? change.at : nil))
    let act = isArchived ? "member_field.archived" : "member_field.restored"
    try AuditTrail(of: account).record([.did(act, known.field.id)], by: change, in: &tx)
  }

  public func onlyDefined(in tx: inout Transaction) throws -> Bool { try tx.row(FieldSQL.policy(account))?.bool(0) ?? false }

  /// Whether attributes that nobody defined are refused from now on. What members have stays until it is written anew.
  public func setOnlyDefined(_ isOn: Bool, by change: Change, in tx: inout Transaction) throws {
    try takeStructure(of: account, in: &tx)
    guard try onlyDefined(in: &tx) != isOn else { return }
    try tx.run(FieldSQL.setPolicy(account, isOn, change.at))
    let act: JSON = .object(["onlyDefined": .bool(isOn)])
    try AuditTrail(of: account).record([.did("member_field.policy", account, after: act)], by: change, in: &tx)
  }

  /// Fields with the values of those dictionaries that have few: for forms that offer each as a tick.
  public func catalogue(offering most: Int, in tx: inout Transaction) throws -> FieldCatalogue {
    var catalogue = try catalogue(.nothing, in: &tx)
    let asked = Set(catalogue.fields.compactMap(\.kind.dictionary))
    guard !asked.isEmpty else { return catalogue }
    let dictionaries = Dictionaries(of: account)
    for known in try dictionaries.all(in: &tx) where asked.contains(known.details.code) {
      guard try dictionaries.count(of: known.id, in: &tx).all <= most else { continue }
      catalogue.put(try dictionaries.values(of: known.id, in: &tx), of: known.details.code)
    }
    return catalogue
  }

  /// Everything that attributes are checked against and called by. One statement, two more with dictionaries and one for each of them.
  /// - Parameter wanted: which values of dictionaries are read.
  public func catalogue(_ wanted: FieldCatalogue.Wanted = .everything, in tx: inout Transaction) throws -> FieldCatalogue {
    let rows = try tx.rows(FieldSQL.everything(account))
    let onlyDefined = rows.contains { $0.text(1).isEmpty && $0.int(4) == 1 }
    var catalogue = FieldCatalogue(try Self.shelf(rows.filter { !$0.text(1).isEmpty }), onlyDefined: onlyDefined)
    let codes = catalogue.dictionaries(wanted)
    guard !codes.isEmpty else { return catalogue }
    for dictionary in try Dictionaries(of: account).all(in: &tx) {
      guard let asked = codes[dictionary.details.code] else { continue }
      let rows =
        try asked.map { try tx.rows(FieldSQL.values(account, dictionary.id, codes: $0)) }
        ?? tx.rows(FieldSQL.values(account, dictionary.id))
      catalogue.put(rows.map(FieldSQL.value), of: dictionary.details.code)
    }
    return catalogue
  }
}
