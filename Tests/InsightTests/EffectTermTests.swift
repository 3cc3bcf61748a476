import Cube
import Insight
import Kernel
import TestKit
import Testing

/// Values beside the usual ones, against the same worked out person by person, with how sure they are by leaving out one member after the
/// other: the jackknife, which knows nothing of gradients.
@Suite struct `Any value of a control group` {
  private static let members = Int64(600)
  private static let days = (now: UInt16(20_020)...UInt16(20_039), before: UInt16(20_000)...UInt16(20_019))
  private static let scales = Formula.Scales(money: 2, points: 0)

  /// Members have their habits; every fourth is kept apart.
  private static func receipts(_ random: inout SeededRandom) -> [CubeReceipt] {
    var id = Int64(0)
    return (1...members).flatMap { member -> [CubeReceipt] in
      let habit = Int64.random(in: 1...20, using: &random)
      return (0..<Int.random(in: 0...9, using: &random)).map { _ in
        id += 1
        let isReturn = id % 13 == 0
        let lines = (0..<Int.random(in: 1...3, using: &random)).map { _ in
          let sums = RollColumn.sums.map { column -> Int64 in
            let most: ClosedRange<Int64> =
              switch column {
              case .amount, .costed: 500...2_000
              case .cost: 100...900
              case .quantity: 500...4_000
              default: 0...90
              }
            return Int64.random(in: most, using: &random) * habit * (isReturn ? -1 : 1)
          }
          return CubeReceipt.Line(product: UInt32.random(in: 0..<3, using: &random), sums: sums)
        }
        return CubeReceipt(
          id: id, member: member, day: UInt16.random(in: 19_991...20_044, using: &random), minute: UInt16(id % 1_440), store: 0,
          flags: isReturn ? .isReturn : [], lines: lines)
      }
    }
  }

  /// What a member comes to, by a word: added up here a second time.
  private static func sums(_ receipts: [CubeReceipt], _ days: ClosedRange<UInt16>, isWeekend: Bool) -> [String: Double] {
    func isIn(_ day: UInt16) -> Bool { days.contains(day) && (!isWeekend || (Int(day) + 3) % 7 >= 5) }
    var all: [String: Double] = [:]
    let (own, sold) = (receipts.filter { isIn($0.day) }, receipts.filter { !$0.flags.contains(.isReturn) })
    for (place, column) in RollColumn.sums.enumerated() {
      all["\(column)"] = own.flatMap(\.lines).reduce(0) { $0 + Double($1.sums[place]) }
    }
    let place = RollColumn.sums.firstIndex(of: .amount) ?? 0
    all["everything"] = receipts.filter { days.contains($0.day) }.flatMap(\.lines).reduce(0) { $0 + Double($1.sums[place]) }
    all["receipts"] = Double(sold.count { isIn($0.day) })
    all["lines"] = sold.filter { isIn($0.day) }.reduce(0) { $0 + Double($1.lines.count) }
    all["buyers"] = all["receipts"] == 0 ? 0 : 1
    let visits = Set(sold.map(\.day)).sorted()
    all["visits"] = Double(visits.count(where: isIn))
    all["first"] = visits.first.map(isIn) ?? false ? 1 : 0
    for (before, day) in zip(visits, visits.dropFirst()) where isIn(day) {
      all["gap", default: 0] += Double(day - before)
      all["gaps", default: 0] += 1
    }
    return all
  }

  private typealias Sums = (String) -> Double

  /// What each value is of sums over a group, and of its size.
  private static let known: [(Measure, @Sendable (Sums, Double) -> Double)] = [
    (.sales, { $0("amount") / $1 }), (.discount, { $0("discount") / $1 }), (.reduced, { $0("reduced") / $1 }),
    (.paidWithPoints, { $0("paidWithPoints") / $1 }), (.pointsSpent, { $0("spent") / $1 }), (.pointsEarned, { $0("earned") / $1 }),
    (.units, { $0("quantity") / $1 }), (.receipts, { $0("receipts") / $1 }), (.visits, { $0("visits") / $1 }),
    (.members, { $0("buyers") / $1 }), (.newMembers, { $0("first") / $1 }), (.lines, { $0("lines") / $1 }),
    (.cost, { $0("cost") / $1 }), (.margin, { ($0("costed") - $0("cost")) / $1 }),
    (.averageReceipt, { sum, _ in sum("amount") / sum("receipts") }), (.perMember, { sum, _ in sum("amount") / sum("buyers") }),
    (.unitsPerReceipt, { sum, _ in (sum("quantity") + sum("itemsBeyond")) / sum("receipts") }),
    (.price, { sum, _ in 1_000 * sum("amount") / sum("quantity") }),
    (.visitsPerMember, { sum, _ in 1_000 * sum("visits") / sum("buyers") }),
    (.discountShare, { sum, _ in 1_000_000 * sum("discount") / (sum("amount") + sum("paidWithPoints") + sum("discount")) }),
    (.marginShare, { sum, _ in 1_000_000 * (sum("costed") - sum("cost")) / sum("costed") }),
    (.visitInterval, { sum, _ in 10 * sum("gap") / sum("gaps") }),
    (.share, { sum, _ in 1_000_000 * sum("amount") / sum("everything") }),
  ]

