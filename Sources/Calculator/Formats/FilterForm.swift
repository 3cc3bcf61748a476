import Conditions
import Kernel

// Product filters: `{ "categories": ["coffee"] }`; absent means every product.
extension RuleReader {
  static var filterCases: [String] {
    ["all", "any", "none", "products", "categories", "brands", "manufacturers", "attributes", "flagged", "price", "favourites"]
  }

  /// Which products are meant; `everything` where the node is absent.
  public mutating func filter(_ node: JSONNode) -> ProductFilter {
    guard let (name, value) = node.oneCase(of: Self.filterCases, "a filter") else { return .everything }
    switch name {
    case "all": return .all(filters(value, orEmpty: true))
    case "any": return .any(filters(value))
    case "none": return .none(filters(value))
    case "products": return .products(ids(.product, value))
    case "categories": return .categories(ids(.category, value))
    case "brands": return .brands(ids(.productBrand, value))
    case "manufacturers": return .manufacturers(ids(.manufacturer, value))
    case "attributes": return .attributes(ids(.attribute, value))
    case "flagged": return .flagged(ProductFlags(names: value))
    case "favourites": return favourites(value)
    default:
      value.expect("atLeast", "atMost")
      let bounds = value.bounds { amounts.money($0)?.minor }
      return .price(atLeast: bounds.atLeast.map(Money.init(minor:)), atMost: bounds.atMost.map(Money.init(minor:)))
    }
  }

  private mutating func filters(_ node: JSONNode, orEmpty: Bool = false) -> [ProductFilter] {
    let items = node.items(max: Limits.conditions)
    if items.isEmpty, !orEmpty { node.refuse("empty", "put at least one filter here, or leave this one out") }
    return items.map { filter($0) }
  }
}

extension ProductFlags {
  /// A list of names; at least one.
  init(names node: JSONNode, orEmpty: Bool = false) {
    self = []
    let items = node.items(max: Self.named.count)
    if items.isEmpty, !orEmpty { node.refuse("empty", "name at least one flag") }
    for item in items {
      guard let text = item.text() else { continue }
      if let known = Self.named.first(where: { $0.name == text }) {
        insert(known.flag)
      } else {
        item.refuse("unknown_word", "\"\(text)\" is no flag; known are \(Self.named.map(\.name).joined(separator: ", "))")
      }
    }
  }

  var namesJSON: JSON { .array(Self.named.filter { contains($0.flag) }.map { .string($0.name) }) }
}

extension RuleWriter {
  /// Nil for everything: the member is then left out.
  public func filter(_ filter: ProductFilter) -> JSON? {
    switch filter {
    case .everything: nil
    default: filterObject(filter)
    }
  }

  private func filterObject(_ filter: ProductFilter) -> JSON {
    switch filter {
    case .everything: .object(["all": []])
    case .products(let ids): .object(["products": codes(.product, ids)])
    case .categories(let ids): .object(["categories": codes(.category, ids)])
    case .brands(let ids): .object(["brands": codes(.productBrand, ids)])
    case .manufacturers(let ids): .object(["manufacturers": codes(.manufacturer, ids)])
    case .attributes(let ids): .object(["attributes": codes(.attribute, ids)])
    case .flagged(let flags): .object(["flagged": flags.namesJSON])
    case .price(let least, let most):
      .object(["price": .object(["atLeast": least.map(amounts.json), "atMost": most.map(amounts.json)])])
    case .favourites: .object(["favourites": true])
    case .all(let filters): .object(["all": .array(filters.map(filterObject))])
    case .any(let filters): .object(["any": .array(filters.map(filterObject))])
    case .none(let filters): .object(["none": .array(filters.map(filterObject))])
    }
  }
}
