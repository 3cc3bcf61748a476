import Conditions
import Kernel

/// Makes every line's amount one that the register can print: quantity × a price in whole minor units, rounded half up, within its
/// tolerance. Kopecks move between lines so that the total stays: first to single pieces, then by splitting a line of several
/// pieces in two. What no line can take goes in the shopper's favour.
struct Printing {
  private let columns: Sheet
  private let profile: RegisterProfile
  /// Lines that may still be split.
  private var splitsLeft: Int

  init(_ columns: Sheet, _ profile: RegisterProfile) {
    self.columns = columns
    self.profile = profile
    splitsLeft = profile.split == .never ? 0 : max(0, profile.maxLines - columns.count)
  }

  mutating func settle(_ lines: inout [SettledLine]) {
    // Lines that cannot be split first: they need the others to take what they leave.
    var mayBeUnprintable = false
    for line in lines.indices where lines[line].isTouched && !isPrintable(line, lines[line].amount) {
      mayBeUnprintable = true
      if !canSplit(line, lines) { fix(line, &lines) }
    }
    guard mayBeUnprintable else { return }
    for line in lines.indices where lines[line].isTouched && !lines[line].isSplit && !isPrintable(line, lines[line].amount) {
      fix(line, &lines)
    }
  }

  private func canSplit(_ line: Int, _ lines: [SettledLine]) -> Bool {
    lines[line].isSplit || (splitsLeft > 0 && columns.pieces(line) > 1 && !columns.isMarked(line))
  }

  /// The unit price that prints this amount, if there is one.
  private func unitPrice(_ line: Int, _ amount: Int64) -> Int64? {
    let pieces = columns.pieces(line)
    if pieces > 0 {
      let (price, rest) = amount.quotientAndRemainder(dividingBy: pieces)
      if rest <= profile.tolerance { return price }
      return pieces - rest <= profile.tolerance ? price + 1 : nil
    }
    let quantity = columns.quantity(line)
    guard quantity > 0 else { return amount == 0 ? 0 : nil }
    // Of a small weight many prices print the same amount: never one below the least price.
    let near = max(columns.leastPrice(line), scaled(amount, by: 1000, over: quantity, .down))
    if prints(near, quantity, amount) { return near }
    return prints(near + 1, quantity, amount) ? near + 1 : nil
  }

  private func prints(_ price: Int64, _ quantity: Int64, _ amount: Int64) -> Bool {
    abs(scaled(price, by: quantity, over: 1000, .halfUp) - amount) <= profile.tolerance
  }

  private func isPrintable(_ line: Int, _ amount: Int64) -> Bool {
    // A price in whole units moves an amount of at most one unit of the good by steps of at most one: everything is reached.
    if columns.quantity(line) <= 1000, columns.quantity(line) > 0 { return true }
    return unitPrice(line, amount) != nil
  }

  /// Brings one line to a printable amount or splits it.
  private mutating func fix(_ line: Int, _ lines: inout [SettledLine]) {
    let exact = lines[line].amount
    if let taker = taker(for: line, lines) {
      let low = lower(line, exact)
      let high = higher(line, exact, atMost: most(line, lines))
      let isLowNearer = high == nil || low.map { exact - $0 <= (high ?? .max) - exact } ?? false
      let (first, second) = isLowNearer ? (low, high) : (high, low)
      if move(line, to: first, taker, &lines) || move(line, to: second, taker, &lines) { return }
    }
    if canSplit(line, lines) { split(line, &lines) } else { yield(line, &lines) }
  }

  /// Brings the line to this amount if the taker can take the difference.
  private mutating func move(_ line: Int, to option: Int64?, _ taker: Int, _ lines: inout [SettledLine]) -> Bool {
    guard let option, give(lines[line].amount - option, to: taker, &lines) else { return false }
    lines[line].amount = option
    return true
  }

  /// Nobody takes the kopecks: down in the shopper's favour. For a line that we reduced there always is such an amount, since it
  /// stands at its floor at the least, and a floor is what the register prints for a least price. Only a sum that was decided
  /// elsewhere can lie below it, and goes up.
  private func yield(_ line: Int, _ lines: inout [SettledLine]) {
    let exact = lines[line].amount
    if let option = lower(line, exact) ?? higher(line, exact, atMost: most(line, lines)) { lines[line].amount = option }
  }

  private mutating func split(_ line: Int, _ lines: inout [SettledLine]) {
    if !lines[line].isSplit { splitsLeft -= 1 }
    lines[line].isSplit = true
  }

