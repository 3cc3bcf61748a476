import Kernel
import Storage

/// The what-if's statements.
enum WhatIfSQL {
  private static let columns = "id, owner_id, store_id, rules, business_day, amount, lines, facts"

  static func owners(_ programme: Programme) -> SQL {
    SQL(
      "select min(owner_id), max(owner_id) from receipt where account_id = $1 and programme_id = $2", programme.account,
      programme.id)
  }

  /// Receipts that stand, as the rows lie: SQLite by id, the latest first for a sample; PostgreSQL by member.
  static func page(
    _ scope: WhatIf.Scope, _ programme: Programme, _ dialect: Dialect, after place: (owner: Int64, id: Int64)?, _ limit: Int
  ) -> SQL {
    let (from, until): (Instant, Instant)
    let isSample: Bool
    switch scope {
    case .period(let first, let end): (from, until, isSample) = (first, end, false)
    case .sample(let since, _): (from, until, isSample) = (since, Instant(micros: .max), true)
    }
    let (account, programme) = (programme.account, programme.id)
    if dialect == .sqlite {
      if isSample {
        return """
          select \(raw: columns) from receipt
          where account_id = \(account) and programme_id = \(programme) and id < \(place?.id ?? .max) and sold_at >= \(from)
            and state in (1, 3)
          order by id desc limit \(limit)
          """
      }
      return """
        select \(raw: columns) from receipt
        where account_id = \(account) and programme_id = \(programme) and id > \(place?.id ?? 0) and sold_at >= \(from)
          and sold_at < \(until) and state in (1, 3)
        order by id limit \(limit)
        """
    }
    return """
      select \(raw: columns) from receipt
      where account_id = \(account) and programme_id = \(programme) and (owner_id, id) > (\(place?.owner ?? 0), \(place?.id ?? 0))
        and sold_at >= \(from) and sold_at < \(until) and state in (1, 3)
      order by owner_id, id limit \(limit)
      """
  }

  static func receipt(_ row: Row) throws -> PricedReceipt {
    PricedReceipt(
      id: row.id(0), owner: row.int(1), day: row.day(4), amount: row.money(5), lines: try LineText.read(row.text(6)),
      facts: row.bytes(7))
  }
}
