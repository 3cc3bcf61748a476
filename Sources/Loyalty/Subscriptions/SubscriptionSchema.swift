import Storage

/// Subscriptions: what they are made of, how they stand, and what happened to them.
enum SubscriptionSchema {
  static var tables: [Table] { [subscription, period, change, saving] }

  /// How a member's subscription to one plan stands, worked out from its periods; `due_at` is when it is to be looked at again and
  /// `noticed` the end that others were told of ahead.
  static var subscription: Table {
    Table(
      "subscription", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id", "plan"]),
      columns: [
        .integer("owner_id"), .integer("programme_id"), .text("plan"), .integer("id"), .integer("account_id"), .text("state"),
        .integer("tier_id"), .integer("since"), .integer("ends_at"), .integer("until"), .integer("renewals"),
        .integer("grant_id", nullable: true), .integer("noticed", nullable: true), .integer("due_at", nullable: true),
        .integer("changed_at"),
      ],
      indexes: [
        Index("programme_id", "due_at", where: "due_at is not null"), Index("programme_id", "id"),
      ],
      checks: ["state in ('active', 'ended', 'cancelled')", "until >= ends_at"])
  }

  /// A sale, a gift, a trial or the word that it is over; never changed but by what a return takes of it. `holder_id` has it now.
  static var period: Table {
    Table(
      "subscription_period", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("holder_id"),
        .text("plan"), .text("kind"), .integer("receipt_id", nullable: true), .integer("at"), .integer("units"),
        .integer("units_left"), .integer("months"), .integer("days"), .integer("grace_days"), .integer("tier_id"),
        .integer("amount"), .text("lines"), .integer("counts", default: 0), .text("actor", nullable: true),
        .text("reason", nullable: true),
      ],
      indexes: [
        Index("holder_id", "plan", "id"), Index("owner_id", "receipt_id", where: "receipt_id is not null"),
      ],
      checks: ["kind in ('sale', 'hand', 'trial', 'cancel')", "units_left between 0 and units"])
  }

  /// What the report counts, by months: a subscription that began, was prolonged, ended or was cancelled, and money that came and went.
  static var change: Table {
    Table(
      "subscription_change", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .text("plan"), .text("kind"),
        .integer("month"), .integer("at"), .integer("amount", default: 0),
      ],
      indexes: [Index("programme_id", "month", "plan")],
      checks: ["kind in ('started', 'renewed', 'ended', 'cancelled', 'sold', 'returned')"])
  }

  /// What promotions for a tier that a plan gives took off a receipt. `plan` is known once somebody looked whether it was a subscriber's;
  /// those of others are removed then.
  static var saving: Table {
    Table(
      "subscription_saving", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "receipt_id"]),
      columns: [
        .integer("owner_id"), .integer("receipt_id"), .integer("account_id"), .integer("programme_id"), .integer("tier_id"),
        .integer("month"), .integer("at"), .integer("amount"), .text("plan", nullable: true),
      ],
      indexes: [Index("programme_id", "month"), Index("programme_id", "receipt_id", where: "plan is null")])
  }
}
