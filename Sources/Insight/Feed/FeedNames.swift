import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage

/// What a warehouse calls the things that facts name by their ids, and how it reads amounts: read at the beginning of a delivery.
struct FeedNames: Sendable {
  let amounts: AmountForm
  let stores: [StoreID: Store]
  let catalogue: CatalogueIndex
  let everyPromotion: [StoredPromotion]
  let everyTier: [Known<TierDetails>]
  let everySegment: [Known<SegmentDetails>]
  let promotions: [PromotionID: String]
  let tiers: [TierID: String]
  let segments: [SegmentID: String]
  private let costs: CostBook

  /// Catalogue and costs are in memory, as making a cube has them: some hundred bytes a product.
  init(of programme: Programme, in tx: inout Transaction) throws {
    amounts = AmountForm(programme.settings.terms)
    let places = try Places(of: programme.account).everyStore(in: &tx)
    stores = Dictionary(uniqueKeysWithValues: places.map { ($0.id, $0) })
    catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
    everyTier = try programme.tiers.all(in: &tx).values.sorted { $0.details.rank < $1.details.rank }
    everyPromotion = try FeedPages.promotions(of: programme, in: &tx)
    everySegment = try FeedPages.segments(of: programme, in: &tx)
    tiers = Dictionary(uniqueKeysWithValues: everyTier.map { ($0.id, $0.details.code) })
    promotions = Dictionary(uniqueKeysWithValues: everyPromotion.map { ($0.id, $0.code) })
    segments = Dictionary(uniqueKeysWithValues: everySegment.map { ($0.id, $0.details.code) })
    var costs = CostBook(of: programme.account)
    try costs.learn(Set(catalogue.everyFact.map(\.id)), in: &tx)
    self.costs = costs
  }

  /// What the goods of a line cost the retailer; nil where nobody said.
  func cost(_ line: SoldGoods.Line, of document: SoldGoods.Document) -> Money? {
    guard let product = line.product,
      let unit = costs.cost(of: product, zone: stores[document.store]?.priceZone, on: document.day)
    else { return nil }
    return unit.times(line.quantity)
  }
}

/// Short lists that are read whole.
enum FeedPages {
  static func promotions(of programme: Programme, in tx: inout Transaction) throws -> [StoredPromotion] {
    let promotions = Promotions(of: programme)
    return try every { try promotions.all(after: $0?.id, limit: Limits.page, in: &tx) }
  }

  static func segments(of programme: Programme, in tx: inout Transaction) throws -> [Known<SegmentDetails>] {
    let segments = Segments(of: programme.account)
    return try every { try segments.all(after: $0?.id, limit: Limits.page, in: &tx) }
  }

  static func products(of account: AccountID, after: ProductID?, in tx: inout Transaction) throws -> [Known<ProductDetails>] {
    try Catalogue(of: account).products(after: after, limit: Limits.page, in: &tx)
  }

  /// Page after page until one is empty. - Parameter page: takes the last of the page before.
  private static func every<Item>(_ page: (Item?) throws -> [Item]) rethrows -> [Item] {
    var all: [Item] = []
    while true {
      let next = try page(all.last)
      if next.isEmpty { return all }
      all += next
    }
  }
}
