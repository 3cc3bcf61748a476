import Conditions
import Kernel

/// What the basket earns: points of each promotion on each line.
struct Earned {
  /// An earning promotion that applied.
  struct Row {
    let position: Int
    /// Of the promotion, in ppm; 0 where it gives points by steps or at once.
    let rate: Int64
    /// Points in all, after rounding and limits.
    var total: Int64 = 0
    /// What it alone would give, where one of its group is chosen.
    var worth: Int64 = 0
    /// The limit that made it smaller than the promotion promises, where one did.
    var cut: LimitKind?
    /// Lines that the limit of a line cut.
    var cutLines: [Int] = []
  }
  let width: Int
  var rows: [Row] = []
  /// Row after row, one value per line: the money that points are given for …
  var base: [Int64] = []
  /// … money × ppm, rounded at the end together with the others (a thousand rates on the dearest basket do not fit 64 bits) …
  var exact: [Int128] = []
  /// … and whole points: of steps and fixed bonuses at once, of rates when they are rounded.
  var units: [Int64] = []
  var failures: [(promotion: Int, cause: Cause)] = []

  init(lines: Int, rows count: Int) {
    width = lines
    rows.reserveCapacity(count)
    base.reserveCapacity(count * lines)
    exact.reserveCapacity(count * lines)
    units.reserveCapacity(count * lines)
  }

  var total: Points { Points(units: rows.reduce(0) { $0 + $1.total }) }

  func onLine(_ line: Int) -> Points {
    var sum: Int64 = 0
    for row in rows.indices { sum += units[row * width + line] }
    return Points(units: sum)
  }

  func cells(_ row: Int) -> Range<Int> { row * width..<(row + 1) * width }

  func isEmpty(_ row: Int) -> Bool { cells(row).allSatisfy { exact[$0] == 0 && units[$0] == 0 } }

  func exactSum(_ row: Int) -> Int128 {
    var sum: Int128 = 0
    for cell in cells(row) { sum += exact[cell] }
    return sum
  }

  mutating func append(_ position: Int, rate: Int64) {
    rows.append(Row(position: position, rate: rate))
    base.append(contentsOf: repeatElement(0, count: width))
    exact.append(contentsOf: repeatElement(0, count: width))
    units.append(contentsOf: repeatElement(0, count: width))
  }

  mutating func remove(_ row: Int) {
    rows.remove(at: row)
    base.removeSubrange(cells(row))
    exact.removeSubrange(cells(row))
    units.removeSubrange(cells(row))
  }
}
