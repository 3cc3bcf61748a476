import Kernel

/// A sum over a member's receipts of a period, kept up with every sale and every return: "the third visit this week", "coffee for 1,000
/// this month". It begins to count with the first rule book that asks for it, unless it is one of `bought`.
public struct Accumulator: Hashable, Sendable {
  public enum Measure: String, Sendable, CaseIterable {
    /// What the goods cost after reductions, points counted as money; minor units.
    case amount
    /// Thousandths of the goods' units.
    case quantity
    /// Receipts that have some of the goods.
    case receipts
    /// Days in a store with such a receipt: two receipts of one day in one store are one visit.
    case visits
  }

  /// Whose receipts are summed up.
  public enum Whose: String, Sendable, CaseIterable {
    case member
    /// Those of everybody who is in the member's household now. Each one's receipts are kept with that one.
    case household
  }

  /// By the store's business day.
  public enum Period: String, Sendable, CaseIterable { case day, week, month, quarter, year, always }

  public let measure: Measure
  public let goods: ProductFilter
  public let period: Period
  public let whose: Whose
  /// What was bought before any rule book asked for it counts as well.
  public let isFromHistory: Bool
  /// Names what is kept for it, among the tallies of promotions: below zero, where no promotion's id lies.
  public let id: PromotionID

  public init(_ measure: Measure, of goods: ProductFilter = .everything, within period: Period, by whose: Whose = .member) {
    self.init(measure, goods, period, whose, isFromHistory: false)
  }

  /// The receipts of a member that have some of the goods, from the very first.
  public static func bought(_ goods: ProductFilter) -> Accumulator {
    Accumulator(.receipts, goods, .always, .member, isFromHistory: true)
  }

  /// In place of a count: the receipts of the past are not counted yet, and nobody knows.
  public static var uncounted: Int64 { -1 }

  private init(_ measure: Measure, _ goods: ProductFilter, _ period: Period, _ whose: Whose, isFromHistory: Bool) {
    self.measure = measure
    self.goods = goods
    self.period = period
    self.whose = whose
    self.isFromHistory = isFromHistory
    var hash = StableHash()
    if isFromHistory { hash.mix("history") }
    if whose == .household { hash.mix(whose.rawValue) }
    hash.mix(measure.rawValue)
    hash.mix(period.rawValue)
    goods.mix(into: &hash)
    id = PromotionID(-1 - Int64(hash.value >> 3) * 2)
  }

  /// The same sum over one member's receipts, as it is kept.
  public var ofMember: Accumulator { whose == .member ? self : Accumulator(measure, of: goods, within: period) }

  /// Under which a member's receipts of a day in a store are counted, so that a second one is known to belong to the same visit.
  public static func visits(of store: StoreID) -> PromotionID {
    var hash = StableHash()
    hash.mix(store.raw)
    return PromotionID(-2 - Int64(hash.value >> 3) * 2)
  }

  /// True for what accumulators and visits of stores are kept under.
  public static func owns(_ id: PromotionID) -> Bool { id.raw < 0 && id.raw >= least }
  public static func isVisit(_ id: PromotionID) -> Bool { owns(id) && id.raw & 1 == 0 }

  /// The lowest id of an accumulator or a visit; stamps lie below.
  static var least: Int64 { -1 << 62 }
}

extension Accumulator.Period {
  /// The first day of the period that a day lies in.
  public func start(of day: CivilDay) -> CivilDay {
    let (year, month, _) = day.parts
    func first(_ month: Int) -> CivilDay { CivilDay(year: year, month: month, day: 1) ?? day }
    switch self {
    case .day: return day
    case .week: return day.adding(days: 1 - day.weekday)
    case .month: return first(month)
    case .quarter: return first((month - 1) / 3 * 3 + 1)
    case .year: return first(1)
    case .always: return CivilDay(number: 0)
    }
  }
}

extension ProductFilter {
  /// The same for equal filters on every machine.
  func mix(into hash: inout StableHash) {
    func list(_ word: String, _ raws: [Int64]) {
      hash.mix(word)
      for raw in raws { hash.mix(raw) }
    }
    func parts(_ word: String, _ filters: [ProductFilter]) {
      hash.mix(word)
      hash.mix(Int64(filters.count))
      for filter in filters { filter.mix(into: &hash) }
    }
    switch self {
    case .everything: hash.mix("everything")
    case .products(let ids): list("products", ids.raws)
    case .categories(let ids): list("categories", ids.raws)
    case .brands(let ids): list("brands", ids.raws)
    case .manufacturers(let ids): list("manufacturers", ids.raws)
    case .attributes(let ids): list("attributes", ids.raws)
    case .flagged(let flags): list("flagged", [Int64(flags.rawValue)])
    case .price(let least, let most): list("price", [least?.minor ?? -1, most?.minor ?? -1])
    case .favourites: hash.mix("favourites")
    case .all(let filters): parts("all", filters)
    case .any(let filters): parts("any", filters)
    case .none(let filters): parts("none", filters)
    }
  }
}
