import Access
import Cube
import Kernel
import Loyalty

/// The small numbers that stand in rolls for stores, registers and products. A code is a place in a list that only grows, so that rolls of
/// any age can be read by the newest lists.
public struct CubeCodes: Sendable {
  public struct Register: Hashable, Sendable {
    let store: UInt32
    let name: String
  }

  /// Ids by code. Code 0 of products is one that nobody knows.
  public private(set) var stores: [Int64] = []
  public private(set) var registers: [Register] = []
  public private(set) var products: [Int64] = [0]
  /// What goods are sold by, as they were taken in; pieces where nothing is said.
  var units: [Int64: UnitOfMeasure] = [:]
  /// Code 0 of tiers is none, and that of sets of promotions is the empty one.
  public private(set) var tiers: [Int64] = [0]
  public private(set) var occasions: [Occasion] = [Occasion()]
  public private(set) var deals: [[Int64]] = [[]]
  private var codeOfStore: [Int64: UInt32] = [:]
  private var codeOfRegister: [Register: UInt32] = [:]
  private var codeOfProduct: [Int64: UInt32] = [0: 0]
  private var codeOfTier: [Int64: UInt32] = [0: 0]
  private var codeOfOccasion: [Occasion: UInt32] = [Occasion(): 0]
  private var codeOfDeals: [[Int64]: UInt32] = [[]: 0]

  /// How a receipt was sold, in words.
  public struct Occasion: Hashable, Sendable {
    var channel = ""
    var tenders: [String] = []
    var coupons: [String] = []
  }

  public init() {}

  init(
    stores: [Int64], registers: [Register], products: [Int64], tiers: [Int64], occasions: [Occasion], deals: [[Int64]],
    units: [Int64: UnitOfMeasure]
  ) {
    self.units = units
    (self.stores, self.registers, self.products) = (stores, registers, products)
    (self.tiers, self.occasions, self.deals) = (tiers, occasions, deals)
    (codeOfStore, codeOfRegister, codeOfProduct) = (Self.codes(stores), Self.codes(registers), Self.codes(products))
    (codeOfTier, codeOfOccasion, codeOfDeals) = (Self.codes(tiers), Self.codes(occasions), Self.codes(deals))
  }

