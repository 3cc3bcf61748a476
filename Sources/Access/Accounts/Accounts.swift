import Kernel
import Storage

/// The accounts of the installation: the one facade that stands above accounts.
public struct Accounts: Sendable {
  public init() {}

  /// Opens the account, or changes what is said about the one with this code.
  public func open(_ details: AccountDetails, by change: Change, in tx: inout Transaction) throws -> AccountID {
    try check([details], "the account")
    let known = try tx.row(AccountSQL.byCode(details.code)).map(AccountSQL.account)
    if let known {
      guard known.details != details else { return known.id }
      try tx.enqueue(AccountSQL.update(known.id, details))
      try note(.changed("account", known.id, from: known.details.json, to: details.json), known.id, change, &tx)
      return known.id
    }
    let id: AccountID = change.id()
    try tx.enqueue(AccountSQL.insert(id, details, change.at))
    try note(.made("account", id, details.json), id, change, &tx)
    return id
  }

  /// - Throws: `Problem.notFound`.
  public func account(_ id: AccountID, in tx: inout Transaction) throws -> Account {
    guard let row = try tx.row(AccountSQL.byID(id)) else { throw AccountProblem.unknown(id) }
    return try AccountSQL.account(row)
  }

  /// Nil where there is none.
  public func account(code: String, in tx: inout Transaction) throws -> Account? {
    try tx.row(AccountSQL.byCode(code)).map(AccountSQL.account)
  }

  public func all(after: AccountID? = nil, limit: Int, in tx: inout Transaction) throws -> [Account] {
    try tx.rows(AccountSQL.all(after, page(limit))).map(AccountSQL.account)
  }

  /// Stops all writing to the account's structure and signs its staff out; its receipts go on, for the goods are sold. Harmless when
  /// repeated.
  public func suspend(_ id: AccountID, by change: Change, in tx: inout Transaction) throws {
    try set(id, suspended: true, change, &tx)
  }

  public func resume(_ id: AccountID, by change: Change, in tx: inout Transaction) throws {
    try set(id, suspended: false, change, &tx)
  }

  private func set(_ id: AccountID, suspended: Bool, _ change: Change, _ tx: inout Transaction) throws {
    let known = try account(id, in: &tx)
    guard known.isSuspended != suspended else { return }
    try tx.enqueue(AccountSQL.suspend(id, suspended))
    if suspended { try Sessions(of: id).endAll(in: &tx) }
    try note(.did(suspended ? "account.suspended" : "account.resumed", id), id, change, &tx)
  }

  private func note(_ note: AuditNote, _ id: AccountID, _ change: Change, _ tx: inout Transaction) throws {
    try AuditTrail(of: id).record([note], by: change, in: &tx)
  }
}

/// Takes the account's structure for writing: one writer at a time, and none while it is suspended. The version counts the writes,
/// so that whoever keeps a copy in memory learns that it is old.
/// - Throws: `Problem.notFound` and `Problem.conflict` (`account_suspended`).
@discardableResult
public func takeStructure(of account: AccountID, in tx: inout Transaction) throws -> Int64 {
  guard let row = try tx.row(AccountSQL.take(account)) else { throw AccountProblem.unknown(account) }
  guard !row.bool(1) else { throw AccountProblem.suspended(account) }
  return row.int(0)
}

/// How often the account's structure was written, for whoever keeps a copy of it.
/// - Throws: `Problem.notFound`.
public func structureVersion(of account: AccountID, in tx: inout Transaction) throws -> Int64 {
  guard let row = try tx.row(AccountSQL.version(account)) else { throw AccountProblem.unknown(account) }
  return row.int(0)
}

enum AccountProblem {
  static func unknown(_ id: AccountID) -> Problem { Problem(.notFound, "account_unknown", "there is no account \(id)") }
  static func suspended(_ id: AccountID) -> Problem {
    Problem(.conflict, "account_suspended", "account \(id) is suspended; resume it before changing anything in it")
  }
}
