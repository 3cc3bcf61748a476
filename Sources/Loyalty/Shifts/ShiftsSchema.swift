import Storage

/// The tables of shifts and of the board, in an order in which they can be created.
public enum ShiftsSchema {
  public static var tables: [Table] { [shiftClosing, storeDay] }

  /// What a till stated when it closed a shift; another statement of the same shift is a row of its own and says when it replaced
  /// this one. `body` are the receipts that the till listed, `found` what we had when the answer did not tie. The columns from
  /// `found_sales` to `different` are as of `checked_at`.
  static var shiftClosing: Table {
    Table(
      "shift_closing", owner: "Loyalty", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .text("register"),
        .integer("shift"),
        .integer("business_day"), .integer("opened_at"), .integer("closed_at"), .integer("first_date"), .integer("last_date"),
        .integer("stated_sales"), .integer("stated_sales_amount"), .integer("stated_returns"), .integer("stated_returns_amount"),
        .integer("found_sales"), .integer("found_sales_amount"), .integer("found_returns"), .integer("found_returns_amount"),
        .flag("ties"), .integer("missing"), .integer("surplus"), .integer("different"), .text("body", nullable: true),
        .text("found", nullable: true), .integer("body_hash"), .integer("at"), .integer("checked_at"),
        .integer("replaced_at", nullable: true),
      ],
      indexes: [
        Index("owner_id", "business_day"),
        Index("account_id", "business_day", where: "ties = 0 and replaced_at is null"),
      ],
      checks: ["first_date <= last_date"])
  }

  /// What one store sold and took back on one business day, added up from events.
  static var storeDay: Table {
    Table(
      "store_day", owner: "Loyalty", family: .byValue(of: "store_id"), key: .clustered(["store_id", "day"]),
      columns: [
        .integer("account_id"), .integer("store_id"), .integer("day"), .integer("receipts"), .integer("amount"),
        .integer("member_receipts"), .integer("member_amount"), .integer("earned"), .integer("spent"), .integer("returns"),
        .integer("returned"), .integer("taken_back"), .integer("given_back"), .integer("discrepancies"),
      ], indexes: [Index("account_id", "day")])
  }
}
