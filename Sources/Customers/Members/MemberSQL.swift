import Access
import Conditions
import Kernel
import Storage

enum MemberSQL {
  static let inserted = ["owner_id", "account_id", "programme_id", "kind", "status", "joined_at", "joined_in"]

  static func values(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ details: MemberDetails) -> [Value] {
    [
      id.value, account.value, programme.value, details.kind.rawValue.value, Member.Status.active.rawValue.value,
      details.joinedAt.value, details.joinedIn.value,
    ]
  }

  static func insert(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ details: MemberDetails) -> SQL {
    SQL(
      prepared: """
        insert into member (owner_id, account_id, programme_id, kind, status, joined_at, joined_in)
        values ($1, $2, $3, $4, $5, $6, cast($7 as bigint))
        """,
      values(account, programme, id, details))
  }

  static func setKind(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ kind: MemberKind) -> SQL {
    SQL(
      "update member set kind = $4 where owner_id = $1 and account_id = $2 and programme_id = $3", id, account, programme,
      kind.rawValue)
  }

  static func setStatus(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ status: Member.Status) -> SQL {
    SQL(
      "update member set status = $4 where owner_id = $1 and account_id = $2 and programme_id = $3", id, account, programme,
      status.rawValue)
  }

  static func insertPerson(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ person: Person) -> SQL {
    SQL(
      prepared: """
        insert into member_person (owner_id, account_id, programme_id, family_name, given_name, patronymic, birthday, sex, language,
          city, attributes)
        values ($1, $2, $3, cast($4 as text), cast($5 as text), cast($6 as text), cast($7 as bigint), cast($8 as text),
          cast($9 as text), cast($10 as text), $11)
        """,
      values(account, programme, id, person))
  }

  static func updatePerson(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ person: Person) -> SQL {
    SQL(
      prepared: """
        update member_person set family_name = cast($4 as text), given_name = cast($5 as text), patronymic = cast($6 as text),
          birthday = cast($7 as bigint), sex = cast($8 as text), language = cast($9 as text), city = cast($10 as text),
          attributes = $11
        where owner_id = $1 and account_id = $2 and programme_id = $3
        """,
      values(account, programme, id, person))
  }

  static let insertedPerson = [
    "owner_id", "account_id", "programme_id", "family_name", "given_name", "patronymic", "birthday", "sex", "language", "city",
    "attributes",
  ]

  static func values(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ person: Person) -> [Value] {
    [
      id.value, account.value, programme.value, person.familyName.value, person.givenName.value, person.patronymic.value,
      person.birthday.value, (person.sex?.rawValue).value,
      (person.language?.rawValue).value, person.city.value,
      .text(person.attributes.isEmpty ? "{}" : person.attributes.json.compact),
    ]
  }

  static func deletePerson(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID) -> SQL {
    SQL("delete from member_person where owner_id = $1 and account_id = $2 and programme_id = $3", id, account, programme)
  }

  /// What people wrote about somebody, and codes on the way to them.
  static func forgetWords(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID) -> [SQL] {
    [
      NoteSQL.deleteAll(account, programme, of: id), TaskSQL.deleteAll(account, programme, of: id),
      ConfirmationSQL.deleteAll(account, programme, of: id), TierSQL.forgetReasons(account, programme, of: id),
    ]
  }

  private static let columns = """
    m.owner_id, m.kind, m.status, m.joined_at, m.joined_in, p.family_name, p.given_name, p.patronymic, p.birthday, p.sex, p.language,
      p.city, p.attributes, m.consents, m.offers, m.merged_into
    """
  private static let tables = "member m left join member_person p on p.owner_id = m.owner_id and p.programme_id = m.programme_id"

