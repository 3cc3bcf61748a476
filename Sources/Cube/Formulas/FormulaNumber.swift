import Kernel

/// Why a formula has no value.
enum FormulaStop: Error, Hashable {
  /// Something of nothing, or divided by nought.
  case nothing
  /// The numbers at hand do not hold it.
  case tooWide
}

/// An exact fraction. Its divisor is above nought.
protocol FormulaNumber {
  /// - Precondition: `divisor > 0`.
  init(_ value: Int64, over divisor: Int64)
  func plus(_ other: Self) throws(FormulaStop) -> Self
  func times(_ other: Self) throws(FormulaStop) -> Self
  func negated() throws(FormulaStop) -> Self
  /// - Throws: `nothing` for nought.
  func inverted() throws(FormulaStop) -> Self
  /// So many of one scale-th, halves away from nought.
  /// - Throws: `tooWide` where that needs more than 64 bits.
  func rounded(by scale: Int64) throws(FormulaStop) -> Int64
}

/// Two numbers of 128 bits: what nearly every cell needs.
struct NarrowFraction: FormulaNumber {
  private let value: Int128
  private let divisor: Int128

  init(_ value: Int64, over divisor: Int64) {
    precondition(divisor > 0, "a divisor is positive")
    (self.value, self.divisor) = (Int128(value), Int128(divisor))
  }

  private init(_ value: Int128, _ divisor: Int128) { (self.value, self.divisor) = (value, divisor) }

  private static func product(_ a: Int128, _ b: Int128) throws(FormulaStop) -> Int128 {
    let (product, isTooWide) = a.multipliedReportingOverflow(by: b)
    guard !isTooWide else { throw .tooWide }
    return product
  }

  func plus(_ other: NarrowFraction) throws(FormulaStop) -> NarrowFraction {
    let (sum, isTooWide) =
      divisor == other.divisor
      ? value.addingReportingOverflow(other.value)
      : try Self.product(value, other.divisor).addingReportingOverflow(try Self.product(other.value, divisor))
    guard !isTooWide else { throw .tooWide }
    return NarrowFraction(sum, divisor == other.divisor ? divisor : try Self.product(divisor, other.divisor))
  }

  func times(_ other: NarrowFraction) throws(FormulaStop) -> NarrowFraction {
    NarrowFraction(try Self.product(value, other.value), try Self.product(divisor, other.divisor))
  }

  func negated() throws(FormulaStop) -> NarrowFraction { NarrowFraction(try Self.product(value, -1), divisor) }

  func inverted() throws(FormulaStop) -> NarrowFraction {
    guard value != 0 else { throw .nothing }
    return value > 0
      ? NarrowFraction(divisor, value) : NarrowFraction(try Self.product(divisor, -1), try Self.product(value, -1))
  }

  func rounded(by scale: Int64) throws(FormulaStop) -> Int64 {
    let (quotient, remainder) = try Self.product(value, Int128(scale)).quotientAndRemainder(dividingBy: divisor)
    let isUp = remainder.magnitude >= divisor.magnitude - remainder.magnitude
    guard let whole = Int64(exactly: quotient + (remainder != 0 && isUp ? (value < 0 ? -1 : 1) : 0)) else { throw .tooWide }
    return whole
  }
}

/// The same of any length. A formula has at most `Formula.length` characters, so numbers stay within some thousand bits.
struct WideFraction: FormulaNumber {
  private let isNegative: Bool
  private let value: WideNumber
  private let divisor: WideNumber

  init(_ value: Int64, over divisor: Int64) {
    precondition(divisor > 0, "a divisor is positive")
    self.init(value < 0, WideNumber(value.magnitude), WideNumber(divisor.magnitude))
  }

  private init(_ isNegative: Bool, _ value: WideNumber, _ divisor: WideNumber) {
    (self.isNegative, self.value, self.divisor) = (isNegative, value, divisor)
  }

