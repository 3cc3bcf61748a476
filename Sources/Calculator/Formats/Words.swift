import Kernel

// Words for machines: stable once published.

extension TraceStep.Kind {
  public var word: String {
    switch self {
    case .reduction: "reduction"
    case .points: "points"
    case .receiptRounding: "receipt-rounding"
    case .printing: "printing"
    case .earning: "earning"
    case .tender: "tender"
    }
  }
}

extension TraceNotes {
  public var words: [String] {
    Self.named.filter { contains($0.0) }.map(\.1)
  }

  private static let named: [(TraceNotes, String)] = [
    (.floor, "floor"), (.redistributed, "redistributed"), (.capped, "capped"), (.rounded, "rounded"), (.byUnit, "by-unit"),
    (.ofRegular, "of-regular"),
  ]
}

extension Cause {
  public var word: String {
    switch self {
    case .notStarted: "not-started"
    case .ended: "ended"
    case .pilotElsewhere: "pilot-elsewhere"
    case .otherStore: "other-store"
    case .otherChannel: "other-channel"
    case .otherDay: "other-day"
    case .otherHour: "other-hour"
    case .unidentified, .otherMemberKind, .otherTier, .otherSegment, .memberAttribute, .notFirstPurchase, .boughtBefore,
      .pastUncounted,
      .notBirthday, .household,
      .counter, .accumulated, .stamps, .cardFull, .noFavourites, .notFavourite, .noConsent, .noPrivilege, .notActivated,
      .controlGroup:
      buyersWord
    case .couponMissing: "coupon-missing"
    case .certificateMissing: "certificate-missing"
    case .coupon(let state): "coupon-" + state.rawValue
    case .certificate(let state): "certificate-" + state.rawValue
    case .otherTender: "other-tender"
    case .amount: "amount"
    case .quantity: "quantity"
    case .productCount: "product-count"
    case .noGoods: "no-goods"
    case .giftNotChosen: "gift-not-chosen"
    case .excludedCircumstance: "excluded-circumstance"
    case .limit(let kind): "limit-" + kind.rawValue
    case .excluded: "excluded"
    case .notBest: "not-best"
    case .notFirst: "not-first"
    case .nothingToReduce: "nothing-to-reduce"
    case .roundedToNothing: "rounded-to-nothing"
    }
  }

  /// Of what is the buyer's: who they are, what they chose and what they have done.
  private var buyersWord: String {
    switch self {
    case .unidentified: "unidentified"
    case .otherMemberKind: "other-member-kind"
    case .otherTier: "other-tier"
    case .otherSegment: "other-segment"
    case .memberAttribute: "member-attribute"
    case .notFirstPurchase: "not-first-purchase"
    case .boughtBefore: "bought-before"
    case .pastUncounted: "past-uncounted"
    case .notBirthday: "not-birthday"
    case .household: "household"
    case .counter: "counter"
    case .accumulated: "accumulated"
    case .stamps: "stamps"
    case .cardFull: "card-full"
    case .noConsent: "no-consent"
    case .noPrivilege: "no-privilege"
    case .notActivated: "not-activated"
    case .noFavourites: "no-favourites"
    case .notFavourite: "not-favourite"
    case .controlGroup: "control-group"
    default: ""
    }
  }
}
