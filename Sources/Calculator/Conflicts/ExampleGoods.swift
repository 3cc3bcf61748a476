import Conditions
import Kernel

/// Goods for example baskets.
public protocol ExampleGoods: Sendable {
  /// A product that all the filters mean, at one of the prices, none of those left out.
  func product(_ filters: [ProductFilter], prices: [Money], except: Set<ProductID>) -> Found
}

/// What a search for goods came to.
public enum Found: Hashable, Sendable {
  case product(ProductFacts, Money)
  /// There is none, for certain.
  case none
  /// None was found, and there may be one.
  case unknown
}

/// Goods as the rules name them, where no catalogue is known: any product may lie in any category and be of any brand.
public struct ImaginedGoods: ExampleGoods {
  public init() {}

  public func product(_ filters: [ProductFilter], prices: [Money], except: Set<ProductID>) -> Found {
    let alternatives = Alternatives(ProductFilter.all(filters))
    for way in alternatives.ways {
      guard let product = product(way, except: except) else { continue }
      for price in prices where filters.allSatisfy({ $0.holds(for: product, price: price) }) { return .product(product, price) }
    }
    return alternatives.isWhole && except.isEmpty ? .none : .unknown
  }

  /// Nil where the literals contradict each other; prices are not looked at.
  private func product(_ way: [Literal<ProductFilter>], except: Set<ProductID>) -> ProductFacts? {
    var (products, categories, brands) = (Picks<Int64>(), Picks<Int64>(), Picks<Int64>())
    var (makers, attributes) = (Picks<Int64>(), Picks<Int64>())
    var flags: ProductFlags = []
    products.take(except.map(\.raw), false)
    for literal in way {
      switch literal.question {
      case .products(let ids): products.take(ids.raws, literal.holds)
      case .categories(let ids): categories.take(ids.raws, literal.holds)
      case .brands(let ids): brands.take(ids.raws, literal.holds)
      case .manufacturers(let ids): makers.take(ids.raws, literal.holds)
      case .attributes(let ids): attributes.take(ids.raws, literal.holds)
      case .flagged(let wanted): if literal.holds { flags.formUnion(wanted) }
      case .everything: if !literal.holds { return nil }
      case .price, .favourites, .all, .any, .none: break
      }
    }
    guard let id = products.one, let brand = brands.one, let maker = makers.one, let categories = categories.several,
      let attributes = attributes.several
    else { return nil }
    return ProductFacts(
      id: ProductID(id ?? Self.stranger(except.union(products.barred.map { ProductID($0) }))),
      categories: categories.map { CategoryID($0) }, brand: brand.map { ProductBrandID($0) },
      manufacturer: maker.map { ManufacturerID($0) }, attributes: attributes.map { AttributeID($0) }, flags: flags)
  }

  /// A product that no rule names.
  private static func stranger(_ known: Set<ProductID>) -> Int64 {
    var id = Int64.max / 2
    while known.contains(ProductID(id)) { id += 1 }
    return id
  }
}

/// The goods of a catalogue. Each filter is asked of every product once; then sets of them meet by words of bits: 64
/// products a step. 300 promotions over 100,000 products take 4 MB.
public struct ListedGoods: ExampleGoods {
  /// Products looked at closely, of those that could do.
  static let tries = 256

  private let products: [ProductFacts]
  private var sets: [ProductFilter: [UInt64]] = [:]
  /// Products that are tried at their own price, and at no other.
  private let own: [ProductID: Money]

  /// Cost: products × filters of these promotions; a filter of others is asked when it comes up.
  public init(_ products: [ProductFacts], for promotions: [Promotion], at own: [ProductID: Money] = [:]) {
    self.products = products
    self.own = own
    for filter in Set(promotions.flatMap(\.filters) + ExampleBuilder.permitted) where filter != .everything {
      sets[filter] = set(filter)
    }
  }

  public func product(_ filters: [ProductFilter], prices: [Money], except: Set<ProductID>) -> Found {
    var left = [UInt64](repeating: .max, count: (products.count + 63) / 64)
    if products.count % 64 != 0 { left[left.count - 1] = 1 << UInt64(products.count % 64) - 1 }
    for filter in filters where filter != .everything {
      let set = sets[filter] ?? set(filter)
      for index in left.indices { left[index] &= set[index] }
    }
    var tried = 0
    for index in left.indices where left[index] != 0 {
      var rest = left[index]
      while rest != 0 {
        let product = products[index * 64 + rest.trailingZeroBitCount]
        rest &= rest &- 1
        guard !except.contains(product.id) else { continue }
        tried += 1
        if tried > Self.tries { return .unknown }
        let worth = own[product.id].map { [$0] } ?? prices
        for price in worth where filters.allSatisfy({ $0.holds(for: product, price: price) }) { return .product(product, price) }
      }
    }
    return .none
  }

  /// Products that the filter means at some price.
  private func set(_ filter: ProductFilter) -> [UInt64] {
    let prices = [Money(minor: 0)] + filter.turningPrices
    var set = [UInt64](repeating: 0, count: (products.count + 63) / 64)
    for (place, product) in products.enumerated() where prices.contains(where: { filter.holds(for: product, price: $0) }) {
      set[place / 64] |= 1 << UInt64(place % 64)
    }
    return set
  }
}

extension ProductFilter {
  /// Prices about which the answer changes, on both sides.
  var turningPrices: [Money] {
    flattened.flatMap { filter -> [Money] in
      guard case .price(let least, let most) = filter else { return [] }
      return [least, most, least.map { $0 - Money(minor: 1) }, most.map { $0 + Money(minor: 1) }].compactMap { $0 }
    }
  }
}

extension Promotion {
  /// Every question about goods that an example of it asks.
  var filters: [ProductFilter] {
    let asked = condition.flattened.compactMap { condition -> ProductFilter? in
      switch condition {
      case .amount(let goods, _, _), .quantity(let goods, _), .weight(let goods, _), .products(let goods, _), .lines(let goods, _):
        goods
      case .accumulated(let sum, _): sum.goods
      default: nil
      }
    }
    switch benefit {
    case .bundle(let bundle): return [target] + asked + bundle.parts.map(\.goods)
    case .giftChoice(let choice): return [target] + asked + choice.gifts.map(\.goods)
    case .prices(let list): return [target] + list.pages.prefix(ExampleBuilder.pages).map(\.goods) + asked
    default: return [target] + asked
    }
  }
}

extension PriceList.Page {
  var goods: ProductFilter { .products(IDList(products.map(ProductID.init(_:)))) }
}
