import Access
import Kernel
import Storage

extension Wallet {
  /// Ends everything that could still be spent, when nobody is left to spend it: holds are let go, and points expire whether they are
  /// active yet or not. A debt is forgiven. The counter for tiers, purchases and tallies stay: returns are reckoned by them.
  /// - Returns: what the member has less, and the holds that ended.
  public mutating func erase(on occasion: Occasion) -> (points: Points, ended: [Hold], entries: [Entry]) {
    var entries: [Entry] = []
    let ended = holds
    holds = []
    for hold in ended { giveBack(hold, occasion.because(.holdEnded(hold.id)), into: &entries) }
    var points = Points.zero
    for index in lots.indices where lots[index].amount > .zero {
      let lot = lots[index]
      entries.append(Entry(lot.amount, from: lot.isPending ? .pending : .active, to: .expired, lot: lot.number, on: occasion))
      points += lot.amount
      lots[index].empty()
    }
    if debt > .zero {
      entries.append(Entry(debt, from: .correction, to: .debt, lot: .none, on: occasion))
      points -= debt
      debt = .zero
    }
    sweep()
    return (points, ended, entries)
  }
}

extension Wallets {
  /// Ends the points of somebody whose person is forgotten. Harmless when repeated: then nothing is left to end.
  /// - Returns: how many points ended.
  func erase(_ member: MemberID, by change: Change, in tx: inout Transaction) throws -> Points {
    guard try peek(member.raw, in: &tx) != nil else { return .zero }
    let id: AdjustmentID = change.id()
    var open = try open(member.raw, at: change.at, in: &tx)
    let erased = open.wallet.erase(on: Occasion(.adjustment(id), at: change.at, posted: change.at))
    open.entries += erased.entries
    open.freed += erased.ended
    try giveBackFreed(&open, in: &tx)
    try save(open, at: change.at, in: &tx)
    guard !erased.entries.isEmpty else { return .zero }
    let after: JSON = .object([
      "adjustment": .string("\(id)"), "programme": .string("\(programme)"), "points": .string(text(.zero - erased.points)),
      "reason": "erasure",
    ])
    try AuditTrail(of: account).record([.did("points.adjusted", member, after: after)], by: change, in: &tx)
    try tell(.pointsAdjusted, open, subject: id.raw, at: change.at, in: &tx)
    return erased.points
  }
}
