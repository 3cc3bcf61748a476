import Cube
import Customers
import Foundation
import Gateways
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization
import TestKit
import Testing

import enum Cube.Dimension

/// A real ClickHouse is asked the same as the rolls. It takes part when `REGULARS_TEST_CLICKHOUSE` holds its URL, as `script/test` sees to.
@Suite(.enabled(if: ColumnServerTests.url != nil)) struct `A column server` {
  @Test func `answers as the rolls do, whatever happened`() async throws {
    for seed in Seeds.some(2) {
      try await CubeShopLife.shop(on: .sqlite) { till, keeper, folder in
        let gateway = ClickHouseGateway(try await ColumnServerTests.place())
        let served = CubeKeeper(
          of: CubeShopLife.scope, on: till.database, zones: { _ in nil }, in: folder, columns: .init(gateway, feeds: true))
        var life = CubeShopLife(till, seed: seed)
        var random = SeededRandom(seed: seed)
        for step in 0..<60 {
          try await life.happens(step)
          guard step % 10 == 9 else { continue }
          _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
          let here = try #require(try await keeper.catchUp())
          let there = try #require(try await served.catchUp())
          if step == 29 { try await served.merge() }
          let before = CountingWalker.walks.count
          for _ in 0..<12 {
            let pivot = Self.pivot(&random)
            var asked = there.expiring
            asked.walker = there.walker.map { CountingWalker($0) }
            let (one, other) = (try await here.expiring.answer(pivot), try await asked.answer(pivot))
            for (a, b) in zip(CubeShopLife.text(one), CubeShopLife.text(other)) {
              #expect(a == b, "seed \(seed), step \(step): \(PivotForm.json(pivot).compact)")
            }
            #expect(one.rows.count == other.rows.count)
          }
          let trouble = await served.columnTrouble
          #expect(CountingWalker.walks.count > before, "the server was asked: \(trouble ?? "no trouble")")
        }
        try await gateway.close()
      }
    }
  }

  @Test func `is sent everything once more where it lost something, and does without where it is away`() async throws {
    try await CubeShopLife.shop(on: .sqlite) { till, _, folder in
      let gateway = ClickHouseGateway(try await ColumnServerTests.place())
      func keeper(_ server: any ColumnServer) -> CubeKeeper {
        CubeKeeper(of: CubeShopLife.scope, on: till.database, zones: { _ in nil }, in: folder, columns: .init(server, feeds: true))
      }
      try await till.sell(1, till.basket(milk: 2), to: till.shopper(1))
      _ = try await Relay(as: "one", now: { Till.noon }).turn(on: till.database)
      let pivot = Pivot(rows: [.product], values: [.sales, .receipts, .members, .visits, .newMembers])
      let first = try #require(try await keeper(gateway).catchUp())
      let plan = try Self.plan(first)
      #expect(await first.walker?.walk(plan).tally != nil)
      // Another process, the same table: what it had is sent again, and changes nothing.
      let second = try #require(try await keeper(gateway).catchUp())
      #expect(try await CubeShopLife.text(second.answer(pivot)) == CubeShopLife.text(first.answer(pivot)))
      let gone = ClickHouseGateway(try #require(ColumnServerPlace("http://127.0.0.1:9/default")))
      let alone = keeper(gone)
      let third = try #require(try await alone.catchUp())
      #expect(await third.walker?.walk(plan).tally == nil)
      #expect(try await CubeShopLife.text(third.answer(pivot)) == CubeShopLife.text(first.answer(pivot)))
      #expect(await alone.columnTrouble?.contains("does not answer") == true)
      try await gone.close()
      try await gateway.close()
    }
  }

  @Test func `refuses what is no address`() {
    for text in [
      "", "rolls", "http://", "ftp://a/b", "http://host", "http://host/", "http://a b/c", "http://host/d;drop", "http://a@b@c/d",
    ] {
      #expect(ColumnServerPlace(text) == nil, "\(text)")
    }
    let place = ColumnServerPlace("https://ann:secret@ch.example:8443/retail")
    #expect(
      place?.base == "https://ch.example:8443" && place?.user == "ann" && place?.password == "secret" && place?.database == "retail"
    )
  }

  private static func plan(_ cube: Cube) throws -> CubePlan {
    let question = try PivotQuestion(Pivot(rows: [.product], values: [.sales]), of: cube.frame)
    return try #require(question.walk)
  }

  private static func pivot(_ random: inout SeededRandom) -> Pivot {
    let dimensions: [Dimension] = [.product, .kind, .card, .day, .hour, .channel, .payment, .coupon, .store, .register]
    let chosen = Array(dimensions.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
    let split = Int.random(in: 0...chosen.count, using: &random)
    let values = Array(Measure.allCases.shuffled(using: &random).prefix(Int.random(in: 1...6, using: &random)))
    var pivot = Pivot(rows: Array(chosen[..<split]), columns: Array(chosen[split...]), values: values)
    if Bool.random(using: &random) { pivot.filters.append(Pivot.Filter(.card, ["with"])) }
    if Bool.random(using: &random) { pivot.filters.append(Pivot.Filter(.kind, ["sale"])) }
    if Bool.random(using: &random) { pivot.first = Zone.moscow.civil(at: Till.noon).day }
    return pivot
  }
}

enum ColumnServerTests {
  static var url: String? { ProcessInfo.processInfo.environment["REGULARS_TEST_CLICKHOUSE"].flatMap { $0.isEmpty ? nil : $0 } }

  /// A database of one's own: programmes of tests have the same numbers.
  static func place() async throws -> ColumnServerPlace {
    let (url, name) = (try #require(url), "shop_\(UInt64.random(in: 0...UInt64.max))")
    let gateway = ClickHouseGateway(try #require(ColumnServerPlace(url)))
    _ = try await gateway.run("create database \(name)", rows: [])
    try await gateway.close()
    return try #require(
      ColumnServerPlace(
        url.split(separator: "/").dropLast().joined(separator: "/").replacing("http:/", with: "http://") + "/\(name)"))
  }
}

/// Counts the walks that a server did.
struct CountingWalker: CubeWalker {
  final class Count: Sendable {
    private let value = Atomic<Int>(0)
    var count: Int { value.load(ordering: .relaxed) }
    func add() { value.add(1, ordering: .relaxed) }
  }

  static let walks = Count()
  let inner: any CubeWalker
  init(_ inner: any CubeWalker) { self.inner = inner }

  func walk(_ plan: CubePlan) async -> CubeWalked {
    let found = await inner.walk(plan)
    if found.tally != nil { Self.walks.add() }
    return found
  }
}
