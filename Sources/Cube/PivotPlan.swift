import Kernel

/// A pivot as the scan wants it, and how its cells are read back.
///
/// Dimensions of one axis – department and category are both of products – become one code for each pair that there is, so that cells
/// are only made for pairs that can occur.
struct PivotPlan {
  /// An axis that is asked about, and for each of its codes the members of the dimensions on it.
  struct Side {
    let axis: Dimension.Axis
    let dimensions: [Int]
    let tuples: [[Int32]]
    let stride: Int
  }

  /// Rows, then columns, then the unit of goods where quantities are asked for and nothing that is shown tells units apart.
  let dimensions: [DimensionTable]
  /// Which of the dimensions tells units apart; nil where nobody asks.
  private let unit: (side: Int, place: Int)?
  /// No level shows every dimension: the finest of them is a total, too.
  private let isHiding: Bool
  let rows: Int
  let sides: [Side]
  private(set) var plan: CubePlan
  /// Points that ran out, where they are asked for; by axis, which place among a side's tuples each code has.
  let expired: ExpiredPoints?
  private(set) var journal: [Dimension.Axis: (first: Int, tuples: [Int32])] = [:]
  /// A filter asks what receipts alone have.
  let filtersReceipts: Bool
  /// How many rows and how many columns each total keeps.
  let levels: [(rows: Int, columns: Int)]

  /// - Parameter whole: whose labels filters name, where `frame` shows some of them as one.
  /// - Throws: `Problem.invalid` where an answer would have too many cells, or a filter names what is not there.
  /// - Parameter layer: of the dimension that can have many, if it is shown; totals over it are left out then.
  init(_ pivot: Pivot, _ frame: CubeFrame, filters whole: CubeFrame, layer: PivotLayer? = nil) throws(Problem) {
    let shown = pivot.rows + pivot.columns
    // Where everything is sold by the piece a walk is not made longer for it.
    let units = pivot.asksUnits && frame.knows(.unit) ? try frame.table(.unit).labels.count : 0
    isHiding = units > 1 && !shown.contains(.unit)
    let tables = try (shown + (isHiding ? [.unit] : [])).map { dimension throws(Problem) in try frame.table(dimension) }
    (dimensions, rows) = (tables, pivot.rows.count)
    expired = pivot.asksExpired ? frame.expired : nil
    filtersReceipts = pivot.filters.contains { !$0.dimension.axis.isOfJournal }
    var journal: [Dimension.Axis: (first: Int, tuples: [Int32])] = [:]
    var strides = 1
    var sides: [Side] = []
    var codes: [(Dimension.Axis, first: Int, codes: [Int32])] = []
    for axis in Dimension.Axis.allCases {
      let own = tables.indices.filter { tables[$0].dimension.axis == axis }
      let filters = try pivot.filters.filter { $0.dimension.axis == axis }.map { filter throws(Problem) in
        try FilterMask(filter, whole)
      }
      guard !own.isEmpty || !filters.isEmpty || (axis == .day && pivot.first ?? pivot.last != nil) else { continue }
      let shape = AxisCodes(axis, own.map { tables[$0] }, filters, frame, pivot, layer)
      if axis.isOfJournal { journal[axis] = (shape.first, shape.codes) }
      codes.append((axis, shape.first, shape.codes.map { $0 < 0 ? -1 : $0 * Int32(strides) }))
      if !own.isEmpty { sides.append(Side(axis: axis, dimensions: own, tuples: shape.tuples, stride: strides)) }
      strides = try Self.strides(strides, shape.tuples.count, pivot)
    }
    (self.sides, self.journal) = (sides, journal)
    unit = pivot.asksUnits ? Self.unit(tables, sides) : nil
    let sums = RollColumn.sums.filter { column in pivot.values.contains { $0.sums.contains(column) } }
    let distincts = Distinct.allCases.filter { distinct in pivot.values.contains { $0.distincts.contains(distinct) } }
    var plan = CubePlan(cells: strides, sums: sums, distincts: distincts)
    plan.dayStarts = frame.dayStarts
    plan.asksGaps = pivot.values.contains(where: \.asksGaps)
    plan.without = pivot.isOfEverybody ? nil : frame.leftOut
    for (axis, first, table) in codes { plan.set(axis, first: first, table, frame) }
    levels = Self.levels(pivot).filter { level in layer == nil || Self.keepsMany(level, pivot) }
    self.plan = plan
    self.plan.totals = levels.dropFirst(isHiding ? 0 : 1).map { level in total(level, cells: strides) }
  }

