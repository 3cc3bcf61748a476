import Kernel
import Storage

enum KeyClaimSQL {
  static let inserted = ["account_id", "kind", "key", "owner_id", "target_id", "body_hash", "made_at"]

  static func values(_ account: AccountID, _ claim: KeyClaim, _ now: Instant) -> [Value] {
    [
      account.value, claim.key.kind.rawValue.value, claim.key.text.value, claim.owner.value, claim.target.value,
      claim.bodyHash.value, now.value,
    ]
  }

  static func held(_ account: AccountID, _ kind: NaturalKey.Kind, _ keys: [String]) -> SQL {
    """
    select key, body_hash, target_id from natural_key
    where account_id = \(account) and kind = \(kind.rawValue) and key in (\(list: paddedKeys(keys)))
    """
  }

  /// The last key repeated until their number is one of a few, so that few texts are prepared.
  private static func paddedKeys(_ keys: [String]) -> [String] {
    guard let last = keys.last else { return keys }
    var size = 1
    while size < keys.count { size *= 4 }
    return keys + Array(repeating: last, count: size - keys.count)
  }
}
