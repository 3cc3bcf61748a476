import Kernel

/// Prices of single products, each for one unit and only where it is lower than the line's own: a leaflet's page, a price zone's sheet.
public struct PriceList: Hashable, Sendable {
  /// Ascending, so that a list of two thousand is searched in eleven steps.
  public let products: [Int64]
  /// Minor units, in the products' order.
  public let prices: [Int64]

  /// - Parameter prices: 1 … `Limits.listValues` products.
  public init(_ prices: [ProductID: Money]) {
    let sorted = prices.sorted { $0.key < $1.key }
    products = sorted.map(\.key.raw)
    self.prices = sorted.map(\.value.minor)
  }

  public var count: Int { products.count }

  /// Nil where the product is not listed.
  public func price(of product: Int64) -> Int64? {
    var (low, high) = (0, products.count)
    while low < high {
      let middle = (low + high) / 2
      if products[middle] < product { low = middle + 1 } else { high = middle }
    }
    return low < products.count && products[low] == product ? prices[low] : nil
  }

  public var pairs: [(product: ProductID, price: Money)] {
    zip(products, prices).map { (ProductID($0), Money(minor: $1)) }
  }
}

extension Run {
  func listedPrices(_ list: PriceList, _ lines: [Int], _ most: Quantity?, _ effect: inout Effect) {
    let listed = lines.filter { list.price(of: columns.product($0)) != nil }
    guard !listed.isEmpty else {
      effect.obstacle = .noGoods
      return
    }
    fixedPrice(listed, most, &effect) { Money(minor: list.price(of: columns.product($0)) ?? .max) }
  }
}
