import Access
import Kernel
import Loyalty
import Storage

/// One store with what somebody who looks after it asks.
struct StoreCard: Sendable {
  let store: Store
  let brand: String
  let legalEntity: String
  let priceZone: String?
  let board: Board
  let tills: [TillState]
  let audit: [AuditEntry]

  /// Some dozen indexed statements, whatever the number of registers and receipts.
  static func read(
    _ id: StoreID, of account: AccountID, days: ClosedRange<CivilDay>, today: (Store) -> CivilDay, showsAudit: Bool,
    at now: Instant,
    in tx: inout Transaction
  ) throws -> StoreCard {
    let places = Places(of: account)
    let store = try places.store(id, in: &tx)
    let details = store.details
    return StoreCard(
      store: store, brand: try places.brands(in: &tx)[details.brand]?.details.name ?? details.brand,
      legalEntity: try places.legalEntities(in: &tx)[details.legalEntity]?.details.name ?? details.legalEntity,
      priceZone: try details.priceZone.map { try places.priceZones(in: &tx)[$0]?.details.name ?? $0 },
      board: try Board.read(of: account, stores: [store], days: days, in: &tx),
      tills: try TillState.all(of: store, in: account, today: today(store), at: now, in: &tx),
      audit: showsAudit ? try AuditTrail(of: account).entries(of: id, limit: 10, in: &tx) : [])
  }
}

/// One till of a store, and when it was last heard from.
struct TillState: Sendable {
  /// Nil for one that sold without having been described.
  let register: Known<RegisterDetails>?
  let code: String
  /// Within the last day.
  let askedAt: Instant?
  /// As its last receipt prints it.
  let soldOn: CivilDay?
  let isSilent: Bool

  static func all(
    of store: Store, in account: AccountID, today: CivilDay, at now: Instant, in tx: inout Transaction
  ) throws -> [TillState] {
    let watch = TillWatch(of: account)
    let described = try Registers(of: account, in: store.id).all(in: &tx)
    let asked = try watch.asked(in: store.id, since: now - .days(1), in: &tx)
    let closing = try watch.closing(in: [store.id], at: now, in: &tx).map(\.register)
    let codes = Set(described.keys).union(asked.keys).union(closing).sorted().prefix(Limits.page)
    let tills = codes.map { TillPlace(store: store.id, register: $0) }
    let sold = try watch.lastSold(tills, in: &tx)
    // What is closed is not missed.
    let live = tills.filter { !store.details.isClosed && described[$0.register]?.details.isClosed != true }
    let silent = Set(try watch.silent(live, today: { _ in today }, at: now, in: &tx))
    return tills.map { till in
      TillState(
        register: described[till.register], code: till.register, askedAt: asked[till.register], soldOn: sold[till],
        isSilent: silent.contains(till))
    }
  }
}

extension ConsoleDesk {
  func store(_ visit: Visit) async throws -> Answer { try await store(visit, nil, nil) }

  /// - Parameters:
  ///   - form: what was typed for a new register.
  ///   - refusal: why it was not made.
  func store(_ visit: Visit, _ form: Form?, _ refusal: Problem?) async throws -> Answer {
    let id = try Self.storeID(visit)
    let (account, at, days, zones) = (visit.account.id, visit.call.at, visit.week, zones)
    let showsAudit = visit.may(.seeAudit)
    let card = try await database.read { tx in
      try StoreCard.read(
        id, of: account, days: days, today: { (zones($0.details.zone) ?? .utc).civil(at: at).day }, showsAudit: showsAudit, at: at,
        in: &tx)
    }
    var answer = visit.show(StorePage(card: card, visit: visit, form: form, refusal: refusal).page, in: .stores)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  static func storeID(_ visit: Visit) throws -> StoreID {
    guard let id = visit.call.path["store"].flatMap({ StoreID($0) }) else { throw noStore }
    return id
  }

  static let noStore = Problem(
    .notFound, "store_unknown", "there is no such store",
    cashier: LocalText(ru: "Такого магазина нет", en: "There is no such store"))
}

struct StorePage {
  let card: StoreCard
  let visit: Visit
  let form: Form?
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var details: StoreDetails { card.store.details }

