import Kernel
import Storage

/// The what-if's statements.
enum WhatIfSQL {
  private static let columns = "id, owner_id, store_id, rules, business_day, amount, lines, facts"

  /// The first and the last whose receipts there are; found at either end of the index.
  static func owners(_ programme: Programme) -> SQL {
    let (account, id) = (programme.account, programme.id)
    return """
      select
        (select owner_id from receipt where owner_id > 0 and account_id = \(account) and programme_id = \(id) order by owner_id limit 1),
        (select owner_id from receipt where owner_id > 0 and account_id = \(account) and programme_id = \(id)
          order by owner_id desc limit 1)
      """
  }

  /// Receipts that stand: of a period as the rows lie, which in SQLite is by id and in PostgreSQL by member; of a sample by member.
  static func page(
    _ scope: WhatIf.Scope, _ programme: Programme, _ dialect: Dialect, after place: (owner: Int64, id: Int64)?, _ limit: Int
  ) -> SQL {
    let (account, programme) = (programme.account, programme.id)
    switch scope {
    case .period(let from, let until) where dialect == .sqlite:
      return """
        select \(raw: columns) from receipt
        where account_id = \(account) and programme_id = \(programme) and id > \(place?.id ?? 0) and sold_at >= \(from)
          and sold_at < \(until) and state in (1, 3)
        order by id limit \(limit)
        """
    case .period(let from, let until):
      return """
        select \(raw: columns) from receipt
        where account_id = \(account) and programme_id = \(programme) and (owner_id, id) > (\(place?.owner ?? 0), \(place?.id ?? 0))
          and sold_at >= \(from) and sold_at < \(until) and state in (1, 3)
        order by owner_id, id limit \(limit)
        """
    case .sample(let since, _):
      // A receipt gets its id when it is recorded, and is sold before, but for clocks that are fast: what was recorded earlier is passed over
      // in the index alone.
      let first = IDSequence.first(at: since - .days(1))
      return """
        select \(raw: columns) from receipt
        where account_id = \(account) and programme_id = \(programme) and (owner_id, id) > (\(place?.owner ?? 0), \(place?.id ?? 0))
          and id >= \(first) and sold_at >= \(since) and state in (1, 3)
        order by owner_id, id limit \(limit)
        """
    }
  }

  static func receipt(_ row: Row) throws -> PricedReceipt {
    PricedReceipt(
      id: row.id(0), owner: row.int(1), day: row.day(4), amount: row.money(5), lines: try LineText.read(row.text(6)),
      facts: row.bytes(7))
  }
}
