import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// What a sheet would change of the prices that tills have, product by product and zone by zone, and which of its prices deserve a look.
public struct SheetDifferences: Sendable {
  public enum Change: String, Sendable, CaseIterable { case new, dearer, cheaper, gone, unchanged }

  /// What deserves a look. Nothing of it is refused: a chain may want to sell below cost, and knows it then.
  public enum Mark: String, Sendable, CaseIterable {
    case belowCost = "below-cost"
    /// Tills go no lower than the product's least price.
    case belowFloor = "below-floor"
    /// Does nothing at the till.
    case aboveShelf = "above-shelf"
    /// The catalogue has no regular price, so that nothing can be said of cost and shelf.
    case noShelf = "no-shelf"
    /// Not sold any more.
    case archived
  }

  public struct Row: Hashable, Sendable {
    public let product: ProductID
    /// Nil: every zone without a price of its own.
    public let zone: PriceZoneID?
    public let before: Money?
    public let after: Money?
    public let shelf: Money?
    public let cost: Money?
    public let change: Change
    public let marks: Set<Mark>

    /// How far the price moves, in parts per million of what it was, or of the shelf price where there was none.
    public var size: Int64 {
      guard let from = before ?? shelf, let to = after ?? shelf, from > .zero else { return 0 }
      return abs(scaled((to - from).minor, by: 1_000_000, over: from.minor, .halfUp))
    }
  }

  public private(set) var changes: [Change: Int] = [:]
  public private(set) var marks: [Mark: Int] = [:]
  /// The largest moves first, at most `SheetDifferences.shown`.
  public private(set) var biggest: [Row] = []
  /// Those with a mark, at most as many, below cost first.
  public private(set) var marked: [Row] = []

  public static var shown: Int { 20 }

  /// - Parameters:
  ///   - before: the list that tills have of this promotion; nil where they have none.
  ///   - figures: of a product in a zone, in force today.
  /// Cost: products × zones of both lists, once.
  public init(
    from before: PriceList?, to after: PriceList, today: CivilDay, rounding: Rounding, _ figures: SheetFigures
  ) {
    let zones = Set((before?.zones ?? []) + after.zones).sorted { ($0?.raw ?? 0) < ($1?.raw ?? 0) }
    let products = Set((before?.products.ids ?? []) + after.products.ids).sorted()
    var moved: [Row] = []
    for zone in zones {
      let (old, new) = (before?.earliest(zone, notBefore: today, onlyToday: true), after.earliest(zone, notBefore: today))
      for product in products {
        guard
          let row = figures.row(product, zone, old?(product), new(product), rounding)
        else { continue }
        changes[row.change, default: 0] += 1
        for mark in row.marks { marks[mark, default: 0] += 1 }
        if row.change != .unchanged { moved.append(row) }
        if !row.marks.isEmpty { marked.append(row) }
      }
    }
    biggest = Array(moved.sorted { ($1.size, $0.product) < ($0.size, $1.product) }.prefix(Self.shown))
    marked = Array(
      marked.sorted { a, b in
        let (first, second) = (a.marks.contains(.belowCost), b.marks.contains(.belowCost))
        return first != second ? first : (b.size, a.product) < (a.size, b.product)
      }.prefix(Self.shown))
  }
}

extension PriceList {
  /// Every column of every page, once.
  public var zones: [PriceZoneID?] { Set(pages.flatMap(\.zones)).sorted { ($0?.raw ?? 0) < ($1?.raw ?? 0) } }

  /// What each product costs in a zone's own column: today, or from the first day on that the list says something of it.
  fileprivate func earliest(
    _ zone: PriceZoneID?, notBefore today: CivilDay, onlyToday: Bool = false
  ) -> (ProductID) -> [Price] {
    var found: [ProductID: (day: CivilDay, prices: [Price])] = [:]
    for page in pages {
      guard let column = page.zones.firstIndex(of: zone), (page.through ?? today) >= today else { continue }
      let day = max(page.from ?? today, today)
      if onlyToday, day != today { continue }
      for row in page.rows {
        guard let price = row.prices[column] else { continue }
        if let known = found[row.product], known.day < day { continue }
        if found[row.product]?.day == day { found[row.product]?.prices.append(price) } else { found[row.product] = (day, [price]) }
      }
    }
    return { found[$0]?.prices ?? [] }
  }
}

/// Regular prices, costs and floors, in the zones that a sheet names.
public struct SheetFigures: Sendable {
  private let catalogue: CatalogueIndex
  private var known: [PriceZoneID?: [ProductID: Figures]] = [:]
  private var archived: Set<ProductID> = []

  /// A statement for each `Limits.bulk` products and zone.
  public init(
    _ products: [ProductID], _ zones: [PriceZoneID?], of account: AccountID, _ catalogue: CatalogueIndex, on day: CivilDay,
    in tx: inout Transaction
  ) throws {
    self.catalogue = catalogue
    let goods = Catalogue(of: account)
    for start in stride(from: 0, to: products.count, by: Limits.bulk) {
      let some = Array(products[start..<min(start + Limits.bulk, products.count)])
      for zone in zones {
        known[zone, default: [:]].merge(try goods.figures(of: some, zone: zone, on: day, in: &tx)) { first, _ in first }
      }
      for (_, product) in try goods.products(codes: some.compactMap(catalogue.code), in: &tx) where product.details.isArchived {
        archived.insert(product.id)
      }
    }
  }

  /// Nil where neither list says anything.
  func row(
    _ product: ProductID, _ zone: PriceZoneID?, _ old: [PriceList.Price]?, _ new: [PriceList.Price], _ rounding: Rounding
  ) -> SheetDifferences.Row? {
    let figures = known[zone]?[product]
    let shelf = figures?.regularPrice
    // A percent of a price that nobody knows is weighed as one of a hundred roubles.
    func lowest(_ prices: [PriceList.Price]) -> Money? {
      prices.map { $0.unit(at: shelf ?? Money(minor: 10_000), rounding) }.min()
    }
    let (before, after) = (lowest(old ?? []), lowest(new))
    let change: SheetDifferences.Change
    switch (before, after) {
    case (nil, nil): return nil
    case (nil, _): change = .new
    case (_, nil): change = .gone
    case (let before?, let after?): change = before == after ? .unchanged : before < after ? .dearer : .cheaper
    }
    var marks: Set<SheetDifferences.Mark> = []
    if let after {
      if shelf == nil { marks.insert(.noShelf) }
      if let cost = figures?.cost, after < cost { marks.insert(.belowCost) }
      if let floor = catalogue.facts(product)?.minPrice, after < floor { marks.insert(.belowFloor) }
      if let shelf, after >= shelf { marks.insert(.aboveShelf) }
      if archived.contains(product) { marks.insert(.archived) }
    }
    return SheetDifferences.Row(
      product: product, zone: zone, before: before, after: after, shelf: shelf, cost: figures?.cost, change: change, marks: marks)
  }
}
