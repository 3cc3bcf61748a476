import Cube
import Kernel
import TestKit
import Testing

/// The cube against the same questions answered line by line, slowly.
@Suite struct `The cube tells the truth` {
  @Test(arguments: 0..<150) func `about any question, with late receipts and without`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed)
    let two = try CubeInTwo(&shop, receipts: 300, late: seed.isMultiple(of: 3) ? 0 : 60)
    let pivot = Self.pivot(&shop.random)
    let slow = SlowPivot(pivot, two.valid)
    let table = try two.cube.ask(pivot, &shop.random)
    try slow.compare(table, "seed \(seed)")
    let merged = try two.merged(lines: 200).ask(pivot, &shop.random)
    try slow.compare(merged, "seed \(seed), merged")
  }

  @Test func `about nothing at all`() throws {
    var random = SeededRandom(seed: 1)
    let empty = Cube([], CubeShop.frame([]))
    let table = try empty.ask(Pivot(rows: [.store], values: [.sales, .averageReceipt]), &random)
    #expect(table.rows.count == 1)
    #expect(table.value(.sales, row: 0, column: 0) == nil)
  }

  @Test func `about what its filters leave nothing of`() throws {
    var shop = CubeShop(seed: 3)
    let two = try CubeInTwo(&shop, receipts: 50, late: 5)
    var pivot = Pivot(rows: [.city, .store], columns: [.promotion], values: [.sales, .members])
    pivot.filters = [Pivot.Filter(.city, ["city-0", "city-1", "city-2"], isExcluded: true)]
    let table = try two.cube.ask(pivot, &shop.random)
    #expect(table.rows.count == 1)
    #expect(table.value(.sales, row: 0, column: 0) == nil)
  }

  @Test(arguments: 0..<40) func `and keeps the top apart from the rest, counted from the facts`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed + 1_000)
    let two = try CubeInTwo(&shop, receipts: 300, late: 40)
    var pivot = Pivot(rows: [.product], values: [.sales, .members, .visits])
    pivot.top = 5
    pivot.order = .value(.sales, isDescending: true)
    let table = try two.cube.ask(pivot, &shop.random)
    let whole = SlowPivot(Pivot(rows: [.product], values: pivot.values), two.valid)
    let best = whole.ranking(.sales).prefix(5)
    #expect(table.rows.dropFirst().map { $0.labels[0] }.sorted() == (best + [CubeFrame.others]).sorted())
    let rest = Set((0..<CubeShop.products).map { "product-\($0 * 7 % CubeShop.products)" }).subtracting(best)
    let row = try #require(table.rows.firstIndex { $0.labels == [CubeFrame.others] })
    #expect(table.value(.members, row: row, column: 0) == whole.count(.members, among: rest))
    #expect(table.value(.visits, row: row, column: 0) == whole.count(.visits, among: rest))
    #expect(table.value(.members, row: 0, column: 0) == whole.count(.members, among: nil))
  }

  /// Any question of one to three dimensions.
  private static func pivot(_ random: inout SeededRandom) -> Pivot {
    let dimensions: [Dimension] = [
      .month, .week, .weekday, .day, .hour, .store, .city, .register, .department, .category, .brand, .unit, .kind, .card, .year,
      .tier,
      .channel, .coupon, .promotion, .sex, .segment,
    ]
    var chosen = Array(dimensions.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
    if chosen.contains(.day), chosen.contains(.hour) { chosen.removeAll { $0 == .hour } }
    // Of those that can have many only one is shown.
    if let many = chosen.first(where: \.isMany) { chosen.removeAll { $0.isMany && $0 != many } }
    let split = Int.random(in: 0...chosen.count, using: &random)
    let values = Array(Measure.allCases.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random)))
    var pivot = Pivot(rows: Array(chosen[..<split]), columns: Array(chosen[split...]), values: values)
    if Bool.random(using: &random) {
      let by = [Dimension.city, .category, .brand, .unit].randomElement(using: &random) ?? .city
      let groups = by == .city || by == .unit ? 3 : by == .category ? 9 : 6
      let labels = (0..<groups).shuffled(using: &random).prefix(2).map { "\(by.rawValue)-\($0)" }
      pivot.filters.append(Pivot.Filter(by, Array(labels), isExcluded: Bool.random(using: &random)))
    }
    if Bool.random(using: &random) { pivot.filters.append(Pivot.Filter(.card, ["with"])) }
    if Bool.random(using: &random) {
      let by = [Dimension.coupon, .promotion, .segment].randomElement(using: &random) ?? .coupon
      let labels = (0...5).shuffled(using: &random).prefix(2).map { "\(by.rawValue)-\($0)" }
      pivot.filters.append(Pivot.Filter(by, Array(labels), isExcluded: Bool.random(using: &random)))
    }
    if Bool.random(using: &random) {
      pivot.first = CivilDay(number: Int32(CubeShop.days.lowerBound + Int.random(in: 0..<15, using: &random)))
      pivot.last = pivot.first?.adding(days: Int.random(in: 0..<20, using: &random))
    }
    if Bool.random(using: &random) { pivot.order = .value(values[0], isDescending: true) }
    return pivot
  }
}

