import Conditions
import Kernel

/// What the basket earns: points of each promotion on each line.
struct Earned {
  /// One row per earning promotion that applied.
  struct Row {
    let position: Int
    let rate: Int64
    /// Per line: the money it was taken of, and the points.
    var base: [Int64]
    var units: [Int64]
    var notes: TraceNotes = []
    var total: Int64 { units.reduce(0, +) }
  }
  var rows: [Row] = []
  var failures: [(promotion: Int, cause: Cause)] = []
  var total: Points { Points(units: rows.reduce(0) { $0 + $1.total }) }

  func onLine(_ line: Int) -> Points { Points(units: rows.reduce(0) { $0 + $1.units[line] }) }
}

/// Points before rounding: per line, in units ÷ `divisor`.
private struct Accrual {
  let position: Int
  let rate: Int64
  var base: [Int64]
  /// Money × ppm: what a rate gives, rounded later together with the others.
  var exact: [Int64]
  /// Whole units: steps and fixed bonuses.
  var whole: [Int64]
  var isEmpty: Bool { !exact.contains { $0 != 0 } && !whole.contains { $0 != 0 } }
}

extension Run {
  /// Stage seven on this money per line.
  func earning(on base: [Int64]) -> Earned {
    var earned = Earned()
    guard let member, !terms.earning.kindsWithoutEarning.contains(member.kind) else { return earned }
    let stage = candidates.drop { $0.rule.stage < .earning }
    guard !stage.isEmpty else { return earned }
    var accruals: [Accrual] = []
    var start = stage.startIndex
    while start < stage.endIndex {
      let group = stage[start].rule.group
      let end = stage[start...].firstIndex { $0.rule.group != group } ?? stage.endIndex
      accrue(stage[start..<end], book.groups[group].policy, base, &accruals, &earned)
      start = end
    }
    earned.rows = rounded(accruals)
    for index in earned.rows.indices { cap(&earned.rows[index]) }
    for row in earned.rows where row.total == 0 { earned.failures.append((row.position, .roundedToNothing)) }
    earned.rows.removeAll { $0.total == 0 }
    return earned
  }

  private func accrue(
    _ stage: ArraySlice<Candidate>, _ policy: PromotionGroup.Policy, _ base: [Int64], _ accruals: inout [Accrual], _ earned: inout Earned
  ) {
    var offers: [Accrual] = []
    for candidate in stage {
      let position = candidate.rule.position
      if !excluded.isEmpty, let by = excluded[position] {
        earned.failures.append((position, .excluded(by: by)))
      } else if let cause = obstacle(candidate) {
        earned.failures.append((position, cause))
      } else if policy == .first, let winner = offers.first {
        earned.failures.append((position, .notFirst(after: winner.position)))
      } else {
        let offer = accrual(candidate, base, after: accruals + (policy == .all ? offers : []))
        if offer.isEmpty { earned.failures.append((position, .nothingToReduce)) } else { offers.append(offer) }
      }
    }
    guard policy == .bestForShopper || policy == .bestForShop, offers.count > 1 else {
      accruals += offers
      return
    }
    let worths = offers.map { rounded([$0]).first?.total ?? 0 }
    var best = 0
    for place in offers.indices.dropFirst() where policy == .bestForShopper ? worths[place] > worths[best] : worths[place] < worths[best] {
      best = place
    }
    for place in offers.indices where place != best {
      earned.failures.append((offers[place].position, .notBest(than: offers[best].position)))
    }
    accruals.append(offers[best])
  }

