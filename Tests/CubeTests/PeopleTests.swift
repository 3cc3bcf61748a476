import Cube
import Kernel
import TestKit
import Testing

/// Questions about people against the same asked of every member's receipts, slowly.
@Suite struct `People are found` {
  @Test(arguments: 0..<120) func `by whatever they bought, with late receipts and without`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed)
    let two = try CubeInTwo(&shop, receipts: 300, late: seed.isMultiple(of: 3) ? 0 : 60)
    let end = UInt16(CubeShop.days.upperBound - 1 - Int.random(in: 0..<8, using: &shop.random))
    let conditions = (0..<Int.random(in: 1...3, using: &shop.random)).map { _ in Self.question(&shop.random, depth: 2) }
    let question = PeopleQuestion(conditions, asOf: end, window: end - 20...end)
    for cube in [two.cube, try two.merged(lines: 300)] {
      var found = cube.nobodyFound(question)
      for part in cube.peopleParts.shuffled(using: &shop.random) {
        var some = cube.nobodyFound(question)
        cube.ask(question, of: part, into: &some)
        found.add(some)
      }
      let slow = SlowPeople(two.valid, question)
      #expect(cube.members(in: found.sets) == slow.found, "seed \(seed)")
      #expect(found.figures.members == Int64(slow.found.count), "seed \(seed)")
      #expect(found.figures.money == slow.money && found.figures.receipts == slow.receipts, "seed \(seed)")
      #expect(found.alone == slow.alone, "seed \(seed)")
      for member in slow.found.prefix(3) {
        let history = try #require(cube.history(of: member, asOf: end))
        #expect(conditions.allSatisfy(history.answer), "seed \(seed), member \(member)")
      }
    }
  }

  @Test(arguments: [0, 1, 2, 3]) func `by visits, of which a late receipt begins no second one`(late: Int) throws {
    // Twice in one store on a day, then in another, and in the first one on the day after.
    let all = [(20_000, 1), (20_000, 1), (20_000, 2), (20_001, 1)].enumerated().map { place, one in
      CubeReceipt(
        id: Int64(place) + 1, member: 7, day: UInt16(one.0), minute: UInt16(place), store: UInt32(one.1),
        lines: [CubeReceipt.Line(product: 1, sums: RollColumn.sums.map { _ in 100 })])
    }
    let roll = try TestBytes.roll(all.enumerated().filter { $0.offset != late }.map(\.element))
    let tail = CubeTail(rolls: [roll], late: try TestBytes.roll([all[late]]), nobody: nil, replacing: [])
    let cube = Cube([roll], CubeShop.frame([roll, roll]), tail: tail)
    let history = try #require(cube.history(of: 7, asOf: 20_010))
    func amount(_ amount: HistoryQuestion.Bought.Amount, _ stores: Bits? = nil) -> Int64? {
      history.amount(.init(goods: .init(stores: stores), days: 0...UInt16.max, amount: amount, range: 0...9))
    }
    #expect(amount(.visits) == 3 && amount(.receipts) == 4)
    var first = Bits(count: CubeShop.stores)
    first[1] = true
    #expect(amount(.visits, first) == 2 && amount(.receipts, first) == 3)
  }

  private static func question(_ random: inout SeededRandom, depth: Int) -> HistoryQuestion {
    if depth > 0, Int.random(in: 0..<3, using: &random) == 0 {
      let parts = (0..<2).map { _ in question(&random, depth: depth - 1) }
      return [.all(parts), .any(parts), .none(parts)].randomElement(using: &random) ?? .all(parts)
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      return .sequence(
        HistoryQuestion.First(goods: goods(&random), days: days(&random)), then: goods(&random),
        within: Int.random(in: 1...9, using: &random),
        happens: Bool.random(using: &random))
    }
    let amounts: [HistoryQuestion.Bought.Amount] = [.receipts, .visits, .money, .units, .averageReceipt, .daysSince, .products]
    let amount = amounts.randomElement(using: &random) ?? .receipts
    let scale: Int64 = amount == .money || amount == .units || amount == .averageReceipt ? 60_000 : amount == .daysSince ? 20 : 3
    let least = Int64.random(in: 0...scale, using: &random)
    return .bought(
      HistoryQuestion.Bought(
        goods: goods(&random), days: days(&random), amount: amount,
        range: least...(Bool.random(using: &random) ? .max : least + scale)))
  }

  private static func goods(_ random: inout SeededRandom) -> HistoryQuestion.Goods {
    func bits(_ count: Int, _ random: inout SeededRandom) -> Bits? {
      guard Bool.random(using: &random) else { return nil }
      var bits = Bits(count: count)
      for place in 0..<count { bits[place] = Bool.random(using: &random) }
      return bits
    }
    return HistoryQuestion.Goods(
      products: bits(CubeShop.products, &random), stores: bits(CubeShop.stores, &random),
      weekdays: Int.random(in: 0..<4, using: &random) == 0 ? bits(7, &random) : nil,
      occasions: Int.random(in: 0..<3, using: &random) == 0 ? bits(CubeShop.coupons.count, &random) : nil,
      deals: Int.random(in: 0..<3, using: &random) == 0 ? bits(CubeShop.deals.count, &random) : nil)
  }

  private static func days(_ random: inout SeededRandom) -> ClosedRange<UInt16> {
    guard Bool.random(using: &random) else { return 0...UInt16.max }
    let first = UInt16(CubeShop.days.lowerBound + Int.random(in: 0..<30, using: &random))
    return first...first + UInt16.random(in: 0...25, using: &random)
  }
}

