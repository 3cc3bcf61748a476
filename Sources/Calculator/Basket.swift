import Conditions
import Kernel

/// What the till sends: goods as they stand on the counter, before we touch anything.
public struct Basket: Hashable, Sendable {
  public var store: StoreFacts
  public var register: RegisterProfile
  /// The register as receipts print it, where the rules ask for it.
  public var till: String?
  public var channel: Channel
  /// When it is sold; rules look at the store's own calendar and clock.
  public var time: Instant
  public var lines: [BasketLine]
  public var coupons: [PresentedCoupon]
  /// How it is or will be paid, where that is known. Amounts of money tenders may be nil before the total is known.
  public var tenders: [Tender]
  /// Certificates that lines of it sell or load.
  public var certificates: [SoldCertificate] = []
  public var spend: SpendWish
  /// Gifts that the shopper chose, where the till tells which.
  public var choices: [GiftWish] = []

  public init(
    store: StoreFacts, register: RegisterProfile = RegisterProfile(), channel: Channel = .till, time: Instant, lines: [BasketLine],
    coupons: [PresentedCoupon] = [], tenders: [Tender] = [], spend: SpendWish = .nothing
  ) {
    self.store = store
    self.register = register
    self.channel = channel
    self.time = time
    self.lines = lines
    self.coupons = coupons
    self.tenders = tenders
    self.spend = spend
  }
}

public struct StoreFacts: Hashable, Sendable {
  public var id: StoreID
  public var brand: BrandID?
  public var zone: Zone
  /// When the business day begins.
  public var dayStart: Clock
  public var place: StorePlace
  public init(id: StoreID, brand: BrandID? = nil, zone: Zone, dayStart: Clock = .midnight, place: StorePlace = StorePlace()) {
    self.id = id
    self.brand = brand
    self.zone = zone
    self.dayStart = dayStart
    self.place = place
  }
}

/// Where a store lies, as far as rules can ask.
public struct StorePlace: Hashable, Sendable {
  public var priceZone: PriceZoneID?
  public var region: String?
  public var city: String?
  /// What kind of shop it is.
  public var format: String?
  public init(priceZone: PriceZoneID? = nil, region: String? = nil, city: String? = nil, format: String? = nil) {
    self.priceZone = priceZone
    self.region = region
    self.city = city
    self.format = format
  }
}

/// What a register's software accepts on a receipt.
public struct RegisterProfile: Hashable, Sendable {
  public enum Split: String, Sendable, CaseIterable { case never, twoParts = "two-parts", any }

  /// How far a line's amount may be from quantity × price, in minor units: 0 or 1.
  public var tolerance: Int64
  public var split: Split
  /// The least price of a unit that can be printed: 0, 0.01 or 1.00.
  public var leastPrice: Money
  /// Lines that one receipt holds.
  public var maxLines: Int

  public init(tolerance: Int64 = 0, split: Split = .twoParts, leastPrice: Money = .zero, maxLines: Int = Limits.lines) {
    self.tolerance = tolerance
    self.split = split
    self.leastPrice = leastPrice
    self.maxLines = maxLines
  }
}

public struct BasketLine: Hashable, Sendable {
  /// The till's own name for the line, unique in the basket.
  public var id: String
  public var kind: LineKind
  public var product: ProductFacts
  public var quantity: Quantity
  /// Shelf price of one unit.
  public var price: Money
  /// What the till took off before us. Never undone.
  public var tillReductions: [TillReduction]
  /// The till's price is final.
  public var isPriceLocked: Bool
  public var legalEntity: LegalEntityID?
  public var settlement: Settlement
  /// The code of a marked unit: never merged, never split.
  public var mark: String?

  public init(
    id: String, product: ProductFacts, quantity: Quantity = .one, price: Money, kind: LineKind = .goods,
    tillReductions: [TillReduction] = [], isPriceLocked: Bool = false, legalEntity: LegalEntityID? = nil,
    settlement: Settlement = .full, mark: String? = nil
  ) {
    self.id = id
    self.kind = kind
    self.product = product
    self.quantity = quantity
    self.price = price
    self.tillReductions = tillReductions
    self.isPriceLocked = isPriceLocked
    self.legalEntity = legalEntity
    self.settlement = settlement
    self.mark = mark
  }
}

