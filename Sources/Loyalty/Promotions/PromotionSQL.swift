import Access
import Kernel
import Storage

enum PromotionSQL {
  static let inserted = ["id", "account_id", "programme_id", "code", "status", "version", "body", "changed_at"]

  static func values(
    _ id: PromotionID, _ account: AccountID, _ programme: ProgrammeID, _ row: PromotionDetails, _ body: JSON, _ at: Instant
  ) -> [Value] {
    [
      id.value, account.value, programme.value, row.code.value, StoredPromotion.Status.draft.rawValue.value, 1.value,
      body.compact.value, at.value,
    ]
  }

  static func update(
    _ id: PromotionID, _ account: AccountID, _ programme: ProgrammeID, _ body: JSON, _ version: Int64, _ at: Instant
  ) -> SQL {
    SQL(
      """
      update promotion set version = $4, body = $5, changed_at = $6 where id = $1 and account_id = $2 and programme_id = $3
      """,
      id, account, programme, version, body.compact, at)
  }

  static func setStatus(
    _ id: PromotionID, _ account: AccountID, _ programme: ProgrammeID, _ status: StoredPromotion.Status, _ at: Instant
  ) -> SQL {
    SQL(
      "update promotion set status = $4, changed_at = $5 where id = $1 and account_id = $2 and programme_id = $3", id, account,
      programme, status.rawValue, at)
  }

  static func insertVersion(_ id: PromotionID, _ version: Int64, _ account: AccountID, _ body: JSON, _ change: Change) -> SQL {
    SQL(
      "insert into promotion_version (promotion_id, version, account_id, body, made_at, actor) values ($1, $2, $3, $4, $5, $6)", id,
      version, account, body.compact, change.at, change.actor.description)
  }

  static func byCodes(_ account: AccountID, _ programme: ProgrammeID, _ codes: [String]) -> SQL {
    """
    select id, code, status, version, body from promotion
    where account_id = \(account) and programme_id = \(programme) and code in (\(list: padded(codes)))
    """
  }

  static func all(
    _ account: AccountID, _ programme: ProgrammeID, _ status: StoredPromotion.Status?, _ after: PromotionID?, _ limit: Int
  ) -> SQL {
    let wanted = status.map { [$0] } ?? StoredPromotion.Status.allCases
    return """
      select id, code, status, version, body from promotion
      where account_id = \(account) and programme_id = \(programme) and id > \(after ?? PromotionID(0))
        and status in (\(list: wanted.map(\.rawValue)))
      order by id limit \(limit)
      """
  }

  static func byID(_ account: AccountID, _ programme: ProgrammeID, _ id: PromotionID) -> SQL {
    SQL(
      "select id, code, status, version, body from promotion where account_id = $1 and programme_id = $2 and id = $3", account,
      programme, id)
  }

  static func find(
    _ account: AccountID, _ programme: ProgrammeID, _ statuses: [StoredPromotion.Status], _ spellings: [String],
    _ after: PromotionID?, _ limit: Int
  ) -> SQL {
    var binds: [Value] = [account.value, programme.value, (after ?? PromotionID(0)).value, limit.value]
    func place(_ value: Value) -> String {
      binds.append(value)
      return "$\(binds.count)"
    }
    let states = statuses.map { place($0.rawValue.value) }.joined(separator: ", ")
    let likes = spellings.map { spelling in
      let pattern = place(likePattern(spelling).value)
      return "code like \(pattern) escape '\\' or body like \(pattern) escape '\\'"
    }
    return SQL(
      prepared: """
        select id, code, status, version, body from promotion
        where account_id = $1 and programme_id = $2 and id > $3 and status in (\(states))
          \(likes.isEmpty ? "" : "and (" + likes.joined(separator: " or ") + ")")
        order by id limit $4
        """, binds)
  }

  static func versions(
    _ id: PromotionID, _ account: AccountID, _ programme: ProgrammeID, _ before: Int64, _ limit: Int
  ) -> SQL {
    SQL(
      """
      select v.version, v.body, v.made_at, v.actor from promotion_version v
        join promotion p on p.id = v.promotion_id and p.account_id = v.account_id
      where v.promotion_id = $1 and v.account_id = $2 and p.programme_id = $3 and v.version < $4
      order by v.version desc limit $5
      """,
      id, account, programme, before, limit)
  }

  static func count(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL("select count(*) from promotion where account_id = $1 and programme_id = $2 and status <> 'archived'", account, programme)
  }

