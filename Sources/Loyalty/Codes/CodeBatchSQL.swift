import Access
import Kernel
import Storage

/// Every statement about batches of codes; each kind has a table of its own.
enum CodeBatchSQL<Kind: CodeKind> {
  private static var columns: String { "id, series_id, label, asked, made, made_at, actor" }

  static func insert(_ batch: CodeBatch<Kind>, _ account: AccountID) -> SQL {
    """
    insert into \(raw: Kind.table) (id, account_id, series_id, label, asked, made, made_at, actor)
    values (\(batch.id), \(account), \(batch.series), \(batch.label), \(batch.asked), 0, \(batch.madeAt), \(batch.actor))
    """
  }

  static func one(_ account: AccountID, _ id: ID<Kind.Batch>, _ lock: String) -> SQL {
    "select \(raw: columns) from \(raw: Kind.table) where account_id = \(account) and id = \(id)\(raw: lock)"
  }

  static func all(_ account: AccountID, _ series: ID<Kind.Series>, before: ID<Kind.Batch>, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from \(raw: Kind.table)
    where account_id = \(account) and series_id = \(series) and id < \(before) order by id desc limit \(limit)
    """
  }

  static func advance(_ account: AccountID, _ id: ID<Kind.Batch>, by made: Int64) -> SQL {
    "update \(raw: Kind.table) set made = made + \(made) where account_id = \(account) and id = \(id)"
  }

  static func batch(_ row: Row) -> CodeBatch<Kind> {
    CodeBatch(
      id: row.id(0), series: row.id(1), label: row.text(2), asked: row.int(3), made: row.int(4), madeAt: row.instant(5),
      actor: row.text(6))
  }
}
