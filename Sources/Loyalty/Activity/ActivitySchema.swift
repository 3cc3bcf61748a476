import Storage

/// The tables of who came when, and of what is owed, in an order in which they can be created.
public enum ActivitySchema {
  public static var tables: [Table] { [memberDay, comeback, pointsOwed, shopperSpread, pointsFlow, pointsPlace, pointsAge] }

  /// On which business days a member had a receipt that was not cancelled, what was paid for them less what went back, and the status points:
  /// added up from events.
  static var memberDay: Table {
    Table(
      "member_day", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "day"]),
      columns: [
        .integer("owner_id"), .integer("day"), .integer("account_id"), .integer("receipts"), .integer("amount", default: 0),
        .integer("points", default: 0),
      ], checks: ["receipts > 0"])
  }

  /// How many members had receipts on a day whose day before that was so many days ago. It tells how many came in any span of days, each
  /// counted once, without their names: those whose day before lies before the span.
  static var comeback: Table {
    Table(
      "comeback", owner: "Loyalty", family: .byValue(of: "account_id"), key: .clustered(["account_id", "day", "gap"]),
      columns: [.integer("account_id"), .integer("day"), .integer("gap"), .integer("members")], checks: ["gap > 0"])
  }

  /// What a programme owes its members, by the month in which it expires, as scheduled work found it.
  static var pointsOwed: Table {
    Table(
      "points_owed", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "month"]),
      columns: [
        .integer("programme_id"), .integer("month"), .integer("account_id"), .integer("points"), .integer("wallets"),
        .integer("at"),
      ])
  }

  /// How lately, how often and for how much members bought: how many have which value, as scheduled work found it.
  static var shopperSpread: Table {
    Table(
      "shopper_spread", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id"]),
      columns: [.integer("programme_id"), .integer("account_id"), .integer("members"), .text("body"), .integer("at")])
  }

  /// What the journal moved by the month of posting and pair of its accounts, as scheduled work added it up; one row with no accounts has what
  /// all wallets held in the same reading.
  static var pointsFlow: Table {
    Table(
      "points_flow", owner: "Loyalty", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "month", "from_account", "to_account"]),
      columns: [
        .integer("programme_id"), .integer("month"), .integer("from_account"), .integer("to_account"), .integer("account_id"),
        .integer("points"), .integer("at"),
      ])
  }

  /// The same by the legal entity of the store where it happened; entity 0: in no store. `settled` is what entries came to that no later round
  /// reads again. The row of month 0 has in `settled` the entry before which all are, 0 where the next round begins anew, and in `points` what
  /// all wallets held.
  static var pointsPlace: Table {
    Table(
      "points_place", owner: "Loyalty", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "month", "entity_id", "from_account", "to_account"]),
      columns: [
        .integer("programme_id"), .integer("month"), .integer("entity_id"), .integer("from_account"), .integer("to_account"),
        .integer("account_id"), .integer("settled"), .integer("points"), .integer("at"),
      ])
  }

  /// What a programme owes its members, by the month in which it was issued; month 0 where nobody knows. Found with `points_owed`.
  static var pointsAge: Table {
    Table(
      "points_age", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "month"]),
      columns: [.integer("programme_id"), .integer("month"), .integer("account_id"), .integer("points"), .integer("at")])
  }
}
