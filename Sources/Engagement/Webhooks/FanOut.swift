import Jobs
import Kernel
import Storage

/// Makes deliveries of events: for each active webhook, from its own position on. One instance at a time, by a lease that is taken anew
/// in every step. An event of an account without webhooks costs its reading; with no webhook at all nothing is read but that.
public struct FanOut: Sendable {
  static let lease = "webhooks"
  /// Events of one step.
  static let events = 500

  let holder: String
  let now: @Sendable () -> Instant

  /// - Parameter holder: tells instances apart.
  public init(as holder: String, now: @escaping @Sendable () -> Instant) {
    self.holder = holder
    self.now = now
  }

  /// - Returns: how many events it went through for the webhooks that are furthest behind.
  public func step(on database: any Database) async throws -> Int {
    let isBehind = try await database.read { tx in
      guard let slowest = try tx.row(WebhookSQL.slowest)?.intOrNil(0) else { return false }
      return try slowest < EventStream.last(in: &tx)
    }
    guard isBehind else { return 0 }
    return try await database.write(.bulk) { tx in try step(in: &tx) }
  }

  /// The same within a transaction.
  public func step(in tx: inout Transaction) throws -> Int {
    let moment = now()
    guard try Leases.take(Self.lease, holder: holder, for: Limits.workLease, at: moment, in: &tx) != nil else { return 0 }
    let last = try EventStream.last(in: &tx)
    let hooks = try tx.rows(WebhookSQL.behind(last, Limits.page, tx.dialect)).map(WebhookSQL.webhook)
    guard let start = hooks.first?.position else { return 0 }
    let events = try EventStream.events(after: start, limit: Self.events, in: &tx)
    let end = events.last?.position ?? last
    let byAccount = Dictionary(grouping: hooks, by: \.account)
    var rows: [[Value]] = []
    for event in events {
      guard let kind = event.kind, let listeners = byAccount[event.account] else { continue }
      for hook in listeners where hook.position < event.position && hook.wants(kind) {
        rows.append(DeliverySQL.values(hook, event.position, event.kindNumber, moment))
      }
    }
    try tx.insert(rows, into: EngagementSchema.webhookDelivery, DeliverySQL.inserted, skippingKnown: true)
    let behind = hooks.filter { $0.position < end }.map(\.id)
    if !behind.isEmpty { try tx.run(WebhookSQL.advance(behind, to: end)) }
    return max(1, events.count)
  }

  public func release(on database: any Database) async throws {
    try await database.write(.bulk) { tx in try Leases.release(Self.lease, holder: holder, in: &tx) }
  }
}
