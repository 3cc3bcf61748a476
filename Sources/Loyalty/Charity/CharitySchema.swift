import Storage

/// Points for charities: what was given, and what each day came to. Which charities there are stands in the programme's settings.
enum CharitySchema {
  static var tables: [Table] { [donation, day] }

  /// `parts` is what left which lots, so that taking it back puts it there again.
  static var donation: Table {
    Table(
      "donation", owner: "Loyalty", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .text("charity"),
        .integer("points"),
        .integer("day"), .integer("made_at"), .text("actor"), .bytes("parts"), .integer("undone_at", nullable: true),
        .text("undone_by", nullable: true), .text("reason", nullable: true),
      ],
      indexes: [Index("programme_id", "id"), Index("programme_id", "charity", "day")],
      checks: ["points > 0", "length(charity) > 0", "(undone_at is null) = (undone_by is null)"])
  }

  static var day: Table {
    Table(
      "charity_day", owner: "Loyalty", family: .byValue(of: "programme_id"), key: .clustered(["programme_id", "charity", "day"]),
      columns: [
        .integer("programme_id"), .text("charity"), .integer("day"), .integer("account_id"), .integer("donations"),
        .integer("points"),
      ],
      checks: ["donations >= 0", "points >= 0"])
  }
}
