import Jobs
import Kernel
import Storage

/// Statements about receipts of whatever programme.
enum ReceiptBookSQL {
  static func programme(_ account: AccountID, _ owner: Int64, _ id: ReceiptID) -> SQL {
    "select programme_id from receipt where account_id = \(account) and owner_id = \(owner) and id = \(id)"
  }

  static func document(_ account: AccountID, _ owner: Int64, _ document: ReturnID) -> SQL {
    """
    select programme_id, key, returned_at, matched_as from receipt_return
    where account_id = \(account) and owner_id = \(owner) and document_id = \(document) order by id limit 1
    """
  }

  /// Lies by owner and id on either database.
  static func returns(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, before id: ReturnID?, _ limit: Int
  ) -> SQL {
    """
    select id, receipt_id, returned_at, amount, given_back, taken_back, store_id, key from receipt_return
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(member) and id < \(id ?? ReturnID(Int64.max))
      and matched_as is null
    order by id desc limit \(limit)
    """
  }

  static func alias(_ account: AccountID, _ member: MemberID, _ id: ReceiptID) -> SQL {
    """
    select sold_by, earned, attached_at from receipt_alias
    where account_id = \(account) and owner_id = \(member) and receipt_id = \(id)
    """
  }

  /// Joined, because SQLite looks a pair up in a list by walking through the whole table. - Precondition: not none.
  static func receipts(_ account: AccountID, _ places: [ReceiptBook.Place]) -> SQL {
    let pairs = places.indices.map { "($\(2 * $0 + 2), $\(2 * $0 + 3))" }.joined(separator: ", ")
    return SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(pairs))
        select \(ReceiptSQL.columns) from place p join receipt r on r.owner_id = p.of_owner and r.id = p.of_id
        where r.account_id = $1
        """, [account.value] + places.flatMap { [$0.owner.value, $0.id.value] })
  }

  /// Returns by where they lie, as `receipts`. - Precondition: not none.
  static func returns(_ account: AccountID, _ places: [ReceiptBook.Place]) -> SQL {
    let pairs = places.indices.map { "($\(2 * $0 + 2), $\(2 * $0 + 3))" }.joined(separator: ", ")
    return SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(pairs))
        select r.id, r.receipt_id, r.returned_at, r.amount, r.given_back, r.taken_back, r.store_id, r.key, r.owner_id
        from place p join receipt_return r on r.owner_id = p.of_owner and r.id = p.of_id
        where r.account_id = $1
        """, [account.value] + places.flatMap { [$0.owner.value, $0.id.value] })
  }

  /// Of those that these keys name, what was sold in the query's time for its amount. - Precondition: not none.
  static func sold(_ account: AccountID, _ holders: [KeyHolder], _ query: ReceiptQuery) -> SQL {
    let next = HeldPlaces.next(holders.count)
    let (least, most) = (query.amount?.minor ?? .min, query.amount?.minor ?? .max)
    return SQL(
      prepared: """
        with place (of_owner, of_id) as (values \(HeldPlaces.rows(holders.count)))
        select \(ReceiptSQL.columns) from place p join receipt r on r.owner_id = p.of_owner and r.id = p.of_id
        where r.account_id = $1 and r.sold_at >= $\(next) and r.sold_at <= $\(next + 1) and r.amount >= $\(next + 2)
          and r.amount <= $\(next + 3)
        """,
      HeldPlaces.binds(account, holders)
        + [query.sold.lowerBound.value, query.sold.upperBound.value, least.value, most.value])
  }

  static func history(
    _ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, before id: ReceiptID?, _ limit: Int
  ) -> SQL {
    """
    select \(raw: ReceiptSQL.columns) from receipt
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(member) and id < \(id ?? ReceiptID(Int64.max))
    order by id desc limit \(limit)
    """
  }

  /// What a member's latest receipts were of, without what stands behind their lines.
  static func bought(_ account: AccountID, _ programme: ProgrammeID, _ member: MemberID, _ limit: Int) -> SQL {
    SQL(
      """
      select store_id, lines, sold_at, state from receipt
      where account_id = $1 and programme_id = $2 and owner_id = $3 order by id desc limit $4
      """, account, programme, member, limit)
  }
}
