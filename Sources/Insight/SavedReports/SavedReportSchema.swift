import Storage

/// Tables of reports that are kept and sent.
public enum SavedReportSchema {
  public static var tables: [Table] { [report, schedule, reader, sending, letter, dashboard, formula, outside, outsider] }

  static var report: Table {
    Table(
      "saved_report", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("name"), .text("name_key"), .text("note"),
        .text("folder"), .text("form"), .text("roles"), .integer("staff_id"), .integer("version"), .integer("made_at"),
        .integer("changed_at"), .integer("archived_at", nullable: true),
      ],
      uniques: [Unique("programme_id", "name_key")], checks: ["length(name) > 0", "version > 0"])
  }

  /// A page of tiles; what the tiles are stands in `tiles` as JSON.
  static var dashboard: Table {
    Table(
      "dashboard", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("name"), .text("name_key"), .text("note"),
        .text("period"), .text("tiles"), .text("roles"), .integer("staff_id"), .integer("version"), .integer("made_at"),
        .integer("changed_at"), .integer("archived_at", nullable: true),
      ],
      uniques: [Unique("programme_id", "name_key")], checks: ["length(name) > 0", "version > 0"])
  }

  /// When a report is written to whom. `next_at` is empty while it rests: paused, or its report in the archive.
  static var schedule: Table {
    Table(
      "report_schedule", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("report_id"), .text("rhythm"), .integer("day"),
        .integer("hour"), .text("language"), .integer("staff_id"), .flag("is_paused"), .integer("next_at", nullable: true),
        .integer("made_at"),
      ],
      indexes: [Index("report_id", "id"), Index("next_at", where: "next_at is not null")],
      foreignKeys: [ForeignKey("report_id", to: "saved_report")],
      checks: [
        "rhythm in ('day', 'week', 'month')", "day >= 0 and day <= 31", "hour >= 0 and hour <= 23", "language in ('ru', 'en')",
        "is_paused = 0 or next_at is null",
      ])
  }

  /// Whom a schedule writes to. Who asked to be left out stays, so that nobody puts them in again by oversight.
  static var reader: Table {
    Table(
      "report_reader", owner: "Insight", family: .reference, key: .columns(["schedule_id", "staff_id"]),
      columns: [.integer("schedule_id"), .integer("staff_id"), .integer("account_id"), .integer("added_at"), .flag("is_off")],
      foreignKeys: [ForeignKey("schedule_id", to: "report_schedule")])
  }

  /// Whom outside the staff reports of an account may go to: addresses, and domains behind a sign.
  static var outside: Table {
    Table(
      "report_outside", owner: "Insight", family: .reference, key: .columns(["account_id", "pattern"]),
      columns: [.integer("account_id"), .text("pattern"), .integer("added_at")], checks: ["length(pattern) > 0"])
  }

  /// Whom outside the staff a schedule writes to.
  static var outsider: Table {
    Table(
      "report_outsider", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("schedule_id"), .integer("account_id"), .text("mail"), .integer("added_at"),
      ],
      uniques: [Unique("schedule_id", "mail")], foreignKeys: [ForeignKey("schedule_id", to: "report_schedule")])
  }

  /// One moment of a schedule: there is no second row of it, whoever comes. `staff_id` is who tried it out and gets it alone.
  static var sending: Table {
    Table(
      "report_sending", owner: "Insight", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("schedule_id"), .integer("moment"),
        .integer("staff_id", nullable: true), .integer("passed_over"), .text("state"), .text("reason", nullable: true),
        .integer("made_at"), .integer("ended_at", nullable: true),
      ],
      uniques: [Unique("schedule_id", "moment")], indexes: [Index("made_at")],
      foreignKeys: [ForeignKey("schedule_id", to: "report_schedule")],
      checks: ["state in ('waiting', 'sent', 'failed', 'dropped')", "passed_over >= 0"])
  }

  /// One letter of a sending. It is noted before it is handed over, so that a stop in between sends nobody a second one.
  /// `staff_id` is whom it is to: somebody of the staff, or an outsider by their id.
  static var letter: Table {
    Table(
      "report_letter", owner: "Insight", family: .reference, key: .columns(["sending_id", "staff_id"]),
      columns: [
        .integer("sending_id"), .integer("staff_id"), .integer("account_id"), .text("state"), .text("reason", nullable: true),
        .integer("at"),
      ],
      foreignKeys: [ForeignKey("sending_id", to: "report_sending")],
      checks: ["state in ('handing', 'sent', 'failed', 'refused', 'unknown')"])
  }
}
