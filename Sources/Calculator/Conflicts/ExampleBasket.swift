import Conditions
import Kernel

/// A basket and a member that meet the conditions of some promotions on one line, its first.
public struct ExampleBasket: Hashable, Sendable {
  public var basket: Basket
  public var member: MemberSnapshot?
}

/// How much is put into an example.
enum ExampleSize: CaseIterable {
  /// As little as meets the conditions.
  case smallest
  /// Enough for the highest step of staircases, and twice what conditions ask for, as earlier reductions take from it.
  case ample
}

/// What the search for an example came to.
enum ExampleSearch {
  case found(ExampleBasket)
  /// There is none, for certain.
  case impossible(Contradiction)
  case unknown
}

/// Puts baskets together in which promotions could meet. What it finds is a guess, to be confirmed by calculating; where it says that
/// there is none, the conditions contradict each other.
struct ExampleBuilder {
  let terms: ProgrammeTerms
  let zone: Zone
  let now: Instant
  var goods: any ExampleGoods
  /// What a unit costs where no rule says otherwise.
  let price: Money

  /// One promotion with one way in which its condition comes true, and one way for its benefit to land on a line.
  private struct Way {
    let promotion: Promotion
    let literals: [Literal<Condition>]
    let landing: Landing
  }

  private struct Landing {
    /// What the shared line's product must be.
    let filters: [ProductFilter]
    /// Thousandths of it.
    let quantity: Int64
    /// What else must be in the basket: filters, and thousandths.
    var others: [(filters: [ProductFilter], quantity: Int64)] = []
    /// Minor units that the target goods must cost.
    var amount: Int64 = 0
    /// Where and when the benefit lands at all.
    var asks: [Literal<Condition>] = []
  }

  /// Goods that may be reduced, and goods on which points are earned.
  static let permitted: [ProductFilter] = [.none([.flagged(.discountForbidden)]), .none([.flagged(.earnForbidden)])]

  /// Pages of one price list that are looked at.
  static let pages = 8

  /// Ways tried together for one set of promotions.
  static let tries = 64

  /// A member who is asked for favourites has chosen what the example needs.
  func search(_ promotions: [Promotion], _ size: ExampleSize) -> ExampleSearch {
    guard promotions.contains(where: \.asksFavourites) else { return find(promotions, size) }
    let search = find(promotions.map { $0.offering(terms.favourites) }, size)
    guard case .found(var example) = search else { return search }
    let wanted = terms.favourites.filter { category in
      example.basket.lines.contains { category.goods.holds(for: $0.product, price: $0.price) }
    }
    guard !wanted.isEmpty else { return search }
    example.member = example.member ?? MemberSnapshot(id: MemberID(1))
    example.member?.favourites = wanted.map(\.code)
    return .found(example)
  }

  private func find(_ promotions: [Promotion], _ size: ExampleSize) -> ExampleSearch {
    var combinations: [[Way]] = [[]]
    var isWhole = true
    for promotion in promotions {
      let alternatives = Alternatives(promotion.condition)
      isWhole = isWhole && alternatives.isWhole
      let ways = alternatives.ways.flatMap { literals in
        landings(promotion, size).map { Way(promotion: promotion, literals: literals + $0.asks, landing: $0) }
      }
      isWhole = isWhole && combinations.count * ways.count <= Self.tries
      combinations = Array(combinations.flatMap { known in ways.map { known + [$0] } }.prefix(Self.tries))
    }
    var why: Contradiction?
    for ways in combinations {
      switch build(ways, size) {
      case .found(let example): return .found(example)
      case .impossible(let contradiction): why = why ?? contradiction
      case .unknown: isWhole = false
      }
    }
    return isWhole ? .impossible(why ?? .goods) : .unknown
  }

  // MARK: Where benefits land

  private func landings(_ promotion: Promotion, _ size: ExampleSize) -> [Landing] {
    let target = promotion.target
    switch promotion.benefit {
    case .freeUnits(let buy, let free, _, _, _): return [Landing(filters: [target], quantity: 1000 * (buy + free))]
    case .giftChoice(let choice):
      return choice.gifts.map { gift in
        var landing = Landing(filters: [gift.goods], quantity: 1000 * gift.units)
        if target != .everything { landing.others = [([target], 1000)] }
        return landing
      }
    case .gift(let units, _): return [Landing(filters: [target], quantity: 1000 * units)]
    case .prices(let list): return list.pages.prefix(Self.pages).map { page($0, target) }
    case .earnPerStep(_, let step): return [Landing(filters: [target], quantity: 1000, amount: step.minor)]
    case .staircase(let staircase):
      let step = size == .smallest ? staircase.steps.first : staircase.steps.last
      let from = step?.from ?? 0
      return staircase.measure == .amount
        ? [Landing(filters: [target], quantity: 1000, amount: from)] : [Landing(filters: [target], quantity: max(1000, from))]
    case .bundle(let bundle):
      return bundle.parts.indices.map { index in
        var landing = Landing(filters: [target, bundle.parts[index].goods], quantity: 1000 * bundle.parts[index].units)
        landing.others = bundle.parts.indices.filter { $0 != index }.map {
          ([target, bundle.parts[$0].goods], 1000 * bundle.parts[$0].units)
        }
        return landing
      }
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .earnRate, .earnMultiplier, .earnPerUnit, .earnFixed, .reward:
      return [Landing(filters: [target], quantity: 1000)]
    }
  }

