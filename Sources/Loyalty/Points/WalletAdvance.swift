import Kernel

/// What advancing a wallet brought about.
public struct Advance: Hashable, Sendable {
  public internal(set) var entries: [Entry] = []
  /// Holds that ended: what they reserved elsewhere is free again.
  public internal(set) var ended: [Hold] = []

  public init() {}
}

extension Wallet {
  /// Lets everything happen that was due by now, in the order it was due: holds end, lots expire, lots activate. However many steps
  /// one takes to a moment, one arrives at the same wallet.
  public mutating func advance(to now: Instant, _ terms: PointsTerms) -> Advance {
    var advance = Advance()
    var clock = Instant(micros: .min)
    while let due = nextDue, due <= now {
      // Points freed by the end of a hold may have outlived their lot: they expire then, not before.
      clock = max(clock, due)
      endHolds(at: clock, posted: now, into: &advance)
      expireLots(at: clock, posted: now, into: &advance.entries)
      activateLots(at: clock, posted: now, terms, into: &advance.entries)
      sweep()
    }
    return advance
  }

  private mutating func endHolds(at clock: Instant, posted now: Instant, into advance: inout Advance) {
    let ended = holds.filter { $0.ends <= clock }
    guard !ended.isEmpty else { return }
    holds.removeAll { $0.ends <= clock }
    for hold in ended {
      giveBack(hold, Occasion(.holdEnded(hold.id), at: hold.ends, posted: now), into: &advance.entries)
    }
    advance.ended += ended
  }

  private mutating func expireLots(at clock: Instant, posted now: Instant, into entries: inout [Entry]) {
    let occasion = Occasion(.expiry, at: clock, posted: now)
    for index in lots.indices where lots[index].isActive {
      guard let due = dueTime(of: lots[index]), due <= clock else { continue }
      let amount = lots[index].amount
      entries.append(Entry(amount, from: .active, to: .expired, lot: lots[index].number, on: occasion))
      lots[index].empty()
    }
    for family in LotFamily.allCases {
      if let date = slides[family], date <= clock { renew(family, after: clock) }
    }
  }

  /// A sliding date is over. It goes, unless held points of its lots still need it to expire by when they come back.
  private mutating func renew(_ family: LotFamily, after clock: Instant) {
    if !lots.contains(where: { $0.slides(as: family) && isHeld($0.number) }) { slides[family] = nil }
  }

  private mutating func activateLots(at clock: Instant, posted now: Instant, _ terms: PointsTerms, into entries: inout [Entry]) {
    for index in lots.indices {
      guard case .pending(let from?, let life) = lots[index].phase, from <= clock else { continue }
      activate(index, life, at: from, Occasion(.activation, at: from, posted: now), terms, into: &entries)
    }
  }

  /// Makes a pending lot active; a debt is paid from it first.
  mutating func activate(
    _ index: Int, _ life: Life, at start: Instant, _ occasion: Occasion, _ terms: PointsTerms, into entries: inout [Entry]
  ) {
    entries.append(Entry(lots[index].amount, from: .pending, to: .active, lot: lots[index].number, on: occasion))
    lots[index].phase = .active(begin(life, lots[index].kind.family, at: start, terms))
    payDebt(from: index, occasion, into: &entries)
  }

  /// Fixes when points that become active now will end, and moves the sliding date where they slide.
  mutating func begin(_ life: Life, _ family: LotFamily, at start: Instant, _ terms: PointsTerms) -> Expiry {
    guard let time = life.expiry(activeFrom: start, in: terms.zone) else { return .never }
    guard case .sliding = life else { return .at(time) }
    slides[family] = max(slides[family] ?? time, time)
    return .sliding
  }

  /// Targeted points pay no debt: they were given for something else.
  mutating func payDebt(from index: Int, _ occasion: Occasion, into entries: inout [Entry]) {
    guard debt > .zero, lots[index].kind.family != .targeted else { return }
    let part = min(debt, lots[index].amount)
    guard part > .zero else { return }
    _ = lots[index].remove(part)
    debt -= part
    entries.append(Entry(part, from: .active, to: .debt, lot: lots[index].number, on: occasion))
  }

  /// Makes every pending lot of this origin active that waits for an event; of a receipt also what its promotions gave with a course of
  /// their own. A day that the settings or a promotion name stands.
  public mutating func activate(_ origin: Origin, on occasion: Occasion, _ terms: PointsTerms) -> [Entry] {
    var entries: [Entry] = []
    for index in lots.indices {
      guard case .pending(let from, let life) = lots[index].phase, from == nil,
        lots[index].origins.contains(where: { $0 == origin || $0.receipt.map(Origin.receipt) == origin })
      else { continue }
      activate(index, life, at: occasion.event, occasion, terms, into: &entries)
    }
    sweep()
    return entries
  }
}

extension Lot {
  func slides(as family: LotFamily) -> Bool { kind.family == family && phase == .active(.sliding) }

  mutating func empty() {
    first.amount = .zero
    others = []
  }
}
