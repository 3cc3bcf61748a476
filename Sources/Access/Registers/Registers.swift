import Kernel
import Storage

/// The registers of one store.
public struct Registers: Sendable {
  let account: AccountID
  let store: StoreID

  public init(of account: AccountID, in store: StoreID) {
    self.account = account
    self.store = store
  }

  /// Makes and changes registers by their codes.
  /// - Parameter readProfile: notes what the calculator could not read in a profile; this wing does not know the calculator.
  /// - Throws: `Problem.notFound` where the store is not the account's; `Problem.invalid`.
  public func save(
    _ rows: [RegisterDetails], readProfile: (JSONNode) -> Void, by change: Change, in tx: inout Transaction
  ) throws -> Saved<Entity.Register> {
    try check(rows, "the registers")
    try checkProfiles(rows, readProfile)
    guard !rows.isEmpty else { return Saved() }
    try takeStructure(of: account, in: &tx)
    _ = try Places(of: account).store(store, in: &tx)
    return try RegisterSQL.upsert(account, store).save(rows, known: all(in: &tx), in: account, by: change, in: &tx)
  }

  /// By code.
  public func all(in tx: inout Transaction) throws -> [String: Known<RegisterDetails>] {
    let known = try tx.rows(RegisterSQL.all(account, store)).map(RegisterSQL.known)
    return Dictionary(known.map { ($0.details.code, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Of all stores of an account, by id, page by page, with the store of each.
  public static func everywhere(
    of account: AccountID, after: RegisterID? = nil, in tx: inout Transaction
  ) throws -> [(store: StoreID, register: Known<RegisterDetails>)] {
    try tx.rows(RegisterSQL.everywhere(account, after ?? RegisterID(0), Limits.bulk)).map {
      ($0.id(5), try RegisterSQL.known($0))
    }
  }

  /// Of some stores, at most `Limits.page` of them, by store and code.
  public static func of(
    _ account: AccountID, in stores: [StoreID], in tx: inout Transaction
  ) throws -> [(store: StoreID, register: Known<RegisterDetails>)] {
    guard !stores.isEmpty else { return [] }
    return try tx.rows(RegisterSQL.of(account, Array(stores.prefix(Limits.page)))).map { ($0.id(5), try RegisterSQL.known($0)) }
  }

  private func checkProfiles(_ rows: [RegisterDetails], _ readProfile: (JSONNode) -> Void) throws(Problem) {
    let issues = IssueList()
    for (index, row) in rows.enumerated() {
      let own = IssueList()
      readProfile(JSONNode(row.profile, issues: own))
      for issue in own.issues { issues.add("/\(index)/profile" + issue.pointer, issue.code, issue.message) }
    }
    try issues.check("the registers' profiles")
  }
}