  var page: Page {
    Page(
      title: details.name, marks: marks, actions: actions, notes: [details.code, place].compactMap { $0 },
      crumbs: [(reader("Магазины", "Stores"), "/console/stores")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(stats)\(tills)\(week)</div>\
        <aside class="aside stack">\(facts)\(newRegister)\(history)</aside></div>
        """)
  }

  private var place: String? {
    let parts = [details.address.region, details.address.city, details.address.street].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private var marks: Markup {
    details.isClosed ? "<span class=\"badge warn\">\(reader("закрыт", "closed"))</span>" : .nothing
  }

  private var actions: Markup {
    guard visit.may(.changePlaces) else { return .nothing }
    let (act, name) =
      details.isClosed
      ? ("open", reader("Открыть магазин", "Open the store")) : ("close", reader("Закрыть магазин", "Close the store"))
    return """
      <form method="post" action="\(card.store.path)/state">\(visit.key)<input type="hidden" name="act" value="\(act)">\
      <button class="button">\(name)</button></form>\
      <a class="button" href="\(card.store.path)/edit">\(reader("Изменить", "Edit"))</a>
      """
  }

  private var stats: Markup {
    let totals = card.board.rows.reduce(into: DayTotals()) { $0 += $1.totals }
    let share = reader.percent(Int64(totals.memberReceipts), of: Int64(totals.receipts)).map { $0 + "\u{a0}%" } ?? "–"
    let items = [
      (reader("Выручка за неделю", "Revenue of the week"), reader.money(totals.amount)),
      (reader("Чеков", "Receipts"), reader.number(Int64(totals.receipts))), (reader("С картой", "With card"), share),
      (reader("Начислено баллов", "Points earned"), reader.points(totals.earned)),
    ].map { name, value -> Markup in "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd></div>" }
    return "<dl class=\"stats of4\">\(items)</dl>"
  }

  // MARK: tills

  private var tills: Markup {
    let title = reader("Кассы", "Tills")
    guard !card.tills.isEmpty else {
      let text = reader(
        "Касс ещё нет. Опишите первую: её номер печатается на чеке.",
        "There are no tills yet. Describe the first: its number is printed on receipts.")
      return
        "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><div class=\"panel-body\">\(Notice.info(text))</div></section>"
    }
    return DataTable(
      label: title,
      columns: [
        .text(reader("Касса", "Till")), .text(reader("Состояние", "State")), .text(reader("Обращалась", "Last asked")),
        .text(reader("Последний чек", "Last receipt")),
      ], rows: card.tills.map(row)
    ).panel(heading: true)
  }

  private func row(_ till: TillState) -> Markup {
    let name: Markup =
      till.register.map { register -> Markup in
        "<a href=\"\(card.store.path)/registers/\(register.id)\">\(register.details.name)</a><small>\(till.code)</small>"
      } ?? "\(till.code)<small>\(reader("продаёт, но не описана", "sells, but nobody described it"))</small>"
    let asked = till.askedAt.map { reader.ago(visit.call.at - $0) } ?? reader("больше суток назад", "more than a day ago")
    return """
      <tr><th scope="row">\(name)</th><td>\(TillWords.badge(till, at: visit.call.at, reader))</td>\
      <td>\(till.askedAt == nil && till.soldOn == nil ? "–" : asked)</td><td>\(till.soldOn.map(reader.date) ?? "–")</td></tr>
      """
  }

  private var newRegister: Markup? {
    guard visit.may(.changePlaces) else { return nil }
    let faults = FormFaults(refusal, fields: ["code", "name"], reader)
    let unknown = card.tills.first { $0.register == nil }?.code ?? ""
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Описать кассу", "Describe a till"))</h2></header>\
      <form class="inline-form" method="post" action="\(card.store.path)/registers">\(visit.key)\(faults.notice)\
      \(Field(name: "code", label: reader("Номер", "Number"), value: form?["code"] ?? unknown, hint: reader("Как на фискальном чеке, или web для сайта", "As fiscal receipts print it, or web for a site"), fault: faults["code"], limit: Limits.code).html)\
      \(Field(name: "name", label: reader("Название", "Name"), value: form?["name"] ?? "", hint: reader("Пусто – как номер", "Nothing: the same as its number"), fault: faults["name"], isRequired: false).html)\
      <div><button class="button">\(Icon.plus.small)\(reader("Описать кассу", "Describe the till"))</button></div></form></section>
      """
  }

  // MARK: beside

  private var week: Markup {
    let rows = card.board.rows.reversed().map { row -> Markup in
      let path = "/console/shifts/\(card.store.id)/\(row.day)"
      return """
        <tr><th scope="row"><a href="\(path)">\(reader.weekday(row.day)), \(reader.day(row.day))</a></th>\
        <td class="num">\(reader.number(Int64(row.totals.receipts)))</td><td class="num">\(reader.amount(row.totals.amount))</td>\
        <td class="num">\(reader.amount(row.totals.returned))</td><td>\(ShiftWords.badge(row.shifts, reader))</td></tr>
        """
    }
    return DataTable(
      label: reader("Неделя по дням", "The week by day"),
      columns: [
        .text(reader("День", "Day")), .number(reader("Чеков", "Receipts")),
        .number("\(reader("Выручка", "Revenue")), \(reader.sign)"),
        .number("\(reader("Возвраты", "Returns")), \(reader.sign)"), .text(reader("Смены", "Shifts")),
      ], rows: rows
    ).panel(heading: true)
  }

  private var facts: Markup {
    FactList(rows: [
      (reader("Код", "Code"), "\(details.code)"), (reader("Бренд", "Brand"), "\(card.brand)"),
      (reader("Юридическое лицо", "Legal entity"), "\(card.legalEntity)"),
      (reader("Формат", "Format"), details.format.map { "\($0)" }),
      (reader("Ценовая зона", "Price zone"), card.priceZone.map { "\($0)" }),
      (reader("Регион", "Region"), details.address.region.map { "\($0)" }),
      (reader("Город", "City"), details.address.city.map { "\($0)" }),
      (reader("Адрес", "Street"), details.address.street.map { "\($0)" }),
      (reader("Координаты", "Coordinates"), details.coordinates.map { "\($0.description)" }),
      (reader("Часовой пояс", "Time zone"), "\(details.zone)"),
      (reader("Начало дня", "Day begins"), "\(String(details.dayStart.description.prefix(5)))"),
    ]).panel(reader("О магазине", "About the store"))
  }

  private var history: Markup? {
    guard !card.audit.isEmpty else { return nil }
    let items = card.audit.map { entry -> Markup in
      "<li>\(Icon.history.usual)<div>\(act(entry.act))<p>\(reader.moment(entry.at)), \(entry.actor)</p></div></li>"
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Изменения", "Changes"))</h2></header>\
      <ul class="items ruled">\(items)</ul></section>
      """
  }
}

extension StorePage {
  private func act(_ act: String) -> String {
    switch act {
    case "store.made": reader("Магазин заведён", "The store was made")
    case "store.changed": reader("Магазин изменён", "The store was changed")
    default: act
    }
  }
}

/// Words about tills.
enum TillWords {
  static func badge(_ till: TillState, at now: Instant, _ reader: Reader) -> Markup {
    if till.register?.details.isClosed == true { return "<span class=\"badge\">\(reader("закрыта", "closed"))</span>" }
    if till.isSilent { return "<span class=\"badge warn\">\(Icon.warning.usual)\(reader("молчит", "silent"))</span>" }
    if let asked = till.askedAt, now - asked < TillWatch.patience {
      return "<span class=\"badge good\">\(Icon.check.usual)\(reader("на связи", "in touch"))</span>"
    }
    return till.askedAt == nil && till.soldOn == nil
      ? "<span class=\"badge\">\(reader("ещё не работала", "has not worked yet"))</span>"
      : "<span class=\"badge\">\(reader("сейчас не продаёт", "does not sell now"))</span>"
  }

  /// The rule by which tills are called silent.
  static func rule(_ reader: Reader) -> String {
    reader(
      "Касса молчит, если два часа ни о чём не спрашивала, хотя в эти же часы спрашивала хотя бы в четыре из шести прошлых дней и продавала в этот же день неделю назад.",
      "A till is silent when it asked nothing for two hours, though in the same hours it asked on at least four of the six days before, and sold on this weekday a week ago."
    )
  }
}
