import Storage

/// The tables of limits, alerts and blocks, in an order in which they can be created.
enum GuardSchema {
  static var tables: [Table] { [day, pair, slot, refusal, alert, block] }

  /// What one subject came to on one business day: added up from events, of operators with each act. `store_id` is 0 for members and
  /// operators; `subject` is a cashier's or register's code, a member's id in the text form, an operator's name. `breadth` counts a cashier's
  /// different members, of a member how often the store changed; `peak` is the most receipts of one member; `hop` the fewest minutes between
  /// two stores; `receipts_seen` names the latest receipts, `last_store` and `last_at` where a member was last.
  static var day: Table {
    Table(
      "guard_day", owner: "Loyalty", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "kind", "store_id", "day", "subject"]),
      columns: [
        .integer("programme_id"), .integer("kind"), .integer("store_id"), .integer("day"), .text("subject"), .integer("account_id"),
      ] + figures.dropLast(given.count).map { .integer($0, default: 0) } + [
        .integer("hop", nullable: true), .integer("last_store", default: 0), .integer("last_at", default: 0),
        .text("receipts_seen", default: ""),
      ] + given.map { .integer($0, default: 0) },
      indexes: [
        Index("programme_id", "kind", "subject", "day"), Index("programme_id", "kind", "day"),
        Index("programme_id", "day", "named", where: "kind = 1 and named > 2", named: "busy"),
      ])
  }

  static let figures =
    [
      "receipts", "named", "amount", "discount", "earned", "spent", "returns", "returned", "cancelled", "by_hand", "breadth",
      "peak",
      "refused",
    ] + given

  /// Of members: what they gave to others. They came last, and stand last.
  static let given = ["given_away", "transfers", "circles"]

  /// How often one member came to one cashier or till on one business day.
  static var pair: Table {
    Table(
      "guard_pair", owner: "Loyalty", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "kind", "store_id", "day", "subject", "owner_id"]),
      columns: [
        .integer("programme_id"), .integer("kind"), .integer("store_id"), .integer("day"), .text("subject"), .integer("owner_id"),
        .integer("account_id"), .integer("receipts"), .integer("points"),
      ], indexes: [Index("programme_id", "day")])
  }

  /// Ten minutes of one subject with one member, 0 for nobody, where a limit by the hour asks for them.
  static var slot: Table {
    Table(
      "guard_slot", owner: "Loyalty", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "kind", "store_id", "subject", "slot", "owner_id"]),
      columns: [
        .integer("programme_id"), .integer("kind"), .integer("store_id"), .text("subject"), .integer("slot"), .integer("owner_id"),
        .integer("account_id"),
      ] + slotFigures.map { .integer($0, default: 0) },
      indexes: [Index("programme_id", "slot")])
  }

  /// Returns and cancellations are one figure here.
  static let slotFigures = ["named", "discount", "earned", "spent", "returns", "by_hand", "refused"]

  /// A coupon or certificate that a till showed and that was refused, once for a basket; `name` is a fingerprint, the code is not kept.
  static var refusal: Table {
    Table(
      "guard_refusal", owner: "Loyalty", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "day", "store_id", "name"]),
      columns: [
        .integer("programme_id"), .integer("day"), .integer("store_id"), .text("name"), .integer("account_id"), .text("register"),
        .text("cashier", nullable: true), .integer("owner_id"), .integer("at"), .text("reason"),
      ], indexes: [Index("programme_id", "store_id", "day"), Index("programme_id", "owner_id", "day")])
  }

  /// A threshold that somebody reached, once for each limit and window, with the figure and the receipts that made it. `told_as` names
  /// limit, subject and day, so that twice is once; the same of a block names a stop, and is null of what people do.
  static var alert: Table {
    Table(
      "guard_alert", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("limit_code"), .integer("kind"),
        .integer("store_id"),
        .text("subject"), .integer("day"), .flag("is_hard"), .text("measure"), .integer("days"), .integer("hours"),
        .integer("figure"),
        .integer("threshold"), .text("receipts_seen", default: ""), .text("state"), .integer("at"),
        .integer("decided_at", nullable: true),
        .text("decided_by", nullable: true), .text("note", nullable: true), .text("told_as"),
      ],
      uniques: [Unique("programme_id", "told_as")],
      indexes: [Index("programme_id", "state", "id"), Index("programme_id", "kind", "subject", "id")],
      checks: ["state in ('open', 'seen', 'dismissed', 'confirmed')"])
  }

  /// Who gets no points at the tills: by somebody's word, with an end or without, or by a hard limit for one business day.
  static var block: Table {
    Table(
      "guard_block", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("kind"), .integer("store_id"), .text("subject"),
        .text("reason"), .text("limit_code", nullable: true), .integer("day", nullable: true), .integer("made_at"),
        .text("made_by"), .integer("ends_at", nullable: true), .integer("ended_at", nullable: true),
        .text("ended_by", nullable: true), .text("told_as", nullable: true),
      ],
      uniques: [Unique("programme_id", "told_as")],
      indexes: [
        Index("programme_id", "kind", where: "ended_at is null", named: "live"),
        Index("programme_id", "kind", "subject", "id", named: "subject"),
      ])
  }
}
