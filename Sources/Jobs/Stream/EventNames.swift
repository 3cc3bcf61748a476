extension Event.Kind {
  /// The word that the outside world knows the kind by; like its number it never changes its meaning.
  public var word: String {
    switch self {
    case .receiptConfirmed: "receipt.confirmed"
    case .receiptReturned: "receipt.returned"
    case .receiptAttached: "receipt.attached"
    case .receiptCancelled: "receipt.cancelled"
    case .receiptBeside: "receipt.beside"
    case .pointsAdjusted: "points.adjusted"
    case .pointsOpened: "points.opened"
    case .pointsMoved: "points.moved"
    case .pointsGiven: "points.given"
    case .pointsTransferred: "points.transferred"
    case .pointsReceived: "points.received"
    case .pointsDonated: "points.donated"
    case .tierGranted: "tier.granted"
    case .tierWithdrawn: "tier.withdrawn"
    case .subscriptionStarted: "subscription.started"
    case .subscriptionRenewed: "subscription.renewed"
    case .subscriptionEnded: "subscription.ended"
    case .subscriptionCancelled: "subscription.cancelled"
    case .subscriptionEnding: "subscription.ending"
    case .subscriptionChanged: "subscription.changed"
    case .segmentEntered: "segment.entered"
    case .segmentLeft: "segment.left"
    case .memberJoined: "member.joined"
    case .memberChanged: "member.changed"
    case .memberBlocked: "member.blocked"
    case .memberUnblocked: "member.unblocked"
    case .memberErased: "member.erased"
    case .identifierAttached: "member.identifier-attached"
    case .identifierDetached: "member.identifier-detached"
    case .favouritesChosen: "member.favourites-chosen"
    case .memberMerged: "member.merged"
    case .memberUnmerged: "member.unmerged"
    case .householdJoined: "member.household-joined"
    case .householdLeft: "member.household-left"
    case .guardAlerted: "guard.alerted"
    case .couponGiven, .couponVoided, .offerActivated, .offerEnded: wordOfRight
    }
  }

  /// Of what members may use.
  private var wordOfRight: String {
    if self == .couponGiven || self == .couponVoided { return self == .couponGiven ? "coupon.given" : "coupon.voided" }
    return self == .offerActivated ? "offer.activated" : "offer.ended"
  }

  public init?(word: some StringProtocol) {
    guard let kind = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = kind
  }
}
