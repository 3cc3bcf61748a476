import Access
import Kernel
import Storage

/// Every statement about parts of rules.
enum RulePartSQL {
  static let inserted = ["account_id", "id", "digest", "body"]

  static func byDigests(_ account: AccountID, _ digests: [String]) -> SQL {
    "select id, digest from rule_part where account_id = \(account) and digest in (\(list: padded(digests)))"
  }

  static func byIDs(_ account: AccountID, _ ids: [Int64]) -> SQL {
    "select id, body from rule_part where account_id = \(account) and id in (\(list: padded(ids)))"
  }

  /// Sums of what is stored, one for each table.
  static func stored(_ account: AccountID, _ programme: ProgrammeID) -> [SQL] {
    [
      """
      select cast(coalesce(sum(length(body)), 0) as bigint) from promotion
      where account_id = \(account) and programme_id = \(programme)
      """,
      """
      select cast(coalesce(sum(length(v.body)), 0) as bigint) from promotion p join promotion_version v on v.promotion_id = p.id
      where p.account_id = \(account) and p.programme_id = \(programme)
      """,
      """
      select cast(coalesce(sum(length(body)), 0) as bigint) from rule_book
      where account_id = \(account) and programme_id = \(programme)
      """,
      "select cast(coalesce(sum(length(body) + length(digest)), 0) as bigint) from rule_part where account_id = \(account)",
    ]
  }

  static func last(_ account: AccountID) -> SQL {
    "select id from rule_part where account_id = \(account) order by id desc limit 1"
  }
}

/// What the rules of a programme take as they are stored: promotions, their versions, rule books, and the account's rows of sheets.
public enum RuleStorage {
  /// Bytes of text.
  public static func bytes(of programme: Programme, in tx: inout Transaction) throws -> Int64 {
    try RulePartSQL.stored(programme.account, programme.id).reduce(0) { sum, statement in
      sum + (try tx.row(statement)?.int(0) ?? 0)
    }
  }
}
