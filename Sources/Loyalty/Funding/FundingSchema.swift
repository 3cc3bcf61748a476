import Storage

/// The tables of what promotions gave and who pays for it, in an order in which they can be created.
public enum FundingSchema {
  public static var tables: [Table] {
    [start, promotionDay, clearingDay, payer, contract, act, period, trialDay, trialPayer, goodsDay]
  }

  /// From which moment an account's days of promotions and stores are added up: receipts that were stored before are left out, with all
  /// that became of them.
  static var start: Table {
    Table(
      "settlement_start", owner: "Loyalty", family: .reference, key: .columns(["account_id"]),
      columns: [.integer("account_id"), .integer("at")])
  }

  /// What one promotion gave by one rule book on one business day in all stores together, and what of it came back on that day, added up from
  /// events. `store_id` is 0.
  static var promotionDay: Table { days("promotion_day") }

  /// The same of versions that their books have on trial: they stand apart, as who pays for them may be another.
  static var trialDay: Table { days("promotion_trial_day") }

  private static func days(_ name: String) -> Table {
    Table(
      name, owner: "Loyalty", family: .byValue(of: "promotion_id"),
      key: .clustered(["promotion_id", "rules", "store_id", "day"]),
      columns: [
        .integer("promotion_id"), .integer("rules"), .integer("store_id"), .integer("day"), .integer("account_id"),
        .integer("programme_id"), .integer("receipts"), .integer("money"), .integer("points"), .integer("returns"),
        .integer("money_back"), .integer("points_back"),
      ])
  }

  /// What one store's members earned and spent on one business day, and what of that came back on that day, whatever store took it back.
  static var clearingDay: Table {
    Table(
      "clearing_day", owner: "Loyalty", family: .byValue(of: "store_id"), key: .clustered(["store_id", "programme_id", "day"]),
      columns: [
        .integer("store_id"), .integer("programme_id"), .integer("day"), .integer("account_id"), .integer("receipts"),
        .integer("amount"), .integer("earned"), .integer("spent"), .integer("returns"), .integer("taken_back"),
        .integer("given_back"),
      ])
  }

  /// Of promotions that somebody else pays for: how much of each product one rule book reduced or earned on, on one business day in all stores
  /// together, and how much of that came back on that day. Quantities in thousandths; `is_trial` is 1 for versions on trial.
  static var goodsDay: Table {
    Table(
      "promotion_goods_day", owner: "Loyalty", family: .byValue(of: "promotion_id"),
      key: .clustered(["promotion_id", "rules", "is_trial", "day", "product_id"]),
      columns: [
        .integer("promotion_id"), .integer("rules"), .integer("is_trial"), .integer("day"), .integer("product_id"),
        .integer("account_id"), .integer("programme_id"), .integer("quantity"), .integer("money"), .integer("points"),
        .integer("quantity_back"),
      ])
  }

  /// Who pays for a promotion by one rule book: one row for each share. `shares` are those of all payers, in millionths, in their order;
  /// `spend_value` and `points_scale` say what its points were worth.
  static var payer: Table { payers("promotion_payer") }

  static var trialPayer: Table { payers("promotion_trial_payer") }

  private static func payers(_ name: String) -> Table {
    Table(
      name, owner: "Loyalty", family: .byValue(of: "promotion_id"),
      key: .clustered(["promotion_id", "rules", "place"]),
      columns: [
        .integer("promotion_id"), .integer("rules"), .integer("place"), .integer("account_id"), .integer("programme_id"),
        .text("payer"), .text("code"), .text("contract"), .text("shares"), .integer("spend_value"), .integer("points_scale"),
        .text("promotion_code"), .text("name_ru"), .text("name_en"),
      ],
      indexes: [Index("programme_id", "payer", "code", "contract")])
  }

  /// What was agreed with one payer: rules name it by payer, code and contract. `ceiling` is the most that all acts come to.
  static var contract: Table {
    Table(
      "funding_contract", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("payer"), .text("code"), .text("contract"),
        .text("name"), .text("tax_number"), .integer("ceiling", nullable: true), .integer("made_at"),
        .text("issuer", nullable: true),
      ],
      uniques: [Unique("programme_id", "payer", "code", "contract")], foreignKeys: [ForeignKey("programme_id", to: "programme")],
      checks: ["length(name) > 0"])
  }

  /// Issued, and never changed. `body` is the whole act as it was.
  static var act: Table {
    Table(
      "funding_act", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("contract_id"), .integer("number"), .integer("first_day"),
        .integer("last_day"), .integer("amount"), .integer("beyond"), .text("body"), .integer("made_at"), .text("actor"),
      ],
      uniques: [Unique("contract_id", "number"), Unique("contract_id", "first_day")],
      foreignKeys: [ForeignKey("contract_id", to: "funding_contract")], checks: ["number > 0", "first_day <= last_day"])
  }

  /// What an act says of a period: its own, or an earlier one that it corrects.
  static var period: Table {
    Table(
      "funding_period", owner: "Loyalty", family: .reference, key: .columns(["act_id", "first_day"]),
      columns: [
        .integer("act_id"), .integer("first_day"), .integer("last_day"), .integer("contract_id"), .integer("account_id"),
        .integer("amount"),
      ],
      indexes: [Index("contract_id", "first_day")], foreignKeys: [ForeignKey("act_id", to: "funding_act")])
  }
}
