import Jobs
import Kernel
import Storage
import TestKit
import Testing

@Suite struct `the stream` {
  @Test(arguments: TestDatabase.available)
  func `numbers what many write at once without a gap, though two relays race`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let isWritten = Flag()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<6 {
          group.addTask {
            for round in 0..<20 {
              do {
                let now = floor.clock.now
                let event = Event(
                  .pointsMoved, id: floor.ids.next(at: now), owner: Int64(writer), subject: Int64(round), at: now)
                try await floor.write { tx in
                  try Outbox(of: Floor.account).put(event, in: &tx)
                  if round % 5 == 4 { throw Problem(.conflict, "changed_my_mind", "nothing happened") }
                }
              } catch is Problem { continue }
            }
          }
        }
        for holder in ["one", "two"] {
          group.addTask {
            let relay = floor.relay(holder)
            var idle = 0
            while !isWritten.isUp || idle < 2 {
              let moved = try await relay.turn(on: floor.database)
              idle = moved == 0 ? idle + 1 : 0
              // Whoever has the lease gives way now and then.
              if moved > 0 { try await relay.release(on: floor.database) } else { try await Task.sleep(for: .milliseconds(1)) }
            }
          }
        }
        for _ in 0..<6 { try await group.next() }
        isWritten.raise()
        try await group.waitForAll()
      }
      let events = try await floor.stream()
      #expect(events.map(\.position) == Array(1...96))
      #expect(Set(events.map(\.id)).count == 96)
      #expect(try await floor.number("select count(*) from outbox") == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `costs a read and no write while nothing happens`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let moved = try await floor.relay().turn(on: floor.database)
      #expect(moved == 0)
      #expect(try await floor.number("select count(*) from lease") == 0)
    }
  }

  @Test(arguments: TestDatabase.sideBySide)
  func `numbers who commits late under an old id within ten seconds`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      let relay = floor.relay()
      let early: EventID = floor.ids.next(at: floor.clock.now)
      floor.clock.move(by: .seconds(60))
      try await floor.tell(3)
      #expect(try await relay.turn(on: floor.database) == 3)
      let now = floor.clock.now
      try await floor.write { tx in
        try Outbox(of: Floor.account).put(Event(.pointsMoved, id: early, owner: 9, subject: 9, at: now), in: &tx)
      }
      try await floor.tell(1)
      #expect(try await relay.turn(on: floor.database) == 1)
      #expect(try await relay.turn(on: floor.database) == 0)
      floor.clock.move(by: .seconds(10))
      #expect(try await relay.turn(on: floor.database) == 1)
      #expect(try await floor.stream().map(\.position) == Array(1...5))
      #expect(try await floor.stream().last?.id == early)
    }
  }

  @Test(arguments: TestDatabase.sideBySide)
  func `is as it was when a turn fails at its end`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.tell(3)
      let relay = floor.relay()
      await #expect(throws: StorageFailure.self) {
        try await floor.write { tx in
          _ = try relay.move(in: &tx)
          throw StorageFailure.busy("the plug was pulled")
        }
      }
      #expect(try await floor.stream().isEmpty)
      #expect(try await relay.turn(on: floor.database) == 3)
      #expect(try await relay.turn(on: floor.database) == 0)
      #expect(try await floor.stream().map(\.position) == [1, 2, 3])
    }
  }

  @Test(arguments: TestDatabase.sideBySide)
  func `has one relay until its lease ends`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.tell(1)
      #expect(try await floor.relay("one").turn(on: floor.database) == 1)
      try await floor.tell(1)
      #expect(try await floor.relay("two").turn(on: floor.database) == 0)
      floor.clock.move(by: .seconds(61))
      #expect(try await floor.relay("two").turn(on: floor.database) == 1)
      try await floor.tell(1)
      #expect(try await floor.relay("one").turn(on: floor.database) == 0)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `goes on in a restored database, whose leases begin anew`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      for holder in ["one", "two", "one"] {
        try await floor.tell(1)
        #expect(try await floor.relay(holder).turn(on: floor.database) == floor.relayed(1))
        floor.clock.move(by: .minutes(2))
      }
      try await floor.write { tx in
        try tx.run("delete from lease")
        _ = try Epochs.begin("restored", at: Floor.start + .days(1), in: &tx)
      }
      try await floor.tell(2)
      #expect(try await floor.relay("three").turn(on: floor.database) == floor.relayed(2))
      #expect(try await floor.read { tx in try EventStream.last(in: &tx) } == 5)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `says how far the relay is behind`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.tell(4)
      let now = Floor.start + .seconds(30)
      let lag = try await floor.read { tx in try EventStream.waiting(at: now, in: &tx) }
      #expect(lag == (floor.relayed(4) == 4 ? StreamLag(events: 4, time: .seconds(30)) : .none))
      _ = try await floor.relay().turn(on: floor.database)
      #expect(try await floor.read { tx in try EventStream.waiting(at: now, in: &tx) } == .none)
    }
  }

  /// One writes after the other there, so an event needs no relay to have its place.
  @Test func `has events in their places at once on SQLite, and none of what was undone`() async throws {
    try await Floor.on(.sqlite) { floor in
      try await floor.tell(2)
      await #expect(throws: Problem.self) {
        try await floor.write { tx in
          let now = Floor.start
          try Outbox(of: Floor.account).put(
            Event(.pointsMoved, id: floor.ids.next(at: now), owner: 1, subject: 1, at: now), in: &tx)
          throw Problem(.conflict, "changed_my_mind", "nothing happened")
        }
      }
      let event = Event(.pointsMoved, id: floor.ids.next(at: Floor.start), owner: 9, subject: 8, at: Floor.start)
      try await floor.write { tx in try Outbox(of: Floor.account).put(event, in: &tx) }
      let stream = try await floor.stream()
      #expect(stream.map(\.position) == [1, 2, 3])
      #expect(stream.last?.id == event.id && stream.last?.owner == 9 && stream.last?.subject == 8)
      #expect(stream.allSatisfy { $0.account == Floor.account })
      // What an older program left in the outbox goes behind.
      try await floor.write { tx in
        try tx.run("insert into outbox (id, owner_id, account_id, kind, subject_id, at, body) values (5, 1, 11, 7, 1, 0, '{}')")
      }
      #expect(try await floor.relay().turn(on: floor.database) == 1)
      try await floor.tell(1)
      #expect(try await floor.stream().map(\.position) == [1, 2, 3, 4, 5])
      #expect(try await floor.stream()[3].id == EventID(5))
      #expect(try await floor.number("select count(*) from outbox") == 0)
    }
  }

  @Test func `knows each kind by a word of its own`() {
    #expect(Set(Event.Kind.allCases.map(\.word)).count == Event.Kind.allCases.count)
    for kind in Event.Kind.allCases { #expect(Event.Kind(word: kind.word) == kind) }
  }

  @Test(arguments: TestDatabase.available)
  func `keeps old events for a follower that has not read them`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.tell(10)
      _ = try await floor.relay().turn(on: floor.database)
      let follower = Follower("reader")
      _ = try await follower.step(limit: 4, at: floor.clock.now, on: floor.database, see)
      floor.clock.move(by: .days(20))
      try await floor.tell(2)
      _ = try await floor.relay().turn(on: floor.database)
      let rule = Retention.events(days: 10, keepingFor: ["reader"])
      #expect(try await rule.sweep(at: floor.clock.now, on: floor.database) == 4)
      #expect(try await rule.sweep(at: floor.clock.now, on: floor.database) == 0)
      let other = Retention.events(days: 10, keepingFor: [])
      #expect(try await other.sweep(at: floor.clock.now, on: floor.database) == 6)
      #expect(try await floor.stream().map(\.position) == [11, 12])
      // Positions go on even where every event is gone.
      floor.clock.move(by: .days(20))
      #expect(try await other.sweep(at: floor.clock.now, on: floor.database) == 2)
      try await floor.tell(1)
      _ = try await floor.relay().turn(on: floor.database)
      #expect(try await floor.stream().map(\.position) == [13])
    }
  }
}

