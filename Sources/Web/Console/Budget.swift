import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// How far a running promotion has used what it may give in one place: of its limits there the one that ends first.
struct Budget: Sendable {
  enum Measure: Sendable {
    case money(used: Money, of: Money)
    case points(used: Points, of: Points)
    case uses(used: Int64, of: Int64)
  }

  /// For what the limit is; a day's begins anew on the next.
  enum Place: Hashable, Sendable {
    case always
    case today
    case store(String)
    case storeToday(String)
  }

  let promotion: Promotion
  let place: Place
  let measure: Measure

  /// In tenths of a percent; above the whole where a till had no network.
  var permille: Int64 {
    switch measure {
    case .money(let used, let all): Self.permille(used.minor, all.minor)
    case .points(let used, let all): Self.permille(used.units, all.units)
    case .uses(let used, let all): Self.permille(used, all)
    }
  }

  private static func permille(_ used: Int64, _ all: Int64) -> Int64 {
    all > 0 ? scaled(max(0, used), by: 1_000, over: all, .down) : 1_000
  }

  /// What is used up stays so: somebody should know.
  var isLasting: Bool {
    switch place {
    case .always, .store: true
    case .today, .storeToday: false
    }
  }

  /// Nil where there is no such limit.
  fileprivate init?(_ promotion: Promotion, _ scope: LimitScope, _ place: Place, _ used: Used) {
    let limits = promotion.limits[scope]
    let measures: [Measure] = [
      limits.money.map { .money(used: used.money, of: $0) }, limits.points.map { .points(used: used.points, of: $0) },
      limits.uses.map { .uses(used: used.uses, of: $0) },
    ].compactMap { $0 }
    let budgets = measures.map { Budget(promotion: promotion, place: place, measure: $0) }
    guard let fullest = budgets.max(by: { $0.permille < $1.permille }) else { return nil }
    self = fullest
  }

  private init(promotion: Promotion, place: Place, measure: Measure) {
    (self.promotion, self.place, self.measure) = (promotion, place, measure)
  }

  /// Where it holds; nil for the whole promotion.
  func words(of place: Place, _ reader: Reader) -> String? {
    switch place {
    case .always: nil
    case .today: reader("сегодня, вся сеть", "today, the whole chain")
    case .store(let name): reader("магазин \(name)", "store \(name)")
    case .storeToday(let name): reader("сегодня, магазин \(name)", "today, store \(name)")
    }
  }

  func words(_ reader: Reader) -> String {
    let used =
      switch measure {
      case .money(let used, let all):
        reader("\(reader.money(used)) из \(reader.money(all))", "\(reader.money(used)) of \(reader.money(all))")
      case .points(let used, let all):
        reader("\(reader.points(used)) из \(reader.points(all)) баллов", "\(reader.points(used)) of \(reader.points(all)) points")
      case .uses(let used, let all):
        reader("\(reader.number(used)) из \(reader.number(all)) раз", "\(reader.number(used)) of \(reader.number(all)) times")
      }
    return words(of: place, reader).map { "\($0): \(used)" } ?? used
  }
}

/// Budgets of running promotions: of each in all and today, and of the stores that have used most of theirs.
struct BudgetMeters: Sendable {
  /// Stores of one promotion that are told.
  private static let most = 6

  /// The fullest first.
  let all: [Budget]
  /// How many stores were looked at, where there are more.
  let storesSeen: Int?

  /// Two statements, and one more for each further `Limits.bulk` stores. Promotions that have not begun, are over, or have no such limit are left
  /// out; a day is that of the programme's zone, as on a promotion's page.
  static func read(of floor: SalesFloor, at now: Instant, in tx: inout Transaction) throws -> BudgetMeters {
    let running = floor.rules.promotions.filter { promotion in
      promotion.from.map { $0 <= now } ?? true && promotion.until.map { $0 > now } ?? true
    }
    func limited(_ scopes: LimitScope..., upTo most: Int) -> [Promotion] {
      Array(running.filter { promotion in scopes.contains { !promotion.limits[$0].isNone } }.prefix(most))
    }
    let chain = limited(.total, .day, upTo: Limits.page)
    let today = BudgetClock(now: now, zone: floor.programme.settings.points.zone).today
    let used = try floor.receipts.sharedUse(of: chain.map(\.id), on: today, in: &tx)
    var budgets = chain.flatMap { promotion in
      let used = used[promotion.id] ?? SharedUsage()
      return [Budget(promotion, .total, .always, used.all), Budget(promotion, .day, .today, used.day)].compactMap { $0 }
    }
    let local = limited(.store, .storeDay, upTo: Limits.storeBudgets)
    let (stores, seen) = try StoreBudgetUse.fullest(
      of: floor.programme.account, local.map(\.id), in: floor.everyStore.map(\.id),
      ever: local.contains { !$0.limits[.store].isNone },
      on: local.contains { !$0.limits[.storeDay].isNone } ? today : nil, most: most, in: &tx)
    let names = Dictionary(floor.everyStore.map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first })
    let byID = Dictionary(local.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    budgets += stores.compactMap { use in
      guard let promotion = byID[use.promotion] else { return nil }
      let name = names[use.store] ?? "\(use.store)"
      return Budget(
        promotion, use.isOfDay ? .storeDay : .store, use.isOfDay ? .storeToday(name) : .store(name), use.used)
    }
    return BudgetMeters(
      all: budgets.sorted { $0.permille > $1.permille }, storesSeen: seen < floor.everyStore.count ? seen : nil)
  }
}
