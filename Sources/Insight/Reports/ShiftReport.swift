import Access
import Cube
import Kernel
import Loyalty
import Storage

/// Our receipts against the sums that tills stated when they closed their shifts, store by store and day by day.
extension ReportDesk {
  /// Reads a row for each store and day of both periods and one for each of their shifts; no receipt.
  func shifts(_ ground: Ground) async throws -> ReportSheet {
    let (account, period, filters) = (programme.account, ground.period, filters)
    guard period.length <= Limits.reconciledDays else {
      throw Problem.report("too_long", "shifts are reconciled over at most \(Limits.reconciledDays) days at a time")
    }
    let (stores, now, before, yearAgo, untied) = try await database.read { tx in
      let all = try Places(of: account).everyStore(in: &tx).sorted { $0.details.code < $1.details.code }
      let stores = try StoresHeld(filters, all).stores
      let ids = stores.map(\.id)
      return (
        stores, try ShiftBalance.read(of: account, stores: ids, days: period.days, in: &tx),
        try ShiftBalance.read(of: account, stores: ids, days: period.before, in: &tx),
        try ShiftBalance.read(of: account, stores: ids, days: period.yearAgo, in: &tx),
        try Self.untied(of: account, period.days, Set(ids), in: &tx)
      )
    }
    let balance = ShiftsReconciled(stores, now, before, yearAgo)
    var result = sheet(.shifts, ground, [balance.byStore, balance.byDay, balance.untied(untied, programme.settings.points.zone)])
    let unclosed = now.count { $0.isUnclosed }
    if unclosed > 0 {
      result.warnings.append(
        LocalText(
          ru: "Продавали, но ни одной смены не закрыли: дней магазинов – \(unclosed).",
          en: "Something was sold and no shift was closed: days of stores – \(unclosed)."))
    }
    if untied.count == Limits.untiedShifts {
      result.warnings.append(
        LocalText(
          ru: "Не сошлось больше \(Limits.untiedShifts) смен; показаны последние.",
          en: "More than \(Limits.untiedShifts) shifts do not tie; the latest are shown."))
    }
    if !now.isEmpty, now.allSatisfy(\.agrees) {
      result.remarks.append(
        LocalText(
          ru: "Все смены сошлись, и все чеки – в закрытых сменах.", en: "All shifts tie, and all receipts are in closed shifts."))
    }
    return result
  }

  private static func untied(
    of account: AccountID, _ days: ClosedRange<CivilDay>, _ stores: Set<StoreID>, in tx: inout Transaction
  ) throws -> [ShiftSummary] {
    var (found, last) = ([ShiftSummary](), nil as (day: CivilDay, id: ShiftClosingID)?)
    while found.count < Limits.untiedShifts {
      let page = try Shifts.untied(of: account, days: days, before: last, limit: Limits.page, in: &tx)
      found += page.map(\.shift).filter { stores.contains($0.key.store) }
      guard page.count == Limits.page, let end = page.last else { break }
      last = (end.shift.key.day, end.id)
    }
    return Array(found.prefix(Limits.untiedShifts))
  }
}

/// Stores that filters let in. Also those that never sold anything, of which the cube knows nothing.
private struct StoresHeld {
  let stores: [Store]

  /// - Throws: `Problem.invalid` for a word that no store has.
  init(_ filters: [Pivot.Filter], _ all: [Store]) throws(Problem) {
    for filter in filters {
      let known = Set(all.map { Self.word($0, filter.dimension) })
      guard let place = filter.labels.firstIndex(where: { !known.contains($0) }) else { continue }
      let message = "\(filter.dimension.rawValue) has no \(filter.labels[place])"
      throw Problem(
        .invalid, "invalid_input", message,
        issues: [Issue(pointer: "/filters/\(filter.dimension.rawValue)/\(place)", code: "unknown", message: message)])
    }
    stores = all.filter { store in
      filters.allSatisfy { $0.labels.contains(Self.word(store, $0.dimension)) != $0.isExcluded }
    }
  }

  /// As the cube has it.
  private static func word(_ store: Store, _ dimension: Dimension) -> String {
    let word =
      switch dimension {
      case .city: store.details.address.city ?? ""
      case .region: store.details.address.region ?? ""
      case .sign: store.details.brand
      default: store.details.code
      }
    return word.isEmpty ? CubeFrames.none : word
  }
}

