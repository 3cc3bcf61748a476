import Calculator
import Conditions
import Kernel
import TestKit

// Lists and sheets of prices.
extension RandomRules {
  mutating func priceList() -> PriceList {
    let products: IDList<Entity.Product> = ids(.product)
    if dice.chance(50) { return PriceList((0..<dice.roll(1...3)).map { _ in pricePage() }) }
    return PriceList(Dictionary(uniqueKeysWithValues: products.map { ($0, money()) }))
  }

  private mutating func pricePage() -> PriceList.Page {
    let (products, zones): (IDList<Entity.Product>, IDList<Entity.PriceZone>) = (ids(.product), ids(.priceZone))
    let columns = zones.map { PriceZoneID?.some($0) } + (dice.chance(50) ? [nil] : [])
    let from = maybe { $0.day() }
    let rows = products.map { product in
      (
        product,
        columns.map { _ -> PriceList.Price? in
          switch dice.roll(0...3) {
          case 0: nil
          case 1: .percent(rate())
          default: .amount(money())
          }
        }
      )
    }
    return PriceList.Page(
      from: from, through: from.map { $0.adding(days: Int(dice.roll(0...30))) }, rows: Dictionary(uniqueKeysWithValues: rows),
      zones: columns)
  }
}
