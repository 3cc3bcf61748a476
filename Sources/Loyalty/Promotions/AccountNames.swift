import Access
import Conditions
import Customers
import Kernel
import Storage

/// What the rules of an account may name: its goods, stores, brands, sellers, segments and promotions, and the programme's tiers,
/// as they are at one moment.
public final class AccountNames: Names, Sendable {
  private let catalogue: CatalogueIndex
  private let stores: CodeBook<Entity.Store>
  private let brands: CodeBook<Entity.Brand>
  private let priceZones: CodeBook<Entity.PriceZone>
  private let legalEntities: CodeBook<Entity.LegalEntity>
  private let couponSeries: CodeBook<Entity.CouponSeries>
  private let certificateSeries: CodeBook<Entity.CertificateSeries>
  private let games: CodeBook<Entity.Game>
  private let promotions: CodeBook<Entity.Promotion>
  private let tiers: CodeBook<Entity.Tier>
  private let segments: CodeBook<Entity.Segment>
  /// Codes of what each tier brings; tiers that bring nothing are missing.
  public let privileges: [TierID: [String]]

  /// - Parameter catalogue: as fresh as the rules: what it does not know cannot be named.
  public init(of programme: Programme, catalogue: CatalogueIndex, in tx: inout Transaction) throws {
    let places = Places(of: programme.account)
    self.catalogue = catalogue
    let everyStore = try everyPage(\.id) { try places.stores(after: $0, limit: Limits.page, in: &tx) }
    stores = CodeBook(everyStore.map { ($0.details.code, $0.id) })
    brands = CodeBook(try places.brands(in: &tx).map { ($0, $1.id) })
    priceZones = CodeBook(try places.priceZones(in: &tx).map { ($0, $1.id) })
    legalEntities = CodeBook(try places.legalEntities(in: &tx).map { ($0, $1.id) })
    let everySeries = try everyPage(\.id, { try Coupons(of: programme).unique(after: $0, limit: Limits.page, in: &tx) })
    couponSeries = CodeBook(everySeries.map { ($0.details.code, $0.id) })
    let certificates = try Certificates.everySeries(of: programme, in: &tx)
    certificateSeries = CodeBook(certificates.map { ($0.details.code, $0.id) })
    games = CodeBook(try Games.everyCode(of: programme, in: &tx))
    let everyPromotion = try everyPage(\.id) { try Promotions(of: programme).all(after: $0, limit: Limits.page, in: &tx) }
    promotions = CodeBook(everyPromotion.map { ($0.code, $0.id) })
    let everyTier = try programme.tiers.all(in: &tx)
    tiers = CodeBook(everyTier.map { ($0, $1.id) })
    privileges = Dictionary(
      everyTier.values.filter { !$0.details.privileges.isEmpty }.map { ($0.id, $0.details.privileges.map(\.code)) },
      uniquingKeysWith: { first, _ in first })
    let everySegment = try everyPage(\.id) { try Segments(of: programme.account).all(after: $0, limit: Limits.page, in: &tx) }
    segments = CodeBook(everySegment.map { ($0.details.code, $0.id) })
  }

  public func id(_ kind: NameKind, _ code: String) -> Int64? {
    switch kind {
    case .product: catalogue.facts(code: code)?.id.raw
    case .category: catalogue.tree.id(code)?.raw
    case .productBrand: catalogue.brands.id(code)?.raw
    case .manufacturer: catalogue.manufacturers.id(code)?.raw
    // A pair that no product has yet may come with tomorrow's products; its id follows from its text.
    case .attribute: AttributeBook.id(code).raw
    case .store: stores.id(code)?.raw
    case .brand: brands.id(code)?.raw
    case .priceZone: priceZones.id(code)?.raw
    case .legalEntity: legalEntities.id(code)?.raw
    case .promotion: promotions.id(code)?.raw
    case .tier: tiers.id(code)?.raw
    case .segment: segments.id(code)?.raw
    case .couponSeries: couponSeries.id(code)?.raw
    case .certificateSeries: certificateSeries.id(code)?.raw
    case .game: games.id(code)?.raw
    }
  }

  public func code(_ kind: NameKind, _ id: Int64) -> String? {
    switch kind {
    case .product: catalogue.code(ProductID(id))
    case .category: catalogue.tree.code(CategoryID(id))
    case .productBrand: catalogue.brands.code(ProductBrandID(id))
    case .manufacturer: catalogue.manufacturers.code(ManufacturerID(id))
    case .attribute: catalogue.attributes.code(AttributeID(id))
    case .store: stores.code(StoreID(id))
    case .brand: brands.code(BrandID(id))
    case .priceZone: priceZones.code(PriceZoneID(id))
    case .legalEntity: legalEntities.code(LegalEntityID(id))
    case .promotion: promotions.code(PromotionID(id))
    case .tier: tiers.code(TierID(id))
    case .segment: segments.code(SegmentID(id))
    case .couponSeries: couponSeries.code(CouponSeriesID(id))
    case .certificateSeries: certificateSeries.code(CertificateSeriesID(id))
    case .game: games.code(GameID(id))
    }
  }
}

/// Page after page of a list until one is not full.
package func everyPage<Item, Of: Identified>(_ id: (Item) -> ID<Of>, _ page: (ID<Of>?) throws -> [Item]) rethrows -> [Item] {
  var items: [Item] = []
  var after: ID<Of>?
  while true {
    let next = try page(after)
    items += next
    guard next.count == Limits.page, let last = next.last else { return items }
    after = id(last)
  }
}