  private static func formula(_ text: String, _ format: Formula.Format) throws -> Measure {
    .formula(try Formula(text, format: format).settled(scales))
  }

  @Test(arguments: known.indices, [false, true]) func `is what leaving out one after the other tells`(place: Int, isWeekend: Bool)
    throws
  {
    let (measure, value) = Self.known[place]
    // Without a filter a share is of itself.
    try Self.check(measure, isWeekend: isWeekend || measure == .share, value)
  }

  @Test func `may be a formula of the retailer's own`() throws {
    try Self.check(Self.formula("(sales - cost) / sales", .percent), isWeekend: false) { sum, _ in
      1_000_000 * (sum("amount") - sum("cost")) / sum("amount")
    }
    try Self.check(Self.formula("average-receipt * 2 - price", .money), isWeekend: true) { sum, _ in
      2 * sum("amount") / sum("receipts") - 1_000 * sum("amount") / sum("quantity")
    }
    try Self.check(Self.formula("sales * margin / receipts", .number(digits: 2)), isWeekend: false) { sum, members in
      sum("amount") * (sum("costed") - sum("cost")) / sum("receipts") / 100 / members
    }
  }

  private static func check(_ measure: Measure, isWeekend: Bool, _ value: (Sums, Double) -> Double) throws {
    var random = SeededRandom(seed: 41)
    let receipts = Self.receipts(&random)
    let effect = try #require(try Self.effect(measure, receipts, isWeekend: isWeekend))
    let byMember = Dictionary(grouping: receipts, by: \.member)
    func group(_ isControl: Bool, _ days: ClosedRange<UInt16>) -> (value: Double, parts: [Double]) {
      let all = (1...members).filter { ($0 % 4 == 0) == isControl }.map { sums(byMember[$0] ?? [], days, isWeekend: isWeekend) }
      let total = all.reduce(into: [String: Double]()) { $0.merge($1) { $0 + $1 } }
      let n = Double(all.count)
      let whole = value({ total[$0] ?? 0 }, n)
      // Tukey's pseudo-values: what each member adds to it.
      return (whole, all.map { one in n * whole - (n - 1) * value({ (total[$0] ?? 0) - (one[$0] ?? 0) }, n - 1) })
    }
    let (one, other) = (group(false, days.now), group(true, days.now))
    let (past, otherPast) = (group(false, days.before), group(true, days.before))
    func joint(_ a: [Double], _ b: [Double]) -> Double {
      let (x, y) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
      return zip(a, b).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
    }
    let spread = joint(past.parts, past.parts) + joint(otherPast.parts, otherPast.parts)
    let theta = spread > 0 ? (joint(past.parts, one.parts) + joint(otherPast.parts, other.parts)) / spread : 0
    func error(_ theta: Double) -> Double {
      [(one, past), (other, otherPast)].reduce(0) { total, pair in
        let left = zip(pair.0.parts, pair.1.parts).map { $0 - theta * $1 }
        let n = Double(left.count)
        return total + joint(left, left) / (n - 1) / n
      }.squareRoot()
    }
    let scale = max(abs(one.value), abs(other.value), 1e-9)
    #expect(abs(effect.served - one.value) < 1e-9 * scale && abs(effect.control - other.value) < 1e-9 * scale, "\(measure)")
    #expect(abs(effect.plainMargin - 1.959964 * error(0)) < 0.08 * effect.plainMargin + 1e-9 * scale, "\(measure)")
    #expect(abs(effect.margin - 1.959964 * error(theta)) < 0.08 * effect.margin + 1e-9 * scale, "\(measure)")
    let wanted = one.value - other.value - theta * (past.value - otherPast.value)
    #expect(abs(effect.difference - wanted) < 0.1 * effect.margin + 1e-9 * scale, "\(measure)")
  }

