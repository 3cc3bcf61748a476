import Storage

/// The tables of receipts, in an order in which they can be created.
public enum ReceiptsSchema {
  public static var tables: [Table] {
    [
      receipt, receiptReturn, receiptAlias, discrepancy, promotionUsage, promotionSlice, promotionDaySlice, waitingReturn,
      pastReceipts,
    ]
  }

  /// What was sold, as one row. `lines` are columns in JSON for whoever asks in SQL; `facts` is everything the calculation read and
  /// `trace` how it came out, both compact; `points` is what the wallet was moved by. `card` is a fingerprint of what identified the
  /// member, where limits count that.
  static var receipt: Table {
    Table(
      "receipt", owner: "Loyalty", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .integer("store_id"), .text("key"),
        .integer("business_day"), .integer("sold_at"), .integer("posted_at"), .integer("state"), .integer("amount"),
        .integer("discount"), .integer("spent"), .integer("earned"), .integer("rules"), .integer("calculator"), .text("lines"),
        .bytes("facts"), .bytes("trace"), .bytes("points"), .text("cashier", nullable: true),
        .text("card", nullable: true),
      ],
      checks: ["state between 1 and 5"])
  }

  /// What one return document took back of one receipt, or of goods that no receipt was found for (`receipt_id` is null then).
  /// `sale_id` is the sale that an exchange made of it; `documents` are what is printed where the rest was priced anew; `step` counts
  /// the returns of one receipt from 0. `given` is what promotions gave less for it. `matched_as` is the document under which goods without a
  /// receipt were taken back of it when it came after them: the row then counts no more.
  static var receiptReturn: Table {
    Table(
      "receipt_return", owner: "Loyalty", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .integer("document_id"),
        .integer("receipt_id", nullable: true), .integer("sale_id", nullable: true), .integer("store_id"), .text("key"),
        .integer("business_day"), .integer("returned_at"), .integer("posted_at"), .integer("policy"), .integer("amount"),
        .integer("given_back"), .integer("taken_back"), .integer("lost"), .text("lines"), .bytes("points"),
        .text("documents", nullable: true), .integer("step", default: 0),
        .text("given", nullable: true), .text("cashier", nullable: true), .integer("matched_as", nullable: true),
      ],
      indexes: [Index("owner_id", "receipt_id"), Index("owner_id", "document_id"), Index("document_id")])
  }

  /// Goods that came back before the receipt that they name, under each of its keys; read where a sale finds a key held for it.
  static var waitingReturn: Table {
    Table(
      "waiting_return", owner: "Loyalty", family: .byValue(of: "key"),
      key: .clustered(["account_id", "kind", "key", "document_id"]),
      columns: [
        .integer("account_id"), .integer("kind"), .text("key"), .integer("document_id"), .integer("owner_id"), .text("goods"),
      ], indexes: [Index("account_id", "document_id"), Index("document_id")])
  }

  /// How many receipts of before were taken in: they tell no events, and whoever follows those sees by it that there are more.
  static var pastReceipts: Table {
    Table(
      "past_receipts", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id"]),
      columns: [.integer("account_id"), .integer("programme_id"), .integer("receipts")])
  }

  /// A receipt of nobody that found its member later. Its owner is never rewritten; this row says whose it is besides, and in
  /// `given` which promotion earned how much.
  static var receiptAlias: Table {
    Table(
      "receipt_alias", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "receipt_id"]),
      columns: [
        .integer("owner_id"), .integer("receipt_id"), .integer("account_id"), .integer("programme_id"), .integer("sold_by"),
        .integer("sold_at"), .integer("attached_at"), .integer("earned"), .flag("is_returned"), .bytes("points"),
        .text("given", nullable: true), .text("given_lines", nullable: true),
      ])
  }

  /// What did not fit and was accepted all the same, for somebody to look into. `receipt_id` is the receipt or the document of a return;
  /// `register` and `cashier` are those who said so.
  static var discrepancy: Table {
    Table(
      "discrepancy", owner: "Loyalty", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .integer("store_id"),
        .integer("receipt_id"), .text("cause"), .integer("stated"), .integer("expected"), .integer("at"),
        .text("register", nullable: true), .text("cashier", nullable: true),
      ],
      indexes: [
        Index("account_id", "id"), Index("owner_id", "receipt_id"), Index("account_id", "cause", "id"),
        Index("account_id", "store_id", "id"),
      ])
  }

  /// How far limits and budgets that all tills share are used or taken into slices: all in all (`store_id` and `day` 0) and on a business day
  /// (`store_id` 0); and used in a store, ever (`day` 0) and on a business day.
  static var promotionUsage: Table {
    Table(
      "promotion_usage", owner: "Loyalty", family: .byValue(of: "promotion_id"),
      key: .clustered(["promotion_id", "store_id", "day"]),
      columns: [
        .integer("account_id"), .integer("promotion_id"), .integer("store_id"), .integer("day"), .integer("uses"),
        .integer("money"),
        .integer("points"),
      ])
  }

  /// What one instance may use of a limit without asking the others. Below zero where there is no limit: then it is what was used.
  static var promotionSlice: Table {
    Table(
      "promotion_slice", owner: "Loyalty", family: .byValue(of: "promotion_id"), key: .clustered(["promotion_id", "node"]),
      columns: [
        .integer("account_id"), .integer("promotion_id"), .integer("node"), .integer("uses"), .integer("money"), .integer("points"),
      ])
  }

  /// The same of what a limit allows on one day.
  static var promotionDaySlice: Table {
    Table(
      "promotion_day_slice", owner: "Loyalty", family: .byValue(of: "promotion_id"),
      key: .clustered(["promotion_id", "day", "node"]),
      columns: [
        .integer("account_id"), .integer("promotion_id"), .integer("day"), .integer("node"), .integer("uses"), .integer("money"),
        .integer("points"),
      ])
  }
}