  private static func strides(_ known: Int, _ tuples: Int, _ pivot: Pivot) throws(Problem) -> Int {
    let (next, isTooMuch) = known.multipliedReportingOverflow(by: max(1, tuples))
    guard !isTooMuch, next <= Pivot.cells / (pivot.rows.count + 1) / (pivot.columns.count + 1) else {
      throw .pivot(
        "/rows", "too_many_cells",
        "the answer would have more than \(Pivot.cells) cells, totals counted: take fewer dimensions, or filter")
    }
    return next
  }

  /// The total that a level is; nil for the cells themselves.
  func total(at level: Int) -> Int? { isHiding ? level : level == 0 ? nil : level - 1 }

  private static func unit(_ tables: [DimensionTable], _ sides: [Side]) -> (side: Int, place: Int)? {
    guard let dimension = tables.firstIndex(where: { $0.dimension == .unit }) else { return nil }
    for (index, side) in sides.enumerated() {
      if let place = side.dimensions.firstIndex(of: dimension) { return (index, place) }
    }
    return nil
  }

  /// What a cell's goods are sold by, as a label's place; nil where nobody asks.
  func unit(of cell: Int) -> Int32? {
    guard let unit, !sides[unit.side].tuples.isEmpty else { return nil }
    let side = sides[unit.side]
    return side.tuples[cell / side.stride % side.tuples.count][unit.place]
  }

  /// Every beginning of the rows with every beginning of the columns, the finest first.
  private static func levels(_ pivot: Pivot) -> [(rows: Int, columns: Int)] {
    (0...pivot.rows.count).reversed().flatMap { rows in (0...pivot.columns.count).reversed().map { (rows, $0) } }
  }

  /// True where the level keeps the dimension that can have many.
  private static func keepsMany(_ level: (rows: Int, columns: Int), _ pivot: Pivot) -> Bool {
    pivot.rows.prefix(level.rows).contains(where: \.isMany) || pivot.columns.prefix(level.columns).contains(where: \.isMany)
  }

  func keeps(_ level: (rows: Int, columns: Int), _ dimension: Int) -> Bool {
    dimension < rows ? dimension < level.rows : dimension - rows < level.columns
  }

  /// A total's cells: the same sum of sides, of coarser codes.
  private func total(_ level: (rows: Int, columns: Int), cells: Int) -> CubePlan.Total {
    var (of, stride) = (Array(repeating: Int32(0), count: cells), 1)
    for side in sides {
      let kept = side.dimensions.indices.filter { keeps(level, side.dimensions[$0]) }
      // Nothing of the axis is in: there is one cell, and no line falls into it.
      guard !kept.isEmpty, !side.tuples.isEmpty else { continue }
      var seen: [[Int32]: Int32] = [:]
      let coarse = side.tuples.map { tuple -> Int32 in
        let key = kept.map { tuple[$0] }
        let code = seen[key] ?? Int32(seen.count)
        seen[key] = code
        return code
      }
      for cell in of.indices { of[cell] += coarse[cell / side.stride % side.tuples.count] * Int32(stride) }
      stride *= max(1, seen.count)
    }
    let isOfReceipts = !sides.contains { side in
      side.axis.isOfLines && side.dimensions.contains { keeps(level, $0) }
    }
    return CubePlan.Total(of: of, cells: stride, isOfReceipts: isOfReceipts)
  }

  /// The members of all dimensions of a cell, rows first.
  func members(of cell: Int) -> [Int32] {
    var members = Array(repeating: Int32(0), count: dimensions.count)
    for side in sides {
      let tuple = side.tuples[cell / side.stride % side.tuples.count]
      for (place, dimension) in side.dimensions.enumerated() { members[dimension] = tuple[place] }
    }
    return members
  }
}

