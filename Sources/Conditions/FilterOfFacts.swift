import Kernel

extension ProductFilter {
  /// Whether one product at one price is meant. For questions about the catalogue; baskets are asked by their columns. No product is
  /// a favourite where no member is looked at.
  public func holds(for product: ProductFacts, price: Money) -> Bool {
    switch self {
    case .everything: true
    case .products(let ids): ids.contains(product.id)
    case .categories(let ids): product.categories.contains(where: ids.contains)
    case .brands(let ids): product.brand.map(ids.contains) ?? false
    case .manufacturers(let ids): product.manufacturer.map(ids.contains) ?? false
    case .attributes(let ids): product.attributes.contains(where: ids.contains)
    case .flagged(let wanted): product.flags.isSuperset(of: wanted)
    case .price(let least, let most): (least ?? .zero) <= price && most.map { price <= $0 } ?? true
    case .favourites: false
    case .all(let filters): filters.allSatisfy { $0.holds(for: product, price: price) }
    case .any(let filters): filters.contains { $0.holds(for: product, price: price) }
    case .none(let filters): !filters.contains { $0.holds(for: product, price: price) }
    }
  }

  /// This and every nested filter.
  public var flattened: [ProductFilter] {
    switch self {
    case .all(let filters), .any(let filters), .none(let filters): [self] + filters.flatMap(\.flattened)
    default: [self]
    }
  }
}
