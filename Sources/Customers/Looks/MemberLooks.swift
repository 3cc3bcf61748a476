import Access
import Kernel
import Storage

/// That somebody of the staff looked at a member's data: who, at whom, at what and when.
public struct MemberLook: Hashable, Sendable {
  public enum What: String, Sendable, CaseIterable {
    /// The member's page.
    case card
    /// The form that changes who the member is.
    case form
    /// Everything that is known, as a file.
    case export
  }

  public let id: MemberLookID
  public let member: MemberID
  public let staff: StaffID
  public let what: What
  /// Personal data was shown, not masked.
  public let isFull: Bool
  public let at: Instant
}

/// The register of who looked at whom. Its rows are never changed, and go when they are old.
public struct MemberLooks: Sendable {
  /// Looks of one person at the same thing within such a time are one: a page that is opened again after a form says nothing new.
  public static var together: Span { .minutes(10) }

  let account: AccountID
  let programme: ProgrammeID

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// Writes a look down, unless one like it stands there already. One statement.
  public func record(
    _ what: MemberLook.What, at member: MemberID, by staff: StaffID, isFull: Bool, _ change: Change, in tx: inout Transaction
  ) throws {
    let look = MemberLook(id: change.id(), member: member, staff: staff, what: what, isFull: isFull, at: change.at)
    try tx.run(LookSQL.insert(look, account, programme, together: Self.together))
  }

  /// Latest first, of one person, at one member, or all. One indexed statement.
  public func latest(
    by staff: StaffID? = nil, at member: MemberID? = nil, before: MemberLookID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [MemberLook] {
    let (last, some) = (before ?? MemberLookID(.max), min(max(1, limit), Limits.page))
    return try tx.rows(LookSQL.latest(account, programme, staff, member, before: last, some)).map(LookSQL.look)
  }

  /// Forgets what is older than the moment, some at a time.
  /// - Returns: how many.
  public static func forget(before moment: Instant, limit: Int = Limits.bulk, in tx: inout Transaction) throws -> Int {
    try tx.run(LookSQL.forget(before: moment, limit, tx.dialect))
  }
}
