import Calculator
import Conditions
import Kernel

/// What the receipts before left of a draft's limits, budgets, sums over time and stamps, had it been in force.
///
/// A receipt keeps what the rules counted by which it was sold. What only the draft counts begins with nothing at the first receipt of the
/// period; what both count goes on from what the member's first receipt says. Stamps that the draft gives or takes are added to those that were
/// there, and do not lapse. What came back is not taken away again. Of first purchases the whole past is known, from all receipts that there are.
///
/// In memory are some hundred bytes for each member who has used something up.
struct WhatIfMemory {
  private let draft: RuleBook
  /// Changed promotions whose uses somebody counts.
  private let counted: Set<PromotionID>
  private let shared: Set<PromotionID>
  /// Sums that the rules in force do not keep.
  private let sums: [Accumulator]
  private let sumIDs: Set<PromotionID>
  /// First purchases that changed promotions ask about.
  let firsts: [Accumulator]
  private let countsVisits: Bool
  private let movesStamps: Bool

  /// Of a store on a day, or on all; of all stores on a day.
  private struct StoreDay: Hashable { let promotion: PromotionID, store: StoreID?, day: CivilDay? }
  private struct Stamps { var moved: Int64 = 0, day: CivilDay?, given: Int64 = 0 }

  private var tallies: [Int64: [Tally]] = [:]
  private var stamps: [Int64: [PromotionID: Stamps]] = [:]
  private var usage: [PromotionID: Used] = [:]
  private var storeDays: [StoreDay: Used] = [:]

  /// Nil where nothing of what changed depends on the receipts before.
  init?(_ draft: RuleBook, against base: RuleBook) {
    let (old, new) = (Set(base.promotions), Set(draft.promotions))
    let places = draft.promotions.indices.filter { !old.contains(draft.promotions[$0]) }
    let limits = places.map { (draft.promotions[$0].id, draft.countedLimits(at: $0), draft.isOffer(at: $0)) }
    let known = Set(base.asks.accumulators.map(\.id))
    let changed = places.map { draft.promotions[$0] } + base.promotions.filter { !new.contains($0) }
    self.draft = draft
    counted = Set(limits.filter { $0.1.countsUses || $0.2 }.map(\.0))
    shared = Set(limits.filter { $0.1.countsAll }.map(\.0))
    sums = draft.asks.accumulators.filter { !$0.isFromHistory && !known.contains($0.id) }
    let asked = Set(changed.flatMap(\.condition.accumulators).map(\.id))
    firsts = draft.asks.firsts.filter { asked.contains($0.id) }
    sumIDs = Set(sums.map(\.id))
    countsVisits = draft.asks.accumulatesVisits && !base.asks.accumulatesVisits
    movesStamps = changed.contains { $0.movesStamps }
    if counted.isEmpty, sums.isEmpty, firsts.isEmpty, !countsVisits, !movesStamps { return nil }
  }

  /// The member and the shared counters as they would be when this receipt is sold.
  mutating func fill(
    _ member: inout MemberSnapshot?, _ usage: inout [PromotionID: SharedUsage], of receipt: PricedReceipt, in store: StoreID
  ) {
    for promotion in shared {
      let told = usage[promotion] ?? SharedUsage()
      let always = StoreDay(promotion: promotion, store: store, day: nil)
      let today = StoreDay(promotion: promotion, store: store, day: receipt.day)
      let everywhere = StoreDay(promotion: promotion, store: nil, day: receipt.day)
      let use = SharedUsage(
        all: self.usage[promotion] ?? told.all, store: storeDays[always] ?? told.store, storeDay: storeDays[today] ?? told.storeDay,
        day: storeDays[everywhere] ?? told.day)
      (self.usage[promotion], storeDays[always], storeDays[today]) = (use.all, use.store, use.storeDay)
      storeDays[everywhere] = use.day
      usage[promotion] = use
    }
    guard var known = member else { return }
    let own = tallies[receipt.owner] ?? seed(known, of: receipt)
    for promotion in counted { known.usage[promotion] = own.tally(promotion)?.usage(on: receipt.day, withBudgets: true) }
    for sum in sums {
      guard let tally = own.tally(sum.id) else { continue }
      let value = sum.value(of: sum.period == .always ? tally.total : tally.given(on: sum.period.start(of: receipt.day)))
      known.usage[sum.id] = value == 0 ? nil : MemberUsage(uses: value)
    }
    let visits = Accumulator.visits(of: store)
    if countsVisits { known.usage[visits] = own.tally(visits)?.usage(on: receipt.day, withBudgets: false) }
    for (card, moved) in stamps[receipt.owner] ?? [:] {
      let had = known.usage[card] ?? MemberUsage(uses: 0)
      known.usage[card] = MemberUsage(
        uses: had.uses + moved.moved, today: had.today + (moved.day == receipt.day ? moved.given : 0))
    }
    member = known
  }

