import Access
import Calculator
import Kernel
import Storage

/// A programme's partners: who they are, what points cost between us, and what each owes the other.
///
/// Days are read from sums that a follower keeps (`SettlementDays`), so that a clearing costs stores × days. Statements follow one another
/// without a gap; what a day that was stated comes to later stands in the next as a correction.
public struct PartnerOffice: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let zone: Zone
  let unitsPerPoint: Int64

  public init(of programme: Programme) {
    self.init(
      of: programme.account, programme: programme.id, zone: programme.settings.points.zone,
      unitsPerPoint: programme.settings.terms.unitsPerPoint)
  }

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID, zone: Zone, unitsPerPoint: Int64) {
    (self.account, self.programme, self.zone, self.unitsPerPoint) = (account, programme, zone, unitsPerPoint)
  }

  /// By code, `Limits.page` at most: a programme has no more. Three statements.
  public func all(in tx: inout Transaction) throws -> [Partner] {
    let codes = try entityCodes(in: &tx)
    var entities: [PartnerID: [String]] = [:]
    for row in try tx.rows(PartnerSQL.entities(account, programme)) {
      entities[row.id(1), default: []].append(codes[row.id(0)] ?? "\(row.id(0) as LegalEntityID)")
    }
    return try tx.rows(PartnerSQL.all(account, programme, Limits.page)).map { row in
      Partner(
        id: row.id(0),
        details: PartnerDetails(
          code: row.text(1), name: row.text(2), taxNumber: row.text(3), contract: row.text(4), entities: entities[row.id(0)] ?? []))
    }
  }

  /// The same with what each agreed on and was sent last. Two statements more, however many they are.
  public func listed(in tx: inout Transaction) throws -> [PartnerListed] {
    var terms: [PartnerID: PartnerTerms] = [:]
    for row in try tx.rows(PartnerSQL.lastTerms(account, programme, Limits.page)) { terms[row.id(4)] = PartnerSQL.terms(row) }
    var last: [PartnerID: PartnerStatementHead] = [:]
    for row in try tx.rows(PartnerSQL.lastStatements(account, programme, Limits.page)) {
      let head = PartnerSQL.head(row)
      last[head.partner] = head
    }
    return try all(in: &tx).map { PartnerListed(partner: $0, terms: terms[$0.id], last: last[$0.id]) }
  }

  private func entityCodes(in tx: inout Transaction) throws -> [LegalEntityID: String] {
    Dictionary(uniqueKeysWithValues: try Places(of: account).legalEntities(in: &tx).map { ($1.id, $0) })
  }

  /// - Throws: `Problem.notFound`.
  public func partner(_ id: PartnerID, in tx: inout Transaction) throws -> Partner {
    guard let partner = try all(in: &tx).first(where: { $0.id == id }) else {
      throw Problem(.notFound, "partner_unknown", "there is no partner \(id); the list of partners shows those there are")
    }
    return partner
  }

  /// Makes a partner or changes the one with that code; the same again changes nothing. A legal entity is one partner's at the most.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`too_many_partners`, `entity_of_other_partner`).
  @discardableResult
  public func save(_ details: PartnerDetails, by change: Change, in tx: inout Transaction) throws -> PartnerID {
    let issues = IssueList()
    details.check(issues)
    let known = try Places(of: account).legalEntities(in: &tx)
    for code in details.entities where known[code] == nil {
      issues.add("/entities", "unknown_code", "there is no legal entity with the code \"\(code)\"; make it first")
    }
    try issues.check("the partner")
    try takeStructure(of: account, in: &tx)
    let all = try all(in: &tx)
    if let other = all.first(where: {
      $0.details.code != details.code && !Set($0.details.entities).isDisjoint(with: details.entities)
    }) {
      throw Problem(
        .conflict, "entity_of_other_partner", "one of these legal entities is the partner \(other.details.code)'s already",
        cashier: LocalText(
          ru: "Одно из этих юридических лиц уже у партнёра «\(other.details.name)»",
          en: "One of these legal entities belongs to the partner \(other.details.name)"))
    }
    let old = all.first { $0.details.code == details.code }
    let id: PartnerID = old?.id ?? change.id()
    let trail = AuditTrail(of: account)
    if let old {
      guard old.details != details else { return id }
      try tx.run(PartnerSQL.update(id, details, account))
      try trail.record([.changed("partner", id, from: old.details.json, to: details.json)], by: change, in: &tx)
    } else {
      guard all.count < Limits.page else {
        throw Problem(.conflict, "too_many_partners", "a programme has at most \(Limits.page) partners")
      }
      try tx.run(PartnerSQL.insert(id, details, account, programme, change.at))
      try trail.record([.made("partner", id, details.json)], by: change, in: &tx)
    }
    try tx.run(PartnerSQL.removeEntities(of: id, account))
    for code in details.entities {
      if let entity = known[code]?.id { try tx.run(PartnerSQL.insert(entity, of: id, programme, account)) }
    }
    return id
  }

  /// What points cost, from the earliest day on.
  public func terms(of id: PartnerID, in tx: inout Transaction) throws -> [PartnerTerms] {
    try tx.rows(PartnerSQL.terms(account, id)).map(PartnerSQL.terms)
  }

  /// Agrees on what points cost from a day on. Days that a statement is about keep their terms.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`days_stated`).
  public func agree(_ terms: PartnerTerms, with id: PartnerID, by change: Change, in tx: inout Transaction) throws {
    let issues = IssueList()
    terms.check(issues)
    try issues.check("the terms")
    try takeStructure(of: account, in: &tx)
    _ = try partner(id, in: &tx)
    if let last = try statements(of: id, limit: 1, in: &tx).first, terms.from <= last.days.upperBound {
      throw Problem(
        .conflict, "days_stated", "statement \(last.number) is about days through \(last.days.upperBound); agree on a later day",
        cashier: LocalText(
          ru: "Отчёт № \(last.number) выставлен по \(last.days.upperBound): новые условия – с более позднего дня",
          en: "Statement no. \(last.number) goes through \(last.days.upperBound): new terms begin later"))
    }
    let old = try self.terms(of: id, in: &tx).first { $0.from == terms.from }
    guard old != terms else { return }
    try tx.run(PartnerSQL.put(terms, of: id, account, change))
    try AuditTrail(of: account).record(
      [.did("partner.agreed", id, before: old?.json, after: terms.json)], by: change, in: &tx)
  }

  /// Stores of the partner, by its legal entities.
  func stores(of partner: Partner, in tx: inout Transaction) throws -> [StoreID] {
    let places = Places(of: account)
    let known = try places.legalEntities(in: &tx)
    return try places.storeIDs(of: partner.details.entities.compactMap { known[$0]?.id }, in: &tx)
  }

  /// What each business day comes to as it stands, days without anything left out.
  ///
  /// Costs a statement for each two hundred stores, bounded by stores × days.
  public func days(
    of partner: Partner, _ span: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [PartnerDay] {
    var sums: [CivilDay: ClearingDay] = [:]
    for stores in try stores(of: partner, in: &tx).paged(by: Limits.page) {
      for row in try tx.rows(PartnerSQL.clearing(account, programme, Array(stores), span)) {
        sums[row.day(0), default: ClearingDay()] += PartnerSQL.clearing(row)
      }
    }
    let terms = try terms(of: partner.id, in: &tx)
    return sums.sorted { $0.key < $1.key }.map { day, sums in
      PartnerDay(day, sums, Self.terms(terms, on: day), unitsPerPoint: unitsPerPoint)
    }
  }

  /// Those in force on a day; before any was agreed points cost nothing.
  static func terms(_ terms: [PartnerTerms], on day: CivilDay) -> PartnerTerms {
    terms.last { $0.from <= day } ?? PartnerTerms(from: day, earned: .zero, spent: .zero, commission: Rate(ppm: 0))
  }
}
