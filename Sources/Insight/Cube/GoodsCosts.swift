import Access
import Cube
import Kernel
import Loyalty
import Storage

/// What goods cost in stores: the same for a receipt that is taken in and for one whose cost is found later.
struct GoodsCosts: Sendable {
  private let book: CostBook
  private let zones: [Int64: PriceZoneID]

  init(_ book: CostBook, _ stores: [Store]) {
    self.book = book
    zones = Dictionary(
      stores.compactMap { store in store.priceZone.map { (store.id.raw, $0) } }, uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter unit: what the product is sold by, which its cost is of.
  /// - Parameter quantity: as `GoodsAmount` has it; below zero for what came back.
  /// - Returns: minor units; nil where the catalogue has no cost of that day.
  func cost(of product: ProductID, sold unit: UnitOfMeasure, in store: Int64, on day: CivilDay, _ quantity: Int64) -> Int64? {
    book.cost(of: product, zone: zones[store], on: day).map {
      scaled($0.minor, by: quantity * unit.base.parts, over: 1_000, .halfUp)
    }
  }
}

/// Costs that came or changed since a cube's lines were taken in, and stores that are in another price zone: which lines cost something
/// else now.
struct CostNews: Sendable {
  /// Products by the first day that it may matter for.
  private(set) var products: [Int64: CivilDay] = [:]
  private(set) var stores: Set<Int64> = []

  var isEmpty: Bool { products.isEmpty && stores.isEmpty }

  init() {}

  /// What changed in an account behind a version of it. One statement.
  /// - Parameter zones: where stores were priced then, as `CubeFolder.Contents.zones` has it.
  init(of account: AccountID, since version: Int64, zones: [Int64: Int64], _ stores: [Store], in tx: inout Transaction) throws {
    let changes = try CostBook.changes(of: account, since: version, in: &tx)
    products = Dictionary(changes.map { ($0.key.raw, $0.value) }, uniquingKeysWith: min)
    self.stores = Set(stores.filter { ($0.priceZone?.raw ?? 0) != zones[$0.id.raw, default: 0] }.map(\.id.raw))
  }

  mutating func add(_ other: CostNews) {
    products.merge(other.products, uniquingKeysWith: min)
    stores.formUnion(other.stores)
  }

  /// What has to be known of these products to say what lines cost now.
  func asked(of known: some Sequence<Int64>) -> Set<ProductID> {
    Set(known.filter { $0 != 0 && (!stores.isEmpty || products[$0] != nil) }.map { ProductID($0) })
  }

  func correction(_ costs: GoodsCosts, _ codes: CubeCodes) -> CostCorrection {
    let since = codes.products.map { products[$0].map { UInt16(clamping: max(0, $0.number)) } ?? CostCorrection.never }
    let moved = codes.stores.map { stores.contains($0) }
    let (productIDs, storeIDs, units) = (codes.products, codes.stores, codes.units)
    return CostCorrection(since: since, stores: moved) { product, store, day, quantity in
      guard product != 0, Int(product) < productIDs.count, Int(store) < storeIDs.count else { return nil }
      let id = productIDs[Int(product)]
      return costs.cost(
        of: ProductID(id), sold: units[id, default: .piece], in: storeIDs[Int(store)], on: CivilDay(number: Int32(day)), quantity)
    }
  }
}

extension CubeFolder.Contents {
  /// Stores' price zones as they are now, for those that have one.
  static func zones(_ stores: [Store]) -> [Int64: Int64] {
    Dictionary(
      stores.compactMap { store in store.priceZone.map { (store.id.raw, $0.raw) } }, uniquingKeysWith: { first, _ in first })
  }
}
