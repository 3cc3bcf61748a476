import Access
import Kernel
import Storage

/// Every statement about favourites.
enum FavouriteSQL {
  /// - Parameter moves: by code, in one order for everybody: two choices at once wait for each other, and never both.
  static func move(_ account: AccountID, _ programme: ProgrammeID, _ starts: Instant, _ code: String, by count: Int64) -> SQL {
    SQL(
      """
      insert into favourite_tally (programme_id, starts_at, code, account_id, members) values ($1, $2, $3, $4, $5)
      on conflict (programme_id, starts_at, code) do update set members = favourite_tally.members + excluded.members
      """, programme, starts, code, account, count)
  }

  static func tally(_ account: AccountID, _ programme: ProgrammeID, _ starts: [Instant]) -> SQL {
    """
    select starts_at, code, members from favourite_tally
    where account_id = \(account) and programme_id = \(programme) and starts_at in (\(list: starts))
    """
  }
}