  private static func effect(_ measure: Measure, _ receipts: [CubeReceipt], isWeekend: Bool) throws -> Effect? {
    let cube = try MadeCube(receipts).cube
    let groups = cube.everyRoll.map { roll in (0..<roll.members).map { UInt8(roll.memberID(at: $0) % 4 == 0 ? 2 : 1) } }
    let term = try EffectTerm(measure)
    let asked = EffectAsked([term])
    let filters = isWeekend ? [Pivot.Filter(.weekday, ["6", "7"])] : []
    let walk = try EffectWalk(
      filters, of: cube.frame, now: days.now, before: days.before, groups: groups, count: 2, asking: asked)
    var found = walk.nothing
    for part in cube.peopleParts { walk.add(part, of: cube, to: &found) }
    let control = members / 4
    return Effect(
      term, found.matrices[0], found.matrices[1], atoms: asked.atoms, counts: (served: members - control, control: control))
  }

  @Test func `of a sum is the usual one to the last digit`() throws {
    var random = SeededRandom(seed: 5)
    let cube = try MadeCube(Self.receipts(&random)).cube
    let groups = cube.everyRoll.map { roll in (0..<roll.members).map { UInt8(roll.memberID(at: $0) % 4 == 0 ? 2 : 1) } }
    let term = try EffectTerm(.sales)
    let asked = EffectAsked([term])
    let walk = try EffectWalk(
      [], of: cube.frame, now: Self.days.now, before: Self.days.before, groups: groups, count: 2, asking: asked)
    var found = walk.nothing
    for part in cube.peopleParts { walk.add(part, of: cube, to: &found) }
    let place = EffectValue.sales.rawValue
    let usual = try #require(Effect(found.groups[0][place], found.groups[1][place], counts: (450, 150)))
    let other = try #require(
      Effect(term, found.matrices[0], found.matrices[1], atoms: asked.atoms, counts: (served: 450, control: 150)))
    #expect(abs(usual.difference - other.difference) < 1e-6 && abs(usual.margin - other.margin) < 1e-6)
    #expect(abs(usual.plainMargin - other.plainMargin) < 1e-6 && abs(usual.p - other.p) < 1e-9)
  }

  /// Points that ran out are of no receipt: they come from beside, those of people who never bought anything as well.
  @Test func `takes points that ran out from beside the receipts`() throws {
    var random = SeededRandom(seed: 6)
    let cube = try MadeCube(Self.receipts(&random)).cube
    let groups = cube.everyRoll.map { roll in (0..<roll.members).map { UInt8(roll.memberID(at: $0) % 4 == 0 ? 2 : 1) } }
    let term = try EffectTerm(.pointsExpired)
    func points(_ member: Int64) -> Int64 { member % 7 * 10 }
    let places = cube.everyRoll.map { roll in (0..<roll.members).map { points(roll.memberID(at: $0)) } }
    let asked = EffectAsked([term], expired: (places, places.map { $0.map { _ in 0 } }))
    let walk = try EffectWalk(
      [], of: cube.frame, now: Self.days.now, before: Self.days.before, groups: groups, count: 2, asking: asked)
    var found = walk.nothing
    for part in cube.peopleParts { walk.add(part, of: cube, to: &found) }
    let known = Set(cube.everyRoll.flatMap { roll in (0..<roll.members).map { roll.memberID(at: $0) } })
    for member in 1...Self.members where !known.contains(member) {
      found.see(asked.values(expired: points(member), before: 0), in: member % 4 == 0 ? 1 : 0)
    }
    let effect = try #require(
      Effect(term, found.matrices[0], found.matrices[1], atoms: asked.atoms, counts: (served: 450, control: 150)))
    func mean(_ isControl: Bool) -> Double {
      let own = (1...Self.members).filter { ($0 % 4 == 0) == isControl }.map { Double(points($0)) }
      return own.reduce(0, +) / Double(own.count)
    }
    #expect(abs(effect.served - mean(false)) < 1e-9 && abs(effect.control - mean(true)) < 1e-9)
  }

  /// Nothing is done to anybody: nineteen of twenty intervals have nought in them, of a quotient, too.
  @Test func `finds nothing where there is nothing`() throws {
    var hits = 0
    for seed in UInt64(0)..<150 {
      var random = SeededRandom(seed: seed + 900)
      hits += try Self.effect(.averageReceipt, Self.receipts(&random), isWeekend: false)?.isSure ?? false ? 1 : 0
    }
    #expect((1...18).contains(hits), "\(hits) of 150")
  }

  @Test(arguments: ["sales * sales", "sales + average-receipt", "receipts + 1", "median-interval * 2", "1 / sales"])
  func `that has no interval is refused by name`(text: String) throws {
    let measure = try Self.formula(text, .number(digits: 2))
    let refused = #expect(throws: Problem.self) { try EffectTerm(measure) }
    #expect(refused?.issues.first?.code == "no_interval" && refused?.issues.first?.pointer == "/values")
    let middle = #expect(throws: Problem.self) { try EffectTerm(.medianInterval) }
    #expect(middle?.issues.first?.message.hasPrefix("median-interval") == true)
  }
}
