import Access
import Kernel
import Storage

/// Every statement about wallets and postings.
enum WalletSQL {
  static func select(_ owner: Int64, _ programme: ProgrammeID, _ dialect: Dialect) -> SQL {
    SQL(prepared: dialect == .sqlite ? selectText : selectText + dialect.forUpdate, [owner.value, programme.value])
  }
  private static let selectText = "select version, doc from wallet where owner_id = $1 and programme_id = $2"

  static func peek(_ owner: Int64, _ programme: ProgrammeID) -> SQL { SQL(prepared: selectText, [owner.value, programme.value]) }

  /// The wallets of many owners, in the order of the owners. - Precondition: at most `Limits.bulk` owners, and not none.
  static func select(_ owners: [Int64], _ programme: ProgrammeID, _ dialect: Dialect) -> SQL {
    """
    select owner_id, version, doc from wallet where programme_id = \(programme) and owner_id in (\(list: padded(owners)))
    order by owner_id\(raw: dialect.forUpdate)
    """
  }

  /// The same, not locked and in no order.
  static func peek(_ owners: [Int64], _ programme: ProgrammeID) -> SQL {
    "select owner_id, version, doc from wallet where programme_id = \(programme) and owner_id in (\(list: padded(owners)))"
  }

  static let inserted = ["owner_id", "programme_id", "version", "next_due_at", "active", "pending", "held", "status", "doc"]

  static func values(_ owner: Int64, _ programme: ProgrammeID, _ wallet: Wallet, version: Int64) -> [Value] {
    [
      owner.value, programme.value, version.value, wallet.nextDue.value, wallet.active.value, wallet.pending.value,
      wallet.held.value, wallet.status.value, wallet.document.value,
    ]
  }

  static let insertedPosting = ["id", "owner_id", "programme_id", "cause", "cause_id", "event_at", "posted_at", "entries"]

  static func values(_ posting: Posting, _ id: EntryID, _ owner: Int64, _ programme: ProgrammeID) -> [Value] {
    let (kind, cause) = posting.occasion.cause.stored
    return [
      id.value, owner.value, programme.value, kind.value, cause.value, posting.occasion.event.value,
      posting.occasion.posted.value, posting.text.value,
    ]
  }

  static func open(_ owner: Int64, _ programme: ProgrammeID) -> SQL {
    SQL(
      """
      insert into wallet (owner_id, programme_id, version, next_due_at, active, pending, held, status, doc)
      values ($1, $2, 0, null, 0, 0, 0, 0, $3) on conflict do nothing
      """, owner, programme, Wallet().document)
  }

  /// Only where the row still is of the version that was read.
  static func update(_ owner: Int64, _ programme: ProgrammeID, _ wallet: Wallet, _ due: Instant?, from version: Int64) -> SQL {
    SQL(
      """
      update wallet set version = $3, next_due_at = cast($4 as bigint), active = $5, pending = $6, held = $7, status = $8, doc = $9
      where owner_id = $1 and programme_id = $2 and version = $10
      """, owner, programme, version + 1, due, wallet.active, wallet.pending, wallet.held, wallet.status, wallet.document, version)
  }

  static func updateButDue(_ owner: Int64, _ programme: ProgrammeID, _ wallet: Wallet, from version: Int64) -> SQL {
    SQL(
      """
      update wallet set version = $3, active = $4, pending = $5, held = $6, status = $7, doc = $8
      where owner_id = $1 and programme_id = $2 and version = $9
      """, owner, programme, version + 1, wallet.active, wallet.pending, wallet.held, wallet.status, wallet.document, version)
  }

  static func due(_ programme: ProgrammeID, _ now: Instant, _ limit: Int, _ dialect: Dialect) -> SQL {
    SQL(
      prepared:
        "select owner_id, version, doc from wallet where programme_id = $1 and next_due_at <= $2 order by next_due_at limit $3"
        + dialect.forClaim, [programme.value, now.value, limit.value])
  }

  static func page(_ programme: ProgrammeID, after owner: Int64, _ limit: Int) -> SQL {
    SQL(
      """
      select owner_id, active, pending, held, status, next_due_at, doc from wallet
      where programme_id = $1 and owner_id > $2 order by owner_id limit $3
      """, programme, owner, limit)
  }

  /// Several rows in one statement: a purchase that lets an old lot activate writes two.
  static func insert(_ postings: [(id: EntryID, posting: Posting)], _ owner: Int64, _ programme: ProgrammeID) -> SQL {
    var binds: [Value] = [owner.value, programme.value]
    for (id, posting) in postings {
      let (kind, cause) = posting.occasion.cause.stored
      binds += [
        id.value, kind.value, cause.value, posting.occasion.event.value, posting.occasion.posted.value, posting.text.value,
      ]
    }
    return SQL(prepared: insertTexts[postings.count] ?? insertText(postings.count), binds)
  }
  private static let insertTexts = Dictionary(uniqueKeysWithValues: (1...4).map { ($0, insertText($0)) })

  private static func insertText(_ count: Int) -> String {
    let rows = (0..<count).map { row in
      "(" + (["$\(3 + row * 6)", "$1", "$2"] + (4...8).map { "$\($0 + row * 6)" }).joined(separator: ", ") + ")"
    }
    return """
      insert into posting (id, owner_id, programme_id, cause, cause_id, event_at, posted_at, entries)
      values \(rows.joined(separator: ", "))
      """
  }

  private static let postingColumns = "owner_id, cause, cause_id, event_at, posted_at, entries"

  static func postings(_ owner: Int64, _ programme: ProgrammeID, _ cause: Cause) -> SQL {
    let (kind, id) = cause.stored
    return """
      select \(raw: postingColumns) from posting
      where owner_id = \(owner) and programme_id = \(programme) and cause = \(kind) and cause_id = \(id) order by id
      """
  }

  static func postings(_ programme: ProgrammeID, from first: Int64, through last: Int64) -> SQL {
    """
    select \(raw: postingColumns), id from posting
    where programme_id = \(programme) and owner_id >= \(first) and owner_id <= \(last) order by owner_id, id
    """
  }

  static func postings(_ owner: Int64, _ programme: ProgrammeID, from id: EntryID) -> SQL {
    """
    select \(raw: postingColumns), id from posting
    where owner_id = \(owner) and programme_id = \(programme) and id >= \(id) order by id
    """
  }

  static func latest(_ owner: Int64, _ programme: ProgrammeID, before id: EntryID, _ limit: Int) -> SQL {
    """
    select \(raw: postingColumns), id from posting
    where owner_id = \(owner) and programme_id = \(programme) and id < \(id) order by id desc limit \(limit)
    """
  }

  static func posting(_ row: Row) throws -> Posting {
    guard let cause = Cause(kind: row.int(1), id: row.int(2)) else {
      throw StorageFailure.damaged("posting: \(row.int(1)) is no known cause")
    }
    return try Posting(row.text(5), on: Occasion(cause, at: row.instant(3), posted: row.instant(4)))
  }

  static func wallet(_ bytes: [UInt8], of owner: Int64) throws -> Wallet {
    do {
      return try Wallet(document: bytes)
    } catch {
      throw StorageFailure.damaged("the wallet of \(owner): \(error)")
    }
  }
}