private struct ShiftsReconciled {
  private let names: [StoreID: String]
  private let stores: [StoreID]
  private let now: [ShiftBalance]
  private let before: [StoreID: ShiftBalance]
  private let yearAgo: [StoreID: ShiftBalance]

  init(_ stores: [Store], _ now: [ShiftBalance], _ before: [ShiftBalance], _ yearAgo: [ShiftBalance]) {
    names = Dictionary(stores.map { ($0.id, $0.details.name) }, uniquingKeysWith: { first, _ in first })
    self.stores = stores.map(\.id)
    self.now = now
    self.before = Dictionary(before.map { ($0.store, $0) }, uniquingKeysWith: +)
    self.yearAgo = Dictionary(yearAgo.map { ($0.store, $0) }, uniquingKeysWith: +)
  }

  private static let sums: [ReportSheet.Column] = [
    .init("shifts", LocalText(ru: "Смены", en: "Shifts"), .count),
    .init("untied", LocalText(ru: "Не сошлись", en: "Not tied"), .count),
    .init("stated", LocalText(ru: "Чеки по кассам", en: "Receipts by tills"), .count),
    .init("found", LocalText(ru: "Чеки у нас", en: "Receipts here"), .count),
    .init("stated-amount", LocalText(ru: "Продажи по кассам", en: "Sales by tills"), .money),
    .init("found-amount", LocalText(ru: "Продажи у нас", en: "Sales here"), .money),
    .init("difference", LocalText(ru: "Разница продаж", en: "Difference of sales"), .money),
    .init("returns-difference", LocalText(ru: "Разница возвратов", en: "Difference of returns"), .money),
    .init("missing", LocalText(ru: "Не дошли", en: "Missing"), .count),
    .init("surplus", LocalText(ru: "Лишние", en: "Surplus"), .count),
    .init("different", LocalText(ru: "Другая сумма", en: "Other amounts"), .count),
    .init("outside", LocalText(ru: "Вне закрытых смен", en: "Outside closed shifts"), .count),
    .init("outside-amount", LocalText(ru: "На сумму", en: "Their amount"), .money),
    .init("earned", LocalText(ru: "Начислено бонусов", en: "Points earned"), .points),
    .init("spent", LocalText(ru: "Списано бонусов", en: "Points spent"), .points),
  ]

  private static func cells(_ one: ShiftBalance) -> [ReportSheet.Cell] {
    [
      .number(Int64(one.shifts.closed)), .number(Int64(one.shifts.closed - one.shifts.tied)), .number(Int64(one.statedSales.count)),
      .number(Int64(one.foundSales.count)), .number(one.statedSales.amount.minor), .number(one.foundSales.amount.minor),
      .number((one.foundSales.amount - one.statedSales.amount).minor),
      .number((one.foundReturns.amount - one.statedReturns.amount).minor), .number(Int64(one.shifts.missing)),
      .number(Int64(one.shifts.surplus)), .number(Int64(one.shifts.different)), .number(Int64(one.outside.count)),
      .number(one.outside.amount.minor), .number(one.totals.earned.units), .number(one.totals.spent.units),
    ]
  }

  private static let nothing = Array(repeating: ReportSheet.Cell.number(0), count: sums.count)

