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

  /// How many questions it asks, nested ones counted.
  public var size: Int {
    switch self {
    case .all(let filters), .any(let filters), .none(let filters): filters.reduce(1) { $0 + $1.size }
    default: 1
    }
  }
}
