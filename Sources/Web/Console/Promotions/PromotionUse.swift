import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// How much of a promotion's shared limits is used up, and how fast.
struct PromotionUse: Sendable {
  let promotion: Promotion
  let used: SharedUsage
  /// Stores that have used most of what each may have, the fullest first: of all days …
  let stores: [StoreUse]
  /// … and of today.
  let storesToday: [StoreUse]
  let pace: PromotionPace
  let clock: BudgetClock

  struct StoreUse: Sendable {
    let name: String
    let used: Used
  }

  /// How many stores are shown.
  static var most: Int { 10 }

  /// Nil where it has no such limits, or there is no floor that counts.
  init?(of promotion: Promotion?, _ floor: SalesFloor?, at now: Instant, in tx: inout Transaction) throws {
    guard let promotion, let floor, promotion.limits.countsAll else { return nil }
    self.promotion = promotion
    let (limits, account) = (promotion.limits, floor.programme.account)
    clock = BudgetClock(now: now, zone: floor.programme.settings.points.zone)
    used =
      limits[.total].isNone && limits[.day].isNone
      ? SharedUsage() : try floor.receipts.sharedUse(of: [promotion.id], on: clock.today, in: &tx)[promotion.id] ?? SharedUsage()
    stores = try Self.stores(of: promotion, .store, floor, on: nil, in: &tx)
    storesToday = try Self.stores(of: promotion, .storeDay, floor, on: clock.today, in: &tx)
    let lasts = !limits[.total].isNone || !limits[.store].isNone
    pace =
      lasts
      ? try PromotionPace.read(of: account, promotion.id, before: clock.today, in: &tx)
      : PromotionPace(days: 0, given: .nothing, firstDay: nil)
  }

  private static func stores(
    of promotion: Promotion, _ scope: LimitScope, _ floor: SalesFloor, on day: CivilDay?, in tx: inout Transaction
  ) throws -> [StoreUse] {
    let limits = promotion.limits[scope]
    guard !limits.isNone else { return [] }
    var found: [(share: Int64, use: StoreUse)] = []
    for start in stride(from: 0, to: floor.everyStore.count, by: Limits.bulk) {
      let some = floor.everyStore[start..<min(start + Limits.bulk, floor.everyStore.count)]
      let uses = try BudgetUse.read(of: floor.programme.account, promotion.id, in: some.map(\.id), on: day, in: &tx)
      found += some.compactMap { store in
        uses[store.id].map { (limits.permille($0.used), StoreUse(name: store.details.name, used: $0.used)) }
      }
    }
    return found.sorted { ($1.share, $0.use.name) < ($0.share, $1.use.name) }.prefix(most).map(\.use)
  }
}

extension LimitSizes {
  /// How much of the limit that is nearest its end is used, in tenths of a percent.
  func permille(_ used: Used) -> Int64 {
    func part(_ used: Int64, _ most: Int64?) -> Int64 { most.map { scaled(max(0, used), by: 1_000, over: max(1, $0), .down) } ?? 0 }
    return max(
      part(used.uses, uses), part(used.money.minor, money?.minor), part(used.points.units, points?.units))
  }
}

/// What is used of a promotion's budgets, in a panel that moves by itself.
struct BudgetPanel {
  let use: PromotionUse?
  let reader: Reader

  /// - Parameter live: where news of it are heard; nil where nothing moves.
  func html(live: String?) -> Markup {
    let title = reader("Бюджет", "Budget")
    guard let use else {
      let text = reader(
        "Пределов на сеть или магазин нет: считать нечего", "There are no limits of the chain or of stores: nothing is counted")
      return
        "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><p class=\"panel-body muted\">\(text)</p></section>"
    }
    let parts = parts(use)
    guard let live else {
      return
        "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><div class=\"panel-body stack\">\(parts)</div></section>"
    }
    return """
      <section class="panel" data-live="\(live)" data-version="\(Self.version(parts))"><header class="panel-head"><h2>\(title)</h2>\
      <span class="badge good" data-live-mark hidden><span class="dot live"></span>\(reader("вживую", "live"))</span></header>\
      <div class="panel-body stack" data-part="meters">\(parts)</div></section>
      """
  }

