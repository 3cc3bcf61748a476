import Storage

/// The tables of this wing, in an order in which they can be created.
public enum CustomersSchema {
  public static var tables: [Table] { [identifier, member, memberPerson] }

  /// Read by exactly its key at every till; random keys beside short rows, so the rows lie in the key.
  static var identifier: Table {
    Table(
      "identifier", owner: "Customers", family: .byValue(of: "value"), key: .clustered(["programme_id", "kind", "value"]),
      columns: [
        .integer("account_id"), .integer("programme_id"), .text("kind"), .text("value"), .integer("owner_id"), .flag("is_blocked"),
        .integer("added_at"), .integer("verified_at", nullable: true),
      ],
      indexes: [Index("owner_id")], checks: ["length(value) > 0"])
  }

  static var member: Table {
    Table(
      "member", owner: "Customers", family: .byMember, key: .clustered(["owner_id"]),
      columns: [
        .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .text("kind"), .text("status"),
        .integer("joined_at"),
        .integer("joined_in", nullable: true),
      ],
      indexes: [Index("programme_id", "owner_id")], checks: ["status in ('active', 'blocked', 'erased')"])
  }

  /// Apart from the member, so that erasing a person leaves every fact whole.
  static var memberPerson: Table {
    Table(
      "member_person", owner: "Customers", family: .byMember, key: .clustered(["owner_id"]),
      columns: [
        .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .text("family_name", nullable: true),
        .text("given_name", nullable: true), .text("patronymic", nullable: true), .integer("birthday", nullable: true),
        .text("sex", nullable: true), .text("language", nullable: true), .text("city", nullable: true), .text("attributes"),
      ],
      foreignKeys: [ForeignKey("owner_id", to: "member", "owner_id")])
  }
}
