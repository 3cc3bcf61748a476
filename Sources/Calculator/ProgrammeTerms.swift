import Conditions
import Kernel

/// The settings of a programme that decide about amounts. Defaults are those of a Russian grocery chain.
public struct ProgrammeTerms: Hashable, Sendable {
  public var currency: Currency
  /// Decimal digits of a point: 0 … 4.
  public var pointsScale: Int
  /// What one whole point pays for, in minor units.
  public var spendValue: Int64
  public var rounding: RoundingProfile
  public var spending: SpendingTerms
  public var earning: EarningTerms
  public var receiptRounding: ReceiptRounding?
  public var control: ControlGroup?
  /// Kinds of members that get no promotions of their own (public prices stay).
  public var kindsWithoutOffers: [MemberKind]
  /// Ascending, each once.
  public var holidays: [CivilDay] = []
  /// What some of the holidays are called. The same name in another year is the same holiday: reports set one beside the other.
  public var holidayNames: [CivilDay: String] = [:]
  /// In the order in which shoppers see them; each code once.
  public var stampCards: [StampCard] = []
  /// What members choose their favourites from, in the order in which shoppers see it; each code once.
  public var favourites: [FavouriteCategory] = []

  public init(
    currency: Currency = .rub, pointsScale: Int = 0, spendValue: Int64 = 100, rounding: RoundingProfile = RoundingProfile(),
    spending: SpendingTerms = SpendingTerms(), earning: EarningTerms = EarningTerms(), receiptRounding: ReceiptRounding? = nil,
    control: ControlGroup? = nil, kindsWithoutOffers: [MemberKind] = [.storeCard]
  ) {
    self.currency = currency
    self.pointsScale = pointsScale
    self.spendValue = spendValue
    self.rounding = rounding
    self.spending = spending
    self.earning = earning
    self.receiptRounding = receiptRounding
    self.control = control
    self.kindsWithoutOffers = kindsWithoutOffers
  }

  public func stampCard(_ code: String) -> StampCard? { stampCards.first { $0.code == code } }

  /// Smallest units of one whole point.
  public var unitsPerPoint: Int64 { [1, 10, 100, 1000, 10_000][pointsScale] }

  /// What so many points pay for.
  public func money(for points: Points, _ rounding: Rounding = .down) -> Money {
    Money(minor: scaled(points.units, by: spendValue, over: unitsPerPoint, rounding))
  }

  /// The points that pay for so much.
  public func points(for money: Money, _ rounding: Rounding) -> Points {
    Points(units: scaled(money.minor, by: unitsPerPoint, over: spendValue, rounding))
  }
}

/// How reductions are rounded.
public struct RoundingProfile: Hashable, Sendable {
  public enum Percent: String, Sendable, CaseIterable {
    /// Pieces by unit, weighed goods by line.
    case automatic
    case unit, line
  }
  public enum Mode: String, Sendable, CaseIterable { case halfUp = "half-up", down, shopper }
  public enum Residue: String, Sendable, CaseIterable { case largestRemainder = "largest-remainder", last, dearest }

  public var percent: Percent
  /// Of a reduction: half up, down, or up for the shopper.
  public var mode: Mode
  /// Who gets the kopecks that a division leaves.
  public var residue: Residue
  public init(percent: Percent = .automatic, mode: Mode = .halfUp, residue: Residue = .largestRemainder) {
    self.percent = percent
    self.mode = mode
    self.residue = residue
  }

  public var rounding: Rounding {
    switch mode {
    case .halfUp: .halfUp
    case .down: .down
    case .shopper: .up
    }
  }
}

/// How points pay.
public struct SpendingTerms: Hashable, Sendable {
  public enum Share: String, Sendable, CaseIterable { case eligible, receipt }

