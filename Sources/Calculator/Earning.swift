import Conditions
import Kernel

extension Run {
  /// Stage seven on this money per line. One receipt earns at most `Limits.amount`.
  func earning(on base: [Int64]) -> Earned {
    var start = candidates.firstIndex { $0.rule.stage == .earning } ?? candidates.count
    let last = candidates[start...].firstIndex { $0.rule.stage > .earning } ?? candidates.count
    var earned = Earned(lines: columns.count, rows: last - start)
    guard start < last else { return earned }
    guard let kind = scene.member?.kind, !scene.terms.earning.kindsWithoutEarning.contains(kind) else {
      let cause = scene.hasMember ? Cause.otherMemberKind : .unidentified
      earned.failures = candidates[start..<last].map { ($0.rule.position, cause) }
      return earned
    }
    while start < last {
      let group = candidates[start].rule.group
      var end = start
      while end < last, candidates[end].rule.group == group { end += 1 }
      accrue(start..<end, scene.book.groups[group].policy, base, &earned)
      start = end
    }
    round(&earned)
    var left = Limits.amount
    for row in earned.rows.indices {
      cap(row, atMost: left, &earned)
      left -= earned.rows[row].total
    }
    for row in earned.rows where row.total == 0 && row.cut == nil { earned.failures.append((row.position, .roundedToNothing)) }
    for row in earned.rows.indices.reversed() where earned.rows[row].total == 0 { earned.remove(row) }
    return earned
  }

  /// One group: which of its promotions give, and what before rounding.
  private func accrue(_ group: Range<Int>, _ policy: PromotionGroup.Policy, _ base: [Int64], _ earned: inout Earned) {
    let first = earned.rows.count
    for place in group {
      let position = candidates[place].rule.position
      if let cause = exclusion(of: place) {
        earned.failures.append((position, cause))
      } else if let cause = obstacle(at: place) {
        earned.failures.append((position, cause))
      } else if candidates[place].rule.takes != nil,
        let cause = lacksStamps(
          candidates[place].rule, beside: earned.rows[..<(policy.isOfBest ? first : earned.rows.count)])
      {
        earned.failures.append((position, cause))
      } else if policy == .first, first < earned.rows.count {
        earned.failures.append((position, .notFirst(after: earned.rows[first].position)))
      } else {
        let row = earned.rows.count
        accrue(candidates[place].rule, on: candidates[place].lines, base, rates: policy == .all ? 0..<row : 0..<first, &earned)
        if policy != .all { earned.rows[row].worth = worth(of: row, earned) }
        guard let cause = nothing(in: row, of: candidates[place], policy, earned) else { continue }
        earned.remove(row)
        earned.failures.append((position, cause))
      }
    }
    if policy.isOfBest { keepBest(from: first, policy, &earned) }
  }

  /// Why a promotion gives nothing; nil where it gives something. Where one of a group is chosen, it must give at least a point by
  /// itself; where all of it apply, fractions still add up.
  private func nothing(in row: Int, of candidate: Candidate, _ policy: PromotionGroup.Policy, _ earned: Earned) -> Cause? {
    if candidate.lines.isEmpty { return absence(of: candidate.rule.target) }
    if earned.isEmpty(row) { return .nothingToReduce }
    return policy != .all && earned.rows[row].worth == 0 ? .roundedToNothing : nil
  }

  private func keepBest(from first: Int, _ policy: PromotionGroup.Policy, _ earned: inout Earned) {
    let offers = first..<earned.rows.count
    guard offers.count > 1 else { return }
    let worths = offers.map { earned.rows[$0].worth }
    var best = 0
    for place in worths.indices.dropFirst()
    where policy == .bestForShopper ? worths[place] > worths[best] : worths[place] < worths[best] {
      best = place
    }
    let winner = earned.rows[first + best].position
    for row in offers where row != first + best { earned.failures.append((earned.rows[row].position, .notBest(than: winner))) }
    for row in offers.reversed() where row != first + best { earned.remove(row) }
  }