  static func body(_ id: PromotionID, _ version: Int64, _ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      select v.body from promotion_version v join promotion p on p.id = v.promotion_id and p.account_id = v.account_id
      where v.promotion_id = $1 and v.version = $2 and v.account_id = $3 and p.programme_id = $4
      """,
      id, version, account, programme)
  }

  // A second person's word.

  private static let approvalColumns = "promotion_id, version, state, asked_by, asked_at, decided_by, decided_at, note"

  static func approval(_ account: AccountID, _ id: PromotionID, _ version: Int64) -> SQL {
    """
    select \(raw: approvalColumns) from promotion_approval
    where account_id = \(account) and promotion_id = \(id) and version = \(version)
    """
  }

  /// About versions that are the latest still.
  static func waiting(_ account: AccountID, _ programme: ProgrammeID, _ limit: Int) -> SQL {
    """
    select p.id, p.code, p.status, p.version, p.body, a.promotion_id, a.version, a.state, a.asked_by, a.asked_at, a.decided_by,
      a.decided_at, a.note
    from promotion_approval a join promotion p on p.id = a.promotion_id and p.version = a.version and p.account_id = a.account_id
    where a.account_id = \(account) and a.state = 'asked' and p.programme_id = \(programme) and p.status <> 'archived'
    order by a.asked_at limit \(limit)
    """
  }

  static func upsert(_ approval: PromotionApproval, _ account: AccountID) -> SQL {
    SQL(
      """
      insert into promotion_approval (promotion_id, version, account_id, state, asked_by, asked_at, decided_by, decided_at, note)
      values ($1, $2, $3, $4, $5, $6, cast($7 as text), cast($8 as bigint), $9)
      on conflict (promotion_id, version) do update set state = excluded.state, asked_by = excluded.asked_by,
        asked_at = excluded.asked_at, decided_by = excluded.decided_by, decided_at = excluded.decided_at, note = excluded.note
      """, approval.promotion, approval.version, account, approval.state.rawValue, approval.askedBy, approval.askedAt,
      approval.decidedBy, approval.decidedAt, approval.note)
  }

  static func approval(_ row: Row) throws -> PromotionApproval { try approval(row, at: 0) }

  /// - Parameter place: of the first of its columns.
  static func approval(_ row: Row, at place: Int) throws -> PromotionApproval {
    guard let state = PromotionApproval.State(rawValue: row.text(place + 2)) else {
      throw StorageFailure.damaged("promotion_approval.state holds \(row.text(place + 2))")
    }
    return PromotionApproval(
      promotion: row.id(place), version: row.int(place + 1), state: state,
      askedBy: row.text(place + 3), askedAt: row.instant(place + 4), decidedBy: row.textOrNil(place + 5),
      decidedAt: row.instantOrNil(place + 6), note: row.text(place + 7))
  }

  /// As it is stored: `[StoredPromotion].unpacked` makes its rules whole.
  static func promotion(_ row: Row) throws -> StoredPromotion {
    guard let status = StoredPromotion.Status(rawValue: row.text(2)) else {
      throw StorageFailure.damaged("promotion.status holds \(row.text(2))")
    }
    return StoredPromotion(
      id: row.id(0), code: row.text(1), status: status, version: row.int(3), body: try storedJSON(row.text(4), in: "promotion.body")
    )
  }

  // Rule books.

  static func lastBook(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      select version, programme_version, promotions, body, made_at from rule_book where account_id = $1 and programme_id = $2
      order by version desc limit 1
      """,
      account, programme)
  }

  static func lastBookVersion(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    SQL(
      "select cast(coalesce(max(version), 0) as bigint) from rule_book where account_id = $1 and programme_id = $2", account,
      programme)
  }

  static func book(_ account: AccountID, _ programme: ProgrammeID, _ version: Int64) -> SQL {
    SQL(
      """
      select version, programme_version, promotions, body, made_at from rule_book
      where account_id = $1 and programme_id = $2 and version = $3
      """,
      account, programme, version)
  }

  /// - Parameter body: the book's, packed.
  static func insertBook(
    _ account: AccountID, _ programme: ProgrammeID, _ book: StoredRuleBook, _ body: JSON, _ change: Change
  ) -> SQL {
    SQL(
      """
      insert into rule_book (programme_id, version, account_id, programme_version, promotions, body, made_at, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      """,
      programme, book.version, account, book.programmeVersion, book.promotions, body.compact, change.at,
      change.actor.description)
  }
}
