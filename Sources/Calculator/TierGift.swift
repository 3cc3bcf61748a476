import Conditions
import Kernel

/// A tier that a promotion gives for a time: "for a purchase of 10 000 a month on gold".
public struct TierGift: Hashable, Sendable {
  /// How long it lasts; by days of the programme's zone, so that it always ends with a day.
  public enum Length: Hashable, Sendable {
    /// The day of the purchase and so many days behind it.
    case days(Int)
    /// To the end of the month, quarter or year in which the purchase was made.
    case through(Accumulator.Period)
  }

  /// The tier's code, for answers, and its id, which members have it by.
  public let code: String
  public let tier: TierID
  public let length: Length

  public init(_ code: String, _ tier: TierID, for length: Length) {
    self.code = code
    self.tier = tier
    self.length = length
  }

  /// The last day on which the member has it.
  public func lastDay(boughtOn day: CivilDay) -> CivilDay {
    switch length {
    case .days(let days): day.adding(days: days)
    case .through(let period): period.next(after: day).adding(days: -1)
    }
  }

  /// When it is over.
  public func end(boughtAt moment: Instant, in zone: Zone) -> Instant {
    zone.instant(lastDay(boughtOn: zone.civil(at: moment).day).adding(days: 1))
  }
}

extension TierGift.Length {
  static var most: Int64 { 3_650 }

  /// `"days": 30` or `"through": "month"` of a reward; nil where it is neither, or both, which is noted.
  init?(_ node: JSONNode) {
    let (days, period) = (node["days"], node["through"])
    guard days.isPresent != period.isPresent else {
      node.refuse(
        "not_one_case", "a tier is given for days or through the end of a month, a quarter or a year: exactly one of them")
      return nil
    }
    if days.isPresent {
      guard let count = days.int(1...Self.most) else { return nil }
      self = .days(Int(count))
      return
    }
    guard let word = period.word(Accumulator.Period.self) else { return nil }
    guard [.month, .quarter, .year].contains(word) else {
      period.refuse("unknown_word", "a tier is given through a month, a quarter or a year")
      return nil
    }
    self = .through(word)
  }

  var member: JSON.Member {
    switch self {
    case .days(let days): JSON.Member("days", .int(Int64(days)))
    case .through(let period): JSON.Member("through", .string(period.rawValue))
    }
  }
}

extension RuleReader {
  /// `{ "tier": "gold", "days": 30 }` or `{ "tier": "gold", "through": "month" }`.
  mutating func tierGift(_ node: JSONNode) -> TierGift? {
    // The one that is not said is no part of it.
    node.expect("tier", node["through"].isPresent && !node["days"].isPresent ? "through" : "days")
    let tier: TierID? = id(.tier, node["tier"])
    let length = TierGift.Length(node)
    guard let tier, let code = node["tier"].code(), let length else { return nil }
    return TierGift(code, tier, for: length)
  }
}

extension RuleWriter {
  func tierGift(_ gift: TierGift) -> JSON { .object([JSON.Member("tier", .string(gift.code)), gift.length.member]) }
}

extension Benefit {
  /// What of it nobody can have who is nobody.
  var needsMember: Bool {
    switch self {
    case .reward(.stamps), .reward(.tier): true
    case .reward, .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .freeUnits, .gift, .giftChoice, .staircase, .bundle,
      .prices,
      .earnRate, .earnPerStep, .earnMultiplier, .earnPerUnit, .earnFixed:
      false
    }
  }
}

extension CalculationForm {
  func tier(_ gift: TierGift, _ out: inout JSONWriter) {
    text("kind", "tier", &out)
    text("tier", gift.code, &out)
    switch gift.length {
    case .days(let days):
      out.key("days")
      out.int(Int64(days))
    case .through(let period): text("through", period.rawValue, &out)
    }
  }
}
