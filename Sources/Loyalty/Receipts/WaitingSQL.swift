import Jobs
import Kernel
import Storage

/// Every statement about returns that came before their sale.
enum WaitingSQL {
  static func insert(_ waiting: WaitingReturn, under key: NaturalKey, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into waiting_return (account_id, kind, key, document_id, owner_id, goods) values ($1, $2, $3, $4, $5, $6)
      """, account, key.kind.rawValue, key.text, waiting.document, waiting.owner, waiting.goods.waiting)
  }

  /// In the order in which they came.
  static func under(_ account: AccountID, _ key: NaturalKey, after document: ReturnID, _ limit: Int) -> SQL {
    """
    select document_id, owner_id, goods from waiting_return
    where account_id = \(account) and kind = \(key.kind.rawValue) and key = \(key.text) and document_id > \(document)
    order by document_id limit \(limit)
    """
  }

  static func count(_ account: AccountID, _ key: NaturalKey, upTo limit: Int) -> SQL {
    """
    select count(*) from (
      select 1 from waiting_return
      where account_id = \(account) and kind = \(key.kind.rawValue) and key = \(key.text) limit \(limit)) w
    """
  }

  /// Those that came before a moment, under each of their keys, the oldest first.
  static func overdue(_ account: AccountID, before: ReturnID, _ limit: Int) -> SQL {
    """
    select document_id, owner_id, goods, kind, key from waiting_return
    where account_id = \(account) and document_id < \(before) order by document_id limit \(limit)
    """
  }

  static func countOverdue(_ account: AccountID, before: ReturnID, upTo limit: Int) -> SQL {
    """
    select count(*) from (
      select distinct document_id from waiting_return where account_id = \(account) and document_id < \(before) limit \(limit)) w
    """
  }

  // Unscoped: a figure of the whole installation.
  static func countOverdue(before: ReturnID, upTo limit: Int) -> SQL {
    "select count(*) from (select distinct document_id from waiting_return where document_id < \(before) limit \(limit)) w"
  }

  // Unscoped: what is old goes whoever's it was.
  static func forget(before: ReturnID, _ limit: Int) -> SQL {
    """
    delete from waiting_return where (account_id, kind, key, document_id) in
      (select account_id, kind, key, document_id from waiting_return where document_id < \(before) order by document_id limit \(limit))
    """
  }

  static func forget(_ account: AccountID, _ key: NaturalKey) -> SQL {
    "delete from waiting_return where account_id = \(account) and kind = \(key.kind.rawValue) and key = \(key.text)"
  }

  /// Says under which document goods stand now that had no receipt; answers with their refund and the sale of an exchange. Nothing where
  /// that was said before.
  static func match(_ account: AccountID, _ owner: Int64, _ document: ReturnID, as new: ReturnID) -> SQL {
    """
    update receipt_return set matched_as = \(new)
    where account_id = \(account) and owner_id = \(owner) and document_id = \(document) and receipt_id is null
      and matched_as is null
    returning \(raw: ReturnSQL.columns), sale_id
    """
  }

  static func forgetDiscrepancies(_ account: AccountID, _ owner: Int64, _ document: ReturnID) -> SQL {
    "delete from discrepancy where account_id = \(account) and owner_id = \(owner) and receipt_id = \(document)"
  }
}