  /// What moves, by the name of its place.
  var moving: LiveParts? {
    guard let use else { return nil }
    let parts = parts(use)
    return LiveParts(version: Self.version(parts), json: .object(["meters": .string(parts.source)]))
  }

  private static func version(_ parts: Markup) -> String {
    var hash = StableHash()
    hash.mix(parts.source)
    return String(hash.value, radix: 36)
  }

  private func parts(_ use: PromotionUse) -> Markup {
    let limits = use.promotion.limits
    let all = meters(limits[.total], use.used.all) {
      use.clock.forecast($0, of: $1, use.pace.given[$2], in: use.pace.days, until: use.last)
    }
    let today = meters(limits[.day], use.used.day) { used, most, _ in use.clock.forecastToday(used, of: most) }
    let stores = use.stores.map { store in
      (
        store.name,
        meters(limits[.store], store.used) { used, most, _ in use.clock.forecast(used, of: most, used, in: use.age, until: use.last)
        }
      )
    }
    let storesToday = use.storesToday.map { store in
      (store.name, meters(limits[.storeDay], store.used) { used, most, _ in use.clock.forecastToday(used, of: most) })
    }
    return Markup(
      [
        group(all, limits[.day].isNone ? nil : reader("За всю акцию, по всей сети", "In all, the whole chain")),
        group(today, reader("Сегодня, по всей сети", "Today, the whole chain")),
        group(
          stores, limits[.store], reader("Магазины, которые израсходовали больше всех", "Stores that have used most of theirs")),
        group(
          storesToday, limits[.storeDay],
          reader("Сегодня: магазины, которые израсходовали больше всех", "Today: stores that have used most of theirs")),
      ].compactMap { $0 })
  }

  private func group(_ meters: [Markup], _ title: String?) -> Markup? {
    guard !meters.isEmpty else { return nil }
    let head = title.map { title -> Markup in "<p class=\"soft\">\(title)</p>" }
    return "\(head)\(meters)"
  }

  private func group(_ stores: [(name: String, meters: [Markup])], _ limits: LimitSizes, _ title: String) -> Markup? {
    guard !limits.isNone else { return nil }
    guard !stores.isEmpty else {
      return "<p class=\"soft\">\(reader("Магазины ещё ничего не израсходовали", "No store has used anything yet"))</p>"
    }
    let rows = stores.map { store -> Markup in "<div class=\"stack\"><b>\(store.name)</b>\(store.meters)</div>" }
    return "<p class=\"soft\">\(title)</p>\(rows)"
  }

  private func meters(
    _ limits: LimitSizes, _ used: Used, _ forecast: (_ used: Int64, _ most: Int64, _ size: BudgetSize) -> BudgetForecast
  ) -> [Markup] {
    BudgetSize.allCases.compactMap { size in
      limits[size].map { most in
        let text = reader(
          "\(size.say(used[size], reader)) из \(size.say(most, reader)), осталось \(size.say(max(0, most - used[size]), reader))",
          "\(size.say(used[size], reader)) of \(size.say(most, reader)), \(size.say(max(0, most - used[size]), reader)) left")
        return UsageMeter(
          label: size.name(reader), part: used[size], whole: most, text: text, note: forecast(used[size], most, size).words(reader)
        ).html(reader)
      }
    }
  }
}

extension PromotionUse {
  /// The last day on which it is in force; nil where it has no end.
  fileprivate var last: CivilDay? {
    promotion.until.map { clock.zone.civil(at: $0 - Span(micros: 1)).day }
  }

  /// Whole days since it first gave something.
  fileprivate var age: Int { pace.firstDay.map { max(0, clock.today - $0) } ?? 0 }
}
