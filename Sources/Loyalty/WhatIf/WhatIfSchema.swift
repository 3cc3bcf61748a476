import Storage

/// What-ifs that were asked for, with their results.
enum WhatIfSchema {
  static var tables: [Table] { [run] }

  static var run: Table {
    Table(
      "whatif_run", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("promotion_id"), .integer("version"),
        .integer("from_day"), .integer("through_day"), .integer("response", nullable: true), .text("state"), .text("asked_by"),
        .integer("asked_at"), .integer("ended_at", nullable: true), .integer("receipts", default: 0),
        .integer("is_without", default: 0), .integer("is_stopping", default: 0), .text("report", nullable: true),
        .text("failure", nullable: true),
      ],
      indexes: [
        Index("promotion_id", "id"), Index("programme_id", "id", where: "ended_at is null", named: "open"),
        Index("asked_at", named: "keeping"),
      ],
      checks: ["length(state) > 0", "receipts >= 0"])
  }
}
