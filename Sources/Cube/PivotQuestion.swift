import Kernel

/// A pivot on its way to its answer: the walks that it needs, one after the other. One walk mostly; two where only the top rows are asked
/// for, because what is left is counted from the lines like everything else.
///
/// The engine knows no threads: whoever asks walks over `Cube.parts` with `walk`, and hands back what was found.
public struct PivotQuestion {
  private enum Step {
    case ranking(Pivot, Dimension, Int)
    case whole(CubeFrame)
    case answered(PivotTable)
  }

  private let pivot: Pivot
  private let frame: CubeFrame
  /// With the labels that are shown.
  private let shown: CubeFrame
  private var step: Step
  private var waiting: [PivotPlan] = []
  private var walked: [(plan: PivotPlan, tally: Tally)] = []

  /// - Parameter best: the rows that stand on their own where only the top is asked for; nil to find them.
  /// - Throws: `Problem.invalid` for what cannot be asked of this cube, with its place.
  public init(_ pivot: Pivot, of frame: CubeFrame, keeping best: [String]? = nil) throws(Problem) {
    try pivot.check()
    try pivot.checkFormulas()
    try frame.checkExpired(pivot)
    (self.pivot, self.frame, shown) = (pivot, frame, try frame.showing(pivot))
    if pivot.top != nil, let best, let dimension = pivot.rows.first {
      step = .whole(try shown.keeping(best, of: dimension))
    } else if let top = pivot.top, let dimension = pivot.rows.first {
      var ranking = Pivot(rows: [dimension], values: pivot.values)
      (ranking.filters, ranking.first, ranking.last, ranking.order) = (pivot.filters, pivot.first, pivot.last, pivot.order)
      (ranking.only, ranking.isOfEverybody) = (pivot.only, pivot.isOfEverybody)
      if pivot.order == .natural { ranking.order = .value(pivot.values[0], isDescending: true) }
      step = .ranking(ranking, dimension, top)
    } else {
      step = .whole(shown)
    }
    try prepare()
  }

  /// The next walk; nil where the answer is there.
  public var walk: CubePlan? { waiting.first?.plan }

  public var answer: PivotTable? { if case .answered(let table) = step { table } else { nil } }

  /// Takes what the walk found.
  /// - Throws: `Problem.invalid` where the next walk would have too many cells.
  public mutating func take(_ tally: Tally) throws(Problem) {
    guard !waiting.isEmpty else { return }
    walked.append((waiting.removeFirst(), tally))
    guard waiting.isEmpty else { return }
    switch step {
    case .ranking(let ranking, let dimension, let top):
      let best = PivotTable(ranking, walked).rows.dropFirst().prefix(top).map { $0.labels[0] }
      step = .whole(try shown.keeping(best, of: dimension))
    case .whole: step = .answered(PivotTable(pivot, walked))
    case .answered: break
    }
    try prepare()
  }

  private mutating func prepare() throws(Problem) {
    walked = []
    switch step {
    case .ranking(let ranking, _, _): waiting = try plans(ranking, shown)
    case .whole(let shown): waiting = try plans(pivot, shown)
    case .answered: waiting = []
    }
  }

  /// One plan, or one for each layer and one for the totals over them.
  private func plans(_ pivot: Pivot, _ shown: CubeFrame) throws(Problem) -> [PivotPlan] {
    guard let many = try pivot.many() else { return [try PivotPlan(pivot, shown, filters: frame)] }
    let layers = try PivotLayers(shown.table(many))
    var plans: [PivotPlan] = []
    for layer in 0..<layers.count {
      plans.append(try PivotPlan(pivot, shown, filters: frame, layer: PivotLayer(layers: layers, layer: layer)))
    }
    plans.append(try PivotPlan(pivot.before(many), shown, filters: frame))
    return plans
  }
}

extension CubeFrame {
  /// What stands for all members of a dimension that are not among the top.
  public static let others = "…"

  /// Keeps these members of a dimension, in this order; the rest becomes one.
  func keeping(_ labels: [String], of dimension: Dimension) throws(Problem) -> CubeFrame {
    var table = try table(dimension)
    let place = Dictionary(labels.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let codes = table.labels.map { place[$0] ?? Int32(labels.count) }
    table.codes = table.codes.map { codes[Int($0)] }
    table.sets = table.sets.map { set in Set(set.map { codes[Int($0)] }).sorted() }
    table.labels = labels + [Self.others]
    var frame = self
    frame.set(table)
    return frame
  }
}
