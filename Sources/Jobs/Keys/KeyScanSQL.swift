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

  static func held(_ row: Row) -> (key: String, holder: KeyHolder) {
    (row.text(0), KeyHolder(owner: row.int(1), target: row.int(2), bodyHash: row.int(3), madeAt: row.instant(4)))
  }
}
