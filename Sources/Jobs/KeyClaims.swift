import Kernel
import Storage

/// One thing that takes a key, among many of one call.
public struct KeyClaim: Hashable, Sendable {
  public let key: NaturalKey
  public let owner: Int64
  public let target: Int64
  public let bodyHash: Int64

  public init(key: NaturalKey, owner: Int64, target: Int64, bodyHash: Int64) {
    self.key = key
    self.owner = owner
    self.target = target
    self.bodyHash = bodyHash
  }
}

extension NaturalKeys {
  /// Takes keys of one kind for many things, 64 in a statement.
  /// - Returns: the texts of those that are ours now; the others were taken.
  public func claim(_ claims: [KeyClaim], at now: Instant, in tx: inout Transaction) throws -> Set<String> {
    var ours: Set<String> = []
    var rest = claims[...]
    while !rest.isEmpty {
      // Three sizes, so that three texts stay prepared.
      let size = rest.count >= 64 ? 64 : rest.count >= 8 ? 8 : 1
      for row in try tx.rows(KeyClaimSQL.claim(account, Array(rest.prefix(size)), now)) { ours.insert(row.text(0)) }
      rest = rest.dropFirst(size)
    }
    return ours
  }

  /// The texts of those keys, all of one kind, that somebody holds, with the hash of what was asked for.
  public func held(_ keys: [NaturalKey], in tx: inout Transaction) throws -> [String: Int64] {
    var held: [String: Int64] = [:]
    var rest = keys[...]
    while let kind = rest.first?.kind {
      let texts = rest.prefix(Limits.page).map(\.text)
      for row in try tx.rows(KeyClaimSQL.held(account, kind, texts)) { held[row.text(0)] = row.int(1) }
      rest = rest.dropFirst(Limits.page)
    }
    return held
  }
}
