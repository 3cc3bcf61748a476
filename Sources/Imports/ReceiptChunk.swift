import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage
import Tables

/// The receipts of one transaction, on their way into it.
struct ReceiptChunk {
  private let intake: ReceiptIntake
  private let items: [ReceiptRecord]
  private var shoppers: [String: Shopper] = [:]
  /// Products that the catalogue did not know when the import began.
  private var late: [String: ProductFacts] = [:]
  private(set) var outcome = Outcome()
  private var isRefused: [Bool]

  init(_ intake: ReceiptIntake, _ items: [ReceiptRecord]) {
    self.intake = intake
    self.items = items
    isRefused = Array(repeating: false, count: items.count)
  }

  /// Finds members and products; what is not there is made, done without or refused, as the mapping says.
  mutating func resolve(by change: Change, in tx: inout Transaction) throws {
    shoppers = try intake.members.members(Set(items.compactMap(\.member)), in: &tx)
    try resolveProducts(by: change, in: &tx)
    for (index, item) in items.enumerated() {
      if let member = item.member, shoppers[member] == nil {
        if intake.columns.unknownMember == .refuse {
          refuse(index, "member", "there is no member with the code \"\(member)\"; import the members first")
        } else {
          count("receipts whose member is not known, kept without one")
        }
      }
      guard let line = item.lines.first(where: { facts($0.product) == nil }) else { continue }
      refuse(index, "product", "there is no product with the code \"\(line.product)\"; import the catalogue first")
    }
  }

  private mutating func resolveProducts(by change: Change, in tx: inout Transaction) throws {
    var unknown: Set<String> = []
    for item in items {
      for line in item.lines where intake.index.facts(code: line.product) == nil {
        unknown.insert(line.product)
        count("lines of products that the catalogue did not know")
      }
    }
    guard !unknown.isEmpty else { return }
    let catalogue = Catalogue(of: intake.programme.account)
    for (code, known) in try catalogue.products(codes: unknown.sorted(), in: &tx) { late[code] = ProductFacts(id: known.id) }
    guard intake.columns.unknownProduct == .make else { return }
    let fresh = unknown.filter { late[$0] == nil }.sorted()
    let saved = try catalogue.save(
      fresh.map { ProductDetails(code: $0, name: CatalogueName($0), isArchived: true) }, by: change, in: &tx)
    for (code, id) in zip(fresh, saved.ids) { late[code] = ProductFacts(id: id) }
    if !fresh.isEmpty { count("products made because a receipt names them", fresh.count) }
  }

  private func facts(_ code: String) -> ProductFacts? { intake.index.facts(code: code) ?? late[code] }

  private mutating func refuse(_ item: Int, _ column: String, _ reason: String) {
    guard !isRefused[item] else { return }
    isRefused[item] = true
    outcome.refused.append((item, column, reason))
  }

  private mutating func count(_ oddity: String, _ times: Int = 1) { outcome.oddities[oddity, default: 0] += times }

  // MARK: History

  mutating func record(at now: Instant, in tx: inout Transaction) throws {
    let kept = items.indices.filter { !isRefused[$0] }
    var past: [PastReceipt] = []
    for index in kept { if let receipt = pastReceipt(items[index]) { past.append(receipt) } }
    for (index, became) in zip(kept, try intake.receipts.record(past, at: now, in: &tx)) {
      switch became {
      case .recorded: outcome.made += 1
      case .known: outcome.unchanged += 1
      case .taken:
        refuse(index, "receipt", "another receipt with the code \"\(items[index].code)\" is there, of the same store and day")
      }
    }
  }

  private mutating func pastReceipt(_ item: ReceiptRecord) -> PastReceipt? {
    guard let place = place(of: item) else { return nil }
    return PastReceipt(key: place.key, member: item.member.flatMap { shoppers[$0]?.id }, basket: basket(item, place))
  }

  // MARK: Priced

  mutating func sell(in tx: inout Transaction) throws {
    let places = items.map(place)
    let known = try intake.receipts.known(places.compactMap { $0?.key }, in: &tx)
    for (index, item) in items.enumerated() where !isRefused[index] {
      guard let place = places[index] else { continue }
      if known.contains(place.key) {
        outcome.unchanged += 1
        continue
      }
      let sale = Sale(key: place.key, basket: basket(item, place))
      let shopper = item.member.flatMap { shoppers[$0] } ?? .nobody
      let confirmation = try intake.receipts.confirm(
        sale, by: shopper, request: RequestKey("import \(item.store) \(item.code)"), at: item.soldAt, in: &tx)
      for discrepancy in confirmation.discrepancies { count("discrepancies: \(discrepancy.cause.rawValue)") }
      outcome.made += 1
      try intake.shoppers.after(item.code, sale, confirmation, intake.receipts, &tx)
    }
  }

  private mutating func basket(_ item: ReceiptRecord, _ place: Place) -> Basket {
    let lines = item.lines.enumerated().compactMap { index, line in
      facts(line.product).map { product in
        BasketLine(
          id: String(index + 1), product: product, quantity: line.quantity, price: line.price,
          kind: kind(of: product, line.quantity),
          tillReductions: line.reductions)
      }
    }
    let member = item.member ?? ""
    let store = intake.stores[item.store]
    return Basket(
      store: StoreFacts(id: place.key.store, brand: store?.brand, zone: place.zone, dayStart: store?.details.dayStart ?? .midnight),
      time: item.soldAt, lines: lines, coupons: intake.shoppers.coupons(item.code, member, item.soldAt), tenders: tenders(item),
      spend: item.member == nil ? .nothing : intake.shoppers.wish(item.code, member))
  }

  private func kind(of product: ProductFacts, _ quantity: Quantity) -> LineKind {
    if !intake.kinds.isEmpty {
      for category in product.categories { if let kind = intake.kinds[category] { return kind } }
    }
    return quantity.wholePieces == nil ? .weighed : .goods
  }

  /// What was paid otherwise, at most what there was to pay; the rest was paid in a way that the file does not tell.
  private mutating func tenders(_ item: ReceiptRecord) -> [Tender] {
    guard item.tenders.contains(where: { $0 > 0 }) else { return [] }
    var left: Int64 = item.lines.reduce(0) { sum, line in
      sum + line.price.times(line.quantity).minor - line.reductions.reduce(0) { $0 + $1.amount.minor }
    }
    var tenders: [Tender] = []
    for (stated, column) in zip(item.tenders, intake.columns.tenders) where stated > 0 {
      let amount = min(stated, max(0, left))
      if amount < stated { count("receipts with payments above their amount, taken up to it") }
      left -= amount
      if amount > 0 { tenders.append(Tender(kind: column.kind, amount: Money(minor: amount))) }
    }
    return tenders.isEmpty ? [] : tenders + [Tender(kind: .other)]
  }

  // MARK: Place

  private struct Place {
    let key: ReceiptKey
    let zone: Zone
    let businessDay: CivilDay
  }

  private func place(of item: ReceiptRecord) -> Place? {
    guard let store = intake.stores[item.store], let zone = intake.clocks[item.store] else { return nil }
    let key = ReceiptKey(
      store: store.id, register: "import", shift: 0, number: item.code, day: zone.civil(at: item.soldAt).day)
    return Place(key: key, zone: zone, businessDay: zone.businessDay(at: item.soldAt, dayStart: store.details.dayStart))
  }
}
