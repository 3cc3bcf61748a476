import Cube
import Kernel
import TestKit
import Testing

@Suite struct `A formula` {
  static let scales = Formula.Scales(money: 2, points: 1)

  /// Sales 120.00, cost 90.00, receipts 8, points spent 3.5, units 2.500, no members.
  private static func measured(_ measure: Measure) -> Int64? {
    [.sales: 12_000, .cost: 9_000, .receipts: 8, .pointsSpent: 35, .units: 2_500, .members: 0, .share: 250_000][measure]
  }

  @Test(arguments: [
    ("sales / receipts:money", Int64?(1_500)), ("(sales - cost) / receipts:money", 375), ("sales - cost / receipts:money", 10_875),
    ("(sales - cost) / sales:percent", 250_000), ("points-spent / sales * 100:number.3", 2_917),
    ("points_spent / sales * 100:number.3", 2_917), ("sales/units:money", 4_800), ("-cost:money", -9_000),
    ("cost - sales:money", -3_000), ("1 / 3 * receipts:number.6", 2_666_667), ("receipts*0,5", 40_000),
    ("receipts × 2 ÷ 4 − 1:number.0", 3), ("sales - - cost:money", 21_000), ("SALES:money", 12_000), ("share:percent", 250_000),
    // Of nothing, and of what has no value.
    ("sales / members:money", nil), ("sales / (receipts - 8)", nil), ("sales / average-receipt", nil),
    ("members / sales:percent", 0), ("0 * (sales / members)", nil),
    // Halves go away from nought.
    ("receipts / 16:number.0", 1), ("-receipts / 16:number.0", -1), ("(receipts - 8.2) / 16:number.2", -1),
  ]) func `is worked out exactly and rounded once`(word: String, wanted: Int64?) throws {
    #expect(try Formula(word: word).settled(Self.scales).value(Self.measured) == wanted, "\(word)")
  }

  @Test(arguments: [
    ("", 1), ("   ", 1), ("sales +", 8), ("sales + * cost", 9), ("sales cost", 7), ("(sales", 1), ("sales)", 6),
    ("sales / moon", 9),
    ("sales / 0", 9), ("sales & cost", 7), ("1 + 2", 1), ("sales * 1234567890123456", 9), ("()", 2), ("sales / (cost -)", 16),
    ("margin-shares", 8), ("sales:roubles", 7), ("sales:number.9", 7), ("formula:", 9), ("((sales) cost)", 10),
  ]) func `that cannot be read is refused with the character`(word: String, place: Int) throws {
    let fault = #expect(throws: FormulaFault.self) { try Formula(word: word) }
    #expect(fault?.place == place, "\(word): \(fault?.message.en ?? "")")
    #expect(fault.map { !$0.message.ru.isEmpty && $0.message.ru != $0.message.en } == true)
  }

  @Test func `has at most so many characters`() throws {
    let long = "sales" + String(repeating: " ", count: Formula.length - 5)
    #expect(try Formula(long).text == "sales")
    #expect(throws: FormulaFault.self) { try Formula(long + " ") }
    // As deep as it can be.
    let depth = (Formula.length - 5) / 2
    let deep = String(repeating: "(", count: depth) + "sales" + String(repeating: ")", count: depth)
    #expect(try Formula(deep).text == "sales")
  }

  @Test func `reads the longest value, and a hyphen with spaces is a minus`() throws {
    #expect(try Formula("margin-share").measures == [.marginShare])
    #expect(try Formula("margin - share").measures == [.margin, .share])
    #expect(try Formula("sales-cost").measures == [.sales, .cost])
    #expect(try Formula("points-earned-points-spent").measures == [.pointsEarned, .pointsSpent])
  }

