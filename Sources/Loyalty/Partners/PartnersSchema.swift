import Storage

/// The tables of partners and what is settled with them, in an order in which they can be created.
public enum PartnersSchema {
  public static var tables: [Table] { [partner, entity, terms, statement, cleared, entry] }

  static var partner: Table {
    Table(
      "partner", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("code"), .text("name"), .text("tax_number"),
        .text("contract"), .integer("made_at"),
      ],
      uniques: [Unique("programme_id", "code")], foreignKeys: [ForeignKey("programme_id", to: "programme")],
      checks: ["length(code) > 0", "length(name) > 0"])
  }

  /// Whose stores are the partner's: a legal entity is one partner's at the most.
  static var entity: Table {
    Table(
      "partner_entity", owner: "Loyalty", family: .reference, key: .columns(["programme_id", "legal_entity_id"]),
      columns: [
        .integer("programme_id"), .integer("legal_entity_id"), .integer("partner_id"), .integer("account_id"),
      ],
      indexes: [Index("partner_id")], foreignKeys: [ForeignKey("partner_id", to: "partner")])
  }

  /// What points cost from a day on: minor units of one whole point earned and spent, and the commission in millionths.
  static var terms: Table {
    Table(
      "partner_terms", owner: "Loyalty", family: .reference, key: .columns(["partner_id", "from_day"]),
      columns: [
        .integer("partner_id"), .integer("from_day"), .integer("account_id"), .integer("earn_value"), .integer("spend_value"),
        .integer("commission"), .integer("made_at"), .text("actor"),
      ],
      foreignKeys: [ForeignKey("partner_id", to: "partner")],
      checks: ["earn_value >= 0", "spend_value >= 0", "commission between 0 and 1000000"])
  }

  /// Issued, and never changed. `body` is the whole statement as it was.
  static var statement: Table {
    Table(
      "partner_statement", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("partner_id"), .integer("number"), .integer("first_day"),
        .integer("last_day"), .integer("opening"), .integer("closing"), .text("body"), .integer("made_at"), .text("actor"),
      ],
      uniques: [Unique("partner_id", "number"), Unique("partner_id", "first_day")],
      foreignKeys: [ForeignKey("partner_id", to: "partner")], checks: ["number > 0", "first_day <= last_day"])
  }

  /// What a statement says of a day: one of its own, or an earlier one that it corrects.
  static var cleared: Table {
    Table(
      "partner_cleared", owner: "Loyalty", family: .reference, key: .columns(["statement_id", "day"]),
      columns: [
        .integer("statement_id"), .integer("day"), .integer("partner_id"), .integer("account_id"), .integer("net"),
      ],
      indexes: [Index("partner_id", "day")], foreignKeys: [ForeignKey("statement_id", to: "partner_statement")])
  }

  /// Payments, and disputes about receipts. `amount` is what it changes the balance by: below zero where less is owed by the partner.
  static var entry: Table {
    Table(
      "partner_entry", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("partner_id"), .integer("kind"), .integer("state"), .integer("day"),
        .integer("amount"), .integer("receipt_id", nullable: true), .integer("owner_id", nullable: true), .text("reason"),
        .text("answer"), .integer("statement_id", nullable: true), .text("request"), .integer("made_at"), .text("actor"),
        .integer("decided_at", nullable: true), .text("decided_by", nullable: true),
      ],
      uniques: [Unique("partner_id", "request")],
      indexes: [Index("partner_id", "id"), Index("partner_id", "statement_id")],
      foreignKeys: [ForeignKey("partner_id", to: "partner")], checks: ["kind between 1 and 2", "state between 1 and 3"])
  }
}