  /// Adds the row of one promotion. A multiplier looks at the rates in these rows.
  private func accrue(
    _ rule: CompiledRule, on lines: [Int], _ base: [Int64], rates: Range<Int>, _ earned: inout Earned
  ) {
    let row = earned.rows.count
    let rate = rule.benefit.earningRate
    earned.append(rule.position, rate: rate)
    let cells = earned.cells(row)
    for line in lines { earned.base[cells.lowerBound + line] = base[line] }
    switch rule.benefit {
    case .earnRate: for cell in cells { earned.exact[cell] = Int128(earned.base[cell]) * Int128(rate) }
    case .earnMultiplier:
      // Every multiplier adds (factor − 1) × what the rates before it gave, so two doublings make a triple, not a quadruple.
      for line in 0..<earned.width where earned.base[cells.lowerBound + line] > 0 {
        var sum: Int128 = 0
        for other in rates where scene.book.rules[earned.rows[other].position].benefit.isRate {
          sum += earned.exact[other * earned.width + line]
        }
        earned.exact[cells.lowerBound + line] = sum * Int128(rate - Rate.whole.ppm) / Int128(Rate.whole.ppm)
      }
    case .earnPerStep(let points, let step):
      let possible = earned.base[cells].reduce(0, +) / step.minor
      let times = min(possible, rule.limits.timesPerReceipt ?? .max)
      if times < possible { earned.rows[row].cut = .receipt }
      give(Int64(min(Int128(points.units) * Int128(times), Int128(Limits.amount))), row, &earned)
    case .earnPerUnit(let points): givePerUnit(points, lines, rule.limits.timesPerReceipt, row, &earned)
    case .earnFixed(let points): give(min(points.units, Limits.amount), row, &earned)
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .freeUnits, .gift, .giftChoice, .staircase, .bundle, .prices,
      .reward:
      break
    }
  }

  /// To each line what its own units earn, so that a return of some takes back exactly theirs. What is paid with nothing earns nothing.
  private func givePerUnit(_ points: Points, _ lines: [Int], _ most: Int64?, _ row: Int, _ earned: inout Earned) {
    var left = most ?? .max
    for line in lines where earned.base[row * earned.width + line] > 0 {
      let possible = columns.quantity(line) / 1000
      let times = min(possible, left)
      if times < possible { earned.rows[row].cut = .receipt }
      left -= times
      earned.units[row * earned.width + line] = Int64(min(Int128(points.units) * Int128(times), Int128(Limits.amount)))
    }
  }

  private func give(_ points: Int64, _ row: Int, _ earned: inout Earned) {
    let base = Array(earned.base[earned.cells(row)])
    for (line, part) in spread(points, weights: base).enumerated() {
      earned.units[row * earned.width + line] = part
    }
  }

  /// Units of points that so much money × ppm gives, a multiple of the programme's step.
  private func units(_ exact: Int128) -> Int64 {
    let step = scene.terms.earning.step.units
    let whole = Int128(scene.terms.spendValue) * Int128(Rate.whole.ppm) * Int128(step)
    let most = Limits.amount / step
    let (fits, tooLarge) = exact.multipliedReportingOverflow(by: Int128(scene.terms.unitsPerPoint))
    guard !tooLarge, fits < whole * Int128(most) else { return most * step }
    if fits <= Int128(Int64.max), whole <= Int128(Int64.max) {
      return divided(Int64(truncatingIfNeeded: fits), by: Int64(truncatingIfNeeded: whole), scene.terms.earning.mode) * step
    }
    let (quotient, rest) = fits.quotientAndRemainder(dividingBy: whole)
    let goesUp =
      switch scene.terms.earning.mode {
      case .down: false
      case .up: rest > 0
      case .halfUp: rest * 2 >= whole
      }
    return (Int64(truncatingIfNeeded: quotient) + (goesUp ? 1 : 0)) * step
  }

  private func round(_ earned: inout Earned) {
    switch scene.terms.earning.place {
    case .receipt:
      var sum: Int128 = 0
      for exact in earned.exact { sum += exact }
      distribute(units(sum), earned.exact, sum, 0, &earned)
    case .rule:
      for row in earned.rows.indices {
        let sum = earned.exactSum(row)
        distribute(units(sum), earned.exact[earned.cells(row)], sum, earned.cells(row).lowerBound, &earned)
      }
    case .line, .unit:
      for line in 0..<earned.width {
        let weights = earned.rows.indices.map { earned.exact[$0 * earned.width + line] }
        let sum = weights.reduce(0, +)
        distribute(units(onLine: line, sum), weights, sum, line, by: earned.width, &earned)
      }
    }
    for row in earned.rows.indices { for cell in earned.cells(row) { earned.rows[row].total += earned.units[cell] } }
  }

  private func units(onLine line: Int, _ exact: Int128) -> Int64 {
    let pieces = scene.terms.earning.place == .unit ? max(1, columns.pieces(line)) : 1
    return min(units(exact / Int128(pieces)) * pieces, Limits.amount)
  }

