import Conditions
import Kernel

/// A line's sum in the way a register prints it.
public struct Reprint: Hashable, Sendable {
  public let amount: Money
  /// One part, or two where the sum has no whole price of a unit.
  public let parts: [PrintedPart]
}

/// How a register prints sums that were decided already, for example by a receipt that comes back: nothing is changed.
/// - Parameter amounts: in money, one for each line of the basket.
public func reprint(_ amounts: [Money], of basket: Basket) -> [Reprint] {
  Reprinting(amounts, basket).lines(adjusting: false)
}

/// Brings sums that were worked out elsewhere to ones that the basket's register can print: kopecks move between lines as they do in a
/// calculation, and what no line can take goes in the shopper's favour.
/// - Parameters:
///   - amounts: in money, one for each line of the basket.
///   - paidWithPoints: what points pay besides; sum and points together never exceed the line's price before our reductions.
public func printable(_ amounts: [Money], paidWithPoints: [Money], of basket: Basket) -> [Reprint] {
  Reprinting(amounts, paidWithPoints: paidWithPoints, basket).lines(adjusting: true)
}

/// Printing without the stages before it.
private struct Reprinting {
  private let columns: Sheet
  private let register: RegisterProfile
  private var settled: [SettledLine] = []

  init(_ amounts: [Money], paidWithPoints: [Money] = [], _ basket: Basket) {
    precondition(amounts.count == basket.lines.count, "each line of the basket has a sum")
    var basket = basket
    for index in basket.lines.indices { basket.lines[index].letDown(to: amounts[index]) }
    columns = Sheet(basket, residue: RoundingProfile().residue)
    register = basket.register
    for (place, line) in columns.order.enumerated() {
      let amount = amounts[line].minor
      var item = SettledLine(amount: amount, isTouched: amount != columns.start(place))
      if !paidWithPoints.isEmpty { item.paidWithPoints = paidWithPoints[line].minor }
      settled.append(item)
    }
  }

  func lines(adjusting: Bool) -> [Reprint] {
    var printer = Printing(columns, register)
    var items = settled
    if adjusting { printer.settle(&items) }
    var lines: [Reprint?] = Array(repeating: nil, count: items.count)
    for (place, line) in columns.order.enumerated() {
      let (first, second) = printer.parts(place, items[place])
      lines[line] = Reprint(amount: Money(minor: items[place].amount), parts: [first] + (second.map { [$0] } ?? []))
    }
    return lines.compactMap { $0 }
  }
}

extension BasketLine {
  /// A sum below the line's floor was decided elsewhere and is a fact: then the floor is not for printing to defend.
  fileprivate mutating func letDown(to amount: Money) {
    let till = tillReductions.reduce(price.times(quantity)) { $0 - $1.amount }
    guard amount < till else { return }
    isPriceLocked = false
    product.flags.remove(.discountForbidden)
    if kind.isMoney { kind = .goods }
    if let least = product.minPrice, amount < least.times(quantity) { product.minPrice = nil }
  }
}
