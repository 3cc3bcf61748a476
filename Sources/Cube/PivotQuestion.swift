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
  private var step: Step
  private var plan: PivotPlan?

  /// - Throws: `Problem.invalid` for what cannot be asked of this cube, with its place.
  public init(_ pivot: Pivot, of frame: CubeFrame) throws(Problem) {
    try pivot.check()
    (self.pivot, self.frame) = (pivot, frame)
    if let top = pivot.top, let dimension = pivot.rows.first {
      var ranking = Pivot(rows: [dimension], values: pivot.values)
      (ranking.filters, ranking.first, ranking.last, ranking.order) = (pivot.filters, pivot.first, pivot.last, pivot.order)
      if pivot.order == .natural { ranking.order = .value(pivot.values[0], isDescending: true) }
      step = .ranking(ranking, dimension, top)
    } else {
      step = .whole(frame)
    }
    try prepare()
  }

  /// The next walk; nil where the answer is there.
  public var walk: CubePlan? { plan?.plan }

  public var answer: PivotTable? { if case .answered(let table) = step { table } else { nil } }

  /// Takes what the walk found.
  /// - Throws: `Problem.invalid` where the next walk would have too many cells.
  public mutating func take(_ tally: Tally) throws(Problem) {
    guard let plan else { return }
    switch step {
    case .ranking(let ranking, let dimension, let top):
      let best = PivotTable(ranking, plan, tally).rows.dropFirst().prefix(top).map { $0.labels[0] }
      step = .whole(try frame.keeping(best, of: dimension))
    case .whole: step = .answered(PivotTable(pivot, plan, tally))
    case .answered: break
    }
    try prepare()
  }

  private mutating func prepare() throws(Problem) {
    switch step {
    case .ranking(let ranking, _, _): plan = try PivotPlan(ranking, frame, filters: frame)
    case .whole(let shown): plan = try PivotPlan(pivot, shown, filters: frame)
    case .answered: plan = nil
    }
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
    table.labels = labels + [Self.others]
    var frame = self
    frame.set(table)
    return frame
  }
}
