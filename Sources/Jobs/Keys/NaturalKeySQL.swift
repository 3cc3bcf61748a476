import Kernel
import Storage

/// Every statement about natural keys.
enum NaturalKeySQL {
  static func claim(
    _ account: AccountID, _ keys: [NaturalKey], _ owner: Int64, _ target: Int64, _ hash: Int64, _ now: Instant
  ) -> SQL {
    SQL(
      prepared: claimTexts[keys.count] ?? claimText(keys.count) + " returning kind",
      claimBinds(account, keys, owner, target, hash, now))
  }

  static func claimFirst(
    _ account: AccountID, _ keys: [NaturalKey], _ owner: Int64, _ target: Int64, _ hash: Int64, _ now: Instant
  ) -> SQL {
    SQL(
      prepared: claimFirstTexts[keys.count] ?? claimText(keys.count), claimBinds(account, keys, owner, target, hash, now))
  }

  private static func claimBinds(
    _ account: AccountID, _ keys: [NaturalKey], _ owner: Int64, _ target: Int64, _ hash: Int64, _ now: Instant
  ) -> [Value] {
    var binds: [Value] = [account.value, owner.value, target.value, hash.value, now.value]
    binds.reserveCapacity(5 + keys.count * 2)
    for key in keys {
      binds.append(key.kind.rawValue.value)
      binds.append(key.text.value)
    }
    return binds
  }

  private static let claimTexts = Dictionary(uniqueKeysWithValues: (1...4).map { ($0, claimText($0) + " returning kind") })
  private static let claimFirstTexts = Dictionary(uniqueKeysWithValues: (1...4).map { ($0, claimText($0)) })

  private static func claimText(_ count: Int) -> String {
    let rows = (0..<count).map { "($1, $\(6 + $0 * 2), $\(7 + $0 * 2), $2, $3, $4, $5)" }.joined(separator: ", ")
    return """
      insert into natural_key (account_id, kind, key, owner_id, target_id, body_hash, made_at) values \(rows)
      on conflict do nothing
      """
  }

  static func holder(_ account: AccountID, _ key: NaturalKey) -> SQL {
    """
    select owner_id, target_id, body_hash, made_at from natural_key
    where account_id = \(account) and kind = \(key.kind.rawValue) and key = \(key.text)
    """
  }

  static func holder(_ row: Row) -> KeyHolder {
    KeyHolder(owner: row.int(0), target: row.int(1), bodyHash: row.int(2), madeAt: row.instant(3))
  }

  static func point(_ account: AccountID, _ key: NaturalKey, _ holder: KeyHolder) -> SQL {
    """
    update natural_key set owner_id = \(holder.owner), target_id = \(holder.target)
    where account_id = \(account) and kind = \(key.kind.rawValue) and key = \(key.text)
    """
  }

  static func hand(_ account: AccountID, _ key: NaturalKey, _ holder: KeyHolder, _ other: KeyHolder) -> SQL {
    """
    update natural_key set owner_id = \(other.owner), target_id = \(other.target), body_hash = \(other.bodyHash),
      made_at = \(other.madeAt)
    where account_id = \(account) and kind = \(key.kind.rawValue) and key = \(key.text)
      and target_id = \(holder.target) and body_hash = \(holder.bodyHash)
    """
  }

  static func own(_ account: AccountID, _ key: NaturalKey, _ owner: Int64, _ target: Int64, _ bodyHash: Int64) -> SQL {
    """
    update natural_key set owner_id = \(owner), body_hash = \(bodyHash)
    where account_id = \(account) and kind = \(key.kind.rawValue) and key = \(key.text) and target_id = \(target)
    """
  }

  static func chunkEnd(_ account: AccountID, _ after: String, _ limit: Int) -> SQL {
    """
    select max(key) from (select key from natural_key
      where account_id = \(account) and kind = \(NaturalKey.Kind.request.rawValue) and key > \(after)
      order by key limit \(limit)) chunk
    """
  }

  static func forget(_ account: AccountID, _ after: String, _ last: String, _ moment: Instant) -> SQL {
    """
    delete from natural_key where account_id = \(account) and kind = \(NaturalKey.Kind.request.rawValue)
      and key > \(after) and key <= \(last) and made_at < \(moment)
    """
  }
}
