import Access
import Customers
import Jobs
import Kernel
import Storage
import TestKit
import Testing

@Suite struct SegmentsTests {
  static func list(_ code: String, _ kind: SegmentDetails.Kind = .static) -> SegmentDetails {
    SegmentDetails(code: code, name: LocalText(ru: "Сегмент \(code)", en: "Segment \(code)"), kind: kind)
  }

  private static func on(
    _ kind: TestDatabase, members count: Int, _ test: @Sendable (Ground, Segments, [MemberID]) async throws -> Void
  ) async throws {
    try await Ground.on(kind) { ground in
      let (segments, change) = (Segments(of: ground.account), ground.change())
      _ = try await ground.write { tx in
        try segments.save([list("parents"), list("lapsed", .dynamic), list("winners", .snapshot)], by: change, in: &tx)
      }
      try await test(ground, segments, try await ground.join(count))
    }
  }

  /// By code, the segments that a purchase of the member would see.
  private static func codes(_ ground: Ground, _ member: MemberID) async throws -> Set<String> {
    try await ground.read { tx in
      let members = Members(of: ground.account, programme: ground.programme)
      let ids = try members.profile(member, at: Ground.start, in: &tx).segments
      let all = try Segments(of: ground.account).all(limit: 200, in: &tx)
      return Set(all.filter { ids.contains($0.id) }.map(\.details.code))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a list is filled in bulk, and filling it again changes nothing`(on kind: TestDatabase) async throws {
    try await Self.on(kind, members: 700) { ground, segments, members in
      let change = ground.change()
      #expect(try await ground.write { tx in try segments.add(members, to: "parents", by: change, in: &tx) } == 700)
      let trail = try await ground.audit(ground.account)
      #expect(trail.first?.act == "segment.filled" && trail.first?.after?["members"] == 700)
      #expect(try await ground.write { tx in try segments.add(members, to: "parents", by: change, in: &tx) } == 0)
      #expect(try await ground.audit(ground.account) == trail, "nothing happened, so nothing is noted")
      let id = try #require(try await ground.read { tx in try segments.segments(codes: ["parents"], in: &tx) }["parents"]).id
      #expect(try await ground.read { tx in try segments.size(of: id, in: &tx) } == 700)
      let page = try await ground.read { tx in try segments.members(of: id, after: members.sorted()[690], limit: 100, in: &tx) }
      #expect(page == Array(members.sorted()[691...]))
      let out = Array(members[0..<3]) + [MemberID(5)]
      #expect(try await ground.write { tx in try segments.remove(out, from: "parents", by: change, in: &tx) } == 3)
      #expect(try await ground.write { tx in try segments.remove(out, from: "parents", by: change, in: &tx) } == 0)
      #expect(try await Self.codes(ground, members[0]) == [])
      #expect(try await Self.codes(ground, members[3]) == ["parents"])
      let events = try await ground.told()
      #expect(events.filter { $0.kind == .segmentEntered }.map(\.owner).sorted() == members.map(\.raw).sorted())
      #expect(Set(events.filter { $0.kind == .segmentLeft }.map(\.owner)) == Set(members[0..<3].map(\.raw)))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `members of computed segments are written by jobs alone`(on kind: TestDatabase) async throws {
    try await Self.on(kind, members: 2) { ground, segments, members in
      let clerk = Change(by: try #require(Actor(.staff, "olga")), at: ground.change().at, ids: ground.ids)
      for code in ["lapsed", "winners"] {
        let refusal = try await ground.refusal { tx in try segments.add(members, to: code, by: clerk, in: &tx) }
        #expect(refusal?.code == "segment_computed")
        let change = ground.change()
        #expect(try await ground.write { tx in try segments.add([members[0]], to: code, by: change, in: &tx) } == 1)
        let away = try await ground.refusal { tx in try segments.remove(members, from: code, by: clerk, in: &tx) }
        #expect(away?.code == "segment_computed")
      }
      #expect(try await ground.write { tx in try segments.add([members[0]], to: "parents", by: clerk, in: &tx) } == 1)
      #expect(try await Self.codes(ground, members[0]) == ["lapsed", "parents", "winners"])
      #expect(try await Self.codes(ground, members[1]) == [])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `only members of the account enter, and whoever is forgotten leaves`(on kind: TestDatabase) async throws {
    try await Self.on(kind, members: 3) { ground, segments, members in
      let change = ground.change()
      let foreign = Segments(of: ground.stranger)
      _ = try await ground.write { tx in try foreign.save([Self.list("theirs")], by: change, in: &tx) }
      let theirs = try await ground.refusal { tx in try foreign.add([members[0]], to: "theirs", by: change, in: &tx) }
      #expect(theirs?.issues.map { "\($0.pointer) \($0.code)" } == ["/0 unknown_member"])
      let unknown = try await ground.refusal { tx in
        try segments.add([members[0], MemberID(5)], to: "parents", by: change, in: &tx)
      }
      #expect(unknown?.issues.map { "\($0.pointer) \($0.code)" } == ["/1 unknown_member"])
      #expect(try await Self.codes(ground, members[0]) == [], "all or nothing")
      #expect(
        try await ground.refusal { tx in try segments.add(members, to: "theirs", by: change, in: &tx) }?.code == "segment_unknown")
      try await ground.write { tx in
        _ = try segments.add(members, to: "parents", by: change, in: &tx)
        try Members(of: ground.account, programme: ground.programme).erase(members[1], by: change, in: &tx)
      }
      #expect(try await Self.codes(ground, members[1]) == [])
      #expect(try await Self.codes(ground, members[2]) == ["parents"])
      let again = try await ground.refusal { tx in try segments.add([members[1]], to: "parents", by: change, in: &tx) }
      #expect(again?.issues.map(\.code) == ["unknown_member"])
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a segment's kind is fixed, its name is not`(on kind: TestDatabase) async throws {
    try await Self.on(kind, members: 1) { ground, segments, _ in
      let change = ground.change()
      let other = try await ground.refusal { tx in _ = try segments.save([Self.list("parents", .dynamic)], by: change, in: &tx) }
      #expect(other?.code == "segment_kind_fixed")
      let renamed = SegmentDetails(code: "parents", name: LocalText(ru: "Родители", en: "Parents"), kind: .static)
      #expect(try await ground.write { tx in try segments.save([renamed], by: change, in: &tx) }.changed == 1)
      #expect(try await ground.read { tx in try segments.segments(codes: ["parents"], in: &tx) }["parents"]?.details == renamed)
    }
  }
}
