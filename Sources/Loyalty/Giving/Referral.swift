import Access
import Kernel

/// Somebody who was brought by a member.
public struct Referral: Hashable, Sendable {
  /// Stored; the words never change their meaning.
  public enum State: String, Sendable, CaseIterable {
    /// The code was named; a purchase is waited for.
    case named
    /// A purchase is there; it is waited until it cannot come back.
    case bought
    /// Both have their points.
    case paid
    /// Nothing comes of it.
    case refused
    /// The purchase came back after the points had been given: they were taken back.
    case takenBack = "taken-back"
  }

  public let newcomer: MemberID
  public let referrer: MemberID
  public let namedAt: Instant
  public let state: State
  public let reason: ReferralRefusal?
  public let receipt: ReceiptID?
  /// When it is looked at next.
  public let dueAt: Instant?
  public let paidAt: Instant?
  /// What each was given; less than the settings say where a cap or a limit of the guard stood against it.
  public let referrerPoints: Points
  public let newcomerPoints: Points
}

/// Why somebody is not brought by a member. The words never change their meaning.
public enum ReferralRefusal: String, Sendable, CaseIterable {
  case oneself = "referral_oneself"
  case tooLate = "referral_too_late"
  case hasBought = "referral_has_bought"
  /// Cards without a person, employees, companies, tests.
  case memberKind = "referral_member_kind"
  /// Blocked or erased, one of the two.
  case notActive = "referral_not_active"
  /// The newcomer has been here before: an identifier of somebody else's, one who was merged, a likely duplicate.
  case oldMember = "referral_old_member"
  /// Whoever brings was brought by the newcomer.
  case circle = "referral_circle"
  case cap = "referral_cap"
  case stopped = "referral_stopped"

  public var sentence: LocalText {
    switch self {
    case .oneself: LocalText(ru: "Пригласить самого себя нельзя", en: "Nobody brings themselves")
    case .tooLate: LocalText(ru: "Назвать код нужно было раньше", en: "The code had to be named sooner after joining")
    case .hasBought: LocalText(ru: "Код называют до первой покупки", en: "The code is named before the first purchase")
    case .memberKind: LocalText(ru: "Приглашают и приходят только люди", en: "Only persons bring and are brought")
    case .notActive: LocalText(ru: "Карта заблокирована или стёрта", en: "The card is blocked or erased")
    case .oldMember: LocalText(ru: "Этот человек уже был участником", en: "The newcomer has been a member before")
    case .circle: LocalText(ru: "Пригласивший сам пришёл от новичка", en: "Whoever brings was brought by the newcomer")
    case .cap: LocalText(ru: "Пригласивший получил всё, что можно за период", en: "Whoever brings has had all that a period gives")
    case .stopped: LocalText(ru: "Приглашения сейчас не принимают", en: "Nobody is brought now")
    }
  }

  var problem: Problem { Problem(.conflict, rawValue, sentence.en, cashier: sentence) }
}

/// What came of bringing somebody, for a report.
public struct ReferralLine: Hashable, Sendable {
  public let referral: Referral
  /// What the newcomer paid since, less what came back, and on how many days.
  public let paid: Money
  public let days: Int64
}

/// All who were brought, as they stand.
public struct ReferralFigures: Hashable, Sendable {
  public var count: [Referral.State: Int64] = [:]
  /// To both, less what was taken back.
  public var points = Points.zero

  public init() {}

  public var all: Int64 { count.values.reduce(0, +) }
}
