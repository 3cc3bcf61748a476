import Kernel

/// Points to give: how many, of which kind and why. Activation and life are the programme's unless said here.
public struct Grant: Hashable, Sendable {
  public let amount: Points
  public let kind: LotKind
  public let origin: Origin
  public let activation: Activation?
  public let life: Life?

  public init(_ amount: Points, kind: LotKind = .base, origin: Origin, activation: Activation? = nil, life: Life? = nil) {
    self.amount = amount
    self.kind = kind
    self.origin = origin
    self.activation = activation
    self.life = life
  }
}

/// Why an operator changes a balance.
public enum AdjustmentReason: String, Sendable, CaseIterable {
  /// To make up for a failure; costs are reported as such.
  case goodwill
  /// To put right what was wrong.
  case correction

  var account: JournalAccount { self == .goodwill ? .goodwill : .correction }
}

extension Wallet {
  /// Gives points. They activate as their course says, counted from the event; what is active by the time of posting is active
  /// after this, and pays a debt first.
  public mutating func earn(_ grants: [Grant], from seller: Seller = .own, on occasion: Occasion, _ terms: PointsTerms) -> [Entry] {
    issue(grants, from: seller.issuing, on: occasion, terms)
  }

  /// Points that came from another system, with their own times.
  public mutating func open(_ grants: [Grant], status: Points = .zero, on occasion: Occasion, _ terms: PointsTerms) -> [Entry] {
    var entries = issue(grants, from: .opening, on: occasion, terms)
    entries += count(status: status, from: .opening, on: occasion)
    return entries
  }

  /// Points without a purchase.
  public mutating func give(_ grant: Grant, on occasion: Occasion, _ terms: PointsTerms) -> [Entry] {
    issue([grant], from: .gifts, on: occasion, terms)
  }

  /// Adds points by hand, or takes them: then only what is there, in burn order, unless the programme lets wallets go below zero.
  public mutating func adjust(
    _ change: Points, kind: LotKind = .base, because reason: AdjustmentReason, id: AdjustmentID, on occasion: Occasion,
    _ terms: PointsTerms
  ) throws(PointsRefusal) -> [Entry] {
    guard change != .zero, change.units.magnitude <= UInt64(Limits.amount) else { throw .amountOutOfRange(change) }
    if change > .zero {
      let grant = Grant(change, kind: kind, origin: .adjustment(id), activation: .atOnce)
      return issue([grant], from: reason.account, on: occasion, terms)
    }
    let request = SpendRequest(-change)
    guard terms.negative == .belowZero || available(for: request, terms) >= -change else {
      throw .insufficientPoints(available: available(for: request, terms), requested: -change)
    }
    var entries: [Entry] = []
    let missing = -change - burn(request, to: reason.account, on: occasion, terms, into: &entries).total
    owe(missing, to: reason.account, on: occasion, into: &entries)
    sweep()
    return entries
  }

  /// Moves the counter for tiers, down as well, never below zero.
  public mutating func count(status change: Points, on occasion: Occasion) -> [Entry] {
    count(status: change, from: .statusIssued, on: occasion)
  }

  private mutating func count(status change: Points, from account: JournalAccount, on occasion: Occasion) -> [Entry] {
    let change = max(change, -status)
    guard change != .zero else { return [] }
    status += change
    if change > .zero { return [Entry(change, from: account, to: .status, lot: .none, on: occasion)] }
    return [Entry(-change, from: .status, to: account, lot: .none, on: occasion)]
  }

  private mutating func issue(
    _ grants: [Grant], from account: JournalAccount, on occasion: Occasion, _ terms: PointsTerms
  ) -> [Entry] {
    var entries: [Entry] = []
    for grant in grants where grant.amount > .zero {
      precondition(grant.amount.units <= Limits.amount, "a grant stays within the limit of one amount")
      let course = terms.course(of: grant.kind.family)
      let start = (grant.activation ?? course.activation).start(after: occasion.event, in: terms.zone)
      let life = grant.life ?? course.life
      let lot = append(
        grant.kind, .pending(from: start?.secondsUp, life: life), Lot.Share(origin: grant.origin, amount: grant.amount))
      guard let start, start <= occasion.posted else {
        entries.append(Entry(grant.amount, from: account, to: .pending, lot: lot, on: occasion))
        continue
      }
      let index = lots.count - 1
      lots[index].phase = .active(begin(life, grant.kind.family, at: start, terms))
      entries.append(Entry(grant.amount, from: account, to: .active, lot: lot, on: occasion))
      payDebt(from: index, occasion, into: &entries)
    }
    sweep()
    coalesce(on: occasion, into: &entries)
    return entries
  }

  /// A new lot behind the others.
  mutating func append(_ kind: LotKind, _ phase: Lot.Phase, _ share: Lot.Share) -> LotNumber {
    lastLot = LotNumber(lastLot.raw + 1)
    lots.append(Lot(number: lastLot, kind: kind, phase: phase, first: share))
    return lastLot
  }

  mutating func owe(_ amount: Points, to account: JournalAccount, on occasion: Occasion, into entries: inout [Entry]) {
    guard amount > .zero else { return }
    debt += amount
    entries.append(Entry(amount, from: .debt, to: account, lot: .none, on: occasion))
  }
}