  private func accrual(_ candidate: Candidate, _ base: [Int64], after earlier: [Accrual]) -> Accrual {
    let position = candidate.rule.position
    let limits = candidate.rule.limits
    let none = [Int64](repeating: 0, count: base.count)
    var own = none
    for line in candidate.lines { own[line] = base[line] }
    switch candidate.rule.benefit {
    case .earnRate(let rate):
      return Accrual(position: position, rate: rate.ppm, base: own, exact: own.map { $0 * rate.ppm }, whole: none)
    case .earnMultiplier(let rate):
      // Every multiplier adds (factor − 1) × what the rates before it gave, so two doublings make a triple, not a quadruple.
      var exact = none
      for accrual in earlier where book.rules[accrual.position].benefit.isRate {
        for line in exact.indices where own[line] > 0 { exact[line] += accrual.exact[line] }
      }
      return Accrual(
        position: position, rate: rate.ppm, base: own,
        exact: exact.map { scaled($0, by: rate.ppm - Rate.whole.ppm, over: Rate.whole.ppm, .down) }, whole: none)
    case .earnPerStep(let points, let step):
      let sum = own.reduce(0, +)
      let times = min(sum / step.minor, limits.timesPerReceipt ?? .max)
      return Accrual(
        position: position, rate: 0, base: own, exact: none,
        whole: spread(points.units * times, weights: own, caps: own.map { $0 > 0 ? .max : 0 }))
    case .earnFixed(let points):
      return Accrual(
        position: position, rate: 0, base: own, exact: none, whole: spread(points.units, weights: own, caps: own.map { $0 > 0 ? .max : 0 }))
    default: return Accrual(position: position, rate: 0, base: own, exact: none, whole: none)
    }
  }

  /// What one step of points is in money × ppm.
  private var divisor: Int64 { terms.spendValue * 1_000_000 }

  /// Units of points that so much money × ppm gives, a multiple of the programme's step.
  private func units(_ exact: Int64) -> Int64 {
    let step = terms.earning.step.units
    return scaled(exact, by: terms.unitsPerPoint, over: divisor * step, terms.earning.mode) * step
  }

  private func rounded(_ accruals: [Accrual]) -> [Earned.Row] {
    var rows = accruals.map { accrual -> Earned.Row in
      Earned.Row(position: accrual.position, rate: accrual.rate, base: accrual.base, units: accrual.whole)
    }
    switch terms.earning.place {
    case .receipt:
      let whole = accruals.reduce(0) { $0 + $1.exact.reduce(0, +) }
      distribute(units(whole), accruals.indices.map { $0 }, accruals, &rows)
    case .rule:
      for place in accruals.indices { distribute(units(accruals[place].exact.reduce(0, +)), [place], accruals, &rows) }
    case .line, .unit:
      for line in 0..<columns.count { roundLine(line, accruals, &rows) }
    }
    return rows
  }

  /// Gives whole units to the cells of these rows by largest remainder.
  private func distribute(_ total: Int64, _ places: [Int], _ accruals: [Accrual], _ rows: inout [Earned.Row]) {
    guard total > 0 else { return }
    let weights = places.flatMap { accruals[$0].exact }
    let parts = spread(total, weights: weights, caps: weights.map { $0 > 0 ? .max : 0 })
    let width = columns.count
    for (offset, place) in places.enumerated() {
      for line in 0..<width { rows[place].units[line] += parts[offset * width + line] }
    }
  }

  private func roundLine(_ line: Int, _ accruals: [Accrual], _ rows: inout [Earned.Row]) {
    let weights = accruals.map { $0.exact[line] }
    let exact = weights.reduce(0, +)
    guard exact > 0 else { return }
    let pieces = terms.earning.place == .unit ? max(1, columns.pieces(line)) : 1
    let total = units(exact / pieces) * pieces
    let parts = spread(total, weights: weights, caps: weights.map { $0 > 0 ? .max : 0 })
    for place in rows.indices { rows[place].units[line] += parts[place] }
  }

  /// Cuts a promotion's points down to what the receipt's limit and the budget leave.
  private func cap(_ row: inout Earned.Row) {
    let promotion = book.rules[row.position]
    var most = promotion.limits.pointsPerReceipt?.units ?? .max
    if let budget = promotion.limits.budgetPoints {
      most = min(most, max(0, (budget - (usage[promotion.id]?.points ?? .zero)).units))
    }
    guard row.total > most else { return }
    row.units = spread(most, weights: row.units, caps: row.units)
    row.notes.insert(.capped)
  }
}

extension Benefit {
  var isRate: Bool { if case .earnRate = self { true } else { false } }
}
