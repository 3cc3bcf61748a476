import Conditions
import Kernel

/// Goods that members may choose as their favourites: promotions then speak of what each one chose.
public struct FavouriteCategory: Hashable, Sendable {
  public var code: String
  public var name: LocalText
  /// One picture character that stands beside the name; nil for none.
  public var icon: String?
  /// Never of favourites themselves.
  public var goods: ProductFilter

  public init(code: String, name: LocalText, icon: String? = nil, goods: ProductFilter) {
    self.code = code
    self.name = name
    self.icon = icon
    self.goods = goods
  }
}

extension ProductFilter {
  /// The goods that this means for a member who chose everything, and for one who chose nothing where favourites are left out.
  func offering(_ favourites: [FavouriteCategory]) -> ProductFilter {
    guard asksFavourites else { return self }
    return replacingFavourites(with: .any(favourites.map(\.goods)), leftOut: .any([]))
  }
}

extension Promotion {
  /// With the goods of all favourites in the place of what one member chose, for examples of what could be bought.
  public func offering(_ favourites: [FavouriteCategory]) -> Promotion {
    guard asksFavourites else { return self }
    var promotion = self
    promotion.target = target.offering(favourites)
    promotion.condition = condition.offering(favourites)
    if case .bundle(let bundle) = benefit {
      let parts = bundle.parts.map { Bundle.Part($0.goods.offering(favourites), units: $0.units) }
      promotion.benefit = .bundle(Bundle(parts, bundle.offer))
    }
    if case .giftChoice(let choice) = benefit {
      promotion.benefit = .giftChoice(choice.replacingGoods { $0.offering(favourites) })
    }
    return promotion
  }

  /// True where it speaks of what the member chose.
  public var asksFavourites: Bool { filters.contains(where: \.asksFavourites) }
}

extension Condition {
  func offering(_ favourites: [FavouriteCategory]) -> Condition {
    func goods(_ filter: ProductFilter) -> ProductFilter { filter.offering(favourites) }
    return switch self {
    case .all(let conditions): .all(conditions.map { $0.offering(favourites) })
    case .any(let conditions): .any(conditions.map { $0.offering(favourites) })
    case .none(let conditions): .none(conditions.map { $0.offering(favourites) })
    case .amount(let filter, let basis, let bounds): .amount(of: goods(filter), basis, bounds)
    case .quantity(let filter, let bounds): .quantity(of: goods(filter), bounds)
    case .weight(let filter, let bounds): .weight(of: goods(filter), bounds)
    case .products(let filter, let bounds): .products(of: goods(filter), bounds)
    case .lines(let filter, let bounds): .lines(of: goods(filter), bounds)
    default: self
    }
  }
}

extension Scene {
  /// The goods of what the member chose and the programme still offers.
  static func chosen(_ member: MemberSnapshot?, _ terms: ProgrammeTerms) -> [ProductFilter] {
    guard let codes = member?.favourites, !codes.isEmpty else { return [] }
    return terms.favourites.filter { codes.contains($0.code) }.map(\.goods)
  }
}

extension Run {
  /// Why no line is among these goods. Where members choose them and other choices would have found some, that is told.
  func absence(of goods: ProductFilter) -> Cause {
    guard goods.asksFavourites, !columns.lines(goods.offering(scene.terms.favourites)).isEmpty else { return .noGoods }
    guard let member = scene.member else { return .unidentified }
    let offered = scene.terms.favourites.map(\.code)
    return member.favourites.contains(where: offered.contains) ? .notFavourite : .noFavourites
  }

  /// The same for a condition that asks for at least something of goods; nil where its own figures say it.
  func favouritesMissing(in goods: ProductFilter) -> Cause? {
    guard goods.asksFavourites, columns.lines(goods).isEmpty else { return nil }
    let cause = absence(of: goods)
    return cause == .noGoods ? nil : cause
  }
}
