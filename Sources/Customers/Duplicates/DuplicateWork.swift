import Access
import Conditions
import Jobs
import Kernel
import Storage

/// What finds members who may be one person without being asked: it follows who comes and changes, and goes once through everybody who was
/// there before.
public enum DuplicateWork {
  /// Looks at whoever these events are about.
  public static func take(_ events: [Event], of account: AccountID, at now: Instant, in tx: inout Transaction) throws {
    let members = events.flatMap { event -> [MemberID] in
      switch event.kind {
      case .memberJoined, .memberChanged, .memberErased, .identifierAttached, .identifierDetached: [MemberID(event.owner)]
      case .memberMerged, .memberUnmerged: [MemberID(event.owner), MemberID(event.subject)]
      default: []
      }
    }
    try look(at: members, of: account, now: now, in: &tx)
  }

  private static func look(
    at members: [MemberID], of account: AccountID, now: Instant, in tx: inout Transaction
  ) throws {
    let all = Set(members).sorted()
    for start in stride(from: 0, to: all.count, by: Duplicates.page) {
      let some = Array(all[start..<min(start + Duplicates.page, all.count)])
      var groups: [ProgrammeID: [MemberID]] = [:]
      for row in try tx.rows(DuplicateSQL.programmes(account, some)) { groups[row.id(1), default: []].append(row.id(0)) }
      for (programme, ids) in groups.sorted(by: { $0.key < $1.key }) {
        try Duplicates(of: account, programme: programme).look(at: ids, now: now, in: &tx)
      }
    }
  }

  private static func checkpoints(of account: AccountID) -> Checkpoints { Checkpoints(of: account, for: "duplicates") }

  /// Looks at the next of those who were there before anybody looked.
  /// - Returns: false where all of a programme's members were looked at.
  public static func step(
    of account: AccountID, _ programme: ProgrammeID, at now: Instant, in tx: inout Transaction
  ) throws -> Bool {
    let done = try checkpoints(of: account).find("\(programme)", in: &tx)
    if done?.isDone ?? false { return false }
    var last: Int64 = 0
    if case .int(let known)? = done?.state["last"] { last = known }
    let next = try Members(of: account, programme: programme).all(after: MemberID(last), limit: Duplicates.page, in: &tx)
    try Duplicates(of: account, programme: programme).look(at: next.map(\.id), now: now, in: &tx)
    let state: JSON = .object(["last": .int(next.last?.id.raw ?? last)])
    _ = try checkpoints(of: account).reach(
      state, isDone: next.count < Duplicates.page, key: "\(programme)", after: done?.step, at: now, in: &tx)
    return next.count == Duplicates.page
  }

  /// True where everybody of a programme was looked at.
  public static func isDone(of account: AccountID, _ programme: ProgrammeID, in tx: inout Transaction) throws -> Bool {
    try checkpoints(of: account).find("\(programme)", in: &tx)?.isDone ?? false
  }

  /// The scheduled work, account by account, every minute until it is done; then it costs a read for each programme.
  /// - Parameter programmes: of an account.
  public static func chore(
    on database: any Database, now: @escaping @Sendable () -> Instant,
    programmes: @escaping @Sendable (AccountID, inout Transaction) throws -> [ProgrammeID]
  ) -> Chore {
    Chore("duplicates", every: .minutes(1)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      let found = try await database.read { tx -> (AccountID, [ProgrammeID])? in
        guard let account = try Accounts().all(after: after, limit: 1, in: &tx).first?.id else { return nil }
        return (account, try programmes(account, &tx))
      }
      guard let (account, all) = found else { return nil }
      for programme in all {
        for _ in 0..<20 {
          let isMore = try await database.write(.bulk) { tx in try step(of: account, programme, at: now(), in: &tx) }
          guard isMore else { break }
        }
      }
      let isWhole = try await database.read { tx in try all.allSatisfy { try Self.isDone(of: account, $0, in: &tx) } }
      return isWhole ? "\(account)" : "\(AccountID(account.raw - 1))"
    }
  }
}

extension MemberKind {
  /// People and cards that belong to somebody, against a company's, a shop's own and those of tests.
  var isSomebody: Bool { self == .person || self == .anonymous || self == .employee }
}
