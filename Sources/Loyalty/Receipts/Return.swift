import Calculator
import Kernel

/// Goods that came back, as the till says. They are in the shop and the money is out: amounts are facts.
public struct Return: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    /// What tells which goods: the till's line of the original, the code of a marked unit, or just the product.
    public enum Which: Hashable, Sendable {
      case line(String)
      case mark(String)
      case product(ProductID)
    }
    public let which: Which
    public let quantity: Quantity
    public init(_ which: Which, quantity: Quantity = .one) {
      self.which = which
      self.quantity = quantity
    }
  }

  /// Of the return's own document.
  public var key: ReceiptKey
  /// Nil: without the original receipt.
  public var original: ReceiptKey?
  public var lines: [Line]
  public var time: Instant
  /// The store's business day.
  public var day: CivilDay
  /// Another than the programme's.
  public var refund: ReturnTerms.Money?
  /// The goods were not as they should be: they are refunded at the paid price, whatever else is said, and the rest loses no benefit.
  public var isDefect: Bool
  /// The goods at today's prices: where a programme takes back what goods without a receipt would have earned.
  public var goods: Basket?
  /// What the till paid out, where it says; else what we answer.
  public var stated: Money?
  /// As in `Sale`.
  public var bodyHash: Int64?
  /// Who took the goods, where the till says.
  public var cashier: String?
  /// What the caller has found not to fit already.
  public var notes: [Discrepancy] = []

  public init(
    key: ReceiptKey, original: ReceiptKey?, lines: [Line], at time: Instant, day: CivilDay, refund: ReturnTerms.Money? = nil,
    isDefect: Bool = false, goods: Basket? = nil, stated: Money? = nil
  ) {
    self.key = key
    self.original = original
    self.lines = lines
    self.time = time
    self.day = day
    self.refund = refund
    self.isDefect = isDefect
    self.goods = goods
    self.stated = stated
  }

  func bodyHash(_ shopper: Shopper) -> Int64 { bodyHash(by: shopper.id) }

  func bodyHash(by member: MemberID?) -> Int64 {
    if let bodyHash { return bodyHash }
    var hash = StableHash()
    hash.mix(member?.raw ?? 0)
    hash.mix(key.text)
    hash.mix(original?.text ?? "")
    hash.mix(time.micros)
    hash.mix(stated?.minor ?? -1)
    hash.mix(refund?.rawValue ?? "")
    if isDefect { hash.mix("defect") }
    for line in lines {
      switch line.which {
      case .line(let id): hash.mix("line " + id)
      case .mark(let code): hash.mix("mark " + code)
      case .product(let id): hash.mix("product \(id.raw)")
      }
      hash.mix(line.quantity.thousandths)
    }
    return Int64(bitPattern: hash.value)
  }
}

/// What one line of a receipt gives back in one return.
public struct RefundedLine: Hashable, Sendable {
  /// Its place on the receipt; −1 for goods without one.
  public var line: Int
  public var quantity: Quantity
  /// In money.
  public var amount: Money = .zero
  /// What had been paid with points, in money and in points.
  public var paidWithPoints: Money = .zero
  public var points: Points = .zero
}

/// What one return took back of one receipt.
public struct Refund: Hashable, Sendable {
  public let id: ReturnID
  /// Nil for goods that no receipt was found for.
  public let receipt: ReceiptID?
  /// How many returns of the receipt came before: ids are made before a receipt is locked, and do not tell.
  let step: Int64
  public let lines: [RefundedLine]
  public let policy: ReturnTerms.Money
  public let amount: Money
  /// Spent points that went back.
  public let givenBack: Points
  /// Earned points that were taken back, the worth of a lost benefit included.
  public let takenBack: Points
  /// The part of `takenBack` that is a lost benefit. Below zero: so much that was taken for one before was given again.
  public let lost: Points
  /// The documents to print where what stays was priced anew; nil where money goes back as printed.
  public let reissue: Reissue?
  let effect: ReceiptPoints
  /// The part of `amount` that goes back onto certificates, not into the shopper's hand.
  public var certificates: [CertificateRefund] = []
  /// What promotions gave less for it; nil where an older program did not say.
  public var given: GivenByPromotion?
}

/// The answer to a return: a refund per receipt it touched.
public struct ReturnAnswer: Hashable, Sendable {
  public let document: ReturnID
  public let refunds: [Refund]
  public let discrepancies: [Discrepancy]

  /// In money, what goes back onto certificates included.
  public var amount: Money { refunds.reduce(.zero) { $0 + $1.amount } }
  public var certificates: [CertificateRefund] { refunds.flatMap(\.certificates) }
  public var givenBack: Points { refunds.reduce(.zero) { $0 + $1.givenBack } }
  public var takenBack: Points { refunds.reduce(.zero) { $0 + $1.takenBack } }
}

extension BasketLine {
  func isMeant(by which: Return.Line.Which) -> Bool {
    switch which {
    case .line(let id): self.id == id
    case .mark(let code): mark == code
    case .product(let id): product.id == id
    }
  }
}

extension [Return.Line] {
  var thousandths: Int64 { reduce(0) { $0 + $1.quantity.thousandths } }
}