  /// What was used up before the period, by the member's first receipt in it.
  private mutating func seed(_ member: MemberSnapshot, of receipt: PricedReceipt) -> [Tally] {
    var seeded: [Tally] = []
    for promotion in counted {
      guard let use = member.usage[promotion], use.uses > 0 else { continue }
      let (all, today) = (Given(use.all), Given(use.day))
      seeded.add(Use(promotion: promotion, day: receipt.day.adding(days: -1), given: all - today))
      if use.today > 0 { seeded.add(Use(promotion: promotion, day: receipt.day, given: today)) }
    }
    if !seeded.isEmpty { tallies[receipt.owner] = seeded }
    return seeded
  }

  /// Remembers what the receipt used up.
  /// - Parameters:
  ///   - member: as `fill` left them: their second receipt of a day in a store is no visit.
  ///   - then: by the draft; nil where it could not touch the receipt, which counts for sums all the same.
  mutating func remember(
    _ now: Calculation?, _ then: Calculation?, of receipt: PricedReceipt, _ basket: Basket, _ member: MemberSnapshot?
  ) {
    for use in Settlement.uses(then?.promotions ?? [], draft, receipt.day) where counted.contains(use.promotion) {
      if member != nil { tallies[receipt.owner, default: []].add(use) }
      guard shared.contains(use.promotion) else { continue }
      usage[use.promotion, default: .nothing].add(use.given)
      for (store, day) in [(basket.store.id, nil), (basket.store.id, receipt.day), (nil, receipt.day)] as [(StoreID?, CivilDay?)] {
        storeDays[StoreDay(promotion: use.promotion, store: store, day: day), default: .nothing].add(use.given)
      }
    }
    guard let member else { return }
    if !sums.isEmpty || countsVisits {
      let amounts = then.map { $0.lines.map { $0.amount + $0.paidWithPoints } } ?? receipt.lines.map(\.total)
      for use in draft.accumulated(basket, amounts, by: member, on: receipt.day)
      where sumIDs.contains(use.promotion) || countsVisits && Accumulator.isVisit(use.promotion) {
        tallies[receipt.owner, default: []].add(use)
      }
    }
    if movesStamps, let now, let then { moveStamps(now, then, of: receipt) }
  }

  private mutating func moveStamps(_ now: Calculation, _ then: Calculation, of receipt: PricedReceipt) {
    for (card, (before, after)) in zip(draft.terms.stampCards, zip(now.stamps, then.stamps)) {
      let moved = (after.given - after.taken) - (before.given - before.taken)
      guard moved != 0 || after.given != before.given else { continue }
      var known = stamps[receipt.owner]?[card.tally] ?? Stamps()
      if known.day != receipt.day { (known.day, known.given) = (receipt.day, 0) }
      known.moved += moved
      known.given += after.given - before.given
      stamps[receipt.owner, default: [:]][card.tally] = known
    }
  }
}

extension Promotion {
  fileprivate var movesStamps: Bool {
    if takes != nil { return true }
    if case .reward(.stamps) = benefit { return true }
    return false
  }
}

extension [Tally] {
  fileprivate func tally(_ promotion: PromotionID) -> Tally? { first { $0.promotion == promotion } }

  fileprivate mutating func add(_ use: Use) {
    let place = firstIndex { $0.promotion == use.promotion } ?? count
    if place == count { append(Tally(promotion: use.promotion, total: .nothing, latest: [])) }
    self[place].add(use.given, on: use.day)
  }
}

extension Given {
  fileprivate init(_ used: Used) { self.init(uses: used.uses, money: used.money, points: used.points) }
}

extension Used {
  fileprivate mutating func add(_ given: Given) {
    uses += given.uses
    money += given.money
    points += given.points
  }
}
