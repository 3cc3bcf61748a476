import Access
import Jobs
import Kernel
import Storage

extension Webhooks {
  /// Sends events again, those up to `last` whose positions lie above `position`: whether they were delivered, dead or never this
  /// webhook's, as before it was made. They keep their ids, so that a server that remembers ids passes over what it has.
  ///
  /// One call goes through `Limits.bulk` positions. What lies above the webhook's own position comes by itself.
  /// - Returns: the position to go on from; nil when the range is through.
  public func replay(
    _ id: WebhookID, after position: Int64, through last: Int64, by change: Change, in tx: inout Transaction
  ) throws -> Int64? {
    let hook = try webhook(id, in: &tx)
    let end = min(last, hook.position)
    let chunkEnd = min(end, position &+ Int64(Limits.bulk))
    guard chunkEnd > position else { return nil }
    let events = try EventStream.events(of: account, after: position, through: chunkEnd, limit: Limits.bulk, in: &tx)
    let wanted = events.filter { event in event.kind.map(hook.wants) ?? false }
    try tx.run(DeliverySQL.clear(account, id, after: position, through: chunkEnd))
    let rows = wanted.map { DeliverySQL.values(hook, $0.position, $0.kindNumber, change.at) }
    try tx.insert(rows, into: EngagementSchema.webhookDelivery, DeliverySQL.inserted)
    let range: JSON = .object([
      "after": .int(position), "through": .int(chunkEnd), "deliveries": .int(Int64(rows.count)),
    ])
    try note(.did("webhook.replayed", id, after: range), change, &tx)
    return chunkEnd < end ? chunkEnd : nil
  }

  /// Tries up to `Limits.bulk` dead deliveries again, with all their attempts. - Returns: how many; call again until 0.
  public func replayDead(_ id: WebhookID, by change: Change, in tx: inout Transaction) throws -> Int {
    _ = try webhook(id, in: &tx)
    let count = try tx.run(DeliverySQL.revive(account, id, change.at, Limits.bulk))
    if count > 0 { try note(.did("webhook.replayed", id, after: .object(["dead": .int(Int64(count))])), change, &tx) }
    return count
  }

  /// Seals secrets of all accounts under the first key, after a new one was put in front.
  /// - Parameter after: go on from here; nil from the beginning.
  /// - Returns: the last webhook looked at; nil when all are sealed.
  /// - Throws: `SealBroken` where a secret opens with none of the keys.
  public static func reseal(after: WebhookID?, with keys: KeyRing, in tx: inout Transaction) throws -> WebhookID? {
    let rows = try tx.rows(WebhookSQL.sealed(after: after ?? WebhookID(0), Limits.page))
    for row in rows {
      let (id, account): (WebhookID, AccountID) = (row.id(0), row.id(1))
      let (secret, old) = (row.text(2), row.textOrNil(3))
      guard !keys.isFresh(secret) || old.map({ !keys.isFresh($0) }) ?? false else { continue }
      let fresh = try keys.seal(keys.open(secret, for: "\(id)"), for: "\(id)")
      let freshOld = try old.map { try keys.seal(keys.open($0, for: "\(id)"), for: "\(id)") }
      try tx.run(WebhookSQL.reseal(account, id, fresh, freshOld))
    }
    return rows.last?.id(0)
  }
}
