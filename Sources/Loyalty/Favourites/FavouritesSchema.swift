import Storage

/// The table of favourites. The choices themselves stand in the members' rows, what is offered in the programme's settings.
enum FavouritesSchema {
  static var tables: [Table] { [tally] }

  /// How many members have chosen a category for a period; under the empty code, how many have chosen at all. Kept up with each choice,
  /// so that nobody counts members.
  static var tally: Table {
    Table(
      "favourite_tally", owner: "Loyalty", family: .reference, key: .clustered(["programme_id", "starts_at", "code"]),
      columns: [
        .integer("programme_id"), .integer("starts_at"), .text("code"), .integer("account_id"), .integer("members"),
      ])
  }
}
