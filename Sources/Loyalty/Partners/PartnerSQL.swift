import Access
import Kernel
import Storage

/// Every statement about partners and what is settled with them.
enum PartnerSQL {
  static func all(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select id, code, name, tax_number, contract from partner
    where account_id = \(account) and programme_id = \(programme) order by code limit \(limit)
    """
  }

  static func entities(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select legal_entity_id, partner_id from partner_entity
    where account_id = \(account) and programme_id = \(programme) order by legal_entity_id
    """
  }

  static func insert(
    _ id: PartnerID, _ details: PartnerDetails, _ account: AccountID, _ programme: ProgrammeID, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into partner (id, account_id, programme_id, code, name, tax_number, contract, made_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      """, id, account, programme, details.code, details.name, details.taxNumber, details.contract, now)
  }

  static func update(_ id: PartnerID, _ details: PartnerDetails, _ account: AccountID) -> SQL {
    SQL(
      "update partner set name = $3, tax_number = $4, contract = $5 where account_id = $1 and id = $2", account, id, details.name,
      details.taxNumber, details.contract)
  }

  static func removeEntities(of id: PartnerID, _ account: AccountID) -> SQL {
    "delete from partner_entity where account_id = \(account) and partner_id = \(id)"
  }

  static func insert(_ entity: LegalEntityID, of id: PartnerID, _ programme: ProgrammeID, _ account: AccountID) -> SQL {
    """
    insert into partner_entity (programme_id, legal_entity_id, partner_id, account_id)
    values (\(programme), \(entity), \(id), \(account))
    """
  }

  // What points cost.

  static func terms(_ account: AccountID, _ id: PartnerID) -> SQL {
    """
    select from_day, earn_value, spend_value, commission from partner_terms
    where account_id = \(account) and partner_id = \(id) order by from_day
    """
  }

  /// The latest of each partner, with whose they are.
  static func lastTerms(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select t.from_day, t.earn_value, t.spend_value, t.commission, t.partner_id
    from partner p join partner_terms t on t.partner_id = p.id
    where p.account_id = \(account) and p.programme_id = \(programme) and t.from_day =
      (select max(from_day) from partner_terms l where l.partner_id = p.id)
    order by t.partner_id limit \(limit)
    """
  }

  static func terms(_ row: Row) -> PartnerTerms {
    PartnerTerms(from: row.day(0), earned: row.money(1), spent: row.money(2), commission: Rate(ppm: row.int(3)))
  }

  static func put(_ terms: PartnerTerms, of id: PartnerID, _ account: AccountID, _ change: Change) -> SQL {
    SQL(
      """
      insert into partner_terms (partner_id, from_day, account_id, earn_value, spend_value, commission, made_at, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (partner_id, from_day) do update set earn_value = excluded.earn_value, spend_value = excluded.spend_value,
        commission = excluded.commission, made_at = excluded.made_at, actor = excluded.actor
      where partner_terms.account_id = excluded.account_id
      """, id, terms.from, account, terms.earned, terms.spent, terms.commission.ppm, change.at, "\(change.actor)")
  }

  // Days.

  /// Of some stores together. - Precondition: at least one, `Limits.page` at most.
  static func clearing(
    _ account: AccountID, _ programme: ProgrammeID, _ stores: [StoreID], _ days: ClosedRange<CivilDay>
  ) -> SQL {
    """
    select day, cast(sum(receipts) as bigint), cast(sum(amount) as bigint), cast(sum(earned) as bigint), cast(sum(spent) as bigint),
      cast(sum(returns) as bigint), cast(sum(taken_back) as bigint), cast(sum(given_back) as bigint)
    from clearing_day
    where account_id = \(account) and programme_id = \(programme) and store_id in (\(list: padded(stores)))
      and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by day
    """
  }

  static func clearing(_ row: Row) -> ClearingDay {
    var day = ClearingDay()
    (day.receipts, day.amount, day.earned, day.spent) = (row.int(1), row.money(2), row.points(3), row.points(4))
    (day.returns, day.takenBack, day.givenBack) = (row.int(5), row.points(6), row.points(7))
    return day
  }

  // Statements.

  private static let headColumns = "id, partner_id, number, first_day, last_day, opening, closing"

  static func statements(_ account: AccountID, _ id: PartnerID, before number: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: headColumns), made_at from partner_statement
    where account_id = \(account) and partner_id = \(id) and number < \(number) order by number desc limit \(limit)
    """
  }

  /// The latest of each partner.
  static func lastStatements(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select s.id, s.partner_id, s.number, s.first_day, s.last_day, s.opening, s.closing, s.made_at
    from partner p join partner_statement s on s.partner_id = p.id
    where p.account_id = \(account) and p.programme_id = \(programme) and s.number =
      (select max(number) from partner_statement l where l.partner_id = p.id)
    order by s.id limit \(limit)
    """
  }

  static func statement(_ account: AccountID, _ id: PartnerID, _ number: Int64) -> SQL {
    """
    select \(raw: headColumns), made_at, body from partner_statement
    where account_id = \(account) and partner_id = \(id) and number = \(number)
    """
  }

  static func statement(_ account: AccountID, _ id: PartnerID, on first: CivilDay) -> SQL {
    """
    select \(raw: headColumns), made_at from partner_statement
    where account_id = \(account) and partner_id = \(id) and first_day = \(first)
    """
  }

  static func head(_ row: Row) -> PartnerStatementHead {
    PartnerStatementHead(
      id: row.id(0), partner: row.id(1), number: row.int(2), days: row.day(3)...row.day(4), opening: row.money(5),
      closing: row.money(6), madeAt: row.instant(7))
  }

