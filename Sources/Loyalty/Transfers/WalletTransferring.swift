import Kernel

// Points that leave a wallet for another, or for a charity. They leave the lots that would be spent first among those that may go, and the
// wallet they come to has a lot for each of them.
extension Wallet {
  /// Active lots that may leave, those first that would be spent first.
  private func leavable(_ families: [LotFamily], _ terms: PointsTerms) -> [Lot] {
    terms.burnOrder.filter { $0 != .targeted && families.contains($0) }.flatMap { family in burnable(family).map { lots[$0] } }
  }

  /// How many points could leave; what is owed is not there to be given.
  func available(of families: [LotFamily], _ terms: PointsTerms) -> Points {
    max(.zero, min(leavable(families, terms).reduce(.zero) { $0 + $1.amount }, active))
  }

  /// Takes points out for somebody else, the last of them for a fee.
  /// - Returns: what was taken, lot by lot and origin by origin, the fee apart; with dates, as sliding ones are the wallet's own.
  /// - Precondition: so many are available, and the fee is less.
  mutating func giveAway(
    _ amount: Points, fee: Points = .zero, of families: [LotFamily], to account: JournalAccount, on occasion: Occasion,
    _ terms: PointsTerms
  ) -> (given: [Burn], fee: [Burn], entries: [Entry]) {
    var (given, kept, entries) = ([Burn](), [Burn](), [Entry]())
    var (rest, charged) = (amount - fee, fee)
    for lot in leavable(families, terms) where rest > .zero || charged > .zero {
      guard let index = index(of: lot.number) else { preconditionFailure("a lot that was planned on is in the wallet") }
      let part = min(rest, lot.amount)
      let toll = min(charged, lot.amount - part)
      (rest, charged) = (rest - part, charged - toll)
      for (count, target) in [(part, account), (toll, JournalAccount.fees)] where count > .zero {
        entries.append(Entry(count, from: .active, to: target, lot: lot.number, on: occasion))
        for share in lots[index].remove(count) {
          if target == .fees { kept.append(burnt(share, of: lots[index])) } else { given.append(burnt(share, of: lots[index])) }
        }
      }
    }
    precondition(rest == .zero && charged == .zero, "no more is given away than is there")
    sweep()
    return (given, kept, entries)
  }

  /// When points end that leave now, as a date: what slides with this wallet cannot slide with another's.
  func fixed(_ burn: Burn) -> Burn {
    guard burn.expiry == .sliding, let end = slides[burn.kind.family] else { return burn }
    return Burn(lot: burn.lot, kind: burn.kind, expiry: .at(end), origin: burn.origin, amount: burn.amount)
  }

  /// Takes in what another gave: a lot for each kind and end, and nothing lives longer than it would have there.
  /// - Parameter keepsLife: false: points begin a new life, as the programme's do.
  mutating func receive(
    _ given: [Burn], as origin: Origin, keepsLife: Bool, on occasion: Occasion, _ terms: PointsTerms
  ) -> [Entry] {
    var entries: [Entry] = []
    var parts: [(kind: LotKind, expiry: Expiry, amount: Points)] = []
    for burn in given {
      let expiry =
        keepsLife ? burn.expiry : begin(terms.course(of: burn.kind.family).life, burn.kind.family, at: occasion.event, terms)
      if let place = parts.firstIndex(where: { $0.kind == burn.kind && $0.expiry == expiry }) {
        parts[place].amount += burn.amount
      } else {
        parts.append((burn.kind, expiry, burn.amount))
      }
    }
    for part in parts {
      let lot = append(part.kind, .active(part.expiry), Lot.Share(origin: origin, amount: part.amount))
      entries.append(Entry(part.amount, from: .transferred, to: .active, lot: lot, on: occasion))
      payDebt(from: lots.count - 1, occasion, into: &entries)
    }
    sweep()
    coalesce(on: occasion, into: &entries)
    return entries
  }

  /// Gives back what is still there of points of this origin: never below zero, nothing that a hold has set aside.
  mutating func returnLeft(of origin: Origin, on occasion: Occasion) -> (points: Points, entries: [Entry]) {
    var (points, entries) = (Points.zero, [Entry]())
    for index in lots.indices where lots[index].isActive {
      let left = lots[index].amount(from: origin)
      guard left > .zero else { continue }
      _ = lots[index].remove(left, of: origin)
      points += left
      entries.append(Entry(left, from: .active, to: .transferred, lot: lots[index].number, on: occasion))
    }
    sweep()
    return (points, entries)
  }

  /// Puts points back into the lots that they left. They end as they would have ended, no later for having been away.
  mutating func takeHome(
    _ burns: [Burn], from account: JournalAccount, on occasion: Occasion, _ terms: PointsTerms
  ) -> [Entry] {
    var entries: [Entry] = []
    for burn in burns where burn.amount > .zero {
      takeIn(burn, from: account, notBefore: occasion.posted, on: occasion, terms, into: &entries)
    }
    sweep()
    coalesce(on: occasion, into: &entries)
    return entries
  }
}
