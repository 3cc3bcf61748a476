import Crypto
import Kernel

/// A code that was sent to a member's phone, so that they can agree to something at the till.
public struct Confirmation: Hashable, Sendable {
  /// What the member agrees to. A code for one thing agrees to nothing else.
  public enum Purpose: String, Sendable {
    case spending, household
    /// Giving points to another member.
    case transfer
  }

  public let id: ConfirmationID
  public let member: MemberID
  public let store: StoreID
  /// The most points that may be spent or given with it; none of a code by which a member agrees to join a household.
  public let points: Points
  public let purpose: Purpose
  /// Enough of the number to recognise it.
  public let sentTo: String
  public let endsAt: Instant
  public let verifiedAt: Instant?
  public let triesLeft: Int

  /// True where it allows spending so many points now.
  public func allows(_ spent: Points, of member: MemberID, at now: Instant) -> Bool {
    verifiedAt != nil && self.member == member && purpose == .spending && spent <= points && now < endsAt
  }

  /// True where it allows giving so many points to another member now.
  public func allowsGiving(_ given: Points, by member: MemberID, at now: Instant) -> Bool {
    verifiedAt != nil && self.member == member && purpose == .transfer && given <= points && now < endsAt
  }
}

/// What goes to the member. It exists until it is sent; only a hash of the code is kept.
public struct ConfirmationMessage: Hashable, Sendable {
  public let id: ConfirmationID
  public let account: AccountID
  public let programme: ProgrammeID
  public let member: MemberID
  public let phone: String
  public let code: String
  public let points: Points
  public let purpose: Confirmation.Purpose

  /// - Parameter purpose: nil: to spend points, or to join a household where there are none.
  public init(
    id: ConfirmationID, account: AccountID, programme: ProgrammeID, member: MemberID, phone: String, code: String, points: Points,
    purpose: Confirmation.Purpose? = nil
  ) {
    self.purpose = purpose ?? (points > .zero ? .spending : .household)
    self.id = id
    self.account = account
    self.programme = programme
    self.member = member
    self.phone = phone
    self.code = code
    self.points = points
  }

  /// What a text message says.
  public func text(points spoken: String) -> LocalText {
    switch purpose {
    case .household:
      LocalText(
        ru: "Код для вступления в семью: \(code). Назовите его, если согласны.",
        en: "Your code to join the household: \(code). Tell it if you agree.")
    case .spending:
      LocalText(
        ru: "Код для списания баллов (до \(spoken)): \(code). Назовите его кассиру.",
        en: "Your code to spend up to \(spoken) points: \(code). Tell it to the cashier.")
    case .transfer:
      LocalText(
        ru: "Код, чтобы отдать до \(spoken) баллов другому участнику: \(code). Никому его не говорите, если не отдаёте баллы.",
        en: "Your code to give up to \(spoken) points to another member: \(code). Tell nobody unless you mean to give them.")
    }
  }

  /// Four digits, evenly spread.
  /// - Parameter random: bits that nobody can guess.
  public static func code(random: () -> UInt64) -> String {
    // 2⁶⁴ is no multiple of 10,000; what lies beyond the last whole one is drawn again, so that no code is likelier than another.
    var bits = random()
    while bits >= UInt64.max - UInt64.max % 10_000 { bits = random() }
    let text = String(bits % 10_000)
    return String(repeating: "0", count: 4 - text.count) + text
  }

  static func hash(_ code: String, of id: ConfirmationID) -> String {
    hexText(Array(SHA256.hash(data: Array("\(id) \(code)".utf8))))
  }
}

private func hexText(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// How often one may ask for codes and guess them. Four digits stand against guessing only because few guesses are allowed.
public struct ConfirmationLimits: Hashable, Sendable {
  /// How long a code can be typed, and how long it allows spending afterwards.
  public var life: Span = .minutes(10)
  /// Wrong guesses of one code.
  public var tries = 5
  /// Codes of one member in `window`.
  public var codes = 3
  /// Wrong guesses of one member in `window`, over all codes.
  public var guesses = 10
  public var window: Span = .hours(1)

  public init() {}
}
