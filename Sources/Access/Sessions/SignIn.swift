import Kernel
import Storage

/// Somebody at the door: found by login, not yet let in.
public struct Candidate: Sendable {
  public let member: StaffMember
  /// Comparing takes 50 ms on purpose; do it outside transactions.
  public let password: Password
  /// Nil where the door is open.
  public let closedUntil: Instant?
  /// A second factor is asked for.
  public let hasFactor: Bool
}

/// The door of one account's console: who may try, how often, and with what second factor.
public struct SignIn: Sendable {
  /// So many failures in a row close the door for a while.
  public static let tries = 5
  public static let closed = Span.minutes(15)

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Nil where nobody has this login. Two indexed reads.
  public func candidate(_ login: String, at now: Instant, in tx: inout Transaction) throws -> Candidate? {
    guard let (member, password) = try Staff(of: account).find(login, in: &tx), !member.isBlocked,
      try !Accounts().account(account, in: &tx).isSuspended
    else { return nil }
    let (closedUntil, hasFactor) = try state(of: member.id, at: now, in: &tx)
    return Candidate(member: member, password: password, closedUntil: closedUntil, hasFactor: hasFactor)
  }

  /// Until when the door is closed for somebody, nil where it is open; and whether they have a second factor.
  public func state(
    of staff: StaffID, at now: Instant, in tx: inout Transaction
  ) throws -> (closedUntil: Instant?, hasFactor: Bool) {
    guard let row = try tx.row(SignInSQL.state(account, staff)) else { return (nil, false) }
    return (row.instantOrNil(0).flatMap { now < $0 ? $0 : nil }, row.bool(1))
  }

  /// Notes a failure, of the password or of the second factor.
  /// - Returns: how many tries are left before the door closes; 0 where it has just closed.
  public func refuse(_ staff: StaffMember, by change: Change, in tx: inout Transaction) throws -> Int {
    let failures = Int(try tx.row(SignInSQL.fail(account, staff.id))?.int(0) ?? 1)
    guard failures >= Self.tries else { return Self.tries - failures }
    try tx.enqueue(SignInSQL.close(account, staff.id, until: change.at + Self.closed))
    try AuditTrail(of: account).record([.did("staff.door_closed", staff.id)], by: change, in: &tx)
    return 0
  }

  /// The sealed secret of somebody's second factor, and the last step whose code was used; nil where there is none.
  public func factor(of staff: StaffID, in tx: inout Transaction) throws -> (sealed: String, used: Int64)? {
    guard let row = try tx.row(SignInSQL.factor(account, staff)) else { return nil }
    return (row.text(0), row.int(1))
  }

  /// Spends a code. - Returns: false where a code of this step or a later one was used already.
  public func use(_ step: Int64, of staff: StaffID, in tx: inout Transaction) throws -> Bool {
    try tx.run(SignInSQL.use(account, staff, step)) == 1
  }

  /// From now on this second factor is asked for; its owner has just shown a code of it.
  /// - Parameter sealed: under a `KeyRing`, for the place `place(of:)`.
  public func set(_ sealed: String, used step: Int64, of staff: StaffID, by change: Change, in tx: inout Transaction) throws {
    try tx.enqueue(SignInSQL.setFactor(account, staff, sealed, step, change.at))
    try AuditTrail(of: account).record([.did("staff.factor_set", staff)], by: change, in: &tx)
  }

  /// Harmless when repeated.
  public func dropFactor(of staff: StaffID, by change: Change, in tx: inout Transaction) throws {
    guard try tx.run(SignInSQL.dropFactor(account, staff)) == 1 else { return }
    try AuditTrail(of: account).record([.did("staff.factor_dropped", staff)], by: change, in: &tx)
  }

  /// Seals everybody's second factor under the first key, after a new one was put in front.
  /// - Returns: the last one looked at, to go on from; nil when all are sealed.
  /// - Throws: `SealBroken` where a secret opens with none of the keys.
  public static func reseal(after: StaffID?, with keys: KeyRing, in tx: inout Transaction) throws -> StaffID? {
    let rows = try tx.rows(SignInSQL.sealed(after: after ?? StaffID(0), Limits.page))
    for row in rows where !keys.isFresh(row.text(2)) {
      let (staff, account): (StaffID, AccountID) = (row.id(0), row.id(1))
      let secret = try keys.open(row.text(2), for: place(of: staff))
      try tx.run(SignInSQL.reseal(account, staff, try keys.seal(secret, for: place(of: staff))))
    }
    return rows.last?.id(0)
  }

  /// What the secret of somebody's second factor belongs to.
  public static func place(of staff: StaffID) -> String { "staff \(staff.raw)" }
}
