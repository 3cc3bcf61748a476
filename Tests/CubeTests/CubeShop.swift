import Cube
import Kernel
import TestKit
import Testing

/// Bytes of a roll in memory.
@safe final class TestBytes: RollBytes, Sendable {
  /// Written once, before anybody else has them.
  private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer
  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(buffer) }

  init(_ count: Int) {
    unsafe buffer = .allocate(byteCount: count, alignment: 16)
    _ = unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0xaa)
  }

  deinit { unsafe buffer.deallocate() }

  static func roll(_ receipts: [CubeReceipt], anonymous: Bool = false) throws -> Roll {
    var builder = RollBuilder(anonymous: anonymous)
    for receipt in receipts { builder.append(receipt) }
    let image = try builder.finish()
    let bytes = TestBytes(image.size)
    unsafe image.write(into: bytes.buffer)
    return try Roll(bytes)
  }

  static func roll(_ merged: MergedRoll) throws -> Roll {
    let bytes = TestBytes(merged.size)
    unsafe merged.write(into: bytes.buffer)
    return try Roll(bytes)
  }

  /// Changes one byte. - Returns: a roll of the changed bytes.
  static func damaged(_ receipts: [CubeReceipt], at place: (Int) -> Int) throws -> TestBytes {
    var builder = RollBuilder()
    for receipt in receipts { builder.append(receipt) }
    let image = try builder.finish()
    let bytes = TestBytes(image.size)
    unsafe image.write(into: bytes.buffer)
    unsafe bytes.buffer[place(image.size)] ^= 1
    return bytes
  }
}

/// A small shop's receipts, thrown by a seed: members and nobody, sales, returns and sales that were undone.
struct CubeShop {
  static let days = 20_000..<20_040
  static let stores = 5
  /// By store: a shop that is open all night begins its days in the morning.
  static let dayStarts: [UInt16] = [0, 360, 0, 1_200, 30]
  static let products = 24
  static let registers = 8
  /// Which labels each code has: 0 is the one for none.
  static let coupons: [[Int32]] = [[0], [1], [2], [1, 2], [3]]
  static let deals: [[Int32]] = [[0], [1], [1, 2], [2, 3], [4], [1, 3, 4], [5]]
  static let segments: [[Int32]] = [[0], [0], [1], [1, 2], [2, 3]]

  /// Points that ran out, some of them on days on which nothing was sold; one in some came back.
  static let expired: [ExpiredPoints.Fact] = {
    var random = SeededRandom(seed: 77)
    return (0..<60).map { place in
      ExpiredPoints.Fact(
        day: UInt16(Int.random(in: days.lowerBound - 20..<days.upperBound + 40, using: &random)),
        sort: UInt32.random(in: 1..<UInt32(segments.count), using: &random),
        points: Int64.random(in: 1...9_000, using: &random) * (place % 9 == 8 ? -1 : 1))
    }
  }()

  /// What sort of person a member is; 0 is nobody.
  static func sort(_ member: Int64) -> Int { member == 0 ? 0 : 1 + Int(member / 7) % 4 }

  var random: SeededRandom
  private var nextID: Int64 = 1

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  mutating func receipt(member: Int64? = nil) -> CubeReceipt {
    nextID += Int64.random(in: 1...5, using: &random)
    let member = member ?? (Int.random(in: 0..<5, using: &random) == 0 ? 0 : Int64.random(in: 1...30, using: &random) * 7)
    return fill(
      CubeReceipt(
        id: nextID, member: member, day: UInt16(Int.random(in: Self.days, using: &random)),
        minute: UInt16.random(in: 0..<1_440, using: &random), store: UInt32.random(in: 0..<UInt32(Self.stores), using: &random),
        register: UInt32.random(in: 0..<UInt32(Self.registers), using: &random), tier: UInt8.random(in: 0..<3, using: &random),
        occasion: UInt32.random(in: 0..<UInt32(Self.coupons.count), using: &random), lines: []))
  }

  /// Other lines and another state for the same receipt.
  mutating func fill(_ receipt: CubeReceipt) -> CubeReceipt {
    var receipt = receipt
    let fate = Int.random(in: 0..<10, using: &random)
    receipt.flags = fate == 0 ? .isReturn : fate == 1 ? .isUndone : []
    let sign: Int64 = fate == 0 ? -1 : 1
    receipt.lines = (0..<Int.random(in: 1...6, using: &random)).map { _ in
      let sums = RollColumn.sums.map { column -> Int64 in
        switch column {
        case .reduced: 0
        case .discount: sign * Int64.random(in: 0...3_000_000_000, using: &random)
        default: sign * Int64.random(in: 0...50_000, using: &random)
        }
      }
      // Most lines have no promotion.
      let deals = Bool.random(using: &random) ? 0 : UInt32.random(in: 0..<UInt32(Self.deals.count), using: &random)
      return CubeReceipt.Line(
        product: UInt32.random(in: 0..<UInt32(Self.products), using: &random), deals: deals, sums: sums)
    }
    return receipt
  }

