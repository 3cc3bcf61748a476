import Access
import Kernel
import Storage

/// The statements of the feed of what was sold.
enum SoldGoodsSQL {
  private static let columns = "id, owner_id, store_id, key, business_day, sold_at, state, lines, rules, facts, trace"

  static func receipts(
    _ account: AccountID, _ programme: ProgrammeID, _ dialect: Dialect, after place: (owner: Int64, id: Int64)?, _ limit: Int
  ) -> SQL {
    if dialect == .sqlite {
      return """
        select \(raw: columns) from receipt
        where account_id = \(account) and programme_id = \(programme) and id > \(place?.id ?? 0) order by id limit \(limit)
        """
    }
    return """
      select \(raw: columns) from receipt
      where account_id = \(account) and programme_id = \(programme) and (owner_id, id) > (\(place?.owner ?? 0), \(place?.id ?? 0))
      order by owner_id, id limit \(limit)
      """
  }

  private static let returned = "id, owner_id, store_id, key, business_day, returned_at, lines, taken_back, receipt_id, matched_as"

  static func returns(_ account: AccountID, _ owner: Int64, of receipt: Int64) -> SQL {
    """
    select \(raw: returned) from receipt_return
    where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt) order by step
    """
  }

  static func returnsWithoutReceipt(_ account: AccountID, _ programme: ProgrammeID, after id: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: returned) from receipt_return
    where account_id = \(account) and programme_id = \(programme) and receipt_id is null and id > \(id)
      and matched_as is null
    order by id limit \(limit)
    """
  }

  static func claims(
    _ account: AccountID, _ programme: ProgrammeID, after place: (owner: Int64, receipt: Int64)?, _ limit: Int
  ) -> SQL {
    """
    select owner_id, receipt_id, earned from receipt_alias
    where account_id = \(account) and programme_id = \(programme)
      and (owner_id, receipt_id) > (\(place?.owner ?? 0), \(place?.receipt ?? 0))
    order by owner_id, receipt_id limit \(limit)
    """
  }

  static func receipt(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, _ id: Int64) -> SQL {
    """
    select \(raw: columns) from receipt
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner) and id = \(id)
    """
  }

  /// What lies with a member: receipts, those that were found to be theirs, and returns without a receipt.
  static func owned(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, after id: Int64, _ limit: Int) -> SQL {
    """
    select id from receipt
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner) and id > \(id) order by id limit \(limit)
    """
  }

  static func claimed(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, after id: Int64, _ limit: Int) -> SQL {
    """
    select receipt_id from receipt_alias
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner) and receipt_id > \(id)
    order by receipt_id limit \(limit)
    """
  }

  static func loose(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, after id: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: returned) from receipt_return
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner) and receipt_id is null and id > \(id)
      and matched_as is null
    order by id limit \(limit)
    """
  }

  /// What one document took back.
  static func document(_ account: AccountID, _ programme: ProgrammeID, _ owner: Int64, _ document: Int64) -> SQL {
    """
    select \(raw: returned) from receipt_return
    where account_id = \(account) and programme_id = \(programme) and owner_id = \(owner) and document_id = \(document) order by id
    """
  }

  static func claim(_ account: AccountID, _ owner: Int64, _ receipt: Int64) -> SQL {
    """
    select earned, sold_by from receipt_alias
    where account_id = \(account) and owner_id = \(owner) and receipt_id = \(receipt)
    """
  }
}
