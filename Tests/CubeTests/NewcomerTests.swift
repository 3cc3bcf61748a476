import Cube
import Kernel
import TestKit
import Testing

/// Where somebody bought first, when their first day took them to two stores.
@Suite struct `A first purchase` {
  private static let day: UInt16 = 20_010

  private static func receipt(_ id: Int64, _ store: UInt32, minute: UInt16, day: UInt16 = day, undone: Bool = false) -> CubeReceipt
  {
    let line = CubeReceipt.Line(product: 1, sums: RollColumn.sums.map { _ in 100 })
    var receipt = CubeReceipt(id: id, member: 7, day: day, minute: minute, store: store, lines: [line])
    if undone { receipt.flags = .isUndone }
    return receipt
  }

  /// New members by store. - Parameter late: what came after the rolls were written.
  private static func newcomers(_ receipts: [CubeReceipt], late: [CubeReceipt] = []) throws -> [String: Int64] {
    let rolls = [try TestBytes.roll(receipts)]
    let tail = late.isEmpty ? nil : try TestBytes.roll(late)
    let frame = CubeShop.frame(rolls + [tail].compactMap { $0 })
    let cube = Cube(rolls, frame, tail: CubeTail(rolls: rolls, late: tail, nobody: nil, replacing: [CubeTail.Replaced]()))
    var random = SeededRandom(seed: 1)
    let table = try cube.ask(Pivot(rows: [.store], values: [.newMembers]), &random)
    let found = table.rows.indices.dropFirst().map { ($0, table.value(.newMembers, row: $0, column: 0) ?? 0) }
    return Dictionary(
      uniqueKeysWithValues: found.filter { $0.1 > 0 }.map { (table.rows[$0.0].labels[0], $0.1) })
  }

  /// Stores by their codes: 0, 2 begin their days at midnight, 1 at six in the morning.
  @Test func `of a day in two stores is the earlier one, whatever the stores are called`() throws {
    let store = { (code: Int) in "store-\(code * 7 % CubeShop.stores)" }
    #expect(try Self.newcomers([Self.receipt(1, 0, minute: 900), Self.receipt(2, 2, minute: 600)]) == [store(2): 1])
    #expect(try Self.newcomers([Self.receipt(1, 0, minute: 600), Self.receipt(2, 2, minute: 900)]) == [store(0): 1])
    #expect(try Self.newcomers([Self.receipt(2, 0, minute: 600), Self.receipt(1, 2, minute: 600)]) == [store(2): 1])
    // One minute decides, and the day decides before it.
    #expect(try Self.newcomers([Self.receipt(1, 0, minute: 600), Self.receipt(2, 2, minute: 599)]) == [store(2): 1])
    #expect(
      try Self.newcomers([Self.receipt(1, 2, minute: 1, day: Self.day + 1), Self.receipt(2, 0, minute: 1_439)]) == [store(0): 1])
    // What came back whole is no purchase.
    #expect(
      try Self.newcomers([Self.receipt(1, 0, minute: 900), Self.receipt(2, 2, minute: 600, undone: true)]) == [store(0): 1])
  }

  @Test func `after midnight in a shop that is open all night belongs to the end of its day`() throws {
    let store = { (code: Int) in "store-\(code * 7 % CubeShop.stores)" }
    #expect(try Self.newcomers([Self.receipt(1, 1, minute: 120), Self.receipt(2, 2, minute: 1_100)]) == [store(2): 1])
    #expect(try Self.newcomers([Self.receipt(1, 1, minute: 361), Self.receipt(2, 2, minute: 400)]) == [store(1): 1])
  }

  @Test func `is the earlier one when it comes late, too`() throws {
    let store = { (code: Int) in "store-\(code * 7 % CubeShop.stores)" }
    #expect(
      try Self.newcomers([Self.receipt(1, 0, minute: 900)], late: [Self.receipt(2, 2, minute: 600)]) == [store(2): 1])
    #expect(
      try Self.newcomers([Self.receipt(1, 2, minute: 600)], late: [Self.receipt(2, 0, minute: 900)]) == [store(2): 1])
  }
}
