import Conditions
import Kernel

/// The answer: what everything costs, what it earns, and why.
///
/// Invariants: for each line `shelf = tillReduced + discount + paidWithPoints + rounding + amount`; parts of a line sum to its amount and
/// quantity; the lines sum to the totals; `promotions` sum to the discounts and the earned points; the tender shares sum to `amount`.
public struct Calculation: Hashable, Sendable {
  public var lines: [CalculatedLine] = []
  /// Lines at shelf price.
  public var shelf: Money = .zero
  /// What the till took off before us.
  public var tillReduced: Money = .zero
  /// What promotions took off.
  public var discount: Money = .zero
  /// What points paid.
  public var paidWithPoints: Money = .zero
  /// Rounding of the receipt and kopecks that could not be printed, in the shopper's favour.
  public var rounding: Money = .zero
  /// To pay in money, whatever the tender.
  public var amount: Money = .zero
  /// What the till itself will round off at payment, where the programme leaves it to the till.
  public var tillRounding: Money = .zero
  public var tenders: [TenderUse] = []
  public var pointsSpent: Points = .zero
  /// Points drawn from each of the member's pools, in their order.
  public var spentByPool: [Points] = []
  public var earned: Points = .zero
  /// What counts towards a tier.
  public var status: Points = .zero
  public var promotions: [AppliedPromotion] = []
  /// Of the earned points, those that come and go as their promotion says itself.
  public var lots: [EarnedLot] = []
  /// What promotions give besides money and points, in their order.
  public var rewards: [GivenReward] = []
  /// The member's stamp cards, as the receipt finds and leaves them; in the programme's order.
  public var stamps: [StampMove] = []
  /// Gifts that the shopper may choose, and what is chosen.
  public var gifts: [GiftOffer] = []
  /// What came of each choice that the till told.
  public var choices: [AnsweredWish] = []
  public var trace: [TraceStep] = []
  public var reasons: [Reason] = []
  public var hints: [Hint] = []
  public var spending: SpendingLimits = SpendingLimits()
  public var tradeOff: [TradeOffPoint] = []
  public var tenderPrices: [TenderPrice] = []
  /// Solved exclusions, where any promotions excluded each other.
  public var exclusion: ExclusionNote?

  public init() {}
}

public struct CalculatedLine: Hashable, Sendable {
  public var id: String
  public var quantity: Quantity
  public var shelf: Money
  public var tillReduced: Money
  public var discount: Money = .zero
  public var paidWithPoints: Money = .zero
  public var rounding: Money = .zero
  /// What the receipt shows as the line's sum.
  public var amount: Money
  public var pointsSpent: Points = .zero
  public var earned: Points = .zero
  /// How it is printed; a second part where the line had to be split to be printable.
  public var part = PrintedPart(quantity: .zero, price: .zero, amount: .zero)
  public var secondPart: PrintedPart?
  public var parts: [PrintedPart] { [part] + (secondPart.map { [$0] } ?? []) }

  public init(id: String, quantity: Quantity, shelf: Money, tillReduced: Money, amount: Money) {
    self.id = id
    self.quantity = quantity
    self.shelf = shelf
    self.tillReduced = tillReduced
    self.amount = amount
  }
}

/// What the register prints: quantity × price, rounded half up, is the amount (within its tolerance).
public struct PrintedPart: Hashable, Sendable {
  public var quantity: Quantity
  public var price: Money
  public var amount: Money
  public init(quantity: Quantity, price: Money, amount: Money) {
    self.quantity = quantity
    self.price = price
    self.amount = amount
  }
}

/// A promotion that had an effect.
public struct AppliedPromotion: Hashable, Sendable {
  /// Its place in the rule book's list.
  public var index: Int
  public var id: PromotionID
  public var money: Money
  public var points: Points
  /// How many times: sets of an N+M, otherwise 1.
  public var times: Int64
  /// The coupon that unlocked it.
  public var coupon: String?
  /// Put on a card; below zero: taken off one.
  public var stamps: Int64
  public init(
    index: Int, id: PromotionID, money: Money = .zero, points: Points = .zero, times: Int64 = 1, coupon: String? = nil,
    stamps: Int64 = 0
  ) {
    self.index = index
    self.id = id
    self.money = money
    self.points = points
    self.times = times
    self.coupon = coupon
    self.stamps = stamps
  }
}

/// One step of the way from shelf price to the amount, or from the amount to points, on one line.
public struct TraceStep: Hashable, Sendable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// `tender`: paid with a tender that earns nothing, and so left out of what the earning steps are taken of.
    case reduction = 1, points, receiptRounding, printing, earning, tender
  }
  public var kind: Kind
  /// Position of the line in the basket.
  public var line: Int32
  /// Place of the promotion in the rule book; −1 where none acts.
  public var promotion: Int32
  /// What the rate or the share was taken of, in minor units.
  public var base: Int64
  /// ppm; 0 where there is none.
  public var rate: Int64
  /// Minor units taken off (negative: put back by printing), or smallest units of points earned.
  public var amount: Int64
  public var notes: TraceNotes

  public init(kind: Kind, line: Int, promotion: Int, base: Int64, rate: Int64, amount: Int64, notes: TraceNotes = []) {
    self.kind = kind
    self.line = Int32(line)
    self.promotion = Int32(promotion)
    self.base = base
    self.rate = rate
    self.amount = amount
    self.notes = notes
  }
}

