import Kernel

/// Members who pool points. Everybody keeps an own wallet; whoever may spend pays with their own points first and then with the others'.
public struct Household: Hashable, Sendable {
  public let id: HouseholdID
  /// What its members call it; may be empty.
  public let name: String
  /// Who invites and excludes.
  public let owner: MemberID
  public let spenders: HouseholdSpenders
  public let madeAt: Instant
  /// When it was dissolved; nothing changes in it any more.
  public let endedAt: Instant?

  func owned(by member: MemberID) -> Household {
    Household(id: id, name: name, owner: member, spenders: spenders, madeAt: madeAt, endedAt: endedAt)
  }
}

/// A member's time in a household, from the invitation on.
public struct HouseholdStay: Hashable, Sendable {
  /// How somebody came in.
  public enum Entrance: String, Sendable, CaseIterable {
    /// Founded it.
    case made
    /// Was invited, and agreed with a code sent to their telephone.
    case code
    /// Was invited, and an operator wrote down why they agree.
    case `operator`
    /// Stands for a member who was in it.
    case merge
  }

  public enum End: String, Sendable, CaseIterable {
    case left, excluded, dissolved
    /// Of an invitation: the member did not want to; the owner took it back; nobody answered in time.
    case declined, withdrawn, lapsed
    /// Another member stands for this one now.
    case merged
    case erased
  }

  public let id: HouseholdStayID
  public let household: HouseholdID
  public let member: MemberID
  public let invitedAt: Instant
  public let invitationEnds: Instant
  public let joinedAt: Instant?
  public let entrance: Entrance?
  public let leftAt: Instant?
  public let end: End?
  /// What an operator said about the end, or about an entrance without a code.
  public let reason: String?

  public var isMember: Bool { joinedAt != nil && leftAt == nil }
  /// An invitation that still can be accepted.
  public func isInvited(at now: Instant) -> Bool { joinedAt == nil && leftAt == nil && now < invitationEnds }
}

/// How a member agrees to join.
public enum HouseholdConsent: Hashable, Sendable {
  /// A code for no points that was sent to the member and typed in.
  case code(ConfirmationID)
  case told(reason: String)
}

/// A household as it stands: its members, and who was invited.
public struct HouseholdStanding: Hashable, Sendable {
  public let household: Household
  /// Who is in it or was asked to be, in the order in which they were asked.
  public let stays: [HouseholdStay]

  public var members: [HouseholdStay] { stays.filter(\.isMember) }
  public func invited(at now: Instant) -> [HouseholdStay] { stays.filter { $0.isInvited(at: now) } }
  func stay(of member: MemberID) -> HouseholdStay? { stays.first { $0.member == member } }
}

/// What a household has together: whose wallet has what others may pay with.
public struct HouseholdPool: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public let member: MemberID
    public let balance: Balance
    /// Good for everything and not set aside.
    public let lendable: Points
  }

  public let parts: [Part]
  /// What its members could spend together.
  public var total: Points { parts.reduce(.zero) { $0 + $1.lendable } }
}
