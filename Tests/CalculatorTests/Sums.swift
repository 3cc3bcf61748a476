import Calculator
import Kernel

/// What must add up in every calculation, whatever the rules.
enum Sums {
  /// A sentence for each sum that does not come out.
  static func violations(of calculation: Calculation, _ basket: Basket) -> [String] {
    var found: [String] = []
    func same<T: Equatable>(_ a: T, _ b: T, _ what: String) { if a != b { found.append("\(what): \(a) is not \(b)") } }
    for (line, item) in zip(calculation.lines, basket.lines) {
      same(line.shelf, item.price.times(item.quantity), "shelf of line \(line.id)")
      let parts = [line.tillReduced, line.discount, line.paidWithPoints, line.rounding, line.amount]
      same(line.shelf, parts.reduce(.zero, +), "way from shelf to amount of line \(line.id)")
      same(line.parts.reduce(.zero) { $0 + $1.amount }, line.amount, "parts of line \(line.id)")
      same(line.parts.reduce(.zero) { $0 + $1.quantity }, line.quantity, "quantities of line \(line.id)")
      for part in line.parts where abs(part.price.times(part.quantity).minor - part.amount.minor) > basket.register.tolerance {
        // What nobody touched stands as the till had it: two reductions of its own need not be printable.
        if line.amount != line.shelf - line.tillReduced { found.append("line \(line.id) cannot be printed: \(part)") }
      }
    }
    same(calculation.lines.count, basket.lines.count, "lines")
    same(calculation.lines.reduce(.zero) { $0 + $1.amount }, calculation.amount, "amount")
    same(calculation.lines.reduce(.zero) { $0 + $1.earned }, calculation.earned, "earned")
    same(calculation.lines.reduce(.zero) { $0 + $1.pointsSpent }, calculation.pointsSpent, "points spent")
    same(calculation.spentByPool.reduce(.zero, +), calculation.pointsSpent, "points by pool")
    same(calculation.promotions.reduce(.zero) { $0 + $1.money }, calculation.discount, "discounts of promotions")
    same(calculation.promotions.reduce(.zero) { $0 + $1.points }, calculation.earned, "points of promotions")
    let known = basket.tenders.isEmpty || basket.tenders.allSatisfy { $0.amount != nil }
    if !known { same(calculation.tenders.reduce(.zero) { $0 + $1.amount }, calculation.amount, "tenders") }
    return found + traceViolations(of: calculation) + floorViolations(of: calculation, basket)
  }

  /// The trace tells the whole way: its reductions are the discounts, its points the points.
  private static func traceViolations(of calculation: Calculation) -> [String] {
    var found: [String] = []
    for (index, line) in calculation.lines.enumerated() {
      let steps = calculation.trace.filter { Int($0.line) == index }
      func sum(_ kinds: TraceStep.Kind...) -> Int64 { steps.reduce(0) { kinds.contains($1.kind) ? $0 + $1.amount : $0 } }
      if sum(.reduction) != line.discount.minor { found.append("trace of line \(line.id) does not sum to its discount") }
      if sum(.points) != line.paidWithPoints.minor { found.append("trace of line \(line.id) does not sum to its points") }
      if sum(.receiptRounding, .printing) != line.rounding.minor {
        found.append("trace of line \(line.id) does not sum to its rounding")
      }
      if sum(.tender) > line.amount.minor { found.append("more than line \(line.id) costs was paid with what earns nothing") }
      if sum(.earning) != line.earned.units { found.append("trace of line \(line.id) does not sum to what it earns") }
    }
    return found
  }

  private static func floorViolations(of calculation: Calculation, _ basket: Basket) -> [String] {
    zip(calculation.lines, basket.lines).compactMap { line, item in
      let start = line.shelf - line.tillReduced
      let least = min(start, max(item.product.minPrice ?? .zero, basket.register.leastPrice).times(item.quantity))
      return line.amount < least ? "line \(line.id) lies below its floor" : nil
    }
  }
}
