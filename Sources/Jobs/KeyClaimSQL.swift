import Kernel
import Storage

enum KeyClaimSQL {
  static func claim(_ account: AccountID, _ claims: [KeyClaim], _ now: Instant) -> SQL {
    var binds: [Value] = [account.value, now.value]
    binds.reserveCapacity(2 + claims.count * 5)
    for claim in claims {
      binds += [claim.key.kind.rawValue.value, claim.key.text.value, claim.owner.value, claim.target.value, claim.bodyHash.value]
    }
    return SQL(prepared: claimTexts[claims.count] ?? claimText(claims.count), binds)
  }

  private static let claimTexts = Dictionary(uniqueKeysWithValues: [1, 8, 64].map { ($0, claimText($0)) })

  private static func claimText(_ count: Int) -> String {
    let rows = (0..<count).map { row in
      let first = 3 + row * 5
      return "($1, $\(first), $\(first + 1), $\(first + 2), $\(first + 3), $\(first + 4), $2)"
    }
    return """
      insert into natural_key (account_id, kind, key, owner_id, target_id, body_hash, made_at) values \(rows.joined(separator: ", "))
      on conflict do nothing returning key
      """
  }

  static func held(_ account: AccountID, _ kind: NaturalKey.Kind, _ keys: [String]) -> SQL {
    """
    select key, body_hash from natural_key where account_id = \(account) and kind = \(kind.rawValue) and key in (\(list: paddedKeys(keys)))
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
