import Conditions
import Kernel

/// What a promotion would take off each line, before it is decided.
struct Effect {
  struct Cell {
    /// To be taken off.
    var delta: Int64 = 0
    /// What the rate was taken of.
    var base: Int64 = 0
    var notes: TraceNotes = []
  }
  /// One per line of the basket.
  var cells: [Cell]
  var total: Int64 = 0
  var times: Int64 = 1
  var rate: Int64 = 0
  /// Why it is nothing, where it is.
  var obstacle: Cause?

  init(lines: Int) {
    cells = Array(repeating: Cell(), count: lines)
  }

  mutating func recount() {
    total = 0
    for cell in cells { total += cell.delta }
  }
}

extension Run {
  /// What the promotion would do now. Nothing is changed.
  func effect(of candidate: Candidate) -> Effect {
    let rule = candidate.rule
    let lines = candidate.lines
    var effect = Effect(lines: columns.count)
    guard !lines.isEmpty else {
      effect.obstacle = .noGoods
      return effect
    }
    switch rule.benefit {
    case .percent(let rate, let basis):
      if rule.stage == .receipt {
        percentOfSum(rate, basis, lines, &effect)
      } else {
        percentOfLines(rate, basis, lines, rule.limits.quantityPerReceipt, &effect)
      }
    case .amountPerUnit(let money): perUnit(lines, rule.limits.quantityPerReceipt, &effect) { _ in money.minor }
    case .fixedPrice(let money):
      perUnit(lines, rule.limits.quantityPerReceipt, &effect) { line in max(0, self.unitPrice(line) - money.minor) }
    case .amount(let money): spreadOver(lines, min(money.minor, sum(lines)), &effect)
    case .fixedTotal(let money): spreadOver(lines, max(0, sum(lines) - money.minor), &effect)
    case .freeUnits(let buy, let free, let rate, let lands, let perProduct):
      let sets = FreeUnits(buy: buy, free: free, rate: rate, lands: lands, most: rule.limits.timesPerReceipt)
      freeUnits(sets, lines, perProduct: perProduct, &effect)
    case .gift(let units, let price): gift(units, price, lines, &effect)
    case .earnRate, .earnPerStep, .earnMultiplier, .earnFixed: break
    }
    effect.recount()
    cap(rule, &effect)
    if effect.total == 0, effect.obstacle == nil { effect.obstacle = .nothingToReduce }
    return effect
  }

  private func sum(_ lines: [Int]) -> Int64 {
    var total: Int64 = 0
    for line in lines { total += amount[line] }
    return total
  }

  /// Price of one unit as the line stands, in minor units, rounded down.
  func unitPrice(_ line: Int) -> Int64 {
    columns.quantity(line) > 0 ? scaled(amount[line], by: 1000, over: columns.quantity(line), .halfUp) : 0
  }

  private func take(_ wanted: Int64, _ line: Int, _ effect: inout Effect) {
    let possible = room(line)
    effect.cells[line].delta = min(wanted, possible)
    if wanted > possible { effect.cells[line].notes.insert(.floor) }
  }

  private func percentOfSum(_ rate: Rate, _ basis: PriceBasis, _ lines: [Int], _ effect: inout Effect) {
    var base: Int64 = 0
    for line in lines { base += basis == .regular ? columns.shelf(line) : amount[line] }
    let wanted = Money(minor: base).share(rate, terms.rounding.rounding).minor
    spreadOver(lines, wanted, &effect)
    effect.rate = rate.ppm
    for line in lines {
      effect.cells[line].base = basis == .regular ? columns.shelf(line) : amount[line]
      if basis == .regular { effect.cells[line].notes.insert(.ofRegular) }
    }
  }

