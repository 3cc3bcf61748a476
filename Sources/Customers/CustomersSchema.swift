import Storage

/// The tables of this wing, in an order in which they can be created.
public enum CustomersSchema {
  public static var tables: [Table] {
    [
      identifier, formerIdentifier, member, memberPerson, consent, tier, tierGrant, segment, segmentRule, segmentMember,
      segmentChoice, segmentSize,
      confirmation, memberNote, memberTask, memberLook, memberMerge, duplicateKey, duplicatePair, consentText, segmentMove,
    ] + FieldsSchema.tables
  }

  /// Read by exactly its key at every till; random keys beside short rows, so the rows lie in the key.
  static var identifier: Table {
    Table(
      "identifier", owner: "Customers", family: .byValue(of: "value"), key: .clustered(["programme_id", "kind", "value"]),
      columns: [
        .integer("account_id"), .integer("programme_id"), .text("kind"), .text("value"), .integer("owner_id"), .flag("is_blocked"),
        .integer("added_at"), .integer("verified_at", nullable: true),
      ],
      indexes: [
        Index("owner_id"),
        Index("programme_id", IdentifierSQL.cardEnd, "owner_id", where: "kind = 'card'", named: "card_end"),
      ], checks: ["length(value) > 0"])
  }

  /// That a member once had an identifier: a mark of 32 bits in place of it, which two numbers in any ten thousand million share or so. It says
  /// whether somebody who joins may have been here before, and tells nobody's number.
  static var formerIdentifier: Table {
    Table(
      "former_identifier", owner: "Customers", family: .byValue(of: "mark"), key: .clustered(["programme_id", "mark", "owner_id"]),
      columns: [
        .integer("programme_id"), .integer("mark"), .integer("owner_id"), .integer("account_id"), .integer("ended_at"),
      ])
  }

