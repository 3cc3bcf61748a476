import Storage

/// What an account says of its members' attributes. What members have stands with the person.
enum FieldsSchema {
  static var tables: [Table] { [field, policy, dictionary, value] }

  static var field: Table {
    Table(
      "member_field", owner: "Customers", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .text("body"), .integer("made_at"),
        .integer("archived_at", nullable: true),
      ],
      uniques: [Unique("account_id", "code")], checks: ["length(code) > 0"])
  }

  /// Whether members may have attributes that nobody defined.
  static var policy: Table {
    Table(
      "field_policy", owner: "Customers", family: .reference, key: .clustered(["account_id"]),
      columns: [.integer("account_id"), .flag("only_defined"), .integer("changed_at")])
  }

  static var dictionary: Table {
    Table(
      "dictionary", owner: "Customers", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .text("name_ru"), .text("name_en"), .integer("made_at"),
      ],
      uniques: [Unique("account_id", "code")], checks: ["length(code) > 0"])
  }

  static var value: Table {
    Table(
      "dictionary_value", owner: "Customers", family: .reference, key: .clustered(["dictionary_id", "code"]),
      columns: [
        .integer("dictionary_id"), .text("code"), .integer("account_id"), .text("name_ru"), .text("name_en"), .integer("rank"),
        .integer("archived_at", nullable: true),
      ],
      checks: ["length(code) > 0"])
  }
}
