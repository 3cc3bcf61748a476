import Kernel

/// How amounts stand in JSON: decimal texts, never numbers, so that no reader of JSON rounds them before us. Money has the digits of
/// its currency (`"12.50"`), points those of the programme, quantities at most three, percents at most four.
public struct AmountForm: Hashable, Sendable {
  public let currency: Currency
  /// Decimal digits of a point, 0 … 4.
  public let pointsScale: Int

  public init(currency: Currency, pointsScale: Int) {
    self.currency = currency
    self.pointsScale = pointsScale
  }

  public init(_ terms: ProgrammeTerms) { self.init(currency: terms.currency, pointsScale: terms.pointsScale) }

  public func money(_ node: JSONNode, _ range: ClosedRange<Int64> = 0...Limits.basketAmount) -> Money? {
    node.decimal(digits: currency.digits, min: range.lowerBound, max: range.upperBound).map(Money.init(minor:))
  }

  public func points(_ node: JSONNode, _ range: ClosedRange<Int64> = 0...Limits.amount) -> Points? {
    node.decimal(digits: pointsScale, min: range.lowerBound, max: range.upperBound).map(Points.init(units:))
  }

  public func json(_ money: Money) -> JSON { .string(text(money)) }
  public func json(_ points: Points) -> JSON { .string(text(points)) }

  /// `1250` kopecks as `12.50`.
  public func text(_ money: Money) -> String { Decimal.text(money.minor, digits: currency.digits) }
  public func text(_ points: Points) -> String { Decimal.text(points.units, digits: pointsScale) }
}

extension Rate {
  /// Decimal digits of a percent: one ppm is 0.0001 %.
  static var percentDigits: Int { 4 }

  /// Reads a percent, `"7.5"`.
  static func percent(_ node: JSONNode, _ range: ClosedRange<Int64> = 0...1_000_000) -> Rate? {
    node.decimal(digits: percentDigits, min: range.lowerBound, max: range.upperBound).map(Rate.init(ppm:))
  }

  /// `75000` ppm as `7.5`.
  public var percentText: String { shortDecimal(ppm, digits: Self.percentDigits) }
}

extension Quantity {
  public static func read(_ node: JSONNode, _ range: ClosedRange<Int64> = 1...Limits.quantity) -> Quantity? {
    node.decimal(digits: 3, min: range.lowerBound, max: range.upperBound).map(Quantity.init(thousandths:))
  }

  /// Three pieces as `3`, 350 grams as `0.35`.
  public var decimalText: String { shortDecimal(thousandths, digits: 3) }
}

/// A decimal without zeros at its end.
func shortDecimal(_ value: Int64, digits: Int) -> String {
  var (rest, places) = (value, digits)
  while places > 0, rest % 10 == 0 {
    rest /= 10
    places -= 1
  }
  return Decimal.text(rest, digits: places)
}
