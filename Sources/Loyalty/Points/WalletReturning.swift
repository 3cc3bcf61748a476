import Calculator
import Kernel

/// Points that a receipt earned: of one kind, or by one promotion whose points come and go as it says itself.
public struct Earned: Hashable, Sendable {
  public let kind: LotKind
  public let amount: Points
  /// Nil for points that live as the programme's do.
  public let promotion: PromotionID?
  /// Of a promotion's own points.
  public var days: LotDays

  public init(_ amount: Points, kind: LotKind, by promotion: PromotionID? = nil, _ days: LotDays = LotDays()) {
    self.kind = kind
    self.amount = amount
    self.promotion = promotion
    self.days = days
  }

  /// Their kind and, where they are a promotion's own, the promotion: what tells them from others of the receipt.
  func isAlike(_ other: Earned) -> Bool { kind == other.kind && promotion == other.promotion }

  /// So many of them.
  func with(_ amount: Points) -> Earned { Earned(amount, kind: kind, by: promotion, days) }
}

extension Wallet {
  /// Undoes a part of a receipt's points: gives back what it spent, takes back what it earned.
  ///
  /// What comes back can pay for what goes, so that nobody keeps earned points by returning what they bought with others; where a
  /// wallet may go below zero this is so in any order, and the earnings go first because they had paid the debt.
  /// - Returns: how many earned points were not there any more.
  public mutating func undo(
    _ spending: Spending, earned: [Earned], of origin: Origin, from seller: Seller = .own, on occasion: Occasion,
    _ terms: PointsTerms
  ) -> (shortage: Points, entries: [Entry]) {
    var entries: [Entry] = []
    var shortage = Points.zero
    if terms.negative != .belowZero { entries += giveBack(spending, from: seller, on: occasion, terms) }
    for part in earned where part.amount > .zero {
      let owned = origin.owned(by: part.promotion)
      let taken = takeBack(part.amount, kind: part.kind, of: owned, from: seller, on: occasion, terms)
      shortage += taken.shortage
      entries += taken.entries
    }
    if terms.negative == .belowZero { entries += giveBack(spending, from: seller, on: occasion, terms) }
    return (shortage, entries)
  }

  /// Gives spent points back to the lots they came from. They keep their expiry, but live at least as long as the programme
  /// promises; where the lot would end sooner, its points come back as a lot of their own.
  public mutating func giveBack(
    _ spending: Spending, from seller: Seller = .own, on occasion: Occasion, _ terms: PointsTerms
  ) -> [Entry] {
    var entries: [Entry] = []
    forgive(spending, seller, occasion, into: &entries)
    var lent = Points.zero
    for burn in spending.burns where burn.amount > .zero {
      guard burn.lender == nil else {
        lent += burn.amount
        continue
      }
      takeIn(burn, from: seller.accepting, on: occasion, terms, into: &entries)
    }
    // The wallets of those whose points they were take them from there.
    if lent > .zero { entries.append(Entry(lent, from: seller.accepting, to: .pooled, lot: .none, on: occasion)) }
    sweep()
    coalesce(on: occasion, into: &entries)
    return entries
  }

  /// - Parameter earliest: until when they live at the least; nil: as long as the programme promises for a return.
  mutating func takeIn(
    _ burn: Burn, from account: JournalAccount, notBefore earliest: Instant? = nil, on occasion: Occasion, _ terms: PointsTerms,
    into entries: inout [Entry]
  ) {
    let index = place(burn, notBefore: earliest ?? occasion.posted + terms.returnedLife)
    entries.append(Entry(burn.amount, from: account, to: .active, lot: lots[index].number, on: occasion))
    payDebt(from: index, occasion, into: &entries)
  }

