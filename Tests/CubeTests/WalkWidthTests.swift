import Cube
import TestKit
import Testing

/// Walks over what small shops do not have: many codes, long receipts, columns that only one roll keeps.
@Suite struct `A walk finds every line` {
  private static func receipt(
    _ id: Int64, member: Int64, day: UInt16 = 20_000, _ lines: [(product: UInt32, amount: Int64, reduced: Int64)]
  )
    -> CubeReceipt
  {
    CubeReceipt(
      id: id, member: member, day: day, minute: 600, store: 0,
      lines: lines.map { line in
        CubeReceipt.Line(
          product: line.product,
          sums: RollColumn.sums.map { $0 == .amount ? line.amount : $0 == .reduced ? line.reduced : 0 })
      })
  }

  /// Codes of one, two and four bytes, each from the last that fits to the first that does not; every third product is out, and the last
  /// ones came after the question.
  @Test(arguments: [1, 2, 254, 255, 256, 257, 65_534, 65_535, 65_536, 70_000], [Int32(1), 7])
  func `however many codes its products have`(count: Int, step: Int32) throws {
    var random = SeededRandom(seed: UInt64(count))
    let products = UInt32(count * 3 / 2 + 10)
    let receipts = (1...400).map { id in
      Self.receipt(
        id, member: id % 40 + 1,
        (0..<Int.random(in: 1...20, using: &random)).map { _ in
          (UInt32.random(in: 0..<products, using: &random), Int64.random(in: -9_000...9_000, using: &random), 0)
        })
    }
    var codes: [Int32] = []
    for product in 0..<count * 3 / 2 { codes.append(product % 3 == 2 ? -1 : Int32(product / 3 * 2 + product % 3) * step) }
    var plan = CubePlan(cells: count * Int(step), sums: [.amount], distincts: [.receipts, .members])
    plan.product = codes
    let cube = Cube([try TestBytes.roll(receipts)], CubeShop.frame([]))
    var tally = Tally(plan)
    for part in cube.parts { cube.add(part, plan, to: &tally) }
    var (sums, lines, found): ([Int: Int64], [Int: Int64], [Int: Set<Int64>]) = ([:], [:], [:])
    for receipt in receipts {
      for line in receipt.lines where Int(line.product) < codes.count && codes[Int(line.product)] >= 0 {
        let cell = Int(codes[Int(line.product)])
        sums[cell, default: 0] += line.sums.reduce(0, +)
        lines[cell, default: 0] += 1
        found[cell, default: []].insert(receipt.id)
      }
    }
    let wrong = (0..<plan.cells).filter { cell in
      let own = found[cell] ?? []
      return tally.lines(cell) != lines[cell] ?? 0 || tally.sum(0, cell) != sums[cell] ?? 0
        || tally.distinct(0, cell) != Int64(own.count) || tally.distinct(1, cell) != Int64(Set(own.map { $0 % 40 }).count)
    }
    #expect(wrong.isEmpty)
    #expect(!found.isEmpty)
  }

  @Test(arguments: [1_023, 1_024, 1_025, 4_095, 4_096]) func `of a long receipt between short ones`(length: Int) throws {
    let long = Self.receipt(2, member: 1, (0..<length).map { (UInt32($0 % 24), Int64($0), 0) })
    let receipts = [
      Self.receipt(1, member: 1, [(3, 5, 0)]), long, Self.receipt(3, member: 1, day: 20_001, [(4, 7, 0), (4, 8, 0)]),
      Self.receipt(4, member: 2, []),
    ]
    var random = SeededRandom(seed: 1)
    let cube = Cube([try TestBytes.roll(receipts)], CubeShop.frame([]))
    let table = try cube.ask(Pivot(rows: [.store], columns: [.category], values: [.sales, .lines, .receipts, .members]), &random)
    let all = Int64(length * (length - 1) / 2 + 20)
    #expect(table.value(.sales, row: 0, column: 0) == all)
    #expect(table.value(.lines, row: 0, column: 0) == Int64(length + 3))
    #expect(table.value(.receipts, row: 0, column: 0) == 3)
    #expect(table.value(.members, row: 0, column: 0) == 1)
  }

  /// A member's receipts of both rolls are walked over in the order of time, from one to the other and back.
  @Test func `where only one of two rolls keeps a column`() throws {
    let roll = try TestBytes.roll([
      Self.receipt(1, member: 7, day: 20_000, [(1, 10, 3)]), Self.receipt(3, member: 7, day: 20_004, [(2, 20, 4)]),
    ])
    let late = try TestBytes.roll([
      Self.receipt(2, member: 7, day: 20_002, [(1, 100, 0)]), Self.receipt(4, member: 7, day: 20_006, [(2, 200, 0), (5, 300, 0)]),
    ])
    let tail = CubeTail(rolls: [roll], late: late, nobody: nil, replacing: [])
    let cube = Cube([roll], CubeShop.frame([roll, late]), tail: tail)
    var random = SeededRandom(seed: 2)
    let table = try cube.ask(Pivot(rows: [.product], values: [.sales, .reduced, .receipts]), &random)
    #expect(table.value(.sales, row: 0, column: 0) == 630)
    #expect(table.value(.reduced, row: 0, column: 0) == 7)
    #expect(table.value(.receipts, row: 0, column: 0) == 4)
    for row in table.rows.indices.dropFirst() where table.rows[row].labels == ["product-\(5 * 7 % CubeShop.products)"] {
      #expect(table.value(.reduced, row: row, column: 0) == 0)
    }
  }
}
