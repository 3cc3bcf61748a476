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
