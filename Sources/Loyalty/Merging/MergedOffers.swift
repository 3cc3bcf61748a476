import Conditions
import Customers
import Kernel
import Storage

// Offers that members activated, where two turn out to be one: each stays good for the uses that were left of it.
extension Merging {
  private var offers: MemberOffers { MemberOffers(of: programme.members) }

  /// What a member has activated, read before they are merged.
  func activated(by member: MemberID, in tx: inout Transaction) throws -> [ActivatedOffer] {
    try offers.change(of: member, in: &tx) { activated, _ in activated }
  }

  /// Gives the survivor what the other had activated and the survivor had not. The other's row stays as it is.
  func shareOffers(
    _ theirs: [ActivatedOffer], of left: Wallet, to survivor: MemberID, _ own: Wallet, in tx: inout Transaction
  ) throws -> [PromotionID] {
    var brought: [ActivatedOffer] = []
    _ = try offers.change(of: survivor, in: &tx) { activated, _ in
      brought = theirs.filter { offer in !activated.contains { $0.promotion == offer.promotion } }
      return activated.map { $0.after(left.uses(of: $0.promotion)) } + brought.map { $0.after(own.uses(of: $0.promotion)) }
    }
    return brought.map(\.promotion)
  }

  /// Takes away what came with a merge. - Parameter own: what goes back to the other.
  func takeOffers(
    _ brought: [PromotionID], from survivor: MemberID, _ own: Wallet, in tx: inout Transaction
  ) throws {
    _ = try offers.change(of: survivor, in: &tx) { activated, _ in
      activated.filter { !brought.contains($0.promotion) }.map { $0.after(-own.uses(of: $0.promotion)) }
    }
  }
}

extension Wallet {
  fileprivate func uses(of promotion: PromotionID) -> Int64 { given(promotion)?.total.uses ?? 0 }
}

extension ActivatedOffer {
  /// The same where the member's uses count so many more.
  fileprivate func after(_ uses: Int64) -> ActivatedOffer {
    ActivatedOffer(promotion, since: since, until: until, usesUpTo: usesUpTo.map { max(0, $0 + uses) })
  }
}
