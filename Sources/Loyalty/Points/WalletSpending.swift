import Kernel

extension Wallet {
  /// How many points a request could get.
  public func available(for request: SpendRequest, _ terms: PointsTerms) -> Points {
    plan(request, terms).reduce(.zero) { $0 + $1.amount }
  }

  /// Which lots give how much: family by family in the programme's burn order, within each the lot that expires first.
  private func plan(_ request: SpendRequest, _ terms: PointsTerms) -> [Hold.Part] {
    var rest = request.amount
    var room = request.targeted
    var parts: [Hold.Part] = []
    for family in terms.burnOrder where rest > .zero {
      for index in burnable(family) where rest > .zero {
        let lot = lots[index]
        var part = min(rest, lot.amount)
        if case .targeted(let scope) = lot.kind {
          part = min(part, room[scope] ?? .zero)
          room[scope] = (room[scope] ?? .zero) - part
        }
        guard part > .zero else { continue }
        parts.append(Hold.Part(lot: lot.number, amount: part))
        rest -= part
      }
    }
    return parts
  }

  /// Active lots of a family with something in them, the one that expires first before the others.
  func burnable(_ family: LotFamily) -> [Int] {
    let indices = lots.indices.filter { lots[$0].isActive && lots[$0].kind.family == family && lots[$0].amount > .zero }
    guard indices.count > 1 else { return indices }
    return indices.sorted { one, other in
      let (a, b) = (dueTime(of: lots[one]) ?? .distantFuture, dueTime(of: lots[other]) ?? .distantFuture)
      return a == b ? one < other : a < b
    }
  }

  /// Takes points off for a receipt that is sold: never fails. What no lot can give falls to the late-confirm account as far as a
  /// hold had promised it, beyond that to a debt where the programme allows one, else to the discrepancy account.
  /// - Parameter drawn: what others of the household gave for it, beyond what this wallet can.
  public mutating func spend(
    _ request: SpendRequest, drawn: [Burn] = [], promised: Points = .zero, at seller: Seller = .own, on occasion: Occasion,
    _ terms: PointsTerms
  ) -> (spending: Spending, entries: [Entry]) {
    var entries: [Entry] = []
    let own = SpendRequest(request.amount - drawn.total, targeted: request.targeted)
    var spending = burn(own, to: seller.accepting, on: occasion, terms, into: &entries)
    spending.take(drawn, seller, occasion, into: &entries)
    cover(request.amount - spending.total, promised, &spending, seller, occasion, terms, into: &entries)
    sweep()
    return (spending, entries)
  }

  private mutating func cover(
    _ missing: Points, _ promised: Points, _ spending: inout Spending, _ seller: Seller, _ occasion: Occasion, _ terms: PointsTerms,
    into entries: inout [Entry]
  ) {
    let late = min(missing, promised)
    if late > .zero {
      spending.late += late
      entries.append(Entry(late, from: .lateConfirm, to: seller.accepting, lot: .none, on: occasion))
    }
    let rest = missing - late
    guard rest > .zero else { return }
    if terms.negative == .belowZero {
      spending.debt += rest
      owe(rest, to: seller.accepting, on: occasion, into: &entries)
    } else {
      spending.discrepancy += rest
      entries.append(Entry(rest, from: .discrepancy, to: seller.accepting, lot: .none, on: occasion))
    }
  }

  mutating func burn(
    _ request: SpendRequest, to account: JournalAccount, on occasion: Occasion, _ terms: PointsTerms, into entries: inout [Entry]
  ) -> Spending {
    var spending = Spending()
    for part in plan(request, terms) {
      guard let index = index(of: part.lot) else { continue }
      entries.append(Entry(part.amount, from: .active, to: account, lot: part.lot, on: occasion))
      for share in lots[index].remove(part.amount) { spending.burns.append(burnt(share, of: lots[index])) }
    }
    return spending
  }

  func burnt(_ share: Lot.Share, of lot: Lot) -> Burn {
    let expiry: Expiry = if case .active(let expiry) = lot.phase { expiry } else { .never }
    return Burn(lot: lot.number, kind: lot.kind, expiry: expiry, origin: share.origin, amount: share.amount)
  }

