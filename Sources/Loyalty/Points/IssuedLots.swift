import Kernel

/// Who issued the points of one wallet, found by reading its journal from the first entry: each lot keeps, oldest first, how many points of
/// which legal entity are in it, as the wallet itself draws them. So whatever ends in no store – points that run out, or become active – is put
/// down to whoever issued them.
///
/// Points that came from another wallet, from a file or by hand are nobody's, and stay so.
public struct IssuedLots: Sendable {
  public struct Share: Hashable, Sendable {
    /// `PointsPlaces.nowhere` for points that no store issued.
    public let entity: Int64
    public var points: Int64
  }

  private var lots: [LotNumber: [Share]] = [:]
  /// Drawn from a lot that joins another: the next entry puts them there.
  private var joining: [Share] = []
  /// Drawn to pay with, the latest last: what a return gives back is whose it was.
  private var spent: [Share] = []

  public init() {}

  /// Takes the next entry in.
  /// - Parameter entity: of the store where it happened.
  /// - Returns: the entry's points by the entities that they are put down to, all of them together the whole entry.
  public mutating func take(_ entry: Entry, in entity: Int64) -> [Share] {
    let (points, whole) = (entry.amount.units, [Share(entity: entity, points: entry.amount.units)])
    switch (entry.from.isMembers, entry.to.isMembers) {
    case (false, true):
      let shares =
        switch entry.from {
        case .regrouped: takeJoining(points)
        case .spent: takeSpent(points, entity)
        case .pending, .active, .held, .debt, .status, .issued, .expired, .cancelled, .partner, .discrepancy, .lateConfirm,
          .goodwill,
          .correction, .opening, .statusIssued, .moved, .gifts, .pooled, .transferred, .fees, .charity:
          whole
        }
      lots[entry.lot, default: []] += shares
      return whole
    case (true, false):
      let drawn = draw(points, from: entry.lot, first: entity)
      if entry.to == .regrouped { joining += drawn }
      if entry.to == .spent { spent += drawn }
      return entry.to == .expired && entity == PointsPlaces.nowhere ? Self.merged(drawn) : whole
    case (true, true):
      // What pays a debt has left its lot.
      if entry.to == .debt { _ = draw(points, from: entry.lot, first: entity) }
      guard entry.from == .pending, entry.to == .active, entity == PointsPlaces.nowhere else { return whole }
      var copy = self
      return Self.merged(copy.draw(points, from: entry.lot, first: entity))
    case (false, false): return whole
    }
  }

  private mutating func takeJoining(_ points: Int64) -> [Share] {
    defer { joining = [] }
    let known = joining.reduce(Int64(0)) { $0 + $1.points }
    return known == points ? joining : [Share(entity: PointsPlaces.nowhere, points: points)]
  }

  /// What was paid with last comes back first; of what nobody saw leave, it is of whoever gives it back.
  private mutating func takeSpent(_ points: Int64, _ entity: Int64) -> [Share] {
    var (rest, taken) = (points, [Share]())
    while rest > 0, let last = spent.last {
      let some = min(rest, last.points)
      taken.append(Share(entity: last.entity, points: some))
      rest -= some
      spent[spent.count - 1].points -= some
      if spent[spent.count - 1].points == 0 { spent.removeLast() }
    }
    return rest > 0 ? taken + [Share(entity: entity, points: rest)] : taken
  }

  /// The oldest first; what goods that came back take along is of the entity that sold them, while there is some.
  private mutating func draw(_ points: Int64, from lot: LotNumber, first entity: Int64) -> [Share] {
    var (rest, shares, drawn) = (points, lots[lot] ?? [], [Share]())
    func isOwn(_ share: Share) -> Bool { entity != PointsPlaces.nowhere && share.entity == entity }
    let order = shares.indices.filter { isOwn(shares[$0]) } + shares.indices.filter { !isOwn(shares[$0]) }
    for place in order where rest > 0 {
      let some = min(rest, shares[place].points)
      guard some > 0 else { continue }
      shares[place].points -= some
      rest -= some
      drawn.append(Share(entity: shares[place].entity, points: some))
    }
    lots[lot] = shares.filter { $0.points > 0 }
    if rest > 0 { drawn.append(Share(entity: PointsPlaces.nowhere, points: rest)) }
    return drawn
  }

  private static func merged(_ shares: [Share]) -> [Share] {
    let sums = Dictionary(shares.map { ($0.entity, $0.points) }, uniquingKeysWith: +)
    return sums.sorted { $0.key < $1.key }.map { Share(entity: $0.key, points: $0.value) }
  }
}
