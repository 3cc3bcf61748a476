import Access
import Kernel
import Storage

/// A right that comes with a tier and is not money: delivery out of turn, a lounge, a personal adviser. Whoever grants it asks by the code.
public struct Privilege: Hashable, Sendable {
  /// Unique in the tier.
  public let code: String
  public let name: LocalText

  public init(code: String, name: LocalText) {
    self.code = code
    self.name = name
  }

  var json: JSON {
    .object(["code": .string(code), "ru": .string(name.ru), "en": .string(name.en)])
  }

  /// Reads what is stored.
  /// - Throws: `StorageFailure.damaged`.
  init(stored json: JSON) throws {
    guard case .string(let code)? = json["code"], case .string(let ru)? = json["ru"], case .string(let en)? = json["en"] else {
      throw StorageFailure.damaged("tier.privileges: \(json.compact.prefix(80)) is no privilege")
    }
    self.init(code: code, name: LocalText(ru: ru, en: en))
  }
}

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
  /// All that whoever has the tier may claim, at most `Limits.privileges`: those of lower tiers are named again.
  public let privileges: [Privilege]

  public init(code: String, name: LocalText, rank: Int, privileges: [Privilege] = []) {
    self.code = code
    self.name = name
    self.rank = rank
    self.privileges = privileges
  }

  public var json: JSON {
    .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "rank": .int(Int64(rank)),
      "privileges": .array(privileges.map(\.json)),
    ])
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    if !(0...Self.highest).contains(rank) {
      issues.add(pointer + "/rank", "out_of_range", "a rank from 0 to \(Self.highest) is expected, not \(rank)")
    }
    if privileges.count > Limits.privileges {
      issues.add(pointer + "/privileges", "too_many", "a tier has at most \(Limits.privileges) privileges")
    }
    if Set(privileges.map(\.code)).count < privileges.count {
      issues.add(pointer + "/privileges", "repeated", "two privileges of the tier share a code")
    }
    for (place, privilege) in privileges.enumerated() {
      let place = pointer + "/privileges/\(place)"
      if !isCode(privilege.code) { issues.add(place + "/code", "not_a_code", "a code of 1 to \(Limits.code) bytes is expected") }
      checkName(privilege.name.ru, at: place + "/ru", issues)
      checkName(privilege.name.en, at: place + "/en", issues)
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

  /// Given by the rules of tiers, not by a person or another system; its reason is for machines then.
  public var isByRules: Bool { actor == Actor.ladder.description }

  /// Given by rules, a promotion or a subscription: not by a person, nor by another system.
  public var isByItself: Bool {
    isByRules || actor == Actor.promotions.description || actor == Actor.subscriptions.description
  }

  public init(
    _ id: TierGrantID, of tier: TierID, since: Instant, until: Instant?, because reason: String, by actor: Actor
  ) {
    self.init(
      id: id, tier: tier, since: since, until: until, withdrawnAt: nil, reason: reason, actor: actor.description)
  }

  init(
    id: TierGrantID, tier: TierID, since: Instant, until: Instant?, withdrawnAt: Instant?, reason: String, actor: String
  ) {
    self.id = id
    self.tier = tier
    self.since = since
    self.until = until
    self.withdrawnAt = withdrawnAt
    self.reason = reason
    self.actor = actor
  }

  public func isInForce(at time: Instant) -> Bool {
    since <= time && until.map { time < $0 } ?? true && withdrawnAt.map { time < $0 } ?? true
  }
}

/// What gave a tier where nobody did, as the reason of its grant says it.
public enum TierSource: Hashable, Sendable {
  case promotion(String, ReceiptID)
  /// The plan's code.
  case subscription(String)

  public var reason: String {
    switch self {
    case .promotion(let code, let receipt): "promotion \(code), receipt \(receipt)"
    case .subscription(let code): "subscription \(code)"
    }
  }

  /// Reads what `reason` wrote; nil for other words.
  public init?(_ grant: TierGrant) {
    switch grant.actor {
    case Actor.promotions.description:
      guard grant.reason.hasPrefix("promotion ") else { return nil }
      let parts = grant.reason.dropFirst("promotion ".count).split(separator: ", receipt ")
      guard parts.count > 1, let receipt = parts.last.flatMap({ ReceiptID(String($0)) }) else { return nil }
      self = .promotion(parts.dropLast().joined(separator: ", receipt "), receipt)
    case Actor.subscriptions.description:
      guard grant.reason.hasPrefix("subscription ") else { return nil }
      self = .subscription(String(grant.reason.dropFirst("subscription ".count)))
    default: return nil
    }
  }
}

/// A tier that rules give, in place of one that they gave before.
public struct TierMove: Hashable, Sendable {
  let member: MemberID
  let from: TierGrantID?
  let to: TierID?
  /// When it came to that: may lie some time back.
  let at: Instant
  let reason: String

  public init(_ member: MemberID, from: TierGrantID?, to: TierID?, at instant: Instant, because reason: String) {
    self.member = member
    self.from = from
    self.to = to
    at = instant
    self.reason = reason
  }
}
