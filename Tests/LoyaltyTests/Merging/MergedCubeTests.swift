import Cube
import Foundation
import Insight
import Jobs
import Kernel
import Loyalty
import TestKit
import Testing

/// Members who became one person are one in the columns, and two again when they come apart.
@Suite struct MergedCubeTests {
  private static let pivot = Pivot(rows: [], values: [.members, .newMembers, .receipts, .sales, .visits])

  @Test(arguments: TestDatabase.available) func `the columns follow merges and their undoing, and are what a rebuild makes`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      let folder = CubeFolder(
        FileManager.default.temporaryDirectory.appending(path: "cube-\(UInt64.random(in: 0...UInt64.max))").path)
      defer { try? FileManager.default.removeItem(atPath: folder.path) }
      let scope = CubeScope(shop.programme)
      func make(_ folder: CubeFolder) async throws -> CubeKeeper {
        _ = try await CubeMaking(of: scope, on: shop.ground.database, zones: { _ in nil }, in: folder).make(at: MergeShop.noon)
        return CubeKeeper(of: scope, on: shop.ground.database, zones: { _ in nil }, in: folder)
      }
      // Half of it lies in the rolls, half comes with the stream.
      try await shop.sell(1, 3, to: 1)
      try await shop.sell(2, 6, to: 2)
      let keeper = try await make(folder)
      try await shop.sell(3, 2, to: 2)
      try await shop.sell(4, 1, to: 3)
      try await shop.takeBack(1, 1, of: 2)
      func told() async throws -> [Int64?] {
        _ = try await Relay(as: "one", now: { MergeShop.noon + .days(1) }).turn(on: shop.ground.database)
        let followed = try #require(try await keeper.catchUp())
        let again = CubeFolder(folder.path + "/again")
        let rebuilt = try #require(try await make(again).catchUp())
        let values = try await [followed.answer(Self.pivot), rebuilt.answer(Self.pivot)].map { table in
          Self.pivot.values.map { table.value($0, row: 0, column: 0) }
        }
        #expect(values[0] == values[1], "followed and made anew")
        return values[0]
      }
      let apart = try await told()
      #expect(apart[0] == 3 && apart[2] == 4)
      try await shop.merge()
      let together = try await told()
      #expect(together[0] == 2 && together[1] == 2)
      #expect(together[2] == 4 && together[3] == apart[3], "what was sold is the same")
      try await shop.sell(5, 4, to: 2)
      #expect(try await told()[0] == 2, "the old card finds the survivor")
      try await shop.merge(shop.third, into: shop.anna, key: "third")
      #expect(try await told()[0] == 1)
      try await shop.unmerge(shop.third, key: "third apart")
      try await shop.unmerge()
      let back = try await told()
      #expect(back[0] == 3 && back[2] == 5)
    }
  }
}
