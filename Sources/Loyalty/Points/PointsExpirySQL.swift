import Access
import Kernel
import Storage

/// Statements about points that ran out.
enum PointsExpirySQL {
  /// Numbers are those of `Cause.stored`: expiry, and adjustments, among which are those of whoever was forgotten. They stand here as the
  /// index has them.
  static func postings(_ programme: ProgrammeID, after place: PointsExpiry.Place, _ limit: Int) -> SQL {
    """
    select owner_id, cause, cause_id, event_at, posted_at, entries, id from posting
    where programme_id = \(programme) and cause in (6, 9) and (posted_at, id) > (\(place.posted), \(place.id))
    order by posted_at, id limit \(limit)
    """
  }
}
