import Access
import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// What promotions are read, written and said with, as one moment of the programme knows it.
struct RuleBench: Sendable {
  let programme: Programme
  let names: AccountNames
  let catalogue: CatalogueIndex
  let amounts: AmountForm
  /// What tills have; nil before the first rule book.
  let book: RuleBook?
  /// In the order of their codes.
  let stores: [Store]
  /// Fields of members that a form offers with their values; filled where a promotion is edited.
  var fields = FieldCatalogue()

  private init(_ floor: SalesFloor) {
    programme = floor.programme
    names = floor.names
    catalogue = floor.catalogue
    amounts = AmountForm(floor.programme.settings.terms)
    book = floor.rules
    stores = floor.everyStore
  }

  /// Before there are rules: read from the database.
  private init(_ programme: Programme, in tx: inout Transaction) throws {
    self.programme = programme
    catalogue = try CatalogueIndex(of: programme.account).refreshed(in: &tx)
    names = try AccountNames(of: programme, catalogue: catalogue, in: &tx)
    amounts = AmountForm(programme.settings.terms)
    book = nil
    stores = try Places(of: programme.account).stores(limit: Limits.page, in: &tx).sorted { $0.details.code < $1.details.code }
  }

  static func of(_ visit: Visit, _ database: any Database) async throws -> RuleBench {
    if let floor = visit.sales { return RuleBench(floor) }
    let programme = try visit.programme
    return try await database.read { tx in try RuleBench(programme, in: &tx) }
  }

  var writer: RuleWriter { RuleWriter(names: names, amounts: amounts) }

  /// A promotion as it is stored, and what is wrong with it. Nil where it cannot be read at all.
  func read(_ body: JSON, id: PromotionID) -> (promotion: Promotion?, issues: [Issue]) {
    let node = JSONNode(body)
    var reader = RuleReader(names: names, terms: programme.settings.terms)
    let promotion = reader.promotion(node, id: id)
    if let group = promotion?.group, !group.isEmpty, !programme.settings.groups.contains(where: { $0.name == group }) {
      node["group"].refuse("unknown_group", "the programme's settings list no group \"\(group)\"")
    }
    return (promotion, node.issues.issues)
  }

  func read(_ stored: StoredPromotion) -> Promotion? { read(stored.body, id: stored.id).promotion }

  /// As tills have it, those of a pilot aside; nil where they do not.
  func published(_ id: PromotionID) -> Promotion? {
    var kept = book?.kept(id)
    kept?.reach = .everywhere
    return kept
  }

  /// On trial, in its places; nil where it is not.
  func trial(_ id: PromotionID) -> Promotion? { book?.trial(id) }

  /// The book in force with one promotion put in the place of what tills have of it, or taken out.
  /// - Precondition: its group is one of the programme's.
  func book(with promotion: Promotion?, insteadOf id: PromotionID) -> RuleBook {
    let others = (book?.promotions ?? []).filter { $0.id != id }
    return RuleBook(
      version: (book?.version ?? 0) + 1, terms: book?.terms ?? programme.settings.wholeTerms(names),
      groups: book?.groups ?? programme.settings.groups, promotions: others + (promotion.map { [$0] } ?? []))
  }
}

/// What the things that rules name are called, for people.
struct RuleNames: Sendable {
  /// Of a list that many are named, more are counted.
  static let shown = 8

  private var texts: [NameKind: [Int64: String]] = [:]
  /// With the values that the rules name.
  private(set) var fields = FieldCatalogue()
  private let codes: AccountNames
  private let catalogue: CatalogueIndex
  private let reader: Reader

  /// Three statements at most, however many promotions there are.
  init(for promotions: [Promotion], _ bench: RuleBench, _ reader: Reader, in tx: inout Transaction) throws {
    var mentioned = Mentioned()
    for promotion in promotions {
      mentioned.look(promotion.condition)
      mentioned.look(promotion.target)
      if case .bundle(let bundle) = promotion.benefit { for part in bundle.parts { mentioned.look(part.goods) } }
      if case .giftChoice(let choice) = promotion.benefit { for gift in choice.gifts { mentioned.look(gift.goods) } }
    }
    try self.init(mentioned, bench, reader, in: &tx)
  }

