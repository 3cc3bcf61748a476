import Access
import Kernel

/// What is said of a level that members of a programme can have.
public struct TierDetails: Coded {
  public typealias Of = Entity.Tier
  public static var noun: String { "tier" }
  /// Ranks run from 0 up to this.
  public static var highest: Int { 1_000 }

  /// Unique in the programme; rules name the tier by it.
  public let code: String
  public let name: LocalText
  /// The higher is the better: of several tiers granted at one time the highest is the member's. No two tiers share one.
  public let rank: Int

  public init(code: String, name: LocalText, rank: Int) {
    self.code = code
    self.name = name
    self.rank = rank
  }

  public var json: JSON {
    .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "rank": .int(Int64(rank)),
    ])
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    if !(0...Self.highest).contains(rank) {
      issues.add(pointer + "/rank", "out_of_range", "a rank from 0 to \(Self.highest) is expected, not \(rank)")
    }
  }
}

/// A tier that a member was given, for a time. Never changed but by its withdrawal, so that the tier of any day can be told.
public struct TierGrant: Hashable, Sendable {
  public let id: TierGrantID
  public let tier: TierID
  public let since: Instant
  /// From then on it is over; nil: never by itself.
  public let until: Instant?
  public let withdrawnAt: Instant?
  public let reason: String
  /// Who gave it, as the audit trail writes it.
  public let actor: String

  public func isInForce(at time: Instant) -> Bool {
    since <= time && until.map { time < $0 } ?? true && withdrawnAt.map { time < $0 } ?? true
  }
}
