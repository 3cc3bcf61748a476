import Kernel

// Points that others of a household pay with. Every member keeps an own wallet and its lots: a draw takes points out of a lot as a
// purchase of one's own does, and the journal says on either side that they went from one wallet to the receipt of another.
extension Wallet {
  /// Lots that others may pay with: active points that are good for everything. What was given for some goods was given to one member.
  var lendable: [Lot] { lots.filter { $0.isActive && $0.amount > .zero && $0.kind.family != .targeted } }

  /// What others could take.
  public var lendableAmount: Points { lendable.reduce(.zero) { $0 + $1.amount } }

  /// Gives points of these lots for the receipt of another. - Precondition: they are there.
  mutating func lend(_ parts: [Hold.Part], as lender: MemberID, on occasion: Occasion) -> (burns: [Burn], entries: [Entry]) {
    var burns: [Burn] = []
    var entries: [Entry] = []
    for part in parts {
      guard let index = index(of: part.lot) else { preconditionFailure("a lot that was planned on is in the wallet") }
      entries.append(Entry(part.amount, from: .active, to: .pooled, lot: part.lot, on: occasion))
      for share in lots[index].remove(part.amount) {
        var burn = burnt(share, of: lots[index])
        burn.lender = lender
        burns.append(burn)
      }
    }
    sweep()
    return (burns, entries)
  }

  /// Sets points of these lots aside for the receipt of another.
  mutating func reserve(
    _ parts: [Hold.Part], for borrower: MemberID, as id: HoldID, until ends: Instant, on occasion: Occasion
  ) throws(PointsRefusal) -> [Entry] {
    guard holds.count < Limits.holds else { throw .tooManyHolds(limit: Limits.holds) }
    var entries: [Entry] = []
    for part in parts {
      guard let index = index(of: part.lot) else { preconditionFailure("a lot that was planned on is in the wallet") }
      _ = lots[index].remove(part.amount)
      entries.append(Entry(part.amount, from: .active, to: .held, lot: part.lot, on: occasion))
    }
    var hold = Hold(id: id, ends: ends.secondsUp, parts: parts, store: StoreID(0), uses: [])
    hold.borrower = borrower
    holds.append(hold)
    return entries
  }

  /// Gives these parts of what a hold set aside for the receipt of another; the rest of it is free again. Nothing where the hold has ended.
  mutating func lend(
    held id: HoldID, _ wanted: [Hold.Part], as lender: MemberID, on occasion: Occasion
  ) -> (burns: [Burn], entries: [Entry]) {
    guard let place = holds.firstIndex(where: { $0.id == id && $0.borrower != nil }) else { return ([], []) }
    let hold = holds.remove(at: place)
    var (burns, entries) = ([Burn](), [Entry]())
    for part in hold.parts {
      guard let index = index(of: part.lot) else { preconditionFailure("a held lot stays in the wallet") }
      let used = min(part.amount, wanted.first { $0.lot == part.lot }?.amount ?? .zero)
      if used > .zero {
        entries.append(Entry(used, from: .held, to: .pooled, lot: part.lot, on: occasion))
        var burn = burnt(Lot.Share(origin: lots[index].first.origin, amount: used), of: lots[index])
        burn.lender = lender
        burns.append(burn)
      }
      guard part.amount > used else { continue }
      lots[index].first.amount += part.amount - used
      entries.append(Entry(part.amount - used, from: .held, to: .active, lot: part.lot, on: occasion))
      payDebt(from: index, occasion, into: &entries)
    }
    sweep()
    return (burns, entries)
  }

  /// When the points of a lot end that may be set aside as a whole.
  func end(of lot: LotNumber) -> Instant {
    guard let index = index(of: lot), case .active(let expiry) = lots[index].phase else { return .distantFuture }
    return self.expiry(expiry, of: lots[index].kind.family) ?? .distantFuture
  }

  /// Takes back what was lent, into the lots that it came from.
  mutating func takeIn(_ lent: [Burn], on occasion: Occasion, _ terms: PointsTerms) -> [Entry] {
    var entries: [Entry] = []
    for burn in lent where burn.amount > .zero { takeIn(burn, from: .pooled, on: occasion, terms, into: &entries) }
    sweep()
    coalesce(on: occasion, into: &entries)
    return entries
  }

  /// Adds a hold that came from another wallet. Where two of a household were one person, both may have set points aside for one receipt.
  mutating func join(_ hold: Hold) {
    guard let place = holds.firstIndex(where: { $0.id == hold.id }) else { return holds.append(hold) }
    holds[place].parts += hold.parts
    holds[place].uses += hold.uses
    holds[place].lenders = Array(Set(holds[place].lenders + hold.lenders)).sorted()
    if holds[place].borrower == nil || hold.borrower == nil { holds[place].borrower = nil }
  }
}

extension Hold {
  /// Others of a household have a part in it.
  var isHouseholds: Bool { !lenders.isEmpty || borrower != nil }
}

extension [Burn] {
  var total: Points { reduce(.zero) { $0 + $1.amount } }
}

extension Spending {
  /// Others' points, on which nothing of the buyer's wallet moves but that they were spent.
  mutating func take(_ drawn: [Burn], _ seller: Seller, _ occasion: Occasion, into entries: inout [Entry]) {
    guard drawn.total > .zero else { return }
    burns += drawn
    entries.append(Entry(drawn.total, from: .pooled, to: seller.accepting, lot: .none, on: occasion))
  }

  /// What each other member gave of it, by member.
  var lent: [(lender: MemberID, burns: [Burn])] {
    let lenders = Set(burns.compactMap(\.lender)).sorted()
    return lenders.map { lender in (lender, burns.filter { $0.lender == lender }) }
  }
}
