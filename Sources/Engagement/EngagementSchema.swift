import Storage

/// The tables of this wing, in an order in which they can be created.
public enum EngagementSchema {
  public static var tables: [Table] { [webhook, webhookDelivery] }

  /// Where an account wants its events sent. `position` is how far the stream was fanned out for it, `kinds` the numbers it wants
  /// (an empty list: all); secrets are sealed. `holder` and `claimed_until` say who sends now, `next_at` how long it rests.
  static var webhook: Table {
    Table(
      "webhook", owner: "Engagement", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("url"), .text("kinds"), .text("state"), .text("reason", nullable: true),
        .text("secret"), .text("old_secret", nullable: true), .integer("old_until", nullable: true), .integer("position"),
        .integer("failures"), .integer("failing_since", nullable: true), .integer("next_at"), .text("holder", nullable: true),
        .integer("claimed_until"), .integer("made_at"),
      ],
      indexes: [Index("account_id")], checks: ["state in ('active', 'paused')", "length(url) > 0"])
  }

  /// One event on its way to one webhook.
  static var webhookDelivery: Table {
    Table(
      "webhook_delivery", owner: "Engagement", family: .byValue(of: "webhook_id"), key: .clustered(["webhook_id", "position"]),
      columns: [
        .integer("webhook_id"), .integer("position"), .integer("account_id"), .integer("kind"), .text("state"),
        .integer("attempts"), .integer("due_at"), .integer("made_at"), .integer("tried_at", nullable: true),
        .integer("status", nullable: true), .integer("took", nullable: true), .text("error", nullable: true),
      ],
      indexes: [
        Index("webhook_id", "due_at", where: "state = 'waiting'"), Index("webhook_id", "position", where: DeliverySQL.hasFailed),
        Index("made_at"),
      ],
      checks: ["state in ('waiting', 'delivered', 'dead')"])
  }
}
