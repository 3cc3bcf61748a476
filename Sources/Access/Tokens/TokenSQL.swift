import Kernel
import Storage

/// Every statement about tokens.
enum TokenSQL {
  private static let columns = """
    id, account_id, programme_id, name, kind, store_id, register_id, scopes, made_at, expires_at, revoked_at,
    used_at
    """

  static func insert(_ token: Token, hash: String) -> SQL {
    var (kind, store, register): (String, StoreID?, RegisterID?) = ("integration", nil, nil)
    if case .register(let id, let place) = token.bearer { (kind, store, register) = ("register", place, id) }
    return SQL(
      """
      insert into token (id, account_id, programme_id, name, kind, store_id, register_id, scopes, secret_hash, made_at, expires_at,
        revoked_at)
      values ($1, $2, cast($3 as bigint), $4, $5, cast($6 as bigint), cast($7 as bigint), $8, $9, $10, cast($11 as bigint), null)
      """,
      token.id, token.account, token.programme, token.name, kind, store, register,
      token.scopes.map(\.rawValue).sorted().joined(separator: ","), hash, token.madeAt, token.expiresAt)
  }

  /// Unscoped: a request is whose the token says; before it is found there is no account to name.
  static func byHash(_ hash: String) -> SQL { "select \(raw: columns) from token where secret_hash = \(hash)" }

  static func byID(_ account: AccountID, _ id: TokenID) -> SQL {
    "select \(raw: columns) from token where account_id = \(account) and id = \(id)"
  }

  static func all(_ account: AccountID, _ after: TokenID?, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from token where account_id = \(account) and id > \(after ?? TokenID(0)) order by id limit \(limit)
    """
  }

  static func latest(_ account: AccountID, _ kind: String, before: TokenID, _ limit: Int) -> SQL {
    """
    select \(raw: columns) from token where account_id = \(account) and kind = \(kind) and id < \(before)
    order by id desc limit \(limit)
    """
  }

  static func use(_ account: AccountID, _ id: TokenID, _ at: Instant) -> SQL {
    SQL(
      "update token set used_at = $3 where account_id = $1 and id = $2 and (used_at is null or used_at < $3)", account, id, at)
  }

  static func ofStore(_ account: AccountID, _ store: StoreID) -> SQL {
    "select \(raw: columns) from token where account_id = \(account) and store_id = \(store) order by id desc limit \(Limits.bulk)"
  }

  static func revoke(_ account: AccountID, _ id: TokenID, _ now: Instant) -> SQL {
    "update token set revoked_at = \(now) where account_id = \(account) and id = \(id) and revoked_at is null"
  }

  static func token(_ row: Row) throws -> Token {
    let bearer: Bearer =
      if let register = row.idOrNil(6, Entity.Register.self), let store = row.idOrNil(5, Entity.Store.self) {
        .register(register, in: store)
      } else { .integration }
    let words = row.text(7).split(separator: ",").map(String.init)
    let scopes = words.compactMap(Scope.init(rawValue:))
    // A newer program may know scopes that this one does not; what it does not know it cannot allow.
    return Token(
      id: row.id(0), account: row.id(1), programme: row.idOrNil(2), name: row.text(3), bearer: bearer, scopes: Set(scopes),
      madeAt: row.instant(8), expiresAt: row.instantOrNil(9), revokedAt: row.instantOrNil(10),
      usedAt: row.instantOrNil(11))
  }
}
