import Access
import Jobs
import Kernel
import Storage

/// What limits do without being asked, beside following what is sold: close blocks that ended, forget old figures.
public struct GuardWork: Sendable {
  let zones: @Sendable (String) -> Zone?

  public init(zones: @escaping @Sendable (String) -> Zone?) { self.zones = zones }

  /// Account by account, every hour.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("guard", every: .hours(1)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      guard let account = try await database.read({ tx in try Accounts().all(after: after, limit: 1, in: &tx).first?.id }) else {
        return nil
      }
      try await database.write(.bulk) { tx in try step(of: account, at: now(), in: &tx) }
      return "\(account)"
    }
  }

  func step(of account: AccountID, at now: Instant, in tx: inout Transaction) throws {
    for programme in try Programmes(of: account, zones: zones).all(in: &tx) {
      _ = try GuardBlocks(of: programme).sweep(at: now, in: &tx)
      let today = programme.settings.points.zone.civil(at: now).day
      for (table, days) in [
        ("guard_day", Limits.guardDays), ("guard_pair", Limits.guardPairDays), ("guard_refusal", Limits.guardPairDays),
      ] {
        try tx.run(GuardSQL.forget(before: today.adding(days: -days), table, programme.id, account))
      }
      let slot = GuardHours.slot(of: now - .days(Limits.guardSlotDays))
      try tx.run(GuardSlotSQL.forget(before: slot, programme.id, account))
    }
  }
}
