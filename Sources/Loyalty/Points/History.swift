import Kernel

/// What promotions gave: how often, how much off, how many points. Adds up to limits and budgets.
public struct Given: Hashable, Sendable {
  public var uses: Int64
  public var money: Money
  public var points: Points

  public init(uses: Int64 = 0, money: Money = .zero, points: Points = .zero) {
    self.uses = uses
    self.money = money
    self.points = points
  }

  public static var nothing: Given { Given() }
  public static func + (a: Given, b: Given) -> Given {
    Given(uses: a.uses + b.uses, money: a.money + b.money, points: a.points + b.points)
  }
  public static func - (a: Given, b: Given) -> Given {
    Given(uses: a.uses - b.uses, money: a.money - b.money, points: a.points - b.points)
  }
}

/// One promotion's part in one receipt.
public struct Use: Hashable, Sendable {
  public let promotion: PromotionID
  /// The store's business day.
  public let day: CivilDay
  public let given: Given

  public init(promotion: PromotionID, day: CivilDay, given: Given) {
    self.promotion = promotion
    self.day = day
    self.given = given
  }
}

/// What one member had from one promotion, all in all and on the latest business days: enough for limits per member and per day.
public struct Tally: Hashable, Sendable {
  public struct Day: Hashable, Sendable {
    public let day: CivilDay
    public internal(set) var given: Given
  }

  /// How many days are kept. Two, because a chain's zones and business days let a member shop in two days at one moment.
  public static var days: Int { 2 }

  public let promotion: PromotionID
  public internal(set) var total: Given
  /// Latest first.
  public internal(set) var latest: [Day]

  public func given(on day: CivilDay) -> Given { latest.first { $0.day == day }?.given ?? .nothing }

  mutating func add(_ given: Given, on day: CivilDay) {
    total = total + given
    if let index = latest.firstIndex(where: { $0.day == day }) {
      latest[index].given = latest[index].given + given
      if latest[index].given == .nothing { latest.remove(at: index) }
    } else if given.uses > 0 {
      // Taking away from a day that is not kept any more changes nothing: its limits are over.
      latest.append(Day(day: day, given: given))
      latest.sort { $0.day > $1.day }
      latest.removeLast(max(0, latest.count - Self.days))
    }
  }
}

/// What a member bought, as conditions ask for it. Returns take away what the purchase added.
public struct History: Hashable, Sendable {
  /// Receipts that were not returned as a whole.
  public internal(set) var purchases: Int64 = 0
  /// What was paid for them, less what went back.
  public internal(set) var paid: Money = .zero
  /// Whole seconds, as `last` is.
  public internal(set) var first: Instant?
  public internal(set) var last: Instant?

  public init() {}

  mutating func add(_ paid: Money, at time: Instant) {
    let time = Instant(seconds: time.seconds)
    purchases += 1
    self.paid += paid
    first = min(first ?? time, time)
    last = max(last ?? time, time)
  }
}