/// What else happened to a step's amount.
public struct TraceNotes: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// A floor (least price, locked price, forbidden discount) stopped a part.
  public static var floor: Self { Self(rawValue: 1) }
  /// More came here because other lines stood at their floor.
  public static var redistributed: Self { Self(rawValue: 2) }
  /// A limit or a budget cut the benefit; on a step of points, the line's own share or floor.
  public static var capped: Self { Self(rawValue: 4) }
  /// The exact result does not fit whole minor units or points.
  public static var rounded: Self { Self(rawValue: 8) }
  /// By unit, not by line.
  public static var byUnit: Self { Self(rawValue: 16) }
  /// The base is the regular price.
  public static var ofRegular: Self { Self(rawValue: 32) }
}

/// Why a promotion, a coupon or a certificate did nothing, or, where a limit cut it, no more than it did.
public struct Reason: Hashable, Sendable {
  /// Place in the rule book; nil for a coupon that no promotion knows.
  public var promotion: Int?
  public var coupon: String?
  /// A certificate that was shown and is not good.
  public var certificate: String?
  public var cause: Cause
  public init(promotion: Int?, coupon: String? = nil, certificate: String? = nil, cause: Cause) {
    self.promotion = promotion
    self.coupon = coupon
    self.certificate = certificate
    self.cause = cause
  }
}

public enum Cause: Hashable, Sendable {
  case notStarted, ended
  /// It is on trial, and not here.
  case pilotElsewhere
  case otherStore, otherChannel, otherDay, otherHour
  case unidentified, otherMemberKind, otherTier, otherSegment
  case memberAttribute(String)
  case notFirstPurchase, notBirthday
  /// So many receipts had some of the goods already; or those of the past are not counted yet.
  case boughtBefore(receipts: Int64), pastUncounted
  case counter(String, have: Int64, bounds: Bounds)
  /// Members of the buyer's household; 0 for a member of none.
  case household(have: Int64, bounds: Bounds)
  case accumulated(Accumulator.Measure, have: Int64, bounds: Bounds)
  /// Stamps on a card, by its code.
  case stamps(String, have: Int64, bounds: Bounds)
  /// The card takes no more stamps than fill it.
  case cardFull(String)
  case noConsent([Consent])
  /// The member's tier brings none of these privileges.
  case noPrivilege([String])
  /// The member has not activated it, or the activation is over.
  case notActivated
  case couponMissing(String)
  case certificateMissing(String)
  case coupon(PresentedCoupon.State)
  case certificate(PresentedCertificate.State)
  case otherTender
  case amount(have: Money, bounds: Bounds)
  case quantity(have: Int64, bounds: Bounds)
  case productCount(have: Int64, bounds: Bounds)
  case noGoods
  /// So many gifts may be chosen, and none of them is in the basket.
  case giftNotChosen(left: Int64)
  /// Goods of the basket could be favourites, and the member has chosen none for this time, or others.
  case noFavourites, notFavourite
  /// One of the conditions that must not hold does.
  case excludedCircumstance
  case controlGroup
  case limit(LimitKind)
  case excluded(by: Int)
  case notBest(than: Int)
  /// Another promotion of a group where only the first applies came before.
  case notFirst(after: Int)
  /// All lines stand at their floor, or are already at this price or below.
  case nothingToReduce
  case roundedToNothing
}

/// A near miss: what is missing for a promotion that would then apply.
public struct Hint: Hashable, Sendable {
  public enum Missing: Hashable, Sendable {
    case amount(Money)
    case quantity(Quantity)
    /// So many receipts or visits like this one.
    case visits(Int64)
    /// So many stamps on the card of this code; none: the card is full with this receipt.
    case stamps(Int64, card: String)
    /// Put one of the target goods into the basket, or choose so many gifts of the list.
    case gift(units: Int64, price: Money)
    case identification, activation, favourites
  }
  public var promotion: Int
  public var missing: Missing
  public init(promotion: Int, missing: Missing) {
    self.promotion = promotion
    self.missing = missing
  }
}

/// What of the wish to spend is possible, and what held it back.
public struct SpendingLimits: Hashable, Sendable {
  public enum Brake: String, Sendable, CaseIterable {
    case share, goods, leastMoney = "least-money", receipt, day, step, least, balance, unverified, kind, floor
  }
  /// In the wallet.
  public var available: Points = .zero
  /// For this receipt.
  public var most: Points = .zero
  public var least: Points = .zero
  /// What decided `most`; nil where the member or the wallet is missing.
  public var brake: Brake?
  public init() {}
}

/// What it would cost paid another way; only where a promotion asks how one pays.
public struct TenderPrice: Hashable, Sendable {
  public var kind: TenderKind
  public var amount: Money
  public var earned: Points
  public init(kind: TenderKind, amount: Money, earned: Points) {
    self.kind = kind
    self.amount = amount
    self.earned = earned
  }
}

public struct TenderUse: Hashable, Sendable {
  public var kind: TenderKind
  public var amount: Money
  /// The code of the certificate that pays.
  public var certificate: String?
  public init(kind: TenderKind, amount: Money, certificate: String? = nil) {
    self.kind = kind
    self.amount = amount
    self.certificate = certificate
  }
}
