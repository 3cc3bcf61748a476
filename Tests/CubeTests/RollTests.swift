import Cube
import Kernel
import TestKit
import Testing

@Suite struct `A roll` {
  private func receipts(_ count: Int) -> [CubeReceipt] {
    var shop = CubeShop(seed: 9)
    return (0..<count).map { _ in shop.receipt(member: 7) }
  }

  @Test func `keeps its lines in few bytes`() throws {
    let roll = try TestBytes.roll(receipts(1_000))
    #expect(roll.receipts == 1_000)
    #expect(roll.lines == receipts(1_000).reduce(0) { $0 + $1.lines.count })
    try roll.verify()
  }

  @Test(arguments: [8, 60, -1]) func `that was changed is seen`(place: Int) throws {
    let bytes = try TestBytes.damaged(receipts(50)) { size in place < 0 ? size - 9 : place }
    #expect(throws: RollFailure.self) { try Roll(bytes).verify() }
  }

  @Test func `that is cut short is refused when it is opened`() throws {
    let bytes = TestBytes(40)
    #expect(throws: RollFailure.self) { try Roll(bytes) }
  }

  @Test func `has its receipts by member and time, whatever order they came in`() throws {
    var shop = CubeShop(seed: 4)
    let all = (0..<200).map { _ in shop.receipt() }.filter { $0.member != 0 }
    let (one, other) = (try TestBytes.roll(all), try TestBytes.roll(all.reversed()))
    #expect(one.size == other.size)
    let expected = all.sorted { ($0.member, $0.order) < ($1.member, $1.order) }.map(\.id)
    #expect((0..<one.receipts).map(one.receiptID) == expected)
    #expect((0..<other.receipts).map(other.receiptID) == expected)
  }
}

@Suite struct `A pivot that cannot be asked is refused` {
  @Test func `with its place`() {
    var top = Pivot(rows: [.store], values: [.sales])
    top.top = 0
    var sort = Pivot(rows: [.store], values: [.sales])
    sort.order = .value(.members, isDescending: true)
    let wrong = [
      (Pivot(rows: [.store], values: []), "/values"), (Pivot(rows: [.store, .store], values: [.sales]), "/rows"), (top, "/top"),
      (sort, "/sort"),
    ]
    for (pivot, pointer) in wrong {
      let refused = #expect(throws: Problem.self) { try pivot.check() }
      #expect(refused?.issues.map(\.pointer) == [pointer])
    }
  }

  @Test func `for a filter that names what is not there`() throws {
    var pivot = Pivot(rows: [.store], values: [.sales])
    pivot.filters = [Pivot.Filter(.city, ["Atlantis"])]
    let refused = #expect(throws: Problem.self) { _ = try PivotQuestion(pivot, of: CubeShop.frame([])) }
    #expect(refused?.issues.first?.code == "unknown")
  }

  @Test func `for more cells than anybody reads`() throws {
    var frame = CubeFrame(days: 0..<3_000, stores: 1, registers: 1, products: 5_000)
    frame.set(DimensionTable(.product, codes: Array(0..<5_000), labels: (0..<5_000).map { "\($0)" }))
    let wide = frame
    let refused = #expect(throws: Problem.self) {
      _ = try PivotQuestion(Pivot(rows: [.day, .product], values: [.sales]), of: wide)
    }
    #expect(refused?.issues.first?.code == "too_many_cells")
  }
}
