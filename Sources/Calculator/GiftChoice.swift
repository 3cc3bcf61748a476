import Conditions
import Kernel

/// A gift that the shopper chooses: so many of a list, for nothing or at a small price of each piece. The promotion's own goods are
/// those that bring it; the gifts need not be among them.
public struct GiftChoice: Hashable, Sendable {
  /// One thing of the list: so many pieces of these goods.
  public struct Gift: Hashable, Sendable {
    /// As the till and the shopper read it.
    public let name: LocalText
    public let goods: ProductFilter
    public let units: Int64
    /// The codes of the goods, for answers, where the list names a few; empty where it asks for a kind of goods.
    public let codes: [String]

    public init(_ name: LocalText, _ goods: ProductFilter, units: Int64 = 1, codes: [String] = []) {
      (self.name, self.goods, self.units, self.codes) = (name, goods, units, codes)
    }
  }

  /// 1 … `Limits.gifts`.
  public let gifts: [Gift]
  /// How many of them the shopper may choose.
  public let picks: Int64
  /// What a piece of a chosen gift costs.
  public let price: Money
  /// The same gift may be chosen more than once.
  public let repeats: Bool

  public init(_ gifts: [Gift], picks: Int64 = 1, price: Money = .zero, repeats: Bool = false) {
    precondition(!gifts.isEmpty && gifts.count <= Limits.gifts, "a choice has 1 to \(Limits.gifts) gifts")
    (self.gifts, self.picks, self.price, self.repeats) = (gifts, picks, price, repeats)
  }

  /// With other goods in the place of each gift's.
  func replacingGoods(_ other: (ProductFilter) -> ProductFilter) -> Self {
    GiftChoice(
      gifts.map { Gift($0.name, other($0.goods), units: $0.units, codes: $0.codes) }, picks: picks, price: price, repeats: repeats)
  }
}

/// What the shopper chose, as the till tells it: a promotion by its code, and one of the goods.
public struct GiftWish: Hashable, Sendable {
  public var promotion: String
  /// As it was sent, for the answer.
  public var code: String
  /// Nil where nobody knows the code.
  public var product: ProductID?
  public init(promotion: String, code: String, product: ProductID?) {
    (self.promotion, self.code, self.product) = (promotion, code, product)
  }
}

/// Gifts that a promotion offers for this basket, and what of them is chosen.
public struct GiftOffer: Hashable, Sendable {
  /// What became of one gift of the list.
  public struct Taken: Hashable, Sendable {
    /// How many times it is chosen.
    public var picks: Int64 = 0
    /// Pieces in the basket that are the gift now, by the till's names of their lines.
    public var pieces: [Piece] = []
    /// Pieces that are chosen and not in the basket yet.
    public var missing: Int64 = 0
    /// It may be chosen, or chosen once more.
    public var isOpen = false

    public init() {}

    public var units: Int64 { pieces.reduce(0) { $0 + $1.units } }
  }

  public struct Piece: Hashable, Sendable {
    public var line: String
    public var units: Int64
    public init(line: String, units: Int64) { (self.line, self.units) = (line, units) }
  }

  /// The promotion's place in the rule book's list.
  public var promotion: Int
  public var choice: GiftChoice
  /// How many may still be chosen.
  public var left: Int64
  /// In the order of the list.
  public var taken: [Taken]

  public init(promotion: Int, choice: GiftChoice, left: Int64, taken: [Taken]) {
    (self.promotion, self.choice, self.left, self.taken) = (promotion, choice, left, taken)
  }
}

/// What came of one choice that the till told.
public struct AnsweredWish: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case given
    /// It is set aside: put it into the basket.
    case notInBasket = "not-in-basket"
    /// It is none of the gifts of the list, or cannot come down in price.
    case notAGift = "not-a-gift"
    /// As many as may be are chosen already.
    case tooMany = "too-many"
    /// The promotion offers no gift for this basket; its reason says why.
    case notOffered = "not-offered"
  }
  public var wish: GiftWish
  public var state: State
  public init(_ wish: GiftWish, _ state: State) { (self.wish, self.state) = (wish, state) }
}