/// The same questions, member by member and receipt by receipt.
struct SlowPeople {
  private(set) var found: [Int64] = []
  private(set) var money: Int64 = 0
  private(set) var receipts: Int64 = 0
  private(set) var alone: [Int64]

  private static func sum(_ column: RollColumn, _ lines: [CubeReceipt.Line]) -> Int64 {
    guard let place = RollColumn.sums.firstIndex(of: column) else { return 0 }
    return lines.reduce(0) { $0 + $1.sums[place] }
  }

  init(_ all: [CubeReceipt], _ question: PeopleQuestion) {
    alone = question.conditions.map { _ in 0 }
    for (member, own) in Dictionary(grouping: all.filter { $0.member != 0 }, by: \.member).sorted(by: { $0.key < $1.key }) {
      let known = own.filter { $0.day <= question.asOf }
      let answers = question.conditions.map { Self.answer($0, known, question.asOf) }
      for (place, holds) in answers.enumerated() where holds { alone[place] += 1 }
      guard answers.allSatisfy({ $0 }) else { continue }
      found.append(member)
      let window = known.filter { question.window.contains($0.day) }
      money += window.reduce(0) { $0 + Self.sum(.amount, $1.lines) }
      receipts += Int64(window.count { $0.flags.counts })
    }
  }

  private static func answer(_ question: HistoryQuestion, _ own: [CubeReceipt], _ asOf: UInt16) -> Bool {
    switch question {
    case .all(let parts): return parts.allSatisfy { answer($0, own, asOf) }
    case .any(let parts): return parts.contains { answer($0, own, asOf) }
    case .none(let parts): return !parts.contains { answer($0, own, asOf) }
    case .bought(let bought): return amount(bought, own, asOf).map(bought.range.contains) ?? false
    case .among: return false
    case .sequence(let first, let then, let within, let happens):
      let ends = own.filter { $0.flags.counts && !lines(of: $0, then).isEmpty }.map(\.day)
      return own.contains { receipt in
        guard receipt.flags.counts, first.days.contains(receipt.day), !lines(of: receipt, first.goods).isEmpty else { return false }
        let follows = ends.contains { $0 > receipt.day && Int($0) <= Int(receipt.day) + within }
        return happens ? follows : !follows && Int(receipt.day) + within <= Int(asOf)
      }
    }
  }

  private static func lines(of receipt: CubeReceipt, _ goods: HistoryQuestion.Goods) -> [CubeReceipt.Line] {
    if let stores = goods.stores, !stores[Int(receipt.store)] { return [] }
    if let weekdays = goods.weekdays, !weekdays[CivilDay(number: Int32(receipt.day)).weekday - 1] { return [] }
    if let occasions = goods.occasions, !occasions[Int(receipt.occasion)] { return [] }
    return receipt.lines.filter { line in
      (goods.products.map { $0[Int(line.product)] } ?? true) && (goods.deals.map { $0[Int(line.deals)] } ?? true)
    }
  }

  private static func amount(_ bought: HistoryQuestion.Bought, _ own: [CubeReceipt], _ asOf: UInt16) -> Int64? {
    let some = own.filter { bought.days.contains($0.day) && !lines(of: $0, bought.goods).isEmpty }
    let kept = some.filter(\.flags.counts)
    let goods = some.flatMap { lines(of: $0, bought.goods) }
    switch bought.amount {
    case .receipts: return Int64(kept.count)
    case .visits: return Int64(Set(kept.map { [Int64($0.day), Int64($0.store)] }).count)
    case .money: return sum(.amount, goods)
    case .units: return sum(.quantity, goods)
    case .averageReceipt: return kept.isEmpty ? nil : sum(.amount, goods) / Int64(kept.count)
    case .daysSince: return kept.map(\.day).max().map { Int64(asOf) - Int64($0) }
    case .products: return Int64(Set(kept.flatMap { lines(of: $0, bought.goods) }.map(\.product)).count)
    }
  }
}