  init(_ mentioned: Mentioned, _ bench: RuleBench, _ reader: Reader, in tx: inout Transaction) throws {
    codes = bench.names
    catalogue = bench.catalogue
    self.reader = reader
    for store in bench.stores { texts[.store, default: [:]][store.id.raw] = store.details.name }
    let products = Array(Set(mentioned.products)).sorted().compactMap { bench.names.code(.product, $0) }
    for (_, known) in try Catalogue(of: bench.programme.account).products(codes: products, in: &tx) {
      texts[.product, default: [:]][known.id.raw] = reader(known.details.name.text)
    }
    if mentioned.hasPromotions {
      for known in bench.book?.promotions ?? [] { texts[.promotion, default: [:]][known.id.raw] = reader(known.name) }
    }
    if mentioned.hasTiers {
      for (_, tier) in try bench.programme.tiers.all(in: &tx) {
        texts[.tier, default: [:]][tier.id.raw] = reader(tier.details.name)
      }
    }
    let segments = Array(Set(mentioned.segments)).sorted().compactMap { bench.names.code(.segment, $0) }
    for (_, known) in try Segments(of: bench.programme.account).segments(codes: segments, in: &tx) {
      texts[.segment, default: [:]][known.id.raw] = reader(known.details.name)
    }
    if !mentioned.attributes.isEmpty {
      fields = try FieldBook(of: bench.programme.account).catalogue(.codes(of: mentioned.attributes), in: &tx)
    }
  }

  func name<Of: Identified>(_ kind: NameKind, _ id: ID<Of>) -> String {
    let code = codes.code(kind, id.raw) ?? id.description
    if kind == .category, let node = catalogue.tree.nodes[code] { return reader(node.details.name.text) }
    return texts[kind]?[id.raw] ?? code
  }

  /// The first of them by name, the rest by number.
  func list<Of: Identified>(_ kind: NameKind, _ ids: IDList<Of>) -> String {
    let first = ids.ids.prefix(Self.shown).map { name(kind, $0) }.joined(separator: ", ")
    let rest = ids.count - Self.shown
    return rest > 0
      ? reader("\(first) и ещё \(reader.number(Int64(rest)))", "\(first) and \(reader.number(Int64(rest))) more") : first
  }
}

/// Ids that are called by names from the database.
struct Mentioned {
  var products: [Int64] = []
  var segments: [Int64] = []
  var attributes: [Attributes] = []
  var hasTiers = false
  var hasPromotions = false

  mutating func look(_ condition: Condition) {
    switch condition {
    case .all(let parts), .any(let parts), .none(let parts): for part in parts { look(part) }
    case .amount(let goods, _, _), .quantity(let goods, _), .weight(let goods, _), .products(let goods, _), .lines(let goods, _):
      look(goods)
    case .accumulated(let accumulator, _), .firstPurchaseOf(let accumulator): look(accumulator.goods)
    case .tiers: hasTiers = true
    case .memberAttribute(let name, .isOneOf(let values)), .memberAttribute(let name, .isNoneOf(let values)):
      attributes += values.prefix(RuleNames.shown * 4).map { Attributes([name: $0]) }
    case .memberAttribute(let name, _): attributes.append(Attributes([name: .flag(true)]))
    case .segments(let ids): segments += ids.raws.prefix(RuleNames.shown)
    default: break
    }
  }

  mutating func look(_ condition: SegmentCondition) {
    switch condition {
    case .all(let parts), .any(let parts), .none(let parts): for part in parts { look(part) }
    case .bought(let purchase, _, _), .lastBought(let purchase, _): look(purchase)
    case .sequence(let first, let then, _, _):
      look(first)
      look(then)
    case .did(let deed, _): look(deed.filter.goods)
    case .member(let condition): look(condition)
    case .offers(let held): hasPromotions = hasPromotions || held.promotions.count > 0
    case .sex, .age, .cities, .joined, .random, .scored, .points, .identified, .coupons, .agreed: break
    }
  }

  private mutating func look(_ purchase: SegmentCondition.Purchase) {
    look(purchase.goods)
    hasPromotions = hasPromotions || purchase.manner.promotions.count > 0
  }

  mutating func look(_ goods: ProductFilter) {
    switch goods {
    case .all(let parts), .any(let parts), .none(let parts): for part in parts { look(part) }
    case .products(let ids): if products.count < Limits.bulk { products += ids.raws.prefix(RuleNames.shown) }
    default: break
    }
  }
}
