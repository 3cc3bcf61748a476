import Calculator
import Jobs
import Kernel
import Storage

// Goods for other goods.
extension Receipts {
  /// A return and a sale that know each other: one visit, net spend.
  public func exchange(
    _ goods: Return, for sale: Sale, by shopper: Shopper, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> (returned: ReturnAnswer, sold: Sold) {
    let returned = try takeBack(goods, by: shopper, request: RequestKey(request.text + " back"), at: now, in: &tx)
    var sale = sale
    sale.exchangeOf = returned.document
    let sold = try confirm(sale, by: shopper, request: RequestKey(request.text + " sold"), at: now, in: &tx)
    if let holder = try NaturalKeys(of: account).holders(goods.key.natural(.refund), in: &tx).values.first {
      try tx.enqueue(ReturnSQL.link(account, holder.owner, returned.document, to: sold.receipt))
    }
    return (returned, sold)
  }

  /// The same for whom a till was shown; one transaction of both, so that neither is without the other.
  /// - Throws: `Problem.conflict` (`request_key_reused`).
  public func exchange(
    _ goods: Return, for sale: Sale, boughtBy buyer: Buyer, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> (returned: ReturnAnswer, sold: Sold) {
    let found = try buyer.find(at: now, in: &tx)
    var sale = sale
    sale.notes += found.notes
    sale.card = found.card ?? sale.card
    return try exchange(goods, for: sale, by: found.shopper, request: request, at: now, in: &tx)
  }
}
