import Conditions
import Kernel

/// Prices of single products, each for one unit and only where it is lower than the line's own: a leaflet's page, or a marketer's sheet
/// with a column for each price zone and pages that are in force on days of their own.
public struct PriceList: Hashable, Sendable {
  /// What a cell of a sheet says.
  public enum Price: Hashable, Sendable {
    case amount(Money)
    /// So much off the shelf price of a unit.
    case percent(Rate)

    /// The price of a unit that costs so much on the shelf.
    public func unit(at shelf: Money, _ rounding: Rounding) -> Money {
      switch self {
      case .amount(let money): money
      case .percent(let rate): shelf - shelf.share(rate, rounding)
      }
    }
  }

  /// Prices that begin and end together: a row for each product, a column for each zone. Flat arrays, eight bytes a cell.
  public struct Page: Hashable, Sendable {
    /// Nil: from ever.
    public let from: CivilDay?
    /// The last day; nil: for ever.
    public let through: CivilDay?
    /// Of the columns; nil stands for every zone without a price of its own.
    public let zones: [PriceZoneID?]
    /// Ascending, so that a page of two thousand is searched in eleven steps.
    let products: [Int64]
    /// Row after row. Minor units; a percent is its parts per million below zero; what is empty is `hole`.
    let cells: [Int64]

    static let hole = Int64.min

    public func isInForce(on day: CivilDay) -> Bool { (from ?? day) <= day && day <= (through ?? day) }

    /// The column of a zone, before the one for all others.
    func columns(of zone: PriceZoneID?) -> [Int] {
      let own = zone.flatMap { zone in zones.firstIndex { $0 == zone } }
      return [own, zones.firstIndex { $0 == nil }].compactMap { $0 }
    }

    func row(of product: Int64) -> Int? {
      var (low, high) = (0, products.count)
      while low < high {
        let middle = (low + high) / 2
        if products[middle] < product { low = middle + 1 } else { high = middle }
      }
      return low < products.count && products[low] == product ? low : nil
    }

    /// The first of these columns that says something of the product.
    func price(of product: Int64, in columns: [Int]) -> Price? {
      guard !columns.isEmpty, let row = row(of: product) else { return nil }
      for column in columns {
        if let price = Self.price(cells[row * zones.count + column]) { return price }
      }
      return nil
    }

    static func price(_ cell: Int64) -> Price? {
      if cell == hole { return nil }
      return cell < 0 ? .percent(Rate(ppm: -cell)) : .amount(Money(minor: cell))
    }

    static func cell(_ price: Price?) -> Int64 {
      switch price {
      case nil: hole
      case .amount(let money): money.minor
      case .percent(let rate): -rate.ppm
      }
    }
  }

  public let pages: [Page]
  /// Of all pages.
  public let goods: ProductFilter
  public let products: IDList<Entity.Product>

  /// - Parameter prices: 1 … `Limits.listValues` products, the same everywhere and at all times.
  public init(_ prices: [ProductID: Money]) {
    self.init([Page(rows: prices.mapValues { [.amount($0)] }, zones: [nil])])
  }

  /// - Parameter pages: at least one; `Limits.pricePages` and `Limits.priceCells` at the most.
  public init(_ pages: [Page]) {
    precondition(!pages.isEmpty, "a price list has prices")
    self.pages = pages
    products = IDList(pages.lazy.flatMap(\.products).map(ProductID.init(_:)))
    goods = .products(products)
  }

  /// How many products it has prices for.
  public var count: Int { products.count }

  /// Of a list without zones, days and percents: what each product costs. Nil for a sheet.
  public var plain: [(product: ProductID, price: Money)]? {
    guard pages.count == 1, pages[0].from == nil, pages[0].through == nil, pages[0].zones == [nil] else { return nil }
    let page = pages[0]
    guard page.cells.allSatisfy({ $0 >= 0 }) else { return nil }
    return zip(page.products, page.cells).map { (ProductID($0), Money(minor: $1)) }
  }

  /// True where it asks in which price zone the store lies.
  public var asksZone: Bool { pages.contains { $0.zones != [nil] } }

  /// What the pages in force on a day say of a product in a zone, in their order; the lowest of them holds.
  public func prices(of product: ProductID, zone: PriceZoneID?, on day: CivilDay) -> [(page: Page, price: Price)] {
    pages.filter { $0.isInForce(on: day) }.compactMap { page in
      page.price(of: product.raw, in: page.columns(of: zone)).map { (page, $0) }
    }
  }
}

extension PriceList.Page {
  /// - Parameter rows: what each product costs, a price or nothing for every zone.
  public init(
    from: CivilDay? = nil, through: CivilDay? = nil, rows: [ProductID: [PriceList.Price?]], zones: [PriceZoneID?]
  ) {
    precondition(rows.values.allSatisfy { $0.count == zones.count }, "a row has a cell for every zone")
    let sorted = rows.sorted { $0.key < $1.key }
    self.from = from
    self.through = through
    self.zones = zones
    products = sorted.map(\.key.raw)
    cells = sorted.flatMap { $0.value.map(Self.cell) }
  }

  public var count: Int { products.count }
  /// Prices that it says, empty cells left out.
  public var priceCount: Int { cells.count { $0 != Self.hole } }

  /// Row by row.
  public var rows: [(product: ProductID, prices: [PriceList.Price?])] {
    products.indices.map { row in
      (ProductID(products[row]), cells[row * zones.count..<(row + 1) * zones.count].map(Self.price))
    }
  }
}

extension Benefit {
  /// True where it asks in which price zone the store lies.
  var asksZone: Bool { if case .prices(let list) = self { list.asksZone } else { false } }
}

extension Run {
  /// Brings each line down to the lowest price that a page in force has for it at this store.
  func listedPrices(_ list: PriceList, _ lines: [Int], _ most: Quantity?, _ effect: inout Effect) {
    let zone = scene.basket.store.place.priceZone
    let pages = list.pages.filter { $0.isInForce(on: scene.now.day) }.map { ($0, $0.columns(of: zone)) }
    var (listed, prices): ([Int], [Int: Money]) = ([], [:])
    for line in lines {
      let shelf = Money(minor: columns.price(line))
      for (page, wanted) in pages {
        guard let price = page.price(of: columns.product(line), in: wanted) else { continue }
        let unit = price.unit(at: shelf, scene.terms.rounding.rounding)
        prices[line] = min(prices[line] ?? unit, unit)
      }
      if prices[line] != nil { listed.append(line) }
    }
    guard !listed.isEmpty else {
      effect.obstacle = pages.isEmpty ? .otherDay : .noGoods
      return
    }
    fixedPrice(listed, most, &effect) { prices[$0] ?? Money(minor: .max) }
  }
}
