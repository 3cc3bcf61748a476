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
  /// In one of the favourite categories that the member has chosen for the moment of the sale; nobody's are no goods.
  case favourites
  case all([ProductFilter])
  case any([ProductFilter])
  case none([ProductFilter])

  /// How many questions it asks, nested ones counted.
  public var size: Int {
    switch self {
    case .all(let filters), .any(let filters), .none(let filters): filters.reduce(1) { $0 + $1.size }
    default: 1
    }
  }

  /// True where the answer depends on what the member chose.
  public var asksFavourites: Bool {
    switch self {
    case .all(let filters), .any(let filters), .none(let filters): filters.contains(where: \.asksFavourites)
    case .favourites: true
    default: false
    }
  }

  /// This with other goods in the place of favourites: some where they are wanted, others where they are left out.
  public func replacingFavourites(with wanted: ProductFilter, leftOut: ProductFilter) -> ProductFilter {
    switch self {
    case .favourites: wanted
    case .all(let filters): .all(filters.map { $0.replacingFavourites(with: wanted, leftOut: leftOut) })
    case .any(let filters): .any(filters.map { $0.replacingFavourites(with: wanted, leftOut: leftOut) })
    case .none(let filters): .none(filters.map { $0.replacingFavourites(with: leftOut, leftOut: wanted) })
    default: self
    }
  }
}
