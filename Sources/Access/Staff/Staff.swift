import Kernel
import Storage

/// The staff of one account.
public struct Staff: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Lets somebody sign in, with a password that serves once; one that is nobody's (`Password.decoy`) keeps them out until they set their
  /// own by a letter.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`login_taken`).
  public func add(
    login: String, name: String, role: Role, mail: Email? = nil, password: Password, by change: Change, in tx: inout Transaction
  ) throws -> StaffMember {
    let issues = IssueList()
    if !isCode(login) { issues.add("/login", "not_a_code", "a login has 1 to \(Limits.code) bytes and no spaces around it") }
    checkName(name, at: "/name", issues)
    try issues.check("the staff member")
    try takeStructure(of: account, in: &tx)
    let member = StaffMember(
      id: change.id(), login: login, name: name, role: role, mustChange: true, isBlocked: false, madeAt: change.at, mail: mail)
    guard try tx.run(StaffSQL.insert(account, member, password)) == 1 else {
      throw Problem(.conflict, "login_taken", "somebody signs in as \"\(login)\" already; take another login")
    }
    let after = JSON.object(["login": .string(login), "role": .string(role.rawValue), "hasMail": .bool(mail != nil)])
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
    if isBlocked {
      try Sessions(of: account).endAll(of: known.id, in: &tx)
      try tx.enqueue(StaffLinkSQL.end(account, known.id))
    }
    try AuditTrail(of: account).record([.did(isBlocked ? "staff.blocked" : "staff.unblocked", known.id)], by: change, in: &tx)
  }

  /// Where letters to somebody go from now on; nil: none are sent. Links in letters sent before open nothing any more.
  /// - Throws: `Problem.notFound`.
  public func set(_ mail: Email?, of login: String, by change: Change, in tx: inout Transaction) throws {
    let known = try member(login, in: &tx)
    guard known.mail != mail else { return }
    try tx.enqueue(StaffSQL.setMail(account, known.id, mail))
    try tx.enqueue(StaffLinkSQL.end(account, known.id))
    // That it changed, and not to what: the trail names nobody.
    let note = AuditNote.did("staff.mail_set", known.id, after: .object(["hasMail": .bool(mail != nil)]))
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }

  /// Everybody whose letters go to this address; five at most.
  func all(with mail: Email, in tx: inout Transaction) throws -> [StaffMember] {
    try tx.rows(StaffSQL.byMail(account, mail, 5)).map(StaffSQL.member)
  }

  /// Nil where there is nobody of this id.
  public func member(_ id: StaffID, in tx: inout Transaction) throws -> StaffMember? {
    try tx.row(StaffSQL.byID(account, id)).map(StaffSQL.member)
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
