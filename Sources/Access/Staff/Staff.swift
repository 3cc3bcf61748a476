import Kernel
import Storage

/// The staff of one account.
public struct Staff: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Lets somebody sign in, with a password that serves once.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`login_taken`).
  public func add(
    login: String, name: String, role: Role, password: Password, by change: Change, in tx: inout Transaction
  ) throws -> StaffMember {
    let issues = IssueList()
    if !isCode(login) { issues.add("/login", "not_a_code", "a login has 1 to \(Limits.code) bytes and no spaces around it") }
    checkName(name, at: "/name", issues)
    try issues.check("the staff member")
    try takeStructure(of: account, in: &tx)
    let member = StaffMember(
      id: change.id(), login: login, name: name, role: role, mustChange: true, isBlocked: false, madeAt: change.at)
    guard try tx.run(StaffSQL.insert(account, member, password)) == 1 else {
      throw Problem(.conflict, "login_taken", "somebody signs in as \"\(login)\" already; take another login")
    }
    let after = JSON.object(["login": .string(login), "role": .string(role.rawValue)])
    try AuditTrail(of: account).record([.made("staff", member.id, after)], by: change, in: &tx)
    return member
  }

  /// By login.
  public func all(in tx: inout Transaction) throws -> [StaffMember] {
    try tx.rows(StaffSQL.all(account, Limits.bulk)).map(StaffSQL.member)
  }

  /// - Throws: `Problem.notFound`.
  public func set(_ role: Role, of login: String, by change: Change, in tx: inout Transaction) throws {
    let known = try member(login, in: &tx)
    guard known.role != role else { return }
    try tx.enqueue(StaffSQL.setRole(account, known.id, role))
    let note = AuditNote.changed(
      "staff", known.id, from: .object(["role": .string(known.role.rawValue)]), to: .object(["role": .string(role.rawValue)]))
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  /// Whoever is blocked is signed out everywhere. Harmless when repeated. - Throws: `Problem.notFound`.
  public func setBlocked(_ isBlocked: Bool, _ login: String, by change: Change, in tx: inout Transaction) throws {
    let known = try member(login, in: &tx)
    guard known.isBlocked != isBlocked else { return }
    try tx.enqueue(StaffSQL.setBlocked(account, known.id, isBlocked))
    if isBlocked { try Sessions(of: account).endAll(of: known.id, in: &tx) }
    try AuditTrail(of: account).record([.did(isBlocked ? "staff.blocked" : "staff.unblocked", known.id)], by: change, in: &tx)
  }

  /// Another password; set by somebody else it serves for one sign-in. Signs out everywhere.
  /// - Parameter session: stays, where somebody sets their own.
  /// - Throws: `Problem.notFound`.
  public func set(
    _ password: Password, of login: String, mustChange: Bool, keeping session: SessionID? = nil, by change: Change,
    in tx: inout Transaction
  ) throws {
    let known = try member(login, in: &tx)
    try Sessions(of: account).endAll(of: known.id, but: session, in: &tx)
    try tx.enqueue(StaffSQL.setPassword(account, known.id, password, mustChange))
    try AuditTrail(of: account).record([.did("staff.password_set", known.id)], by: change, in: &tx)
  }

  /// The member and the password to compare with; nil where nobody has this login.
  public func find(_ login: String, in tx: inout Transaction) throws -> (StaffMember, Password)? {
    guard let row = try tx.row(StaffSQL.byLogin(account, login)) else { return nil }
    return (try StaffSQL.member(row), Password(stored: row.text(7)))
  }

  private func member(_ login: String, in tx: inout Transaction) throws -> StaffMember {
    guard let found = try find(login, in: &tx) else {
      throw Problem(.notFound, "staff_unknown", "nobody signs in as \"\(login.prefix(Limits.code))\"")
    }
    return found.0
  }
}
