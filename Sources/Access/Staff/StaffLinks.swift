import Kernel
import Storage

/// The links in letters to one account's staff.
public struct StaffLinks: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Makes a link; one made before for the same purpose opens nothing any more.
  @discardableResult
  public func make(
    _ purpose: StaffLink.Purpose, for staff: StaffID, _ secret: LinkSecret, by change: Change, in tx: inout Transaction
  ) throws -> StaffLink {
    let link = StaffLink(
      id: change.id(), account: account, staff: staff, purpose: purpose, madeAt: change.at, endsAt: change.at + purpose.life)
    try tx.enqueue(StaffLinkSQL.end(account, staff, purpose))
    try tx.enqueue(StaffLinkSQL.insert(link, hash: secret.hash))
    try AuditTrail(of: account).record([.did("staff.link_sent", staff, after: Self.json(purpose))], by: change, in: &tx)
    return link
  }

  /// Whose link it is; nil for nobody's, for one that is over, and where its bearer may not come in. Three reads by key.
  public static func find(
    _ secret: LinkSecret, at now: Instant, in tx: inout Transaction
  ) throws -> (link: StaffLink, member: StaffMember)? {
    guard let link = try tx.row(StaffLinkSQL.byHash(secret.hash)).map(StaffLinkSQL.link), now < link.endsAt,
      try !Accounts().account(link.account, in: &tx).isSuspended,
      let member = try Staff(of: link.account).member(link.staff, in: &tx), !member.isBlocked
    else { return nil }
    return (link, member)
  }

  /// Sets the password of whoever shows the secret. All their links and sessions end, and their failures at the door are forgotten; a second
  /// factor stays.
  /// - Returns: nil where the link opens nothing (any more).
  public static func use(
    _ secret: LinkSecret, setting password: Password, ids: IDSource, at now: Instant, in tx: inout Transaction
  ) throws -> StaffMember? {
    guard let (link, member) = try find(secret, at: now, in: &tx) else { return nil }
    let change = Change(by: Actor(.staff, member.login) ?? .background, at: now, ids: ids)
    try tx.enqueue(StaffLinkSQL.end(link.account, member.id))
    try tx.enqueue(SignInSQL.forget(link.account, member.id))
    try Staff(of: link.account).set(password, of: member.login, mustChange: false, by: change, in: &tx)
    try AuditTrail(of: link.account).record([.did("staff.link_used", member.id, after: json(link.purpose))], by: change, in: &tx)
    return member
  }

  /// Somebody's links, also those that are over and not yet forgotten.
  public func all(of staff: StaffID, in tx: inout Transaction) throws -> [StaffLink] {
    try tx.rows(StaffLinkSQL.all(account, staff)).map(StaffLinkSQL.link)
  }

  /// Of the whole staff.
  public func all(in tx: inout Transaction) throws -> [StaffLink] {
    try tx.rows(StaffLinkSQL.all(account, Limits.bulk)).map(StaffLinkSQL.link)
  }

  /// What was over before the moment can be forgotten. At most `Limits.bulk`; call again until 0.
  public static func forget(before moment: Instant, in tx: inout Transaction) throws -> Int {
    try tx.run(StaffLinkSQL.forget(before: moment, Limits.bulk))
  }

  private static func json(_ purpose: StaffLink.Purpose) -> JSON { .object(["purpose": .string(purpose.rawValue)]) }
}
