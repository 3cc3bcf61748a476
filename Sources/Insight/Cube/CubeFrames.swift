import Access
import Conditions
import Cube
import Kernel
import Loyalty

/// What the cube's codes mean by the catalogue and the stores as they are now. Words are codes of the catalogue and of stores, which do
/// not change; `PivotNames` knows what they are called.
struct CubeFrames {
  /// What stands where something has no category, city and so on.
  static let none = "–"

  private let catalogue: CatalogueIndex
  private let stores: [Int64: Store]

  init(_ catalogue: CatalogueIndex, _ stores: [Store]) {
    self.catalogue = catalogue
    self.stores = Dictionary(stores.map { ($0.id.raw, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Linear in the codes: some tens of milliseconds for 100,000 products.
  func frame(_ codes: CubeCodes, days: Range<Int>) -> CubeFrame {
    var frame = CubeFrame(
      days: days, stores: codes.stores.count, registers: codes.registers.count, products: codes.products.count,
      tiers: codes.tiers.count, occasions: codes.occasions.count, deals: codes.deals.count)
    addPlaces(codes, &frame)
    addOccasions(codes.occasions, &frame)
    addGoods(codes, &frame)
    return frame
  }

  private func addPlaces(_ codes: CubeCodes, _ frame: inout CubeFrame) {
    let known = codes.stores.map { stores[$0]?.details }
    let ids = codes.stores
    frame.dayStarts = known.map { UInt16(clamping: ($0?.dayStart.second ?? 0) / 60) }
    frame.set(Self.table(.store, known.indices.map { known[$0]?.code ?? "\(StoreID(ids[$0]))" }))
    frame.set(Self.table(.city, known.map { $0?.address.city ?? "" }))
    frame.set(Self.table(.region, known.map { $0?.address.region ?? "" }))
    frame.set(Self.table(.sign, known.map { $0?.brand ?? "" }))
    let registers = codes.registers.map { register in
      let store = Int(register.store) < known.count ? known[Int(register.store)]?.code : nil
      return "\(store ?? "?")/\(register.name)"
    }
    frame.set(Self.table(.register, registers))
  }

  private func addOccasions(_ occasions: [CubeCodes.Occasion], _ frame: inout CubeFrame) {
    frame.set(Self.table(.channel, occasions.map(\.channel)))
    frame.set(Self.table(.payment, occasions.map { $0.tenders.joined(separator: " + ") }))
    frame.set(Self.table(.coupon, sets: occasions.map(\.coupons)))
  }

  private func addGoods(_ codes: CubeCodes, _ frame: inout CubeFrame) {
    let ids = codes.products.map { ProductID($0) }
    let facts = ids.map { catalogue.facts($0) }
    frame.set(Self.table(.product, ids.map { catalogue.code($0) ?? "" }))
    var words: [CategoryID: [String]] = [:]
    let ways = facts.map { facts -> [String] in
      guard let nearest = facts?.categories.first else { return [] }
      if let known = words[nearest] { return known }
      let way = (facts?.categories ?? []).reversed().map { catalogue.tree.code($0) ?? "\($0)" }
      words[nearest] = way
      return way
    }
    for (depth, dimension) in [Dimension.department, .category, .subcategory].enumerated() {
      frame.set(Self.table(dimension, ways.map { $0.isEmpty ? "" : $0[min(depth, $0.count - 1)] }))
    }
    frame.set(Self.table(.brand, facts.map { $0?.brand.flatMap { catalogue.brandCode($0) } ?? "" }))
    frame.set(Self.table(.unit, ids.map { codes.units[$0.raw, default: .piece].base.unit.rawValue }))
    frame.set(Self.table(.manufacturer, facts.map { $0?.manufacturer.flatMap { catalogue.manufacturerCode($0) } ?? "" }))
  }

  /// The same where a code can have several words, or none.
  static func table(_ dimension: Dimension, sets: [[String]]) -> DimensionTable {
    let labels = Set(sets.joined()).sorted() + [none]
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
    let last = Int32(labels.count - 1)
    return DimensionTable(
      dimension, sets: sets.map { set in set.isEmpty ? [last] : set.compactMap { places[$0] }.sorted() }, labels: labels)
  }

  /// Members in the order of their words; what has none comes last.
  static func table(_ dimension: Dimension, _ words: [String]) -> DimensionTable {
    let labels = Set(words).sorted { a, b in a.isEmpty == b.isEmpty ? a < b : b.isEmpty }
    let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
    return DimensionTable(
      dimension, codes: words.map { places[$0] ?? 0 }, labels: labels.map { $0.isEmpty ? none : $0 })
  }
}
