import Calculator
import Customers
import Kernel
import Storage

extension Programme {
  /// The member as this programme's rules see them at the moment of a sale: kind, tier and segments, birthday, attributes. One
  /// statement; points, purchases and uses follow from the wallet when the basket is priced.
  /// - Parameter shown: how strongly the member was proved to be the one, which decides whether they may spend.
  /// - Throws: `Problem.notFound`, for another programme's member too.
  public func shopper(_ id: MemberID, shown: Strength, at time: Instant, in tx: inout Transaction) throws -> Shopper {
    shopper(try members.profile(id, at: time, in: &tx), shown: shown)
  }

  /// Of many members, those that are there; at most `Limits.bulk`. One statement.
  public func shoppers(
    _ ids: [MemberID], shown: Strength, at time: Instant, in tx: inout Transaction
  ) throws -> [MemberID: Shopper] {
    try members.profiles(ids, at: time, in: &tx).mapValues { shopper($0, shown: shown) }
  }

  /// A member whom nobody has shown: as the desk sees them.
  public func shopper(_ profile: MemberProfile) -> Shopper { shopper(profile, shown: .typed) }

  func shopper(_ profile: MemberProfile, shown: Strength, isBlocked: Bool = false) -> Shopper {
    let member = profile.member
    var snapshot = MemberSnapshot(
      id: member.id, kind: member.kind, maySpend: shown.maySpend(where: settings.spendNeeds), tier: profile.tier,
      segments: profile.segments, birthday: member.person?.birthday, attributes: member.person?.attributes.values ?? [:])
    snapshot.joinedAt = member.joinedAt
    if !settings.terms.favourites.isEmpty { snapshot.favourites = profile.favourites }
    if let tier = profile.tier, let codes = privileges[tier] { snapshot.privileges = codes }
    if settings.households != nil { snapshot.household = profile.household }
    (snapshot.consents, snapshot.offers) = (profile.consents, profile.offers)
    return .member(snapshot, isBlocked: isBlocked || member.status != .active)
  }
}
