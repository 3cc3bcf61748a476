import Conditions
import Kernel

/// Where a promotion names goods by name: by the product itself, or by something that it carries.
public struct Mention: Hashable, Sendable {
  /// What is named.
  public enum Name: Hashable, Sendable {
    case product
    case category(CategoryID)
    case brand
    case manufacturer
    case attribute(AttributeID)
  }

  /// What for.
  public enum Part: Int, Hashable, Sendable, CaseIterable {
    /// The benefit lands on it.
    case target
    /// A condition asks for it.
    case condition
    /// It is left out.
    case exception
  }

  public let name: Name
  public let part: Part

  public init(_ name: Name, _ part: Part) {
    self.name = name
    self.part = part
  }
}

extension Promotion {
  /// Where this promotion names the product, its categories, brand, manufacturer or attributes. Promotions for all goods name none.
  /// Lists are searched, not walked.
  public func mentions(of product: ProductFacts) -> Set<Mention> {
    mentions { filter in
      switch filter {
      case .products(let ids): ids.contains(product.id) ? [.product] : []
      case .categories(let ids): product.categories.filter(ids.contains).map { .category($0) }
      case .brands(let ids): product.brand.map(ids.contains) == true ? [.brand] : []
      case .manufacturers(let ids): product.manufacturer.map(ids.contains) == true ? [.manufacturer] : []
      case .attributes(let ids): product.attributes.filter(ids.contains).map { .attribute($0) }
      case .everything, .flagged, .price, .favourites, .all, .any, .none: []
      }
    }
  }

  /// Where this promotion names one of the categories: a category itself and those above it.
  public func mentions(ofCategories categories: [CategoryID]) -> Set<Mention> {
    mentions { filter in
      if case .categories(let ids) = filter { categories.filter(ids.contains).map { .category($0) } } else { [] }
    }
  }

  private func mentions(_ names: (ProductFilter) -> [Mention.Name]) -> Set<Mention> {
    var found: Set<Mention> = []
    Self.walk(target, .target, names, &found)
    switch benefit {
    case .bundle(let bundle): for part in bundle.parts { Self.walk(part.goods, .target, names, &found) }
    case .giftChoice(let choice): for gift in choice.gifts { Self.walk(gift.goods, .target, names, &found) }
    case .prices(let list): Self.walk(list.goods, .target, names, &found)
    default: break
    }
    Self.walk(condition, .condition, names, &found)
    return found
  }

  private static func walk(
    _ filter: ProductFilter, _ part: Mention.Part, _ names: (ProductFilter) -> [Mention.Name], _ found: inout Set<Mention>
  ) {
    switch filter {
    case .all(let filters), .any(let filters): for inner in filters { walk(inner, part, names, &found) }
    case .none(let filters): for inner in filters { walk(inner, .exception, names, &found) }
    case .everything, .products, .categories, .brands, .manufacturers, .attributes, .flagged, .price, .favourites:
      for name in names(filter) { found.insert(Mention(name, part)) }
    }
  }

  private static func walk(
    _ condition: Condition, _ part: Mention.Part, _ names: (ProductFilter) -> [Mention.Name], _ found: inout Set<Mention>
  ) {
    switch condition {
    case .all(let conditions), .any(let conditions): for inner in conditions { walk(inner, part, names, &found) }
    case .none(let conditions): for inner in conditions { walk(inner, .exception, names, &found) }
    case .amount(let filter, _, _), .quantity(let filter, _), .weight(let filter, _), .products(let filter, _),
      .lines(let filter, _):
      walk(filter, part, names, &found)
    case .accumulated(let accumulator, _), .firstPurchaseOf(let accumulator): walk(accumulator.goods, part, names, &found)
    case .stores, .storeBrands, .priceZones, .regions, .cities, .storeFormats, .channels, .weekdays, .hours, .days, .holidays,
      .identified,
      .memberKinds, .tiers, .privileges, .segments, .memberAttribute,
      .firstPurchase, .birthday, .household, .counter, .stamps, .consents, .activated, .coupon, .certificate,
      .tenders:
      return
    }
  }
}
