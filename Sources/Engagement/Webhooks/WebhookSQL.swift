import Jobs
import Kernel
import Storage

/// Every statement about webhooks.
enum WebhookSQL {
  private static let columns = """
    id, account_id, url, kinds, state, reason, position, failures, failing_since, next_at, old_until, made_at
    """

  static func insert(
    _ id: WebhookID, _ account: AccountID, _ url: WebhookURL, _ kinds: [Event.Kind], _ secret: String, _ position: Int64,
    _ now: Instant
  ) -> SQL {
    SQL(
      """
      insert into webhook (id, account_id, url, kinds, state, secret, position, failures, next_at, claimed_until, made_at)
      values ($1, $2, $3, $4, 'active', $5, $6, 0, 0, 0, $7)
      """, id, account, "\(url)", text(kinds), secret, position, now)
  }

  static func text(_ kinds: [Event.Kind]) -> String { JSON.array(kinds.map { .int($0.rawValue) }).compact }

  static func all(_ account: AccountID, _ limit: Int) -> SQL {
    SQL(prepared: "select \(columns) from webhook where account_id = $1 order by id limit $2", [account.value, limit.value])
  }

  static func byID(_ account: AccountID, _ id: WebhookID) -> SQL {
    SQL(prepared: "select \(columns) from webhook where account_id = $1 and id = $2", [account.value, id.value])
  }

  static func webhook(_ row: Row) throws -> Webhook {
    guard let url = WebhookURL(row.text(2)) else { throw StorageFailure.damaged("webhook.url of \(row.int(0)) is no address") }
    return Webhook(
      id: row.id(0), account: row.id(1), url: url, kinds: try kinds(row.text(3)),
      state: row.text(4) == "active" ? .active : .paused(because: row.textOrNil(5) ?? ""), position: row.int(6),
      failures: Int(row.int(7)), failingSince: row.instantOrNil(8), restsUntil: row.instant(9),
      oldSecretUntil: row.instantOrNil(10),
      madeAt: row.instant(11))
  }

  /// Kinds that a newer program knows are left out: this one cannot fan them out.
  private static func kinds(_ text: String) throws -> [Event.Kind] {
    guard case .array(let items) = try storedJSON(text, in: "webhook.kinds") else {
      throw StorageFailure.damaged("webhook.kinds is no list")
    }
    return items.compactMap { if case .int(let number) = $0 { Event.Kind(rawValue: number) } else { nil } }
  }

  static func secrets(_ account: AccountID, _ id: WebhookID) -> SQL {
    SQL("select secret, old_secret, old_until from webhook where account_id = $1 and id = $2", account, id)
  }

  static func rotate(_ account: AccountID, _ id: WebhookID, _ secret: String, oldUntil: Instant) -> SQL {
    SQL(
      "update webhook set old_secret = secret, old_until = $4, secret = $3 where account_id = $1 and id = $2", account, id, secret,
      oldUntil)
  }

  static func reseal(_ account: AccountID, _ id: WebhookID, _ secret: String, _ old: String?) -> SQL {
    SQL("update webhook set secret = $3, old_secret = cast($4 as text) where account_id = $1 and id = $2", account, id, secret, old)
  }

  static func sealed(after id: WebhookID, _ limit: Int) -> SQL {
    // Unscoped: keys of the configuration seal the secrets of all accounts.
    SQL("select id, account_id, secret, old_secret from webhook where id > $1 order by id limit $2", id, limit)
  }

  static func pause(_ account: AccountID, _ id: WebhookID, _ reason: String) -> SQL {
    SQL(
      "update webhook set state = 'paused', reason = $3 where account_id = $1 and id = $2 and state = 'active'", account, id, reason
    )
  }

  static func resume(_ account: AccountID, _ id: WebhookID) -> SQL {
    SQL(
      """
      update webhook set state = 'active', reason = null, failures = 0, failing_since = null, next_at = 0
      where account_id = $1 and id = $2 and state = 'paused'
      """, account, id)
  }

  static func change(_ account: AccountID, _ id: WebhookID, _ url: WebhookURL, _ kinds: [Event.Kind]) -> SQL {
    SQL("update webhook set url = $3, kinds = $4 where account_id = $1 and id = $2", account, id, "\(url)", text(kinds))
  }

  static func remove(_ account: AccountID, _ id: WebhookID) -> SQL {
    SQL("delete from webhook where account_id = $1 and id = $2", account, id)
  }

  // Unscoped: the fan-out serves the webhooks of all accounts.
  static let slowest: SQL = "select min(position) from webhook where state = 'active'"

  static func behind(_ last: Int64, _ limit: Int, _ dialect: Dialect) -> SQL {
    // Unscoped: the fan-out serves the webhooks of all accounts.
    SQL(
      prepared: """
        select \(columns) from webhook where state = 'active' and position < $1 order by position, id limit $2\(dialect.forUpdate)
        """, [last.value, limit.value])
  }

  static func advance(_ webhooks: [WebhookID], to position: Int64) -> SQL {
    // Unscoped: by ids that were read for all accounts in this transaction.
    "update webhook set position = \(position) where position < \(position) and id in (\(list: webhooks))"
  }

  /// Webhooks that have something to send and nobody who sends it.
  static func ready(_ now: Instant, _ limit: Int, _ dialect: Dialect?) -> SQL {
    // Unscoped: senders serve the webhooks of all accounts.
    """
    select id, account_id from webhook w
    where w.state = 'active' and w.next_at <= \(now) and w.claimed_until <= \(now) and exists (
      select 1 from webhook_delivery d where d.webhook_id = w.id and d.state = 'waiting' and d.due_at <= \(now))
    order by w.next_at, w.id limit \(limit)\(raw: dialect?.forClaim ?? "")
    """
  }

  static func claim(_ webhooks: [WebhookID], _ holder: String, until: Instant) -> SQL {
    // Unscoped: by ids that were read for all accounts in this transaction.
    "update webhook set holder = \(holder), claimed_until = \(until) where id in (\(list: webhooks))"
  }

  /// Holds a claim for longer; changes nothing where it passed to somebody else or the webhook is paused.
  static func keep(_ account: AccountID, _ id: WebhookID, _ holder: String, until: Instant) -> SQL {
    SQL(
      """
      update webhook set claimed_until = $4 where account_id = $1 and id = $2 and holder = $3 and state = 'active'
      """, account, id, holder, until)
  }

  static func release(_ account: AccountID, _ id: WebhookID, _ holder: String) -> SQL {
    SQL(
      "update webhook set claimed_until = 0, holder = null where account_id = $1 and id = $2 and holder = $3", account, id, holder)
  }

  static func succeed(_ account: AccountID, _ id: WebhookID) -> SQL {
    SQL(
      """
      update webhook set failures = 0, failing_since = null, next_at = 0
      where account_id = $1 and id = $2 and failures > 0
      """, account, id)
  }

  static func fail(_ account: AccountID, _ id: WebhookID, _ now: Instant) -> SQL {
    SQL(
      """
      update webhook set failures = failures + 1, failing_since = coalesce(failing_since, $3)
      where account_id = $1 and id = $2 returning failures, failing_since
      """, account, id, now)
  }

  static func rest(_ account: AccountID, _ id: WebhookID, until: Instant) -> SQL {
    SQL("update webhook set next_at = $3 where account_id = $1 and id = $2", account, id, until)
  }

  static let count: SQL =
    // Unscoped: the gauges are the installation's.
    """
    select count(*), cast(coalesce(sum(case when state = 'paused' then 1 else 0 end), 0) as bigint) from webhook
    """
}
