import Kernel
import Storage

/// A name that somebody outside gave to a thing or a request, and that may mean one thing only.
public struct NaturalKey: Hashable, Sendable {
  /// Stored; numbers never change their meaning.
  public enum Kind: Int64, Sendable, CaseIterable {
    /// A till's name for one request, kept for `Limits.requestKeyDays`.
    case request = 1
    /// Store, register, shift, number and day of a receipt.
    case receipt = 2
    /// Fiscal drive and document.
    case fiscal = 3
    /// A receipt that found its member later: once.
    case attachment = 4
    /// A receipt of a return.
    case refund = 5
    /// A line of an imported file.
    case imported = 6
    /// A till's shift: register, business day and number at its store. Its target is the latest closing that was stated.
    case shift = 7
  }

  public let kind: Kind
  public let text: String

  /// - Parameter text: 1 to 200 bytes.
  public init(_ kind: Kind, _ text: String) {
    precondition(!text.isEmpty && text.utf8.count <= Limits.name, "a key has 1 to \(Limits.name) bytes")
    self.kind = kind
    self.text = text
  }
}

/// What a key already stands for.
public struct KeyHolder: Hashable, Sendable {
  public let owner: Int64
  public let target: Int64
  /// Over what was asked for; the same key with another hash is another question.
  public let bodyHash: Int64
  public let madeAt: Instant

  public init(owner: Int64, target: Int64, bodyHash: Int64, madeAt: Instant) {
    self.owner = owner
    self.target = target
    self.bodyHash = bodyHash
    self.madeAt = madeAt
  }
}

/// The place of uniqueness: first come, first served, on one machine or on many.
public struct NaturalKeys: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Takes the keys for one thing, in one statement. Keys that others hold stay theirs and come back with their holders, for which
  /// a second statement is needed; an empty answer means all of them are now ours. Another transaction that is taking one of
  /// them right now is waited for.
  public func claim(
    _ keys: [NaturalKey], owner: Int64, target: Int64, bodyHash: Int64, at now: Instant, in tx: inout Transaction
  ) throws -> [NaturalKey: KeyHolder] {
    let claimed = try tx.rows(NaturalKeySQL.claim(account, keys, owner, target, bodyHash, now))
    return try holders(of: keys, besides: claimed, in: &tx)
  }

  /// Takes the keys like `claim`, and asks something else in the same round trip.
  /// - Returns: the holders as `claim` returns them, and the rows of the other question.
  public func claim(
    _ keys: [NaturalKey], owner: Int64, target: Int64, bodyHash: Int64, asking other: SQL, at now: Instant, in tx: inout Transaction
  ) throws -> (held: [NaturalKey: KeyHolder], rows: [Row]) {
    let answers = try tx.answers(to: NaturalKeySQL.claim(account, keys, owner, target, bodyHash, now), other)
    return (try holders(of: keys, besides: answers[0], in: &tx), answers[1])
  }

  /// Takes the keys like `claim`, for a target that no key ever named before: whoever holds a key for it is us. Where all keys are
  /// free, as they nearly always are, the database has nothing to answer but how many it took.
  public func claimFirst(
    _ keys: [NaturalKey], owner: Int64, target: Int64, bodyHash: Int64, at now: Instant, in tx: inout Transaction
  ) throws -> [NaturalKey: KeyHolder] {
    let taken = try tx.run(NaturalKeySQL.claimFirst(account, keys, owner, target, bodyHash, now))
    return taken == keys.count ? [:] : try holders(keys, in: &tx).filter { $0.value.target != target }
  }

  private func holders(of keys: [NaturalKey], besides claimed: [Row], in tx: inout Transaction) throws -> [NaturalKey: KeyHolder] {
    guard claimed.count < keys.count else { return [:] }
    let ours = Set(claimed.map { $0.int(0) })
    return try holders(keys.filter { !ours.contains($0.kind.rawValue) }, in: &tx)
  }

  /// Lets a key that was just claimed stand for what another key already stands for.
  public func point(_ key: NaturalKey, to holder: KeyHolder, in tx: inout Transaction) throws {
    try tx.enqueue(NaturalKeySQL.point(account, key, holder))
  }

  /// Hands a key from whom it stands for to another.
  /// - Returns: false where it stands for somebody else by now; then nothing has changed.
  public func hand(_ key: NaturalKey, from holder: KeyHolder, to other: KeyHolder, in tx: inout Transaction) throws -> Bool {
    try tx.run(NaturalKeySQL.hand(account, key, holder, other)) == 1
  }

  /// Lets keys that were just claimed for a target stand under another owner.
  public func own(_ keys: [NaturalKey], owner: Int64, target: Int64, bodyHash: Int64, in tx: inout Transaction) throws {
    for key in keys { try tx.enqueue(NaturalKeySQL.own(account, key, owner, target, bodyHash)) }
  }

  /// Who holds these keys; those nobody holds are missing.
  public func holders(_ keys: [NaturalKey], in tx: inout Transaction) throws -> [NaturalKey: KeyHolder] {
    var holders: [NaturalKey: KeyHolder] = [:]
    for key in keys { holders[key] = try tx.row(NaturalKeySQL.holder(account, key)).map(NaturalKeySQL.holder) }
    return holders
  }

  /// Forgets request keys made before the moment, walking the keys in their order from `after`.
  /// - Returns: the last key looked at, to go on from; nil when the end is reached.
  public func forgetRequests(before moment: Instant, after: String = "", limit: Int = Limits.bulk, in tx: inout Transaction) throws
    -> String?
  {
    guard let last = try tx.row(NaturalKeySQL.chunkEnd(account, after, limit))?.textOrNil(0) else { return nil }
    try tx.run(NaturalKeySQL.forget(account, after, last, moment))
    return last
  }
}
