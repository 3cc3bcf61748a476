import Cube
import Kernel
import TestKit
import Testing

/// Costs that came after the sale: a merge writes them, and nothing else changes.
@Suite struct `A merge with other costs` {
  /// Products 3, 6, 9 … from some day on, and everything in the store 2; what is divided by five has no cost.
  private static func correction(price: Int64) -> CostCorrection {
    let since = (0..<CubeShop.products).map { $0 % 3 == 0 ? UInt16(CubeShop.days.lowerBound + $0) : CostCorrection.never }
    return CostCorrection(since: since, stores: (0..<CubeShop.stores).map { $0 == 2 }) { product, store, day, quantity in
      product % 5 == 0 ? nil : quantity * price + Int64(product) + Int64(store) * 7 + Int64(day)
    }
  }

  private static func place(_ column: RollColumn) throws -> Int { try #require(RollColumn.sums.firstIndex(of: column)) }

  /// The same by hand.
  private static func byHand(_ receipt: CubeReceipt, price: Int64) throws -> CubeReceipt {
    var receipt = receipt
    let (quantity, amount, cost, costed) = (
      try place(.quantity), try place(.amount), try place(.cost), try place(.costed)
    )
    for index in receipt.lines.indices {
      let line = receipt.lines[index]
      let isOfProduct = line.product % 3 == 0 && Int(receipt.day) >= CubeShop.days.lowerBound + Int(line.product)
      guard isOfProduct || receipt.store == 2 else { continue }
      let isKnown = line.product % 5 != 0
      receipt.lines[index].sums[cost] =
        isKnown ? line.sums[quantity] * price + Int64(line.product) + Int64(receipt.store) * 7 + Int64(receipt.day) : 0
      receipt.lines[index].sums[costed] = isKnown ? line.sums[amount] : 0
    }
    return receipt
  }

  /// By how much they are multiplied: into four bytes, and beyond them.
  @Test(arguments: [Int64(1), 900_000]) func `says of every line what it would have been with them`(price: Int64) throws {
    for seed in Seeds.some(4) {
      var shop = CubeShop(seed: seed)
      let receipts = (0..<300).map { _ in shop.receipt() }
      for isAnonymous in [false, true] {
        let own = receipts.filter { ($0.member == 0) == isAnonymous }
        let halves = [own.filter { $0.id % 2 == 0 }, own.filter { $0.id % 2 == 1 }]
        let rolls = try halves.map { try TestBytes.roll($0, anonymous: isAnonymous) }
        let correction = Self.correction(price: price)
        var merge = RollMerge(rolls.map { RollMerge.Source($0) }, anonymous: isAnonymous, lines: .max, costs: correction)
        let next = merge.next()
        let merged = try TestBytes.roll(#require(next))
        try merged.verify()
        let wanted = try TestBytes.roll(own.map { try Self.byHand($0, price: price) }, anonymous: isAnonymous)
        #expect(merged.receipts(0..<merged.receipts) == wanted.receipts(0..<wanted.receipts), "seed \(seed)")
        #expect(rolls.contains { $0.isOtherwise(by: correction) })
        #expect(!merged.isOtherwise(by: correction), "corrected once is corrected")
        for receipt in own {
          let hand = try Self.byHand(receipt, price: price)
          #expect(correction.corrected(receipt) == (hand == receipt ? nil : hand))
        }
      }
    }
  }

  @Test func `keeps no column of costs where nobody knows any`() throws {
    var shop = CubeShop(seed: 3)
    let roll = try TestBytes.roll((0..<40).map { _ in shop.receipt(member: 7) })
    let nothing = CostCorrection(
      since: [], stores: (0..<CubeShop.stores).map { _ in true }, cost: { _, _, _, _ in nil })
    var merge = RollMerge([RollMerge.Source(roll)], anonymous: false, lines: .max, costs: nothing)
    let next = merge.next()
    let merged = try TestBytes.roll(#require(next))
    #expect(merged.size < roll.size)
    #expect((0..<merged.lines).allSatisfy { merged.sum(.cost, at: $0) == 0 && merged.sum(.costed, at: $0) == 0 })
  }
}
