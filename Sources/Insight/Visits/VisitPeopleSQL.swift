import Access
import Kernel
import Loyalty
import Storage

/// Every statement about whom events count for when members are merged, and about forgetting who did them.
enum VisitPeopleSQL {
  /// The members whom events that count for this one named, and of which programme.
  static func named(_ account: AccountID, _ owner: MemberID) -> SQL {
    """
    select named_id, programme_id from visit
    where owner_id = \(owner) and account_id = \(account) and named_id is not null
    union select named_id, programme_id from visitor where owner_id = \(owner) and account_id = \(account)
    union select named_id, programme_id from visit_event
    where owner_id = \(owner) and account_id = \(account) and named_id is not null
    """
  }

  static func handOverEvents(_ account: AccountID, _ named: MemberID, to owner: MemberID) -> SQL {
    SQL("update visit_event set owner_id = $3 where named_id = $1 and account_id = $2", named, account, owner)
  }

  static func handOverVisits(_ account: AccountID, _ named: MemberID, to owner: MemberID) -> SQL {
    SQL("update visit set owner_id = $3 where named_id = $1 and account_id = $2 returning day", named, account, owner)
  }

  static func handOverVisitors(_ account: AccountID, _ named: MemberID, to owner: MemberID) -> SQL {
    SQL("update visitor set owner_id = $3 where named_id = $1 and account_id = $2", named, account, owner)
  }

  /// Ids of visitors that are known to be this member's.
  static func visitors(_ account: AccountID, _ owner: MemberID) -> SQL {
    """
    select visitor, programme_id from visitor where owner_id = \(owner) and account_id = \(account)
    union select distinct visitor, programme_id from visit where owner_id = \(owner) and account_id = \(account)
    union select distinct visitor, programme_id from visit_event where owner_id = \(owner) and account_id = \(account)
    """
  }

  /// A device that somebody else signed in on since is theirs.
  static func forgetVisitor(_ account: AccountID, _ programme: ProgrammeID, _ owner: MemberID, _ visitor: String) -> SQL {
    SQL(
      "delete from visitor where programme_id = $1 and visitor = $2 and account_id = $3 and owner_id = $4", programme, visitor,
      account, owner)
  }

  static func days(_ account: AccountID, _ owner: MemberID) -> SQL {
    "select distinct day from visit where owner_id = \(owner) and account_id = \(account)"
  }

  /// What could lead to somebody goes: whose it was, the visitor's id, the site's own session and receipt, and whatever was written freely.
  static func forgetEvents(
    _ account: AccountID, _ programme: ProgrammeID, _ owner: MemberID, _ visitor: String, as name: String
  ) -> SQL {
    SQL(
      """
      update visit_event set owner_id = null, named_id = null, visitor = $5, details = null, receipt_key = null, receipt_id = null
      where programme_id = $1 and account_id = $2 and visitor = $3 and owner_id = $4
      """, programme, account, visitor, owner, name)
  }

  static func forgetVisits(
    _ account: AccountID, _ programme: ProgrammeID, _ owner: MemberID, _ visitor: String, as name: String
  ) -> SQL {
    SQL(
      """
      update visit set owner_id = null, named_id = null, visitor = $5, session = ''
      where programme_id = $1 and account_id = $2 and visitor = $3 and owner_id = $4
      """, programme, account, visitor, owner, name)
  }

  static func forgetTouch(_ account: AccountID, _ owner: MemberID) -> SQL {
    SQL("delete from visit_touch where owner_id = $1 and account_id = $2", owner, account)
  }

  static func oldTouches(_ before: Instant, _ limit: Int) -> SQL {
    // Unscoped: retention goes through all accounts.
    """
    delete from visit_touch where owner_id in
      (select owner_id from visit_touch where touched_at < \(before) order by touched_at limit \(limit))
    """
  }
}
