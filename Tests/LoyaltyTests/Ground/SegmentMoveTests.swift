import Access
import Customers
import Kernel
import Storage
import TestKit
import Testing

/// How members came into segments and left them.
@Suite struct SegmentMoveTests {
  private static func story(
    _ ground: Ground, _ member: MemberID, besides guests: [MemberID] = [], before: EventID? = EventID(.max), limit: Int = 30
  ) async throws -> SegmentStory {
    try await ground.read { tx in
      try Segments(of: ground.account).story(of: member, besides: guests, movesBefore: before, limit: limit, in: &tx)
    }
  }

  private static func told(_ moves: [SegmentMove]) -> [String] { moves.map { ($0.isIn ? "+" : "-") + $0.segment.details.code } }

  @Test(arguments: TestDatabase.available) func `are told latest first, page by page, beside where the member is`(
    on kind: TestDatabase
  ) async throws {
    try await Ground.on(kind) { ground in
      let (segments, members) = (Segments(of: ground.account), try await ground.join(2))
      let (anna, boris) = (members[0], members[1])
      _ = try await ground.write { tx in
        try segments.save([SegmentsTests.list("a"), SegmentsTests.list("b")], by: ground.change(), in: &tx)
      }
      for (minute, code, isIn) in [(2, "a", true), (3, "b", true), (4, "a", false), (5, "a", true)] as [(Int64, String, Bool)] {
        let change = ground.change(minute * 60)
        // Sent twice it is one move.
        for _ in 0..<2 {
          _ = try await ground.write { tx in
            try isIn
              ? segments.add([anna], to: code, by: change, in: &tx) : segments.remove([anna], from: code, by: change, in: &tx)
          }
        }
      }
      let all = try await Self.story(ground, anna)
      #expect(all.present.map(\.segment.details.code) == ["a", "b"], "the one they entered last first")
      #expect(Self.told(all.moves) == ["+a", "-a", "+b", "+a"])
      #expect(all.moves.first?.at == all.present.first?.since)
      let first = try await Self.story(ground, anna, limit: 3).moves
      let rest = try await Self.story(ground, anna, before: first.last?.id, limit: 3)
      #expect(Self.told(first) == ["+a", "-a", "+b"] && Self.told(rest.moves) == ["+a"] && rest.present.count == 2)
      let none = try await Self.story(ground, anna, before: nil)
      #expect(none.moves.isEmpty && none.present.count == 2)
      #expect(try await Self.story(ground, boris).moves.isEmpty)
      #expect(Self.told(try await Self.story(ground, boris, besides: [anna]).moves) == ["+a", "-a", "+b", "+a"])
    }
  }

  @Test(arguments: TestDatabase.available) func `of hundreds of members are written as one, in as many statements as of two`(
    on kind: TestDatabase
  ) async throws {
    try await Ground.on(kind) { ground in
      let (segments, members) = (Segments(of: ground.account), try await ground.join(600))
      _ = try await ground.write { tx in try segments.save([SegmentsTests.list("a")], by: ground.change(), in: &tx) }
      func cost(_ some: [MemberID]) async throws -> Int {
        try await ground.write { tx in
          let count = StatementCount()
          var counted = tx.seen { CountingConnection($0, count) }
          let added = try segments.add(some, to: "a", by: ground.change(), in: &counted)
          #expect(added == some.count)
          return count.value
        }
      }
      let few = try await cost(Array(members[..<2]))
      let many = try await cost(Array(members[2...]))
      #expect(few == many)
      #expect(Self.told(try await Self.story(ground, members[599]).moves) == ["+a"])
    }
  }

  @Test(arguments: TestDatabase.available) func `go when they are old, and with the person`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (segments, members) = (Segments(of: ground.account), try await ground.join(2))
      _ = try await ground.write { tx in
        try segments.save([SegmentsTests.list("a"), SegmentsTests.list("b")], by: ground.change(), in: &tx)
      }
      for (code, minute) in [("a", 2), ("b", 3)] as [(String, Int64)] {
        let change = ground.change(minute * 60)
        _ = try await ground.write { tx in try segments.add(members, to: code, by: change, in: &tx) }
      }
      let (second, later) = (ground.change(3 * 60).at, ground.change(4 * 60))
      var forgotten: [Int] = []
      for _ in 0..<2 {
        forgotten.append(try await ground.write { tx in try Segments.forgetMoves(before: second, in: &tx) })
      }
      #expect(forgotten == [2, 0])
      #expect(Self.told(try await Self.story(ground, members[0]).moves) == ["+b"])
      try await ground.write { tx in
        try Members(of: ground.account, programme: ground.programme).erase(members[0], by: later, in: &tx)
      }
      #expect(try await Self.story(ground, members[0]).moves.isEmpty)
      #expect(Self.told(try await Self.story(ground, members[1]).moves) == ["+b"])
    }
  }
}
