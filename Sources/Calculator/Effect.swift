import Conditions
import Kernel

/// What a promotion would take off each line, before it is decided.
struct Effect {
  var delta: [Int64]
  var total: Int64 = 0
  var times: Int64 = 1
  /// Per line: what the rate was taken of.
  var base: [Int64]
  var rate: Int64 = 0
  var notes: [TraceNotes]
  /// Why it is nothing, where it is.
  var obstacle: Cause?

  init(lines: Int) {
    delta = Array(repeating: 0, count: lines)
    base = delta
    notes = Array(repeating: [], count: lines)
  }

  mutating func recount() {
    total = 0
    for value in delta { total += value }
  }
}

extension Run {
  /// Lines that the promotion's benefit may land on.
  func targetLines(_ promotion: Promotion) -> [Int] {
    var lines: [Int] = []
    lines.reserveCapacity(columns.count)
    for line in 0..<columns.count where matches(promotion.target, line) {
      if !promotion.addsToTillReductions, columns.tillReduced[line] > 0 { continue }
      lines.append(line)
    }
    return lines
  }

  /// What the promotion would do now. Nothing is changed.
  func effect(of position: Int) -> Effect {
    let promotion = book.promotions[position]
    var effect = Effect(lines: columns.count)
    let lines = targetLines(promotion)
    guard !lines.isEmpty else {
      effect.obstacle = .noGoods
      return effect
    }
    switch promotion.benefit {
    case .percent(let rate, let basis):
      if promotion.stage == .receipt {
        percentOfSum(rate, basis, lines, &effect)
      } else {
        percentOfLines(rate, basis, lines, promotion.limits.quantityPerReceipt, &effect)
      }
    case .amountPerUnit(let money): perUnit(lines, promotion.limits.quantityPerReceipt, &effect) { _ in money.minor }
    case .fixedPrice(let money):
      perUnit(lines, promotion.limits.quantityPerReceipt, &effect) { line in max(0, self.unitPrice(line) - money.minor) }
    case .amount(let money): spreadOver(lines, min(money.minor, sum(lines)), &effect)
    case .fixedTotal(let money): spreadOver(lines, max(0, sum(lines) - money.minor), &effect)
    case .freeUnits(let buy, let free, let rate, let lands, let perProduct):
      let sets = FreeUnits(buy: buy, free: free, rate: rate, lands: lands, most: promotion.limits.timesPerReceipt)
      freeUnits(sets, lines, perProduct: perProduct, &effect)
    case .gift(let units, let price): gift(units, price, lines, &effect)
    case .earnRate, .earnPerStep, .earnMultiplier, .earnFixed: break
    }
    effect.recount()
    cap(promotion, &effect)
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
    columns.quantity[line] > 0 ? scaled(amount[line], by: 1000, over: columns.quantity[line], .halfUp) : 0
  }

  private func take(_ wanted: Int64, _ line: Int, _ effect: inout Effect) {
    let possible = room(line)
    effect.delta[line] = min(wanted, possible)
    if wanted > possible { effect.notes[line].insert(.floor) }
  }

  private func percentOfSum(_ rate: Rate, _ basis: PriceBasis, _ lines: [Int], _ effect: inout Effect) {
    var base: Int64 = 0
    for line in lines { base += basis == .regular ? columns.shelf[line] : amount[line] }
    let wanted = Money(minor: base).share(rate, terms.rounding.rounding).minor
    spreadOver(lines, wanted, &effect)
    effect.rate = rate.ppm
    for line in lines {
      effect.base[line] = basis == .regular ? columns.shelf[line] : amount[line]
      if basis == .regular { effect.notes[line].insert(.ofRegular) }
    }
  }

  private func percentOfLines(_ rate: Rate, _ basis: PriceBasis, _ lines: [Int], _ most: Quantity?, _ effect: inout Effect) {
    effect.rate = rate.ppm
    let allowed = quantities(lines, most)
    for (place, line) in lines.enumerated() where allowed[place] > 0 && columns.quantity[line] > 0 {
      let whole = basis == .regular ? columns.shelf[line] : amount[line]
      let base = allowed[place] == columns.quantity[line] ? whole : scaled(whole, by: allowed[place], over: columns.quantity[line], .halfUp)
      effect.base[line] = base
      if basis == .regular { effect.notes[line].insert(.ofRegular) }
      let pieces = columns.pieces[line] == 0 ? 0 : allowed[place] / 1000
      if isByUnit, pieces > 1, base % pieces == 0 {
        effect.notes[line].insert(.byUnit)
        take(Money(minor: base / pieces).share(rate, terms.rounding.rounding).minor * pieces, line, &effect)
      } else {
        take(Money(minor: base).share(rate, terms.rounding.rounding).minor, line, &effect)
      }
    }
  }

  private var isByUnit: Bool { terms.rounding.percent != .line }

  /// How much of each line a benefit may touch, dearest units first, where the promotion limits the quantity.
  private func quantities(_ lines: [Int], _ most: Quantity?) -> [Int64] {
    guard let most else { return lines.map { columns.quantity[$0] } }
    var left = most.thousandths
    var allowed = [Int64](repeating: 0, count: lines.count)
    for place in lines.indices.sorted(by: { (unitPrice(lines[$0]), $1) > (unitPrice(lines[$1]), $0) }) {
      let line = lines[place]
      var part = min(left, columns.quantity[line])
      if columns.pieces[line] > 0 { part -= part % 1000 }
      allowed[place] = part
      left -= part
    }
    return allowed
  }

  private func perUnit(_ lines: [Int], _ most: Quantity?, _ effect: inout Effect, _ unit: (Int) -> Int64) {
    let allowed = quantities(lines, most)
    for (place, line) in lines.enumerated() where allowed[place] > 0 {
      effect.base[line] = amount[line]
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
      effect.base[line] = amount[line]
      effect.delta[line] = parts[place]
      given += parts[place]
      guard whole > 0 else { continue }
      let share = scaled(total, by: weights[place], over: whole, .down)
      if parts[place] < share {
        effect.notes[line].insert(.floor)
        isStopped = true
      } else if parts[place] > share + 1 {
        effect.notes[line].insert(.redistributed)
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
  private func cap(_ promotion: Promotion, _ effect: inout Effect) {
    var most = promotion.limits.moneyPerReceipt?.minor ?? .max
    if let budget = promotion.limits.budgetMoney { most = min(most, max(0, (budget - (usage[promotion.id]?.money ?? .zero)).minor)) }
    guard effect.total > most else { return }
    effect.delta = spread(most, weights: effect.delta, caps: effect.delta, leftover: leftover)
    for line in effect.delta.indices where effect.base[line] > 0 { effect.notes[line].insert(.capped) }
    effect.total = most
  }
}
