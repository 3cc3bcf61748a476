import Access
import Calculator
import Imports
import Kernel
import Loyalty

/// A sheet with what it would do.
struct SheetView: Sendable {
  let upload: Upload
  let choice: SheetChoice
  let bench: RuleBench
  /// Promotions that it can be for.
  var known: [(stored: StoredPromotion, promotion: Promotion)] = []
  /// Nil where the file cannot be read as one; `fault` says why.
  var sheet: PromotionSheet?
  var fault: Problem?
  var differences: SheetDifferences?
  /// What tills have.
  var before: PriceList?
  var names = SheetNames()
  var refusal: Problem?

  init(upload: Upload, choice: SheetChoice, bench: RuleBench) { (self.upload, self.choice, self.bench) = (upload, choice, bench) }

  var chosen: (stored: StoredPromotion, promotion: Promotion)? { known.first { $0.stored.id == choice.promotion } }
}

struct SheetPage {
  let view: SheetView
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let notes =
      [reader("Проверка: пока ничего не изменено", "A dry run: nothing was changed yet")]
      + (view.sheet.map { sheet in
        [sheet.isLong ? reader("зона в строке", "a zone in each row") : reader("столбец на зону", "a column for each zone")]
      } ?? [])
    return Page(
      title: view.upload.name, notes: notes,
      crumbs: [
        (reader("Акции", "Promotions"), "/console/promotions"),
        (reader("Прайс акции", "Promotion sheet"), "/console/promotions/sheets"),
      ],
      body:
        "<div class=\"page-body with-aside\"><div class=\"stack\">\(told)\(figures)\(refused)\(biggest)\(marked)</div><aside class=\"aside stack\">\(choosing)\(making)</aside></div>"
    )
  }

  private var told: Markup {
    let refusal = view.refusal.map { Notice.refusal($0, reader) }
    guard let sheet = view.sheet else { return "\(refusal)\(view.fault.map { Notice.refusal($0, reader) })" }
    let unused: Markup? =
      sheet.unused.isEmpty
      ? nil
      : Notice.info(
        reader("Столбцы без значения здесь: ", "Columns that mean nothing here: ") + sheet.unused.prefix(20).joined(separator: ", ")
      )
    return "\(refusal)\(unused)"
  }

  // MARK: what it says

  private var figures: Markup? {
    guard let sheet = view.sheet else { return nil }
    let list = sheet.list
    let facts: [(String, Int)] = [
      (reader("Строк понято", "Rows understood"), sheet.rows), (reader("Отказано", "Refused"), sheet.refusedRows),
      (reader("Товаров", "Products"), list?.count ?? 0),
      (reader("Цен", "Prices"), list?.pages.reduce(0) { $0 + $1.priceCount } ?? 0),
      (reader("Зон", "Zones"), list?.zones.count ?? 0),
    ]
    return "\(stats(facts))\(changes)"
  }

  private func stats(_ facts: [(String, Int)]) -> Markup {
    let cells = facts.map { name, count -> Markup in
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(reader.number(Int64(count)))</dd></div>"
    }
    return "<dl class=\"stats of5\">\(cells)</dl>"
  }

  private var changes: Markup? {
    guard let differences = view.differences else { return nil }
    let title =
      view.before == nil
      ? reader("На кассах этих цен ещё нет: все новые.", "Tills have none of these prices yet: all are new.")
      : reader("В сравнении с тем, что на кассах сегодня:", "Compared with what tills have today:")
    let marks = SheetDifferences.Mark.allCases.compactMap { mark -> String? in
      guard let count = differences.marks[mark], count > 0 else { return nil }
      return "\(SheetWords.mark(mark, reader)): \(reader.number(Int64(count)))"
    }
    let warned = marks.isEmpty ? nil : Notice.warning(marks.joined(separator: ", "))
    return """
      <p class="muted">\(title)</p>\
      \(stats(SheetDifferences.Change.allCases.map { (SheetWords.change($0, reader), differences.changes[$0] ?? 0) }))\(warned)
      """
  }

  private var refused: Markup? {
    guard let sheet = view.sheet, !sheet.refusals.isEmpty else { return nil }
    let rows = sheet.refusals.prefix(Limits.issues).map { refusal -> Markup in
      "<tr><th scope=\"row\" class=\"nowrap\">\(refusal.cell)</th><td>\(reader(refusal.reason))</td></tr>"
    }
    let path = "\(view.upload.path)/refused.csv\(view.choice.query)"
    let more = sheet.refusals.count - rows.count
    let rest: Markup? = more > 0 ? "<span class=\"muted\">\(reader("и ещё \(more)", "and \(more) more"))</span>" : nil
    let foot: Markup = """
      <div class="panel-foot row between">\(rest)<a class="button s" href="\(path)" download>\(Icon.download.small)\(reader("Отказанные строки", "Refused rows"))</a></div>
      """
    return DataTable(
      label: reader("Что не принято", "What was refused"),
      columns: [.text(reader("Ячейка", "Cell")), .text(reader("Почему", "Why"))],
      rows: Array(rows), files: .own
    ).panel(heading: true, foot: foot)
  }

  // MARK: the difference

  private var biggest: Markup? {
    guard let rows = view.differences?.biggest, !rows.isEmpty else { return nil }
    return table(reader("Сильнее всего меняются", "The largest changes"), rows)
  }

  private var marked: Markup? {
    guard let rows = view.differences?.marked, !rows.isEmpty else { return nil }
    return table(reader("Посмотрите внимательно", "Look closely"), rows)
  }

  private func table(_ label: String, _ rows: [SheetDifferences.Row]) -> Markup {
    func money(_ money: Money?) -> Markup { "<td class=\"num nowrap\">\(money.map(reader.money) ?? "–")</td>" }
    let lines = rows.map { row -> Markup in
      let product = view.names.product(row.product)
      let badges = row.marks.sorted { $0.rawValue < $1.rawValue }.map { mark -> Markup in
        "<span class=\"badge warn\">\(SheetWords.mark(mark, reader))</span> "
      }
      return """
        <tr><th scope="row">\(product.name)<small>\(product.code) · \(view.names.zone(row.zone, reader))</small></th>\
        <td><span class="badge">\(SheetWords.change(row.change, reader))</span> \(badges)</td>\(money(row.before))\(money(row.after))\
        \(money(row.shelf))\(money(row.cost))</tr>
        """
    }
    return DataTable(
      label: label,
      columns: [
        .text(reader("Товар и зона", "Product and zone")), .text(reader("Что", "What")), .number(reader("Сейчас", "Now")),
        .number(reader("Станет", "Will be")), .number(reader("Полка", "Shelf")), .number(reader("Себестоимость", "Cost")),
      ], rows: lines
    ).panel(heading: true)
  }

  // MARK: what is made of it

  private var choosing: Markup {
    let options =
      [("", reader("новая акция", "a new promotion"))]
      + view.known.map { ("\($0.stored.id)", "\($0.stored.name(reader)) · \($0.stored.code)") }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Для чего", "What for"))</h2></header>\
      <form class="inline-form" method="get" action="\(view.upload.path)">\
      \(Choice(name: "promotion", label: reader("Акция", "Promotion"), options: options, chosen: view.choice.promotion.map { "\($0)" }, id: "s-promotion").html)\
      \(day("from", reader("С дня", "From the day"), view.choice.from, hint: reader("для строк без своего срока; пусто: с самого начала", "for rows without days of their own; empty: from ever")))\
      \(day("through", reader("По день включительно", "Through the day"), view.choice.through, hint: nil))\
      <div><button class="button s">\(Icon.refresh.small)\(reader("Сравнить", "Compare"))</button></div></form></section>
      """
  }

  private func day(_ name: String, _ label: String, _ value: CivilDay?, hint: String?) -> Markup {
    Field(name: name, label: label, value: value.map { "\($0)" } ?? "", type: "date", hint: hint, limit: 10, isRequired: false).html
  }

  private var making: Markup? {
    guard let sheet = view.sheet, sheet.list != nil else { return nil }
    let hidden: [(String, String)] = [
      ("from", view.choice.from.map { "\($0)" } ?? ""), ("through", view.choice.through.map { "\($0)" } ?? ""),
      ("promotion", view.choice.promotion.map { "\($0)" } ?? ""), ("version", view.chosen.map { String($0.stored.version) } ?? ""),
    ]
    let fields = hidden.map { name, value -> Markup in "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">" }
    let warned =
      sheet.refusedRows > 0
      ? Notice.warning(
        reader("Отказанных строк в акции не будет.", "Refused rows will not be in the promotion.")) : nil as Markup?
    return """
      <section class="panel"><header class="panel-head"><h2>\(view.chosen == nil ? reader("Новая акция", "A new promotion") : reader("Новые цены акции", "The promotion's new prices"))</h2></header>\
      <form class="inline-form" method="post" action="\(view.upload.path)">\(visit.key)\(fields)\(warned)\(view.chosen == nil ? naming : updating)\
      <div><button class="button primary">\(Icon.check.small)\(view.chosen == nil ? reader("Сделать черновик", "Make a draft") : reader("Сохранить новой версией", "Save as a new version"))</button></div></form></section>
      """
  }

  private var updating: Markup {
    "<p class=\"muted\">\(reader("Меняются только цены. На кассы новая версия попадёт после запуска и, где нужно, согласования.", "Only the prices change. Tills get the new version when it is launched, and approved where that is needed."))</p>"
  }

  private var naming: Markup {
    func field(_ name: String, _ label: String, _ value: String, _ limit: Int) -> Markup {
      Field(name: name, label: label, value: value, limit: limit).html
    }
    return """
      \(field("code", reader("Код акции", "The promotion's code"), view.choice.code, Limits.code))\
      \(field("name/ru", reader("Название по-русски", "Name in Russian"), view.choice.name.ru, Limits.name))\
      \(field("name/en", reader("Название по-английски", "Name in English"), view.choice.name.en, Limits.name))\
      <p class="muted">\(reader("Для всех, кто показал карту или телефон; остальное можно изменить в черновике.", "For everybody who showed a card or a telephone; the rest can be changed in the draft."))</p>
      """
  }
}

enum SheetWords {
  /// свои цены: 40 товаров в 3 зонах, по 7 дек
  static func list(_ list: PriceList, _ reader: Reader) -> String {
    var text =
      reader("свои цены: ", "prices of their own: ")
      + reader.count(list.count, ("товар", "товара", "товаров"), ("product", "products"))
    if list.asksZone {
      text += ", " + reader.count(list.zones.count, ("зона", "зоны", "зон"), ("zone", "zones"))
    }
    let (first, last) = (list.pages.compactMap(\.from).min(), list.pages.compactMap(\.through).max())
    if let first, list.pages.allSatisfy({ $0.from != nil }) {
      text += reader(", с \(reader.day(first))", ", from \(reader.day(first))")
    }
    if let last, list.pages.allSatisfy({ $0.through != nil }) {
      text += reader(", по \(reader.day(last))", ", through \(reader.day(last))")
    }
    return text
  }

  static func change(_ change: SheetDifferences.Change, _ reader: Reader) -> String {
    switch change {
    case .new: reader("новые", "new")
    case .dearer: reader("дороже", "dearer")
    case .cheaper: reader("дешевле", "cheaper")
    case .gone: reader("уходят", "gone")
    case .unchanged: reader("без изменений", "unchanged")
    }
  }

  static func mark(_ mark: SheetDifferences.Mark, _ reader: Reader) -> String {
    switch mark {
    case .belowCost: reader("ниже себестоимости", "below cost")
    case .belowFloor: reader("ниже минимальной цены", "below the least price")
    case .aboveShelf: reader("не ниже полки", "not below the shelf")
    case .noShelf: reader("нет цены полки", "no shelf price")
    case .archived: reader("в архиве", "archived")
    }
  }
}