  /// Sets points and uses of promotions aside until `ends`.
  /// - Parameter lenders: others of the household who set the rest aside.
  public mutating func reserve(
    _ request: SpendRequest, uses: [Use] = [], at store: StoreID = StoreID(0), as id: HoldID, until ends: Instant,
    lenders: [MemberID] = [], on occasion: Occasion, _ terms: PointsTerms
  ) throws(PointsRefusal) -> [Entry] {
    guard request.amount >= .zero, request.amount.units <= Limits.amount else { throw .amountOutOfRange(request.amount) }
    guard holds.count < Limits.holds else { throw .tooManyHolds(limit: Limits.holds) }
    guard ends > occasion.posted, ends <= occasion.posted + Limits.holdLength else { throw .holdEndOutOfRange(ends) }
    let parts = plan(request, terms)
    let available = parts.reduce(Points.zero) { $0 + $1.amount }
    guard available == request.amount else { throw .insufficientPoints(available: available, requested: request.amount) }
    var entries: [Entry] = []
    for part in parts {
      guard let index = index(of: part.lot) else { continue }
      _ = lots[index].remove(part.amount)
      entries.append(Entry(part.amount, from: .active, to: .held, lot: part.lot, on: occasion))
    }
    holds.append(Hold(id: id, ends: ends.secondsUp, parts: parts, store: store, uses: uses, lenders: lenders))
    for use in uses { count(use) }
    return entries
  }

  /// Gives the points of a hold back. A hold that is not there any more has nothing to give: nil.
  public mutating func release(_ id: HoldID, on occasion: Occasion, _ terms: PointsTerms) -> (hold: Hold, entries: [Entry])? {
    guard let index = holds.firstIndex(where: { $0.id == id }) else { return nil }
    let hold = holds.remove(at: index)
    var entries: [Entry] = []
    giveBack(hold, occasion, into: &entries)
    for part in hold.parts {
      if let index = self.index(of: part.lot) { payDebt(from: index, occasion, into: &entries) }
    }
    sweep()
    return (hold, entries)
  }

  /// Puts held points back into their lots, and the uses back under their limits.
  mutating func giveBack(_ hold: Hold, _ occasion: Occasion, into entries: inout [Entry]) {
    for part in hold.parts {
      guard let index = index(of: part.lot) else { preconditionFailure("a held lot stays in the wallet") }
      lots[index].first.amount += part.amount
      entries.append(Entry(part.amount, from: .held, to: .active, lot: part.lot, on: occasion))
    }
    for use in hold.uses { discount(use) }
  }

  /// Takes off the points of a hold for a receipt that is sold: never fails. Fewer than held: the rest goes back. More than held,
  /// or a hold that has ended: as `spend`, with what the hold had promised. The uses of the hold are given back; the receipt
  /// counts its own.
  /// - Parameter drawn: what others of the household gave for it, beyond what this wallet can.
  public mutating func post(
    _ id: HoldID, _ request: SpendRequest, drawn: [Burn] = [], promised: Points, at seller: Seller = .own, on occasion: Occasion,
    _ terms: PointsTerms
  ) -> (spending: Spending, entries: [Entry]) {
    guard let index = holds.firstIndex(where: { $0.id == id }) else {
      return spend(request, drawn: drawn, promised: promised, at: seller, on: occasion, terms)
    }
    let hold = holds.remove(at: index)
    for use in hold.uses { discount(use) }
    var entries: [Entry] = []
    var spending = Spending()
    var rest = request.amount - drawn.total
    for part in hold.parts {
      guard let index = self.index(of: part.lot) else { preconditionFailure("a held lot stays in the wallet") }
      let used = min(rest, part.amount)
      rest -= used
      if used > .zero {
        entries.append(Entry(used, from: .held, to: seller.accepting, lot: part.lot, on: occasion))
        spending.burns.append(burnt(Lot.Share(origin: lots[index].first.origin, amount: used), of: lots[index]))
      }
      guard part.amount > used else { continue }
      lots[index].first.amount += part.amount - used
      entries.append(Entry(part.amount - used, from: .held, to: .active, lot: part.lot, on: occasion))
      payDebt(from: index, occasion, into: &entries)
    }
    var missing = Points.zero
    if rest > .zero {
      let more = SpendRequest(rest, targeted: request.targeted)
      let beyond = burn(more, to: seller.accepting, on: occasion, terms, into: &entries)
      spending.burns += beyond.burns
      missing = rest - beyond.total
    }
    spending.take(drawn, seller, occasion, into: &entries)
    cover(missing, .zero, &spending, seller, occasion, terms, into: &entries)
    sweep()
    return (spending, entries)
  }
}

extension Wallet {
  /// Active lots in the order they would burn.
  public func burning(_ terms: PointsTerms) -> [Lot] {
    terms.burnOrder.flatMap { family in burnable(family).map { lots[$0] } }
  }
}