/// Which members of a dimension a filter lets through.
struct FilterMask {
  let table: DimensionTable
  private let isIn: [Bool]
  private let isExcluded: Bool

  init(_ filter: Pivot.Filter, _ frame: CubeFrame) throws(Problem) {
    table = try frame.table(filter.dimension)
    var named: Set<Int> = []
    for (place, label) in filter.labels.enumerated() {
      guard let found = table.labels.firstIndex(of: label) else {
        throw .pivot("/filters/\(filter.dimension.rawValue)/\(place)", "unknown", "\(filter.dimension.rawValue) has no \(label)")
      }
      named.insert(found)
    }
    isIn = table.labels.indices.map { named.contains($0) != filter.isExcluded }
    isExcluded = filter.isExcluded
  }

  /// Of many, one that is named lets a code in, or keeps it out.
  func holds(_ code: Int) -> Bool {
    guard table.dimension.isMany else { return isIn[Int(table.codes[code - table.first])] }
    let set = table.sets[code]
    return isExcluded ? set.allSatisfy { isIn[Int($0)] } : set.contains { isIn[Int($0)] }
  }
}

/// One axis of a pivot: a code for every combination of its dimensions' members that occurs, −1 for what filters leave out.
struct AxisCodes {
  private(set) var codes: [Int32] = []
  private(set) var tuples: [[Int32]] = []
  let first: Int

  init(
    _ axis: Dimension.Axis, _ tables: [DimensionTable], _ filters: [FilterMask], _ frame: CubeFrame, _ pivot: Pivot,
    _ layer: PivotLayer?
  ) {
    let range = frame.range(axis)
    first = range.lowerBound
    var seen: [[Int32]: Int32] = [:]
    codes.reserveCapacity(range.count)
    let members = tables.contains(where: \.dimension.isMany) ? [] : tables.map(\.codes)
    var last: Int32 = -1
    for (place, code) in range.enumerated() {
      let isIn = filters.allSatisfy { $0.holds(code) } && (axis != .day || Self.holds(pivot, code))
      // Neighbours mostly belong to the same members of everything.
      if isIn, last >= 0, !members.isEmpty, members.indices.allSatisfy({ members[$0][place] == tuples[Int(last)][$0] }) {
        codes.append(last)
        continue
      }
      guard isIn, let tuple = Self.tuple(tables, code, layer) else {
        codes.append(-1)
        continue
      }
      last = seen[tuple] ?? Int32(tuples.count)
      codes.append(last)
      if Int(last) == tuples.count {
        seen[tuple] = last
        tuples.append(tuple)
      }
    }
  }

  /// Nil where the code has nothing in the layer.
  private static func tuple(_ tables: [DimensionTable], _ code: Int, _ layer: PivotLayer?) -> [Int32]? {
    var tuple: [Int32] = []
    for table in tables {
      if !table.dimension.isMany {
        tuple.append(table.codes[code - table.first])
      } else if let layer, let label = layer.layers.label(of: table.sets[code], in: layer.layer) {
        tuple.append(label)
      } else {
        return nil
      }
    }
    return tuple
  }

  private static func holds(_ pivot: Pivot, _ day: Int) -> Bool {
    let day = CivilDay(number: Int32(day))
    return (pivot.first.map { $0 <= day } ?? true) && (pivot.last.map { day <= $0 } ?? true) && (pivot.only?.contains(day) ?? true)
  }
}

extension CubePlan {
  mutating func set(_ axis: Dimension.Axis, first: Int, _ codes: [Int32], _ frame: CubeFrame) {
    switch axis {
    case .day: (day, firstDay) = (codes, UInt16(first))
    case .minute: minute = codes
    case .store: store = codes
    case .register: register = codes
    case .product: product = codes
    case .flags: flags = codes
    case .tier: tier = codes
    case .occasion: occasion = codes
    case .deals: deals = codes
    case .member:
      nobody = codes[0]
      if frame.sorts.isEmpty {
        everybody = codes[1]
      } else {
        member = frame.sorts.map { sorts in sorts.map { codes[Int($0)] } }
      }
    }
  }
}
