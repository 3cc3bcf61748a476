import Kernel

/// What is added up for each member, and of which every value of an effect is made.
public enum EffectAtom: Int, CaseIterable, Sendable {
  // Sums of lines, in smallest units; the order is that of the columns a walk reads.
  case sales, costed, cost, discount, earned, units, reduced, paidWithPoints, spent, itemsBeyond
  case lines, receipts, visits
  /// 1 for whoever has a receipt, 1 for whoever has their first one.
  case buyers, newcomers
  /// Days between visits and the ones before, and how many such there are.
  case gapDays, gaps
  /// Sales of whatever goods.
  case allSales
  /// Points that ran out.
  case expired

  /// Columns of lines, in the order of the atoms.
  static let columns: [RollColumn] = [
    .amount, .costed, .cost, .discount, .earned, .quantity, .reduced, .paidWithPoints, .spent, .itemsBeyond,
  ]
}

/// A value as it follows from sums over a group's members: a sum stands for its mean per member, and a quotient of sums for itself.
///
/// Groups have different sizes, so only what does not grow with a group can be compared: sums, each for one member, and what is of no size –
/// a receipt's average, a price, a share. A formula of the retailer's own is either, or it is refused.
public struct EffectTerm: Sendable {
  private indirect enum Node: Sendable {
    case number(Double)
    case atom(EffectAtom)
    case sum(Node, Node), difference(Node, Node), product(Node, Node), quotient(Node, Node)
  }

  public let measure: Measure
  /// True: of one member; false: a quotient, of which there is none for all together.
  public let isPerMember: Bool
  private let node: Node

  /// - Throws: `Problem.invalid` (`no_interval`) at `/values` for what has no interval, with the reason.
  public init(_ measure: Measure) throws(Problem) {
    let node = try Self.node(measure)
    switch try Self.degree(node, measure) {
    case 0: isPerMember = false
    case 1: isPerMember = true
    default:
      throw Self.refusal(
        measure, "grows with the size of a group in another way than a sum does; compare a sum, or a quotient of sums")
    }
    (self.measure, self.node) = (measure, node)
    if atoms.isEmpty { throw Self.refusal(measure, "asks nothing of members") }
  }

  /// Each once.
  public var atoms: Set<EffectAtom> {
    func look(_ node: Node) -> Set<EffectAtom> {
      switch node {
      case .number: []
      case .atom(let atom): [atom]
      case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b): look(a).union(look(b))
      }
    }
    return look(node)
  }

  /// The value, in the measure's smallest unit, and how much it moves with each of the means. Nil where something is divided by nought.
  public func solved(_ mean: (EffectAtom) -> Double) -> (value: Double, gradient: [EffectAtom: Double])? {
    func solve(_ node: Node) -> (value: Double, gradient: [EffectAtom: Double])? {
      switch node {
      case .number(let number): return (number, [:])
      case .atom(let atom): return (mean(atom), [atom: 1])
      case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b):
        guard let (u, du) = solve(a), let (v, dv) = solve(b) else { return nil }
        func moved(_ a: Double, _ b: Double) -> [EffectAtom: Double] {
          du.mapValues { $0 * a }.merging(dv.mapValues { $0 * b }) { $0 + $1 }
        }
        switch node {
        case .sum: return (u + v, moved(1, 1))
        case .difference: return (u - v, moved(1, -1))
        case .product: return (u * v, moved(v, u))
        default: return v == 0 ? nil : (u / v, moved(1 / v, -u / (v * v)))
        }
      }
    }
    return solve(node)
  }

  // MARK: what measures are made of

  private static func node(_ measure: Measure) throws(Problem) -> Node {
    func ratio(_ a: EffectAtom, _ b: EffectAtom, times scale: Double = 1) -> Node {
      let ratio = Node.quotient(.atom(a), .atom(b))
      return scale == 1 ? ratio : .product(.number(scale), ratio)
    }
    func share(_ a: Node, _ b: Node) -> Node { .product(.number(1_000_000), .quotient(a, b)) }
    let margin = Node.difference(.atom(.costed), .atom(.cost))
    switch measure {
    case .sales: return .atom(.sales)
    case .discount: return .atom(.discount)
    case .reduced: return .atom(.reduced)
    case .paidWithPoints: return .atom(.paidWithPoints)
    case .pointsSpent: return .atom(.spent)
    case .pointsEarned: return .atom(.earned)
    case .pointsExpired: return .atom(.expired)
    case .units: return .atom(.units)
    case .receipts: return .atom(.receipts)
    case .visits: return .atom(.visits)
    case .members: return .atom(.buyers)
    case .newMembers: return .atom(.newcomers)
    case .lines: return .atom(.lines)
    case .cost: return .atom(.cost)
    case .margin: return margin
    case .averageReceipt: return ratio(.sales, .receipts)
    case .perMember: return ratio(.sales, .buyers)
    case .unitsPerReceipt: return .quotient(.sum(.atom(.units), .atom(.itemsBeyond)), .atom(.receipts))
    case .price: return ratio(.sales, .units, times: 1_000)
    case .visitsPerMember: return ratio(.visits, .buyers, times: 1_000)
    case .share: return share(.atom(.sales), .atom(.allSales))
    case .discountShare: return share(.atom(.discount), .sum(.atom(.sales), .sum(.atom(.paidWithPoints), .atom(.discount))))
    case .marginShare: return share(margin, .atom(.costed))
    case .visitInterval: return ratio(.gapDays, .gaps, times: 10)
    case .medianInterval:
      throw refusal(
        measure,
        "is the middle of all intervals and no sum over members: how sure it is does not follow from sums; ask for \(Measure.visitInterval.rawValue)"
      )
    case .formula(let formula): return try node(formula, measure)
    }
  }

  private static func node(_ formula: Formula, _ measure: Measure) throws(Problem) -> Node {
    guard let term = formula.term, let scales = formula.scales else {
      throw .pivot("/values", "unknown_value", "\(measure.rawValue): there is no such formula")
    }
    func node(_ term: FormulaTerm) throws(Problem) -> Node {
      switch term {
      case .number(let value, let digits): return .number(Double(value) / Double(Formula.power(digits)))
      case .measure(let measure):
        return .product(.number(1 / Double(Formula.power(measure.unit.digits(scales)))), try Self.node(measure))
      case .negative(let part): return .product(.number(-1), try node(part))
      case .sum(let a, let b): return .sum(try node(a), try node(b))
      case .difference(let a, let b): return .difference(try node(a), try node(b))
      case .product(let a, let b): return .product(try node(a), try node(b))
      case .quotient(let a, let b): return .quotient(try node(a), try node(b))
      }
    }
    return .product(.number(Double(Formula.power(measure.unit.digits(scales)))), try node(term))
  }

  /// With which power of a group's size the node grows.
  private static func degree(_ node: Node, _ measure: Measure) throws(Problem) -> Int {
    switch node {
    case .number: return 0
    case .atom: return 1
    case .product(let a, let b): return try degree(a, measure) + degree(b, measure)
    case .quotient(let a, let b): return try degree(a, measure) - degree(b, measure)
    case .sum(let a, let b), .difference(let a, let b):
      let (one, other) = (try degree(a, measure), try degree(b, measure))
      guard one == other else {
        throw refusal(
          measure, "adds what grows with the size of a group to what does not: groups of different sizes would differ by it")
      }
      return one
    }
  }

  private static func refusal(_ measure: Measure, _ reason: String) -> Problem {
    .pivot("/values", "no_interval", "\(measure.rawValue) \(reason)")
  }
}
