import Customers
import Jobs
import Kernel
import Storage
import TestKit
import Testing

@Suite struct MemberEventsTests {
  @Test(arguments: TestDatabase.available)
  func `whoever follows hears of every change of a member once, and nothing of a person`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let identifiers = Identifiers(of: ground.account, programme: ground.programme)
      let card = try #require(Identifier(external: "second"))
      let details = try MembersTests.row(1)
      let id = try await ground.write { tx in
        let id = try members.join(details, by: change, in: &tx)
        for _ in 0..<2 {
          _ = try members.join(details, by: change, in: &tx)
          try members.change(id, kind: .employee, person: details.person, by: change, in: &tx)
          try identifiers.attach(card, to: id, verified: false, by: change, in: &tx)
          try members.block(id, because: "lost", by: change, in: &tx)
        }
        for _ in 0..<2 {
          try members.unblock(id, because: "found", by: change, in: &tx)
          try identifiers.detach(card, from: id, by: change, in: &tx)
        }
        for _ in 0..<2 { try members.erase(id, by: change, in: &tx) }
        return id
      }
      let told = try await ground.told()
      #expect(
        told.map(\.kind) == [
          .memberJoined, .memberChanged, .identifierAttached, .memberBlocked, .memberUnblocked, .identifierDetached, .memberErased,
        ])
      #expect(told.allSatisfy { $0.owner == id.raw && $0.subject == id.raw })
      #expect(told.map(\.body.compact).filter { $0 != "{}" } == Array(repeating: #"{"identifier":"external"}"#, count: 2))
    }
  }

  @Test(arguments: TestDatabase.available)
  func `a file of members tells of each it makes or changes`(on kind: TestDatabase) async throws {
    try await Ground.on(kind) { ground in
      let (members, change) = (Members(of: ground.account, programme: ground.programme), ground.change())
      let rows = try (1...5).map { try MembersTests.row($0) }
      let ids = try await ground.write { tx in try members.save(rows, by: change, in: &tx) }.ids
      #expect(try await ground.told().map(\.kind) == Array(repeating: .memberJoined, count: 5))
      #expect(try await Set(ground.told().map(\.owner)) == Set(ids.map(\.raw)))
      let next = rows.prefix(4) + [try MembersTests.row(5, kind: .employee)]
      _ = try await ground.write { tx in try members.save(Array(next), by: change, in: &tx) }
      #expect(try await ground.told().map(\.kind).suffix(1) == [.memberChanged])
      #expect(try await ground.told().count == 6)
    }
  }
}
