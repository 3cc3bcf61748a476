import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage
import Tables

/// A member as a record tells of it; the store it joined in still by its code.
struct MemberRecord: Sendable {
  let code: String
  let kind: MemberKind
  let identifiers: [Identifier]
  let person: Person
  let joinedAt: Instant
  let joinedIn: String?
  let opening: [OpeningBalances.Lot]
  let consents: [ConsentAct]
  let status: Points

  func details(_ stores: [String: Store]) -> MemberDetails {
    MemberDetails(
      code: code, kind: kind, identifiers: identifiers, person: person, joinedAt: joinedAt,
      joinedIn: joinedIn.flatMap { stores[$0]?.id })
  }
}

/// Members of a programme: found by the retailer's own code.
struct MemberIntake: Intake {
  static let fields = [
    "code", "kind", "phone", "email", "cards", "fullName", "familyName", "givenName", "patronymic", "birthday", "sex", "language",
    "city", "attributes", "joinedAt", "joinedIn", "statusPoints", "consents", "consentsAt", "consentsText", "consentsSource",
  ]

  let groupedBy: [Int] = []
  private let account: AccountID
  private let programme: Programme
  private let balances: OpeningBalances
  private let consents: ImportedConsents
  private let rules: IdentifierRules
  private let zone: Zone
  private let code, joinedAt: BoundSource
  private let kind, phone, email, cards: BoundSource?
  private let fullName, familyName, givenName, patronymic, birthday, sex, language, city, joinedIn: BoundSource?
  private let attributes: [(name: String, source: BoundSource)]

  init(
    _ mapping: ImportMapping, header: [String], account: Account, programme: Programme, zones: (String) throws(Problem) -> Zone
  ) throws(Problem) {
    let map = FieldMap(mapping, header: header, known: Self.fields)
    map.node.expect("import", "file", "zone", "fields", "opening")
    let (code, joinedAt) = (map.required("code"), map.required("joinedAt"))
    kind = map.optional("kind")
    phone = map.optional("phone")
    email = map.optional("email")
    cards = map.optional("cards")
    fullName = map.optional("fullName")
    familyName = map.optional("familyName")
    givenName = map.optional("givenName")
    patronymic = map.optional("patronymic")
    birthday = map.optional("birthday")
    sex = map.optional("sex")
    language = map.optional("language")
    city = map.optional("city")
    joinedIn = map.optional("joinedIn")
    attributes = map.named("attributes", max: Limits.attributes)
    zone = map.zone(mapping, zones)
    balances = OpeningBalances(map, programme)
    consents = ImportedConsents(map, zone: zone)
    try map.check()
    guard let code, let joinedAt else { throw Problem(.invalid, "missing", "the mapping lacks a field that members need") }
    (self.code, self.joinedAt) = (code, joinedAt)
    (self.account, self.programme) = (account.id, programme)
    rules = IdentifierRules(country: account.details.country)
  }

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> MemberRecord? {
    let row = rows.lowerBound
    guard let code = notes.text(code, block, row) else { return nil }
    guard let joined = notes.value(row, { () throws(CellFault) in try joinedAt.instant(block, row, zone: zone) }) else {
      if joinedAt.text(block, row) == nil { notes.refuse(row, joinedAt.column, "the day is missing on which the member joined") }
      return nil
    }
    let parts = NameParts(fullName?.text(block, row))
    var person = Person(
      familyName: familyName?.text(block, row) ?? parts.family, givenName: givenName?.text(block, row) ?? parts.given,
      patronymic: patronymic?.text(block, row) ?? parts.patronymic,
      birthday: notes.value(row) { () throws(CellFault) in try birthday?.day(block, row) },
      sex: word(sex, block, row, &notes), language: word(language, block, row, &notes), city: city?.text(block, row))
    var values: [String: AttributeValue] = [:]
    for (name, source) in attributes { values[name] = source.text(block, row).map(AttributeValue.text) }
    person.attributes = Attributes(values)
    let opening = balances.read(block, row, &notes)
    return MemberRecord(
      code: code, kind: word(kind, block, row, &notes) ?? .person, identifiers: identifiers(block, row, &notes), person: person,
      joinedAt: joined, joinedIn: joinedIn?.text(block, row), opening: opening.lots,
      consents: consents.read(block, row, joined: joined, &notes), status: opening.status)
  }

  /// One of a closed set of words; the mapping's `words` translate the file's own.
  private func word<T: RawRepresentable & CaseIterable>(
    _ source: BoundSource?, _ block: TableBlock, _ row: Int, _ notes: inout Notes
  ) -> T? where T.RawValue == String {
    guard let text = source?.text(block, row) else { return nil }
    if let value = T(rawValue: text) { return value }
    let known = T.allCases.map(\.rawValue).joined(separator: ", ")
    notes.refuse(row, source?.column, "\"\(text.prefix(40))\" is not known here; say in \"words\" which of \(known) it means")
    return nil
  }

  private func identifiers(_ block: TableBlock, _ row: Int, _ notes: inout Notes) -> [Identifier] {
    var found: [Identifier] = []
    for (kind, source) in [(IdentifierKind.phone, phone), (.email, email), (.card, cards)] {
      for text in source?.texts(block, row) ?? [] {
        if let identifier = rules.identifier(kind, text) {
          found.append(identifier)
        } else {
          // The value itself is personal data and stands in the refused record anyway.
          notes.refuse(row, source?.column, "this is no \(kind)")
        }
      }
    }
    return found
  }

  func write(_ items: [MemberRecord], by change: Change, in tx: inout Transaction) throws -> Outcome {
    let members = programme.members
    return try inBulk(items) { part in
      let codes = Set(part.compactMap(\.joinedIn)).sorted()
      let stores = try Places(of: account).stores(codes: codes, in: &tx)
      var outcome = try saveApart(part) { try members.save($0.map { $0.details(stores) }, by: change, in: &tx) }
      let unknown = part.count { $0.joinedIn.map { stores[$0] == nil } ?? false }
      if unknown > 0 { outcome.oddities["members who joined in a store that is not known", default: 0] += unknown }
      let refused = Set(outcome.refused.map(\.item))
      let taken = part.indices.filter { !refused.contains($0) }.map { part[$0] }
      try ImportedConsents.write(taken, programme, by: change, &outcome, in: &tx)
      let known = try balances.open(taken, by: change, in: &tx)
      if known > 0 { outcome.oddities["opening balances that were taken over before, left alone", default: 0] += known }
      return outcome
    }
  }
}

extension FieldMap {
  /// The zone that the mapping names; UTC where it names none.
  func zone(_ mapping: ImportMapping, _ zones: (String) throws(Problem) -> Zone) -> Zone {
    guard let name = mapping.zone else { return .utc }
    do { return try zones(name) } catch {
      node["zone"].refuse(error.code, error.detail)
      return .utc
    }
  }
}

/// A name in one column as Russian systems write it: family name, given name, and what is left as the patronymic, which may be two words.
/// A single word is what the person is called by.
struct NameParts {
  private(set) var family: String?
  private(set) var given: String?
  private(set) var patronymic: String?

  init(_ text: String?) {
    let words = (text ?? "").split { $0.isWhitespace }.map(String.init)
    if words.count == 1 { given = words[0] }
    if words.count > 1 { (family, given) = (words[0], words[1]) }
    if words.count > 2 { patronymic = words[2...].joined(separator: " ") }
  }
}
