import Cube
import Insight
import Kernel
import TestKit
import Testing

/// Differences between those who are served and those kept apart, against the same worked out person by person.
@Suite struct `What a control group tells` {
  private static let members = 400
  private static let days = (now: UInt16(20_020)...UInt16(20_039), before: UInt16(20_000)...UInt16(20_019))

  /// One receipt a day for some, returns among them; every fourth member is kept apart.
  private static func receipts(_ random: inout SeededRandom) -> [CubeReceipt] {
    (1...Int64(2_400)).map { id in
      let amount = Int64.random(in: 1...90_000, using: &random) * (id % 11 == 0 ? -1 : 1)
      let sums = RollColumn.sums.map { $0 == .amount ? amount : $0 == .quantity ? 1_000 : 0 }
      return CubeReceipt(
        id: id, member: Int64.random(in: 1...Int64(members), using: &random),
        day: UInt16.random(in: 19_990...20_045, using: &random),
        minute: 600, store: 0, flags: id % 11 == 0 ? .isReturn : [],
        lines: [CubeReceipt.Line(product: UInt32.random(in: 0..<3, using: &random), sums: sums)])
    }
  }

  @Test(arguments: 0..<12) func `is what going through everybody tells`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let receipts = Self.receipts(&random)
    let cube = try MadeCube(receipts).cube
    let groups = cube.everyRoll.map { roll in (0..<roll.members).map { UInt8(roll.memberID(at: $0) % 4 == 0 ? 2 : 1) } }
    let walk = try EffectWalk([], of: cube.frame, now: Self.days.now, before: Self.days.before, groups: groups, count: 2)
    var found = walk.nothing
    for part in cube.peopleParts.shuffled(using: &random) { walk.add(part, of: cube, to: &found) }
    func sales(_ member: Int64, _ days: ClosedRange<UInt16>) -> Double {
      Double(
        receipts.filter { $0.member == member && days.contains($0.day) }.flatMap(\.lines).reduce(Int64(0)) { $0 + $1.sums[1] })
    }
    let all = (1...Int64(Self.members)).map { (control: $0 % 4 == 0, y: sales($0, Self.days.now), x: sales($0, Self.days.before)) }
    let (served, control) = (all.filter { !$0.control }, all.filter(\.control))
    let counts = (served: Int64(served.count), control: Int64(control.count))
    let moments = EffectValue.sales.rawValue
    let effect = try #require(Effect(found.groups[0][moments], found.groups[1][moments], counts: counts))
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      let (one, other) = (mean(a), mean(b))
      return zip(a, b).reduce(0) { $0 + ($1.0 - one) * ($1.1 - other) }
    }
    let theta =
      (product(served.map(\.x), served.map(\.y)) + product(control.map(\.x), control.map(\.y)))
      / (product(served.map(\.x), served.map(\.x)) + product(control.map(\.x), control.map(\.x)))
    func adjusted(_ group: [(control: Bool, y: Double, x: Double)]) -> [Double] { group.map { $0.y - theta * $0.x } }
    func variance(_ values: [Double]) -> Double { product(values, values) / Double(values.count - 1) }
    let (one, other) = (adjusted(served), adjusted(control))
    let error = (variance(one) / Double(one.count) + variance(other) / Double(other.count)).squareRoot()
    #expect(abs(effect.difference - (mean(one) - mean(other))) < 0.001)
    #expect(abs(effect.margin - 1.959964 * error) < 0.001 * error)
    #expect(abs(effect.plain - (mean(served.map(\.y)) - mean(control.map(\.y)))) < 0.001)
    #expect(abs(effect.control - mean(control.map(\.y))) < 0.001)
  }

  /// Nothing is done to anybody: nineteen of twenty intervals have nought in them.
  @Test func `finds nothing where there is nothing`() throws {
    var hits = 0
    for seed in UInt64(0)..<200 {
      var random = SeededRandom(seed: seed + 500)
      hits += try Self.effect(gift: 0, &random).isSure ? 1 : 0
    }
    // Twenty times a hundred trials of 5 % come to ten; six to twenty-one of 200 hold with more than 99 in 100.
    #expect((2...21).contains(hits), "\(hits) of 200")
  }

  @Test func `finds what was given, and the past makes it surer`() throws {
    var random = SeededRandom(seed: 9)
    let effect = try Self.effect(gift: 3_000, &random)
    #expect(effect.isSure)
    #expect(abs(effect.difference - 3_000) < effect.margin)
    #expect(effect.margin < effect.plainMargin)
    #expect(effect.p < 0.001)
    #expect(effect.total == effect.difference * Double(effect.members))
  }

  /// Members have their habits; whoever is served buys for so much more.
  private static func effect(gift: Int64, _ random: inout SeededRandom) throws -> Effect {
    let people = 1...Int64(600)
    let receipts = people.flatMap { member -> [CubeReceipt] in
      let habit = Int64.random(in: 0...40_000, using: &random)
      let isControl = member % 5 == 0
      return [(day: UInt16(20_005), more: Int64(0)), (20_025, isControl ? 0 : gift)].map { day, more in
        let amount = habit + more + Int64.random(in: 0...10_000, using: &random)
        return CubeReceipt(
          id: member * 10 + Int64(day % 7), member: member, day: day, minute: 1, store: 0,
          lines: [CubeReceipt.Line(product: 0, sums: RollColumn.sums.map { $0 == .amount ? amount : 0 })])
      }
    }
    let cube = try MadeCube(receipts).cube
    let groups = cube.everyRoll.map { roll in (0..<roll.members).map { UInt8(roll.memberID(at: $0) % 5 == 0 ? 2 : 1) } }
    let walk = try EffectWalk([], of: cube.frame, now: days.now, before: days.before, groups: groups, count: 2)
    var found = walk.nothing
    for part in cube.peopleParts { walk.add(part, of: cube, to: &found) }
    let place = EffectValue.sales.rawValue
    return try #require(Effect(found.groups[0][place], found.groups[1][place], counts: (480, 120)))
  }

  @Test func `says nothing of a handful`() {
    #expect(Effect(EffectMoments(), EffectMoments(), counts: (served: 1_000, control: 29)) == nil)
    let quiet = Effect(EffectMoments(), EffectMoments(), counts: (served: 1_000, control: 30))
    #expect(quiet?.difference == 0)
    #expect(quiet?.p == 1)
    #expect(quiet?.isSure == false)
  }
}

/// A cube of one roll in memory.
@safe final class MadeCube: RollBytes, Sendable {
  /// Written once, before anybody else has them.
  private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer
  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(buffer) }

  init(_ receipts: [CubeReceipt]) throws {
    var builder = RollBuilder()
    for receipt in receipts { builder.append(receipt) }
    let image = try builder.finish()
    unsafe buffer = .allocate(byteCount: image.size, alignment: 16)
    unsafe image.write(into: buffer)
  }

  deinit { unsafe buffer.deallocate() }

  var cube: Cube {
    get throws { Cube([try Roll(self)], CubeFrame(days: 19_990..<20_046, stores: 1, registers: 1, products: 3)) }
  }
}
