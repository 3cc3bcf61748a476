import Access
import Jobs
import Kernel
import Storage

/// The webhooks of one account.
public struct Webhooks: Sendable {
  /// A webhook just made, with the secret that is shown this once.
  public struct Made: Sendable {
    public let id: WebhookID
    public let secret: WebhookSecret
  }

  /// How long deliveries carry the old signature beside the new one.
  public static let overlap = Span.days(1)

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Adds a webhook. It hears of what is told from now on; what happened before can be replayed.
  /// - Parameter kinds: none named: all.
  /// - Throws: `Problem.invalid` (`webhook_url`), `Problem.conflict` (`too_many_webhooks`, `webhook_exists`, `account_suspended`).
  public func add(
    _ text: String, kinds: [Event.Kind] = [], under rule: AddressRule, keys: KeyRing, by change: Change, in tx: inout Transaction
  ) throws -> Made {
    let url = try rule.check(text)
    try takeStructure(of: account, in: &tx)
    let known = try all(in: &tx)
    guard known.count < Limits.webhooks else {
      throw Problem(
        .conflict, "too_many_webhooks", "an account has at most \(Limits.webhooks) webhooks; remove one first",
        cashier: LocalText(
          ru: "Вебхуков может быть не больше \(Limits.webhooks). Удалите лишний",
          en: "There can be \(Limits.webhooks) webhooks at most. Remove one"))
    }
    guard !known.contains(where: { $0.url == url }) else {
      throw Self.exists
    }
    let id: WebhookID = change.id()
    let secret = WebhookSecret(bytes: keys.secret(WebhookSecret.size))
    let wanted = Set(kinds).sorted { $0.rawValue < $1.rawValue }
    let sealed = try keys.seal(secret.bytes, for: "\(id)")
    try tx.run(WebhookSQL.insert(id, account, url, wanted, sealed, try EventStream.last(in: &tx), change.at))
    try note(.made("webhook", id, Self.json(url, wanted)), change, &tx)
    return Made(id: id, secret: secret)
  }

  /// Sends to another address or other kinds from now on; deliveries that wait go to the new address, too. Harmless when repeated.
  /// - Parameter kinds: none named: all.
  /// - Throws: `Problem.invalid` (`webhook_url`), `Problem.notFound`, `Problem.conflict` (`webhook_exists`, `account_suspended`).
  public func change(
    _ id: WebhookID, to text: String, kinds: [Event.Kind], under rule: AddressRule, by change: Change, in tx: inout Transaction
  ) throws {
    let url = try rule.check(text)
    try takeStructure(of: account, in: &tx)
    let known = try webhook(id, in: &tx)
    let wanted = Set(kinds).sorted { $0.rawValue < $1.rawValue }
    guard known.url != url || known.kinds != wanted else { return }
    guard try !all(in: &tx).contains(where: { $0.id != id && $0.url == url }) else { throw Self.exists }
    try tx.run(WebhookSQL.change(account, id, url, wanted))
    try note(.changed("webhook", id, from: Self.json(known.url, known.kinds), to: Self.json(url, wanted)), change, &tx)
  }

  /// All of the account, oldest first.
  public func all(in tx: inout Transaction) throws -> [Webhook] {
    try tx.rows(WebhookSQL.all(account, Limits.webhooks)).map(WebhookSQL.webhook)
  }

  /// - Throws: `Problem.notFound` (`webhook_unknown`), for another account's webhook too.
  public func webhook(_ id: WebhookID, in tx: inout Transaction) throws -> Webhook {
    guard let row = try tx.row(WebhookSQL.byID(account, id)) else {
      throw Problem(.notFound, "webhook_unknown", "the account has no webhook \(id)")
    }
    return try WebhookSQL.webhook(row)
  }

  /// Stops fan-out and sending; a delivery under way still ends. Harmless when repeated.
  public func pause(_ id: WebhookID, because reason: String, by change: Change, in tx: inout Transaction) throws {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the reason")
    _ = try webhook(id, in: &tx)
    guard try tx.run(WebhookSQL.pause(account, id, reason)) == 1 else { return }
    try note(.did("webhook.paused", id, after: .object(["reason": .string(reason)])), change, &tx)
  }

  /// Goes on from its position, at once. Harmless when repeated.
  public func resume(_ id: WebhookID, by change: Change, in tx: inout Transaction) throws {
    _ = try webhook(id, in: &tx)
    guard try tx.run(WebhookSQL.resume(account, id)) == 1 else { return }
    try note(.did("webhook.resumed", id), change, &tx)
  }

  /// Removes the webhook; its deliveries go by `forgetDeliveries`. Harmless when repeated.
  public func remove(_ id: WebhookID, by change: Change, in tx: inout Transaction) throws {
    guard try tx.run(WebhookSQL.remove(account, id)) == 1 else { return }
    try note(.did("webhook.removed", id), change, &tx)
  }

  /// Removes up to `Limits.bulk` deliveries of a webhook. - Returns: how many; call again until 0.
  public func forgetDeliveries(of id: WebhookID, in tx: inout Transaction) throws -> Int {
    try tx.run(DeliverySQL.forget(account, id, Limits.bulk))
  }

  /// Gives the webhook another secret. For a day deliveries carry both signatures, so that its server can change over.
  public func rotateSecret(_ id: WebhookID, keys: KeyRing, by change: Change, in tx: inout Transaction) throws -> WebhookSecret {
    _ = try webhook(id, in: &tx)
    let secret = WebhookSecret(bytes: keys.secret(WebhookSecret.size))
    let sealed = try keys.seal(secret.bytes, for: "\(id)")
    try tx.run(WebhookSQL.rotate(account, id, sealed, oldUntil: change.at + Self.overlap))
    try note(.did("webhook.secret-rotated", id), change, &tx)
    return secret
  }

  /// Deliveries of a webhook, the latest first.
  /// - Parameter before: continue behind this position.
  public func deliveries(
    of id: WebhookID, _ state: Delivery.State? = nil, before: Int64? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Delivery] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(DeliverySQL.page(account, id, state, before: before ?? .max, some)).map(DeliverySQL.delivery)
  }

  /// Deliveries of a webhook whose last attempt failed, given up or to be tried again, the latest first. By index.
  /// - Parameter before: continue behind this position.
  public func failures(of id: WebhookID, before: Int64? = nil, limit: Int, in tx: inout Transaction) throws -> [Delivery] {
    try tx.rows(DeliverySQL.failed(account, id, before: before ?? .max, min(max(1, limit), Limits.page))).map(DeliverySQL.delivery)
  }

  private static let exists = Problem(
    .conflict, "webhook_exists", "the account sends its events to this address already; remove that webhook first",
    cashier: LocalText(
      ru: "На этот адрес события уже отправляются. Измените тот вебхук или удалите его",
      en: "Events are sent to this address already. Change or remove that webhook"))

  private static func json(_ url: WebhookURL, _ kinds: [Event.Kind]) -> JSON {
    .object(["origin": .string(url.origin), "kinds": .array(kinds.map { .string($0.word) })])
  }

  func note(_ note: AuditNote, _ change: Change, _ tx: inout Transaction) throws {
    try AuditTrail(of: account).record([note], by: change, in: &tx)
  }
}
