import Access
import Customers
import Jobs
import Kernel
import Storage

/// Why a person is forgotten. One of a few words, so that the trail says why without saying anything about anybody.
public enum ErasureBasis: String, Sendable, CaseIterable {
  /// The person asked for it.
  case request
  /// The person took back the consent to the processing of their data.
  case withdrawal
  /// What the data was kept for is done with.
  case purpose
}

/// Forgets a person. The member stays as a number without anybody behind it: receipts, returns and the journal are whole, and every sum
/// that was reckoned from them stays as it was. What leads to the person goes, from every table that has any of it, in one transaction.
public struct Erasure: Sendable {
  let programme: Programme
  let ids: IDSource

  public init(of programme: Programme, ids: IDSource) {
    self.programme = programme
    self.ids = ids
  }

  /// Harmless when repeated.
  /// - Returns: how many points ended.
  /// - Throws: `Problem.notFound`.
  @discardableResult public func carryOut(
    _ member: MemberID, because basis: ErasureBasis, by change: Change, in tx: inout Transaction
  ) throws -> Points {
    let (account, id) = (programme.account, programme.id)
    guard try programme.members.member(member, in: &tx).status != .erased else { return .zero }
    try Households(of: programme).forget(member, by: change, in: &tx)
    try programme.members.erase(member, because: basis.rawValue, by: change, in: &tx)
    try tx.enqueue(GoodwillSQL.forgetNotes(account, id, of: member, change))
    try tx.enqueue(StampSQL.forgetNotes(account, id, of: member))
    for statement in GuardBlockSQL.forgetWords(programme, of: member) { try tx.enqueue(statement) }
    try tx.enqueue(ReceiptSQL.forgetCards(account, of: member))
    try tx.enqueue(GiftSQL.forgetSubjects(account, id, of: member))
    try tx.enqueue(CharitySQL.forget(account, id, of: member))
    for statement in TransferSQL.forget(account, id, of: member) { try tx.enqueue(statement) }
    try tx.enqueue(ReferralSQL.forgetCodes(account, id, of: member))
    try tx.enqueue(SubscriptionSQL.forgetReasons(account, id, of: member))
    try tx.enqueue(DrawSQL.forgetReasons(account, of: member))
    try tx.enqueue(BulkSQL.forgetFormer(account, of: member))
    return try Wallets(of: programme, ids: ids).erase(member, by: change, in: &tx)
  }
}
