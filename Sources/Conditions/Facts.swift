import Kernel

/// What a product is, as far as rules can ask. Resolved by the catalogue before anything is calculated.
public struct ProductFacts: Hashable, Sendable {
  public var id: ProductID
  /// The category and all categories above it, in any order.
  public var categories: [CategoryID]
  public var brand: ProductBrandID?
  public var manufacturer: ManufacturerID?
  /// Custom attributes: ids of `key=value` pairs.
  public var attributes: [AttributeID]
  public var flags: ProductFlags
  /// Never sold below this price per unit (alcohol).
  public var minPrice: Money?
  /// Never sold above this price per unit (tobacco).
  public var maxPrice: Money?

  public init(
    id: ProductID, categories: [CategoryID] = [], brand: ProductBrandID? = nil, manufacturer: ManufacturerID? = nil,
    attributes: [AttributeID] = [], flags: ProductFlags = [], minPrice: Money? = nil, maxPrice: Money? = nil
  ) {
    self.id = id
    self.categories = categories
    self.brand = brand
    self.manufacturer = manufacturer
    self.attributes = attributes
    self.flags = flags
    self.minPrice = minPrice
    self.maxPrice = maxPrice
  }
}

extension Entity {
  /// A `key=value` pair of a custom attribute.
  public enum Attribute: Identified { public static var prefix: String { "att" } }
}
public typealias AttributeID = ID<Entity.Attribute>

/// What may not be done with a product. `doesNotCount`: a line of it fulfils no amount or quantity that a rule asks for.
public struct ProductFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  public static var discountForbidden: Self { Self(rawValue: 1) }
  public static var pointsSpendForbidden: Self { Self(rawValue: 2) }
  public static var earnForbidden: Self { Self(rawValue: 4) }
  public static var doesNotCount: Self { Self(rawValue: 8) }
  public static var advertForbidden: Self { Self(rawValue: 16) }
  public static var marked: Self { Self(rawValue: 32) }

  /// The flags as rules write them.
  public static var named: [(name: String, flag: ProductFlags)] {
    [
      ("discountForbidden", .discountForbidden), ("pointsSpendForbidden", .pointsSpendForbidden), ("earnForbidden", .earnForbidden),
      ("doesNotCount", .doesNotCount), ("advertForbidden", .advertForbidden), ("marked", .marked),
    ]
  }
}

/// Who a member is. Each kind has its defaults for earning, spending, offers and counting.
public enum MemberKind: String, Sendable, CaseIterable { case person, anonymous, employee, company, storeCard = "store-card", test }

/// Where a sale is made.
public enum Channel: String, Sendable, CaseIterable { case till, selfCheckout = "self-checkout", web, app, phone }

/// How money is paid. Tenders never change a line.
public enum TenderKind: String, Sendable, CaseIterable {
  case cash, card, fastPayment = "fast-payment", giftCard = "gift-card", advance, credit, stateCertificate = "state-certificate"
  case coupon = "manufacturer-coupon", other
}

/// A value of a member's attribute.
public enum AttributeValue: Hashable, Sendable {
  case text(String)
  case number(Int64)
  case flag(Bool)
  case day(CivilDay)
  /// Several codes of a dictionary, in order and without repetitions; of members only.
  case list([String])
}