public enum LineKind: String, Sendable, CaseIterable {
  case goods, weighed, service, delivery, bag, deposit, giftCard = "gift-card", topUp = "top-up", agency

  /// Money that only changes its form: no discount, no points, no earning, no threshold.
  public var isMoney: Bool { self == .deposit || self == .giftCard || self == .topUp }
}

/// When a line is paid relative to its handover. What counts once counts at handover.
public enum Settlement: String, Sendable, CaseIterable {
  case full, prepaid, part, advance, credit, creditPayment = "credit-payment"
  public var isHandover: Bool { self == .full || self == .credit }
}

public struct TillReduction: Hashable, Sendable {
  public var kind: String
  public var amount: Money
  public var reason: String?
  public init(kind: String, amount: Money, reason: String? = nil) {
    self.kind = kind
    self.amount = amount
    self.reason = reason
  }
}

/// A coupon that was shown, already looked up: what it is and whether it is good.
public struct PresentedCoupon: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case valid, unknown, used, expired, notYetValid = "not-yet-valid", notYours = "not-yours"
    /// Set aside for somebody else's open basket.
    case held
  }
  public var code: String
  /// The series of a unique code; nil for a general one.
  public var series: String?
  public var state: State
  public init(code: String, series: String? = nil, state: State = .valid) {
    self.code = code
    self.series = series
    self.state = state
  }
}

public struct Tender: Hashable, Sendable {
  public var kind: TenderKind
  /// What is paid or can be paid this way; nil: whatever is left.
  public var amount: Money?
  /// Goods that a certificate may pay for; nil: all.
  public var only: ProductFilter?
  /// Which certificate; nil: one that is not ours, or another tender.
  public var certificate: PresentedCertificate?
  public init(kind: TenderKind, amount: Money? = nil, only: ProductFilter? = nil, certificate: PresentedCertificate? = nil) {
    self.kind = kind
    self.amount = amount
    self.only = only
    self.certificate = certificate
  }
}

/// A certificate that was shown, already looked up: whether it is good, and for how much.
public struct PresentedCertificate: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case valid, unknown
    /// Printed and not sold yet.
    case blank
    /// Sold already: no other line sells it again.
    case sold
    case spent, expired, void
    /// Set aside, as a whole, for somebody else's open basket.
    case held
    /// The number under the strip is missing or wrong.
    case wrongPin = "wrong-pin"
    /// Too many wrong numbers.
    case locked
    /// Not what one of its series is sold for.
    case otherAmount = "other-amount"
    case notReloadable = "not-reloadable"
    /// None of its series is sold any more.
    case closed
  }

  public var code: String
  /// As it was typed, until it was looked at.
  public var pin: String?
  public var state: State
  /// The most that it can pay.
  public var available: Money
  /// The series it is of; nil until it was looked at, and where nobody knows it.
  public var series: String?

  public init(
    code: String, pin: String? = nil, state: State = .valid, available: Money = Money(minor: Limits.basketAmount),
    series: String? = nil
  ) {
    self.series = series
    self.code = code
    self.pin = pin
    self.state = state
    self.available = available
  }
}

/// A certificate that a line sells, or loads with its amount.
public struct SoldCertificate: Hashable, Sendable {
  /// The till's own name of the line.
  public var line: String
  public var certificate: PresentedCertificate
  public init(line: String, certificate: PresentedCertificate) {
    self.line = line
    self.certificate = certificate
  }
}

extension Basket {
  /// Something of it has to be looked up, and belongs to whoever is first: a coupon, a certificate.
  public var showsCodes: Bool { !coupons.isEmpty || showsCertificates }

  public var showsCertificates: Bool { !certificates.isEmpty || tenders.contains { $0.certificate != nil } }
}

/// How many points the shopper wants to spend. What is not possible shrinks to what is.
public enum SpendWish: Hashable, Sendable {
  case nothing
  case points(Points)
  case most
}
