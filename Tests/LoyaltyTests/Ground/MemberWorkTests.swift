import Access
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Notes and tasks about members, and who looked at them.
@Suite struct MemberWorkTests {
  private static func acts(_ ground: Ground, _ member: MemberID) async throws -> [String] {
    try await ground.read { tx in try AuditTrail(of: ground.account).entries(of: member, limit: 200, in: &tx).map(\.act) }
  }

  /// Somebody who signs in.
  private static func hire(_ login: String, _ ground: Ground) async throws -> StaffID {
    let (account, change) = (ground.account, ground.change())
    return try await ground.write { tx in
      let staff = Staff(of: account)
      _ = try staff.add(login: login, name: login, role: .operator, password: .decoy, by: change, in: &tx)
      return try #require(try staff.find(login, in: &tx)).0.id
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a note is written once, pinned above the others, and removed without leaving what it said`(on kind: TestDatabase)
    async throws
  {
    try await Ground.on(kind) { ground in
      let member = try await ground.join(1)[0]
      let (notes, change) = (MemberNotes(of: ground.account, programme: ground.programme), ground.change())
      let first = try await ground.write { tx in
        try notes.add("Любит зелёный чай", to: member, request: RequestKey("a"), by: change, in: &tx)
      }
      let again = try await ground.write { tx in
        try notes.add("Любит зелёный чай", to: member, request: RequestKey("a"), by: change, in: &tx)
      }
      #expect(first == again)
      let other = try await ground.refusal { tx in
        try notes.add("Другое", to: member, request: RequestKey("a"), by: change, in: &tx)
      }
      #expect(other?.code == "request_key_reused")
      let later = ground.change(90)
      let second = try await ground.write { tx in
        try notes.add("Звонила", to: member, request: RequestKey("b"), by: later, in: &tx)
      }
      for _ in 0..<2 { try await ground.write { tx in try notes.pin(first, of: member, true, by: change, in: &tx) } }
      let shown = try await ground.read { tx in try notes.shown(of: member, limit: 10, in: &tx) }
      #expect(shown.map(\.id) == [first, second] && shown[0].isPinned && shown[0].text == "Любит зелёный чай")
      #expect(try await ground.read { tx in try notes.latest(of: member, limit: 1, in: &tx) }.map(\.id) == [second])
      #expect(
        try await ground.read { tx in try notes.latest(of: member, before: second, limit: 5, in: &tx) }.map(\.id) == [first])
      for _ in 0..<2 { try await ground.write { tx in try notes.remove(first, of: member, by: change, in: &tx) } }
      #expect(try await ground.read { tx in try notes.shown(of: member, limit: 10, in: &tx) }.map(\.id) == [second])
      let told = try await ground.audit(ground.account)
      #expect(!told.contains { $0.after?.compact.contains("чай") ?? false })
      #expect(
        try await Self.acts(ground, member).filter { $0.hasPrefix("note.") }.sorted() == [
          "note.added", "note.added", "note.pinned", "note.removed",
        ])
      let gone = try await ground.refusal { tx in try notes.pin(first, of: member, true, by: change, in: &tx) }
      #expect(gone?.code == "note_unknown")
    }
  }

  @Test func `a note has text, and not too much of it, and a member not too many`() async throws {
    try await Ground.on(.sqlite) { ground in
      let member = try await ground.join(1)[0]
      let (notes, change) = (MemberNotes(of: ground.account, programme: ground.programme), ground.change())
      func refusal(_ text: String, _ key: String, _ to: MemberID) async throws -> String? {
        try await ground.refusal { tx in try notes.add(text, to: to, request: RequestKey(key), by: change, in: &tx) }?.code
      }
      #expect(try await refusal("", "a", member) == "invalid_input")
      #expect(try await refusal(String(repeating: "я", count: Limits.note + 1), "b", member) == "invalid_input")
      #expect(try await refusal(String(repeating: "я", count: Limits.note), "c", member) == nil)
      #expect(try await refusal("к чужому", "d", MemberID(77)) == "member_unknown")
      for number in 1..<Limits.notes { #expect(try await refusal("\(number)", "n\(number)", member) == nil) }
      #expect(try await refusal("ещё одна", "e", member) == "too_many_notes")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a task stands with who is to do it until it is done, the most urgent first`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let members = try await ground.join(2)
      let (oleg, vera) = (try await Self.hire("oleg", ground), try await Self.hire("vera", ground))
      let (tasks, change) = (MemberTasks(of: ground.account, programme: ground.programme), ground.change())
      let day = CivilDay(number: 20_000)
      func give(_ text: String, _ due: CivilDay?, _ staff: StaffID, _ member: MemberID) async throws -> MemberTaskID {
        var ids: [MemberTaskID] = []
        for _ in 0..<2 {
          ids.append(
            try await ground.write { tx in
              try tasks.add(text, due: due, for: staff, about: member, request: RequestKey(text), by: change, in: &tx)
            })
        }
        #expect(ids[0] == ids[1])
        return ids[0]
      }
      let some = try await give("когда-нибудь", nil, oleg, members[0])
      let late = try await give("позже", day.adding(days: 5), oleg, members[1])
      let soon = try await give("скоро", day, oleg, members[0])
      let hers = try await give("не его", day, vera, members[0])
      func open(_ staff: StaffID?) async throws -> [MemberTaskID] {
        try await ground.read { tx in try tasks.open(for: staff, limit: 50, in: &tx) }.map(\.id)
      }
      #expect(try await open(oleg) == [soon, late, some])
      #expect(try await open(nil) == [soon, hers, late, some])
      #expect(try await ground.read { tx in try tasks.open(about: members[0], in: &tx) }.map(\.id) == [soon, hers, some])
      for _ in 0..<2 { try await ground.write { tx in try tasks.finish(soon, of: members[0], true, by: change, in: &tx) } }
      #expect(try await open(oleg) == [late, some])
      let done = try await ground.read { tx in try tasks.latest(of: members[0], limit: 9, in: &tx) }.first { $0.id == soon }
      #expect(done?.done?.at == change.at && done?.done?.by == change.actor)
      try await ground.write { tx in try tasks.finish(soon, of: members[0], false, by: change, in: &tx) }
      #expect(try await open(oleg) == [soon, late, some])
      for _ in 0..<2 { try await ground.write { tx in try tasks.remove(late, of: members[1], by: change, in: &tx) } }
      #expect(try await open(oleg) == [soon, some])
      #expect(try await Self.acts(ground, members[0]).filter { $0.hasPrefix("task.") }.count == 5)
      let nobody = try await ground.refusal { tx in
        try tasks.add("x", due: nil, for: StaffID(5), about: members[0], request: RequestKey("x"), by: change, in: &tx)
      }
      #expect(nobody?.code == "staff_unknown")
    }
  }

