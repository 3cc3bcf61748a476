import Calculator
import Kernel
import Storage

/// Every statement about what did not fit.
enum DiscrepancySQL {
  static func insert(
    _ discrepancy: Discrepancy, _ id: DiscrepancyID, _ account: AccountID, _ programme: ProgrammeID, _ owner: Int64,
    _ receipt: Int64, _ said: SaidBy, _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into discrepancy (id, owner_id, account_id, programme_id, store_id, receipt_id, cause, stated, expected, at, register,
        cashier)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, cast($11 as text), cast($12 as text))
      """, id, owner, account, programme, said.store, receipt, discrepancy.word, discrepancy.stated, discrepancy.expected, now,
      said.register, said.cashier)
  }

  static func of(_ account: AccountID, _ owner: Int64, _ receipt: Int64) -> SQL {
    """
    select cause, stated, expected from discrepancy
    where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt) order by id
    """
  }

  /// - Precondition: at least one document.
  static func of(_ account: AccountID, _ owner: Int64, documents: [Int64]) -> SQL {
    """
    select cause, stated, expected, receipt_id from discrepancy
    where +account_id = \(account) and owner_id = \(owner) and receipt_id in (\(list: documents)) order by id
    """
  }

  static func discrepancy(_ row: Row) -> Discrepancy {
    Discrepancy(word: row.text(0), stated: row.int(1), expected: row.int(2))
  }

  // MARK: across receipts

  /// Those that were asked for, found by account and time, or by cause or store within it. One bound on either side of the ids: a second one
  /// would lead SQLite away from the index by cause.
  private static func asked(
    _ query: DiscrepancyQuery, before: DiscrepancyID = DiscrepancyID(.max), _ account: AccountID, _ programme: ProgrammeID
  ) -> (text: String, binds: [Value]) {
    var text = "id >= $3 and id < $4"
    var binds = [account.value, programme.value, query.least.value, min(query.end, before).value]
    for (column, value) in [
      ("cause", query.cause?.value), ("store_id", query.store?.value), ("register", query.register?.value),
      ("cashier", query.cashier?.value),
    ] {
      guard let value else { continue }
      binds.append(value)
      text += " and \(column) = $\(binds.count)"
    }
    return (text, binds)
  }

  static func page(
    _ query: DiscrepancyQuery, before: DiscrepancyID, _ limit: Int, _ account: AccountID, _ programme: ProgrammeID
  ) -> SQL {
    let (text, binds) = asked(query, before: before, account, programme)
    return SQL(
      prepared: """
        select cause, stated, expected, id, owner_id, receipt_id, store_id, register, cashier, at from discrepancy
        where account_id = $1 and programme_id = $2 and \(text) order by id desc limit $\(binds.count + 1)
        """, binds + [limit.value])
  }

  static func count(_ query: DiscrepancyQuery, upTo most: Int, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    let (text, binds) = asked(query, account, programme)
    return SQL(
      prepared: """
        select count(*) from (
          select id from discrepancy where account_id = $1 and programme_id = $2 and \(text) limit $\(binds.count + 1)
        ) found
        """, binds + [most.value])
  }

  /// How many of each cause, and both sides' sums. What no basket can come to is left out of them: a till's slip of a key, and the other
  /// receipt's id where a number was used twice. The empty text keeps the index by time, which is bounded.
  static func causes(_ query: DiscrepancyQuery, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    let (text, binds) = asked(query, account, programme)
    let most = "$\(binds.count + 1)"
    func sum(_ column: String) -> String {
      "cast(coalesce(sum(case when \(column) between -\(most) and \(most) then \(column) else 0 end), 0) as bigint)"
    }
    return SQL(
      prepared: """
        select cause || '' as word, count(*), \(sum("stated")), \(sum("expected")) from discrepancy
        where account_id = $1 and programme_id = $2 and \(text)
        group by cause || '' order by 2 desc, 1
        """, binds + [Limits.basketAmount.value])
  }

  /// Where and at whom, most first. - Parameter column: `register` or `cashier`, or empty for stores alone.
  static func places(_ column: String, _ query: DiscrepancyQuery, _ limit: Int, _ account: AccountID, _ programme: ProgrammeID)
    -> SQL
  {
    let (text, binds) = asked(query, account, programme)
    let name = column.isEmpty ? "cast(null as text)" : column
    return SQL(
      prepared: """
        select store_id + 0 as place, \(name) as name, count(*) from discrepancy
        where account_id = $1 and programme_id = $2 and \(text)\(column.isEmpty ? "" : " and \(column) is not null")
        group by store_id + 0\(column.isEmpty ? "" : ", \(column)") order by 3 desc, 1, 2 limit $\(binds.count + 1)
        """, binds + [limit.value])
  }

  /// How many on each of the days, by where their ids begin and end. - Precondition: at least one.
  static func days(
    _ days: [(least: DiscrepancyID, end: DiscrepancyID)], _ query: DiscrepancyQuery, _ account: AccountID, _ programme: ProgrammeID
  ) -> SQL {
    let (text, binds) = asked(query, account, programme)
    let first = binds.count + 1
    let rows = days.indices.map { day in
      "(cast($\(first + day * 3) as bigint), cast($\(first + day * 3 + 1) as bigint), cast($\(first + day * 3 + 2) as bigint))"
    }
    return SQL(
      prepared: """
        with span (number, first_id, end_id) as (values \(rows.joined(separator: ", ")))
        select number, (
          select count(*) from discrepancy
          where account_id = $1 and programme_id = $2 and \(text) and id >= first_id and id < end_id
        ) from span order by number
        """, binds + days.enumerated().flatMap { [$0.offset.value, $0.element.least.value, $0.element.end.value] })
  }

  /// The documents of returns, and of which receipts they took something back. - Precondition: at least one.
  static func documents(_ account: AccountID, _ ids: [Int64]) -> SQL {
    """
    select r.document_id, r.key, r.receipt_id, r.owner_id, a.sold_by from receipt_return r
      left join receipt_alias a on a.owner_id = r.owner_id and a.receipt_id = r.receipt_id
    where +r.account_id = \(account) and r.document_id in (\(list: ids)) order by r.document_id, r.id
    """
  }
}