  static var member: Table {
    Table(
      "member", owner: "Customers", family: .byMember, key: .clustered(["owner_id"]),
      columns: [
        .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .text("kind"), .text("status"),
        .integer("joined_at"),
        .integer("joined_in", nullable: true), .text("favourites", nullable: true), .integer("consents", nullable: true),
        .text("offers", nullable: true), .integer("merged_into", nullable: true), .integer("household_id", nullable: true),
      ],
      indexes: [
        Index("programme_id", "owner_id"), Index("programme_id", "merged_into", where: "merged_into is not null"),
        Index("programme_id", "owner_id", where: "household_id is not null", named: "housed"),
      ],
      checks: ["status in ('active', 'blocked', 'erased')"])
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

  /// What members agreed to and took back, act by act; never changed but by forgetting what shows it. The few of one member lie together.
  static var consent: Table {
    Table(
      "consent", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "consent", "acted_at", "is_given"]),
      columns: [
        .integer("owner_id"), .text("consent"), .integer("acted_at"), .flag("is_given"), .integer("account_id"),
        .integer("programme_id"), .text("text_version"), .text("source"), .text("proof", nullable: true), .integer("recorded_at"),
        .text("actor"),
      ],
      indexes: [Index("programme_id", "consent", "text_version")],
      foreignKeys: [ForeignKey("owner_id", to: "member", "owner_id")], checks: ["length(source) > 0"])
  }

  /// What members read when they agreed: a text in two languages, a link, or both, by the version that their consents name. Unchangeable
  /// once one of them names it, and never removed.
  static var consentText: Table {
    Table(
      "consent_text", owner: "Customers", family: .reference, key: .clustered(["programme_id", "consent", "version"]),
      columns: [
        .integer("programme_id"), .text("consent"), .text("version"), .integer("account_id"), .text("text_ru"), .text("text_en"),
        .text("link"), .integer("starts_on"), .integer("made_at"), .text("actor"), .integer("archived_at", nullable: true),
      ],
      checks: ["length(version) > 0", "length(text_ru) > 0 or length(link) > 0"])
  }

  /// That a member came into a segment or left it, for the timeline of their card, and for who was in it on a day; old ones go.
  static var segmentMove: Table {
    Table(
      "segment_move", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("segment_id"), .flag("is_in"), .integer("at"),
      ],
      indexes: [Index("at"), Index("segment_id", "owner_id", "at")])
  }

  static var tier: Table {
    Table(
      "tier", owner: "Customers", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .integer("programme_id"), .text("code"), .text("name_ru"), .text("name_en"),
        .integer("rank"), .text("privileges", default: "[]"),
      ],
      uniques: [Unique("programme_id", "code")], checks: ["length(code) > 0", "rank >= 0"])
  }

  /// Small rows that lie with their owner: the till reads the few of one member.
  static var tierGrant: Table {
    Table(
      "tier_grant", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .integer("tier_id"),
        .integer("starts_at"), .integer("ends_at", nullable: true), .integer("withdrawn_at", nullable: true), .text("reason"),
        .text("actor"),
      ],
      checks: ["ends_at is null or ends_at > starts_at", "length(reason) > 0"])
  }

  static var segment: Table {
    Table(
      "segment", owner: "Customers", family: .reference, key: .id,
      columns: [
        .integer("id"), .integer("account_id"), .text("code"), .text("name_ru"), .text("name_en"), .text("kind"),
        .integer("made_at"), .integer("archived_at", nullable: true),
      ],
      uniques: [Unique("account_id", "code")], checks: ["length(code) > 0", "kind in ('dynamic', 'static', 'snapshot')"])
  }

  /// What computes a segment's members, in the words of the outside.
  static var segmentRule: Table {
    Table(
      "segment_rule", owner: "Customers", family: .reference, key: .clustered(["segment_id"]),
      columns: [
        .integer("segment_id"), .integer("account_id"), .integer("programme_id"), .text("condition"), .integer("changed_at"),
        .integer("counted_at", nullable: true), .integer("members", nullable: true),
      ],
      indexes: [Index("programme_id")])
  }

  /// A row for each member of each segment, beside its owner for the till, and by segment for whoever lists one.
  static var segmentMember: Table {
    Table(
      "segment_member", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "segment_id"]),
      columns: [.integer("owner_id"), .integer("segment_id"), .integer("account_id"), .integer("since")],
      indexes: [Index("segment_id", "owner_id")])
  }

  /// Members who are in a computed segment, or out of it, because somebody said so: it is computed around them.
  static var segmentChoice: Table {
    Table(
      "segment_choice", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "segment_id"]),
      columns: [
        .integer("owner_id"), .integer("segment_id"), .integer("account_id"), .flag("is_in"), .integer("since"),
      ],
      indexes: [Index("segment_id", "owner_id")])
  }

  /// How many members a segment had at the end of each day on which it was computed.
  static var segmentSize: Table {
    Table(
      "segment_size", owner: "Customers", family: .reference, key: .clustered(["segment_id", "day"]),
      columns: [
        .integer("segment_id"), .integer("day"), .integer("account_id"), .integer("members"), .integer("counted_at"),
      ])
  }

  /// Codes that were sent to members; a row lives for hours. The few of one member lie together, and are counted before the next.
  static var confirmation: Table {
    Table(
      "confirmation", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .integer("store_id"),
        .integer("points"), .text("sent_to"), .text("code_hash"), .integer("tries"), .integer("made_at"), .integer("ends_at"),
        .integer("verified_at", nullable: true), .text("purpose", nullable: true),
      ],
      indexes: [Index("ends_at")])
  }

  /// What members have in common when they may be one person, as numbers that say nothing about anybody: a telephone number in its bare
  /// form, an e-mail, a birthday with a name. Members with the same number are looked at side by side.
  static var duplicateKey: Table {
    Table(
      "duplicate_key", owner: "Customers", family: .byValue(of: "key"), key: .clustered(["programme_id", "key", "owner_id"]),
      columns: [.integer("programme_id"), .integer("key"), .integer("owner_id"), .integer("account_id")],
      indexes: [Index("owner_id")])
  }

  /// Two members who may be one person, the earlier one first: how alike they are and by what. One that somebody dismissed is kept, so that
  /// nobody is asked twice.
  static var duplicatePair: Table {
    Table(
      "duplicate_pair", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "other_id"]),
      columns: [
        .integer("owner_id"), .integer("other_id"), .integer("account_id"), .integer("programme_id"), .integer("score"),
        .text("reasons"), .integer("found_at"), .integer("dismissed_at", nullable: true), .text("dismissed_by", nullable: true),
      ],
      indexes: [Index("other_id"), Index("programme_id", "score", "owner_id", "other_id", where: "dismissed_at is null")],
      checks: ["other_id > owner_id", "score between 1 and 100", "(dismissed_at is null) = (dismissed_by is null)"])
  }

  /// That two members are one person, and everything that moved with it: what is needed to take them apart again. The owner is the member
  /// who was merged into the survivor. A row whose merge was undone is kept, without what moved.
  static var memberMerge: Table {
    Table(
      "member_merge", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .integer("survivor_id"),
        .text("reason"), .text("actor"), .integer("made_at"), .text("moved", nullable: true), .integer("ended_at", nullable: true),
        .text("ended_by", nullable: true),
      ],
      indexes: [Index("survivor_id", "id")],
      checks: ["survivor_id <> owner_id", "length(reason) > 0", "(ended_at is null) = (ended_by is null)"])
  }

  /// The few of one member lie together.
  static var memberNote: Table {
    Table(
      "member_note", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .text("body"), .flag("is_pinned"),
        .text("actor"), .integer("made_at"),
      ],
      foreignKeys: [ForeignKey("owner_id", to: "member", "owner_id")], checks: ["length(body) > 0"])
  }

  /// The same of tasks, and those that are to be done by who does them.
  static var memberTask: Table {
    Table(
      "member_task", owner: "Customers", family: .byMember, key: .clustered(["owner_id", "id"]),
      columns: [
        .integer("owner_id"), .integer("id"), .integer("account_id"), .integer("programme_id"), .text("body"),
        .integer("due_day", nullable: true), .integer("staff_id"), .text("actor"), .integer("made_at"),
        .integer("done_at", nullable: true), .text("done_by", nullable: true),
      ],
      indexes: [Index("account_id", "staff_id", "due_day", where: "done_at is null")],
      foreignKeys: [ForeignKey("owner_id", to: "member", "owner_id")],
      checks: ["length(body) > 0", "(done_at is null) = (done_by is null)"])
  }

  /// Who of the staff looked at whom. It outlives the person: that somebody looked says nothing about who it was.
  static var memberLook: Table {
    Table(
      "member_look", owner: "Customers", family: .byMember, key: .id,
      columns: [
        .integer("id"), .integer("owner_id"), .integer("account_id"), .integer("programme_id"), .integer("staff_id"), .text("what"),
        .flag("is_full"), .integer("at"), .integer("slot"),
      ],
      uniques: [Unique("owner_id", "staff_id", "what", "is_full", "slot")],
      indexes: [Index("account_id", "id"), Index("account_id", "staff_id", "id"), Index("at")],
      checks: ["what in ('card', 'form', 'export')"])
  }
}