  @Test(arguments: TestDatabase.available)
  func `looks of one person within ten minutes are one, whoever comes at the same time`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let members = try await ground.join(2)
      let looks = MemberLooks(of: ground.account, programme: ground.programme)
      func look(_ seconds: Int64, _ member: MemberID, _ staff: Int64 = 1, _ what: MemberLook.What = .card, isFull: Bool = true)
        async throws
      {
        let change = ground.change(seconds)
        try await ground.write { tx in
          try looks.record(what, at: member, by: StaffID(staff), isFull: isFull, change, in: &tx)
        }
      }
      func count(_ staff: Int64? = nil, _ member: MemberID? = nil) async throws -> Int {
        try await ground.read { tx in try looks.latest(by: staff.map { StaffID($0) }, at: member, limit: 200, in: &tx) }.count
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<64 { group.addTask { try await look(1_200, members[0]) } }
        try await group.waitForAll()
      }
      #expect(try await count() == 1)
      // Over the seam between two slots, still one; ten minutes later another.
      try await look(1_799, members[0])
      #expect(try await count() == 1)
      try await look(1_801, members[0])
      #expect(try await count() == 2)
      try await look(1_802, members[1])
      try await look(1_802, members[0], 2)
      try await look(1_802, members[0], 1, .export)
      try await look(1_802, members[0], 1, .card, isFull: false)
      #expect(try await count() == 6)
      #expect(try await count(2) == 1)
      #expect(try await count(1, members[1]) == 1)
      #expect(try await count(nil, members[0]) == 5)
      let page = try await ground.read { tx in try looks.latest(limit: 4, in: &tx) }
      let rest = try await ground.read { tx in try looks.latest(before: page.last?.id, limit: 4, in: &tx) }
      #expect(Set((page + rest).map(\.id)).count == 6 && page.count == 4)
      let others = MemberLooks(of: ground.stranger, programme: ground.programme)
      #expect(try await ground.read { tx in try others.latest(limit: 9, in: &tx) }.isEmpty)
      // What is older than the moment goes, in pieces.
      func forget(_ limit: Int) async throws -> Int {
        try await ground.write { tx in try MemberLooks.forget(before: Ground.start + .seconds(1_802), limit: limit, in: &tx) }
      }
      #expect(try await [forget(1), forget(9), forget(9)] == [1, 1, 0])
      #expect(try await count() == 4)
    }
  }
}
