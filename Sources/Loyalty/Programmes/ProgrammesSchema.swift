import Storage

/// Programmes, their promotions and rule books, in an order in which they can be created, behind those of `AccessSchema`.
public enum ProgrammesSchema {
  public static var tables: [Table] {
    [
      programme, programmeVersion, promotion, promotionVersion, promotionApproval, promotionPilot, ruleBook, approvalChange,
      rulePart,
    ]
  }

  static var programme: Table {
    Table(
      "programme", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .integer("version"), .text("settings"), .integer("made_at"),
      ],
      uniques: [Unique("account_id", "code")], foreignKeys: [ForeignKey("account_id", to: "account")],
      checks: ["length(code) > 0", "version > 0"])
  }

  /// Never changed and never deleted: receipts name the version that priced them.
  static var programmeVersion: Table {
    Table(
      "programme_version", owner: "Loyalty", family: .reference, key: .columns(["programme_id", "version"]),
      columns: [
        .integer("programme_id"), .integer("version"), .integer("account_id"), .text("settings"), .integer("made_at"),
        .text("actor"),
      ],
      foreignKeys: [ForeignKey("programme_id", to: "programme")])
  }

  static var promotion: Table {
    Table(
      "promotion", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("code"), .text("status"), .integer("version"),
        .text("body"), .integer("changed_at"),
      ],
      uniques: [Unique("programme_id", "code")], foreignKeys: [ForeignKey("programme_id", to: "programme")],
      checks: ["length(code) > 0", "version > 0", "status in ('draft', 'running', 'paused', 'archived')"])
  }

  static var promotionVersion: Table {
    Table(
      "promotion_version", owner: "Loyalty", family: .reference, key: .columns(["promotion_id", "version"]),
      columns: [
        .integer("promotion_id"), .integer("version"), .integer("account_id"), .text("body"), .integer("made_at"), .text("actor"),
      ],
      foreignKeys: [ForeignKey("promotion_id", to: "promotion")])
  }

  /// A second person's word on one version of a promotion, or the wish for one.
  static var promotionApproval: Table {
    Table(
      "promotion_approval", owner: "Loyalty", family: .reference, key: .columns(["promotion_id", "version"]),
      columns: [
        .integer("promotion_id"), .integer("version"), .integer("account_id"), .text("state"), .text("asked_by"),
        .integer("asked_at"),
        .text("decided_by", nullable: true), .integer("decided_at", nullable: true), .text("note"),
      ],
      indexes: [Index("account_id", "asked_at", where: "state = 'asked'")],
      foreignKeys: [ForeignKey("promotion_id", to: "promotion")],
      checks: ["state in ('asked', 'approved', 'declined')", "(state = 'asked') = (decided_by is null)"])
  }

  /// The wish to raise the limit above which a second person approves, or to do away with it (`above_to` null), and what was said of it.
  static var approvalChange: Table {
    Table(
      "approval_change", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("above_from"),
        .integer("above_to", nullable: true), .text("state"), .text("asked_by"), .integer("asked_at"),
        .text("decided_by", nullable: true), .integer("decided_at", nullable: true), .text("note"),
      ],
      uniques: [Unique("programme_id", where: "state = 'asked'")], indexes: [Index("programme_id", "id")],
      checks: ["state in ('asked', 'approved', 'declined', 'overtaken')", "(state = 'asked') = (decided_by is null)"])
  }

  /// A version that is tried where `scope` says; `kept` is the version that the others have meanwhile, null where they have none. The rule
  /// books from `since_rules` until before `until_rules` have it on trial.
  static var promotionPilot: Table {
    Table(
      "promotion_pilot", owner: "Loyalty", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("promotion_id"), .integer("version"),
        .integer("kept", nullable: true), .text("scope"), .text("state"), .integer("since_rules"),
        .integer("until_rules", nullable: true), .integer("begun_at"), .text("begun_by"), .integer("ended_at", nullable: true),
        .text("ended_by", nullable: true),
      ],
      uniques: [Unique("promotion_id", where: "state = 'running'")],
      indexes: [Index("programme_id", where: "state = 'running'"), Index("promotion_id", "begun_at desc")],
      foreignKeys: [ForeignKey("promotion_id", to: "promotion")],
      checks: ["state in ('running', 'rolled-out', 'stopped')", "(state = 'running') = (ended_at is null)"])
  }

  /// Rows of sheets that promotions and rule books name by number, each once; never changed and never deleted. `digest` is half of its
  /// SHA-256.
  static var rulePart: Table {
    Table(
      "rule_part", owner: "Loyalty", family: .reference, key: .columns(["account_id", "id"]),
      columns: [.integer("account_id"), .integer("id"), .text("digest"), .text("body")],
      uniques: [Unique("account_id", "digest")])
  }

  /// The running promotions of one moment with the settings they ran under, whole, so that any receipt can be computed again.
  static var ruleBook: Table {
    Table(
      "rule_book", owner: "Loyalty", family: .reference, key: .columns(["programme_id", "version"]),
      columns: [
        .integer("programme_id"), .integer("version"), .integer("account_id"), .integer("programme_version"),
        .integer("promotions"),
        .text("body"), .integer("made_at"), .text("actor"),
      ],
      foreignKeys: [ForeignKey("programme_id", to: "programme")])
  }
}
