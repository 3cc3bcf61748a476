import Storage

/// Series of coupons, what was ordered, and every code.
enum CouponsSchema {
  static var tables: [Table] { [series, batch, coupon, use, standing, day] }

  static var series: Table {
    Table(
      "coupon_series", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("code"), .text("code_key"), .text("body"),
        .integer("made_at"),
      ],
      uniques: [Unique("programme_id", "code_key")], foreignKeys: [ForeignKey("programme_id", to: "programme")],
      checks: ["length(code) > 0"])
  }

  static var batch: Table {
    Table(
      "coupon_batch", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("series_id"), .text("label"), .integer("asked"), .integer("made"),
        .integer("made_at"), .text("actor"),
      ],
      indexes: [Index("series_id", "id")], foreignKeys: [ForeignKey("series_id", to: "coupon_series")],
      checks: ["asked > 0", "made between 0 and asked"])
  }

  /// The place where a code is unique. A till asks by exactly the key; a batch is read in the order of its codes.
  static var coupon: Table {
    Table(
      "coupon", owner: "Loyalty", family: .byValue(of: "code"), key: .clustered(["account_id", "code"]),
      columns: [
        .integer("account_id"), .text("code"), .integer("series_id"), .integer("batch_id", nullable: true),
        .integer("owner_id", nullable: true), .integer("state", default: 0), .integer("issued_at"),
        .integer("good_from", nullable: true), .integer("good_until", nullable: true), .integer("used_on", nullable: true),
        .integer("used_owner", nullable: true), .integer("used_at", nullable: true), .integer("hold_id", nullable: true),
        .integer("held_until", nullable: true), .integer("issued_on", nullable: true),
      ],
      indexes: [
        Index("batch_id", "code", where: "batch_id is not null"), Index("account_id", "owner_id", where: "owner_id is not null"),
        Index("account_id", "hold_id", where: "hold_id is not null"),
        Index("account_id", "issued_on", where: "issued_on is not null"),
      ],
      checks: ["length(code) > 0", "state between 0 and 2", "(state = 1) = (used_on is not null)"])
  }

  /// How many coupons were used, by store, so that tills of different stores never wait for each other at a counter.
  static var use: Table {
    Table(
      "coupon_use", owner: "Loyalty", family: .byValue(of: "series_id"), key: .clustered(["series_id", "store_id"]),
      columns: [.integer("series_id"), .integer("store_id"), .integer("account_id"), .integer("used")])
  }

  /// How the coupons of a series stand, as scheduled work counted them one by one.
  static var standing: Table {
    Table(
      "coupon_standing", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "series_id"]),
      columns: [
        .integer("programme_id"), .integer("series_id"), .integer("account_id"), .integer("issued"), .integer("active"),
        .integer("waiting"), .integer("reserved"), .integer("used"), .integer("expired"), .integer("void"),
        .integer("ends_in_week"), .integer("ends_in_month"), .integer("at"),
      ])
  }

  /// How many coupons of a series were issued, used and left unused on a day; found in the same round.
  static var day: Table {
    Table(
      "coupon_day", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "series_id", "day"]),
      columns: [
        .integer("programme_id"), .integer("series_id"), .integer("day"), .integer("account_id"), .integer("issued"),
        .integer("used"), .integer("expired"),
      ])
  }
}
