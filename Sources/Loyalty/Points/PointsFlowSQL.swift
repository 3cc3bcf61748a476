import Access
import Kernel
import Storage

/// Statements about what the journal moved by months and legal entities.
enum PointsFlowSQL {
  static let inserted = ["programme_id", "account_id", "month", "from_account", "to_account", "points", "at"]
  static let insertedPlace = [
    "programme_id", "account_id", "month", "entity_id", "from_account", "to_account", "settled", "points", "at",
  ]

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select month, from_account, to_account, points, at from points_flow
    where account_id = \(account) and programme_id = \(programme) order by month, from_account, to_account
    """
  }

  static func clear(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "delete from points_flow where account_id = \(account) and programme_id = \(programme)"
  }

  static func places(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select month, entity_id, from_account, to_account, settled, points from points_place
    where account_id = \(account) and programme_id = \(programme) and month > 0 order by month, entity_id, from_account, to_account
    """
  }

  /// Before which entry everything is settled, what wallets held, and when that was found.
  static func settled(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "select settled, points, at from points_place where account_id = \(account) and programme_id = \(programme) and month = 0"
  }

  static func clearPlaces(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    "delete from points_place where account_id = \(account) and programme_id = \(programme)"
  }

  /// Where it happened, for sales, claims and returns: numbers are those of `Cause.stored`, and nobody's receipt lies with the store that sold it.
  /// A receipt of another member of the household, who paid with these points, cannot be found without its owner.
  private static let columns = """
    p.owner_id, p.cause, p.cause_id, p.event_at, p.posted_at, p.entries, p.id,
      case p.cause when 1 then (select r.store_id from receipt r where r.owner_id = p.owner_id and r.id = p.cause_id)
        when 3 then (select a.sold_by from receipt_alias a where a.owner_id = p.owner_id and a.receipt_id = p.cause_id)
        when 2 then (select min(b.store_id) from receipt_return b where b.document_id = p.cause_id)
        when 14 then (select min(b.store_id) from receipt_return b where b.document_id = p.cause_id) end
    """

  static func postings(_ programme: ProgrammeID, of owners: ClosedRange<Int64>) -> SQL {
    """
    select \(raw: columns) from posting p
    where p.programme_id = \(programme) and p.owner_id >= \(owners.lowerBound) and p.owner_id <= \(owners.upperBound)
    order by p.owner_id, p.id
    """
  }

  /// For each wallet one look for what was posted behind an entry. A cross join, because SQLite would rather walk through all entries of the
  /// owners and look for their wallets.
  static func postings(_ programme: ProgrammeID, of owners: ClosedRange<Int64>, since id: Int64) -> SQL {
    """
    select \(raw: columns) from wallet w cross join posting p
    where w.programme_id = \(programme) and w.owner_id >= \(owners.lowerBound) and w.owner_id <= \(owners.upperBound)
      and p.owner_id = w.owner_id and p.id >= \(id) and p.programme_id = w.programme_id
    order by w.owner_id, p.id
    """
  }
}
