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

  /// - Precondition: not none.
  static func receipts(_ account: AccountID, _ places: [ReceiptBook.Place]) -> SQL {
    let pairs = places.indices.map { "($\(2 * $0 + 2), $\(2 * $0 + 3))" }.joined(separator: ", ")
    return SQL(
      prepared: "select \(ReceiptSQL.columns) from receipt where account_id = $1 and (owner_id, id) in (values \(pairs))",
      [account.value] + places.flatMap { [$0.owner.value, $0.id.value] })
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
}
