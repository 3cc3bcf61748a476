import Storage

/// The catalogue's tables, in an order in which they can be created, behind those of `AccessSchema`.
public enum CatalogueSchema {
  public static var tables: [Table] { [category, productBrand, manufacturer, product, barcode, figure] }

  static var productBrand: Table { named("product_brand") }
  static var manufacturer: Table { named("manufacturer") }

  /// `path` is `/cat_…/cat_…/` from the top down to the category itself, for whoever asks in SQL.
  static var category: Table {
    Table(
      "category", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .integer("parent_id", nullable: true), .text("path"),
        .integer("depth"),
        .text("name_ru", nullable: true), .text("name_en", nullable: true), .integer("version"),
      ],
      uniques: [Unique("account_id", "code")],
      foreignKeys: [ForeignKey("account_id", to: "account"), ForeignKey("parent_id", to: "category")],
      checks: ["length(code) > 0", "depth between 1 and 12", "name_ru is not null or name_en is not null"])
  }

  private static func named(_ name: String) -> Table {
    Table(
      name, owner: "Loyalty", family: .reference, key: .id,
      columns: [.integer("id"), .integer("account_id"), .text("code"), .text("name")], uniques: [Unique("account_id", "code")],
      foreignKeys: [ForeignKey("account_id", to: "account")], checks: ["length(code) > 0"])
  }

  static var product: Table {
    Table(
      "product", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .text("name_ru", nullable: true), .text("name_en", nullable: true),
        .integer("category_id", nullable: true), .integer("brand_id", nullable: true), .integer("manufacturer_id", nullable: true),
        .text("unit"), .text("attributes"), .integer("flags"), .integer("min_price", nullable: true),
        .integer("max_price", nullable: true), .integer("min_age", nullable: true), .flag("is_archived"), .integer("version"),
      ],
      uniques: [Unique("account_id", "code")], indexes: [Index("account_id", "version", "id")],
      foreignKeys: [
        ForeignKey("account_id", to: "account"), ForeignKey("category_id", to: "category"),
        ForeignKey("brand_id", to: "product_brand"), ForeignKey("manufacturer_id", to: "manufacturer"),
      ],
      checks: [
        "length(code) > 0", "name_ru is not null or name_en is not null", "flags between 0 and 255", "min_price <= max_price",
      ])
  }

  static var barcode: Table {
    Table(
      "barcode", owner: "Loyalty", family: .reference, key: .clustered(["account_id", "digits"]),
      columns: [.integer("account_id"), .text("digits"), .integer("product_id")], indexes: [Index("product_id")],
      foreignKeys: [ForeignKey("product_id", to: "product")])
  }

  /// `zone_id` 0 stands for all zones that have no figure of their own. `version` is the account's at which it came or changed last.
  static var figure: Table {
    Table(
      "product_figure", owner: "Loyalty", family: .reference, key: .clustered(["product_id", "zone_id", "kind", "since"]),
      columns: [
        .integer("account_id"), .integer("product_id"), .integer("zone_id"), .text("kind"), .integer("since"), .integer("value"),
        .integer("version", default: 0),
      ],
      indexes: [Index("account_id", "version")],
      foreignKeys: [ForeignKey("product_id", to: "product")], checks: ["value >= 0"])
  }
}
