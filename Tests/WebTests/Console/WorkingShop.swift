import Access
import Customers
import Engagement
import Jobs
import Kernel
import Storage
import Synchronization
import Testing
import Web

/// A number that tasks count up together.
final class Counting: Sendable {
  private let place = Mutex(0)
  func next() -> Int {
    place.withLock { number in
      number += 1
      return number
    }
  }
}

extension ConsoleDesk {
  /// The keys of `WebShop.consoleDesk`.
  var keyRing: KeyRing? { KeyRing([Array(repeating: 7, count: KeyRing.size)], random: WebShop.secrets(6)) }
}

/// The background work of a shop, step by step.
extension WebShop {
  /// So many members join. - Returns: how many.
  func joinMany(_ count: Int) async throws -> Int {
    let (account, programme, change) = (account, programme, Change(by: .demo, at: now, ids: ids))
    try await database.write { tx in
      let members = Members(of: account, programme: programme)
      for number in 0..<count {
        let phone = try #require(Phone("+7912\(1_000_000 + number)"))
        _ = try members.join(MemberDetails(identifiers: [Identifier(phone)], joinedAt: change.at), by: change, in: &tx)
      }
    }
    return count
  }

  func fanOut() async throws {
    try await database.write { [now] tx in try Epochs.beginFirst("test", at: now, in: &tx) }
    let (relay, fanOut) = (Relay(as: "one", now: { self.now }), FanOut(as: "one", now: { self.now }))
    while try await relay.turn(on: database) > 0 {}
    while try await fanOut.step(on: database) > 0 {}
  }

  func postman(_ send: @escaping WebhookSender) -> Postman {
    let clock = Clockwork(now: { self.now }, pause: { _ in await Task.yield() }, random: { 3 })
    guard let ring = consoleDesk.keyRing else { preconditionFailure("a key of the right size") }
    return Postman(
      on: database, as: "one", clock, keys: ring, rule: AddressRule(), documents: EventDocuments(zones: WebShop.zone, ids: ids),
      send: send, telling: { _ in })
  }

  /// Does what is due of this kind; a failure is noted as the worker notes it.
  func doJobs(_ kind: String, _ retry: Retry = .jobs, _ body: @Sendable (Job) async throws -> Void) async throws {
    let at = now
    let jobs = try await database.write { tx in try JobQueue().claim([kind], upTo: 50, as: "one", at: at, in: &tx) }
    for job in jobs {
      do {
        try await body(job)
        _ = try await database.write { tx in try JobQueue().done(job, in: &tx) }
      } catch {
        _ = try await database.write { tx in try JobQueue().failed(job, error, retry, dice: 3, at: at, in: &tx) }
      }
    }
  }

  func doReplays() async throws {
    try await doJobs(ReplayJob.job) { job in
      try await ReplayJob.perform(job, on: self.database, ids: self.ids, now: { self.now })
    }
  }

  /// Sends the letters that are due, to a mail server that takes them, or refuses each so.
  /// - Returns: what it took.
  func sendLetters(refusal: MailNotSent? = nil) async throws -> [Mail] {
    let box = Mutex<[Mail]>([])
    let post = StaffPost(
      on: database, console: "https://crm.example", ids: ids, now: { self.now }, random: Self.secrets(UInt64(now.micros))
    ) { mail in
      if let refusal { throw refusal }
      box.withLock { $0.append(mail) }
    }
    try await doJobs(StaffLetter.job, StaffLetter.retry) { try await post.deliver($0) }
    return box.withLock { $0 }
  }

  /// Lets a worker work until the board says so of its one chore.
  func runChore(_ worker: Worker, until isSo: @escaping @Sendable (ChoreState) -> Bool) async throws {
    let whistle = Whistle()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await worker.run { whistle.isBlown.withLock { $0 } } }
      defer { whistle.isBlown.withLock { $0 = true } }
      for _ in 0..<20_000 {
        let board = try await database.read { tx in try Chores.board(in: &tx) }
        if let state = board.first, isSo(state) { return }
        try await Task.sleep(for: .milliseconds(5))
      }
      throw StorageFailure.busy("what a test waited for did not come")
    }
  }
}

/// Ends what works.
private final class Whistle: Sendable {
  let isBlown = Mutex(false)
}
