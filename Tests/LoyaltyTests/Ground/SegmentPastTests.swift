import Access
import Customers
import Kernel
import Storage
import TestKit
import Testing

/// Who was in a segment at a moment that is past.
@Suite struct SegmentPastTests {
  /// Whoever is in the segment behind each step, as a list kept beside the product.
  private static func live(_ ground: Ground, _ members: [MemberID], seed: UInt64) async throws -> [(
    at: Instant, all: Set<MemberID>
  )] {
    let segments = Segments(of: ground.account)
    var (random, own) = (SeededRandom(seed: seed), Set<MemberID>())
    var story: [(at: Instant, all: Set<MemberID>)] = []
    for step in 1...30 {
      let change = ground.change(Int64(step) * 3_600)
      let some = members.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
      let isIn = Bool.random(using: &random)
      let chosen = Array(some)
      _ = try await ground.write { tx in
        try isIn ? segments.add(chosen, to: "a", by: change, in: &tx) : segments.remove(chosen, from: "a", by: change, in: &tx)
      }
      if isIn { own.formUnion(chosen) } else { own.subtract(chosen) }
      // Another segment's moves are none of it.
      _ = try await ground.write { tx in try segments.add([chosen[0]], to: "b", by: change, in: &tx) }
      story.append((change.at, own))
    }
    return story
  }

  private static func on(
    _ kind: TestDatabase, _ test: @Sendable (Ground, Segments, SegmentID, [MemberID]) async throws -> Void
  ) async throws {
    try await Ground.on(kind) { ground in
      let segments = Segments(of: ground.account)
      let id = try await ground.write { tx in
        _ = try segments.save([SegmentsTests.list("a"), SegmentsTests.list("b")], by: ground.change(), in: &tx)
        return try #require(try segments.segments(codes: ["a"], in: &tx)["a"]).id
      }
      try await test(ground, segments, id, try await ground.join(9))
    }
  }

  @Test(arguments: TestDatabase.available, [1, 2] as [UInt64])
  func `is who came and had not left, at every moment`(on kind: TestDatabase, seed: UInt64) async throws {
    try await Self.on(kind) { ground, segments, id, members in
      let story = try await Self.live(ground, members, seed: seed)
      let last = try #require(story.last).all
      for (place, step) in story.enumerated() {
        // Just before the step, and just behind it.
        for (moment, wanted) in [
          (step.at, place == 0 ? Set<MemberID>() : story[place - 1].all), (step.at + .seconds(1), step.all),
        ] {
          let (all, size, some) = try await ground.read { tx in
            (
              try segments.members(of: id, before: moment, limit: 100, in: &tx), try segments.size(of: id, before: moment, in: &tx),
              try segments.listed(Array(members.prefix(5)), in: id, before: moment, in: &tx)
            )
          }
          #expect(all.map(\.id) == wanted.sorted(), "seed \(seed), step \(place)")
          #expect(size.members == wanted.count && size.left == all.count { $0.left != nil }, "seed \(seed), step \(place)")
          #expect(Set(some.keys) == wanted.intersection(members.prefix(5)), "seed \(seed), step \(place)")
          for member in all {
            let left = story.first { $0.at >= moment && !$0.all.contains(member.id) }?.at
            #expect(member.left == left, "seed \(seed), step \(place)")
            if member.left == nil { #expect(last.contains(member.id)) }
          }
        }
      }
    }
  }

  @Test(arguments: TestDatabase.available) func `comes in pages, and to its own account alone`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, segments, id, members in
      let (early, late) = (ground.change(60), ground.change(7_200))
      _ = try await ground.write { tx in
        _ = try segments.add(members, to: "a", by: early, in: &tx)
        return try segments.remove(Array(members.prefix(4)), from: "a", by: late, in: &tx)
      }
      var (all, after) = ([MemberID](), MemberID?.none)
      repeat {
        let last = after
        let page = try await ground.read { tx in
          try segments.members(of: id, before: late.at, after: last, limit: 2, in: &tx)
        }
        all += page.map(\.id)
        after = page.count == 2 ? page.last?.id : nil
      } while after != nil
      #expect(all == members.sorted())
      let foreign = Segments(of: ground.stranger)
      #expect(try await ground.read { tx in try foreign.members(of: id, before: late.at, limit: 10, in: &tx) }.isEmpty)
      #expect(try await ground.read { tx in try foreign.size(of: id, before: late.at, in: &tx) }.members == 0)
      // Who was erased is told nowhere.
      try await ground.write { tx in
        try Members(of: ground.account, programme: ground.programme).erase(members[0], by: ground.change(8_000), in: &tx)
      }
      let left = try await ground.read { tx in try segments.size(of: id, before: late.at, in: &tx) }
      #expect(left.members == members.count - 1)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `is known from the first move that is kept`(on kind: TestDatabase) async throws {
    try await Self.on(kind) { ground, segments, _, members in
      func known(_ now: Instant) async throws -> Instant? {
        try await ground.read { tx in try Segments.pastKnown(at: now, in: &tx) }
      }
      let (first, second) = (ground.change(60), ground.change(7_200))
      #expect(try await known(second.at) == nil)
      for (change, member) in [(first, members[0]), (second, members[1])] {
        _ = try await ground.write { tx in try segments.add([member], to: "a", by: change, in: &tx) }
      }
      #expect(try await known(second.at) == first.at)
      let kept = Span.days(Int64(Limits.segmentMoveDays))
      #expect(try await known(first.at + kept) == first.at)
      #expect(try await known(first.at + kept + .seconds(1)) == first.at + .seconds(1), "what is older goes any time")
    }
  }
}
