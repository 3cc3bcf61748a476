import Storage

/// Points without a purchase: what was given, what it came to, who waits to be looked at, and who brought whom. What is rewarded stands in
/// the programme's settings.
enum GivingSchema {
  static var tables: [Table] { [gift, total, day, due, code, referral] }

  /// One row for each gift: one subject of an action is rewarded once. What was taken back is a row with less than nothing.
  static var gift: Table {
    Table(
      "gift", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id", "action", "subject"]),
      columns: [
        .integer("owner_id"), .integer("programme_id"), .text("action"), .text("subject"), .integer("id"), .integer("account_id"),
        .integer("day"), .integer("points"), .integer("given_at"), .text("actor"),
      ],
      indexes: [Index("programme_id", "action", "id")], checks: ["points <> 0", "length(action) > 0", "length(subject) > 0"])
  }

  /// What an action came to: its row is where a budget's last points are fought for.
  static var total: Table {
    Table(
      "gift_total", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "action"]),
      columns: [
        .integer("programme_id"), .text("action"), .integer("account_id"), .integer("gifts"), .integer("members"),
        .integer("points"),
      ],
      checks: ["gifts >= 0", "members >= 0"])
  }

  static var day: Table {
    Table(
      "gift_day", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "action", "day"]),
      columns: [
        .integer("programme_id"), .text("action"), .integer("day"), .integer("account_id"), .integer("gifts"), .integer("points"),
      ])
  }

  /// Members whose profile changed and who are still to be looked at.
  static var due: Table {
    Table(
      "gift_due", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id"]),
      columns: [.integer("owner_id"), .integer("programme_id"), .integer("account_id"), .integer("since")],
      indexes: [Index("account_id", "owner_id")])
  }

  /// By what members bring others.
  static var code: Table {
    Table(
      "referral_code", owner: "Loyalty", family: .byValue(of: "code"), key: .clustered(["programme_id", "code"]),
      columns: [.integer("programme_id"), .text("code"), .integer("account_id"), .integer("owner_id"), .integer("made_at")],
      indexes: [Index("owner_id")], checks: ["length(code) > 0"])
  }

  /// Who was brought by whom; the owner is the newcomer, who is brought once.
  static var referral: Table {
    Table(
      "referral", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "programme_id"]),
      columns: [
        .integer("owner_id"), .integer("programme_id"), .integer("account_id"), .integer("referrer_id"), .integer("named_at"),
        .text("state"), .text("reason", nullable: true), .integer("receipt_id", nullable: true), .integer("due_at", nullable: true),
        .integer("paid_at", nullable: true), .integer("referrer_points"), .integer("newcomer_points"),
      ],
      indexes: [
        Index("programme_id", "due_at", where: "due_at is not null"), Index("programme_id", "referrer_id", "owner_id"),
        Index("programme_id", "owner_id"),
      ],
      checks: ["owner_id <> referrer_id", "referrer_points >= 0", "newcomer_points >= 0"])
  }
}
