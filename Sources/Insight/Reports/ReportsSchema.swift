import Storage

/// The tables of this wing, in an order in which they can be created.
public enum InsightSchema {
  public static var tables: [Table] { [definitions, target] }

  /// What the words of reports mean, version by version; rows are never edited.
  static var definitions: Table {
    Table(
      "report_definitions", owner: "Insight", family: .byValue(of: "account_id"), key: .clustered(["account_id", "version"]),
      columns: [
        .integer("account_id"), .integer("version"), .integer("starts_on"), .text("body"), .text("actor"), .integer("made_at"),
      ], checks: ["version > 0"])
  }

  /// What a month is to come to: money and points in their smallest units, shares in parts per million, averages as the board has them.
  static var target: Table {
    Table(
      "report_target", owner: "Insight", family: .byValue(of: "programme_id"),
      key: .clustered(["programme_id", "month", "measure"]),
      columns: [
        .integer("programme_id"), .integer("month"), .text("measure"), .integer("account_id"), .integer("amount"),
      ], checks: ["amount > 0"])
  }
}
