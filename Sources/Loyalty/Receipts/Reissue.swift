import Calculator
import Kernel

/// A line of a receipt as one of its documents shows it.
public struct DocumentLine: Hashable, Sendable {
  /// Its place on the receipt.
  public let line: Int
  public var quantity: Quantity
  /// In money, as printed.
  public var amount: Money
  /// What points paid, in money and in points.
  public var paidWithPoints: Money
  public var points: Points
  /// Quantity × price, as the register prints it; empty until the line stands in a document.
  public var parts: [PrintedPart] = []

  /// What it costs, however it is paid.
  var total: Money { amount + paidWithPoints }
}

extension DocumentLine {
  /// A weighing is never split. One whose sum has no whole price, because the till stated it, is printed at the nearest.
  fileprivate mutating func take(_ printed: [PrintedPart]) {
    parts = printed
    guard parts.reduce(.zero, { $0 + $1.quantity }) != quantity else { return }
    let price = scaled(amount.minor, by: 1000, over: max(1, quantity.thousandths), .halfUp)
    parts = [PrintedPart(quantity: quantity, price: Money(minor: price), amount: amount)]
  }
}

/// The two documents of a return that prices what stays anew: all that stood comes back, and what stays is sold again. Their
/// difference is what the return refunds.
public struct Reissue: Hashable, Sendable {
  public let returned: [DocumentLine]
  /// Empty where nothing stays.
  public let sold: [DocumentLine]

  public var refund: Money { returned.reduce(.zero) { $0 + $1.amount } - sold.reduce(.zero) { $0 + $1.amount } }
}

extension Undoing {
  /// Sells what stays again: at the prices of the day of sale without what goes, but never for more than was paid for all that stood.
  ///
  /// Points stay on the lines they paid for. Only where the shopper would have to pay money besides, more of them stay.
  /// - Parameters:
  ///   - before: the lines as they stood; `after`: less what comes back now, at printed prices.
  ///   - priced: what stays by the rules, without points.
  func resell(_ before: [DocumentLine], _ after: [DocumentLine], _ priced: Calculation?) -> [DocumentLine] {
    guard let priced else { return [] }
    var lines = after.filter { $0.quantity > .zero }
    let money = before.reduce(0) { $0 + $1.amount.minor }
    let points = before.reduce(0) { $0 + $1.paidWithPoints.minor }
    // What was taken in points for a lost benefit is paid already.
    let paid = book.terms.money(for: lostSoFar).minor
    let price = priced.lines.map { $0.amount.minor + $0.paidWithPoints.minor }
    let total = min(money + points, max(0, price.reduce(0, +) - paid))
    let totals = Self.lower(price, to: total, towards: lines.map(\.total.minor))
    let staying = lines.reduce(0) { $0 + $1.paidWithPoints.minor }
    let least = max(0, total - money)
    let most = max(least, min(points, total - book.terms.spending.leastMoney.minor))
    let kept = min(max(staying, least), most)
    let byPoints = Self.pay(kept, totals, lines.map(\.paidWithPoints.minor))
    let units = keptPoints(kept, staying: staying, of: points, before, lines)
    let shares = spread(units, weights: byPoints, caps: byPoints.map { $0 > 0 ? .max : 0 })
    for place in lines.indices {
      lines[place].amount = Money(minor: totals[place] - byPoints[place])
      lines[place].paidWithPoints = Money(minor: byPoints[place])
      lines[place].points = Points(units: shares[place])
    }
    print(&lines, atMost: Money(minor: money))
    return lines
  }

  /// The line sums that come to the total: below what the rules say only where that is more than was paid, and then no lower than what
  /// was printed for the lines, as long as that is enough.
  private static func lower(_ price: [Int64], to total: Int64, towards printed: [Int64]) -> [Int64] {
    guard total < price.reduce(0, +) else { return price }
    let floors = zip(price, printed).map { min($0, $1) }
    let least = floors.reduce(0, +)
    guard total >= least else { return spread(total, weights: floors, caps: floors) }
    let room = zip(price, floors).map { $0 - $1 }
    return zip(floors, spread(total - least, weights: room, caps: room)).map { $0 + $1 }
  }

  /// What points pay of each line: first where they paid before.
  private static func pay(_ money: Int64, _ totals: [Int64], _ before: [Int64]) -> [Int64] {
    let first = spread(money, weights: before, caps: totals)
    let room = zip(totals, first).map { $0 - $1 }
    return zip(first, spread(money - first.reduce(0, +), weights: room, caps: room)).map { $0 + $1 }
  }

  private func keptPoints(
    _ kept: Int64, staying: Int64, of money: Int64, _ before: [DocumentLine], _ lines: [DocumentLine]
  ) -> Int64 {
    if kept == staying { return lines.reduce(0) { $0 + $1.points.units } }
    guard money > 0 else { return 0 }
    return scaled(before.reduce(0) { $0 + $1.points.units }, by: kept, over: money, .up)
  }

  /// Brings the sums to ones that the register prints. They never come to more than was paid: rather one that has no whole price.
  private func print(_ lines: inout [DocumentLine], atMost money: Money) {
    let basket = stays(gone: returnedWith(lines))
    let amounts = lines.map(\.amount)
    var printed = printable(amounts, paidWithPoints: lines.map(\.paidWithPoints), of: basket)
    if printed.reduce(Money.zero, { $0 + $1.amount }) > money { printed = reprint(amounts, of: basket) }
    for place in lines.indices {
      lines[place].amount = printed[place].amount
      lines[place].take(printed[place].parts)
    }
  }

  /// How the lines that stand were printed; those of which nothing is left are not among them.
  func asPrinted(_ lines: [DocumentLine]) -> [DocumentLine] {
    var lines = lines.filter { $0.quantity > .zero }
    let printed = reprint(lines.map(\.amount), of: stays(gone: returnedWith(lines)))
    for place in lines.indices { lines[place].take(printed[place].parts) }
    return lines
  }

  /// Thousandths of each of the receipt's lines that are not among these.
  private func returnedWith(_ lines: [DocumentLine]) -> [Int64] {
    var gone = receipt.lines.map(\.quantity.thousandths)
    for line in lines { gone[line.line] -= line.quantity.thousandths }
    return gone
  }
}
