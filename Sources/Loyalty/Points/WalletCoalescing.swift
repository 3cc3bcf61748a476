import Kernel

extension Wallet {
  /// Keeps the number of lots within its limit: the oldest two that end alike become one, which remembers whose points it has.
  /// Where no two end alike, the two that end closest to each other do, at the later date.
  mutating func coalesce(on occasion: Occasion, into entries: inout [Entry]) {
    while lots.count > Limits.lots, let (keep, drop) = alike() ?? closest() {
      merge(drop, into: keep, occasion.because(.regrouping), into: &entries)
    }
  }

  /// The oldest pair of equal kind and phase.
  private func alike() -> (keep: Int, drop: Int)? {
    struct Group: Hashable {
      let kind: LotKind
      let phase: Lot.Phase
    }
    var seen: [Group: Int] = [:]
    var oldest: (keep: Int, drop: Int)?
    for index in lots.indices where !isHeld(lots[index].number) {
      let group = Group(kind: lots[index].kind, phase: lots[index].phase)
      guard let first = seen[group] else {
        seen[group] = index
        continue
      }
      if first < oldest?.keep ?? .max { oldest = (first, index) }
    }
    return oldest
  }

  /// The pair of one kind, both pending or both active, with the least time between their ends.
  private func closest() -> (keep: Int, drop: Int)? {
    var best: (keep: Int, drop: Int)?
    var least = Int64.max
    for phase in [true, false] {
      let free = lots.indices.filter { lots[$0].isPending == phase && !isHeld(lots[$0].number) && dueTime(of: lots[$0]) != nil }
      for (_, group) in Dictionary(grouping: free, by: { lots[$0].kind }) {
        let ordered = group.sorted { (dueTime(of: lots[$0]) ?? .distantFuture, $0) < (dueTime(of: lots[$1]) ?? .distantFuture, $1) }
        for (one, next) in zip(ordered, ordered.dropFirst()) {
          let gap = ((dueTime(of: lots[next]) ?? .distantFuture) - (dueTime(of: lots[one]) ?? .distantFuture)).micros
          if gap < least { (least, best) = (gap, (next, one)) }
        }
      }
    }
    return best
  }

  private mutating func merge(_ drop: Int, into keep: Int, _ occasion: Occasion, into entries: inout [Entry]) {
    let old = lots[drop]
    let account: JournalAccount = old.isPending ? .pending : .active
    entries.append(Entry(old.amount, from: account, to: .regrouped, lot: old.number, on: occasion))
    entries.append(Entry(old.amount, from: .regrouped, to: account, lot: lots[keep].number, on: occasion))
    for share in [old.first] + old.others { lots[keep].add(share.amount, of: share.origin) }
    lots[keep].forgetOldest(beyond: Limits.lotShares)
    lots.remove(at: drop)
  }
}

extension Lot {
  /// Puts the oldest shares together, so that a lot stays of bounded size.
  mutating func forgetOldest(beyond limit: Int) {
    guard others.count >= limit else { return }
    let count = others.count - limit + 1
    let old = others.prefix(count).reduce(first.amount) { $0 + $1.amount }
    others.removeFirst(count)
    first = Share(origin: .various, amount: old)
  }
}
