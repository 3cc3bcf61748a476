import Kernel
import Storage

/// Who is signed in to one account's console.
public struct Sessions: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Begins a session for somebody whose password was right. Their failures are forgotten once nothing more is asked for: with the password
  /// alone nobody may begin to guess codes anew.
  /// - Parameter isProven: no second factor is asked for.
  public func begin(
    for staff: StaffMember, _ secret: SessionSecret, isProven: Bool, by change: Change, in tx: inout Transaction
  ) throws -> Session {
    let session = Session(
      id: change.id(), account: account, staff: staff, isProven: isProven, madeAt: change.at, seenAt: change.at,
      endsAt: change.at + Session.length)
    try tx.enqueue(SessionSQL.insert(session, hash: secret.hash))
    if isProven { try tx.enqueue(SignInSQL.forget(account, staff.id)) }
    try AuditTrail(of: account).record([.did("staff.signed_in", staff.id)], by: change, in: &tx)
    return session
  }

  /// Whose secret it is; nil for nobody's, for one that is over, and while the account is suspended. One indexed read.
  public static func find(_ secret: SessionSecret, at now: Instant, in tx: inout Transaction) throws -> Session? {
    guard let row = try tx.row(SessionSQL.byHash(secret.hash)), !SessionSQL.isSuspended(row) else { return nil }
    let session = try SessionSQL.session(row)
    return session.isLive(at: now) ? session : nil
  }

  /// True where the session's last sign of life is old enough to be worth a write.
  public static func isStale(_ session: Session, at now: Instant) -> Bool { now - session.seenAt >= Session.accuracy }

  public func touch(_ session: Session, at now: Instant, in tx: inout Transaction) throws {
    try tx.enqueue(SessionSQL.touch(account, session.id, now))
  }

  /// The second factor was shown.
  public func prove(_ session: Session, in tx: inout Transaction) throws {
    try tx.enqueue(SessionSQL.prove(account, session.id))
    try tx.enqueue(SignInSQL.forget(account, session.staff.id))
  }

  /// Harmless when repeated.
  public func end(_ session: Session, by change: Change, in tx: inout Transaction) throws {
    guard try tx.run(SessionSQL.end(account, session.id)) == 1 else { return }
    try AuditTrail(of: account).record([.did("staff.signed_out", session.staff.id)], by: change, in: &tx)
  }

  /// Signs somebody out everywhere, but for the session given: after another password, or a block. Another role counts at once without.
  /// - Returns: how many sessions ended.
  @discardableResult public func endAll(of staff: StaffID, but session: SessionID? = nil, in tx: inout Transaction) throws -> Int {
    try tx.run(SessionSQL.endAll(account, staff, but: session))
  }

  /// Signs everybody out.
  public func endAll(in tx: inout Transaction) throws { try tx.enqueue(SessionSQL.endAll(account)) }

  /// What is over can be forgotten. At most `Limits.bulk`; call again until 0.
  public static func forget(before moment: Instant, in tx: inout Transaction) throws -> Int {
    try tx.run(SessionSQL.forget(before: moment, Limits.bulk))
  }
}