  private mutating func forgive(_ spending: Spending, _ seller: Seller, _ occasion: Occasion, into entries: inout [Entry]) {
    // A debt that later earnings have paid since comes back as points of the wallet.
    let owed = min(spending.debt, debt)
    if owed > .zero {
      debt -= owed
      entries.append(Entry(owed, from: seller.accepting, to: .debt, lot: .none, on: occasion))
    }
    let paid = spending.debt - owed
    if paid > .zero {
      let lot = append(.base, .active(.never), Lot.Share(origin: .various, amount: paid))
      entries.append(Entry(paid, from: seller.accepting, to: .active, lot: lot, on: occasion))
    }
    for (amount, account) in [(spending.late, JournalAccount.lateConfirm), (spending.discrepancy, .discrepancy)]
    where amount > .zero {
      entries.append(Entry(amount, from: seller.accepting, to: account, lot: .none, on: occasion))
    }
  }

  /// Puts points that were burnt into a lot and says which: the old one if it lives long enough, reopened under its number if it
  /// was empty, else a new one that ends when promised.
  private mutating func place(_ burn: Burn, notBefore earliest: Instant) -> Int {
    let family = burn.kind.family
    let expiry: Expiry =
      switch burn.expiry {
      case .never: .never
      case .at(let time): .at(max(time, earliest.secondsUp))
      case .sliding:
        if let date = slides[family], date >= earliest { .sliding } else { .at(earliest.secondsUp) }
      }
    if let index = index(of: burn.lot), lots[index].phase == .active(expiry) {
      lots[index].add(burn.amount, of: burn.origin)
      return index
    }
    let share = Lot.Share(origin: burn.origin, amount: burn.amount)
    if index(of: burn.lot) == nil, expiry == burn.expiry {
      let lot = Lot(number: burn.lot, kind: burn.kind, phase: .active(expiry), first: share)
      let index = lots.firstIndex { $0.number > burn.lot } ?? lots.count
      lots.insert(lot, at: index)
      return index
    }
    if let index = lots.firstIndex(where: { $0.kind == burn.kind && $0.phase == .active(expiry) && $0.first.origin == burn.origin })
    {
      lots[index].add(burn.amount, of: burn.origin)
      return index
    }
    _ = append(burn.kind, .active(expiry), share)
    return lots.count - 1
  }

  /// Takes back points that a receipt had earned. First what is left of them, pending or active; then, as the programme's policy
  /// says, other points in burn order and pending ones; then a debt or the house's loss. Targeted points of other receipts are
  /// never taken.
  public mutating func takeBack(
    _ amount: Points, kind: LotKind, of origin: Origin, from seller: Seller = .own, on occasion: Occasion, _ terms: PointsTerms
  ) -> (shortage: Points, entries: [Entry]) {
    var entries: [Entry] = []
    var rest = amount
    let own = { (lot: Lot) in lot.kind == kind && lot.origins.contains(origin) }
    for index in lots.indices where own(lots[index]) && (terms.negative != .onlyPending || lots[index].isPending) {
      withdraw(&rest, from: index, of: origin, occasion, into: &entries)
    }
    if terms.negative != .onlyPending {
      for family in terms.burnOrder where family != .targeted {
        for index in burnable(family) { withdraw(&rest, from: index, of: nil, occasion, into: &entries) }
      }
    }
    // Where wallets go below zero, pending points stay and pay the debt when they become active.
    if terms.negative != .belowZero {
      for index in lots.indices where lots[index].isPending && lots[index].kind.family != .targeted {
        withdraw(&rest, from: index, of: nil, occasion, into: &entries)
      }
    }
    if rest > .zero {
      if terms.negative == .belowZero {
        owe(rest, to: .cancelled, on: occasion, into: &entries)
      } else {
        entries.append(Entry(rest, from: .discrepancy, to: .cancelled, lot: .none, on: occasion))
      }
    }
    sweep()
    return (rest, entries)
  }

  private mutating func withdraw(
    _ rest: inout Points, from index: Int, of origin: Origin?, _ occasion: Occasion, into entries: inout [Entry]
  ) {
    let there = origin.map { lots[index].amount(from: $0) } ?? lots[index].amount
    let part = min(rest, there)
    guard part > .zero else { return }
    _ = lots[index].remove(part, of: origin)
    rest -= part
    let account: JournalAccount = lots[index].isPending ? .pending : .active
    entries.append(Entry(part, from: account, to: .cancelled, lot: lots[index].number, on: occasion))
  }
}
