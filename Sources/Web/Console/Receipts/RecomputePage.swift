import Access
import Calculator
import Kernel
import Loyalty
import Storage

/// The receipt by other rules, beside what was sold. Nothing is written.
struct Recomputed: Sendable {
  let book: RuleBook
  let calculation: Calculation
  /// As if it had been sold then; nil: when it was.
  let moment: Instant?
}

extension ConsoleDesk {
  func recompute(_ visit: Visit) async throws -> Answer {
    let story = try await story(visit)
    let query = Form(visit.call.query)
    var page = RecomputePage(story: story, query: query, visit: visit)
    do { page.found = try Self.recomputed(story, query, visit) } catch let problem as Problem { page.refusal = problem }
    var answer = visit.show(page.page, in: .receipts)
    if page.refusal != nil { answer.status = 422 }
    return answer
  }

  /// Nil before anything was chosen. - Throws: `Problem.invalid` (`bad_moment`, `bad_version`).
  private static func recomputed(_ story: ReceiptStory, _ query: Form, _ visit: Visit) throws -> Recomputed? {
    let floor = try visit.floor
    let scope = CalculationScope(offersChoices: false)
    if !query["version"].isEmpty {
      guard let version = Int64(query["version"]), let book = floor.shelf[version] else { throw badVersion }
      return Recomputed(book: book, calculation: try story.receipt.priced(by: book, scope: scope), moment: nil)
    }
    guard !query["date"].isEmpty else { return nil }
    guard let day = CivilDay(query["date"]), let clock = Clock(query["time"].isEmpty ? "12:00" : query["time"]),
      let code = floor.storeCode(story.receipt.store), let till = floor.till(store: code, register: story.entry.key.register)
    else { throw badMoment }
    let moment = till.facts.zone.instant(day, clock)
    let book = floor.shelf.book(at: moment)
    return Recomputed(
      book: book, calculation: try story.receipt.priced(by: book, at: moment, in: till.facts.zone, scope: scope), moment: moment)
  }

  private static let badMoment = Problem(
    .invalid, "bad_moment", "a date and a time are expected",
    cashier: LocalText(ru: "Нужны дата и время", en: "A date and a time are expected"))
  private static let badVersion = Problem(
    .invalid, "bad_version", "there are no rules of this version",
    cashier: LocalText(ru: "Правил такой версии нет", en: "There are no rules of this version"))
}

struct RecomputePage {
  let story: ReceiptStory
  let query: Form
  let visit: Visit
  var found: Recomputed?
  var refusal: Problem?

  private var reader: Reader { visit.reader }
  private var receipt: Receipt { story.receipt }

  var page: Page {
    let number = story.entry.key.number
    return Page(
      title: reader("Чек \(number) по другим правилам", "Receipt \(number) by other rules"),
      notes: [
        reader("продан \(reader.moment(receipt.soldAt))", "sold \(reader.moment(receipt.soldAt))"),
        receipt.isPast
          ? reader("прежняя система", "the former system")
          : reader("по правилам версии \(receipt.rules)", "by rules of version \(receipt.rules)"),
        reader("ничего не записывается", "nothing is written"),
      ],
      crumbs: story.way(reader),
      body:
        "<div class=\"page-body\">\(refusal.map { Notice.refusal($0, reader) })<div class=\"columns\">\(byMoment)\(byVersion)</div>\(result)</div>"
    )
  }

  private func panel(_ title: String, _ fields: [Markup], _ hint: String) -> Markup {
    """
    <section class="panel"><header class="panel-head"><h2>\(title)</h2></header>\
    <form class="inline-form" method="get" action="\(receipt.path)/rules"><div class="fields narrow">\(fields)</div>\
    <p class="muted">\(hint)</p><div><button class="button">\(Icon.flask.small)\(reader("Пересчитать", "Price it"))</button></div></form></section>
    """
  }

  private var byMoment: Markup {
    let civil = reader.zone.civil(at: receipt.soldAt)
    let fields = [
      Field(
        name: "date", label: reader("Дата", "Date"), value: query["date"].isEmpty ? civil.day.description : query["date"],
        type: "date"
      ).html,
      Field(
        name: "time", label: reader("Время", "Time"),
        value: query["time"].isEmpty ? String(civil.clock.description.prefix(5)) : query["time"], type: "time"
      ).html,
    ]
    return panel(
      reader("Как если бы купили тогда", "As if it had been bought then"), fields,
      reader(
        "Правила, сроки акций, дни и часы – того момента. Участник, его баллы и лимиты – как в день покупки.",
        "Rules, terms of promotions, days and hours of that moment. The member, their points and the limits as on the day of sale.")
    )
  }

  private var byVersion: Markup {
    let editions = (visit.sales?.shelf.editions ?? []).suffix(100).reversed()
    let options = editions.map { edition in
      (
        String(edition.version),
        reader(
          "версия \(edition.version), с \(reader.moment(edition.since))",
          "version \(edition.version), since \(reader.moment(edition.since))")
      )
    }
    let chosen = query["version"].isEmpty ? String(receipt.rules) : query["version"]
    return panel(
      reader("По версии правил", "By a version of the rules"),
      [Choice(name: "version", label: reader("Версия", "Version"), options: options, chosen: chosen).html],
      reader("Момент покупки остаётся своим: меняются только правила.", "The moment of sale stays its own: only the rules change."))
  }

