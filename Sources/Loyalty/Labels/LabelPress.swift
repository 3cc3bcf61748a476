import Access
import Calculator
import Conditions
import Kernel
import Storage

/// Labels as tills would charge: each price is a calculation of its own, of one piece alone in a basket at noon, for a member without tier and
/// segments who has bought before, and whom no control group leaves out.
public struct LabelPress: Sendable {
  /// One day with its rules.
  private struct Day {
    let day: CivilDay
    let time: Instant
    let book: RuleBook
    let usage: [PromotionID: SharedUsage]
    let member: MemberSnapshot
  }

  private let floor: SalesFloor
  private let store: StoreFacts
  private let today: Day
  private let before: Day?

  /// - Parameters:
  ///   - day: whose labels; days to come have the rules of now.
  ///   - since: an earlier day, where only what changed from it is wanted.
  /// - Throws: `Problem.notFound` (`store_unknown`); `Problem.invalid` (`bounds_crossed`).
  public init(
    _ place: LabelPlace, on day: CivilDay, changedSince since: CivilDay? = nil, floor: SalesFloor, at now: Instant,
    in tx: inout Transaction
  ) throws {
    self.floor = floor
    let store = try Self.store(place, floor)
    self.store = store
    if let since, since >= day {
      throw Problem(.invalid, "bounds_crossed", "labels change from an earlier day to a later one, not from \(since) to \(day)")
    }
    today = try Self.day(day, store.zone, floor, now, in: &tx)
    before = try since.map { try Self.day($0, store.zone, floor, now, in: &tx) }
  }

  private static func store(_ place: LabelPlace, _ floor: SalesFloor) throws(Problem) -> StoreFacts {
    switch place {
    case .zone(let zone):
      return StoreFacts(id: StoreID(0), zone: floor.programme.settings.points.zone, place: StorePlace(priceZone: zone))
    case .store(let id):
      guard let store = floor.everyStore.first(where: { $0.id == id }),
        var facts = floor.till(store: store.details.code, register: "")?.facts
      else { throw Problem(.notFound, "store_unknown", "there is no store \(id)") }
      facts.place = StorePlace(store)
      return facts
    }
  }

  private static func day(
    _ day: CivilDay, _ zone: Zone, _ floor: SalesFloor, _ now: Instant, in tx: inout Transaction
  ) throws -> Day {
    let time = zone.instant(day, Clock(second: 43_200))
    let isPast = day < zone.civil(at: now).day
    let book = isPast ? floor.shelf.book(at: zone.instant(day.adding(days: 1), .midnight).before) : floor.rules
    let limited = book.promotions.filter { $0.limits.countsAll }.map(\.id)
    // What was used up yesterday cannot be told today; labels of a day that is over are only compared with.
    let usage = isPast ? [:] : try floor.receipts.sharedUse(of: limited, in: &tx)
    return Day(day: day, time: time, book: book, usage: usage, member: plainMember(book, at: time))
  }

  /// Nobody's control group has them.
  private static func plainMember(_ book: RuleBook, at time: Instant) -> MemberSnapshot {
    let controls = [book.terms.control].compactMap { $0 } + Set(book.promotions.compactMap(\.control))
    let id = (1...10_000).lazy.map { MemberID(Int64($0)) }.first { id in !controls.contains { $0.contains(id, at: time) } }
    return MemberSnapshot(id: id ?? MemberID(1), purchases: 1)
  }

