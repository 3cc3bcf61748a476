import Kernel

/// Points set aside for a receipt that is not confirmed yet. It ends by itself.
public struct Hold: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public let lot: LotNumber
    public internal(set) var amount: Points
  }

  public let id: HoldID
  /// Whole seconds.
  public let ends: Instant
  /// What was set aside, lot by lot.
  public internal(set) var parts: [Part]
  /// Where it was asked for: limits per store and day count there.
  public let store: StoreID
  /// Uses of promotions set aside with the points; they count against the limits until the hold ends.
  public internal(set) var uses: [Use]
  /// Members of the household in whose wallets a hold of the same id sets aside the rest. Ascending, nearly always none.
  public internal(set) var lenders: [MemberID] = []
  /// For whose receipt it is, where that is another member of the household.
  public internal(set) var borrower: MemberID?

  public var amount: Points { parts.reduce(.zero) { $0 + $1.amount } }
}

/// Points that left a lot for a receipt, with what is needed to give them back as they were.
public struct Burn: Hashable, Sendable {
  public let lot: LotNumber
  public let kind: LotKind
  public let expiry: Expiry
  public let origin: Origin
  public let amount: Points
  /// Whose lot it is, where that is another member of the buyer's household.
  public var lender: MemberID?

  public init(lot: LotNumber, kind: LotKind, expiry: Expiry, origin: Origin, amount: Points, lender: MemberID? = nil) {
    self.lot = lot
    self.kind = kind
    self.expiry = expiry
    self.origin = origin
    self.amount = amount
    self.lender = lender
  }

  /// The same points, fewer of them.
  public func keeping(_ amount: Points) -> Burn {
    Burn(lot: lot, kind: kind, expiry: expiry, origin: origin, amount: amount, lender: lender)
  }

  /// The same points, by the number that their lot has in the wallet it moved to.
  func shifted(by shift: UInt32) -> Burn {
    Burn(lot: LotNumber(lot.raw + shift), kind: kind, expiry: expiry, origin: origin, amount: amount, lender: lender)
  }
}

/// How many points to take, and how many of them targeted lots may give.
public struct SpendRequest: Hashable, Sendable {
  public let amount: Points
  /// What each scope's goods in the basket can take at most.
  public let targeted: [PromotionID: Points]

  public init(_ amount: Points, targeted: [PromotionID: Points] = [:]) {
    self.amount = amount
    self.targeted = targeted
  }
}

/// How points of a receipt were paid: from lots, and where lots had too few, from whom. Kept with the receipt, so that a return
/// undoes exactly this.
public struct Spending: Hashable, Sendable {
  public internal(set) var burns: [Burn] = []
  /// Left as a debt of the wallet, where the programme allows one.
  public internal(set) var debt: Points = .zero
  /// Promised by a hold that had ended: the house's cost.
  public internal(set) var late: Points = .zero
  /// Stated by the till, promised by nobody.
  public internal(set) var discrepancy: Points = .zero

  public init(burns: [Burn] = [], debt: Points = .zero, late: Points = .zero, discrepancy: Points = .zero) {
    self.burns = burns
    self.debt = debt
    self.late = late
    self.discrepancy = discrepancy
  }

  public static var nothing: Spending { Spending() }
  public var total: Points { burns.reduce(debt + late + discrepancy) { $0 + $1.amount } }

  /// Divides into what goes back first, `amount` of it, and the rest. Lots come before debt, and the last burnt before the first;
  /// what was never the member's comes last. - Precondition: `amount` is at most the total.
  public func splitting(_ amount: Points) -> (back: Spending, rest: Spending) {
    precondition(amount <= total && amount >= .zero, "no more goes back than was spent")
    var left = amount
    var back = Spending()
    var rest = Spending()
    for burn in burns.reversed() {
      let part = min(left, burn.amount)
      left -= part
      if part > .zero { back.burns.insert(burn.keeping(part), at: 0) }
      if part < burn.amount { rest.burns.insert(burn.keeping(burn.amount - part), at: 0) }
    }
    func divide(_ whole: Points) -> (Points, Points) {
      let part = min(left, whole)
      left -= part
      return (part, whole - part)
    }
    (back.debt, rest.debt) = divide(debt)
    (back.late, rest.late) = divide(late)
    (back.discrepancy, rest.discrepancy) = divide(discrepancy)
    return (back, rest)
  }
}

/// Whose till it was: the programme's own, or a partner's in the coalition.
public enum Seller: Sendable {
  case own, partner
  var issuing: JournalAccount { self == .own ? .issued : .partner }
  var accepting: JournalAccount { self == .own ? .spent : .partner }
}

/// A reason why points cannot be set aside or taken off. Confirming a receipt never meets one of these.
public enum PointsRefusal: Error, Hashable, Sendable {
  case insufficientPoints(available: Points, requested: Points)
  case tooManyHolds(limit: Int)
  case amountOutOfRange(Points)
  /// A hold's end lies behind or too far ahead.
  case holdEndOutOfRange(Instant)
}
