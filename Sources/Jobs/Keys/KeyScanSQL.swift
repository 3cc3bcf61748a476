import Kernel
import Storage

enum KeyScanSQL {
  /// The last code point stands behind whatever a key can go on with, on both databases.
  static func page(_ account: AccountID, _ kind: NaturalKey.Kind, _ beginning: String, after: String, _ limit: Int) -> SQL {
    """
    select key, owner_id, target_id, body_hash, made_at from natural_key
    where account_id = \(account) and kind = \(kind.rawValue) and key > \(after) and key < \(beginning + "\u{10FFFF}")
    order by key limit \(limit)
    """
  }

  static func last(_ account: AccountID, _ kind: NaturalKey.Kind, _ beginnings: [String]) -> SQL {
    // Few numbers of rows, so that few texts are prepared.
    var count = 1
    while count < beginnings.count { count *= 4 }
    let some = beginnings + Array(repeating: beginnings[0], count: count - beginnings.count)
    let rows = (0..<count).map { "(cast($\($0 * 2 + 3) as text), cast($\($0 * 2 + 4) as text))" }.joined(separator: ", ")
    return SQL(
      prepared: """
        with place (first, behind) as (values \(rows))
        select p.first, (select k.key from natural_key k
          where k.account_id = $1 and k.kind = $2 and k.key > p.first and k.key < p.behind order by k.key desc limit 1)
        from place p
        """, [account.value, kind.rawValue.value] + some.flatMap { [$0.value, ($0 + "\u{10FFFF}").value] })
  }

  static func held(_ row: Row) -> (key: String, holder: KeyHolder) {
    (row.text(0), KeyHolder(owner: row.int(1), target: row.int(2), bodyHash: row.int(3), madeAt: row.instant(4)))
  }
}
