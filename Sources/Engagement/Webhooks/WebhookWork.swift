import Jobs
import Kernel
import Storage

/// The webhooks' part of the background work.
public enum WebhookWork {
  /// From the stream to rows of deliveries.
  public static func fanOut(_ fanOut: FanOut, on database: any Database) -> WorkLoop {
    WorkLoop("webhooks, fan-out", idle: Span(micros: 100_000), full: FanOut.events) { _ in
      try await fanOut.step(on: database)
    } end: {
      try await fanOut.release(on: database)
    }
  }

  /// From rows to customers' servers.
  public static func sending(_ postman: Postman) -> WorkLoop {
    WorkLoop("webhooks, sending", idle: Span(micros: 200_000)) { try await postman.turn($0) }
  }

  /// Deliveries older than `Limits.deliveryDays`, whatever became of them: those of a webhook that is paused for longer too.
  public static let retention = Retention("webhook_delivery") { now, tx in
    try tx.run(DeliverySQL.forget(before: now - .days(Int64(Limits.deliveryDays)), Limits.bulk))
  }

  /// Webhooks, how many of them are paused, and how far the slowest active one is behind.
  public static let gauges: GaugeReading = { now, tx in
    let counts = try tx.row(WebhookSQL.count)
    let slowest = try tx.row(WebhookSQL.slowest)?.intOrNil(0)
    let lag = try slowest.map { max(0, try EventStream.last(in: &tx) - $0) } ?? 0
    return [
      Gauge("webhooks", Double(counts?.int(0) ?? 0)), Gauge("webhooks_paused", Double(counts?.int(1) ?? 0)),
      Gauge("webhook_lag_events", Double(lag)),
    ]
  }
}
