import Kernel
import TestKit
import Testing

@Suite struct `rounding` {
  /// Value, divisor, then what down, half up and up make of it.
  static let table: [(Int64, Int64, Int64, Int64, Int64)] = [
    (0, 3, 0, 0, 0), (1, 3, 0, 0, 1), (2, 3, 0, 1, 1), (3, 3, 1, 1, 1), (4, 3, 1, 1, 2), (1, 2, 0, 1, 1), (3, 2, 1, 2, 2),
    (-1, 2, 0, -1, -1), (-3, 2, -1, -2, -2), (-1, 3, 0, 0, -1), (-2, 3, 0, -1, -1), (5, 10, 0, 1, 1), (49, 100, 0, 0, 1),
    (50, 100, 0, 1, 1), (-49, 100, 0, 0, -1), (-50, 100, 0, -1, -1), (7, 1, 7, 7, 7),
    (.max, .max, 1, 1, 1), (.max, 2, .max / 2, .max / 2 + 1, .max / 2 + 1), (.min, 1, .min, .min, .min),
    (.max - 1, .max, 0, 1, 1), (1, .max, 0, 0, 1), (.min, .max, -1, -1, -2), (.max / 2, .max, 0, 0, 1),
    (.max / 2 + 1, .max, 0, 1, 1),
  ]

  @Test(arguments: table) func `a division is settled as its name says`(_ row: (Int64, Int64, Int64, Int64, Int64)) {
    #expect(divided(row.0, by: row.1, .down) == row.2)
    #expect(divided(row.0, by: row.1, .halfUp) == row.3)
    #expect(divided(row.0, by: row.1, .up) == row.4)
  }

  @Test(arguments: Seeds.some(20)) func `a product is exact in between, narrow or wide`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<1_000 {
      let bits = Int.random(in: 1...62, using: &random)
      let a = Int64.random(in: -(1 << bits)...(1 << bits), using: &random)
      let c = Int64.random(in: 1...(1 << bits), using: &random)
      let b = Int64.random(in: -c...c, using: &random)
      let exact = Int128(a) * Int128(b)
      for rounding in Rounding.allCases {
        let result = Int128(scaled(a, by: b, over: c, rounding))
        let twice = (exact - result * Int128(c)).magnitude * 2
        switch rounding {
        case .down: #expect(result.magnitude * UInt128(c) <= exact.magnitude && twice < 2 * UInt128(c), "seed \(seed)")
        case .up: #expect(result.magnitude * UInt128(c) >= exact.magnitude && twice < 2 * UInt128(c), "seed \(seed)")
        case .halfUp: #expect(twice <= UInt128(c), "seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: Seeds.some(5)) func `a return rounds like its sale`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<1_000 {
      let a = Int64.random(in: 0...Limits.amount, using: &random)
      let rate = Rate(ppm: Int64.random(in: 0...1_000_000, using: &random))
      for rounding in Rounding.allCases {
        #expect(Money(minor: -a).share(rate, rounding) == -Money(minor: a).share(rate, rounding), "seed \(seed)")
      }
    }
  }

  @Test func `a half goes away from zero even where 64 bits do not hold the product`() {
    #expect(scaled(.max, by: 3, over: 6, .halfUp) == .max / 2 + 1)
    #expect(scaled(.max, by: 3, over: 6, .down) == .max / 2)
    #expect(scaled(-.max, by: 3, over: 6, .halfUp) == -(.max / 2) - 1)
    #expect(scaled(Limits.amount, by: 1_000_000, over: 1_000_000, .down) == Limits.amount)
  }

  @Test func `a result beyond 64 bits, a divisor that is not positive or a sum that overflows ends the program`() async {
    await #expect(processExitsWith: .failure) { _ = scaled(.max, by: 2, over: 1, .down) }
    await #expect(processExitsWith: .failure) { _ = divided(1, by: 0, .down) }
    await #expect(processExitsWith: .failure) { _ = scaled(.max, by: .max, over: -1, .down) }
    await #expect(processExitsWith: .failure) {
      // The sum is used, or the optimiser takes the addition away together with its check.
      let sum = Money(minor: .max) + Money(minor: Int64.random(in: 1...9))
      print(sum)
    }
  }
}

