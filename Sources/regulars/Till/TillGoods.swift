import Kernel

/// What a till sells: its own price list.
public struct TillGood: Hashable, Sendable {
  public let product: String
  public let barcode: String?
  public let name: LocalText
  /// Of one unit, in minor units.
  public let price: Money
  public let isWeighed: Bool

  /// Reads `[{ "product": "milk", "barcode": "46…", "name": { "ru": …, "en": … }, "price": "89.90", "weighed": true }, …]`.
  /// - Throws: `Problem.invalid` with every issue at its pointer.
  public static func list(_ json: JSON, digits: Int) throws(Problem) -> [TillGood] {
    let node = JSONNode(json)
    let goods = node.items(max: Limits.bulk).compactMap { item -> TillGood? in
      item.expect("product", "barcode", "name", "price", "weighed")
      item["name"].expect("ru", "en")
      guard item["product"].required(), item["price"].required(), let product = item["product"].text(max: Limits.code),
        let price = item["price"].decimal(digits: digits, max: Limits.basketAmount)
      else { return nil }
      return TillGood(
        product: product, barcode: item["barcode"].text(max: Limits.code),
        name: LocalText(ru: item["name"]["ru"].text() ?? product, en: item["name"]["en"].text() ?? product),
        price: Money(minor: price), isWeighed: item["weighed"].bool() ?? false)
    }
    if goods.isEmpty, node.issues.isEmpty { node.refuse("empty", "a till has something to sell") }
    try node.issues.check("the goods")
    return goods
  }
}
