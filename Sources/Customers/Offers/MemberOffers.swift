import Access
import Conditions
import Kernel
import Storage

/// What the members of one programme activated, each in their own row: a sale reads it with the member. What an offer is, and whether it
/// may be activated, is for whoever knows the promotions.
public struct MemberOffers: Sendable {
  let members: Members

  public init(of members: Members) { self.members = members }

  /// What these members activated, over or not; who activated nothing is missing. At most `Limits.bulk`, one statement.
  public func activated(by owners: [MemberID], in tx: inout Transaction) throws -> [MemberID: [ActivatedOffer]] {
    guard !owners.isEmpty else { return [:] }
    let some = Array(owners.prefix(Limits.bulk))
    let rows = try tx.rows(OfferSQL.activated(members.account, members.programme, some))
    return Dictionary(try rows.map { ($0.id(0), try OfferSQL.offers($0.textOrNil(1))) }, uniquingKeysWith: { first, _ in first })
  }

  /// Changes what a member has activated, with nobody else at it.
  /// - Returns: what stands now.
  /// - Throws: `Problem.notFound` (`member_unknown`); `Problem.conflict` (`member_erased`, `member_merged`).
  public func change(
    of member: MemberID, in tx: inout Transaction, _ body: ([ActivatedOffer], inout Transaction) throws -> [ActivatedOffer]
  ) throws -> [ActivatedOffer] {
    guard let row = try tx.row(OfferSQL.locked(members.account, members.programme, member, tx.dialect)) else {
      throw MemberProblem.unknown(member)
    }
    guard row.text(0) != Member.Status.erased.rawValue else { throw MemberProblem.erased(member) }
    if let survivor: MemberID = row.idOrNil(2) { throw MergeProblem.merged(member, survivor) }
    let before = try OfferSQL.offers(row.textOrNil(1))
    let after = try body(before, &tx)
    if after != before { try tx.enqueue(OfferSQL.set(members.account, members.programme, member, after)) }
    return after
  }
}
