import Conditions

/// What a programme lets a kind of member do.
public struct MemberTreatment: Hashable, Sendable {
  public var earns: Bool
  public var spends: Bool
  public var receivesOffers: Bool
  /// Whether reports count its purchases among the shoppers'.
  public var counts: Bool

  public init(earns: Bool, spends: Bool, receivesOffers: Bool, counts: Bool) {
    self.earns = earns
    self.spends = spends
    self.receivesOffers = receivesOffers
    self.counts = counts
  }

  /// What holds unless the programme says otherwise. A card without a person earns before it can spend; a shop's own card does
  /// neither, for it stands in for shoppers without one.
  public static func usual(for kind: MemberKind) -> MemberTreatment {
    switch kind {
    case .person: MemberTreatment(earns: true, spends: true, receivesOffers: true, counts: true)
    case .anonymous: MemberTreatment(earns: true, spends: false, receivesOffers: true, counts: true)
    case .employee: MemberTreatment(earns: true, spends: true, receivesOffers: true, counts: false)
    case .company: MemberTreatment(earns: true, spends: true, receivesOffers: false, counts: true)
    case .storeCard: MemberTreatment(earns: false, spends: false, receivesOffers: false, counts: false)
    case .test: MemberTreatment(earns: true, spends: true, receivesOffers: false, counts: false)
    }
  }
}
