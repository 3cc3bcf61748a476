import Kernel

/// Sums over a group's members of some atoms, of a period and of the one before it, and of all their products in pairs.
///
/// Exact whole numbers, so that the order in which threads finish changes nothing.
public struct EffectMatrix: Hashable, Sendable {
  /// The atoms of the period, and behind them the same of the one before.
  let width: Int
  public private(set) var sums: [Int128]
  /// Row by row, each from its own column on.
  private var products: [Int128]

  init(atoms: Int) {
    width = 2 * atoms
    sums = Array(repeating: 0, count: width)
    products = Array(repeating: 0, count: width * (width + 1) / 2)
  }

  public func product(_ a: Int, _ b: Int) -> Int128 {
    let (row, column) = (min(a, b), max(a, b))
    return products[row * width - row * (row - 1) / 2 + column - row]
  }

  mutating func see(_ values: [Int64]) {
    var place = 0
    for row in 0..<width {
      let value = Int128(values[row])
      guard value != 0 else {
        place += width - row
        continue
      }
      sums[row] += value
      for column in row..<width {
        products[place] += value * Int128(values[column])
        place += 1
      }
    }
  }

  mutating func add(_ other: EffectMatrix) {
    for place in sums.indices { sums[place] += other.sums[place] }
    for place in products.indices { products[place] += other.products[place] }
  }
}

/// Values that are asked for beyond the usual ones.
public struct EffectAsked: Sendable {
  /// In the order in which matrices have them.
  public let atoms: [EffectAtom]
  /// Points of each member that ran out, by roll and place, in the period and before it; nil: nobody asks.
  let expired: (now: [[Int64]], before: [[Int64]])?
  let asksVisits: Bool

  public static let nothing = EffectAsked([])

  public init(_ terms: [EffectTerm], expired: (now: [[Int64]], before: [[Int64]])? = nil) {
    let all = terms.reduce(into: Set<EffectAtom>()) { $0.formUnion($1.atoms) }
    atoms = EffectAtom.allCases.filter(all.contains)
    self.expired = expired
    asksVisits = !all.isDisjoint(with: [.visits, .newcomers, .gapDays, .gaps])
  }

  /// A member who never bought anything, and whose points ran out.
  public func values(expired now: Int64, before: Int64) -> [Int64] {
    var values = [Int64](repeating: 0, count: atoms.count * 2)
    if let place = atoms.firstIndex(of: .expired) { (values[place], values[place + atoms.count]) = (now, before) }
    return values
  }
}

/// What one member comes to in both periods.
struct AskedSums {
  private let asked: EffectAsked
  private let now: ClosedRange<UInt16>
  private let before: ClosedRange<UInt16>
  private(set) var values: [Int64]
  /// Business day and store of receipts that count, and whether something of them is asked of.
  private var visits: [(order: UInt64, isAsked: Bool)] = []

  init(_ asked: EffectAsked, now: ClosedRange<UInt16>, before: ClosedRange<UInt16>) {
    (self.asked, self.now, self.before) = (asked, now, before)
    values = Array(repeating: 0, count: asked.atoms.count * 2)
  }

  mutating func see(_ receipt: Int, _ reader: EffectReader, passes: Bool) {
    let day = UInt16(truncatingIfNeeded: reader.columns.day(receipt))
    let counts = reader.columns.flags(receipt).counts && !reader.columns.lines(receipt).isEmpty
    var isAsked = false
    if passes { reader.forEachRun(receipt) { _ in isAsked = true } }
    if asked.asksVisits, counts, day <= now.upperBound {
      visits.append((UInt64(day) << 32 | UInt64(reader.columns.store(receipt)), isAsked))
    }
    let first: Int
    if now.contains(day) { first = 0 } else if before.contains(day) { first = asked.atoms.count } else { return }
    for (place, atom) in asked.atoms.enumerated() {
      switch atom {
      case .allSales: values[first + place] += reader.columns.sums[EffectAtom.sales.rawValue].sum(reader.columns.lines(receipt))
      case .sales, .costed, .cost, .discount, .earned, .units, .reduced, .paidWithPoints, .spent, .itemsBeyond:
        guard isAsked else { continue }
        reader.forEachRun(receipt) { values[first + place] += reader.columns.sums[atom.rawValue].sum($0) }
      case .lines:
        if isAsked, counts { reader.forEachRun(receipt) { values[first + place] += Int64($0.count) } }
      case .receipts: if isAsked, counts { values[first + place] += 1 }
      case .buyers: if isAsked, counts { values[first + place] = 1 }
      case .visits, .newcomers, .gapDays, .gaps, .expired: break
      }
    }
  }

  /// The member has no receipt any more.
  mutating func end(expired: (now: Int64, before: Int64)) {
    put(.expired, expired.now, expired.before)
    guard asked.asksVisits else { return }
    // What rolls have of a member and what came since are two walks.
    visits.sort { $0.order < $1.order }
    var all: [(order: UInt64, isAsked: Bool)] = []
    for visit in visits {
      if all.last?.order == visit.order {
        all[all.count - 1].isAsked = all[all.count - 1].isAsked || visit.isAsked
      } else {
        all.append(visit)
      }
    }
    var (found, days, gaps, first) = ((Int64(0), Int64(0)), (Int64(0), Int64(0)), (Int64(0), Int64(0)), (Int64(0), Int64(0)))
    for (place, visit) in all.enumerated() where visit.isAsked {
      let day = UInt16(truncatingIfNeeded: visit.order >> 32)
      let gap = place > 0 ? Int64(day) - Int64(all[place - 1].order >> 32) : nil
      if now.contains(day) {
        found.0 += 1
        if let gap { (days.0, gaps.0) = (days.0 + gap, gaps.0 + 1) } else { first.0 = 1 }
      } else if before.contains(day) {
        found.1 += 1
        if let gap { (days.1, gaps.1) = (days.1 + gap, gaps.1 + 1) } else { first.1 = 1 }
      }
    }
    put(.visits, found.0, found.1)
    put(.newcomers, first.0, first.1)
    put(.gapDays, days.0, days.1)
    put(.gaps, gaps.0, gaps.1)
  }

  private mutating func put(_ atom: EffectAtom, _ now: Int64, _ before: Int64) {
    guard let place = asked.atoms.firstIndex(of: atom) else { return }
    (values[place], values[place + asked.atoms.count]) = (now, before)
  }
}
