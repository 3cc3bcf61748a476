import Kernel

/// A member's points in one programme, as a value. Operations change it and return the journal entries that say the same; whoever
/// stores the one stores the other.
///
/// A lot's own times are truth: advance a wallet to now before using it.
public struct Wallet: Hashable, Sendable {
  /// When sliding points of each family end.
  public struct Slides: Hashable, Sendable {
    var targeted: Instant?
    var promotional: Instant?
    var base: Instant?

    public init() {}

    public subscript(_ family: LotFamily) -> Instant? {
      get {
        switch family {
        case .targeted: targeted
        case .promotional: promotional
        case .base: base
        }
      }
      set {
        switch family {
        case .targeted: targeted = newValue
        case .promotional: promotional = newValue
        case .base: base = newValue
        }
      }
    }
  }

  /// Ascending by number.
  public internal(set) var lots: [Lot] = []
  public internal(set) var holds: [Hold] = []
  /// What later earnings pay first; zero or above.
  public internal(set) var debt: Points = .zero
  /// A counter for tiers, never spendable.
  public internal(set) var status: Points = .zero
  public internal(set) var slides = Slides()
  /// Ascending by promotion.
  public internal(set) var tallies: [Tally] = []
  public internal(set) var history = History()
  /// Where everything went, once the member turned out to be another; nil for nearly everybody.
  public internal(set) var departure: Departure?
  /// Members whose receipts count here besides the owner's own, because they are the same person. Ascending.
  public internal(set) var guests: [MemberID] = []
  var lastLot = LotNumber.none

  public init() {}

  /// What can be spent on anything or on something, holds left out. Below zero where there is a debt.
  public var active: Points { sum(\.isActive) - debt }
  public var pending: Points { sum(\.isPending) }
  public var held: Points { holds.reduce(.zero) { $0 + $1.amount } }

  private func sum(_ belongs: (Lot) -> Bool) -> Points {
    var total = Points.zero
    for lot in lots where belongs(lot) { total += lot.amount }
    return total
  }

  /// The same balances as the journal must give.
  public var balances: Balances {
    var balances = Balances()
    for lot in lots { balances.post(lot.amount, to: lot.isPending ? .pending : .active, lot: lot.number) }
    for hold in holds {
      for part in hold.parts { balances.post(part.amount, to: .held, lot: part.lot) }
    }
    balances.post(-debt, to: .debt, lot: .none)
    balances.post(status, to: .status, lot: .none)
    return balances
  }

  /// When something happens to the wallet by itself next: an activation, an expiry, the end of a hold.
  public var nextDue: Instant? {
    var due: Instant?
    for lot in lots { if let time = dueTime(of: lot) { due = min(due ?? time, time) } }
    for hold in holds { due = min(due ?? hold.ends, hold.ends) }
    return due
  }

  func dueTime(of lot: Lot) -> Instant? {
    switch lot.phase {
    case .pending(let from, _): from
    case .active(let expiry): lot.amount == .zero ? nil : self.expiry(expiry, of: lot.kind.family)
    }
  }

  /// The moment an expiry means; nil for never.
  public func expiry(_ expiry: Expiry, of family: LotFamily) -> Instant? {
    switch expiry {
    case .never: nil
    case .at(let time): time
    case .sliding: slides[family]
    }
  }

  /// Active points that end before the moment, by the moment they end: what a reminder speaks of.
  public func expiring(before moment: Instant) -> [(at: Instant, amount: Points)] {
    var byTime: [Instant: Points] = [:]
    for lot in lots where lot.amount > .zero {
      guard case .active(let expiry) = lot.phase, let time = self.expiry(expiry, of: lot.kind.family), time < moment else {
        continue
      }
      byTime[time, default: .zero] += lot.amount
    }
    return byTime.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  public func hold(_ id: HoldID) -> Hold? { holds.first { $0.id == id } }
  public func given(_ promotion: PromotionID) -> Tally? { tallies.first { $0.promotion == promotion } }

  func index(of lot: LotNumber) -> Int? {
    var low = 0
    var high = lots.count
    while low < high {
      let middle = (low + high) / 2
      if lots[middle].number < lot { low = middle + 1 } else { high = middle }
    }
    return low < lots.count && lots[low].number == lot ? low : nil
  }

  func isHeld(_ lot: LotNumber) -> Bool { holds.contains { hold in hold.parts.contains { $0.lot == lot } } }

  /// Lots that have neither points nor anything held of them are over. Sliding dates stay until they pass: points that a return
  /// gives back slide on.
  mutating func sweep() {
    guard lots.contains(where: { $0.amount == .zero }) else { return }
    let reserved = holds.flatMap { $0.parts.map(\.lot) }
    lots.removeAll { $0.amount == .zero && !reserved.contains($0.number) }
  }
}

extension Wallet {
  /// The first rule a wallet breaks, in words; nil for a sound one. Checked when a document is read, and by the audit.
  public var fault: String? {
    if debt < .zero { return "the debt is below zero" }
    if status < .zero { return "status points are below zero" }
    if lots.count > Limits.lots { return "there are \(lots.count) lots" }
    if holds.count > Limits.holds { return "there are \(holds.count) holds" }
    return lotFault ?? holdFault ?? tallyFault
  }

  private var lotFault: String? {
    var previous = LotNumber.none
    for lot in lots {
      if lot.number <= previous { return "lot \(lot.number) stands behind lot \(previous)" }
      previous = lot.number
      if lot.first.amount < .zero || lot.others.contains(where: { $0.amount <= .zero }) {
        return "a share of lot \(lot.number) is below zero"
      }
      if lot.amount == .zero && !isHeld(lot.number) { return "lot \(lot.number) is empty" }
      if lot.isPending && isHeld(lot.number) { return "points of lot \(lot.number) are held before they are active" }
      if lot.phase == .active(.sliding) && slides[lot.kind.family] == nil { return "lot \(lot.number) slides without a date" }
    }
    return previous > lastLot ? "lot \(previous) is newer than the newest" : nil
  }

  private var holdFault: String? {
    for hold in holds {
      for part in hold.parts where part.amount <= .zero || index(of: part.lot) == nil {
        return "hold \(hold.id) sets aside \(part.amount.units) of lot \(part.lot)"
      }
    }
    return nil
  }

  private var tallyFault: String? {
    for (one, next) in zip(tallies, tallies.dropFirst()) where one.promotion >= next.promotion {
      return "the tallies are out of order"
    }
    return nil
  }
}
