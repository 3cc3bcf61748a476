import Calculator
import Conditions
import Kernel

extension Wallet {
  /// Whose wallet has what this one had. Its lots have the same numbers there, each raised by `shift`, so that returns of old receipts
  /// find the very lots they burnt.
  public struct Departure: Hashable, Sendable {
    public let into: MemberID
    public let merge: MergeID
    let shift: UInt32
  }

  /// What moved between two wallets: the entries of either side, and the stamps as changes of the cards.
  struct Moving {
    var left: [Entry] = []
    var came: [Entry] = []
    var stampsLeft: [Use] = []
    var stampsCame: [Use] = []
  }

  /// Takes over everything of the wallet of a member who is the same person: lots with their lives, holds, debt, status points, counters
  /// and stamps. Points pay a debt of the other side at once.
  mutating func takeOver(
    _ other: inout Wallet, of guest: MemberID, as survivor: MemberID, by merge: MergeID, _ cards: [StampCard],
    on occasion: Occasion
  ) -> Moving {
    var moving = Moving()
    let shift = lastLot.raw
    // What holds set aside of stamps moves with the holds, not with what is left.
    for use in other.holds.flatMap(\.uses) where StampTally.owns(use.promotion) { other.discount(use) }
    for lot in other.lots {
      moving.move(lot.amount, .from(lot), lot.number, by: shift, on: occasion)
      lots.append(lot.renumbered(LotNumber(lot.number.raw + shift)))
    }
    for hold in other.holds { join(moving.move(hold, by: shift, on: occasion)) }
    lastLot = LotNumber(shift + other.lastLot.raw)
    moving.move(debt: other.debt, on: occasion)
    debt += other.debt
    moving.move(other.status, .status, .none, by: 0, on: occasion)
    status += other.status
    for family in LotFamily.allCases {
      slides[family] = [slides[family], other.slides[family]].compactMap { $0 }.max()
    }
    history.take(other.history)
    for tally in other.tallies where !StampTally.owns(tally.promotion) { add(tally, sign: 1) }
    moveStamps(of: cards, from: &other, &moving)
    for use in other.holds.flatMap(\.uses) where StampTally.owns(use.promotion) { count(use) }
    guests = (guests + [guest] + other.guests).sorted()
    other.leave(into: Departure(into: survivor, merge: merge, shift: shift))
    for index in lots.indices where lots[index].isActive { payDebt(from: index, occasion, into: &moving.came) }
    sweep()
    coalesce(on: occasion, into: &moving.came)
    return moving
  }

  /// Nothing is left but the stamp cards, on which all was taken off, and the count of lots.
  private mutating func leave(into departure: Departure) {
    let (last, stamps) = (lastLot, tallies.filter { StampTally.owns($0.promotion) })
    self = Wallet()
    (lastLot, tallies, self.departure) = (last, stamps, departure)
  }

  private mutating func moveStamps(of cards: [StampCard], from other: inout Wallet, _ moving: inout Moving) {
    for card in cards {
      for day in other.given(card.tally)?.latest ?? [] where day.given.stampsLeft != 0 {
        let left = day.given.stampsLeft
        moveStamps(left, card.tally, day.day, from: &other, &moving)
      }
    }
  }

  /// Below zero: stamps that are owed.
  private mutating func moveStamps(
    _ count: Int64, _ card: PromotionID, _ day: CivilDay, from other: inout Wallet, _ moving: inout Moving
  ) {
    let (out, back) = (Given.stamps(given: 0, taken: abs(count)), Given.stamps(given: abs(count), taken: 0))
    let off = Use(promotion: card, day: day, given: count > 0 ? out : back)
    let on = Use(promotion: card, day: day, given: count > 0 ? back : out)
    other.count(off)
    self.count(on)
    moving.stampsLeft.append(off)
    moving.stampsCame.append(on)
  }