  private var result: Markup? {
    guard let found else { return nil }
    let title = reader("Продано и по правилам версии \(found.book.version)", "Sold, and by rules of version \(found.book.version)")
    let rows = zip(story.lines, found.calculation.lines).map(row)
    let table = DataTable(
      label: title,
      columns: [
        .text(reader("Товар", "Goods")), .number(reader("Продано", "Sold")), .number(reader("По правилам", "By these rules")),
        .number(reader("Разница", "Difference")), .number(reader("Начислено", "Earned")),
        .number(reader("Начислилось бы", "Would earn")), .number(reader("Разница баллов", "Difference in points")),
      ], rows: rows + [total(found.calculation)]
    ).panel(heading: true)
    return "\(summary(found.calculation))\(table)<div class=\"columns\">\(promotions(found))\(reasons(found))</div>"
  }

  private func row(_ line: ReceiptStory.Line, _ priced: CalculatedLine) -> Markup {
    """
    <tr><th scope="row">\(line.name(reader))<small>\(reader.quantity(line.sold.quantity, line.unit))</small></th>\
    <td class="num">\(reader.amount(line.sold.amount))</td><td class="num">\(reader.amount(priced.amount))</td>\
    <td class="num">\(difference(priced.amount - line.sold.amount))</td><td class="num">\(reader.points(line.sold.earned))</td>\
    <td class="num">\(reader.points(priced.earned))</td><td class="num">\(difference(priced.earned - line.sold.earned))</td></tr>
    """
  }

  private func total(_ priced: Calculation) -> Markup {
    """
    <tr class="sum"><th scope="row">\(reader("Итого", "Total"))</th><td class="num">\(reader.amount(receipt.amount))</td>\
    <td class="num">\(reader.amount(priced.amount))</td><td class="num">\(difference(priced.amount - receipt.amount))</td>\
    <td class="num">\(reader.points(receipt.earned))</td><td class="num">\(reader.points(priced.earned))</td>\
    <td class="num">\(difference(priced.earned - receipt.earned))</td></tr>
    """
  }

  private func difference(_ money: Money) -> String {
    money == .zero ? "0" : reader.signed(reader.amount(money), isPositive: money > .zero)
  }

  private func difference(_ points: Points) -> String {
    points == .zero ? "0" : reader.signed(reader.points(points), isPositive: points > .zero)
  }

  private func summary(_ priced: Calculation) -> Markup {
    let (money, points) = (priced.amount - receipt.amount, priced.earned - receipt.earned)
    if money == .zero, points == .zero {
      return Notice.good(reader("По этим правилам вышло бы то же самое.", "By these rules it would have come to the same."))
    }
    let word =
      money < .zero
      ? reader("дешевле на \(reader.money(-money))", "\(reader.money(-money)) less")
      : reader("дороже на \(reader.money(money))", "\(reader.money(money)) more")
    return Notice.info(
      reader(
        "По этим правилам чек был бы \(money == .zero ? "на ту же сумму" : word), баллов – \(points == .zero ? "столько же" : difference(points)).",
        "By these rules the receipt would come to \(money == .zero ? "the same sum" : word), and earn \(points == .zero ? "as many points" : difference(points) + " points")."
      ))
  }
}

// MARK: promotions

extension RecomputePage {
  /// What one promotion gave then, and what it would give.
  private struct Given {
    let code: String
    let name: LocalText
    var then: (Money, Points) = (.zero, .zero)
    var now: (Money, Points) = (.zero, .zero)
  }

  /// By their codes: places differ between versions.
  private func given(_ found: Recomputed) -> [Given] {
    var rows: [Given] = []
    func place(_ promotion: Promotion) -> Int {
      if let place = rows.firstIndex(where: { $0.code == promotion.code }) { return place }
      rows.append(Given(code: promotion.code, name: promotion.name))
      return rows.count - 1
    }
    if let rules = story.rules {
      for applied in story.again?.promotions ?? [] {
        let index = place(rules.promotions[applied.index])
        rows[index].then = (applied.money, applied.points)
      }
    }
    for applied in found.calculation.promotions {
      let index = place(found.book.promotions[applied.index])
      rows[index].now = (applied.money, applied.points)
    }
    return rows
  }

  private func promotions(_ found: Recomputed) -> Markup? {
    let rows = given(found)
    guard !rows.isEmpty else { return nil }
    let html = rows.map { row -> Markup in
      """
      <tr><th scope="row">\(reader(row.name))<small>\(row.code)</small></th><td class="num">\(gave(row.then))</td>\
      <td class="num">\(gave(row.now))</td></tr>
      """
    }
    return DataTable(
      label: reader("Что дали акции", "What promotions gave"),
      columns: [
        .text(reader("Акция", "Promotion")), .number(reader("Тогда", "Then")),
        .number(reader("По этим правилам", "By these rules")),
      ], rows: html, width: .tight
    ).panel(heading: true)
  }

  private func gave(_ gift: (Money, Points)) -> String {
    let parts = [
      gift.0 == .zero ? nil : reader.amount(-gift.0),
      gift.1 == .zero ? nil : "+" + reader.points(gift.1) + "\u{a0}" + reader("б.", "pts"),
    ].compactMap { $0 }
    return parts.isEmpty ? "–" : parts.joined(separator: ", ")
  }

  private func reasons(_ found: Recomputed) -> Markup? {
    guard !found.calculation.reasons.isEmpty else { return nil }
    let sentences = Sentences(rules: found.book)
    let rows = found.calculation.reasons.prefix(Limits.reasons).map { ReceiptReasons.row($0, found.book, sentences, reader) }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Что не сработало бы и почему", "What would not apply, and why"))</h2></header>\
      <ul class="items top ruled">\(rows)</ul></section>
      """
  }
}