  /// What statements have said of each day.
  static func stated(_ account: AccountID, _ id: PartnerID, _ days: ClosedRange<CivilDay>) -> SQL {
    """
    select day, cast(sum(net) as bigint) from partner_cleared
    where account_id = \(account) and partner_id = \(id) and day >= \(days.lowerBound) and day <= \(days.upperBound)
    group by day
    """
  }

  static let insertedCleared = ["statement_id", "day", "partner_id", "account_id", "net"]

  static func insert(
    _ head: PartnerStatementHead, _ statement: PartnerStatement, _ account: AccountID, _ change: Change
  ) -> SQL {
    SQL(
      """
      insert into partner_statement (id, account_id, partner_id, number, first_day, last_day, opening, closing, body, made_at, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """, head.id, account, head.partner, head.number, head.days.lowerBound, head.days.upperBound, head.opening, head.closing,
      statement.json.compact, change.at, "\(change.actor)")
  }

  // Payments and disputes.

  private static let entryColumns = """
    id, kind, state, day, amount, receipt_id, owner_id, reason, answer, statement_id, made_at, actor
    """

  static func entries(_ account: AccountID, _ id: PartnerID, before entry: PartnerEntryID, _ limit: Int) -> SQL {
    """
    select \(raw: entryColumns) from partner_entry
    where account_id = \(account) and partner_id = \(id) and id < \(entry) and state <> 1 order by id desc limit \(limit)
    """
  }

  static func openDisputes(_ account: AccountID, _ id: PartnerID, _ limit: Int) -> SQL {
    """
    select \(raw: entryColumns) from partner_entry
    where account_id = \(account) and partner_id = \(id) and statement_id is null and state = 1 order by id limit \(limit)
    """
  }

  static func entry(_ account: AccountID, _ id: PartnerID, _ entry: PartnerEntryID) -> SQL {
    "select \(raw: entryColumns) from partner_entry where account_id = \(account) and partner_id = \(id) and id = \(entry)"
  }

  static func entry(_ account: AccountID, _ id: PartnerID, _ request: String) -> SQL {
    "select \(raw: entryColumns) from partner_entry where account_id = \(account) and partner_id = \(id) and request = \(request)"
  }

  static func openDispute(_ account: AccountID, _ id: PartnerID, _ receipt: ReceiptID) -> SQL {
    """
    select id from partner_entry
    where account_id = \(account) and partner_id = \(id) and kind = 2 and state = 1 and receipt_id = \(receipt) limit 1
    """
  }

  /// What accepted disputes of a receipt have changed the balance by.
  static func accepted(_ account: AccountID, _ id: PartnerID, _ receipt: ReceiptID) -> SQL {
    """
    select cast(coalesce(sum(amount), 0) as bigint) from partner_entry
    where account_id = \(account) and partner_id = \(id) and kind = 2 and state = 2 and receipt_id = \(receipt)
    """
  }

  /// With which the partner's statements begin.
  static func firstDay(_ account: AccountID, _ id: PartnerID) -> SQL {
    "select min(first_day) from partner_statement where account_id = \(account) and partner_id = \(id)"
  }

  /// Accepted, in no statement yet, and not of a later day.
  static func unstated(_ account: AccountID, _ id: PartnerID, through day: CivilDay, _ limit: Int) -> SQL {
    """
    select \(raw: entryColumns) from partner_entry
    where account_id = \(account) and partner_id = \(id) and statement_id is null and state = 2 and (day <= \(day) or kind = 2)
    order by day, id limit \(limit)
    """
  }

  static func entry(_ row: Row) throws -> PartnerEntry {
    guard let kind = PartnerEntry.Kind(rawValue: row.int(1)), let state = PartnerEntry.State(rawValue: row.int(2)) else {
      throw StorageFailure.damaged("partner_entry has a kind or state that is not known")
    }
    var place: ReceiptBook.Place?
    if let receipt = row.intOrNil(5), let owner = row.intOrNil(6) {
      place = ReceiptBook.Place(owner: owner, id: ReceiptID(receipt))
    }
    return PartnerEntry(
      id: row.id(0), kind: kind, state: state, day: row.day(3), amount: row.money(4), receipt: place, reason: row.text(7),
      answer: row.text(8), statement: row.idOrNil(9), madeAt: row.instant(10), actor: row.text(11))
  }

  /// Nothing where the request is known.
  static func insert(_ entry: PartnerEntry, of id: PartnerID, _ request: String, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into partner_entry (id, account_id, partner_id, kind, state, day, amount, receipt_id, owner_id, reason, answer, request,
        made_at, actor)
      values ($1, $2, $3, $4, $5, $6, $7, cast($8 as bigint), cast($9 as bigint), $10, $11, $12, $13, $14)
      on conflict (partner_id, request) do nothing
      """, entry.id, account, id, entry.kind.rawValue, entry.state.rawValue, entry.day, entry.amount, entry.receipt?.id,
      entry.receipt?.owner, entry.reason, entry.answer, request, entry.madeAt, entry.actor)
  }

  static func decide(
    _ entry: PartnerEntryID, _ state: PartnerEntry.State, _ amount: Money, _ answer: String, on day: CivilDay, _ account: AccountID,
    _ change: Change
  ) -> SQL {
    SQL(
      """
      update partner_entry set state = $3, amount = $4, answer = $5, day = $6, decided_at = $7, decided_by = $8
      where account_id = $1 and id = $2 and state = 1
      """, account, entry, state.rawValue, amount, answer, day, change.at, "\(change.actor)")
  }

  static func state(_ entry: PartnerEntryID, in statement: PartnerStatementID, _ account: AccountID) -> SQL {
    """
    update partner_entry set statement_id = \(statement)
    where account_id = \(account) and id = \(entry) and statement_id is null
    """
  }
}
