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
  /// Takes keys of one kind for many things, whose targets are ids made for this call: they tell afterwards whose a key is.
  /// - Returns: those that are ours now, with the target that has each; the others were taken. A key that stands twice is one's.
  public func claim(_ claims: [KeyClaim], at now: Instant, in tx: inout Transaction) throws -> [String: Int64] {
    // In the order in which the rows lie, so that neighbours share a page.
    let sorted = claims.sorted { $0.key.text < $1.key.text }
    let rows = sorted.map { KeyClaimSQL.values(account, $0, now) }
    let fresh = try tx.insert(rows, into: JobsSchema.naturalKey, KeyClaimSQL.inserted, skippingKnown: true)
    if fresh == claims.count { return Dictionary(uniqueKeysWithValues: claims.map { ($0.key.text, $0.target) }) }
    let targets = Set(claims.map(\.target))
    return try targetsHeld(claims.map(\.key), in: &tx).filter { targets.contains($0.value) }
  }

  /// Rows that take the keys, for whoever writes other tables beside; where fewer are written than there are claims, some are others'.
  public func rows(_ claims: [KeyClaim], at now: Instant) throws -> RowBatch {
    // In one order for all, so that two who take the same keys do not wait for each other crosswise.
    let sorted = claims.sorted { ($0.key.kind.rawValue, $0.key.text) < ($1.key.kind.rawValue, $1.key.text) }
    return try RowBatch(
      sorted.map { KeyClaimSQL.values(account, $0, now) }, into: JobsSchema.naturalKey, KeyClaimSQL.inserted, .skipped)
  }

  private func targetsHeld(_ keys: [NaturalKey], in tx: inout Transaction) throws -> [String: Int64] {
    var held: [String: Int64] = [:]
    try eachHeld(keys, in: &tx) { row in held[row.text(0)] = row.int(2) }
    return held
  }

  /// The texts of those keys, all of one kind, that somebody holds, with the hash of what was asked for.
  public func held(_ keys: [NaturalKey], in tx: inout Transaction) throws -> [String: Int64] {
    var held: [String: Int64] = [:]
    try eachHeld(keys, in: &tx) { row in held[row.text(0)] = row.int(1) }
    return held
  }

  private func eachHeld(_ keys: [NaturalKey], in tx: inout Transaction, _ body: (Row) -> Void) throws {
    var rest = keys[...]
    while let kind = rest.first?.kind {
      let texts = rest.prefix(Limits.page).map(\.text)
      for row in try tx.rows(KeyClaimSQL.held(account, kind, texts)) { body(row) }
      rest = rest.dropFirst(Limits.page)
    }
  }
}