  func plus(_ other: WideFraction) -> WideFraction {
    let (a, b, under) = (value.times(other.divisor), other.value.times(divisor), divisor.times(other.divisor))
    if isNegative == other.isNegative { return WideFraction(isNegative, a.plus(b), under) }
    return a.isLess(than: b) ? WideFraction(other.isNegative, b.minus(a), under) : WideFraction(isNegative, a.minus(b), under)
  }

  func times(_ other: WideFraction) -> WideFraction {
    WideFraction(isNegative != other.isNegative, value.times(other.value), divisor.times(other.divisor))
  }

  func negated() -> WideFraction { WideFraction(!isNegative, value, divisor) }

  func inverted() throws(FormulaStop) -> WideFraction {
    guard !value.isZero else { throw .nothing }
    return WideFraction(isNegative, divisor, value)
  }

  func rounded(by scale: Int64) throws(FormulaStop) -> Int64 {
    // Halves away from nought: the whole part of twice the value and one divisor, over twice the divisor.
    let two = WideNumber(2)
    let wanted = value.times(WideNumber(scale.magnitude)).times(two).plus(divisor)
    guard let whole = wanted.whole(over: divisor.times(two)), let signed = Int64(exactly: whole) else { throw .tooWide }
    return isNegative ? -signed : signed
  }
}

/// A whole number without a sign, of any length: digits of 32 bits, the lowest first, none of them nought at the end.
struct WideNumber: Equatable {
  private var digits: [UInt32]

  init(_ value: UInt64) { self.init([UInt32(truncatingIfNeeded: value), UInt32(value >> 32)]) }

  private init(_ digits: [UInt32]) {
    var digits = digits
    while digits.last == 0 { digits.removeLast() }
    self.digits = digits
  }

  var isZero: Bool { digits.isEmpty }

  func isLess(than other: WideNumber) -> Bool {
    guard digits.count == other.digits.count else { return digits.count < other.digits.count }
    for place in digits.indices.reversed() where digits[place] != other.digits[place] {
      return digits[place] < other.digits[place]
    }
    return false
  }

  func plus(_ other: WideNumber) -> WideNumber {
    var (sum, carry) = ([UInt32](), UInt64(0))
    for place in 0..<max(digits.count, other.digits.count) {
      carry += UInt64(place < digits.count ? digits[place] : 0) + UInt64(place < other.digits.count ? other.digits[place] : 0)
      sum.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return WideNumber(sum + [UInt32(carry)])
  }

  /// - Precondition: not less than the other.
  func minus(_ other: WideNumber) -> WideNumber {
    var (rest, borrow) = ([UInt32](), Int64(0))
    for place in digits.indices {
      borrow += Int64(digits[place]) - Int64(place < other.digits.count ? other.digits[place] : 0)
      rest.append(UInt32(truncatingIfNeeded: borrow))
      borrow >>= 32
    }
    precondition(borrow == 0, "what is taken away is not more than there is")
    return WideNumber(rest)
  }

  func times(_ other: WideNumber) -> WideNumber {
    var product = Array(repeating: UInt32(0), count: digits.count + other.digits.count)
    for (place, digit) in digits.enumerated() {
      var carry = UInt64(0)
      for (second, factor) in other.digits.enumerated() {
        carry += UInt64(product[place + second]) + UInt64(digit) * UInt64(factor)
        product[place + second] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      product[place + other.digits.count] = UInt32(carry)
    }
    return WideNumber(product)
  }

  /// How often the divisor goes into it; nil where that needs more than 63 bits. Bit by bit: it is seldom asked.
  func whole(over divisor: WideNumber) -> UInt64? {
    precondition(!divisor.isZero, "a divisor is positive")
    guard isLess(than: divisor.times(WideNumber(1 << 63))) else { return nil }
    var (quotient, rest) = (UInt64(0), self)
    for bit in (0..<63).reversed() {
      let part = divisor.times(WideNumber(1 << UInt64(bit)))
      guard !rest.isLess(than: part) else { continue }
      rest = rest.minus(part)
      quotient |= 1 << UInt64(bit)
    }
    return quotient
  }
}
