import Access
import Customers
import Jobs
import Kernel
import Storage

/// What subscriptions do without being asked: they end, tell ahead that they will, and learn what their tier saved their members.
public struct SubscriptionWork: Sendable {
  static let page = 200
  static let pages = 8

  let zones: @Sendable (String) -> Zone?
  let ids: IDSource

  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    self.zones = zones
    self.ids = ids
  }

  private func change(_ now: Instant) -> Change { Change(by: .subscriptions, at: now, ids: ids) }

  /// The scheduled work, account by account, every minute. One account that cannot be done is reported and holds up no other.
  public func chore(
    on database: any Database, now: @escaping @Sendable () -> Instant, telling tell: @escaping @Sendable (WorkNote) -> Void
  ) -> Chore {
    Chore("subscriptions", every: .minutes(1)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      guard let account = try await database.read({ tx in try Accounts().all(after: after, limit: 1, in: &tx).first?.id }) else {
        return nil
      }
      do {
        for _ in 0..<Self.pages {
          guard try await step(of: account, at: now(), on: database) else { return "\(account)" }
        }
        return "\(AccountID(account.raw - 1))"
      } catch {
        tell(.failed("subscriptions of account \(account)", error, again: .minutes(1)))
        return "\(account)"
      }
    }
  }

  /// A page of those that are due, and of savings that nobody has looked at, of each programme. Each member is a transaction of its own.
  /// - Returns: true where more is to be done now.
  public func step(of account: AccountID, at now: Instant, on database: any Database) async throws -> Bool {
    var isMore = false
    let programmes = try await database.read { tx in
      try Programmes(of: account, zones: zones).all(in: &tx).filter { !$0.settings.subscriptions.isEmpty }
    }
    for programme in programmes {
      let due = try await database.read { tx in
        try tx.rows(SubscriptionSQL.due(account, programme.id, now, Self.page)).map(SubscriptionSQL.subscription)
      }
      for one in due {
        try await database.write(.bulk) { tx in try look(at: one, programme, at: now, in: &tx) }
      }
      let looked = try await database.write(.bulk) { tx in try sortSavings(of: programme, in: &tx) }
      isMore = isMore || due.count == Self.page || looked == Self.page
    }
    return isMore
  }

  private func look(at due: Subscription, _ programme: Programme, at now: Instant, in tx: inout Transaction) throws {
    let (subscriptions, change) = (Subscriptions(of: programme, ids: ids), change(now))
    // The member's wallet first, as tills do.
    _ = try Wallets(of: programme, ids: ids).open(due.member.raw, at: now, in: &tx)
    guard var one = try subscriptions.one(due.plan, of: due.member, &tx), let moment = one.due, moment <= now else { return }
    if one.isActive(at: now), one.noticed != one.ends, now < one.ends {
      one.noticed = one.ends
      try tx.run(SubscriptionSQL.save(one, programme.account, programme.id))
      try subscriptions.put(.subscriptionEnding, one, by: change, &tx)
    }
    try subscriptions.settle(due.plan, of: due.member, by: change, in: &tx)
  }

  /// Says of which plan's subscriber a saving was, and removes those of members who had the tier otherwise.
  private func sortSavings(of programme: Programme, in tx: inout Transaction) throws -> Int {
    let rows = try tx.rows(SubscriptionSQL.unknownSavings(programme.account, programme.id, Self.page))
    guard !rows.isEmpty else { return 0 }
    let subscriptions = Subscriptions(of: programme, ids: ids)
    let survivors = try programme.merges.survivors(of: Array(Set(rows.map { $0.id(0) as MemberID })), in: &tx)
    for row in rows {
      let (owner, receipt, tier, at): (Int64, ReceiptID, TierID, Instant) = (row.int(0), row.id(1), row.id(2), row.instant(3))
      let member = survivors[MemberID(owner)] ?? MemberID(owner)
      let plan = try subscriptions.all(of: member, in: &tx).first { one in
        one.tier == tier && one.since <= at && at < (one.state == .cancelled ? min(one.until, one.changedAt) : one.until)
      }?.plan
      if let plan {
        try tx.enqueue(SubscriptionSQL.setPlan(programme.account, owner, receipt, plan))
      } else {
        try tx.enqueue(SubscriptionSQL.removeSaving(programme.account, owner, receipt))
      }
    }
    return rows.count
  }
}
