import Kernel
import Loyalty
import Storage

/// All tills and the office through all days. Tills of one day run beside each other; the office closes the day.
struct SimulatedYear: Sendable {
  let chain: SimulatedChain
  let tills: [SimulatedTill]
  let office: SimulatedTill
  let stop: Stop

  /// - Parameters:
  ///   - folder: where the tills' journals lie.
  ///   - life: how many processes lived this year before.
  init(_ server: SimulatedServer, journals folder: String, life: Int, isSynced: Bool, stop: Stop) throws {
    let chain = server.chain
    self.chain = chain
    self.stop = stop
    let paths = (0...chain.size.tills).map { "\(folder)/till-\($0).journal" }
    var latest = SimulatedChain.start
    for path in paths { latest = max(latest, try TillJournal(path, isSynced: false).latest) }
    // A new life makes its ids in later milliseconds than the one before.
    let clock = SimulatedClock(latest + .seconds(life == 0 ? 0 : 1))
    tills = try (1...chain.size.tills).map {
      try SimulatedTill($0, server, clock, journal: TillJournal(paths[$0], isSynced: isSynced))
    }
    office = SimulatedTill(0, server, clock, journal: try TillJournal(paths[0], isSynced: isSynced))
  }

  func live(_ progress: Progress) async throws {
    try await office.openBooks(at: SimulatedChain.start)
    for till in tills { try await till.takeStock(at: SimulatedChain.start) }
    for day in 0..<chain.size.days {
      if stop.isAsked { throw Stop.Asked() }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for till in tills { group.addTask { try await till.live(day: day) } }
        try await group.waitForAll()
      }
      try await office.closeDay(day)
      progress.reached(day + 1)
    }
    let end = SimulatedChain.start + .days(Int64(chain.size.days))
    for till in tills { try await till.close(at: end + .hours(1)) }
    // Every hold has ended by now, and what was to expire has.
    try await office.ask(.advance, at: end + .days(3))
  }
}

/// The office: opening balances, goodwill, and the nightly job.
extension SimulatedTill {
  func openBooks(at time: Instant) async throws {
    for number in stride(from: 1, through: chain.size.members, by: 2) {
      let (active, waiting) = (Points(units: dice.roll(0...400)), Points(units: dice.roll(0...90)))
      try await ask(.open(active, waiting, chain.member(number), ImportID(Int64(9_000 + number))), at: time)
    }
  }

  func closeDay(_ day: Int) async throws {
    let night = SimulatedChain.start + .days(Int64(day)) + .seconds(85_800)
    for _ in 0..<dice.roll(0...2) {
      let change = Points(units: dice.pick([50, 100, 7, -20, -150]))
      try await ask(
        .adjust(change, chain.member(dice.roll(1...chain.size.members)), dice.pick([.goodwill, .correction]), nextRequest()),
        at: night)
    }
    try await ask(.advance, at: night + .seconds(60))
  }
}
