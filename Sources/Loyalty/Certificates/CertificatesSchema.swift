import Storage

/// Certificates: series, batches, every one with its money, its movements, and sums of them for reports.
enum CertificatesSchema {
  static var tables: [Table] { [series, batch, certificate, entry, day, age, standing] }

  static var series: Table {
    Table(
      "certificate_series", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("code"), .text("code_key"), .text("body"),
        .text("pin_secret", nullable: true), .integer("made_at"),
      ],
      uniques: [Unique("programme_id", "code_key")], foreignKeys: [ForeignKey("programme_id", to: "programme")],
      checks: ["length(code) > 0"])
  }

  static var batch: Table {
    Table(
      "certificate_batch", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("series_id"), .text("label"), .integer("asked"), .integer("made"),
        .integer("made_at"), .text("actor"),
      ],
      indexes: [Index("series_id", "id")], foreignKeys: [ForeignKey("series_id", to: "certificate_series")],
      checks: ["asked > 0", "made between 0 and asked"])
  }

  /// The place where a code is unique, and where its money is counted. A till asks by exactly the key.
  static var certificate: Table {
    Table(
      "certificate", owner: "Loyalty", family: .byValue(of: "code"), key: .clustered(["account_id", "code"]),
      columns: [
        .integer("account_id"), .text("code"), .integer("series_id"), .integer("batch_id", nullable: true),
        .integer("state", default: 0), .integer("balance", default: 0), .integer("issued_at"),
        .integer("activated_at", nullable: true), .integer("good_until", nullable: true), .integer("wrong_pins", default: 0),
        .integer("hold_id", nullable: true), .integer("held_until", nullable: true),
      ],
      indexes: [
        Index("batch_id", "code", where: "batch_id is not null"),
        Index("account_id", "hold_id", where: "hold_id is not null"),
        Index("account_id", "good_until", where: "state = 1 and good_until is not null"),
      ],
      checks: [
        "length(code) > 0", "state between 0 and 4", "balance >= 0", "state = 1 or balance = 0 or state = 4",
        "(hold_id is null) = (held_until is null)",
      ])
  }

  /// Lies beside its certificate: what one did is read in one piece.
  static var entry: Table {
    Table(
      "certificate_entry", owner: "Loyalty", family: .byValue(of: "code"), key: .clustered(["account_id", "code", "id"]),
      columns: [
        .integer("account_id"), .text("code"), .integer("id"), .integer("series_id"), .integer("kind"), .integer("change"),
        .integer("at"), .integer("posted_at"), .integer("receipt_id", nullable: true), .integer("owner_id", nullable: true),
        .integer("return_id", nullable: true), .integer("store_id", nullable: true), .text("actor", nullable: true),
        .text("reason", nullable: true),
      ],
      indexes: [
        Index("account_id", "receipt_id", where: "receipt_id is not null"),
        Index("account_id", "owner_id", "id", where: "owner_id is not null"),
      ], checks: ["kind between 1 and 11"])
  }

  /// What moved on a day, by store, so that tills of different stores never wait for each other.
  static var day: Table {
    Table(
      "certificate_day", owner: "Loyalty", family: .byValue(of: "series_id"), key: .clustered(["series_id", "day", "store_id"]),
      columns: [
        .integer("series_id"), .integer("day"), .integer("store_id"), .integer("account_id"), .integer("sold_count"),
        .integer("sold"),
        .integer("given"), .integer("paid"), .integer("refunded"), .integer("lapsed"), .integer("taken_back"), .integer("adjusted"),
      ])
  }

  /// What is still out, by the month in which it was sold; a certificate's own row may stand in several stores' parts.
  static var age: Table {
    Table(
      "certificate_age", owner: "Loyalty", family: .byValue(of: "series_id"), key: .clustered(["series_id", "month", "store_id"]),
      columns: [
        .integer("series_id"), .integer("month"), .integer("store_id"), .integer("account_id"), .integer("certificates"),
        .integer("amount"),
      ])
  }

  /// Certificates by the month in which they were sold and what became of their money, as scheduled work found them one by one. The row of month
  /// 0 has those that nobody bought, and the books of the series in `books`; `moved` is 1 where tills moved money during the round.
  static var standing: Table {
    Table(
      "certificate_standing", owner: "Loyalty", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "series_id", "month"]),
      columns: [
        .integer("programme_id"), .integer("series_id"), .integer("month"), .integer("account_id"), .integer("certificates"),
        .integer("open"), .integer("face"), .integer("spent"), .integer("lapsed"), .integer("other"), .integer("remaining"),
        .integer("ends_in_month"), .integer("ending_in_month"), .integer("ends_in_quarter"), .integer("ending_in_quarter"),
        .integer("books", nullable: true), .integer("moved", nullable: true), .integer("at"),
      ])
  }
}
