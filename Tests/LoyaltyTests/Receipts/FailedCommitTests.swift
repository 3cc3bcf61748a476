import Foundation
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A disk that answers a commit with an error: nobody can tell what it kept, so nobody is told that all is well.
@Suite struct `a commit that the disk refuses` {
  private static let callers = Int64(100)..<140

  private static func open(_ place: TestPlace) async throws -> any Database {
    let database = try await place.open()
    _ = try await Migrator([Migration(1, "test", creating: Schema(Till.tables))]).migrate(database, at: Till.noon)
    return database
  }

  /// Every caller sells at once. - Returns: how many heard that the outcome is unknown; any other answer is recorded.
  private static func sellAtOnce(_ till: Till) async -> Int {
    await withTaskGroup(of: Bool.self) { group in
      for caller in callers {
        group.addTask {
          do {
            try await till.sell(caller, till.basket(milk: 2), to: till.shopper(caller))
            Testing.Issue.record("till \(caller) was told that the purchase is kept")
          } catch StorageFailure.unknownOutcome { return true } catch { Testing.Issue.record(error) }
          return false
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
  }

  /// Asks for every purchase by its key. - Returns: how many are there; a half one is recorded.
  private static func kept(_ till: Till) async throws -> Int {
    var count = 0
    for caller in callers {
      var receipt: Receipt?
      do { receipt = try await till.receipt(caller) } catch let problem as Problem where problem.code == "receipt_unknown" {}
      let wallet = try await till.wallet(till.shopper(caller))
      let expected: (Int64, Points) = receipt == nil ? (0, .zero) : (1, Points(units: 10))
      #expect(wallet.history.purchases == expected.0 && wallet.active == expected.1, "purchase \(caller) is half there")
      count += receipt == nil ? 0 : 1
    }
    return count
  }

  /// With the plug pulled, what the dying disk took of the last commit is found again; otherwise SQLite has undone it.
  @Test(arguments: [false, true])
  func `leaves every till of the group with a question, and each purchase whole or absent`(pullingThePlug: Bool) async throws {
    FailingDisk.install()
    try await TestDatabase.sqlite.withPlace { place in
      try await TestDatabase.sqlite.withPlace { after in
        let database = try await Self.open(place)
        let till = Till(database)
        for caller in Int64(1)...5 { try await till.sell(caller, till.basket(milk: 1), to: till.shopper(caller)) }
        FailingDisk.fail(place.path + "-wal")
        let unsure = await Self.sellAtOnce(till)
        for end in pullingThePlug ? ["", "-wal"] : [] {
          try FileManager.default.copyItem(atPath: place.path + end, toPath: after.path + end)
        }
        let failures = FailingDisk.recover(place.path + "-wal")
        #expect(unsure == Self.callers.count)
        #expect(failures > 0 && failures < Self.callers.count, "no group of several was refused")
        await database.close()

        let reopened = try await Self.open(pullingThePlug ? after : place)
        let again = Till(reopened)
        let kept = try await Self.kept(again)
        if pullingThePlug { #expect(kept > 0 && kept < Self.callers.count) }
        let found = try await again.audit()
        #expect(found.receipts == 5 + kept && found.isClean, "\(found.differences)")
        // The tills ask again with their keys: now every purchase is there, and once.
        for caller in Self.callers { try await again.sell(caller, again.basket(milk: 2), to: again.shopper(caller)) }
        let settled = try await Self.kept(again)
        let books = try await again.audit()
        await reopened.close()
        #expect(settled == Self.callers.count && books.receipts == 5 + settled && books.isClean)
      }
    }
  }

  @Test func `is over when the disk has recovered`() async throws {
    FailingDisk.install()
    try await TestDatabase.sqlite.withPlace { place in
      let till = Till(try await Self.open(place))
      FailingDisk.fail(place.path + "-wal")
      let unsure = await Self.sellAtOnce(till)
      _ = FailingDisk.recover(place.path + "-wal")
      #expect(unsure == Self.callers.count)
      for caller in Self.callers { try await till.sell(caller, till.basket(milk: 2), to: till.shopper(caller)) }
      let kept = try await Self.kept(till)
      let books = try await till.audit()
      await till.database.close()
      #expect(kept == Self.callers.count && books.receipts == kept && books.isClean)
    }
  }
}
