import Cube
import Kernel
import TestKit
import Testing

@Suite struct `Members who are left out` {
  @Test(arguments: 0..<60) func `are in no figure that does not ask for everybody`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed + 7_000)
    let two = try CubeInTwo(&shop, receipts: 300, late: seed.isMultiple(of: 3) ? 0 : 60)
    // One, found by a search; or a third of all, found in a walk. 14 has late receipts of nobody's that were claimed.
    let out: [Int64] = seed.isMultiple(of: 2) ? [14] : (1...30).filter { $0 % 3 == 2 }.map { $0 * 7 }
    let cube = two.cube.leavingOut(out)
    var pivot = Pivot(
      rows: [.store], columns: [.kind],
      values: [.sales, .receipts, .visits, .members, .newMembers, .lines, .visitInterval, .medianInterval])
    if seed.isMultiple(of: 5) { pivot.rows = [.segment] }
    let kept = two.valid.filter { !out.contains($0.member) }
    try SlowPivot(pivot, kept).compare(try cube.ask(pivot, &shop.random), "seed \(seed)")
    pivot.isOfEverybody = true
    try SlowPivot(pivot, two.valid).compare(try cube.ask(pivot, &shop.random), "seed \(seed), everybody")
    pivot.isOfEverybody = false
    try SlowPivot(pivot, two.valid).compare(try cube.leavingOut([]).ask(pivot, &shop.random), "seed \(seed), nobody is")
    let (behind, all) = (try Self.receipts(pivot, cube), try Self.receipts(pivot, two.cube))
    #expect(behind == all.filter { !out.contains($0.member) } && behind.count < all.count, "seed \(seed)")
  }

  /// Those behind a figure, the latest first.
  private static func receipts(_ pivot: Pivot, _ cube: Cube) throws -> [CubeDrill.Receipt] {
    let drill = try CubeDrill(pivot, of: cube.frame, limit: 1_000)
    var found = drill.nothing
    for (index, place) in cube.everyPlace.enumerated() { drill.add(place.roll, at: index, replaced: place.replaced, to: &found) }
    return found.latest.sorted { $0.id > $1.id }
  }

  @Test func `are told in the plan`() throws {
    var shop = CubeShop(seed: 9)
    let cube = try CubeInTwo(&shop, receipts: 100, late: 10).cube.leavingOut([7, 14])
    var pivot = Pivot(rows: [.store], values: [.sales])
    let walk = try #require(try PivotQuestion(pivot, of: cube.frame).walk)
    #expect(CubeWalkNote(walk, at: .rolls).text.contains("without 2 members") && walk.without?.members == [7, 14])
    pivot.isOfEverybody = true
    #expect(try PivotQuestion(pivot, of: cube.frame).walk?.without == nil)
  }

  @Test func `of a top, are in neither the top nor the rest`() throws {
    var shop = CubeShop(seed: 11)
    let two = try CubeInTwo(&shop, receipts: 300, late: 40)
    let out: [Int64] = [7, 14, 21, 28, 35]
    var pivot = Pivot(rows: [.product], values: [.sales, .members])
    pivot.top = 5
    pivot.order = .value(.sales, isDescending: true)
    let kept = two.valid.filter { !out.contains($0.member) }
    let table = try two.cube.leavingOut(out).ask(pivot, &shop.random)
    let slow = SlowPivot(Pivot(rows: [.product], values: pivot.values), kept)
    let best = slow.ranking(.sales).prefix(5)
    #expect(table.rows.dropFirst().map { $0.labels[0] }.sorted() == (best + [CubeFrame.others]).sorted())
    #expect(table.value(.members, row: 0, column: 0) == slow.count(.members, among: nil))
  }
}

@Suite struct `The receipts that decide a sequence` {
  private static func receipt(_ id: Int64, _ day: UInt16, _ product: UInt32) -> CubeReceipt {
    var sums = RollColumn.sums.map { _ in Int64(0) }
    for (place, column) in RollColumn.sums.enumerated() where column == .amount || column == .quantity { sums[place] = 1_000 }
    return CubeReceipt(id: id, member: 7, day: day, minute: 600, store: 0, lines: [.init(product: product, sums: sums)])
  }

  private static func goods(_ product: Int) -> HistoryQuestion.Goods {
    var bits = Bits(count: CubeShop.products)
    bits[product] = true
    return HistoryQuestion.Goods(products: bits)
  }

  @Test func `are the first purchase and what came after it, or did not`() throws {
    let bought = [Self.receipt(1, 20_000, 1), Self.receipt(2, 20_003, 2), Self.receipt(3, 20_010, 1)]
    let cube = Cube([try TestBytes.roll(bought)], CubeShop.frame([]))
    let first = HistoryQuestion.First(goods: Self.goods(1), days: 0...UInt16.max)
    func decide(asOf: UInt16, then: Int = 2, happens: Bool, limit: Int = 5) throws -> (holds: Bool, ids: [Int64]) {
      let history = try #require(cube.history(of: 7, asOf: asOf))
      let question = HistoryQuestion.sequence(first, then: Self.goods(then), within: 5, happens: happens)
      return (
        history.answer(question),
        history.receipts(first, then: Self.goods(then), within: 5, happens: happens, limit: limit).map(\.id)
      )
    }
    #expect(try decide(asOf: 20_020, happens: true) == (true, [1, 2]))
    // The second first purchase was followed by none, and nothing can come any more.
    #expect(try decide(asOf: 20_020, happens: false) == (true, [3]))
    // It may still come: neither is there one that was left without.
    #expect(try decide(asOf: 20_012, happens: false) == (false, [1, 2, 3]))
    #expect(try decide(asOf: 20_012, happens: false, limit: 1) == (false, [3]))
    #expect(try decide(asOf: 20_020, then: 3, happens: true) == (false, [1, 3]))
    #expect(try decide(asOf: 19_999, happens: true) == (false, []))
  }
}