  /// Adds another's counter of a promotion, or takes it away; no part sinks below zero.
  private mutating func add(_ tally: Tally, sign: Int64) {
    let index = tallies.firstIndex { $0.promotion >= tally.promotion } ?? tallies.count
    if index == tallies.count || tallies[index].promotion != tally.promotion {
      guard sign > 0 else { return }
      tallies.insert(Tally(promotion: tally.promotion, total: .nothing, latest: []), at: index)
    }
    func sum(_ one: Given, _ other: Given) -> Given {
      sign > 0
        ? one + other
        : Given(
          uses: max(0, one.uses - other.uses), money: max(.zero, one.money - other.money),
          points: max(.zero, one.points - other.points))
    }
    tallies[index].total = sum(tallies[index].total, tally.total)
    var days = Dictionary(tallies[index].latest.map { ($0.day, $0.given) }, uniquingKeysWith: +)
    for day in tally.latest where sign > 0 || days[day.day] != nil { days[day.day] = sum(days[day.day] ?? .nothing, day.given) }
    tallies[index].latest = days.filter { $0.value != .nothing }.sorted { $0.key > $1.key }.prefix(Tally.days)
      .map { Tally.Day(day: $0.key, given: $0.value) }
    if tallies[index].total == .nothing { tallies.remove(at: index) }
  }
}

/// What is needed to take two wallets apart again.
struct MergedWallet {
  /// The wallet as it was when everything left it.
  let before: Wallet
  let shift: UInt32
  /// The survivor's sliding dates before and behind the merge.
  let slidesBefore: Wallet.Slides
  let slidesAfter: Wallet.Slides

  /// True for a lot of the survivor that came with the merge.
  func brought(_ lot: LotNumber) -> Bool { lot.raw > shift && lot.raw <= shift + before.lastLot.raw }
}

extension Wallet {
  /// Gives back what is left of what came with a merge: lots as they are now, stamps day by day, status points and a debt as far as they
  /// are still there. What was spent since stays spent.
  /// - Parameters:
  ///   - other: the wallet that everything left, as it is.
  ///   - own: what the other's receipts come to by now, returns since the merge taken off: counters, and stamps that were not returned.
  /// - Precondition: no hold has set anything aside of these lots.
  mutating func handBack(
    _ was: MergedWallet, to other: inout Wallet, own: Wallet, _ cards: [StampCard], on occasion: Occasion
  ) -> Moving {
    var moving = Moving()
    for lot in lots where was.brought(lot.number) {
      let number = LotNumber(lot.number.raw - was.shift)
      moving.move(lot.amount, .from(lot), number, by: was.shift, on: occasion, isBack: true)
      other.lots.append(lot.renumbered(number))
    }
    lots.removeAll { was.brought($0.number) }
    let owed = min(debt, was.before.debt)
    moving.move(debt: owed, on: occasion, isBack: true)
    (debt, other.debt) = (debt - owed, owed)
    let counted = min(status, own.status)
    moving.move(counted, .status, .none, by: 0, on: occasion, isBack: true)
    (status, other.status) = (status - counted, counted)
    giveBackSlides(was, to: &other)
    history.lose(own.history)
    other.history = own.history
    for tally in own.tallies where !StampTally.owns(tally.promotion) {
      add(tally, sign: -1)
      other.add(tally, sign: 1)
    }
    giveBackStamps(own, cards, to: &other, &moving)
    other.guests = was.before.guests
    other.departure = nil
    return moving
  }

  /// Either side has the date that it had, where no purchase has moved it since; else both have the later one.
  private mutating func giveBackSlides(_ was: MergedWallet, to other: inout Wallet) {
    for family in LotFamily.allCases {
      let (now, isSame) = (slides[family], slides[family] == was.slidesAfter[family])
      func date(_ before: Instant?, _ lots: [Lot]) -> Instant? {
        let needs = lots.contains { $0.slides(as: family) }
        return isSame ? before ?? (needs ? now : nil) : (needs || before != nil ? now : nil)
      }
      other.slides[family] = date(was.before.slides[family], other.lots)
      slides[family] = date(was.slidesBefore[family], lots)
    }
  }