  @Test(arguments: 0..<200) func `written plainly is the same formula`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let text = "sales * (" + Self.expression(&random, depth: 3) + ")"
    let one = try Formula(text).settled(Self.scales)
    let plain = try #require(one.text)
    let again = try Formula(plain).settled(Self.scales)
    #expect(again.text == plain && again == one, "seed \(seed): \(text)")
    #expect(again.value(Self.measured) == one.value(Self.measured), "seed \(seed): \(text)")
    #expect(Measure(rawValue: Measure.formula(one).rawValue) == .formula(one), "seed \(seed): \(text)")
  }

  @Test func `holds numbers of any size, and nothing where the answer is too large`() throws {
    let large = Int64.max / 3
    func value(_ word: String) throws -> Int64? { try Formula(word: word).settled(.init(money: 0, points: 0)).value { _ in large } }
    #expect(try value("sales * sales * sales / sales / sales:number.0") == large)
    #expect(try value("sales * sales * cost / (sales * sales) - cost:number.0") == 0)
    #expect(try value("(sales * sales * sales + sales) / (sales * sales) - sales:number.6") == 0, "one part of a very large number")
    #expect(try value("sales * sales / (sales * sales * sales) * sales * 3:number.0") == 3)
    #expect(try value("-sales * sales * sales / (sales * sales * 2):number.0") == -(large / 2 + large % 2))
    #expect(try value("sales * sales") == nil)
    #expect(try value("sales * 3:number.0") == Int64.max - Int64.max % 3)
    #expect(try value("sales * 4:number.0") == nil)
  }

  @Test func `of a name alone is not asked until it is known what it means`() throws {
    var pivot = Pivot(rows: [.store], values: [.sales, .formula(Formula(named: "own"))])
    pivot.order = .value(.formula(Formula(named: "own")), isDescending: true)
    let frame = CubeShop.frame([])
    let refused = #expect(throws: Problem.self) { try PivotQuestion(pivot, of: frame) }
    #expect(refused?.issues.map(\.pointer) == ["/values/1"])
    let own = try Formula(code: "own", title: LocalText(ru: "Своя", en: "Own"), "sales / receipts", format: .money)
    let settled = pivot.settled(["own": own], Self.scales)
    #expect(settled == pivot, "the same question")
    _ = try PivotQuestion(settled, of: frame)
    #expect(settled.values[1].unit == .money && settled.values[1].rawValue == "formula:own")
  }

  /// Formula cells are the formula of the cells' measures, in cells and in all totals; and the measures are what the lines say.
  @Test(arguments: 0..<60) func `of a pivot is that of its cells and totals, never a sum of quotients`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed + 9_000)
    let two = try CubeInTwo(&shop, receipts: 200, late: seed.isMultiple(of: 2) ? 0 : 40)
    let dimensions: [Dimension] = [.month, .weekday, .store, .city, .category, .brand, .kind, .card, .promotion, .segment, .sex]
    var chosen = Array(dimensions.shuffled(using: &shop.random).prefix(Int.random(in: 1...3, using: &shop.random)))
    if let many = chosen.first(where: \.isMany) { chosen.removeAll { $0.isMany && $0 != many } }
    let (a, b, c) = (Self.measure(&shop.random), Self.measure(&shop.random), Self.measure(&shop.random))
    let texts = [
      "\(a.rawValue) / \(b.rawValue)", "(\(a.rawValue) - \(b.rawValue)) / \(c.rawValue)", "\(a.rawValue) * 3 + \(b.rawValue) / 7",
    ]
    let formulas = try texts.map { Measure.formula(try Formula($0, format: .number(digits: 3)).settled(Self.scales)) }
    let split = Int.random(in: 0...chosen.count, using: &shop.random)
    // The measures themselves are shown by another question: what a formula needs is counted for it alone.
    var pivot = Pivot(rows: Array(chosen[..<split]), columns: Array(chosen[split...]), values: formulas)
    if Bool.random(using: &shop.random), !pivot.rows.isEmpty { pivot.order = .value(formulas[0], isDescending: true) }
    let table = try two.cube.ask(pivot, &shop.random)
    try SlowPivot(pivot, two.valid).compare(table, "seed \(seed)")
    var plain = pivot
    (plain.values, plain.order) = (Array(Set([a, b, c])), .natural)
    let parts = try two.cube.ask(plain, &shop.random)
    for (place, row) in table.rows.enumerated() {
      let other = try #require(parts.rows.firstIndex { $0.labels == row.labels })
      for column in table.columns.indices {
        let at = try #require(parts.columns.firstIndex(of: table.columns[column]))
        func value(_ measure: Measure) -> Int64? { parts.value(measure, row: other, column: at) }
        let wanted = [
          Self.quotient(value(a), a, 0, b, value(b), b), Self.quotient(value(a), a, value(b), b, value(c), c),
          Self.combined(value(a), a, value(b), b),
        ]
        for (formula, wanted) in zip(formulas, wanted) {
          #expect(
            table.value(formula, row: place, column: column) == wanted,
            "seed \(seed): \(formula.rawValue) of \(row.labels) \(table.columns[column])")
        }
      }
    }
  }

  private static func measure(_ random: inout SeededRandom) -> Measure {
    Measure.allCases.randomElement(using: &random) ?? .sales
  }

  /// Smallest units of one of it.
  private static func scale(_ measure: Measure) -> Int128 {
    switch measure.unit {
    case .money: 100
    case .points: 10
    case .quantity: 1_000
    case .count: 1
    case .percent: 1_000_000
    case .number(let digits): (0..<digits).reduce(1) { all, _ in all * 10 }
    }
  }

  private static func rounded(_ part: Int128, _ whole: Int128) -> Int64? {
    guard whole != 0 else { return nil }
    let (part, whole) = whole < 0 ? (-part, -whole) : (part, whole)
    let size = (part.magnitude * 2 + whole.magnitude) / (whole.magnitude * 2)
    return part < 0 ? -Int64(size) : Int64(size)
  }

  /// (a − b) ÷ c in thousandths.
  private static func quotient(_ a: Int64?, _ ofA: Measure, _ b: Int64?, _ ofB: Measure, _ c: Int64?, _ ofC: Measure) -> Int64? {
    guard let a, let b, let c else { return nil }
    let above = Int128(a) * scale(ofB) - Int128(b) * scale(ofA)
    return rounded(above * scale(ofC) * 1_000, Int128(c) * scale(ofA) * scale(ofB))
  }

  /// 3a + b ÷ 7 in thousandths.
  private static func combined(_ a: Int64?, _ ofA: Measure, _ b: Int64?, _ ofB: Measure) -> Int64? {
    guard let a, let b else { return nil }
    return rounded((Int128(a) * 21 * scale(ofB) + Int128(b) * scale(ofA)) * 1_000, 7 * scale(ofA) * scale(ofB))
  }

  private static func expression(_ random: inout SeededRandom, depth: Int) -> String {
    let measures = ["sales", "cost", "receipts", "points-spent", "units", "members"]
    guard depth > 0, Int.random(in: 0..<5, using: &random) > 0 else {
      return Bool.random(using: &random)
        ? measures.randomElement(using: &random) ?? "sales" : "\(Int.random(in: 1...40, using: &random)).5"
    }
    let (a, b) = (expression(&random, depth: depth - 1), expression(&random, depth: depth - 1))
    let sign = ["+", "-", "*", "/"].randomElement(using: &random) ?? "+"
    return switch Int.random(in: 0..<4, using: &random) {
    case 0: "(\(a) \(sign) \(b))"
    case 1: "-(\(a)) \(sign) \(b)"
    default: "\(a) \(sign) \(b)"
    }
  }
}