  /// - Parameter rolls: as `Cube.everyRoll` has them.
  static func frame(_ rolls: [Roll]) -> CubeFrame {
    var frame = CubeFrame(
      days: days, stores: stores, registers: registers, products: products, tiers: 3, occasions: coupons.count, deals: deals.count)
    frame.setMembers(
      rolls.map { roll in roll.isAnonymous ? [] : (0..<roll.members).map { UInt32(sort(roll.memberID(at: $0))) } },
      count: segments.count)
    func many(_ dimension: Dimension, _ sets: [[Int32]]) {
      frame.set(DimensionTable(dimension, sets: sets, labels: (0...5).map { "\(dimension.rawValue)-\($0)" }))
    }
    many(.coupon, coupons)
    many(.promotion, deals)
    many(.segment, segments)
    func set(_ dimension: Dimension, _ count: Int, _ groups: Int) {
      frame.set(
        DimensionTable(
          dimension, codes: (0..<count).map { Int32($0 * 7 % groups) }, labels: (0..<groups).map { "\(dimension.rawValue)-\($0)" }))
    }
    frame.dayStarts = dayStarts
    set(.store, stores, stores)
    set(.city, stores, 3)
    set(.register, registers, registers)
    set(.product, products, products)
    set(.category, products, 9)
    set(.department, products, 4)
    set(.brand, products, 6)
    set(.unit, products, 3)
    set(.tier, 3, 2)
    set(.channel, coupons.count, 2)
    set(.sex, segments.count, 3)
    frame.setExpired(ExpiredPoints(expired))
    return frame
  }
}

/// A cube as it comes to be: rolls of two ranges of members and of nobody, and what came later.
struct CubeInTwo {
  let cube: Cube
  /// What is valid.
  let valid: [CubeReceipt]
  let tail: CubeTail
  let rolls: [Roll]
  let late: (members: Roll?, nobody: Roll?)

  init(_ shop: inout CubeShop, receipts count: Int, late changes: Int) throws {
    var known: [Int64: CubeReceipt] = [:]
    for _ in 0..<count {
      let receipt = shop.receipt()
      known[receipt.id] = receipt
    }
    let before = known.values.sorted { $0.id < $1.id }
    rolls = [
      try TestBytes.roll(before.filter { $0.member > 0 && $0.member < 100 }),
      try TestBytes.roll(before.filter { $0.member >= 100 }),
      try TestBytes.roll(before.filter { $0.member == 0 }, anonymous: true),
    ]
    var (fresh, gone): ([Int64: CubeReceipt], [CubeTail.Replaced]) = ([:], [])
    for _ in 0..<changes {
      let old = before.randomElement(using: &shop.random)
      var next = shop.receipt()
      if let old, Bool.random(using: &shop.random) {
        next = shop.fill(old)
        gone.append(CubeTail.Replaced(member: old.member, order: old.order))
        // Some of nobody's find their member, some are cancelled.
        if old.member == 0, Bool.random(using: &shop.random) { next.member = 14 }
        let isCancelled = Int.random(in: 0..<4, using: &shop.random) == 0
        (known[old.id], fresh[old.id]) = isCancelled ? (nil, nil) : (next, next)
      } else {
        (known[next.id], fresh[next.id]) = (next, next)
      }
    }
    valid = Array(known.values)
    let late = fresh.values.sorted { $0.id < $1.id }
    let (ours, nobody) = (late.filter { $0.member != 0 }, late.filter { $0.member == 0 })
    self.late = (
      ours.isEmpty ? nil : try TestBytes.roll(ours), nobody.isEmpty ? nil : try TestBytes.roll(nobody, anonymous: true)
    )
    tail = CubeTail(rolls: rolls, late: self.late.members, nobody: self.late.nobody, replacing: gone)
    cube = Cube(rolls, CubeShop.frame(rolls + [self.late.members].compactMap(\.self)), tail: tail)
  }

  /// Everything merged into rolls without a tail.
  func merged(lines: Int) throws -> Cube {
    var all: [Roll] = []
    for isAnonymous in [false, true] {
      var sources = rolls.indices.filter { rolls[$0].isAnonymous == isAnonymous }.map {
        RollMerge.Source(rolls[$0], replaced: tail.replaced($0))
      }
      if let roll = isAnonymous ? late.nobody : late.members { sources.append(RollMerge.Source(roll)) }
      var merge = RollMerge(sources, anonymous: isAnonymous, lines: lines)
      while let roll = merge.next() { all.append(try TestBytes.roll(roll)) }
    }
    return Cube(all, CubeShop.frame(all))
  }
}

extension CubeReceipt {
  var order: ReceiptOrder { ReceiptOrder(day: day, store: store, minute: minute, id: id) }
}

extension Cube {
  /// Parts in an order of the seed, on two tallies, as two threads would.
  func ask(_ pivot: Pivot, _ random: inout SeededRandom, keeping best: [String]? = nil) throws -> PivotTable {
    var question = try PivotQuestion(pivot, of: frame, keeping: best)
    while let walk = question.walk {
      // Copies of one: what each finds is its own.
      let empty = Tally(walk)
      var (left, right) = (empty, empty)
      for part in parts.shuffled(using: &random) {
        if Bool.random(using: &random) { add(part, walk, to: &left) } else { add(part, walk, to: &right) }
      }
      left.add(right)
      try question.take(left)
    }
    return try #require(question.answer)
  }
}