  private mutating func giveBackStamps(_ own: Wallet, _ cards: [StampCard], to other: inout Wallet, _ moving: inout Moving) {
    for card in cards {
      for day in own.given(card.tally)?.latest ?? [] {
        let (due, left) = (day.given.stampsLeft, given(card.tally)?.latest.first { $0.day == day.day }?.given.stampsLeft ?? 0)
        let back = due > 0 ? min(due, max(0, left)) : max(due, min(0, left))
        guard back != 0 else { continue }
        var apart = Moving()
        other.moveStamps(back, card.tally, day.day, from: &self, &apart)
        moving.stampsLeft += apart.stampsCame
        moving.stampsCame += apart.stampsLeft
      }
    }
  }
}

extension Wallet.Moving {
  enum Account {
    case from(Lot)
    case status

    var journal: JournalAccount {
      switch self {
      case .from(let lot): lot.isPending ? .pending : .active
      case .status: .status
      }
    }
  }

  /// - Parameters:
  ///   - lot: as the one who left has it.
  ///   - isBack: from the survivor to the one who had left.
  mutating func move(
    _ amount: Points, _ account: Account, _ lot: LotNumber, by shift: UInt32, on occasion: Occasion, isBack: Bool = false
  ) {
    guard amount > .zero else { return }
    let (here, there) = (account.journal, lot == .none ? lot : LotNumber(lot.raw + shift))
    left.append(Entry(amount, from: isBack ? .moved : here, to: isBack ? here : .moved, lot: lot, on: occasion))
    came.append(Entry(amount, from: isBack ? here : .moved, to: isBack ? .moved : here, lot: there, on: occasion))
  }

  mutating func move(debt: Points, on occasion: Occasion, isBack: Bool = false) {
    guard debt > .zero else { return }
    left.append(Entry(debt, from: isBack ? .debt : .moved, to: isBack ? .moved : .debt, lot: .none, on: occasion))
    came.append(Entry(debt, from: isBack ? .moved : .debt, to: isBack ? .debt : .moved, lot: .none, on: occasion))
  }

  /// What a hold set aside comes under the hold's own name, so that a receipt that is late finds what it had promised.
  mutating func move(_ hold: Hold, by shift: UInt32, on occasion: Occasion) -> Hold {
    var moved = hold
    moved.parts = hold.parts.map { Hold.Part(lot: LotNumber($0.lot.raw + shift), amount: $0.amount) }
    for (old, new) in zip(hold.parts, moved.parts) {
      left.append(Entry(old.amount, from: .held, to: .moved, lot: old.lot, on: occasion))
      came.append(Entry(new.amount, from: .moved, to: .held, lot: new.lot, on: occasion.because(.hold(hold.id))))
    }
    return moved
  }
}

extension Lot {
  func renumbered(_ number: LotNumber) -> Lot { Lot(number: number, kind: kind, phase: phase, first: first, others: others) }
}

extension History {
  fileprivate mutating func take(_ other: History) {
    purchases += other.purchases
    paid += other.paid
    first = [first, other.first].compactMap { $0 }.min()
    last = [last, other.last].compactMap { $0 }.max()
  }

  /// First and last sale are told by the receipts that stay.
  fileprivate mutating func lose(_ other: History) {
    purchases = max(0, purchases - other.purchases)
    paid -= other.paid
  }
}

extension Spending {
  /// The same, by the numbers that the lots have in the wallet they moved to.
  func shifted(by shift: UInt32) -> Spending {
    guard shift > 0 else { return self }
    var shifted = self
    shifted.burns = burns.map { $0.lender == nil ? $0.shifted(by: shift) : $0 }
    return shifted
  }
}
