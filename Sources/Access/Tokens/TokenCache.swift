import Kernel
import Storage
import Synchronization

/// Tokens that were shown lately, so that a busy till's token is read from the database once a second and not with every request.
public final class TokenCache: Sendable {
  /// How long a token may still open something after it was revoked.
  public static var freshness: Span { .seconds(1) }
  static var most: Int { 100_000 }
  /// How exactly the last use is kept.
  static var accuracy: Span { .hours(1) }

  private struct Seen {
    let token: Token
    let readAt: Instant
  }

  private let database: any Database
  private let seen = Mutex<[String: Seen]>([:])
  /// Tokens that were shown and whose last use is not written yet.
  private let used = Mutex<[TokenID: (account: AccountID, at: Instant)]>([:])

  public init(on database: any Database) { self.database = database }

  /// The live token of a secret; nil where there is none.
  public func token(_ secret: TokenSecret, at now: Instant) async throws -> Token? {
    try await known(secret, at: now).flatMap { $0.isLive(at: now) ? $0 : nil }
  }

  /// The token of a secret, live or not: whose it was is known of one that has ended, too. Nil where there never was one. Secrets that
  /// open nothing are not remembered, so a guesser fills no memory.
  public func known(_ secret: TokenSecret, at now: Instant) async throws -> Token? {
    // The cache is as secret as the secrets in it; a look-up by the hash keeps them out of it.
    let hash = secret.hash
    let known = seen.withLock { $0[hash] }
    if let known, now - known.readAt < Self.freshness, now >= known.readAt {
      return known.token
    }
    let found = try await database.read { tx in try Tokens.find(secret, in: &tx) }
    seen.withLock { seen in
      if seen.count >= Self.most { seen = seen.filter { now - $0.value.readAt < Self.freshness } }
      if seen.count >= Self.most { seen.removeAll() }
      seen[hash] = found.map { Seen(token: $0, readAt: now) }
    }
    guard let found, found.isLive(at: now) else { return found }
    if found.usedAt.map({ now - $0 >= Self.accuracy }) ?? true {
      used.withLock { if $0.count < Self.most { $0[found.id] = (found.account, now) } }
    }
    return found
  }

  /// Writes when tokens were used, which requests do not wait for: one write a token and hour.
  /// - Throws: what the database said; the next use is noted again.
  public func flush() async throws {
    let noted = used.withLock { used in
      let some = used.prefix(Limits.bulk)
      for (id, _) in some { used[id] = nil }
      return some.map { (id: $0.key, account: $0.value.account, at: $0.value.at) }
    }
    guard !noted.isEmpty else { return }
    try await database.write(.bulk) { tx in
      for use in noted { try tx.enqueue(TokenSQL.use(use.account, use.id, use.at)) }
    }
  }
}
