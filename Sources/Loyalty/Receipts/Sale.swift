import Calculator
import Kernel

/// What a till says was sold. The goods are gone and the receipt is printed: amounts are facts.
public struct Sale: Hashable, Sendable {
  /// What the till printed for one line of the basket.
  public struct StatedLine: Hashable, Sendable {
    public let amount: Money
    public let paidWithPoints: Money
    public init(amount: Money, paidWithPoints: Money = .zero) {
      self.amount = amount
      self.paidWithPoints = paidWithPoints
    }
  }

  public var key: ReceiptKey
  /// The wish to spend is what the till took off in points.
  public var basket: Basket
  /// One for each line of the basket; nil: the till sold as we calculated.
  public var stated: [StatedLine]?
  public var hold: HoldID?
  /// The rule book of the calculation that the till sold by; nil: the one in force at the time of the sale.
  public var rules: Int64?
  /// From a till that had no network: only earning is computed.
  public var isOffline: Bool
  /// The return that this sale is the other half of.
  public var exchangeOf: ReturnID?
  /// Over what the caller sent, where the caller can tell that from how it was understood: an identifier that nobody had yesterday
  /// may be somebody's today, and the same request is the same all the same. Nil: over what is here.
  public var bodyHash: Int64?
  /// When it was sold, where rules look at another moment: that of the calculation that the till sold by. Nil: `basket.time`.
  public var soldAt: Instant?
  /// The points to spend are what the till took, not a wish that may shrink: what we would not have given is a discrepancy.
  public var takesPoints = false
  /// The sum that the till printed, where it says so: another than the receipt's is a discrepancy.
  public var total: Money?
  /// Who sat at the till, where it says so.
  public var cashier: String?
  /// What identified the member, as limits count it; nil where none does.
  public var card: String?
  /// What the caller has found not to fit already.
  public var notes: [Discrepancy] = []

  public init(
    key: ReceiptKey, basket: Basket, stated: [StatedLine]? = nil, hold: HoldID? = nil, rules: Int64? = nil, isOffline: Bool = false,
    exchangeOf: ReturnID? = nil
  ) {
    precondition(stated.map { $0.count == basket.lines.count } ?? true, "each line of the basket is stated, or none")
    self.key = key
    self.basket = basket
    self.stated = stated
    self.hold = hold
    self.rules = rules
    self.isOffline = isOffline
    self.exchangeOf = exchangeOf
  }

  var moment: Instant { soldAt ?? basket.time }

  public var businessDay: CivilDay { basket.store.zone.businessDay(at: moment, dayStart: basket.store.dayStart) }

  /// Tells apart what was asked for; the same for equal sales on every machine.
  /// - Parameter facts: the sale's basket as its receipt will keep it: all but products and quantities.
  func bodyHash(_ shopper: Shopper, key: String, facts: FactsPen) -> Int64 {
    if let bodyHash { return bodyHash }
    var hash = StableHash()
    hash.mix(shopper.id?.raw ?? 0)
    hash.mix(key)
    hash.mix(facts.bytes.bytes)
    var goods = ByteWriter(version: SaleFacts.version, reserving: 12 * basket.lines.count)
    for line in basket.lines {
      goods.signed(line.product.id.raw)
      goods.signed(line.quantity.thousandths)
    }
    hash.mix(goods.bytes)
    hash.mix(Int64(stated?.count ?? -1))
    for line in stated ?? [] {
      hash.mix(line.amount.minor)
      hash.mix(line.paidWithPoints.minor)
    }
    hash.mix(hold?.raw ?? 0)
    hash.mix(isOffline ? 1 : 0)
    return Int64(bitPattern: hash.value)
  }
}

/// What was found not to fit. It is recorded, and the receipt stands.
public struct Discrepancy: Hashable, Sendable {
  public enum Cause: String, Sendable, CaseIterable {
    /// The till's sum is not what the rules give.
    case amount
    /// More points were taken than the wallet had.
    case points
    /// A hold had ended and its points were spent otherwise.
    case lateConfirm = "late-confirm"
    /// Another receipt has the same key.
    case keyReused = "key-reused"
    /// Somebody was shown whom nobody knows, or points were taken without a member.
    case unknownMember = "unknown-member"
    /// The member is blocked; the sale stands, but earns nothing.
    case blockedMember = "blocked-member"
    /// More was returned than was sold.
    case quantity
    /// Goods came back that no receipt was found for.
    case unmatched
    /// The till refunded another sum than the receipt gives.
    case refund
    /// Cancelled after it was confirmed: undone as a full return.
    case cancelledLate = "cancelled-late"
    /// Earned points were gone when a return took them back.
    case takenBack = "taken-back"
    /// The till's total is not the sum of its lines.
    case sums
    /// More points were spent than the programme allows without a code to the member.
    case unconfirmed
    /// A receipt came later than the programme takes it by its own date: the days it is old, and the days allowed.
    case late
    /// The till says it took off more than a line costs.
    case reductions
    /// A marked unit whose quantity is not one.
    case marked
    /// A line of a legal entity that the account does not know.
    case seller
    /// Coupons that the till took and somebody else had used: how many.
    case coupon
    /// A certificate did not pay, or was not sold for, what the till says: the till's amount, and what it came to.
    case certificate
    /// A limit or a block stopped what it would have earned: the points it would have been.
    case stopped
    /// Members or words that this server does not know were left aside: how many.
    case unreadable
  }

  /// Nil where a newer server noted what this one does not know, while they are upgraded one by one: then only its word is told.
  public let cause: Cause?
  /// The cause's word, as it is stored and told.
  public let word: String
  /// Minor units, smallest units of points or thousandths, as the cause says.
  public let stated: Int64
  public let expected: Int64

  /// What a reader left aside of something that has happened; nil where that is nothing.
  public static func leaving(_ places: [String]) -> Discrepancy? {
    places.isEmpty ? nil : Discrepancy(.unreadable, stated: Int64(places.count), expected: 0)
  }

  public init(_ cause: Cause, stated: Int64, expected: Int64) {
    self.cause = cause
    word = cause.rawValue
    self.stated = stated
    self.expected = expected
  }

  /// As it is stored.
  public init(word: String, stated: Int64 = 0, expected: Int64 = 0) {
    cause = Cause(rawValue: word)
    self.word = word
    self.stated = stated
    self.expected = expected
  }
}
