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

  private enum Answer { case unknown, refused, other }

  /// Every caller sells at once. - Returns: how many heard that the outcome is unknown, and how many that nothing is written any
  /// more; any other answer is recorded.
  private static func sellAtOnce(_ till: Till) async -> (unknown: Int, refused: Int) {
    await withTaskGroup(of: Answer.self) { group in
      for caller in callers {
        group.addTask {
          do {
            try await till.sell(caller, till.basket(milk: 2), to: till.shopper(caller))
            Testing.Issue.record("till \(caller) was told that the purchase is kept")
          } catch StorageFailure.unknownOutcome {
            return .unknown
          } catch StorageFailure.diskFailed {
            return .refused
          } catch { Testing.Issue.record(error) }
          return .other
        }
      }
      return await group.reduce(into: (0, 0)) { counts, answer in
        switch answer {
        case .unknown: counts.0 += 1
        case .refused: counts.1 += 1
        case .other: break
        }
      }
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

  /// With the plug pulled, what the dying disk took is found again; else what SQLite moves into the file when it is closed.
  @Test(arguments: [false, true])
  func `leaves every till of the group with a question, and each purchase whole or absent`(pullingThePlug: Bool) async throws {
    FailingDisk.install()
    try await TestDatabase.sqlite.withPlace { place in
      try await TestDatabase.sqlite.withPlace { after in
        let database = try await Self.open(place)
        let till = Till(database)
        for caller in Int64(1)...5 { try await till.sell(caller, till.basket(milk: 1), to: till.shopper(caller)) }
        FailingDisk.fail(place.path + "-wal")
        let heard = await Self.sellAtOnce(till)
        for end in pullingThePlug ? ["", "-wal"] : [] {
          try FileManager.default.copyItem(atPath: place.path + end, toPath: after.path + end)
        }
        let failures = FailingDisk.recover(place.path + "-wal")
        #expect(heard.unknown > 0 && heard.unknown + heard.refused == Self.callers.count)
        #expect(failures == 1, "a disk that did not confirm is not asked again")
        await database.close()

        let reopened = try await Self.open(pullingThePlug ? after : place)
        let again = Till(reopened, ids: till.ids)
        let kept = try await Self.kept(again)
        #expect(kept <= heard.unknown, "who was refused has written nothing")
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

  @Test func `is over when the database is opened anew on a disk that has recovered`() async throws {
    FailingDisk.install()
    try await TestDatabase.sqlite.withPlace { place in
      let till = Till(try await Self.open(place))
      FailingDisk.fail(place.path + "-wal")
      let heard = await Self.sellAtOnce(till)
      _ = FailingDisk.recover(place.path + "-wal")
      #expect(heard.unknown > 0 && heard.unknown + heard.refused == Self.callers.count)
      let refusal = await #expect(throws: StorageFailure.self) {
        try await till.sell(99, till.basket(milk: 1), to: till.shopper(99))
      }
      if case .diskFailed = refusal {} else { Testing.Issue.record("not \(String(describing: refusal))") }
      await till.database.close()

      let again = Till(try await Self.open(place), ids: till.ids)
      for caller in Self.callers { try await again.sell(caller, again.basket(milk: 2), to: again.shopper(caller)) }
      let kept = try await Self.kept(again)
      let books = try await again.audit()
      await again.database.close()
      #expect(kept == Self.callers.count && books.receipts == kept && books.isClean)
    }
  }
}