  private func percentOfLines(_ rate: Rate, _ basis: PriceBasis, _ lines: [Int], _ most: Quantity?, _ effect: inout Effect) {
    effect.rate = rate.ppm
    let allowed = quantities(lines, most)
    for (place, line) in lines.enumerated() where allowed[place] > 0 && columns.quantity(line) > 0 {
      let whole = basis == .regular ? columns.shelf(line) : amount[line]
      let base = allowed[place] == columns.quantity(line) ? whole : scaled(whole, by: allowed[place], over: columns.quantity(line), .halfUp)
      effect.cells[line].base = base
      if basis == .regular { effect.cells[line].notes.insert(.ofRegular) }
      let pieces = columns.pieces(line) == 0 ? 0 : allowed[place] / 1000
      if isByUnit, pieces > 1, base % pieces == 0 {
        effect.cells[line].notes.insert(.byUnit)
        take(Money(minor: base / pieces).share(rate, terms.rounding.rounding).minor * pieces, line, &effect)
      } else {
        take(Money(minor: base).share(rate, terms.rounding.rounding).minor, line, &effect)
      }
    }
  }

  private var isByUnit: Bool { terms.rounding.percent != .line }

  /// How much of each line a benefit may touch, dearest units first, where the promotion limits the quantity.
  private func quantities(_ lines: [Int], _ most: Quantity?) -> [Int64] {
    guard let most else { return lines.map { columns.quantity($0) } }
    var left = most.thousandths
    var allowed = [Int64](repeating: 0, count: lines.count)
    for place in lines.indices.sorted(by: { (unitPrice(lines[$0]), $1) > (unitPrice(lines[$1]), $0) }) {
      let line = lines[place]
      var part = min(left, columns.quantity(line))
      if columns.pieces(line) > 0 { part -= part % 1000 }
      allowed[place] = part
      left -= part
    }
    return allowed
  }

  private func perUnit(_ lines: [Int], _ most: Quantity?, _ effect: inout Effect, _ unit: (Int) -> Int64) {
    let allowed = quantities(lines, most)
    for (place, line) in lines.enumerated() where allowed[place] > 0 {
      effect.cells[line].base = amount[line]
      take(scaled(unit(line), by: allowed[place], over: 1000, .halfUp), line, &effect)
    }
  }

  /// Spreads a sum over lines in proportion to what they cost; what a floor stops goes to the others.
  private func spreadOver(_ lines: [Int], _ total: Int64, _ effect: inout Effect) {
    let weights = lines.map { amount[$0] }
    let caps = lines.map { room($0) }
    let parts = spread(total, weights: weights, caps: caps, leftover: leftover)
    let whole = weights.reduce(0, +)
    var given: Int64 = 0
    var isStopped = false
    for (place, line) in lines.enumerated() {
      effect.cells[line].base = amount[line]
      effect.cells[line].delta = parts[place]
      given += parts[place]
      guard whole > 0 else { continue }
      let share = scaled(total, by: weights[place], over: whole, .down)
      if parts[place] < share {
        effect.cells[line].notes.insert(.floor)
        isStopped = true
      } else if parts[place] > share + 1 {
        effect.cells[line].notes.insert(.redistributed)
      }
    }
    if isStopped, given == 0 { effect.obstacle = .nothingToReduce }
  }

  var leftover: Leftover {
    switch terms.rounding.residue {
    case .largestRemainder: .largestRemainder
    case .last: .last
    case .dearest: .largestWeight
    }
  }

  /// Cuts the effect down to what the receipt's limit and the budget leave.
  private func cap(_ promotion: CompiledRule, _ effect: inout Effect) {
    var most = promotion.limits.moneyPerReceipt?.minor ?? .max
    if let budget = promotion.limits.budgetMoney { most = min(most, max(0, (budget - (usage[promotion.id]?.money ?? .zero)).minor)) }
    guard effect.total > most else { return }
    let wanted = effect.cells.map(\.delta)
    let parts = spread(most, weights: wanted, caps: wanted, leftover: leftover)
    for line in parts.indices where effect.cells[line].base > 0 {
      effect.cells[line].delta = parts[line]
      effect.cells[line].notes.insert(.capped)
    }
    effect.total = most
  }
}
