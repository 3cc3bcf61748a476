import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

extension ConsoleDesk {
  /// A saved version beside the other promotions that tills have: with which it meets on one line, what that leaves of the price, whether
  /// it can apply at all. Baskets are put together and calculated while the page waits; nothing is written.
  func promotionBeside(_ visit: Visit) async throws -> Answer {
    let view = try await looked(visit)
    var page = PromotionBeside(view: view, visit: visit)
    if let promotion = view.promotion {
      let book = view.bench.book(with: promotion, insteadOf: promotion.id).rolledOut
      let stakes = try await stakes(of: book, view.bench, visit)
      let company = PromotionBeside.company(of: promotion, in: book, view.bench, stakes, now: visit.call.at)
      let account = view.bench.programme.account
      let codes = company.products.compactMap { view.bench.names.code(.product, $0.raw) }
      let names = try await database.read { tx in
        try Catalogue(of: account).products(codes: Array(Set(codes)), in: &tx).values.map { ($0.id, $0.details.name.text) }
      }
      page.found = (company, book, Dictionary(names, uniquingKeysWith: { first, _ in first }))
      page.stakes = stakes
    }
    return visit.show(page.page, in: .promotions)
  }

  /// Prices and costs are kept for a version of the catalogue and a day: a hundred thousand of them take a hundred statements.
  private func stakes(of book: RuleBook, _ bench: RuleBench, _ visit: Visit) async throws -> Stakes {
    let (programme, catalogue, day) = (bench.programme, bench.catalogue, visit.reader.zone.civil(at: visit.call.at).day)
    let known = priceShelf.values(of: programme.account, catalogue.version, day)
    let (stakes, values) = try await database.read { tx in
      let values = try known ?? GoodsValue.read(of: programme.account, catalogue, on: day, in: &tx)
      var stakes = Stakes(products: catalogue.everyFact, values: values, largest: Stakes.usualLargest)
      try stakes.readBudgets(of: programme, book, on: day, in: &tx)
      return (stakes, values)
    }
    priceShelf.keep(values, of: programme.account, catalogue.version, day)
    return stakes
  }
}

extension ConflictCheck.Company {
  fileprivate var examples: [ConflictReport.Meeting] {
    meetings.prefix(PromotionBeside.most).map(\.meeting) + (together.map { [$0] } ?? [])
  }
  /// Goods whose names the page needs.
  fileprivate var products: [ProductID] {
    (examples.map(\.example) + belowCost.prefix(PromotionBeside.most).map(\.example) + [exhausting?.example].compactMap { $0 })
      .map { $0.basket.lines[0].product.id }
  }
}

struct PromotionBeside {
  /// Meetings that are shown, and whose goods are looked for in the catalogue.
  static let most = 12
  /// Of a unit, where no rule names one.
  static let price = Money(minor: 10_000)

  let view: PromotionView
  let visit: Visit
  var stakes = Stakes(largest: .zero)
  var found: (company: ConflictCheck.Company, book: RuleBook, goods: [ProductID: LocalText])?

  private var reader: Reader { visit.reader }

  fileprivate static func company(
    of promotion: Promotion, in book: RuleBook, _ bench: RuleBench, _ stakes: Stakes, now: Instant
  ) -> ConflictCheck.Company {
    let place = book.promotions.firstIndex { $0.id == promotion.id } ?? 0
    let zone = bench.programme.settings.points.zone
    let check = ConflictCheck(book, leastShare: .percent(50), price: price, zone: zone, now: now).weighing(stakes)
    return check.company(of: place, settled: most, by: { bench.catalogue.everyFact })
  }

  var page: Page {
    Page(
      title: reader("Рядом с другими акциями", "Beside other promotions"),
      notes: [
        view.stored.name(reader),
        reader("Версия \(view.stored.version) и то, что на кассах", "Version \(view.stored.version) and what tills have"),
      ], crumbs: view.crumbs(reader), body: "<div class=\"page-body\">\(content)</div>")
  }

  private var content: Markup {
    guard view.issues.isEmpty, let found else { return IssueList.notice(view.issues, reader) }
    let company = found.company
    if let never = company.never { return Notice.warning(Self.sentence(never, reader)) }
    let hidden = company.hidden.map { hidden in
      let name = reader(found.book.promotions[hidden.by].name)
      return Notice.warning(
        reader(
          "Сама она не сработает: в её группе раньше всегда подходит «\(name)».",
          "It will not apply by itself: in its group “\(name)” always comes before it."))
    }
    let weighed = StakesPanels(
      company: company, book: found.book, goods: found.goods, stakes: stakes, about: view.stored.id, reader: reader
    ).html
    guard view.promotion?.benefit.isReduction ?? false else {
      return """
        \(hidden)\(weighed)\(Notice.info(reader("Она не снижает цену, поэтому на одной строке со скидками ей ничто не мешает.", "It takes nothing off a price, so it gets along with reductions on any line.")))
        """
    }
    let note: Markup? =
      company.meetings.isEmpty
      ? nil
      : Notice.info(
        reader(
          "Чеки придуманы: товар из каталога, а цену единицы, где её не называют правила, взяли за \(reader.money(Self.price)).",
          "The baskets are made up: goods of the catalogue, and a unit costs \(reader.money(Self.price)) where rules do not name its price."
        ))
    return "\(hidden)\(weighed)\(note)<div class=\"columns\">\(together(found))\(sums(found))</div>\(table(found))"
  }

