import Storage

/// The tables of this wing, in an order in which they can be created.
public enum JobsSchema {
  public static var tables: [Table] { [checkpoint] }

  static var checkpoint: Table {
    Table(
      "checkpoint", owner: "Jobs", family: .reference, key: .columns(["account_id", "work", "key"]),
      columns: [
        .integer("account_id"), .text("work"), .text("key"), .integer("step"), .text("state"), .flag("is_done"), .integer("at"),
      ])
  }
}