@Suite struct `amounts` {
  @Test func `a weighed good costs its weight times its price, to the kopeck`() {
    #expect(Money(minor: 129_90).times(Quantity(thousandths: 345)) == Money(minor: 44_82))
    #expect(Money(minor: 129_90).times(Quantity(thousandths: 345), .down) == Money(minor: 44_81))
    #expect(Money(minor: 99_99).times(.pieces(3)) == Money(minor: 299_97))
  }

  @Test func `a rate is a share in millionths`() {
    #expect(Rate.percent(5).ppm == 50_000)
    #expect(Money(minor: 10_050).share(.percent(5), .halfUp) == Money(minor: 503))
    #expect(Money(minor: 10_050).share(.whole, .down) == Money(minor: 10_050))
  }

  @Test func `pieces are counted only where they are whole`() {
    #expect(Quantity.pieces(4).wholePieces == 4)
    #expect(Quantity(thousandths: 4_001).wholePieces == nil)
    #expect(Quantity(thousandths: -2_000).wholePieces == -2)
  }

  @Test(arguments: [("RUB", 2), ("JPY", 0), ("KWD", 3), ("KMF", 0), ("XPF", 0), ("CLF", 4), ("EUR", 2)])
  func `a currency has the digits of ISO 4217`(_ code: String, _ digits: Int) {
    #expect(Currency(code)?.digits == digits)
  }

  @Test(arguments: ["", "RU", "rub", "RUBL", "РУБ", "R1B"]) func `what is not three capital letters is no currency`(_ code: String)
  {
    #expect(Currency(code) == nil)
  }
}

@Suite struct `decimal text` {
  @Test(
    arguments: [
      ("0", 2, 0), ("12.5", 2, 1250), ("-12.5", 2, -1250), ("12", 2, 1200), ("0.01", 2, 1), ("-0", 2, 0), ("007", 2, 700),
      ("3.141", 3, 3141),
      ("10000000000000.00", 2, 1_000_000_000_000_000), ("1000000000000000", 0, 1_000_000_000_000_000), ("0.000001", 6, 1),
    ] as [(String, Int, Int64)])
  func `is read as an integer of the smallest unit`(_ text: String, _ digits: Int, _ value: Int64) {
    #expect(Decimal.parse(text, digits: digits) == value)
  }

  @Test(arguments: [
    ("", 2), ("-", 2), (".", 2), (".5", 2), ("5.", 2), ("1.234", 2), ("1.5", 0), ("1,5", 2), ("+1", 2), ("1e3", 2), ("1 000", 2),
    (" 1", 2),
    ("--1", 2), ("1.2.3", 2), ("10000000000000.01", 2), ("1000000000000001", 0), ("99999999999999999999999999", 2), ("١", 2),
    ("1\0", 2),
    ("0x10", 2), ("NaN", 2), ("1000000000000001", 6),
  ])
  func `that is anything else is refused`(_ text: String, _ digits: Int) {
    #expect(Decimal.parse(text, digits: digits) == nil)
  }

  @Test(arguments: Seeds.some(20)) func `written is read back the same`(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<500 {
      let value = Int64.random(in: -Limits.amount...Limits.amount, using: &random) >> Int64.random(in: 0...49, using: &random)
      let digits = Int.random(in: 0...6, using: &random)
      #expect(Decimal.parse(Decimal.text(value, digits: digits), digits: digits) == value, "seed \(seed): \(value), \(digits)")
    }
  }

  @Test func `has every digit of its unit`() {
    #expect(Decimal.text(-1250, digits: 2) == "-12.50")
    #expect(Decimal.text(5, digits: 3) == "0.005")
    #expect(Decimal.text(-5, digits: 0) == "-5")
    #expect(Decimal.text(.min, digits: 2) == "-92233720368547758.08")
  }
}