  static func sentence(_ why: Contradiction, _ reader: Reader) -> String {
    switch why {
    case .over: reader("Её срок прошёл: она не сработает никогда.", "Its time is over: it can never apply.")
    case .time: reader("Срок, дни и часы не оставляют ей ни минуты.", "Its period, days and hours leave no moment.")
    case .place: reader("Её условиям не отвечает ни один магазин.", "No store meets its conditions.")
    case .channel: reader("Её условиям не отвечает ни один канал продаж.", "No channel meets its conditions.")
    case .member: reader("Её условиям не отвечает ни один участник.", "No member meets its conditions.")
    case .coupon:
      reader("Она спрашивает купон и запрещает его же.", "It asks for a coupon and forbids the same one.")
    case .tender: reader("Её условиям не отвечает ни один способ оплаты.", "No way of paying meets its conditions.")
    case .goods: reader("Её условиям не отвечает ни один товар.", "No product meets its conditions.")
    case .price: reader("Цена до неё уже ниже.", "The price before it is lower already.")
    }
  }

  private typealias Found = (company: ConflictCheck.Company, book: RuleBook, goods: [ProductID: LocalText])

  private func link(_ place: Int, _ book: RuleBook) -> Markup {
    let promotion = book.promotions[place]
    return promotion.id == view.stored.id
      ? "\(reader(promotion.name))" : "<a href=\"/console/promotions/\(promotion.id)/beside\">\(reader(promotion.name))</a>"
  }

  private func example(_ meeting: ConflictReport.Meeting, _ found: Found) -> String {
    let line = meeting.example.basket.lines[0]
    let product = found.goods[line.product.id].map { reader($0) } ?? reader("любой товар", "any product")
    return "\(product), \(reader.number(line.quantity)) × \(reader.money(line.price))"
  }

  private func left(_ meeting: ConflictReport.Meeting) -> String {
    reader.share(Rate(ppm: scaled(meeting.share.ppm, by: 1, over: 1_000, .halfUp) * 1_000))
  }

  private func together(_ found: Found) -> Markup {
    guard let meeting = found.company.together else {
      return Notice.good(
        reader("Ни с одной скидкой на одной строке она не встретится.", "It meets no other reduction on any line."))
    }
    let names = meeting.promotions.map { place -> Markup in "<li><div>\(link(place, found.book))</div></li>" }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Сколько скидок сойдётся", "How many come together"))</h2></header>\
      <ul class="items ruled">\(names)</ul>\
      <div class="panel-body"><p>\(example(meeting, found)): <b>\(reader.money(meeting.shelf)) → \(reader.money(meeting.amount))</b></p>\
      <p class="muted">\(reader("от цены остаётся \(left(meeting))", "\(left(meeting)) of the price is left"))</p></div></section>
      """
  }

  private func sums(_ found: Found) -> Markup {
    let company = found.company
    let kept = company.keptApart.count
    return FactList(rows: [
      (reader("Встречается на одной строке", "Meets on one line"), "\(reader.number(Int64(company.meetings.count)))"),
      (reader("Не может встретиться", "Cannot meet"), "\(reader.number(Int64(company.apart)))"),
      (reader("Разведены группой или метками", "Kept apart by group or tags"), kept > 0 ? "\(reader.number(Int64(kept)))" : nil),
      (
        reader("Не выяснено", "Not decided"),
        company.undecided.isEmpty
          ? nil : "\(company.undecided.prefix(8).map { reader(found.book.promotions[$0].name) }.joined(separator: ", "))"
      ),
    ]).panel(reader("Другие скидки на кассах", "Other reductions of tills"))
  }

  private func table(_ found: Found) -> Markup? {
    guard !found.company.meetings.isEmpty else { return nil }
    let rows = found.company.meetings.prefix(Self.most).map { companion -> Markup in
      let meeting = companion.meeting
      let others = meeting.promotions.filter { $0 != companion.promotion && found.book.promotions[$0].id != view.stored.id }
        .map { reader(found.book.promotions[$0].name) }.joined(separator: ", ")
      let more: Markup? = others.isEmpty ? nil : "<small>\(reader("и ещё: \(others)", "and besides: \(others)"))</small>"
      let alone: Markup? =
        meeting.isAlone ? "<small>\(reader("без других акций", "without other promotions"))</small>" : nil
      let floor: Markup? =
        meeting.reachedFloor ? "<small>\(reader("на минимальной цене", "at its least price"))</small>" : nil
      return """
        <tr><th scope="row">\(link(companion.promotion, found.book))\(more)</th><td class="num">\(left(meeting))\(floor)\(alone)</td>\
        <td class="num">\(reader.money(meeting.shelf)) → \(reader.money(meeting.amount))</td><td>\(example(meeting, found))</td></tr>
        """
    }
    return DataTable(
      label: reader("Где меньше всего остаётся от цены", "Where the least of a price is left"),
      columns: [
        .text(reader("Вместе с", "Together with")), .number(reader("Остаётся", "Left")), .number(reader("Строка", "The line")),
        .text(reader("На каком чеке", "On which basket")),
      ], rows: rows
    ).panel(heading: true)
  }
}