  var byStore: ReportSheet.Part {
    let byStore = Dictionary(grouping: now, by: \.store)
    let known = stores.filter { byStore[$0] != nil || before[$0] != nil || yearAgo[$0] != nil }
    func past(_ some: [ShiftBalance]) -> [ReportSheet.Cell] {
      [
        .number(some.reduce(Int64(0)) { $0 + Int64($1.shifts.closed - $1.shifts.tied) }),
        .number(some.reduce(Int64(0)) { $0 + ($1.foundSales.amount - $1.statedSales.amount).minor }),
      ]
    }
    func row(
      _ title: ReportSheet.Cell, _ some: [ShiftBalance], _ before: [ShiftBalance], _ yearAgo: [ShiftBalance]
    ) -> [ReportSheet.Cell] {
      let cells = some.dropFirst().reduce(some.first) { sum, one in sum.map { $0 + one } }.map(Self.cells) ?? Self.nothing
      let unclosed = some.count { $0.isUnclosed }
      return [title] + cells + [.number(Int64(unclosed))] + past(before) + past(yearAgo)
    }
    let rows = known.map { store in
      row(
        .text(names[store] ?? "\(store)"), byStore[store] ?? [], before[store].map { [$0] } ?? [],
        yearAgo[store].map { [$0] } ?? [])
    }
    let total = row(.word(LocalText(ru: "Все магазины", en: "All stores")), now, Array(before.values), Array(yearAgo.values))
    let columns =
      [ReportSheet.Column("store", LocalText(ru: "Магазин", en: "Store"), .text)] + Self.sums + [
        .init("unclosed", LocalText(ru: "Дней без закрытия", en: "Days not closed"), .count),
        .init("untied-before", LocalText(ru: "Не сошлись раньше", en: "Not tied before"), .count),
        .init("difference-before", LocalText(ru: "Разница раньше", en: "Difference before"), .money),
        .init("untied-year-ago", LocalText(ru: "Не сошлись год назад", en: "Not tied a year ago"), .count),
        .init("difference-year-ago", LocalText(ru: "Разница год назад", en: "Difference a year ago"), .money),
      ]
    var part = ReportSheet.Part("stores", LocalText(ru: "По магазинам", en: "By store"), columns, rows + [total])
    part.totals = 1
    part.note = LocalText(
      ru:
        "По кассам – итоги, которые касса прислала при закрытии смены; у нас – дошедшие чеки с номером этой смены, как их застала последняя сверка. Разница – у нас минус по кассам. Вне закрытых смен – чеки дня без закрытой смены; минус, если смена захватила чеки другого дня. Бонусы – по нашим чекам: касса их в итогах не присылает.",
      en:
        "By tills is what a till stated when it closed its shift; here are the receipts that arrived with the number of that shift, as last looked at. The difference is ours less the till's. Outside closed shifts are receipts of the day in none; below zero where a shift reached into another day. Points are of our receipts: tills state none."
    )
    return part
  }

  /// Days on which something does not agree, the latest first.
  var byDay: ReportSheet.Part {
    let off = now.filter { !$0.agrees }.sorted { a, b in (b.day, names[a.store] ?? "") < (a.day, names[b.store] ?? "") }
    let columns =
      [
        ReportSheet.Column("store", LocalText(ru: "Магазин", en: "Store"), .text),
        .init("day", LocalText(ru: "День", en: "Day"), .text),
      ] + Self.sums
    var part = ReportSheet.Part(
      "days", LocalText(ru: "Дни, которые не сходятся", en: "Days that do not agree"), columns,
      off.map { [.text(names[$0.store] ?? "\($0.store)"), .day($0.day)] + Self.cells($0) })
    part.links = off.map { .shifts($0.store, $0.day) }
    return part
  }

  func untied(_ shifts: [ShiftSummary], _ zone: Zone) -> ReportSheet.Part {
    let columns: [ReportSheet.Column] = [
      .init("shift", LocalText(ru: "Смена", en: "Shift"), .text), .init("register", LocalText(ru: "Касса", en: "Till"), .text),
      .init("store", LocalText(ru: "Магазин", en: "Store"), .text), .init("day", LocalText(ru: "День", en: "Day"), .text),
      .init("found", LocalText(ru: "Чеки у нас", en: "Receipts here"), .count),
      .init("found-amount", LocalText(ru: "Продажи у нас", en: "Sales here"), .money),
      .init("missing", LocalText(ru: "Не дошли", en: "Missing"), .count),
      .init("surplus", LocalText(ru: "Лишние", en: "Surplus"), .count),
      .init("different", LocalText(ru: "Другая сумма", en: "Other amounts"), .count),
      .init("checked", LocalText(ru: "Проверена", en: "Looked at"), .text),
    ]
    let rows = shifts.map { shift -> [ReportSheet.Cell] in
      [
        .text("\(shift.key.shift)"), .text(shift.key.register), .text(names[shift.key.store] ?? "\(shift.key.store)"),
        .day(shift.key.day), .number(Int64(shift.sales.count)), .number(shift.sales.amount.minor), .number(Int64(shift.missing)),
        .number(Int64(shift.surplus)), .number(Int64(shift.different)), .text(shift.checkedAt.spoken(in: zone)),
      ]
    }
    var part = ReportSheet.Part("shifts", LocalText(ru: "Смены, которые не сошлись", en: "Shifts that do not tie"), columns, rows)
    part.links = shifts.map { .shift($0.key) }
    return part
  }
}