@Suite struct `a follower` {
  @Test(arguments: TestDatabase.available)
  func `gets each event once, though it stops in the middle of steps and races with itself`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.tell(60)
      _ = try await floor.relay().turn(on: floor.database)
      let follower = Follower("reader")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for instance in 0..<3 {
          group.addTask {
            for step in 0..<40 {
              do {
                _ = try await follower.step(limit: 7, at: floor.clock.now, on: floor.database) { page, tx in
                  try see(page, &tx)
                  if (step + instance) % 3 == 0 { throw StorageFailure.busy("the plug was pulled") }
                }
              } catch StorageFailure.busy { continue }
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await floor.number("select count(*) from seen") == 60)
      #expect(try await follower.step(at: floor.clock.now, on: floor.database, see) == 0)
      let lag = try await floor.read { tx in try follower.lag(at: Floor.start, in: &tx) }
      #expect(lag == .none)
    }
  }

  @Test(arguments: TestDatabase.available)
  func `inside a restored database goes on, one outside is told first`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.tell(3)
      _ = try await floor.relay().turn(on: floor.database)
      let (inside, outside) = (Follower("inside"), Follower("outside", .outside))
      for follower in [inside, outside] { _ = try await follower.step(at: floor.clock.now, on: floor.database) { _, _ in } }
      try await floor.write { tx in _ = try Epochs.begin("restored", at: Floor.start + .days(1), in: &tx) }
      let (calls, told) = (Counter(), Counter())
      for _ in 0..<2 {
        for follower in [inside, outside] {
          _ = try await follower.step(at: floor.clock.now, on: floor.database) { page, _ in
            calls.next()
            if page.isRestored { told.next() }
          }
        }
      }
      #expect(calls.value == 1 && told.value == 1)
      try await floor.tell(1)
      _ = try await floor.relay().turn(on: floor.database)
      for follower in [inside, outside] {
        let count = try await follower.step(at: floor.clock.now, on: floor.database) { page, _ in
          #expect(!page.isRestored && page.events.map(\.position) == [4])
        }
        #expect(count == 1)
      }
    }
  }

  @Test(arguments: TestDatabase.available)
  func `hears of events that went before it came to them`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      try await floor.tell(5)
      _ = try await floor.relay().turn(on: floor.database)
      let follower = Follower("reader")
      _ = try await follower.step(limit: 1, at: floor.clock.now, on: floor.database) { _, _ in }
      try await floor.write { tx in try tx.run("delete from event where position <= 3") }
      _ = try await follower.step(at: floor.clock.now, on: floor.database) { page, _ in
        #expect(page.missed == 2 && page.events.map(\.position) == [4, 5])
      }
      _ = try await Follower("late").step(at: floor.clock.now, on: floor.database) { page, _ in
        #expect(page.missed == 0 && page.events.count == 2)
      }
      #expect(try await Follower("new", from: .now).step(at: floor.clock.now, on: floor.database) { _, _ in } == 0)
    }
  }
}