/// A pivot answered by going through every line for every total.
struct SlowPivot {
  private struct Fact {
    let receipt: CubeReceipt
    let line: CubeReceipt.Line
    let labels: [Dimension: [String]]
    let isNew: Bool
    /// Days since the member's visit before; nil for a first one, and for what is no visit.
    let gap: Int64?
  }

  private let pivot: Pivot
  private let facts: [Fact]

  init(_ pivot: Pivot, _ receipts: [CubeReceipt]) {
    self.pivot = pivot
    var first: [Int64: CubeReceipt] = [:]
    for receipt in receipts where receipt.flags.counts && receipt.member != 0 {
      if first[receipt.member].map({ Self.time(receipt) < Self.time($0) }) ?? true { first[receipt.member] = receipt }
    }
    let gaps = Self.gaps(receipts)
    facts = receipts.flatMap { receipt in
      receipt.lines.compactMap { line in
        let labels = Self.labels(receipt, line)
        let day = CivilDay(number: Int32(receipt.day))
        let isInTime = (pivot.first.map { $0 <= day } ?? true) && (pivot.last.map { day <= $0 } ?? true)
        let isIn = pivot.filters.allSatisfy { filter in
          (labels[filter.dimension] ?? []).contains { filter.labels.contains($0) } != filter.isExcluded
        }
        return isIn && isInTime
          ? Fact(
            receipt: receipt, line: line, labels: labels, isNew: first[receipt.member]?.id == receipt.id,
            gap: gaps[Self.visit(receipt)]) : nil
      }
    }
  }

  /// Who came first: the day, the time since the store opened its day, the number.
  private static func time(_ receipt: CubeReceipt) -> (Int, Int, Int64) {
    let start = Int(CubeShop.dayStarts[Int(receipt.store)])
    let minute = Int(receipt.minute)
    return (Int(receipt.day), minute < start ? minute + 1_440 - start : minute - start, receipt.id)
  }

  private static func visit(_ receipt: CubeReceipt) -> [Int64] { [receipt.member, Int64(receipt.day), Int64(receipt.store)] }

  /// By visit: member, day and store.
  private static func gaps(_ receipts: [CubeReceipt]) -> [[Int64]: Int64] {
    let visits = Set(receipts.filter { $0.flags.counts && $0.member != 0 && !$0.lines.isEmpty }.map(visit))
    var gaps: [[Int64]: Int64] = [:]
    for (_, own) in Dictionary(grouping: visits, by: { $0[0] }) {
      let ordered = own.sorted { ($0[1], $0[2]) < ($1[1], $1[2]) }
      for (earlier, later) in zip(ordered, ordered.dropFirst()) { gaps[later] = later[1] - earlier[1] }
    }
    return gaps
  }

