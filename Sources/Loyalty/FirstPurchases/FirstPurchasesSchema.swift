import Storage

/// The table of what is counted of the past.
public enum FirstPurchasesSchema {
  public static var tables: [Table] { [firstPurchase] }

  /// Goods whose first purchase some rule book asks about, by the number of the sum that counts them. `book` is the latest rule book that
  /// asks without a break; `last_owner` is how far the members are counted whose receipts are older than that, `counted_at` says that all are.
  static var firstPurchase: Table {
    Table(
      "first_purchase", owner: "Loyalty", family: .reference, key: .columns(["programme_id", "sum_id"]),
      columns: [
        .integer("programme_id"), .integer("sum_id"), .integer("account_id"), .integer("book"), .integer("asked_at"),
        .integer("last_owner", default: 0), .integer("counted_at", nullable: true),
      ],
      indexes: [Index("account_id", "programme_id", where: "counted_at is null", named: "waiting")],
      foreignKeys: [ForeignKey("programme_id", to: "programme")])
  }
}
