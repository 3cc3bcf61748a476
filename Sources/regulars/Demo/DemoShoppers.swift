import Calculator
import Imports
import Kernel
import Loyalty
import Storage

/// What the year's shoppers do that the data does not tell: spend points, show a coupon, bring something back. Chosen by a hash of
/// the receipt, so that every run of the year is the same year.
enum DemoShoppers {
  static var all: Shoppers {
    var shoppers = Shoppers()
    shoppers.wish = { receipt, _ in isChosen("spend", receipt, .percent(15)) ? .most : .nothing }
    shoppers.coupons = { receipt, _, _ in
      isChosen("coupon", receipt, .percent(4)) ? [PresentedCoupon(code: "COFFEE1", series: "COFFEE1")] : []
    }
    shoppers.after = { receipt, sale, _, receipts, tx in
      guard let line = lineThatComesBack(of: sale.basket, receipt) else { return }
      try takeBack(line, of: sale, receipt, receipts, &tx)
    }
    return shoppers
  }

  /// The line that is brought back an hour later; nil for nearly every receipt.
  static func lineThatComesBack(of basket: Basket, _ receipt: String) -> BasketLine? {
    isChosen("return", receipt, Rate(ppm: 5_000)) ? basket.lines.first { !$0.kind.isMoney } : nil
  }

  /// One line, an hour after the sale.
  private static func takeBack(
    _ line: BasketLine, of sale: Sale, _ receipt: String, _ receipts: Receipts, _ tx: inout Transaction
  ) throws {
    let time = sale.basket.time + .hours(1)
    let store = sale.basket.store
    let key = ReceiptKey(store: store.id, register: "return", shift: 0, number: receipt, day: store.zone.civil(at: time).day)
    let goods = Return(
      key: key, original: sale.key, lines: [Return.Line(.line(line.id), quantity: line.quantity)], at: time,
      day: store.zone.businessDay(at: time, dayStart: store.dayStart))
    _ = try receipts.takeBack(goods, request: RequestKey("demo return \(receipt)"), at: time, in: &tx)
  }

  private static func isChosen(_ what: String, _ receipt: String, _ share: Rate) -> Bool {
    var hash = StableHash()
    hash.mix(what)
    hash.mix(receipt)
    return hash.share < share
  }
}
