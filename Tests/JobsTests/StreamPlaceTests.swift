import Jobs
import Kernel
import Storage
import TestKit
import Testing

@Suite struct `places in the stream` {
  @Test(arguments: TestDatabase.available)
  func `finds the position of a moment, and says how far everybody is`(on kind: TestDatabase) async throws {
    try await Floor.on(kind) { floor in
      for _ in 0..<7 {
        try await floor.tell(3)
        floor.clock.move(by: .minutes(1))
      }
      while try await floor.relay().turn(on: floor.database) > 0 {}
      let cases: [(Span, Int64)] = [(.seconds(0), 0), (.seconds(1), 3), (.minutes(1), 3), (.minutes(3), 9), (.hours(1), 21)]
      for (span, position) in cases {
        let found = try await floor.read { tx in try EventStream.position(before: Floor.start + span, in: &tx) }
        #expect(found == position, "\(span)")
      }
      _ = try await Follower("reader").step(limit: 9, at: floor.clock.now, on: floor.database, see)
      _ = try await Follower("up to date").step(limit: 99, at: floor.clock.now, on: floor.database) { _, _ in }
      let now = floor.clock.now
      let readers = try await floor.read { tx in try EventStream.readers(at: now, in: &tx) }
      #expect(readers.map(\.name) == ["reader", "up to date"])
      #expect(readers.map(\.lag) == [StreamLag(events: 12, time: .minutes(4)), .none])
    }
  }
}
