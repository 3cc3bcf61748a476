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
  /// One per line of the scene.basket.
  var cells: [Cell]
  var total: Int64 = 0
  var times: Int64 = 1
  var rate: Int64 = 0
  /// The limit that made it smaller than the promotion promises, where one did.
  var cut: LimitKind?
  /// More sets would be given, were there stamps for them.
  var isShortOfStamps = false
  /// What the shopper may choose of it, and chose.
  var gifts: GiftHand?
  /// Why it is nothing, where it is.
  var obstacle: Cause?

  init(lines: Int) {
    cells = []
    cells.reserveCapacity(lines)
    for _ in 0..<lines { cells.append(Cell()) }
  }

  /// The gifts, where none of them is in the basket yet.
  var unchosen: GiftHand? {
    if case .giftNotChosen? = obstacle { gifts } else { nil }
  }

  mutating func recount() {
    total = 0
    for cell in cells { total += cell.delta }
  }
}

/// True where this result of `a × b ÷ c` is not exact. Result and quotient differ by little, so products that agree in their last 64
/// bits are equal.
func isRounded(_ result: Int64, _ a: Int64, _ b: Int64, _ c: Int64) -> Bool { result &* c != a &* b }

extension Run {
  /// What the promotion would do scene.now. Nothing is changed.
  func effect(of rule: CompiledRule, on lines: [Int]) -> Effect {
    var effect = Effect(lines: columns.count)
    guard !lines.isEmpty else {
      effect.obstacle = absence(of: rule.target)
      return effect
    }
    if let cause = lacksStamps(rule) {
      effect.obstacle = cause
      return effect
    }
    switch rule.benefit {
    case .percent(let rate, let basis): percent(rate, basis, rule, lines, &effect)
    case .amountPerUnit(let money): reduce(.amountPerUnit(money), rule, lines, &effect)
    case .fixedPrice(let money): reduce(.fixedPrice(money), rule, lines, &effect)
    case .amount(let money): reduce(.amount(money), rule, lines, &effect)
    case .fixedTotal(let money): spreadOver(lines, max(0, sum(lines) - money.minor), &effect)
    case .freeUnits(let buy, let free, let rate, let lands, let perProduct):
      let sets = FreeUnits(buy: buy, free: free, rate: rate, lands: lands, most: mostTimes(rule))
      freeUnits(sets, lines, perProduct: perProduct, &effect)
    case .gift(let units, let price): gift(units, price, lines, &effect)
    case .giftChoice(let choice): chooseGifts(choice, rule, &effect)
    case .staircase(let staircase): climb(staircase, rule, lines, &effect)
    case .bundle(let bundle): self.bundle(bundle, lines, mostTimes(rule), &effect)
    case .prices(let list): listedPrices(list, lines, rule.limits.quantityPerReceipt, &effect)
    case .earnRate, .earnPerStep, .earnMultiplier, .earnPerUnit, .earnFixed, .reward: break
    }
    effect.recount()
    effect.isShortOfStamps = rule.benefit.isOfSets && effect.cut != nil && effect.times != rule.limits.timesPerReceipt
    cap(rule, &effect)
    if effect.total == 0, effect.obstacle == nil { effect.obstacle = effect.cut.map(Cause.limit) ?? .nothingToReduce }
    return effect
  }

  func reduce(_ reduction: Reduction, _ rule: CompiledRule, _ lines: [Int], _ effect: inout Effect) {
    let most = rule.limits.quantityPerReceipt
    switch reduction {
    case .percent(let rate): percent(rate, .reduced, rule, lines, &effect)
    case .amountPerUnit(let money): amountPerUnit(money, lines, most, &effect)
    case .amount(let money): spreadOver(lines, min(money.minor, sum(lines)), &effect)
    case .fixedPrice(let money): fixedPrice(lines, most, &effect) { _ in money }
    }
  }

  private func percent(_ rate: Rate, _ basis: PriceBasis, _ rule: CompiledRule, _ lines: [Int], _ effect: inout Effect) {
    if rule.stage == .receipt {
      percentOfSum(rate, basis, lines, &effect)
    } else {
      percentOfLines(rate, basis, lines, rule.limits.quantityPerReceipt, &effect)
    }
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
    let wanted = Money(minor: base).share(rate, scene.terms.rounding.rounding).minor
    spreadOver(lines, wanted, weights: basis == .regular ? lines.map { columns.shelf($0) } : nil, &effect)
    effect.rate = rate.ppm
    let isRounded = isRounded(wanted, base, rate.ppm, Rate.whole.ppm)
    for line in lines {
      effect.cells[line].base = basis == .regular ? columns.shelf(line) : amount[line]
      if basis == .regular { effect.cells[line].notes.insert(.ofRegular) }
      if isRounded, effect.cells[line].delta > 0 { effect.cells[line].notes.insert(.rounded) }
    }
  }

  private func percentOfLines(_ rate: Rate, _ basis: PriceBasis, _ lines: [Int], _ most: Quantity?, _ effect: inout Effect) {
    effect.rate = rate.ppm
    let allowed = quantities(lines, most, &effect)
    for (place, line) in lines.enumerated() where allowed[place] > 0 && columns.quantity(line) > 0 {
      let base = part(allowed[place], of: line, basis == .regular ? columns.shelf(line) : amount[line])
      effect.cells[line].base = base
      if basis == .regular { effect.cells[line].notes.insert(.ofRegular) }
      let pieces = columns.pieces(line) == 0 ? 0 : allowed[place] / 1000
      var wanted: Int64
      if isByUnit, pieces > 1, base % pieces == 0 {
        effect.cells[line].notes.insert(.byUnit)
        wanted = Money(minor: base / pieces).share(rate, scene.terms.rounding.rounding).minor * pieces
      } else {
        wanted = Money(minor: base).share(rate, scene.terms.rounding.rounding).minor
      }
      if isRounded(wanted, base, rate.ppm, Rate.whole.ppm) { effect.cells[line].notes.insert(.rounded) }
      take(wanted, line, &effect)
    }
  }

