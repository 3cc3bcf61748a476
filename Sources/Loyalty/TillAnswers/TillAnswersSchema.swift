import Storage

/// The table of what tills were told.
enum TillAnswersSchema {
  static var tables: [Table] { [tillAnswer] }

  /// Spread by store, which owns a row; ids are made in the order of time, so a store's week is read by its range of ids. The index by the
  /// request's name does not begin with the account: SQLite would take it for every question about an account's answers.
  static var tillAnswer: Table {
    Table(
      "till_answer", owner: "Loyalty", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .text("register"), .integer("at"), .text("call"),
        .integer("status"), .text("code"), .integer("member_id", nullable: true), .text("basket", nullable: true),
        .text("request"), .text("answer"), .text("request_id"),
      ],
      indexes: [Index("at"), Index("request_id")])
  }
}
