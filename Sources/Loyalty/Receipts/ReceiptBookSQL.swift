import Kernel
import Storage

/// Statements about receipts of whatever programme.
enum ReceiptBookSQL {
  static func programme(_ account: AccountID, _ owner: Int64, _ id: ReceiptID) -> SQL {
    "select programme_id from receipt where account_id = \(account) and owner_id = \(owner) and id = \(id)"
  }

  static func document(_ account: AccountID, _ owner: Int64, _ document: ReturnID) -> SQL {
    """
    select programme_id, key, returned_at from receipt_return
    where account_id = \(account) and owner_id = \(owner) and document_id = \(document) order by id limit 1
    """
  }

  static func alias(_ account: AccountID, _ member: MemberID, _ id: ReceiptID) -> SQL {
    """
    select sold_by, earned from receipt_alias
    where account_id = \(account) and owner_id = \(member) and receipt_id = \(id)
    """
  }
}