  /// What so much of the line comes to.
  private func part(_ quantity: Int64, of line: Int, _ whole: Int64) -> Int64 {
    quantity == columns.quantity(line) ? whole : scaled(whole, by: quantity, over: columns.quantity(line), .halfUp)
  }

  private var isByUnit: Bool { scene.terms.rounding.percent != .line }

  /// How much of each line a benefit may touch, dearest units first, where the promotion limits the quantity. What stands at its floor,
  /// or costs no more than the price already, takes nothing of it: tobacco in the basket costs nobody their discount.
  private func quantities(
    _ lines: [Int], _ most: Quantity?, _ effect: inout Effect, above price: (Int) -> Int64 = { _ in 0 }
  ) -> [Int64] {
    guard let most else { return lines.map { columns.quantity($0) } }
    var left = most.thousandths
    var allowed = [Int64](repeating: 0, count: lines.count)
    for place in lines.indices.sorted(by: { (unitPrice(lines[$0]), $1) > (unitPrice(lines[$1]), $0) }) {
      let line = lines[place]
      guard room(line) > 0, unitPrice(line) > price(line) else { continue }
      var part = min(left, columns.quantity(line))
      if columns.pieces(line) > 0 { part -= part % 1000 }
      allowed[place] = part
      left -= part
      guard part < columns.quantity(line) else { continue }
      effect.cells[line].notes.insert(.capped)
      effect.cut = .receipt
    }
    return allowed
  }

  private func amountPerUnit(_ money: Money, _ lines: [Int], _ most: Quantity?, _ effect: inout Effect) {
    let allowed = quantities(lines, most, &effect)
    for (place, line) in lines.enumerated() where allowed[place] > 0 {
      effect.cells[line].base = amount[line]
      let wanted = scaled(money.minor, by: allowed[place], over: 1000, scene.terms.rounding.rounding)
      if isRounded(wanted, money.minor, allowed[place], 1000) { effect.cells[line].notes.insert(.rounded) }
      take(wanted, line, &effect)
    }
  }

  /// Brings the goods down to what the register prints for the price, not down by a difference of two rounded prices.
  func fixedPrice(_ lines: [Int], _ most: Quantity?, _ effect: inout Effect, _ price: (Int) -> Money) {
    let allowed = quantities(lines, most, &effect) { price($0).minor }
    for (place, line) in lines.enumerated() where allowed[place] > 0 {
      let money = price(line)
      effect.cells[line].base = amount[line]
      let target = scaled(money.minor, by: allowed[place], over: 1000, .halfUp)
      let wanted = max(0, part(allowed[place], of: line, amount[line]) - target)
      if wanted > 0, isRounded(target, money.minor, allowed[place], 1000) { effect.cells[line].notes.insert(.rounded) }
      take(wanted, line, &effect)
    }
  }

  /// Spreads a sum over lines in proportion to what they cost, or to what it was taken of; what a floor stops goes to the others.
  private func spreadOver(_ lines: [Int], _ total: Int64, weights: [Int64]? = nil, _ effect: inout Effect) {
    let weights = weights ?? lines.map { amount[$0] }
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
      let notes = shareNotes(parts[place], of: total, weights[place], whole)
      effect.cells[line].notes.formUnion(notes)
      if notes.contains(.floor) { isStopped = true }
    }
    if isStopped, given == 0 { effect.obstacle = .nothingToReduce }
  }

  /// What happened to a part of a total that is divided in proportion.
  func shareNotes(_ part: Int64, of total: Int64, _ weight: Int64, _ whole: Int64) -> TraceNotes {
    let share = scaled(total, by: weight, over: whole, .down)
    if part < share { return .floor }
    if part > share + 1 { return .redistributed }
    return isRounded(part, total, weight, whole) ? .rounded : []
  }

  var leftover: Leftover {
    switch scene.terms.rounding.residue {
    case .largestRemainder: .largestRemainder
    case .last: .last
    case .dearest: .largestWeight
    }
  }

  /// Cuts the effect down to what the limits of a line and a receipt and the budgets leave.
  private func cap(_ rule: CompiledRule, _ effect: inout Effect) {
    if let most = rule.limits.moneyPerLine { capLines(at: most.minor, &effect) }
    let (most, limit) = allowance(rule, receipt: rule.limits.moneyPerReceipt?.minor, { $0.money?.minor }, { $0.money.minor })
    guard effect.total > most else { return }
    effect.cut = limit
    let wanted = effect.cells.map(\.delta)
    let parts = spread(most, weights: wanted, caps: wanted, leftover: leftover)
    for line in parts.indices where effect.cells[line].base > 0 {
      effect.cells[line].delta = parts[line]
      effect.cells[line].notes.insert(.capped)
    }
    effect.total = most
  }

  private func capLines(at most: Int64, _ effect: inout Effect) {
    for line in effect.cells.indices where effect.cells[line].delta > most {
      effect.cells[line].delta = most
      effect.cells[line].notes.insert(.capped)
      effect.cut = .line
    }
    effect.recount()
  }
}
