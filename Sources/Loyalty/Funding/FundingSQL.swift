import Access
import Calculator
import Kernel
import Storage

/// Every statement about contracts of payers and their acts.
enum FundingSQL {
  private static let contractColumns = "id, payer, code, contract, name, tax_number, ceiling, issuer"

  static func contracts(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select \(raw: contractColumns) from funding_contract
    where account_id = \(account) and programme_id = \(programme) order by id limit \(limit)
    """
  }

  static func contract(_ account: AccountID, _ programme: ProgrammeID, _ id: FundingContractID) -> SQL {
    """
    select \(raw: contractColumns) from funding_contract
    where account_id = \(account) and programme_id = \(programme) and id = \(id)
    """
  }

  static func contract(_ account: AccountID, _ programme: ProgrammeID, _ key: FundingKey) -> SQL {
    """
    select \(raw: contractColumns) from funding_contract
    where account_id = \(account) and programme_id = \(programme) and payer = \(key.payer.rawValue) and code = \(key.code)
      and contract = \(key.contract)
    """
  }

  static func key(_ row: Row, _ place: Int) throws -> FundingKey {
    guard let payer = Funding.Payer(rawValue: row.text(place)) else {
      throw StorageFailure.damaged("\(row.text(place)) is no known payer")
    }
    return FundingKey(payer: payer, code: row.text(place + 1), contract: row.text(place + 2))
  }

  static func contract(_ row: Row) throws -> FundingContract {
    FundingContract(
      id: row.id(0), key: try key(row, 1),
      details: FundingDetails(
        name: row.text(4), taxNumber: row.text(5), cap: row.intOrNil(6).map { Money(minor: $0) }, issuer: row.textOrNil(7)))
  }

  static func insert(
    _ id: FundingContractID, _ key: FundingKey, _ details: FundingDetails, _ account: AccountID, _ programme: ProgrammeID,
    _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into funding_contract (id, account_id, programme_id, payer, code, contract, name, tax_number, ceiling, made_at, issuer)
      values ($1, $2, $3, $4, $5, $6, $7, $8, cast($9 as bigint), $10, cast($11 as text))
      """, id, account, programme, key.payer.rawValue, key.code, key.contract, details.name, details.taxNumber,
      details.cap?.minor, now, details.issuer)
  }

  static func update(_ id: FundingContractID, _ details: FundingDetails, _ account: AccountID) -> SQL {
    SQL(
      """
      update funding_contract set name = $3, tax_number = $4, ceiling = cast($5 as bigint), issuer = cast($6 as text)
      where account_id = $1 and id = $2
      """, account, id, details.name, details.taxNumber, details.cap?.minor, details.issuer)
  }

  private static let headColumns = "id, contract_id, number, first_day, last_day, amount, beyond, made_at"

  static func acts(_ account: AccountID, _ id: FundingContractID, before number: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: headColumns) from funding_act
    where account_id = \(account) and contract_id = \(id) and number < \(number) order by number desc limit \(limit)
    """
  }

  static func act(_ account: AccountID, _ id: FundingContractID, _ number: Int64) -> SQL {
    """
    select \(raw: headColumns), body from funding_act
    where account_id = \(account) and contract_id = \(id) and number = \(number)
    """
  }

  static func act(_ account: AccountID, _ id: FundingContractID, on first: CivilDay) -> SQL {
    """
    select \(raw: headColumns) from funding_act
    where account_id = \(account) and contract_id = \(id) and first_day = \(first)
    """
  }

  /// The latest of each contract.
  static func lastActs(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select a.id, a.contract_id, a.number, a.first_day, a.last_day, a.amount, a.beyond, a.made_at
    from funding_contract c join funding_act a on a.contract_id = c.id
    where c.account_id = \(account) and c.programme_id = \(programme) and a.number =
      (select max(number) from funding_act l where l.contract_id = c.id)
    order by a.id limit \(limit)
    """
  }

  static func head(_ row: Row) -> FundingActHead {
    FundingActHead(
      id: row.id(0), contract: row.id(1), number: row.int(2), days: row.day(3)...row.day(4), amount: row.money(5),
      beyond: row.money(6), madeAt: row.instant(7))
  }

  /// What all acts of a contract came to.
  static func totals(_ account: AccountID, _ id: FundingContractID) -> SQL {
    """
    select cast(coalesce(sum(amount), 0) as bigint), cast(coalesce(sum(beyond), 0) as bigint) from funding_act
    where account_id = \(account) and contract_id = \(id)
    """
  }

  /// What acts have said of each period.
  static func stated(_ account: AccountID, _ id: FundingContractID) -> SQL {
    """
    select first_day, cast(sum(amount) as bigint) from funding_period
    where account_id = \(account) and contract_id = \(id) group by first_day
    """
  }

  static func insert(_ head: FundingActHead, _ act: FundingAct, _ account: AccountID, _ change: Change) -> SQL {
    SQL(
      """
      insert into funding_act (id, account_id, contract_id, number, first_day, last_day, amount, beyond, body, made_at, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """, head.id, account, head.contract, head.number, head.days.lowerBound, head.days.upperBound, head.amount, head.beyond,
      act.json.compact, change.at, "\(change.actor)")
  }

  static func insert(_ part: FundingAct.Correction, of head: FundingActHead, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into funding_period (act_id, first_day, last_day, contract_id, account_id, amount) values ($1, $2, $3, $4, $5, $6)
      """, head.id, part.days.lowerBound, part.days.upperBound, head.contract, account, part.amount)
  }
}
