/// An amount in minor units (kopecks, cents). Which currency they are of is said once, by the programme or the basket that
/// the amount stands in; amounts of two currencies never meet in one value. Addition traps on overflow.
public struct Money: Hashable, Comparable, Sendable {
  public var minor: Int64

  @inlinable public init(minor: Int64) { self.minor = minor }
  public static var zero: Money { Money(minor: 0) }

  @inlinable public static func < (a: Money, b: Money) -> Bool { a.minor < b.minor }
  @inlinable public static func + (a: Money, b: Money) -> Money { Money(minor: a.minor + b.minor) }
  @inlinable public static func - (a: Money, b: Money) -> Money { Money(minor: a.minor - b.minor) }
  @inlinable public static prefix func - (a: Money) -> Money { Money(minor: -a.minor) }
  @inlinable public static func += (a: inout Money, b: Money) { a.minor += b.minor }
  @inlinable public static func -= (a: inout Money, b: Money) { a.minor -= b.minor }

  /// This share of the amount.
  @inlinable public func share(_ rate: Rate, _ rounding: Rounding) -> Money {
    Money(minor: scaled(minor, by: rate.ppm, over: Rate.whole.ppm, rounding))
  }

  /// What `quantity` of a good costs at this unit price.
  @inlinable public func times(_ quantity: Quantity, _ rounding: Rounding = .halfUp) -> Money {
    Money(minor: scaled(minor, by: quantity.thousandths, over: 1000, rounding))
  }
}

/// A currency: its ISO 4217 code and how many decimal digits its minor unit has (0 … 4).
public struct Currency: Hashable, Sendable {
  public let code: String
  public let digits: Int

  /// Nil unless the code is three capital letters. Digits follow ISO 4217: 2 but for the exceptions listed here.
  public init?(_ code: String) {
    guard code.utf8.count == 3, code.utf8.allSatisfy({ (65...90).contains($0) }) else { return nil }
    self.code = code
    switch code {
    case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF": digits = 0
    case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": digits = 3
    case "CLF", "UYW": digits = 4
    default: digits = 2
    }
  }

  private init(known code: String, digits: Int) {
    self.code = code
    self.digits = digits
  }
  public static var rub: Currency { Currency(known: "RUB", digits: 2) }
  public static var usd: Currency { Currency(known: "USD", digits: 2) }
}

/// Points in the programme's smallest unit: with a scale of 2, 1 250 is 12.50 points.
public struct Points: Hashable, Comparable, Sendable {
  public var units: Int64

  @inlinable public init(units: Int64) { self.units = units }
  public static var zero: Points { Points(units: 0) }

  @inlinable public static func < (a: Points, b: Points) -> Bool { a.units < b.units }
  @inlinable public static func + (a: Points, b: Points) -> Points { Points(units: a.units + b.units) }
  @inlinable public static func - (a: Points, b: Points) -> Points { Points(units: a.units - b.units) }
  @inlinable public static prefix func - (a: Points) -> Points { Points(units: -a.units) }
  @inlinable public static func += (a: inout Points, b: Points) { a.units += b.units }
  @inlinable public static func -= (a: inout Points, b: Points) { a.units -= b.units }
}

/// A share in parts per million: 5 % is 50 000.
public struct Rate: Hashable, Comparable, Sendable {
  public var ppm: Int64

  @inlinable public init(ppm: Int64) { self.ppm = ppm }
  @inlinable public static func percent(_ whole: Int64) -> Rate { Rate(ppm: whole * 10_000) }
  @inlinable public static var zero: Rate { Rate(ppm: 0) }
  @inlinable public static var whole: Rate { Rate(ppm: 1_000_000) }
  @inlinable public static func < (a: Rate, b: Rate) -> Bool { a.ppm < b.ppm }
}

/// How much of a good: thousandths of its unit of measure (pieces, kilograms, litres). Three pieces are 3 000.
public struct Quantity: Hashable, Comparable, Sendable {
  public var thousandths: Int64

  @inlinable public init(thousandths: Int64) { self.thousandths = thousandths }
  @inlinable public static func pieces(_ count: Int64) -> Quantity { Quantity(thousandths: count * 1000) }
  @inlinable public static var zero: Quantity { Quantity(thousandths: 0) }
  @inlinable public static var one: Quantity { Quantity(thousandths: 1000) }

  /// The number of whole pieces, or nil where the quantity is not whole.
  @inlinable public var wholePieces: Int64? { thousandths % 1000 == 0 ? thousandths / 1000 : nil }

  @inlinable public static func < (a: Quantity, b: Quantity) -> Bool { a.thousandths < b.thousandths }
  @inlinable public static func + (a: Quantity, b: Quantity) -> Quantity { Quantity(thousandths: a.thousandths + b.thousandths) }
  @inlinable public static func - (a: Quantity, b: Quantity) -> Quantity { Quantity(thousandths: a.thousandths - b.thousandths) }
  @inlinable public static func += (a: inout Quantity, b: Quantity) { a.thousandths += b.thousandths }
  @inlinable public static func -= (a: inout Quantity, b: Quantity) { a.thousandths -= b.thousandths }
}
