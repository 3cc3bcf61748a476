import Storage

/// The tables of this wing, in an order in which they can be created.
public enum AccessSchema {
  public static var tables: [Table] {
    [account, legalEntity, brand, priceZone, store, register, audit, token, staff, session, failure, factor, link]
  }

  static var account: Table {
    Table(
      "account", owner: "Access", family: .reference, scope: .installation(because: "it is the list of the accounts themselves"),
      key: .id,
      columns: [
        .integer("id"), .text("code"), .text("name"), .text("currency"), .text("country"), .flag("is_suspended"),
        .integer("structure_version"), .integer("made_at"),
      ],
      uniques: [Unique("code")], checks: ["length(code) > 0", "length(currency) = 3"])
  }

  static var legalEntity: Table {
    Table(
      "legal_entity", owner: "Access", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .text("name"), .text("tax_number", nullable: true),
        .text("tax_system"),
      ],
      uniques: [Unique("account_id", "code")], foreignKeys: [ForeignKey("account_id", to: "account")], checks: ["length(code) > 0"])
  }

  static var brand: Table { named("brand") }
  static var priceZone: Table { named("price_zone") }

  private static func named(_ name: String) -> Table {
    Table(
      name, owner: "Access", family: .reference, key: .id,
      columns: [.integer("id"), .integer("account_id"), .text("code"), .text("name")], uniques: [Unique("account_id", "code")],
      foreignKeys: [ForeignKey("account_id", to: "account")], checks: ["length(code) > 0"])
  }

  static var store: Table {
    Table(
      "store", owner: "Access", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .text("name"), .integer("brand_id"), .integer("legal_entity_id"),
        .integer("price_zone_id", nullable: true), .text("region", nullable: true), .text("city", nullable: true),
        .text("street", nullable: true), .integer("latitude", nullable: true), .integer("longitude", nullable: true), .text("zone"),
        .integer("day_start"), .flag("is_closed"), .text("format", nullable: true),
      ],
      uniques: [Unique("account_id", "code")],
      foreignKeys: [
        ForeignKey("account_id", to: "account"), ForeignKey("brand_id", to: "brand"),
        ForeignKey("legal_entity_id", to: "legal_entity"),
        ForeignKey("price_zone_id", to: "price_zone"),
      ],
      checks: ["length(code) > 0", "day_start >= 0 and day_start < 86400", "(latitude is null) = (longitude is null)"])
  }

  static var register: Table {
    Table(
      "register", owner: "Access", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("store_id"), .text("code"), .text("name"), .text("profile"),
        .flag("is_closed"),
      ],
      uniques: [Unique("store_id", "code")],
      foreignKeys: [ForeignKey("account_id", to: "account"), ForeignKey("store_id", to: "store")], checks: ["length(code) > 0"])
  }

  /// Whoever shows a secret is found by its hash; the secret itself is nowhere.
  static var token: Table {
    Table(
      "token", owner: "Access", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id", nullable: true), .text("name"), .text("kind"),
        .integer("store_id", nullable: true), .integer("register_id", nullable: true), .text("scopes"), .text("secret_hash"),
        .integer("made_at"), .integer("expires_at", nullable: true), .integer("revoked_at", nullable: true),
        .integer("used_at", nullable: true),
      ],
      uniques: [Unique("secret_hash")], indexes: [Index("account_id", "id"), Index("account_id", "kind", "id")],
      foreignKeys: [
        ForeignKey("account_id", to: "account"), ForeignKey("store_id", to: "store"), ForeignKey("register_id", to: "register"),
      ],
      checks: ["kind in ('register', 'integration')", "(kind = 'register') = (register_id is not null)"])
  }

  /// Who signs in to the console. `mail` is where letters to them go.
  static var staff: Table {
    Table(
      "staff", owner: "Access", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("login"), .text("name"), .text("role"), .text("password"),
        .flag("must_change"), .flag("is_blocked"), .integer("made_at"), .text("mail", nullable: true),
      ],
      uniques: [Unique("account_id", "login")], foreignKeys: [ForeignKey("account_id", to: "account")],
      checks: ["length(login) > 0"])
  }

  /// Whoever shows a secret is found by its hash, as with tokens. A session that was ended is gone.
  static var session: Table {
    Table(
      "staff_session", owner: "Access", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("staff_id"), .text("secret_hash"), .flag("is_proven"), .integer("made_at"),
        .integer("seen_at"), .integer("ends_at"),
      ],
      uniques: [Unique("secret_hash")], indexes: [Index("staff_id"), Index("ends_at")],
      foreignKeys: [ForeignKey("account_id", to: "account"), ForeignKey("staff_id", to: "staff")])
  }

  /// How often somebody failed to sign in since they last did.
  static var failure: Table {
    Table(
      "staff_failure", owner: "Access", family: .reference, key: .columns(["staff_id"]),
      columns: [.integer("staff_id"), .integer("account_id"), .integer("failures"), .integer("closed_until", nullable: true)],
      foreignKeys: [ForeignKey("account_id", to: "account"), ForeignKey("staff_id", to: "staff")], checks: ["failures >= 0"])
  }

  /// Second factors, their secrets sealed. `used_step` keeps a code from being used twice.
  static var factor: Table {
    Table(
      "staff_factor", owner: "Access", family: .reference, key: .columns(["staff_id"]),
      columns: [
        .integer("staff_id"), .integer("account_id"), .text("secret"), .integer("used_step"), .integer("made_at"),
      ],
      foreignKeys: [ForeignKey("account_id", to: "account"), ForeignKey("staff_id", to: "staff")])
  }

  /// Ways to set a password that letters carry, found by the hash of their secret. One that was used is gone.
  static var link: Table {
    Table(
      "staff_link", owner: "Access", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("staff_id"), .text("purpose"), .text("secret_hash"), .integer("made_at"),
        .integer("ends_at"),
      ],
      uniques: [Unique("secret_hash")], indexes: [Index("account_id", "staff_id"), Index("ends_at")],
      foreignKeys: [ForeignKey("account_id", to: "account"), ForeignKey("staff_id", to: "staff")],
      checks: ["purpose in ('invitation', 'reset')"])
  }

  /// Spread by what changed, so that one thing's history lies in one place.
  static var audit: Table {
    Table(
      "audit", owner: "Access", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("owner_id"), .integer("at"), .text("actor"), .text("act"),
        .text("before", nullable: true), .text("after", nullable: true),
      ],
      indexes: [Index("account_id", "id")])
  }
}
