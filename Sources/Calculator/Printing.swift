import Conditions
import Kernel

/// Makes every line's amount one that the register can print: quantity × a price in whole minor units, rounded half up, within its
/// tolerance. Kopecks move between lines so that the total stays: first to single pieces, then by splitting a line of several
/// pieces in two. What no line can take goes in the shopper's favour; where a floor forbids that, the reduction shrinks.
struct Printing {
  private let basket: Basket
  private let columns: Columns
  private let isTouched: [Bool]
  private let profile: RegisterProfile
  /// Lines that may still be split.
  private var splitsLeft: Int
  private(set) var amount: [Int64]
  private(set) var isSplit: [Bool]

  init(_ run: Run, amount: [Int64], isTouched: [Bool]) {
    basket = run.basket
    columns = run.columns
    profile = run.basket.register
    self.isTouched = isTouched
    self.amount = amount
    isSplit = Array(repeating: false, count: amount.count)
    splitsLeft = profile.split == .never ? 0 : max(0, profile.maxLines - amount.count)
  }

  /// - Returns: what all lines together lost (positive: in the shopper's favour) or gained.
  mutating func settle() -> Int64 {
    var lost: Int64 = 0
    // Lines that cannot be split first: they need the others to take what they leave.
    for line in amount.indices where isTouched[line] && !isPrintable(line, amount[line]) && !canSplit(line) { lost += fix(line) }
    for line in amount.indices where isTouched[line] && !isSplit[line] && !isPrintable(line, amount[line]) { lost += fix(line) }
    return lost
  }

  private func canSplit(_ line: Int) -> Bool {
    isSplit[line] || (splitsLeft > 0 && columns.pieces[line] > 1 && basket.lines[line].mark == nil)
  }

  /// The unit price that prints this amount, if there is one.
  private func unitPrice(_ line: Int, _ amount: Int64) -> Int64? {
    let quantity = columns.quantity[line]
    guard quantity > 0 else { return amount == 0 ? 0 : nil }
    let near = scaled(amount, by: 1000, over: quantity, .down)
    for price in [near, near + 1] {
      let printed = Money(minor: price).times(Quantity(thousandths: quantity)).minor
      if abs(printed - amount) <= profile.tolerance { return price }
    }
    return nil
  }

  func isPrintable(_ line: Int, _ amount: Int64) -> Bool { unitPrice(line, amount) != nil }

  /// Brings one line to a printable amount or splits it.
  private mutating func fix(_ line: Int) -> Int64 {
    let exact = amount[line]
    guard let taker = taker(for: line) else {
      if canSplit(line) {
        split(line)
        return 0
      }
      return yield(line)
    }
    let options = [lower(line, exact), higher(line, exact)].compactMap { $0 }.sorted { abs($0 - exact) < abs($1 - exact) }
    for option in options where give(exact - option, to: taker) {
      amount[line] = option
      return 0
    }
    if canSplit(line) {
      split(line)
      return 0
    }
    return yield(line)
  }

  /// Nobody takes the kopecks: down in the shopper's favour, else up.
  private mutating func yield(_ line: Int) -> Int64 {
    let exact = amount[line]
    guard let option = lower(line, exact) ?? higher(line, exact) else { return 0 }
    amount[line] = option
    return exact - option
  }

  private mutating func split(_ line: Int) {
    if !isSplit[line] { splitsLeft -= 1 }
    isSplit[line] = true
  }

  /// A single piece that our reductions touched, the dearest; else another line of pieces that can be split.
  private func taker(for line: Int) -> Int? {
    var best: Int?
    for other in amount.indices where other != line && isTouched[other] && columns.quantity[other] <= 1000 && columns.quantity[other] > 0 {
      guard room(other) > 0 || amount[other] < columns.start[other] else { continue }
      if best.map({ amount[$0] < amount[other] }) ?? true { best = other }
    }
    if best != nil { return best }
    if canSplit(line) { return nil }
    return amount.indices.first { $0 != line && isTouched[$0] && columns.pieces[$0] > 1 && canSplit($0) }
  }

  private func room(_ line: Int) -> Int64 { amount[line] - columns.floor[line] }

  /// Adds so much to the taker (or takes it away), if its floor and its price before our reductions allow.
  private mutating func give(_ money: Int64, to taker: Int) -> Bool {
    let wanted = amount[taker] + money
    guard wanted >= columns.floor[taker], wanted <= columns.start[taker] else { return false }
    amount[taker] = wanted
    if columns.pieces[taker] > 1, !isPrintable(taker, wanted), !isSplit[taker] { split(taker) }
    return true
  }

  private func lower(_ line: Int, _ exact: Int64) -> Int64? {
    let quantity = columns.quantity[line]
    let price = scaled(exact, by: 1000, over: quantity, .down)
    for candidate in [price + 1, price, price - 1] where candidate >= 0 {
      let printed = Money(minor: candidate).times(Quantity(thousandths: quantity)).minor
      let reached = min(exact, printed + profile.tolerance)
      if reached >= columns.floor[line], reached >= 0, isPrintable(line, reached) { return reached }
    }
    return nil
  }

  private func higher(_ line: Int, _ exact: Int64) -> Int64? {
    let quantity = columns.quantity[line]
    let price = scaled(exact, by: 1000, over: quantity, .down)
    for candidate in [price, price + 1, price + 2] {
      let printed = Money(minor: candidate).times(Quantity(thousandths: quantity)).minor
      let reached = max(exact, printed - profile.tolerance)
      if reached <= columns.start[line], isPrintable(line, reached) { return reached }
    }
    return nil
  }

  /// How the line stands on the receipt.
  func parts(_ line: Int) -> [PrintedPart] {
    let quantity = columns.quantity[line]
    let total = amount[line]
    if !isTouched[line] || (total == columns.start[line] && columns.tillReduced[line] == 0) {
      let price = columns.tillReduced[line] == 0 ? basket.lines[line].price.minor : scaled(total, by: 1000, over: max(1, quantity), .halfUp)
      return [PrintedPart(quantity: Quantity(thousandths: quantity), price: Money(minor: price), amount: Money(minor: total))]
    }
    if let price = unitPrice(line, total) {
      return [PrintedPart(quantity: Quantity(thousandths: quantity), price: Money(minor: price), amount: Money(minor: total))]
    }
    let pieces = max(1, columns.pieces[line])
    let (low, more) = total.quotientAndRemainder(dividingBy: pieces)
    return [
      PrintedPart(quantity: .pieces(pieces - more), price: Money(minor: low), amount: Money(minor: low * (pieces - more))),
      PrintedPart(quantity: .pieces(more), price: Money(minor: low + 1), amount: Money(minor: (low + 1) * more)),
    ]
  }

  /// How far a total can be from the exact one because of lines that take only some amounts; 0 where every kopeck finds a place.
  static func slack(_ run: Run, _ profile: RegisterProfile) -> Int64 {
    var slack: Int64 = 0
    let spare = profile.split == .never ? 0 : profile.maxLines - run.columns.count
    var splittable = 0
    for line in 0..<run.columns.count where run.columns.quantity[line] > 1000 && run.columns.floor[line] < run.columns.start[line] {
      if run.columns.pieces[line] > 0 {
        splittable += 1
        if spare < splittable || run.basket.lines[line].mark != nil { slack += run.columns.pieces[line] }
      } else {
        slack += run.columns.quantity[line] / 1000 + 1
      }
    }
    return slack
  }
}
