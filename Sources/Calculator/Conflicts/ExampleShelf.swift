import Conditions
import Kernel

/// The lines of an example while they are put together. The first is the one that promotions should meet on.
struct ExampleShelf {
  let builder: ExampleBuilder
  private(set) var lines: [BasketLine]
  /// Prices worth trying for goods that filters mean.
  var prices: ([ProductFilter]) -> [Money] = { _ in [] }

  init(builder: ExampleBuilder, product: ProductFacts, price: Money, quantity: Int64) {
    self.builder = builder
    lines = [BasketLine(id: "1", product: product, quantity: Quantity(thousandths: max(1000, quantity)), price: price)]
  }

  private func holds(_ filters: [ProductFilter], _ line: BasketLine) -> Bool {
    filters.allSatisfy { $0.holds(for: line.product, price: line.price) }
  }

  /// Adds a line of other goods; false where none are found.
  mutating func add(_ filters: [ProductFilter], quantity: Int64, weighed: Bool = false) -> Bool {
    guard lines.count < Limits.lines,
      case .product(let product, let price) = builder.goods.product(
        filters, prices: prices(filters), except: Set(lines.map(\.product.id)))
    else { return false }
    lines.append(
      BasketLine(
        id: "\(lines.count + 1)", product: product, quantity: Quantity(thousandths: quantity), price: price,
        kind: weighed ? .weighed : .goods))
    return true
  }

  /// More units of goods that are there already, until they cost so much.
  mutating func raise(_ filters: [ProductFilter], toAmount amount: Int64, _ size: ExampleSize) {
    guard let place = lines.firstIndex(where: { holds(filters, $0) }) else { return }
    let have = lines.filter { holds(filters, $0) }.reduce(0) { $0 + $1.price.times($1.quantity).minor }
    let wanted = size == .ample ? amount * 2 : amount
    guard have < wanted, lines[place].price > .zero else { return }
    let units = (wanted - have + lines[place].price.minor - 1) / lines[place].price.minor
    lines[place].quantity = Quantity(thousandths: min(lines[place].quantity.thousandths + units * 1000, Limits.quantity))
  }

  /// Adds what conditions ask for; false where that cannot be done this way.
  mutating func satisfy(_ literals: [Literal<Condition>], _ size: ExampleSize) -> Bool {
    for literal in literals where literal.holds { if !satisfy(literal.question, size) { return false } }
    return true
  }

  private mutating func satisfy(_ condition: Condition, _ size: ExampleSize) -> Bool {
    switch condition {
    case .amount(let goods, let basis, let bounds):
      guard let least = bounds.atLeast, least > 0 else { return true }
      guard has(goods) || add([goods], quantity: 1000) else { return false }
      raise([goods], toAmount: least, basis == .regular ? .smallest : size)
    case .quantity(let goods, let bounds):
      let have = lines.filter { holds([goods], $0) }.reduce(0) { $0 + $1.quantity.thousandths }
      guard let least = bounds.atLeast, have < least else { return true }
      if let place = lines.firstIndex(where: { holds([goods], $0) }) {
        let more = (least - have + 999) / 1000 * 1000
        lines[place].quantity = Quantity(thousandths: min(lines[place].quantity.thousandths + more, Limits.quantity))
      } else {
        return add([goods], quantity: (least + 999) / 1000 * 1000)
      }
    case .weight(let goods, let bounds):
      guard let least = bounds.atLeast, least > 0 else { return true }
      return add([goods], quantity: least, weighed: true)
    case .products(let goods, let bounds), .lines(let goods, let bounds):
      var have = Int64(lines.filter { holds([goods], $0) }.count)
      while let least = bounds.atLeast, have < least {
        guard add([goods], quantity: 1000) else { return false }
        have += 1
      }
    case .accumulated(let sum, let bounds):
      guard let least = bounds.atLeast, least > 0, !has(sum.goods) else { return true }
      return add([sum.goods], quantity: 1000)
    default: break
    }
    return true
  }

  private func has(_ goods: ProductFilter) -> Bool { lines.contains { holds([goods], $0) } }
}
