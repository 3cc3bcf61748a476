import Cube
import Kernel
import TestKit
import Testing

@Suite struct `A pivot beside other days` {
  private static func day(_ number: Int) -> CivilDay { CivilDay(number: Int32(number)) }
  private static let half = 20_020
  private static func days(_ pivot: Pivot) -> [CivilDay?] { [pivot.first, pivot.last] }

  @Test func `knows which they are, and where there are none`() {
    var pivot = Pivot(rows: [.store], values: [.sales])
    pivot.compare = .previous
    #expect(pivot.past == nil, "all days have none before them")
    (pivot.first, pivot.last) = (Self.day(20_010), Self.day(20_019))
    #expect(pivot.past.map(Self.days) == [Self.day(20_000), Self.day(20_009)])
    #expect(pivot.past?.compare == nil)
    pivot.compare = .year
    #expect(pivot.past.map(Self.days) == [Self.day(19_646), Self.day(19_655)])
    #expect(pivot.past?.first?.weekday == pivot.first?.weekday)
    pivot.compare = .days(Self.day(5)...Self.day(7))
    #expect(pivot.past.map(Self.days) == [Self.day(5), Self.day(7)])
    pivot.filters = [Pivot.Filter(.month, ["2024-10"])]
    #expect(pivot.past == nil, "a month that is filtered by is not in other days")
    pivot.filters = []
    pivot.columns = [.week]
    #expect(pivot.past == nil)
    pivot.columns = [.weekday]
    #expect(pivot.past != nil)
  }

  /// The others of then are those who are not on top now, or nothing could be told from their change.
  @Test(arguments: 0..<25) func `shows the same rows, whatever was on top then`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed + 3_000)
    let two = try CubeInTwo(&shop, receipts: 300, late: 40)
    var pivot = Pivot(rows: [.product], columns: [.card], values: [.sales, .members, .share])
    (pivot.top, pivot.order) = (5, .value(.sales, isDescending: true))
    (pivot.first, pivot.last, pivot.compare) = (Self.day(Self.half), Self.day(Self.half + 19), .previous)
    let now = try two.cube.ask(pivot, &shop.random)
    let past = try #require(pivot.past)
    let best = try #require(now.best)
    #expect(best.count == 5 && Self.days(past) == [Self.day(20_000), Self.day(20_019)])
    let then = try two.cube.ask(past, &shop.random, keeping: best)
    let change = PivotChange(now, against: then)
    var bare = Pivot(rows: [.product], values: [.sales, .members])
    (bare.first, bare.last) = (past.first, past.last)
    let slow = SlowPivot(bare, two.valid)
    let rest = Set((0..<CubeShop.products).map { "product-\($0 * 7 % CubeShop.products)" }).subtracting(best)
    let whole = try #require(now.columns.firstIndex { $0.isEmpty })
    for (row, one) in now.rows.enumerated() where one.labels.count == 1 {
      let label = one.labels[0]
      let members = slow.count(.members, among: label == CubeFrame.others ? rest : [label])
      #expect(change.before(.members, row: row, column: whole) ?? 0 == members ?? 0, "seed \(seed), \(label)")
      guard
        let (value, before) = now.value(.sales, row: row, column: whole).flatMap({ value in
          change.before(.sales, row: row, column: whole).map { (value, $0) }
        })
      else { continue }
      let expected = before > 0 ? scaled(value - before, by: 1_000_000, over: before, .halfUp) : nil
      #expect(change.change(.sales, row: row, column: whole) == expected)
    }
    // Shares change by points, not by a share of themselves.
    let (share, was) = (now.value(.share, row: 0, column: whole), change.before(.share, row: 0, column: whole))
    #expect(change.change(.share, row: 0, column: whole) == share.flatMap { share in was.map { share - $0 } })
  }
}

@Suite struct `Receipts behind a figure` {
  private func found(_ cube: Cube, _ pivot: Pivot, _ limit: Int, before: CubeDrill.Place? = nil) throws -> CubeDrill.Found {
    let drill = try CubeDrill(pivot, of: cube.frame, limit: limit, before: before)
    var all = drill.nothing
    for (index, place) in cube.everyPlace.enumerated() {
      var one = drill.nothing
      drill.add(place.roll, at: index, replaced: place.replaced, to: &one)
      all.add(one)
    }
    return all
  }

  @Test(arguments: 0..<10) func `come page by page, each once, the latest first`(seed: UInt64) throws {
    var shop = CubeShop(seed: seed + 5_000)
    let two = try CubeInTwo(&shop, receipts: 200, late: 40)
    var pivot = Pivot(rows: [], values: [.sales])
    pivot.filters = [Pivot.Filter(.store, ["store-2"])]
    let whole = try found(two.cube, pivot, 10_000)
    let wanted = two.valid.filter { $0.store == 1 && !$0.lines.isEmpty }
    #expect(Set(whole.latest.map(\.id)) == Set(wanted.map(\.id)) && whole.latest.count == wanted.count)
    let returns = wanted.filter { $0.flags.contains(.isReturn) }
    #expect(whole.count == wanted.count && whole.returns == returns.count)
    var (pages, last): ([CubeDrill.Receipt], CubeDrill.Place?) = ([], nil)
    repeat {
      let page = try found(two.cube, pivot, 7, before: last)
      #expect(page.count == whole.count && page.returns == whole.returns, "a page counts everything")
      pages += page.latest
      last = page.latest.last?.place
    } while last != nil && pages.count <= whole.count
    #expect(pages == whole.latest)
    for receipt in pages { #expect(CubeDrill.Place("\(receipt.place)") == receipt.place) }
    for wrong in ["", "1.2", "1.2.x", "1.2.3.4", "70000.1.1"] { #expect(CubeDrill.Place(wrong) == nil) }
  }
}