  private static func codes<Key: Hashable>(_ keys: [Key]) -> [Key: UInt32] {
    Dictionary(keys.enumerated().map { ($1, UInt32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// Gives products their codes in the order of the tree of categories, so that what is asked for together lies together.
  init(of catalogue: CatalogueIndex) {
    self.init()
    let places = (0..<catalogue.count).map { (way: catalogue.facts(at: $0).categories.reversed().map(\.raw), place: $0) }
    let ordered = places.sorted { a, b in
      a.way == b.way ? catalogue.code(at: a.place) < catalogue.code(at: b.place) : a.way.lexicographicallyPrecedes(b.way)
    }
    for (_, place) in ordered { note(catalogue.unit(at: place), of: catalogue.facts(at: place).id.raw) }
  }

  /// The product has a code from now on, and is sold by this unit.
  private mutating func note(_ unit: UnitOfMeasure, of product: Int64) {
    _ = self.product(product)
    if unit != .piece { units[product] = unit }
  }

  /// A product that has a code is sold by another unit than it was: its quantities have to be taken in anew.
  func isOtherwise(in catalogue: CatalogueIndex) -> Bool {
    products.contains { id in
      guard id != 0, let unit = catalogue.unit(ProductID(id)) else { return false }
      return unit != units[id, default: .piece]
    }
  }

  /// What the product is sold by; new ones as the catalogue has them.
  fileprivate mutating func unit(of product: Int64, in catalogue: CatalogueIndex) -> UnitOfMeasure {
    if codeOfProduct[product] == nil { note(catalogue.unit(ProductID(product)) ?? .piece, of: product) }
    return units[product, default: .piece]
  }

  mutating func store(_ id: Int64) -> UInt32 { Self.code(id, &stores, &codeOfStore) }
  mutating func product(_ id: Int64) -> UInt32 { Self.code(id, &products, &codeOfProduct) }
  mutating func register(_ name: String, in store: UInt32) -> UInt32 {
    Self.code(Register(store: store, name: name), &registers, &codeOfRegister)
  }

  mutating func occasion(_ occasion: Occasion) -> UInt32 { Self.code(occasion, &occasions, &codeOfOccasion) }
  mutating func deals(_ promotions: [Int64]) -> UInt32 { promotions.isEmpty ? 0 : Self.code(promotions, &deals, &codeOfDeals) }

  /// A programme has at most 255 tiers for a cube; further ones are none.
  mutating func tier(_ id: Int64) -> UInt8 {
    if codeOfTier[id] == nil, tiers.count > Int(UInt8.max) { return 0 }
    return UInt8(Self.code(id, &tiers, &codeOfTier))
  }

  func knownStore(_ id: Int64) -> UInt32? { codeOfStore[id] }

  private static func code<Key: Hashable>(_ key: Key, _ keys: inout [Key], _ codes: inout [Key: UInt32]) -> UInt32 {
    if let known = codes[key] { return known }
    let code = UInt32(keys.count)
    keys.append(key)
    codes[key] = code
    return code
  }
}

/// What the cube must know of stores to take a receipt in: their clocks and price zones, and what goods cost there.
struct CubeIntake {
  private let zones: [Int64: Zone]
  private let other: Zone
  private let costs: GoodsCosts
  private let catalogue: CatalogueIndex
  var codes: CubeCodes

  /// - Parameter other: the programme's, for a store whose zone the machine does not know.
  init(
    _ stores: [Store], zones: (String) -> Zone?, other: Zone, costs: CostBook, catalogue: CatalogueIndex, codes: CubeCodes
  ) {
    self.zones = Dictionary(
      stores.compactMap { store in zones(store.details.zone).map { (store.id.raw, $0) } }, uniquingKeysWith: { first, _ in first })
    (self.other, self.codes, self.costs, self.catalogue) = (other, codes, GoodsCosts(costs, stores), catalogue)
  }

  mutating func receipt(_ document: SoldGoods.Document) -> CubeReceipt {
    let store = codes.store(document.store.raw)
    var flags: ReceiptFlags = []
    switch document.kind {
    case .sale: break
    case .undone: flags.insert(.isUndone)
    case .returned: flags.insert(.isReturn)
    }
    return CubeReceipt(
      id: document.id, member: document.member?.raw ?? 0, day: UInt16(clamping: document.day.number),
      minute: minute(document.at, in: document.store), store: store, register: codes.register(document.register, in: store),
      tier: document.occasion.tier.map { codes.tier($0.raw) } ?? 0, flags: flags, occasion: occasion(document.occasion),
      lines: document.lines.prefix(Limits.lines).map { line($0, document) })
  }

  private mutating func occasion(_ occasion: SoldGoods.Occasion) -> UInt32 {
    codes.occasion(
      CubeCodes.Occasion(
        channel: occasion.channel.rawValue, tenders: occasion.tenders.map(\.rawValue), coupons: occasion.coupons))
  }

  /// Of the day by the store's clock.
  func minute(_ moment: Instant, in store: StoreID) -> UInt16 {
    UInt16(clamping: (zones[store.raw] ?? other).civil(at: moment).clock.second / 60)
  }

  private mutating func line(_ line: SoldGoods.Line, _ document: SoldGoods.Document) -> CubeReceipt.Line {
    var sums = [Int64](repeating: 0, count: RollColumn.sums.count)
    // Goods that nobody knows are taken for pieces.
    let unit = line.product.map { codes.unit(of: $0.raw, in: catalogue) } ?? .piece
    let amount = GoodsAmount(line.quantity.thousandths, of: unit)
    let cost = line.product.flatMap { costs.cost(of: $0, sold: unit, in: document.store.raw, on: document.day, amount.quantity) }
    for (place, column) in RollColumn.sums.enumerated() {
      sums[place] =
        switch column {
        case .quantity: amount.quantity
        case .itemsBeyond: amount.items - amount.quantity
        case .amount: line.amount.minor
        case .discount: line.discount.minor
        case .reduced: line.tillReduced.minor
        case .paidWithPoints: line.paidWithPoints.minor
        case .spent: line.spent.units
        case .earned: line.earned.units
        case .cost: cost ?? 0
        case .costed: cost == nil ? 0 : line.amount.minor
        default: 0
        }
    }
    return CubeReceipt.Line(
      product: line.product.map { codes.product($0.raw) } ?? 0, deals: codes.deals(line.promotions.map(\.raw)), sums: sums)
  }
}

/// How much was sold, in what quantities are added up in, and how many items that is.
struct GoodsAmount {
  /// Thousandths of the unit that is added up: of a kilogram for grams.
  let quantity: Int64
  /// Thousandths: a piece is one; what is weighed or measured is one, however much it is, and takes one off where it comes back.
  let items: Int64

  init(_ thousandths: Int64, of unit: UnitOfMeasure) {
    quantity = scaled(thousandths, by: 1, over: unit.base.parts, .halfUp)
    items = unit.isPieces ? quantity : thousandths.signum() * 1_000
  }
}
