import Conditions
import Kernel

/// A card that fills with stamps: "every sixth coffee is free". What a full one is good for is said by promotions that take its stamps.
public struct StampCard: Hashable, Sendable {
  /// How long stamps stay on the card; by the store's business days.
  public enum Life: Hashable, Sendable {
    case forever
    /// So many days after the last stamp all of them go.
    case days(Int)
    /// Through the end of the month, quarter or year in which they were put on.
    case through(Accumulator.Period)
    /// Through this day.
    case until(CivilDay)
  }

  /// Promotions name it by its code, and a member's stamps are kept under it: it never changes.
  public let code: String
  public var name: LocalText
  /// How many fill it.
  public var stamps: Int64
  public var life: Life
  public var mostPerReceipt: Int64?
  public var mostPerDay: Int64?
  /// Stamps beyond a full card count towards the next.
  public var countsOn: Bool
  /// Under which a member's stamps are kept.
  public let tally: PromotionID

  public init(
    code: String, name: LocalText, stamps: Int64, life: Life = .forever, mostPerReceipt: Int64? = nil, mostPerDay: Int64? = nil,
    countsOn: Bool = true
  ) {
    self.code = code
    self.name = name
    self.stamps = stamps
    self.life = life
    self.mostPerReceipt = mostPerReceipt
    self.mostPerDay = mostPerDay
    self.countsOn = countsOn
    tally = StampTally.id(of: code)
  }

  /// The last day on which stamps live whose latest was put on at this day; nil: without end.
  public func lastDay(after day: CivilDay) -> CivilDay? {
    switch life {
    case .forever: nil
    case .days(let days): day.adding(days: days)
    case .through(let period): period.next(after: day).adding(days: -1)
    case .until(let last): last
    }
  }
}

extension Accumulator.Period {
  /// The first day of the period behind the one that a day lies in.
  func next(after day: CivilDay) -> CivilDay {
    // Whichever day of the period, so many days on lies in the next and in none behind it.
    let days =
      switch self {
      case .day: 1
      case .week: 7
      case .month: 31
      case .quarter: 92
      case .year: 366
      case .always: 3_650_000
      }
    return start(of: start(of: day).adding(days: days))
  }
}

/// Stamps that a promotion takes each time it applies.
public struct StampTake: Hashable, Sendable {
  /// The card's code.
  public var card: String
  public var stamps: Int64
  public init(card: String, stamps: Int64) {
    self.card = card
    self.stamps = stamps
  }
}

/// Stamps that a promotion puts on a card.
public struct StampGrant: Hashable, Sendable {
  public enum Measure: Hashable, Sendable {
    case receipt
    /// Each whole unit of the goods that is paid for.
    case unit
    /// Each full step of what is paid for the goods.
    case step(Money)
  }

  /// The card's code.
  public var card: String
  public var stamps: Int64
  public var per: Measure
  public init(card: String, stamps: Int64, per: Measure = .receipt) {
    self.card = card
    self.stamps = stamps
    self.per = per
  }
}

/// What a receipt does to a member's card.
public struct StampMove: Hashable, Sendable {
  /// The card's code.
  public var card: String
  /// How many fill it.
  public var size: Int64
  /// Below nothing where stamps are owed: what is given makes up for that first.
  public var had: Int64
  public var given: Int64
  public var taken: Int64

  public init(card: String, size: Int64, had: Int64, given: Int64, taken: Int64) {
    self.card = card
    self.size = size
    self.had = had
    self.given = given
    self.taken = taken
  }

  public var has: Int64 { max(0, had - taken + given) }
  /// Missing for a full card; none where it is full.
  public var lacks: Int64 { max(0, size - has) }
}
