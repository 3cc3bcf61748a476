import Access
import Calculator
import Conditions
import Cube
import Customers
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A shop with a cube beside it: sales, returns, cancellations and claims in any order.
struct CubeShopLife {
  let till: Till
  var random: SeededRandom
  var sold: [(number: Int64, milk: Int64, tea: Int64, member: Int64)] = []
  var kinds: Set<Int> = []

  init(_ till: Till, seed: UInt64) { (self.till, random) = (till, SeededRandom(seed: seed)) }

  mutating func happens(_ step: Int) async throws {
    let number = Int64(step + 1)
    let time = Till.noon + .minutes(Int64(step))
    let kind = sold.count < 5 ? 0 : Int.random(in: 0..<9, using: &random)
    switch kind {
    case 0...3:
      let (milk, tea) = (Int64.random(in: 1...5, using: &random), Int64.random(in: 0...4, using: &random))
      let member = Int64.random(in: 0...4, using: &random)
      try await till.sell(
        number, till.basket(milk: milk, tea: tea, spend: member == 1 ? 50 : 0, at: time),
        to: member == 0 ? .nobody : till.shopper(member))
      sold.append((number, milk, tea, member))
      kinds.insert(member == 0 ? 0 : 1)
    case 4, 5:
      let place = Int.random(in: sold.indices, using: &random)
      let sale = sold.remove(at: place)
      let part = Int64.random(in: 1...sale.milk, using: &random)
      try await till.takeBack(
        till.goods(number, of: sale.number, [Return.Line(.product(Till.milk), quantity: .pieces(part))], at: time),
        request: "back \(number)")
      kinds.insert(2)
    case 6:
      let sale = sold.remove(at: Int.random(in: sold.indices, using: &random))
      let (receipts, key) = (till.receipts, till.key(sale.number))
      _ = try await till.database.write { tx in
        try receipts.cancel(key, request: RequestKey("cancel \(number)"), at: time, in: &tx)
      }
      kinds.insert(3)
    case 7:
      guard let place = sold.firstIndex(where: { $0.member == 0 }) else { return }
      let (receipts, key) = (till.receipts, till.key(sold[place].number))
      _ = try await till.database.write { tx in
        try receipts.attach(
          key, to: MemberSnapshot(id: MemberID(1_003)), request: RequestKey("claim \(number)"), at: time, in: &tx)
      }
      sold[place].member = 3
      kinds.insert(4)
    default:
      try await till.takeBack(
        till.goods(number, of: nil, [Return.Line(.product(Till.tea), quantity: .pieces(1))], at: time), request: "loose \(number)"
      )
      kinds.insert(5)
    }
  }

  static func shop(
    on kind: TestDatabase, _ body: @Sendable (Till, CubeKeeper, CubeFolder) async throws -> Void
  ) async throws {
    try await kind.withDatabase(CustomersSchema.tables + Till.tables) { database in
      let till = Till(database)
      try await database.write { tx in
        try Epochs.beginFirst("made", at: Till.noon, in: &tx)
        try tx.run(
          SQL(
            prepared: """
              insert into account (id, code, name, currency, country, is_suspended, structure_version, made_at)
              values ($1, 'pantry', 'Pantry', 'RUB', 'RU', 0, 1, 0)
              """, [Till.account.value]))
      }
      let folder = CubeFolder(
        FileManager.default.temporaryDirectory.appending(path: "cube-\(UInt64.random(in: 0...UInt64.max))").path)
      defer { try? FileManager.default.removeItem(atPath: folder.path) }
      _ = try await making(till, folder).make(at: Till.noon)
      try await body(till, keeper(till, folder), folder)
    }
  }

  static let scope = CubeScope(account: Till.account, programme: Till.programme, zone: .moscow)

  static func making(_ till: Till, _ folder: CubeFolder) -> CubeMaking {
    CubeMaking(of: scope, on: till.database, zones: { _ in nil }, in: folder)
  }

  static func keeper(_ till: Till, _ folder: CubeFolder) -> CubeKeeper {
    CubeKeeper(of: scope, on: till.database, zones: { _ in nil }, in: folder)
  }

  static func text(_ table: PivotTable) -> [String] {
    table.rows.indices.map { row in
      "\(table.rows[row].labels) "
        + table.columns.indices.map { column in
          "\(table.columns[column]) \(table.pivot.values.map { table.value($0, row: row, column: column) })"
        }.joined(separator: " ")
    }
  }
}