  /// A single piece that our reductions touched, the dearest; for a line that cannot be split, else another that can. It stands on the
  /// same document, whose sum stays.
  private func taker(for line: Int, _ lines: [SettledLine]) -> Int? {
    var best: Int?
    for other in lines.indices where mayTake(other, from: line, lines) && columns.quantity(other) == 1000 {
      let amount = lines[other].amount
      guard amount > columns.floor(other) || amount < most(other, lines) else { continue }
      if best.map({ lines[$0].amount < amount }) ?? true { best = other }
    }
    if best != nil || canSplit(line, lines) { return best }
    return lines.indices.first { mayTake($0, from: line, lines) && columns.pieces($0) > 1 && canSplit($0, lines) }
  }

  private func mayTake(_ other: Int, from line: Int, _ lines: [SettledLine]) -> Bool {
    other != line && lines[other].isTouched && columns.document(other) == columns.document(line)
  }

  /// The most money that a line may cost: its price before our reductions, less what points have paid for it.
  private func most(_ line: Int, _ lines: [SettledLine]) -> Int64 { columns.start(line) - lines[line].paidWithPoints }

  /// Adds so much to the taker (or takes it away), if its floor and its price before our reductions allow.
  private mutating func give(_ money: Int64, to taker: Int, _ lines: inout [SettledLine]) -> Bool {
    let wanted = lines[taker].amount + money
    guard wanted >= columns.floor(taker), wanted <= most(taker, lines) else { return false }
    lines[taker].amount = wanted
    if !isPrintable(taker, wanted) { split(taker, &lines) }
    return true
  }

  private func lower(_ line: Int, _ exact: Int64) -> Int64? {
    let quantity = columns.quantity(line)
    let price = scaled(exact, by: 1000, over: quantity, .down)
    for candidate in stride(from: price + 1, through: max(0, price - 1), by: -1) {
      let reached = min(exact, scaled(candidate, by: quantity, over: 1000, .halfUp) + profile.tolerance)
      if reached >= columns.floor(line), prints(candidate, quantity, reached) { return reached }
    }
    return nil
  }

  private func higher(_ line: Int, _ exact: Int64, atMost most: Int64) -> Int64? {
    let quantity = columns.quantity(line)
    let price = scaled(exact, by: 1000, over: quantity, .down)
    for candidate in price...(price + 2) {
      let reached = max(exact, scaled(candidate, by: quantity, over: 1000, .halfUp) - profile.tolerance)
      if reached <= most, prints(candidate, quantity, reached) { return reached }
    }
    return nil
  }

  /// How the line stands on the receipt.
  func parts(_ line: Int, _ settled: SettledLine) -> (first: PrintedPart, second: PrintedPart?) {
    let quantity = columns.quantity(line)
    let total = settled.amount
    let isAsTillHadIt = !settled.isTouched || total == columns.start(line)
    let shelfPrice = isAsTillHadIt && columns.start(line) == columns.shelf(line) ? columns.price(line) : nil
    let tillPrice = isAsTillHadIt ? scaled(total, by: 1000, over: max(1, quantity), .halfUp) : nil
    if let price = shelfPrice ?? tillPrice ?? unitPrice(line, total) {
      return (PrintedPart(quantity: Quantity(thousandths: quantity), price: Money(minor: price), amount: Money(minor: total)), nil)
    }
    let pieces = max(1, columns.pieces(line))
    let (low, more) = total.quotientAndRemainder(dividingBy: pieces)
    return (
      PrintedPart(quantity: .pieces(pieces - more), price: Money(minor: low), amount: Money(minor: low * (pieces - more))),
      PrintedPart(quantity: .pieces(more), price: Money(minor: low + 1), amount: Money(minor: (low + 1) * more))
    )
  }

  /// How far a total can be from the exact one because of lines that take only some amounts; 0 where every kopeck finds a place.
  static func slack(_ lines: some Collection<Int>, _ columns: Sheet, _ profile: RegisterProfile) -> Int64 {
    // Where not every line can be split, any of them may be the one that is not.
    let canSplitAll = profile.split != .never && profile.maxLines >= 2 * columns.count
    var slack: Int64 = 0
    for line in lines where columns.quantity(line) > 1000 && columns.floor(line) < columns.start(line) {
      let pieces = columns.pieces(line)
      if pieces == 0 {
        slack += columns.quantity(line) / 1000 + 1
      } else if !canSplitAll || columns.isMarked(line) {
        slack += pieces
      }
    }
    return slack
  }
}