  /// Labels of the next products, in the order of their ids, and where to go on; nil at the end. Three statements a portion, four where days
  /// are compared.
  public func portion(
    after: ProductID? = nil, limit: Int = Limits.bulk, in tx: inout Transaction
  ) throws -> (labels: [Label], next: ProductID?) {
    let goods = Catalogue(of: floor.programme.account)
    let products = try goods.products(after: after, limit: limit, in: &tx)
    let sold = products.filter { !$0.details.isArchived }
    func figures(_ day: CivilDay) throws -> [ProductID: Figures] {
      try goods.figures(of: sold.map(\.id), zone: store.place.priceZone, on: day, in: &tx)
    }
    let now = try figures(today.day)
    let then = try before.map { try figures($0.day) }
    let labels = sold.compactMap { product -> Label? in
      let words = words(product, now[product.id], today)
      guard let before else { return words?.member == nil ? nil : words.map { label(product, $0, nil) } }
      return changed(product, from: self.words(product, then?[product.id], before), to: words)
    }
    return (labels, products.count == min(limit, Limits.bulk) ? products.last?.id : nil)
  }

  private func changed(_ product: Known<ProductDetails>, from old: Label.Words?, to new: Label.Words?) -> Label? {
    switch (old?.member == nil ? nil : old, new?.member == nil ? nil : new) {
    case (nil, nil): nil
    case (nil, let new?): label(product, new, .new)
    case (let old?, nil):
      label(product, new ?? Label.Words(shelf: old.shelf, member: nil, from: nil, through: nil, promotions: [], names: []), .gone)
    case (let old?, let new?): old == new ? nil : label(product, new, .changed)
    }
  }

  private func label(_ product: Known<ProductDetails>, _ words: Label.Words, _ change: Label.Change?) -> Label {
    Label(
      product: product.id, code: product.details.code, barcode: product.details.barcodes.first?.digits, name: product.details.name,
      unit: product.details.unit, words: words, change: change)
  }

  /// One piece, or one kilogram, alone in a basket. Nil where the catalogue in memory does not know the product yet.
  private func words(_ product: Known<ProductDetails>, _ figures: Figures?, _ day: Day) -> Label.Words? {
    guard let shelf = figures?.regularPrice, let facts = floor.catalogue.facts(product.id) else { return nil }
    let basket = Self.basket(facts, product.details.unit, shelf, at: store, day.time)
    let answer = calculate(
      basket, member: day.member, rules: day.book, usage: day.usage, scope: CalculationScope(offersChoices: false))
    guard let line = answer.lines.first, line.amount < shelf else {
      return Label.Words(shelf: shelf, member: nil, from: nil, through: nil, promotions: [], names: [])
    }
    let applied = answer.promotions.filter { $0.money > .zero }.map { day.book.promotions[$0.index] }
    let spells = applied.map { spell($0, facts, shelf, day) }
    return Label.Words(
      shelf: shelf, member: line.amount, from: spells.compactMap(\.from).max(), through: spells.compactMap(\.through).min(),
      promotions: applied.map(\.code), names: applied.map(\.name))
  }

  static func basket(_ facts: ProductFacts, _ unit: UnitOfMeasure, _ shelf: Money, at store: StoreFacts, _ time: Instant) -> Basket
  {
    let line = BasketLine(
      id: "1", product: facts, quantity: .pieces(1), price: shelf, kind: unit.isPieces ? .goods : .weighed)
    return Basket(store: store, time: time, lines: [line])
  }

  /// The days of a promotion, and of the page of its list that holds.
  private func spell(
    _ promotion: Promotion, _ product: ProductFacts, _ shelf: Money, _ day: Day
  ) -> (from: CivilDay?, through: CivilDay?) {
    let own = (
      from: promotion.from.map { store.zone.civil(at: $0).day },
      through: promotion.until.map { store.zone.civil(at: $0.before).day }
    )
    guard case .prices(let list) = promotion.benefit else { return own }
    let rounding = day.book.terms.rounding.rounding
    let page = list.prices(of: product.id, zone: store.place.priceZone, on: day.day)
      .min { $0.price.unit(at: shelf, rounding) < $1.price.unit(at: shelf, rounding) }?.page
    return ([own.from, page?.from].compactMap { $0 }.max(), [own.through, page?.through].compactMap { $0 }.min())
  }
}

extension Instant {
  /// The last moment before this one.
  fileprivate var before: Instant { Instant(micros: micros - 1) }
}
