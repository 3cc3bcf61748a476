import Access
import Jobs
import Kernel
import Storage

/// Sends deliveries: several webhooks at a time, one delivery of each after another, so that first attempts keep the order of events.
/// One instance serves a webhook at a time, by a claim that ends by itself.
public struct Postman: Sendable {
  /// 10 s after the first failure, then twice as long each time, up to six hours: twenty attempts take about two days.
  static let retry = Retry(first: .seconds(10), longest: .hours(6), attempts: Limits.webhookAttempts)
  /// A server that fails three times in a row is left alone for a while, up to five minutes, and not asked for every event.
  static let rest = Retry(first: .seconds(2), longest: .minutes(5), attempts: .max)
  static let patience = 3

  let database: any Database
  let holder: String
  let clock: Clockwork
  let keys: KeyRing
  let rule: AddressRule
  let documents: EventDocuments
  let send: WebhookSender
  let tell: @Sendable (WorkNote) -> Void

  public init(
    on database: any Database, as holder: String, _ clock: Clockwork, keys: KeyRing, rule: AddressRule, documents: EventDocuments,
    send: @escaping WebhookSender, telling tell: @escaping @Sendable (WorkNote) -> Void
  ) {
    self.database = database
    self.holder = holder
    self.clock = clock
    self.keys = keys
    self.rule = rule
    self.documents = documents
    self.send = send
    self.tell = tell
  }

  /// Serves the webhooks that have something due, `Limits.webhookTurn` deliveries of each at most.
  /// - Returns: how many attempts it made.
  public func turn(_ isStopping: @escaping Stopping = { false }) async throws -> Int {
    let clock = clock
    let isAny = try await database.read { tx in try tx.row(WebhookSQL.ready(clock.now(), 1, nil)) != nil }
    guard isAny else { return 0 }
    let claimed = try await claim()
    return try await withThrowingTaskGroup(of: Int.self) { group in
      for (id, account) in claimed { group.addTask { try await serve(id, of: account, isStopping) } }
      var count = 0
      while let next = try await group.next() { count += next }
      return count
    }
  }

  private func claim() async throws -> [(WebhookID, AccountID)] {
    let (clock, holder) = (clock, holder)
    return try await database.write(.bulk) { tx in
      let now = clock.now()
      let found = try tx.rows(WebhookSQL.ready(now, Limits.webhooksAtOnce, tx.dialect))
      guard !found.isEmpty else { return [] }
      try tx.run(WebhookSQL.claim(found.map { $0.id(0) }, holder, until: now + Limits.claim))
      return found.map { ($0.id(0), $0.id(1)) }
    }
  }

  private func serve(_ id: WebhookID, of account: AccountID, _ isStopping: @escaping Stopping) async throws -> Int {
    var count = 0
    do {
      for delivery in try await due(id, of: account) {
        guard !isStopping(), try await attempt(delivery, of: account) else { break }
        count += 1
      }
    } catch {
      // What is left waits for the claim's end if this cannot be written either.
      try await release(id, of: account)
      throw error
    }
    try await release(id, of: account)
    return count
  }

  private func due(_ id: WebhookID, of account: AccountID) async throws -> [Delivery] {
    let clock = clock
    return try await database.read { tx in
      let now = clock.now()
      let again = Limits.webhookTurn / 5
      let first = try tx.rows(DeliverySQL.due(account, id, isFirst: true, now, Limits.webhookTurn - again))
      let later = try tx.rows(DeliverySQL.due(account, id, isFirst: false, now, again))
      return try (first + later).map(DeliverySQL.delivery)
    }
  }

  private func release(_ id: WebhookID, of account: AccountID) async throws {
    let holder = holder
    _ = try await database.write(.bulk) { tx in try tx.run(WebhookSQL.release(account, id, holder)) }
  }

  /// - Returns: true where the next may follow.
  private func attempt(_ delivery: Delivery, of account: AccountID) async throws -> Bool {
    let (clock, documents, keys) = (clock, documents, keys)
    let letter: Letter
    do {
      let written = try await database.read { tx in
        try Letter(delivery, of: account, documents, keys, at: clock.now(), in: &tx)
      }
      guard let written else { return true }
      letter = written
    } catch let broken as SealBroken {
      try await pause(delivery.webhook, of: account, because: "its secret cannot be opened with the configured keys")
      throw broken
    }
    var answer = WebhookAnswer(.failed("the event is not kept any more"), took: .seconds(0))
    if let body = letter.body { answer = await send(WebhookPost(to: letter.url, under: rule, headers: letter.headers, body: body)) }
    return try await record(delivery, answer, isGone: letter.body == nil, of: account)
  }
}
