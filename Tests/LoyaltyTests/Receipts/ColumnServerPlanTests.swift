import Cube
import Customers
import Gateways
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

import enum Cube.Dimension

/// Formulas and what retailers say of members, asked of ClickHouse and of the rolls. It takes part when `REGULARS_TEST_CLICKHOUSE` is set.
@Suite(.enabled(if: ColumnServerTests.url != nil)) struct `A column server and what a retailer makes itself` {
  @Test func `formulas are answered there, members by the rolls, both the same`() async throws {
    for seed in Seeds.some(2) {
      try await CubeShopLife.shop(on: .sqlite) { till, keeper, folder in
        let gateway = ClickHouseGateway(try await ColumnServerTests.place())
        let served = CubeKeeper(
          of: CubeShopLife.scope, on: till.database, zones: { _ in nil }, in: folder, columns: .init(gateway, feeds: true))
        var life = CubeShopLife(till, seed: seed)
        var random = SeededRandom(seed: seed)
        for step in 0..<40 {
          try await life.happens(step)
          guard step % 10 == 9 else { continue }
          _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
          let here = try #require(try await keeper.catchUp())
          let there = try #require(try await served.catchUp())
          if step == 19 { try await served.merge() }
          for _ in 0..<8 {
            let pivot = try Self.pivot(&random, [.product, .kind, .day, .hour, .channel, .payment, .store, .register])
            let walks = try await Self.compare(pivot, here, there, "seed \(seed), step \(step)")
            #expect(walks.allSatisfy { $0.place == .server }, "\(PivotForm.json(pivot).compact): \(walks.map(\.text))")
          }
          // Whom the definitions leave out, the server leaves out, too.
          for out in [[1_001], [1_001, 1_003, 9_007_199_254_740_993]] as [[Int64]] {
            let pivot = try Self.pivot(&random, [.product, .kind, .day, .store])
            let walks = try await Self.compare(
              pivot, here.leavingOut(out), there.leavingOut(out), "seed \(seed), step \(step), without \(out)")
            #expect(walks.allSatisfy { $0.place == .server && $0.leftOut == out.count }, "\(walks.map(\.text))")
          }
          let days = Pivot(rows: [.store], columns: [.kind], values: [.visitInterval, .medianInterval, .visits, .sales])
          let gaps = try await Self.compare(days, here, there, "seed \(seed), step \(step)")
          #expect(gaps.map(\.place) == [.rollsInstead(.asksIntervals)])
          let (known, asked) = (Self.knowing(here), Self.knowing(there))
          for by in [Dimension.attribute("size"), .attribute("vip"), .sex, .values("hobbies"), .segment] {
            var pivot = try Self.pivot(&random, [.product, .kind, .channel])
            if Bool.random(using: &random) { pivot.rows.insert(by, at: 0) } else { pivot.columns.insert(by, at: 0) }
            let walks = try await Self.compare(pivot, known, asked, "seed \(seed), step \(step)")
            #expect(walks[0].place == .rollsInstead(.asksMembers), "\(walks[0].text)")
            #expect(walks[0].text.contains("over the rolls: members are asked one by one"))
            // The totals over a dimension of which a member can have several ask nothing of members any more.
            if by.isMany { #expect(walks.last?.place == .server, "\(walks.map(\.text))") }
          }
          var filtered = try Self.pivot(&random, [.product, .channel])
          filtered.filters = [Pivot.Filter(.attribute("size"), ["size-1"])]
          let walks = try await Self.compare(filtered, known, asked, "seed \(seed), step \(step)")
          #expect(walks.allSatisfy { $0.place == .rollsInstead(.asksMembers) })
        }
        try await gateway.close()
      }
    }
  }

  @Test func `one that is away is told in the plan`() async throws {
    try await CubeShopLife.shop(on: .sqlite) { till, keeper, folder in
      let gone = ClickHouseGateway(try #require(ColumnServerPlace("http://127.0.0.1:9/default")))
      let served = CubeKeeper(
        of: CubeShopLife.scope, on: till.database, zones: { _ in nil }, in: folder, columns: .init(gone, feeds: true))
      try await till.sell(1, till.basket(milk: 2), to: till.shopper(1))
      _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
      let pivot = Pivot(rows: [.product], values: [.sales])
      let there = try #require(try await served.catchUp())
      let walks = try await there.answered(pivot).walks
      guard case .rollsInstead(.failed(let why))? = walks.first?.place else {
        Issue.record("\(walks.map(\.text))")
        return
      }
      #expect(walks.count == 1 && why.contains("does not answer"))
      let here = try #require(try await keeper.catchUp())
      #expect(try await here.answered(pivot).walks.map(\.place) == [.rolls])
      try await gone.close()
    }
  }

  /// - Returns: the walks of the one that has a server.
  private static func compare(_ pivot: Pivot, _ here: Cube, _ there: Cube, _ comment: String) async throws -> [CubeWalkNote] {
    let one = try await here.expiring.answer(pivot)
    let (other, walks) = try await there.expiring.answered(pivot)
    #expect(one.rows.count == other.rows.count)
    for (a, b) in zip(CubeShopLife.text(one), CubeShopLife.text(other)) {
      #expect(a == b, "\(comment): \(PivotForm.json(pivot).compact)")
    }
    return walks
  }

  private static func pivot(_ random: inout SeededRandom, _ dimensions: [Dimension]) throws -> Pivot {
    let chosen = Array(dimensions.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)))
    let split = Int.random(in: 0...chosen.count, using: &random)
    // Days between visits are for the rolls.
    let measures = Measure.allCases.filter { ![.visitInterval, .medianInterval].contains($0) }.shuffled(using: &random).prefix(3)
      .map(
        \.rawValue)
    let formulas = [
      "\(measures[0]) / \(measures[1])", "(\(measures[0]) - \(measures[2])) / receipts:money",
      "\(measures[1]) / sales * 100:number.1",
      "sales / visits - sales / members:money",
    ]
    let scales = Formula.Scales(money: 2, points: 0)
    let values = try formulas.map { Measure.formula(try Formula(word: $0).settled(scales)) }
    return Pivot(rows: Array(chosen[..<split]), columns: Array(chosen[split...]), values: values + [.sales])
  }

  /// What members are, by their ids.
  private static func knowing(_ cube: Cube) -> Cube {
    var frame = cube.frame
    func sort(_ member: Int64) -> UInt32 { UInt32(1 + member % 3) }
    frame.setMembers(
      cube.everyRoll.map { roll in roll.isAnonymous ? [] : (0..<roll.members).map { sort(roll.memberID(at: $0)) } }, count: 4)
    for dimension in [Dimension.attribute("size"), .attribute("vip"), .sex] {
      let name = dimension.attribute ?? "sex"
      frame.set(DimensionTable(dimension, codes: [0, 1, 2, 1], labels: ["–", "\(name)-1", "\(name)-2"]))
    }
    for dimension in [Dimension.values("hobbies"), .segment] {
      frame.set(DimensionTable(dimension, sets: [[0], [1], [1, 2], [2]], labels: ["–", "one", "two"]))
    }
    return cube.with(frame)
  }
}

extension Cube {
  /// With points that ran out, which no column server knows of.
  var expiring: Cube {
    let today = Zone.moscow.civil(at: Till.noon).day.number
    var frame = frame
    frame.setExpired(
      ExpiredPoints(
        [(-40, 11), (0, 7), (1, 5)].map { ExpiredPoints.Fact(day: UInt16(today + $0.0), sort: 1, points: Int64($0.1)) }))
    return with(frame)
  }
}
