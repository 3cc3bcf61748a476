import Kernel
import Storage

/// Every statement about events on their way to webhooks.
enum DeliverySQL {
  private static let columns = """
    webhook_id, position, kind, state, attempts, due_at, made_at, tried_at, status, took, error
    """

  static let inserted = ["webhook_id", "position", "account_id", "kind", "state", "attempts", "due_at", "made_at"]

  static func values(_ webhook: Webhook, _ position: Int64, _ kind: Int64, _ now: Instant) -> [Value] {
    [
      webhook.id.value, position.value, webhook.account.value, kind.value, Delivery.State.waiting.rawValue.value, 0.value,
      now.value,
      now.value,
    ]
  }

  /// First attempts in the order of events, or what is to be tried again.
  static func due(_ account: AccountID, _ webhook: WebhookID, isFirst: Bool, _ now: Instant, _ limit: Int) -> SQL {
    SQL(
      prepared: """
        select \(columns) from webhook_delivery
        where account_id = $1 and webhook_id = $2 and state = 'waiting' and due_at <= $3 and attempts \(isFirst ? "=" : ">") 0
        order by position limit $4
        """, [account.value, webhook.value, now.value, limit.value])
  }

  /// Only for the attempt that was begun: a replay meanwhile starts it anew.
  static func record(
    _ account: AccountID, _ delivery: Delivery, _ state: Delivery.State, _ answer: WebhookAnswer, due: Instant, _ now: Instant
  ) -> SQL {
    """
    update webhook_delivery set state = \(state.rawValue), attempts = attempts + 1, due_at = \(due), tried_at = \(now),
      status = cast(\(answer.status) as bigint), took = \(answer.took.micros), error = cast(\(answer.error) as text)
    where account_id = \(account) and webhook_id = \(delivery.webhook) and position = \(delivery.position)
      and attempts = \(delivery.attempts) and state = 'waiting'
    """
  }

  /// Rows of which the last attempt failed; an index holds these alone, for queries that say so in these very words.
  static let hasFailed = "(state = 'dead' or (state = 'waiting' and attempts > 0))"

  static func page(
    _ account: AccountID, _ webhook: WebhookID, _ state: Delivery.State?, before: Int64, _ limit: Int
  ) -> SQL {
    """
    select \(raw: columns) from webhook_delivery
    where account_id = \(account) and webhook_id = \(webhook) and position < \(before)
      and state = coalesce(cast(\(state?.rawValue) as text), state)
    order by position desc limit \(limit)
    """
  }

  static func failed(_ account: AccountID, _ webhook: WebhookID, before: Int64, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from webhook_delivery
    where account_id = \(account) and webhook_id = \(webhook) and position < \(before) and \(raw: hasFailed)
    order by position desc limit \(limit)
    """
  }

  static func clear(_ account: AccountID, _ webhook: WebhookID, after position: Int64, through last: Int64) -> SQL {
    SQL(
      "delete from webhook_delivery where account_id = $1 and webhook_id = $2 and position > $3 and position <= $4", account,
      webhook,
      position, last)
  }

  static func revive(_ account: AccountID, _ webhook: WebhookID, _ now: Instant, _ limit: Int) -> SQL {
    """
    update webhook_delivery set state = 'waiting', attempts = 0, due_at = \(now), made_at = \(now)
    where account_id = \(account) and webhook_id = \(webhook) and position in (
      select position from webhook_delivery
      where account_id = \(account) and webhook_id = \(webhook) and state = 'dead' and \(raw: hasFailed)
      order by position limit \(limit))
    """
  }

  static func forget(_ account: AccountID, _ webhook: WebhookID, _ limit: Int) -> SQL {
    """
    delete from webhook_delivery where account_id = \(account) and webhook_id = \(webhook) and position in (
      select position from webhook_delivery where account_id = \(account) and webhook_id = \(webhook) order by position limit \(limit))
    """
  }

  static func forget(before moment: Instant, _ limit: Int) -> SQL {
    // Unscoped: retention goes by age, whoever's the deliveries are.
    """
    delete from webhook_delivery where (webhook_id, position) in (
      select webhook_id, position from webhook_delivery where made_at < \(moment) order by made_at limit \(limit))
    """
  }

  static func delivery(_ row: Row) throws -> Delivery {
    guard let state = Delivery.State(rawValue: row.text(3)) else {
      throw StorageFailure.damaged("webhook_delivery.state holds \(row.text(3))")
    }
    return Delivery(
      webhook: row.id(0), position: row.int(1), kindNumber: row.int(2), state: state, attempts: Int(row.int(4)),
      dueAt: row.instant(5), madeAt: row.instant(6), triedAt: row.instantOrNil(7), status: row.intOrNil(8).map { Int($0) },
      took: row.intOrNil(9).map { Span(micros: $0) }, error: row.textOrNil(10))
  }
}