  /// The goods of one page of a price list, in one of its zones and on one of its days.
  private func page(_ page: PriceList.Page, _ target: ProductFilter) -> Landing {
    var landing = Landing(filters: [target, page.goods], quantity: 1000)
    let zones = page.zones.compactMap { $0 }
    if !page.zones.contains(nil) { landing.asks.append(Literal(.priceZones(IDList(zones)))) }
    if page.from != nil || page.through != nil { landing.asks.append(Literal(.days(from: page.from, through: page.through))) }
    return landing
  }

  /// Prices about which some filter changes its mind, and the usual one.
  private func prices(_ filters: [ProductFilter]) -> [Money] { ([price] + filters.flatMap(\.turningPrices)).filter { $0 > .zero } }

  // MARK: Putting it together

  private func build(_ ways: [Way], _ size: ExampleSize) -> ExampleSearch {
    let promotions = ways.map(\.promotion)
    let literals = ways.flatMap(\.literals)
    let circumstances: Circumstances
    switch Circumstances.find(literals, of: promotions, terms: terms, zone: zone, now: now) {
    case .success(let found): circumstances = found
    case .failure(let contradiction): return .impossible(contradiction)
    }
    if contradicts(literals) { return .impossible(.goods) }
    var filters: [ProductFilter] = []
    for filter in ways.flatMap(\.landing.filters) where filter != .everything && !filters.contains(filter) {
      filters.append(filter)
    }
    if promotions.contains(where: \.benefit.isReduction) { filters.append(Self.permitted[0]) }
    if promotions.contains(where: \.benefit.isEarning) { filters.append(Self.permitted[1]) }
    let product: ProductFacts
    let unit: Money
    switch goods.product(filters, prices: prices(filters), except: []) {
    case .product(let found, let price): (product, unit) = (found, price)
    case .none: return .impossible(.goods)
    case .unknown: return .unknown
    }
    var shelf = ExampleShelf(builder: self, product: product, price: unit, quantity: ways.map(\.landing.quantity).max() ?? 1000)
    shelf.prices = prices
    for way in ways {
      for other in way.landing.others where !shelf.add(other.filters, quantity: other.quantity) { return .unknown }
      if way.landing.amount > 0 { shelf.raise(way.landing.filters, toAmount: way.landing.amount, size) }
    }
    guard shelf.satisfy(literals, size) else { return .unknown }
    var basket = circumstances.basket
    basket.lines = shelf.lines
    return .found(ExampleBasket(basket: basket, member: circumstances.member))
  }

  /// Bounds of the same sum that no number meets.
  private func contradicts(_ literals: [Literal<Condition>]) -> Bool {
    var least: [Condition: Int64] = [:]
    var most: [Condition: Int64] = [:]
    for literal in literals where literal.holds {
      guard let (sum, bounds) = literal.question.sum else { continue }
      if let bound = bounds.atLeast { least[sum] = max(least[sum] ?? .min, bound) }
      if let bound = bounds.atMost { most[sum] = min(most[sum] ?? .max, bound) }
    }
    return least.contains { sum, bound in most[sum].map { $0 < bound } ?? false }
  }
}

extension Condition {
  /// What is summed up, with its bounds taken off, where earlier promotions cannot change the sum.
  fileprivate var sum: (Condition, Bounds)? {
    let none = Bounds()
    switch self {
    case .amount(let goods, .regular, let bounds): return (.amount(of: goods, .regular, none), bounds)
    case .quantity(let goods, let bounds): return (.quantity(of: goods, none), bounds)
    case .weight(let goods, let bounds): return (.weight(of: goods, none), bounds)
    case .products(let goods, let bounds): return (.products(of: goods, none), bounds)
    case .lines(let goods, let bounds): return (.lines(of: goods, none), bounds)
    default: return nil
    }
  }
}
