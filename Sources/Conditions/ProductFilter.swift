import Kernel

/// Which products: a closed set of questions about one product, nested with all, any and none.
public indirect enum ProductFilter: Hashable, Sendable {
  case everything
  case products(IDList<Entity.Product>)
  /// In one of these categories or below it.
  case categories(IDList<Entity.Category>)
  case brands(IDList<Entity.ProductBrand>)
  case manufacturers(IDList<Entity.Manufacturer>)
  case attributes(IDList<Entity.Attribute>)
  case flagged(ProductFlags)
  /// Shelf price of one unit within the bounds, both included.
  case price(atLeast: Money?, atMost: Money?)
  case all([ProductFilter])
  case any([ProductFilter])
  case none([ProductFilter])

  /// True where the product, at this shelf price a unit, is meant.
  public func matches(_ product: ProductFacts, price: Money) -> Bool {
    switch self {
    case .everything: true
    case .products(let ids): ids.contains(product.id)
    case .categories(let ids): product.categories.contains { ids.contains($0) }
    case .brands(let ids): product.brand.map { ids.contains($0) } ?? false
    case .manufacturers(let ids): product.manufacturer.map { ids.contains($0) } ?? false
    case .attributes(let ids): product.attributes.contains { ids.contains($0) }
    case .flagged(let flags): product.flags.isSuperset(of: flags)
    case .price(let least, let most): least.map { $0 <= price } ?? true && most.map { price <= $0 } ?? true
    case .all(let filters): filters.allSatisfy { $0.matches(product, price: price) }
    case .any(let filters): filters.contains { $0.matches(product, price: price) }
    case .none(let filters): !filters.contains { $0.matches(product, price: price) }
    }
  }

  /// How many questions it asks, nested ones counted.
  public var size: Int {
    switch self {
    case .all(let filters), .any(let filters), .none(let filters): filters.reduce(1) { $0 + $1.size }
    default: 1
    }
  }
}
