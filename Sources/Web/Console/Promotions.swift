import Access
import Calculator
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  var promotionDoors: [Door] {
    [
      .page("/console/promotions", .seeFigures, promotions)
    ]
  }

  /// Every promotion with what it gives. One statement; the rules themselves are in memory.
  func promotions(_ visit: Visit) async throws -> Answer {
    let (programme, after) = (try visit.programme, visit.call.query["after"].flatMap { PromotionID($0) })
    let stored = try await database.read { tx in
      try Promotions(of: programme).all(after: after, limit: Limits.page, in: &tx)
    }
    return visit.show(PromotionListPage(stored: stored, rules: try visit.floor.rules, visit: visit).page, in: .promotions)
  }
}

struct PromotionListPage {
  let stored: [StoredPromotion]
  let rules: RuleBook
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var running: [PromotionID: Promotion] {
    Dictionary(rules.promotions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var page: Page {
    let count = reader.count(rules.promotions.count, ("акция", "акции", "акций"), ("promotion", "promotions"))
    return Page(
      title: reader("Акции", "Promotions"),
      notes: [
        reader("На кассах правила версии \(rules.version): \(count)", "Tills have rules of version \(rules.version): \(count)")
      ],
      body: "<div class=\"page-body\">\(stored.isEmpty ? empty : table)</div>")
  }

  private var empty: Markup {
    """
    <section class="panel"><div class="empty"><div><h2>\(reader("Акций ещё нет", "There are no promotions yet"))</h2>\
    <p>\(reader("Акция говорит, кому, за что и сколько: скидку, подарок или баллы. Пока их загружают из файла правил.", "A promotion says who gets what for which goods: a reduction, a gift or points. For now they come from a file of rules."))</p></div>\
    <div class="example"><code class="break">regulars rules publish</code></div></div></section>
    """
  }

  private var table: Markup {
    let running = running
    let rows = stored.map { stored -> Markup in
      let promotion = running[stored.id]
      return """
        <tr><th scope="row">\(name(stored, promotion))<small>\(stored.code)</small></th><td>\(badge(stored.status, promotion))</td>\
        <td>\(promotion.map { BenefitWords(reader: reader).sentence($0.benefit) } ?? "–")</td>\
        <td class="nowrap">\(promotion.map(period) ?? "–")</td><td>\(promotion.map(limits) ?? "–")</td>\
        <td class="num">\(reader.number(stored.version))</td></tr>
        """
    }
    let more = stored.count == Limits.page ? stored.last?.id : nil
    return DataTable(
      label: reader("Акции", "Promotions"),
      columns: [
        .text(reader("Акция", "Promotion")), .text(reader("Состояние", "State")), .text(reader("Что даёт", "What it gives")),
        .text(reader("Когда", "When")), .text(reader("Лимиты", "Limits")), .number(reader("Версия", "Version")),
      ], rows: rows
    ).panel(foot: reader.further(more.map { "/console/promotions?after=\($0)" }))
  }

  private func name(_ stored: StoredPromotion, _ promotion: Promotion?) -> String {
    if let promotion { return reader(promotion.name) }
    return stored.body["name"]?[reader.language.rawValue]?.text ?? stored.code
  }

  private func badge(_ status: StoredPromotion.Status, _ promotion: Promotion?) -> Markup {
    switch status {
    case .running where promotion == nil: "<span class=\"badge warn\">\(reader("ждёт публикации", "waits to be published"))</span>"
    case .running where promotion.flatMap(\.until).map { $0 <= visit.call.at } ?? false:
      "<span class=\"badge\">\(reader("прошла", "over"))</span>"
    case .running where promotion.flatMap(\.from).map { $0 > visit.call.at } ?? false:
      "<span class=\"badge\">\(reader("ещё не началась", "not begun"))</span>"
    case .running: "<span class=\"badge good\">\(Icon.check.usual)\(reader("идёт", "running"))</span>"
    case .paused: "<span class=\"badge warn\">\(reader("на паузе", "paused"))</span>"
    case .draft: "<span class=\"badge\">\(reader("черновик", "draft"))</span>"
    case .archived: "<span class=\"badge\">\(reader("в архиве", "archived"))</span>"
    }
  }

  private func period(_ promotion: Promotion) -> String {
    switch (promotion.from, promotion.until) {
    case (nil, nil): reader("всегда", "always")
    case (let from?, nil): reader("с \(reader.date(from))", "from \(reader.date(from))")
    case (nil, let until?): reader("до \(reader.date(until))", "until \(reader.date(until))")
    case (let from?, let until?): "\(reader.date(from)) – \(reader.date(until))"
    }
  }

  private func limits(_ promotion: Promotion) -> String {
    let limits = promotion.limits
    var parts: [String] = []
    if let budget = limits.budgetMoney { parts.append(reader("бюджет \(reader.money(budget))", "budget \(reader.money(budget))")) }
    if let total = limits.total { parts.append(reader("всего \(reader.number(total))", "\(reader.number(total)) in all")) }
    if let member = limits.perMember {
      parts.append(reader("на участника \(reader.number(member))", "\(reader.number(member)) a member"))
    }
    if let day = limits.perMemberDay {
      parts.append(reader("на участника в день \(reader.number(day))", "\(reader.number(day)) a member and day"))
    }
    if let store = limits.perStoreDay {
      parts.append(reader("на магазин в день \(reader.number(store))", "\(reader.number(store)) a store and day"))
    }
    if let receipt = limits.moneyPerReceipt {
      parts.append(reader("на чек \(reader.money(receipt))", "\(reader.money(receipt)) a receipt"))
    }
    return parts.isEmpty ? reader("нет", "none") : parts.joined(separator: ", ")
  }
}

/// What a benefit gives, in a sentence.
struct BenefitWords {
  let reader: Reader

  func sentence(_ benefit: Benefit) -> String {
    switch benefit {
    case .percent(let rate, _): reader("скидка \(percent(rate)) %", "\(percent(rate)) % off")
    case .amountPerUnit(let money): reader("скидка \(reader.money(money)) с каждой единицы", "\(reader.money(money)) off each unit")
    case .amount(let money): reader("скидка \(reader.money(money))", "\(reader.money(money)) off")
    case .fixedPrice(let money): reader("цена \(reader.money(money))", "\(reader.money(money)) each")
    case .fixedTotal(let money): reader("набор за \(reader.money(money))", "together for \(reader.money(money))")
    case .freeUnits(let buy, let free, let rate, _, _):
      rate.ppm == Rate.whole.ppm
        ? reader("\(buy) + \(free) в подарок", "\(buy) + \(free) free")
        : reader("\(buy) + \(free) со скидкой \(percent(rate)) %", "\(buy) + \(free) at \(percent(rate)) % off")
    case .gift(let units, let price):
      price == .zero
        ? reader("подарок, \(units) шт", "a gift, \(units) pcs")
        : reader("\(units) шт по \(reader.money(price))", "\(units) at \(reader.money(price))")
    case .earnRate(let rate): reader("\(percent(rate)) % баллами", "\(percent(rate)) % in points")
    case .earnPerStep(let points, let step):
      reader("\(reader.points(points)) за каждые \(reader.money(step))", "\(reader.points(points)) for each \(reader.money(step))")
    case .earnMultiplier(let rate):
      reader("баллы × \(percent(Rate(ppm: rate.ppm / 100)))", "points × \(percent(Rate(ppm: rate.ppm / 100)))")
    case .earnFixed(let points): reader("\(reader.points(points)) баллов", "\(reader.points(points)) points")
    }
  }

  private func percent(_ rate: Rate) -> String {
    rate.ppm % 10_000 == 0 ? reader.number(rate.ppm / 10_000) : reader.decimal(rate.ppm / 100, digits: 2)
  }
}