  private static func labels(_ receipt: CubeReceipt, _ line: CubeReceipt.Line) -> [Dimension: [String]] {
    var labels = single(receipt, line).mapValues { [$0] }
    func many(_ dimension: Dimension, _ set: [Int32]) { labels[dimension] = set.map { "\(dimension.rawValue)-\($0)" } }
    many(.coupon, CubeShop.coupons[Int(receipt.occasion)])
    many(.promotion, CubeShop.deals[Int(line.deals)])
    many(.segment, CubeShop.segments[CubeShop.sort(receipt.member)])
    return labels
  }

  private static func single(_ receipt: CubeReceipt, _ line: CubeReceipt.Line) -> [Dimension: String] {
    let day = CivilDay(number: Int32(receipt.day))
    let hour = receipt.minute / 60
    func group(_ dimension: Dimension, _ code: UInt32, _ groups: Int) -> String {
      "\(dimension.rawValue)-\(Int(code) * 7 % groups)"
    }
    return [
      .day: "\(day)", .month: String("\(day)".prefix(7)), .year: String("\(day)".prefix(4)), .weekday: "\(day.weekday)",
      .week: "\(day.adding(days: 1 - day.weekday))", .hour: hour < 10 ? "0\(hour)" : "\(hour)",
      .store: group(.store, receipt.store, CubeShop.stores), .city: group(.city, receipt.store, 3),
      .register: group(.register, receipt.register, CubeShop.registers), .product: group(.product, line.product, CubeShop.products),
      .department: group(.department, line.product, 4), .category: group(.category, line.product, 9),
      .brand: group(.brand, line.product, 6), .unit: group(.unit, line.product, 3),
      .kind: receipt.flags.contains(.isReturn) ? "return" : "sale",
      .card: receipt.member == 0 ? "without" : "with", .tier: group(.tier, UInt32(receipt.tier), 2),
      .channel: group(.channel, receipt.occasion, 2), .sex: group(.sex, UInt32(CubeShop.sort(receipt.member)), 3),
    ]
  }

  private func facts(_ row: [String], _ column: [String]) -> [Fact] {
    facts.filter { fact in
      zip(pivot.rows, row).allSatisfy { fact.labels[$0]?.contains($1) ?? false }
        && zip(pivot.columns, column).allSatisfy { fact.labels[$0]?.contains($1) ?? false }
    }
  }

  func compare(_ table: PivotTable, _ comment: String) throws {
    var lines: Int64 = 0
    for (index, row) in table.rows.enumerated() {
      for (place, column) in table.columns.enumerated() {
        let own = facts(row.labels, column)
        let whole = facts([], column)
        let gone = SlowExpiry(pivot).facts(row.labels, column)
        let expired = gone.map { $0.reduce(0) { $0 + $1.points } }
        let isEmpty = own.isEmpty && gone?.isEmpty ?? true
        #expect((row.cells[place] == nil) == isEmpty, "\(comment): \(row.labels) \(column)")
        guard !isEmpty else { continue }
        for measure in pivot.values {
          let expected = Self.value(measure, own, whole, expired: expired)
          #expect(table.value(measure, row: index, column: place) == expected, "\(comment): \(measure) of \(row.labels) \(column)")
        }
        if row.labels.count == pivot.rows.count, column.count == pivot.columns.count { lines += Int64(own.count) }
      }
    }
    SlowExpiry(pivot).compareAll(table, comment)
    let most = facts.reduce(0) { $0 + Int64(shown($1)) }
    #expect(lines == most, "\(comment): every line is in one finest cell, or in one for each of many")
  }

  /// In how many of the finest cells a line is.
  private func shown(_ fact: Fact) -> Int {
    guard let many = (pivot.rows + pivot.columns).first(where: \.isMany) else { return 1 }
    let named = pivot.filters.filter { $0.dimension == many && !$0.isExcluded }.map(\.labels)
    return (fact.labels[many] ?? []).count { label in named.allSatisfy { $0.contains(label) } }
  }