  static func byIDs(_ account: AccountID, _ programme: ProgrammeID, _ ids: [MemberID]) -> SQL {
    """
    select \(raw: columns) from \(raw: tables)
    where m.account_id = \(account) and m.programme_id = \(programme) and m.owner_id in (\(list: padded(ids)))
    """
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID, _ after: MemberID?, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from \(raw: tables)
    where m.account_id = \(account) and m.programme_id = \(programme) and m.owner_id > \(after ?? MemberID(0))
    order by m.owner_id limit \(limit)
    """
  }

  static func birthdays(_ account: AccountID, _ programme: ProgrammeID, after: MemberID, _ limit: Int) -> SQL {
    """
    select owner_id, birthday from member_person
    where account_id = \(account) and programme_id = \(programme) and owner_id > \(after) and birthday is not null
    order by owner_id limit \(limit)
    """
  }

  static func latest(_ account: AccountID, _ programme: ProgrammeID, _ before: MemberID?, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from \(raw: tables)
    where m.account_id = \(account) and m.programme_id = \(programme) and m.owner_id < \(before ?? MemberID(Int64.max))
      and m.merged_into is null
    order by m.owner_id desc limit \(limit)
    """
  }

  static func housed(_ account: AccountID, _ programme: ProgrammeID, _ before: MemberID?, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from \(raw: tables)
    where m.account_id = \(account) and m.programme_id = \(programme) and m.owner_id < \(before ?? MemberID(Int64.max))
      and m.household_id is not null
    order by m.owner_id desc limit \(limit)
    """
  }

  static func profile(
    _ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ time: Instant, _ dialect: Dialect
  ) -> SQL {
    SQL(
      prepared: dialect == .sqlite ? sqliteProfile : postgresProfile, [account.value, programme.value, time.value, id.value])
  }

  /// Of one member: every till asks.
  private static let (sqliteProfile, postgresProfile) = (profiles(1, .sqlite), profiles(1, .postgres))

  static func profiles(
    _ account: AccountID, _ programme: ProgrammeID, _ ids: [MemberID], _ time: Instant, _ dialect: Dialect
  ) -> SQL {
    let asked = padded(ids)
    return SQL(
      prepared: profiles(asked.count, dialect), [account.value, programme.value, time.value] + asked.map(\.value))
  }

  /// Of those whom any of the readings finds, on PostgreSQL.
  static func profiles(_ account: AccountID, _ programme: ProgrammeID, _ readings: [Identifier], _ time: Instant) -> SQL {
    SQL(
      prepared: ofReadings[readings.count - 1],
      [account.value, programme.value, time.value] + IdentifierSQL.bound(readings))
  }

  /// For one to four readings.
  private static let ofReadings = (1...4).map { count in
    """
    select \(columns), \(TierSQL.ofMember(at: "$3")), \(SegmentSQL.ofMember(.postgres)), m.favourites, m.household_id from \(tables)
    where m.account_id = $1 and m.programme_id = $2 and m.owner_id in (
      select owner_id from identifier where account_id = $1 and programme_id = $2 and (\(IdentifierSQL.anyOf(count, from: 4))))
    """
  }

  /// Of many who were shown, each at a moment of its own, on PostgreSQL: a row for each reading that finds somebody, with its number
  /// among all readings. An inquiry that names the member has one reading, which finds no identifier.
  static func profiles(_ account: AccountID, _ programme: ProgrammeID, _ inquiries: [Members.Inquiry]) -> SQL {
    var (members, moments): ([String], [String]) = ([], [])
    var (kinds, values): ([String], [String]) = ([], [])
    for inquiry in inquiries {
      let readings = inquiry.asked
      members += (readings.isEmpty ? ["\(inquiry.member?.raw ?? 0)"] : readings.map { _ in "0" })
      kinds += (readings.isEmpty ? ["-"] : readings.map(\.kind.code))
      values += (readings.isEmpty ? ["-"] : readings.map(\.value))
      moments += Array(repeating: "\(inquiry.time.micros)", count: max(1, readings.count))
    }
    // No identifier holds a control character, so one can stand between them.
    return SQL(
      prepared: ofMany,
      [
        account.value, programme.value, members.joined(separator: " ").value, moments.joined(separator: " ").value,
        kinds.joined(separator: " ").value, values.joined(separator: "\u{1f}").value,
      ])
  }

  private static let ofMany = """
    select \(columns), \(TierSQL.ofMember(at: "a.at")), \(SegmentSQL.ofMember(.postgres)), m.favourites, m.household_id, a.number, i.is_blocked, i.verified_at
    from unnest(
        cast(string_to_array($3, ' ') as bigint[]), cast(string_to_array($4, ' ') as bigint[]), string_to_array($5, ' '),
        string_to_array($6, chr(31))
      ) with ordinality as a (member, at, kind, value, number)
      left join identifier i on i.account_id = $1 and i.programme_id = $2 and i.kind = a.kind collate "C"
        and i.value = a.value collate "C" and a.member = 0
      join (\(tables)) on m.owner_id = coalesce(i.owner_id, a.member) and m.account_id = $1 and m.programme_id = $2
    """

  private static func profiles(_ count: Int, _ dialect: Dialect) -> String {
    let places = (0..<count).map { "$\($0 + 4)" }.joined(separator: ", ")
    return """
      select \(columns), \(TierSQL.ofMember(at: "$3")), \(SegmentSQL.ofMember(dialect)), m.favourites, m.household_id from \(tables)
      where m.account_id = $1 and m.programme_id = $2 and m.owner_id in (\(places))
      """
  }

  /// - Parameter time: of the sale: what was chosen for another time is left out.
  static func profile(_ row: Row, at time: Instant) throws -> MemberProfile {
    MemberProfile(
      member: try member(row), tier: row.idOrNil(16), segments: try SegmentSQL.ids(row.textOrNil(17)),
      favourites: try row.textOrNil(18).map { try FavouriteSpan.codes(stored: $0, at: time) } ?? [],
      consents: Consents(bits: row.intOrNil(13) ?? 0), offers: try OfferSQL.offers(row.textOrNil(14)),
      household: row.idOrNil(19))
  }

  /// Only where the member is in none, so that of two who ask at once one is late.
  static func enter(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ household: HouseholdID) -> SQL {
    SQL(
      """
      update member set household_id = $4
      where owner_id = $1 and account_id = $2 and programme_id = $3 and household_id is null and merged_into is null
        and status = 'active'
      """, id, account, programme, household)
  }

  static func hold(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ dialect: Dialect) -> SQL {
    """
    select owner_id from member
    where owner_id = \(id) and account_id = \(account) and programme_id = \(programme)\(raw: dialect.forUpdate)
    """
  }

  static func leave(_ account: AccountID, _ programme: ProgrammeID, _ ids: [MemberID], _ household: HouseholdID) -> SQL {
    """
    update member set household_id = null
    where account_id = \(account) and programme_id = \(programme) and owner_id in (\(list: padded(ids)))
      and household_id = \(household)
    """
  }

  static func favourites(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, lock: String) -> SQL {
    """
    select favourites, status, merged_into from member where owner_id = \(id) and account_id = \(account) and programme_id = \(programme)\(raw: lock)
    """
  }

  static func setFavourites(_ account: AccountID, _ programme: ProgrammeID, _ id: MemberID, _ stored: String?) -> SQL {
    SQL(
      "update member set favourites = cast($4 as text) where owner_id = $1 and account_id = $2 and programme_id = $3", id, account,
      programme, stored)
  }

  static func member(_ row: Row) throws -> Member {
    guard let kind = MemberKind(rawValue: row.text(1)), let status = Member.Status(rawValue: row.text(2)) else {
      throw StorageFailure.damaged("member.kind or status holds \(row.text(1)), \(row.text(2))")
    }
    return Member(
      id: row.id(0), kind: kind, status: status, joinedAt: row.instant(3), joinedIn: row.idOrNil(4), person: try person(row),
      mergedInto: row.idOrNil(15))
  }

  private static func person(_ row: Row) throws -> Person? {
    guard let attributes = row.textOrNil(12) else { return nil }
    return Person(
      familyName: row.textOrNil(5), givenName: row.textOrNil(6), patronymic: row.textOrNil(7),
      birthday: row.intOrNil(8).map { CivilDay(number: Int32($0)) }, sex: row.textOrNil(9).flatMap(Person.Sex.init(rawValue:)),
      language: row.textOrNil(10).flatMap(Person.Language.init(rawValue:)), city: row.textOrNil(11),
      attributes: attributes == "{}"
        ? Attributes() : Attributes(JSONNode(try storedJSON(attributes, in: "member_person.attributes")), lists: true))
  }
}
