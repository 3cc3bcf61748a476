import Kernel

/// Labels of a dimension of which one line can have several, in layers: two that ever stand on one line lie in different ones. A walk
/// for each layer therefore finds every line in at most one cell, as walks do, and counts whatever is distinct exactly; totals over the
/// dimension are counted in a walk of their own, where each line is once.
///
/// As many layers as the largest set has labels, and seldom more; a question costs a walk for each of them and one more.
struct PivotLayers {
  /// By label.
  let of: [Int32]
  let count: Int

  static let layers = 64
  static let labels = 4_000

  /// - Throws: `Problem.invalid` where there is too much of it, with the remedy.
  init(_ table: DimensionTable) throws(Problem) {
    let count = table.labels.count
    guard count <= Self.labels else { throw Self.tooMany(table, "\(count) labels") }
    var meets = Array(repeating: false, count: count * count)
    for set in table.sets where set.count > 1 {
      for one in set { for other in set where other != one { meets[Int(one) * count + Int(other)] = true } }
    }
    var (of, layers) = (Array(repeating: Int32(-1), count: count), 0)
    for label in 0..<count {
      var isTaken = Array(repeating: false, count: layers + 1)
      for other in 0..<label where meets[label * count + other] { isTaken[Int(of[other])] = true }
      let layer = isTaken.firstIndex(of: false) ?? layers
      of[label] = Int32(layer)
      layers = max(layers, layer + 1)
    }
    guard layers <= Self.layers else { throw Self.tooMany(table, "\(layers) labels on one line") }
    (self.of, self.count) = (of, max(1, layers))
  }

  private static func tooMany(_ table: DimensionTable, _ what: String) -> Problem {
    let name = table.dimension.rawValue
    return .pivot("/rows", "too_many_labels", "\(name) has \(what); name those that you want to see in a filter by \(name)")
  }

  /// The label of a set that lies in a layer.
  func label(of set: [Int32], in layer: Int) -> Int32? { set.first { of[Int($0)] == layer } }
}

/// One layer of a question's dimension.
struct PivotLayer {
  let layers: PivotLayers
  let layer: Int
}

extension CubeFrame {
  /// Shows no other labels of a dimension with many than those that the question asks for by name.
  func showing(_ pivot: Pivot) throws(Problem) -> CubeFrame {
    var frame = self
    for filter in pivot.filters where filter.dimension.isMany && !filter.isExcluded {
      var table = try frame.table(filter.dimension)
      let isShown = table.labels.map { filter.labels.contains($0) }
      table.sets = table.sets.map { set in set.filter { isShown[Int($0)] } }
      frame.set(table)
    }
    return frame
  }
}

extension Pivot {
  /// The dimension with many that it shows, if any. - Throws: `Problem.invalid` where there are two.
  func many() throws(Problem) -> Dimension? {
    let many = (rows + columns).filter(\.isMany)
    guard many.count <= 1 else {
      throw .pivot(
        "/rows", "one_at_a_time",
        "\(many[0].rawValue) and \(many[1].rawValue) cannot be shown beside each other: filter by one of them")
    }
    return many.first
  }

  /// The totals over a dimension: without it and what stands behind it on its side.
  func before(_ dimension: Dimension) -> Pivot {
    var pivot = self
    pivot.rows = Array(rows.prefix { $0 != dimension })
    pivot.columns = Array(columns.prefix { $0 != dimension })
    return pivot
  }
}