  /// Gives whole units to the cells of these weights by largest remainder.
  private func distribute(
    _ total: Int64, _ exact: some Collection<Int128>, _ sum: Int128, _ first: Int, by stride: Int = 1, _ earned: inout Earned
  ) {
    guard total > 0 else { return }
    // Weights that do not fit 64 bits lose their last ones, which at such sums decide nothing.
    let lost = max(0, Int128.bitWidth - 1 - sum.leadingZeroBitCount - 62)
    var cell = first
    for part in spread(total, weights: exact.map { Int64(truncatingIfNeeded: $0 >> lost) }) {
      earned.units[cell] += part
      cell += stride
    }
  }

  /// What the row alone would give, within its limits.
  private func worth(of row: Int, _ earned: Earned) -> Int64 {
    let rule = scene.book.rules[earned.rows[row].position]
    var whole = earned.units[earned.cells(row)].reduce(0, +)
    if rule.limits.pointsPerLine != nil {
      // Only what lies on its line can be cut there.
      var alone = Earned(lines: earned.width, rows: 1)
      alone.append(earned.rows[row].position, rate: earned.rows[row].rate)
      (alone.exact, alone.units) = (Array(earned.exact[earned.cells(row)]), Array(earned.units[earned.cells(row)]))
      round(&alone)
      capLines(0, &alone)
      whole = alone.rows[0].total
    } else {
      switch scene.terms.earning.place {
      case .receipt, .rule: whole += units(earned.exactSum(row))
      case .line, .unit: for line in 0..<earned.width { whole += units(onLine: line, earned.exact[row * earned.width + line]) }
      }
    }
    return min(whole, allowance(rule).most)
  }

  /// The points that the receipt's limit and the budgets leave to a promotion, and which of them decides.
  private func allowance(_ rule: CompiledRule) -> (most: Int64, limit: LimitKind) {
    allowance(rule, receipt: rule.limits.pointsPerReceipt?.units, { $0.points?.units }, { $0.points.units })
  }

  /// Cuts a promotion's points down to what the limit of a line, the receipt's, the budgets and the most that one receipt earns leave.
  private func cap(_ row: Int, atMost left: Int64, _ earned: inout Earned) {
    capLines(row, &earned)
    let allowed = allowance(scene.book.rules[earned.rows[row].position])
    let (most, limit) = allowed.most < left ? allowed : (left, .receipt)
    if earned.rows[row].total > most {
      let units = Array(earned.units[earned.cells(row)])
      earned.units.replaceSubrange(earned.cells(row), with: spread(most, weights: units, caps: units))
      earned.rows[row].total = most
      earned.rows[row].cut = limit
    }
    if let cut = earned.rows[row].cut { earned.failures.append((earned.rows[row].position, .limit(cut))) }
  }

  private func capLines(_ row: Int, _ earned: inout Earned) {
    guard let most = scene.book.rules[earned.rows[row].position].limits.pointsPerLine?.units else { return }
    for (line, cell) in earned.cells(row).enumerated() where earned.units[cell] > most {
      earned.rows[row].total -= earned.units[cell] - most
      earned.units[cell] = most
      earned.rows[row].cutLines.append(line)
      // A receipt's limit that cut before says it of all lines.
      earned.rows[row].cut = earned.rows[row].cut ?? .line
    }
  }

  /// What happened to the points of one line.
  func notes(_ earned: Earned, _ row: Int, _ line: Int) -> TraceNotes {
    if let cut = earned.rows[row].cut, cut != .line || earned.rows[row].cutLines.contains(line) { return .capped }
    let cell = row * earned.width + line
    let worth = Int128(earned.units[cell]) * Int128(scene.terms.spendValue) * Int128(Rate.whole.ppm)
    if earned.rows[row].rate > 0 { return worth == earned.exact[cell] * Int128(scene.terms.unitsPerPoint) ? [] : .rounded }
    let whole = earned.base[earned.cells(row)].reduce(0, +)
    return isRounded(earned.units[cell], earned.rows[row].total, earned.base[cell], whole) ? .rounded : []
  }
}

extension Benefit {
  /// Points that are given once, however much is bought.
  var isOnce: Bool { if case .earnFixed = self { true } else { false } }
  var isRate: Bool { if case .earnRate = self { true } else { false } }

  fileprivate var earningRate: Int64 {
    switch self {
    case .earnRate(let rate), .earnMultiplier(let rate): rate.ppm
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .freeUnits, .gift, .giftChoice, .staircase, .bundle, .prices,
      .earnPerStep,
      .earnPerUnit, .earnFixed, .reward:
      0
    }
  }
}
