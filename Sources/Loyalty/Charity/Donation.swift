import Access
import Kernel

/// Points that a member gave to a charity.
public struct Donation: Hashable, Sendable {
  public let id: DonationID
  public let giver: MemberID
  /// The charity's code.
  public let charity: String
  public let points: Points
  /// Of the programme's clock.
  public let day: CivilDay
  public let at: Instant
  public let actor: String
  /// When it was taken back, and by whom; nil where it stands.
  public let undone: Undoing?

  public struct Undoing: Hashable, Sendable {
    public let at: Instant
    public let actor: String
    public let reason: String
  }
}

/// What a charity was given in all.
public struct CharityFigures: Hashable, Sendable {
  public var donations: Int64 = 0
  public var points = Points.zero
  public init() {}

  /// In tenths of a percent of the target, 1000 at the most; nil without one.
  public func permille(of target: Points?) -> Int64? {
    guard let target, target > .zero else { return nil }
    return points >= target ? 1_000 : scaled(points.units, by: 1_000, over: target.units, .down)
  }
}

/// What a charity was given over some days, and what the programme pays for it. Says nothing about anybody.
public struct CharityStatement: Hashable, Sendable {
  public struct Day: Hashable, Sendable {
    public let day: CivilDay
    public let donations: Int64
    public let points: Points
    /// At what a point pays in the programme, rounded half up.
    public let money: Money
  }

  public let charity: Charity
  public let span: ClosedRange<CivilDay>
  /// Days without anything left out.
  public let days: [Day]
  /// Different members.
  public let givers: Int64
  /// What a whole point was worth when this was made.
  public let pointValue: Money

  public var donations: Int64 { days.reduce(0) { $0 + $1.donations } }
  public var points: Points { days.reduce(.zero) { $0 + $1.points } }
  /// The sum of the days, so that a reader who adds them up finds the same.
  public var money: Money { days.reduce(.zero) { $0 + $1.money } }
}

enum CharityProblem {
  private static func refusal(_ kind: Problem.Kind, _ code: String, _ message: String, _ ru: String, _ en: String) -> Problem {
    Problem(kind, code, message, cashier: LocalText(ru: ru, en: en))
  }

  static func unknown(_ code: String) -> Problem {
    refusal(
      .notFound, "charity_unknown", "the programme gives to no charity \"\(code.prefix(Limits.code))\"",
      "Такого фонда в программе нет",
      "The programme has no such charity")
  }

  static var closed: Problem {
    refusal(
      .conflict, "charity_closed", "the charity takes no points now: it is stopped, has not begun, or is over",
      "Сбор сейчас закрыт", "No points are taken for it now")
  }

  static var blocked: Problem {
    refusal(
      .conflict, "giver_blocked", "the giver is blocked, or what they may do is stopped here",
      "Карта участника заблокирована: отдать баллы нельзя", "The member's card is blocked: no points can be given")
  }

  static var kind: Problem {
    refusal(
      .conflict, "giver_kind", "members of this kind spend no points", "С такой карты баллы не отдают",
      "No points are given from such a card")
  }

  static var notProved: Problem {
    refusal(
      .conflict, "giver_not_proved", "a number that was only typed proves nobody; show the card or the app, or send a code",
      "Номера мало: нужна карта, приложение или код из СМС", "A number is not enough: show the card or the app, or use a code")
  }

  static var nothing: Problem {
    refusal(
      .invalid, "donation_amount", "points above nought are given", "Укажите, сколько баллов отдать", "Say how many points to give")
  }

  static func lacking(_ has: String, _ wants: String) -> Problem {
    refusal(
      .conflict, "insufficient_points", "\(wants) points were asked for, \(has) are available",
      "Недостаточно баллов: отдать можно \(has)", "Not enough points: \(has) can be given")
  }

  static func donationUnknown(_ id: DonationID) -> Problem {
    refusal(
      .notFound, "donation_unknown", "the member has no donation \(id)", "Такого пожертвования нет", "There is no such donation")
  }

  static var late: Problem {
    refusal(
      .conflict, "donation_too_old", "a donation is taken back on its own day, before it stands in a statement",
      "Отменить пожертвование можно только в тот же день", "A donation can be taken back on the same day only")
  }
}
