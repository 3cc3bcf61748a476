import Access
import Jobs
import Kernel
import Storage

/// One delivery as it is sent: written and signed when it is, not when the event happened.
struct Letter: Sendable {
  let url: WebhookURL
  let headers: [WebhookPost.Header]
  /// Nil where the event is not kept any more.
  let body: String?

  /// Nil where the webhook was removed or paused meanwhile.
  /// - Throws: `SealBroken`.
  init?(
    _ delivery: Delivery, of account: AccountID, _ documents: EventDocuments, _ keys: KeyRing, at now: Instant,
    in tx: inout Transaction
  ) throws {
    guard let row = try tx.row(WebhookSQL.byID(account, delivery.webhook)),
      let sealed = try tx.row(WebhookSQL.secrets(account, delivery.webhook))
    else { return nil }
    let hook = try WebhookSQL.webhook(row)
    guard case .active = hook.state else { return nil }
    url = hook.url
    guard let event = try EventStream.event(at: delivery.position, of: account, in: &tx) else {
      (headers, body) = ([], nil)
      return
    }
    let text = try documents.document(of: event, in: &tx).compact
    headers = try Self.headers("\(event.id)", text, of: hook, sealed, keys, now)
    body = text
  }

  /// - Parameter sealed: the webhook's secret, the one before it and until when that is used.
  fileprivate static func headers(
    _ id: String, _ body: String, of hook: Webhook, _ sealed: Row, _ keys: KeyRing, _ now: Instant
  ) throws -> [WebhookPost.Header] {
    var secrets = [try keys.open(sealed.text(0), for: "\(hook.id)")]
    if let old = sealed.textOrNil(1), let until = sealed.instantOrNil(2), now < until {
      secrets.append(try keys.open(old, for: "\(hook.id)"))
    }
    let signatures = secrets.map { WebhookSecret(bytes: $0).signature(id: id, timestamp: now.seconds, body: body) }
    return [
      WebhookPost.Header("content-type", "application/json"), WebhookPost.Header("webhook-id", id),
      WebhookPost.Header("webhook-timestamp", "\(now.seconds)"),
      WebhookPost.Header("webhook-signature", signatures.joined(separator: " ")),
    ]
  }
}

extension Webhooks {
  /// A signed request of the type `ping` that tells of nothing, to see whether the webhook's server takes it. It is no delivery: what comes
  /// of it changes nothing here. Also for a webhook that is paused.
  /// - Throws: `Problem.notFound`; `SealBroken` where its secret cannot be opened.
  public func ping(
    _ id: WebhookID, under rule: AddressRule, keys: KeyRing, by change: Change, in tx: inout Transaction
  ) throws -> WebhookPost {
    let hook = try webhook(id, in: &tx)
    guard let sealed = try tx.row(WebhookSQL.secrets(account, id)) else { throw StorageFailure.damaged("\(id) has no secret") }
    let event: EventID = change.id()
    let body = JSON.object([
      "id": .string("\(event)"), "type": "ping", "at": .string(change.at.text),
      "account": .string(try Accounts().account(account, in: &tx).details.code), "data": .object([]),
    ]).compact
    try note(.did("webhook.tested", id), change, &tx)
    return WebhookPost(
      to: hook.url, under: rule, headers: try Letter.headers("\(event)", body, of: hook, sealed, keys, change.at), body: body)
  }
}

extension Postman {
  /// Writes what came of an attempt, on the delivery and on the webhook.
  /// - Returns: true where the next may follow.
  func record(_ delivery: Delivery, _ answer: WebhookAnswer, isGone: Bool, of account: AccountID) async throws -> Bool {
    let (clock, holder) = (clock, holder)
    let (dice, hook) = (clock.random(), delivery.webhook)
    let (mayGoOn, isDead) = try await database.write(.bulk) { tx in
      let now = clock.now()
      let attempts = delivery.attempts + 1
      let isLate = now - delivery.madeAt > .days(Int64(Limits.webhookDays))
      let isOver = isGone || attempts >= Limits.webhookAttempts || isLate
      let state: Delivery.State = answer.isDelivered ? .delivered : isOver ? .dead : .waiting
      let due = now + Self.retry.pause(after: attempts, dice: dice)
      try tx.run(DeliverySQL.record(account, delivery, state, answer, due: due, now))
      var mayGoOn = try tx.run(WebhookSQL.keep(account, hook, holder, until: now + Limits.claim)) == 1
      if answer.isDelivered {
        try tx.run(WebhookSQL.succeed(account, hook))
      } else if !isGone {
        mayGoOn = try fail(hook, of: account, answer, dice, at: now, in: &tx) && mayGoOn
      }
      return (mayGoOn, state == .dead)
    }
    if isDead { tell(.dead("webhook delivery")) }
    return mayGoOn
  }

  /// - Returns: false where the webhook rests or is paused from now on.
  private func fail(
    _ hook: WebhookID, of account: AccountID, _ answer: WebhookAnswer, _ dice: UInt64, at now: Instant, in tx: inout Transaction
  ) throws -> Bool {
    guard let row = try tx.row(WebhookSQL.fail(account, hook, now)) else { return false }
    let failures = Int(row.int(0))
    let since = row.instantOrNil(1) ?? now
    if failures >= Limits.webhookFailures, now - since >= .days(1) {
      let reason = "\(failures) failures in a row since \(since.text), the last: \(answer.error ?? "")"
      try Webhooks(of: account).pause(hook, because: String(reason.prefix(Limits.name)), by: change(at: now), in: &tx)
      return false
    }
    guard failures >= Self.patience else { return true }
    try tx.run(WebhookSQL.rest(account, hook, until: now + Self.rest.pause(after: failures - Self.patience + 1, dice: dice)))
    return false
  }

  private func change(at now: Instant) -> Change { Change(by: .background, at: now, ids: documents.ids) }

  func pause(_ hook: WebhookID, of account: AccountID, because reason: String) async throws {
    let change = change(at: clock.now())
    try await database.write(.bulk) { tx in
      try Webhooks(of: account).pause(hook, because: reason, by: change, in: &tx)
    }
  }
}
