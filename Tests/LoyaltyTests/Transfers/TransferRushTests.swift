import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Transfers and donations while many ask at once.
@Suite struct TransferRushTests {
  @Test(arguments: TestDatabase.available)
  func `64 clients give the last points of one member: exactly what is there, and nothing below nothing`(on kind: TestDatabase)
    async throws
  {
    try await TransferShop.on(kind, members: 9) { shop in
      try await shop.give(500, to: shop.members[0])
      let given = try await withThrowingTaskGroup(of: Int64.self) { group in
        for client in 1...64 {
          group.addTask {
            do {
              if client % 4 == 0 { return try await shop.donate(17, from: 0, key: "\(client)").points.units }
              return try await shop.transfer(17, from: 0, to: 1 + client % 8, key: "\(client)").points.units
            } catch let problem as Problem where problem.code == "insufficient_points" { return 0 }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(given == 29 * 17)
      let left = try await shop.active()
      #expect(left[0] == 500 - given)
      let report = try await shop.audit()
      #expect(report.isClean && report.transfers + report.donations == 29, "\(report.differences)")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `members who give to each other crosswise wait for nobody for ever, and no point is lost`(on kind: TestDatabase) async throws
  {
    try await TransferShop.on(kind, members: 4) { shop in
      for member in shop.members { try await shop.give(200, to: member) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for client in 0..<64 {
          group.addTask {
            do {
              try await shop.transfer(30, from: client % 4, to: (client + 1 + client / 4 % 3) % 4, key: "\(client)")
            } catch let problem as Problem where problem.code == "insufficient_points" {}
          }
        }
        try await group.waitForAll()
      }
      #expect(try await shop.active().reduce(0, +) == 800)
      #expect(try await shop.isClean())
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a transfer that 64 clients take back comes back once, and a limit of the day is not overshot`(on kind: TestDatabase)
    async throws
  {
    try await TransferShop.on(kind, .object(["mostPerDay": "100"])) { shop in
      try await shop.give(5_000, to: shop.members[0])
      let made = try await shop.transfer(90, from: 0, to: 1, key: "once")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 1...64 { group.addTask { try await shop.undo(made) } }
        try await group.waitForAll()
      }
      #expect(try await shop.active() == [5_000, 0, 0, 0])
      let given = try await withThrowingTaskGroup(of: Int64.self) { group in
        for client in 1...64 {
          group.addTask {
            do { return try await shop.transfer(15, from: 0, to: 1 + client % 3, key: "\(client)").points.units } catch let problem
              as Problem where problem.code == "transfer_day_limit"
            { return 0 }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(given == 90)
      #expect(try await shop.isClean())
    }
  }
}
