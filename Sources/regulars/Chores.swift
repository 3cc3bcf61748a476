import Access
import Jobs
import Kernel
import Loyalty
import Storage

// What is looked at again and again in the background.
extension Chore {
  /// Looks again at shifts that did not tie, every quarter of an hour, programme by programme.
  static func shifts(_ wiring: Wiring) -> Chore {
    let (database, now, zones, ids) = (wiring.database, wiring.world.now, wiring.zoneNamed, wiring.ids)
    return Chore("shifts", every: .minutes(15)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      let next = try await database.read { tx -> (AccountID, [Programme])? in
        guard let account = try Accounts().all(after: after, limit: 1, in: &tx).first else { return nil }
        return (account.id, try Programmes(of: account.id, zones: zones).all(in: &tx))
      }
      guard let (account, programmes) = next else { return nil }
      for programme in programmes {
        try await Shifts(of: account, programme: programme.id, ids: ids).recheck(at: now(), on: database)
      }
      return "\(account)"
    }
  }

  /// Looks for tills that should have been heard from, every ten minutes, account by account.
  static func silentTills(_ wiring: Wiring) -> Chore {
    let (database, now, zones) = (wiring.database, wiring.world.now, wiring.zoneNamed)
    return Chore("silent-tills", every: .minutes(10)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      guard let account = try await database.read({ tx in try Accounts().all(after: after, limit: 1, in: &tx).first?.id }) else {
        return nil
      }
      try await SilentTills(of: account).look(at: now(), zones: zones, on: database)
      return "\(account)"
    }
  }

  /// Forgets the request keys of all accounts that are older than `Limits.requestKeyDays`, once a day, in the order in which they lie.
  static func requestKeys(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("request-keys", every: .days(1)) { cursor in
      let moment = now() - .days(Int64(Limits.requestKeyDays))
      let parts = (cursor ?? "0\t").split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      let known = AccountID(Int64(parts[0]) ?? 0)
      let after = parts.count > 1 ? String(parts[1]) : ""
      return try await database.write(.bulk) { tx in
        if known.raw > 0, let last = try NaturalKeys(of: known).forgetRequests(before: moment, after: after, in: &tx) {
          return "\(known.raw)\t\(last)"
        }
        return try Accounts().all(after: known, limit: 1, in: &tx).first.map { "\($0.id.raw)\t" }
      }
    }
  }
}
