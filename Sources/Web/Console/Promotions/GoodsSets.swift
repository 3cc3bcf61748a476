import Conditions
import Kernel

/// Goods as sets of one kind each, any of which matches, and sets that are left out.
struct GoodsSets {
  private(set) var lists: [(field: ListField, ids: [Int64])] = []
  /// What the member chose is among them.
  private(set) var favourites = false
  private(set) var exceptFavourites = false

  /// Nil where a filter asks something else, one kind twice, or lists too many.
  init?(_ filter: ProductFilter) {
    switch filter {
    case .all(let parts):
      guard parts.count == 2, case .none(let out) = parts[1] else { return nil }
      guard add(parts[0], false), out.allSatisfy({ add($0, true) }) else { return nil }
    case .none(let out): guard out.allSatisfy({ add($0, true) }) else { return nil }
    default: guard add(filter, false) else { return nil }
    }
    guard lists.allSatisfy({ $0.ids.count <= ListField.longest }), Set(lists.map(\.field)).count == lists.count else { return nil }
  }

  private mutating func add(_ filter: ProductFilter, _ isOut: Bool) -> Bool {
    switch filter {
    case .everything: return !isOut
    case .products(let ids): lists.append((isOut ? .exceptProducts : .products, ids.raws))
    case .categories(let ids): lists.append((isOut ? .exceptCategories : .categories, ids.raws))
    case .brands(let ids): lists.append((isOut ? .exceptBrands : .brands, ids.raws))
    case .manufacturers(let ids):
      if isOut { return false }
      lists.append((.manufacturers, ids.raws))
    case .favourites:
      if isOut ? exceptFavourites : favourites { return false }
      if isOut { exceptFavourites = true } else { favourites = true }
    case .any(let parts) where !isOut: return parts.allSatisfy { if case .any = $0 { false } else { add($0, false) } }
    default: return false
    }
    return true
  }
}
