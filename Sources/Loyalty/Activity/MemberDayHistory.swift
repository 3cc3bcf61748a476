import Access
import Jobs
import Kernel
import Storage

/// What members paid by day, made anew from receipts and returns: for days that an older program wrote, which said only that they came.
/// Done once for each account, page by page, while tills sell; exact, because the follower of the same rows stands still for each page and whoever
/// has an event on the way is looked at later.
public struct MemberDayHistory: Sendable {
  /// Members of one transaction.
  static let page = 100

  let account: AccountID
  private let follower: Follower

  /// - Parameter follower: the one that adds up `MemberDays`.
  public init(of account: AccountID, behind follower: Follower) {
    self.account = account
    self.follower = follower
  }

  private var checkpoints: Checkpoints { Self.checkpoints(of: account) }

  private static func checkpoints(of account: AccountID) -> Checkpoints { Checkpoints(of: account, for: "member-day-sums") }

  /// True when all days of an account have their sums.
  public static func isDone(of account: AccountID, in tx: inout Transaction) throws -> Bool {
    try checkpoints(of: account).find("all", in: &tx)?.isDone ?? false
  }

  /// Looks at the next members.
  /// - Returns: false where nothing is left to do, or nothing can be done now.
  public func step(at now: Instant, in tx: inout Transaction) throws -> Bool {
    let done = try checkpoints.find("all", in: &tx)
    if done?.isDone ?? false { return false }
    var last: Int64 = 0
    if case .int(let known)? = done?.state["last"] { last = known }
    let owners = try tx.rows(MemberDaySQL.owners(account, after: last, Self.page)).map { $0.int(0) }
    if !owners.isEmpty {
      guard let position = try follower.hold(in: &tx) else { return false }
      let changed = try differences(of: owners, in: &tx)
      // Behind the sums: what is committed meanwhile waits for the follower, which stands still.
      guard try !follower.waits(for: owners, after: position, in: &tx) else { return false }
      for (place, sum) in changed {
        try tx.enqueue(MemberDaySQL.set(account, place.owner, place.day, amount: sum.amount, points: sum.points))
      }
    }
    let state: JSON = .object(["last": .int(owners.last ?? last)])
    _ = try checkpoints.reach(state, isDone: owners.count < Self.page, key: "all", after: done?.step, at: now, in: &tx)
    return owners.count == Self.page
  }

  /// The days whose sums are others than their receipts say. Days of which no row is there are passed over: nobody counted them.
  func differences(of owners: [Int64], in tx: inout Transaction) throws -> [Place: Sum] {
    var sums: [Place: Sum] = [:]
    for row in try tx.rows(MemberDaySQL.sold(account, owners)) {
      let (place, sign) = (Place(owner: row.int(0), day: row.day(1)), row.int(4))
      let status = try ReceiptPoints(document: row.bytes(3)).status.units
      sums[place, default: Sum()].amount += sign * row.int(2)
      sums[place, default: Sum()].points += sign * status
    }
    var changed: [Place: Sum] = [:]
    for row in try tx.rows(MemberDaySQL.sums(account, owners)) {
      let place = Place(owner: row.int(0), day: row.day(1))
      let truth = sums[place] ?? Sum()
      if truth != Sum(amount: row.int(2), points: row.int(3)) { changed[place] = truth }
    }
    return changed
  }

  struct Place: Hashable {
    let owner: Int64
    let day: CivilDay
  }

  struct Sum: Hashable {
    var amount: Int64 = 0
    var points: Int64 = 0
  }

  /// The scheduled work, account by account, every minute until it is done; then it costs a read for each.
  public static func chore(
    behind follower: Follower, on database: any Database, now: @escaping @Sendable () -> Instant
  ) -> Chore {
    Chore("member-day-sums", every: .minutes(1)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      guard let account = try await database.read({ tx in try Accounts().all(after: after, limit: 1, in: &tx).first?.id }) else {
        return nil
      }
      let history = MemberDayHistory(of: account, behind: follower)
      for _ in 0..<20 {
        let isMore = try await database.write(.bulk) { tx in try history.step(at: now(), in: &tx) }
        guard isMore else { return "\(account)" }
      }
      return "\(AccountID(account.raw - 1))"
    }
  }
}