  func ranking(_ measure: Measure) -> [String] {
    let labels = Set(facts.flatMap { $0.labels[.product] ?? [] })
    let values = labels.map { label in (label, Self.value(measure, facts.filter { $0.labels[.product] == [label] }, facts) ?? 0) }
    return values.sorted { $0.1 > $1.1 }.map(\.0)
  }

  func count(_ measure: Measure, among labels: Set<String>?) -> Int64? {
    Self.value(measure, facts.filter { labels?.contains($0.labels[.product]?.first ?? "") ?? true }, facts)
  }

  /// - Parameter expired: points that ran out, of which no line knows; nil where they are not told apart.
  private static func value(_ measure: Measure, _ facts: [Fact], _ whole: [Fact], expired: Int64? = nil) -> Int64? {
    func sum(_ column: RollColumn, _ of: [Fact]? = nil) -> Int64 {
      guard let place = RollColumn.sums.firstIndex(of: column) else { return 0 }
      return (of ?? facts).reduce(0) { $0 + $1.line.sums[place] }
    }
    func ratio(_ part: Int64, _ count: Int64, _ scale: Int64 = 1) -> Int64? {
      guard count > 0 else { return nil }
      // Halves away from zero.
      let amount = (Int128(part) * Int128(scale)).magnitude
      let rounded = Int64((amount * 2 + UInt128(count)) / (UInt128(count) * 2))
      return part < 0 ? -rounded : rounded
    }
    let counted = facts.filter { $0.receipt.flags.counts }
    let receipts = Int64(Set(counted.map(\.receipt.id)).count)
    let members = Int64(Set(counted.map(\.receipt.member)).subtracting([0]).count)
    let visits = Int64(
      Set(
        counted.map {
          $0.receipt.member == 0 ? [$0.receipt.id] : [$0.receipt.member, Int64($0.receipt.store), Int64($0.receipt.day)]
        }
      ).count)
    let before = sum(.amount) + sum(.paidWithPoints) + sum(.discount)
    let gapOf = Dictionary(
      counted.compactMap { fact in fact.gap.map { (visit(fact.receipt), $0) } }, uniquingKeysWith: { first, _ in first })
    let gaps = gapOf.values.sorted()
    let isUnlike = Set(facts.flatMap { $0.labels[.unit] ?? [] }).count > 1
    return switch measure {
    case .visitInterval: ratio(gaps.reduce(0, +), Int64(gaps.count), 10)
    case .medianInterval:
      gaps.isEmpty ? nil : (gaps[(gaps.count - 1) / 2] + gaps[gaps.count / 2]) * 5
    case .sales: sum(.amount)
    case .discount: sum(.discount)
    case .reduced: sum(.reduced)
    case .paidWithPoints: sum(.paidWithPoints)
    case .pointsSpent: sum(.spent)
    case .pointsEarned: sum(.earned)
    case .pointsExpired: expired
    case .units: isUnlike ? nil : sum(.quantity)
    case .receipts: receipts
    case .visits: visits
    case .members: members
    case .newMembers: Int64(Set(counted.filter(\.isNew).map(\.receipt.member)).count)
    case .lines: Int64(facts.count)
    case .averageReceipt: ratio(sum(.amount), receipts)
    case .perMember: ratio(sum(.amount), members)
    case .unitsPerReceipt: ratio(sum(.quantity) + sum(.itemsBeyond), receipts)
    case .price: isUnlike ? nil : ratio(sum(.amount), sum(.quantity), 1_000)
    case .visitsPerMember: ratio(visits, members, 1_000)
    case .share: ratio(sum(.amount), sum(.amount, whole), 1_000_000)
    case .discountShare: ratio(sum(.discount), before, 1_000_000)
    case .cost: sum(.cost)
    case .margin: sum(.costed) - sum(.cost)
    case .marginShare: ratio(sum(.costed) - sum(.cost), sum(.costed), 1_000_000)
    case .formula(let formula): formula.value { value($0, facts, whole, expired: expired) }
    }
  }
}