  /// The largest share that points may pay …
  public var share: Rate
  /// … of the eligible lines or of the whole receipt, after discounts.
  public var shareOf: Share
  /// Other shares for some goods; the first that matches holds.
  public var exceptions: [SpendingException]
  /// Points are spent in multiples of this.
  public var step: Points
  public var least: Points
  public var mostPerReceipt: Points?
  public var mostPerDay: Points?
  /// Money that every fiscal document (legal entity) keeps at the least.
  public var leastMoney: Money
  public var kindsWithoutSpending: [MemberKind]

  public init(
    share: Rate = .percent(50), shareOf: Share = .eligible, exceptions: [SpendingException] = [], step: Points = Points(units: 1),
    least: Points = .zero, mostPerReceipt: Points? = nil, mostPerDay: Points? = nil, leastMoney: Money = Money(minor: 100),
    kindsWithoutSpending: [MemberKind] = [.storeCard]
  ) {
    self.share = share
    self.shareOf = shareOf
    self.exceptions = exceptions
    self.step = step
    self.least = least
    self.mostPerReceipt = mostPerReceipt
    self.mostPerDay = mostPerDay
    self.leastMoney = leastMoney
    self.kindsWithoutSpending = kindsWithoutSpending
  }
}

public struct SpendingException: Hashable, Sendable {
  public var goods: ProductFilter
  public var share: Rate
  public init(goods: ProductFilter, share: Rate) {
    self.goods = goods
    self.share = share
  }
}

/// How points are earned.
public struct EarningTerms: Hashable, Sendable {
  public enum WithPoints: String, Sendable, CaseIterable {
    /// A receipt partly paid with points earns on the money.
    case rest
    case nothing
    case full
  }
  public enum Place: String, Sendable, CaseIterable { case unit, line, rule, receipt }

  public var whenPointsPay: WithPoints
  /// Tenders on which nothing is earned.
  public var tendersWithoutEarning: [TenderKind]
  public var place: Place
  public var mode: Rounding
  /// Earned points are a multiple of this.
  public var step: Points
  public var kindsWithoutEarning: [MemberKind]
  /// Nil: receipts earn no status points.
  public var status: StatusEarning?

  public init(
    whenPointsPay: WithPoints = .rest, tendersWithoutEarning: [TenderKind] = [.giftCard, .advance], place: Place = .receipt,
    mode: Rounding = .down, step: Points = Points(units: 1), kindsWithoutEarning: [MemberKind] = [.storeCard],
    status: StatusEarning? = nil
  ) {
    self.whenPointsPay = whenPointsPay
    self.tendersWithoutEarning = tendersWithoutEarning
    self.place = place
    self.mode = mode
    self.step = step
    self.kindsWithoutEarning = kindsWithoutEarning
    self.status = status
  }
}

/// How a receipt counts towards a tier. Status points are a counter and never spendable.
public enum StatusEarning: Hashable, Sendable {
  /// So many for every full step of the money that earns, all lines together.
  case perStep(Points, step: Money)
  /// As many as the receipt earns at its rates; what a promotion gives once does not count.
  case asEarned
}

/// The total is brought down to a multiple of a step.
public struct ReceiptRounding: Hashable, Sendable {
  /// Minor units, for example 100 for whole roubles.
  public var step: Money
  /// Only when all is paid in one of these ways; empty: always.
  public var tenders: [TenderKind]
  /// The till does it by itself: we only announce it and leave the lines alone.
  public var isDoneByTill: Bool
  public init(step: Money, tenders: [TenderKind] = [], isDoneByTill: Bool = false) {
    self.step = step
    self.tenders = tenders
    self.isDoneByTill = isDoneByTill
  }
}

/// Members who get nothing, so that effects can be measured: chosen by salted hash, from a date on.
public struct ControlGroup: Hashable, Sendable {
  public var salt: String
  public var share: Rate
  public var since: Instant
  public init(salt: String, share: Rate, since: Instant) {
    self.salt = salt
    self.share = share
    self.since = since
  }

  public func contains(_ member: MemberID, at time: Instant) -> Bool {
    guard time >= since, share.ppm > 0 else { return false }
    var hash = StableHash()
    hash.mix(salt)
    hash.mix(member.raw)
    return hash.share < share
  }
}
