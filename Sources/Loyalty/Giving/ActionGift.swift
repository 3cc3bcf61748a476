import Access
import Kernel

/// Points that a member was given without a purchase. Never changed.
public struct ActionGift: Hashable, Sendable {
  /// Under which gifts for newcomers and those who bring them are kept; no action can have it.
  public static let referral = ":referral"
  /// The same of what whole segments are given; the subject is the action's id.
  public static let bulk = ":bulk"

  public let id: GiftID
  public let member: MemberID
  /// The action's code.
  public let action: String
  /// What it was given for, as whoever told of it calls it.
  public let subject: String
  public let day: CivilDay
  /// Below zero where it was taken back.
  public let points: Points
  public let at: Instant
}

/// What became of an action that somebody told of.
public enum ActionAnswer: Hashable, Sendable {
  case given(ActionGift)
  /// Nothing was given, and nothing is kept of it: told again it is looked at anew.
  case nothing(NothingGiven)
}

/// Why an action brought nothing. The words never change their meaning.
public enum NothingGiven: String, Sendable, CaseIterable {
  case alreadyGiven = "already-given"
  case enoughForNow = "enough-for-now"
  case memberCap = "member-cap"
  case budgetSpent = "budget-spent"
  case stopped
  case notBegun = "not-begun"
  case over
  case otherTier = "other-tier"
  case memberKind = "member-kind"
  case memberBlocked = "member-blocked"
  case guardLimit = "guard-limit"

  public var sentence: LocalText {
    switch self {
    case .alreadyGiven: LocalText(ru: "За это баллы уже даны", en: "Points were given for this before")
    case .enoughForNow:
      LocalText(ru: "За это действие баллы уже даны за этот период", en: "The member has had points for this action in this period")
    case .memberCap:
      LocalText(ru: "Участник получил за это действие всё, что может", en: "The member has had all that this action gives one")
    case .budgetSpent: LocalText(ru: "Бюджет действия исчерпан", en: "The action's budget is spent")
    case .stopped: LocalText(ru: "Баллы за это действие сейчас не дают", en: "The action is stopped")
    case .notBegun: LocalText(ru: "Ещё рано: действие начнётся позже", en: "The action has not begun")
    case .over: LocalText(ru: "Срок действия прошёл", en: "The action is over")
    case .otherTier: LocalText(ru: "Для уровня участника баллов за это нет", en: "The action is not for the member's tier")
    case .memberKind: LocalText(ru: "Участники этого вида баллов не получают", en: "Members of this kind earn nothing")
    case .memberBlocked: LocalText(ru: "Участник заблокирован", en: "The member is blocked")
    case .guardLimit: LocalText(ru: "Достигнут дневной предел участника", en: "The member has reached a limit of the day")
    }
  }
}

/// What an action came to.
public struct ActionFigures: Hashable, Sendable {
  public var gifts: Int64 = 0
  public var members: Int64 = 0
  public var points = Points.zero
  public init() {}
}

/// What an action gave on one day.
public struct ActionDay: Hashable, Sendable {
  public let day: CivilDay
  public let gifts: Int64
  public let points: Points
}
