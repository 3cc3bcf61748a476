import Kernel
import Storage

/// What is said when a token is made.
public struct TokenDetails: Sendable {
  public let name: String
  public let programme: ProgrammeID?
  public let bearer: Bearer
  public let scopes: Set<Scope>
  public let expiresAt: Instant?

  public init(
    name: String, programme: ProgrammeID?, bearer: Bearer, scopes: Set<Scope>, expiresAt: Instant? = nil
  ) {
    self.name = name
    self.programme = programme
    self.bearer = bearer
    self.scopes = scopes
    self.expiresAt = expiresAt
  }
}

/// The tokens of one account.
public struct Tokens: Sendable {
  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Makes a token. Not to be repeated blindly: each call makes another, and its secret is known only to the caller.
  /// - Throws: `Problem.invalid` (a bad name, no scope, an end that is over), `Problem.conflict` (`account_suspended`).
  public func issue(
    _ details: TokenDetails, secret: TokenSecret, by change: Change, in tx: inout Transaction
  ) throws -> Token {
    let issues = IssueList()
    if !isCode(details.name) { issues.add("/name", "not_a_code", "a token's name has 1 to \(Limits.code) bytes") }
    if details.scopes.isEmpty { issues.add("/scopes", "empty", "name at least one scope") }
    if let end = details.expiresAt, end <= change.at { issues.add("/expiresAt", "over", "\(end.text) is over already") }
    if details.programme == nil, details.scopes.contains(where: { $0 != .metrics }) {
      issues.add("/programme", "missing", "a token that does more than read figures is for one programme")
    }
    try issues.check("the token")
    try takeStructure(of: account, in: &tx)
    let token = Token(
      id: change.id(), account: account, programme: details.programme, name: details.name, bearer: details.bearer,
      scopes: details.scopes, madeAt: change.at, expiresAt: details.expiresAt, revokedAt: nil,
      usedAt: nil)
    try tx.enqueue(TokenSQL.insert(token, hash: secret.hash))
    let after = JSON.object([
      "name": .string(token.name), "scopes": .array(token.scopes.map(\.rawValue).sorted().map(JSON.string)),
      "expiresAt": token.expiresAt.map { .string($0.text) },
    ])
    try AuditTrail(of: account).record([.made("token", token.id, after)], by: change, in: &tx)
    return token
  }

  /// Ends a token at once; servers learn of it within a second. Harmless when repeated.
  /// - Throws: `Problem.notFound`, for another account's token too.
  public func revoke(_ id: TokenID, by change: Change, in tx: inout Transaction) throws {
    guard try token(id, in: &tx).revokedAt == nil else { return }
    try tx.enqueue(TokenSQL.revoke(account, id, change.at))
    try AuditTrail(of: account).record([.did("token.revoked", id)], by: change, in: &tx)
  }

  /// Every token that was ever made, oldest first.
  public func all(after: TokenID? = nil, limit: Int, in tx: inout Transaction) throws -> [Token] {
    try tx.rows(TokenSQL.all(account, after, page(limit))).map(TokenSQL.token)
  }

  /// Tokens of tills or of other systems, the latest first. By index.
  /// - Parameter before: continue behind this one.
  public func latest(ofTills: Bool, before: TokenID? = nil, limit: Int, in tx: inout Transaction) throws -> [Token] {
    let kind = ofTills ? "register" : "integration"
    return try tx.rows(TokenSQL.latest(account, kind, before: before ?? TokenID(.max), page(limit))).map(TokenSQL.token)
  }

  /// - Throws: `Problem.notFound`, for another account's token too.
  public func token(_ id: TokenID, in tx: inout Transaction) throws -> Token {
    guard let row = try tx.row(TokenSQL.byID(account, id)) else {
      throw Problem(.notFound, "token_unknown", "there is no token \(id)")
    }
    return try TokenSQL.token(row)
  }

  /// The tokens of a store's registers, the latest first, at most `Limits.bulk`. Reads through the account's tokens.
  public func all(of store: StoreID, in tx: inout Transaction) throws -> [Token] {
    try tx.rows(TokenSQL.ofStore(account, store)).map(TokenSQL.token)
  }

  /// Whose secret it is; nil for nobody's. One indexed read.
  public static func find(_ secret: TokenSecret, in tx: inout Transaction) throws -> Token? {
    try tx.row(TokenSQL.byHash(secret.hash)).map(TokenSQL.token)
  }
}
