import Kernel
import Loyalty
import Storage
import Synchronization

/// What a receipt with a card comes to on average in a whole chain, kept for a day: it is reckoned from the days of all stores, which a
/// page about one member need not add up each time.
final class NetworkAverages: Sendable {
  /// Accounts kept; an installation has a few.
  private static let most = 16
  /// Whole business days that are looked at.
  static let days = 28

  private struct Kept {
    let day: CivilDay
    let average: Money?
  }

  private let kept = Mutex<[AccountID: Kept]>([:])

  func average(of account: AccountID, on day: CivilDay) -> Money?? {
    kept.withLock { kept in kept[account].flatMap { $0.day == day ? .some($0.average) : nil } }
  }

  func keep(_ average: Money?, of account: AccountID, on day: CivilDay) {
    kept.withLock { kept in
      if kept.count >= Self.most, kept[account] == nil { kept.removeAll() }
      kept[account] = Kept(day: day, average: average)
    }
  }
}

extension ConsoleDesk {
  /// Nil where no receipt had a card. At most one statement a day, over the index of the account's days.
  func networkAverage(_ visit: Visit) async throws -> Money? {
    let (account, today) = (visit.account.id, visit.reader.zone.civil(at: visit.call.at).day)
    if let known = averages.average(of: account, on: today) { return known }
    let days = today.adding(days: -NetworkAverages.days)...today.adding(days: -1)
    let total = try await database.read { tx in try Takings.read(of: account, days: days, in: &tx).total(days) }
    let average =
      total.memberReceipts > 0 ? Money(minor: total.memberAmount.minor / Int64(total.memberReceipts)) : nil
    averages.keep(average, of: account, on: today)
    return average
  }
}
