import Access
import Kernel
import Loyalty
import Tables

struct CharityView: Sendable {
  let charity: Charity
  let figures: CharityFigures
  let statement: CharityStatement
  let today: CivilDay
}

/// One charity: what came together, and the statement of some days.
struct CharityPage {
  let view: CharityView
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var words: CharityWords { CharityWords(reader: reader) }
  private var charity: Charity { view.charity }
  private var statement: CharityStatement { view.statement }
  private var path: String { "/console/charity/\(charity.code)" }

  var page: Page {
    let edit: Markup? =
      visit.may(.changeProgramme) ? "<a class=\"button\" href=\"\(path)/edit\">\(reader("Изменить", "Edit"))</a>" : nil
    let query = "?from=\(statement.span.lowerBound)&to=\(statement.span.upperBound)"
    return Page(
      title: reader(charity.name), marks: words.badge(charity, on: view.today),
      actions: "\(reader.files(path + "/statement", query))\(edit)", notes: [charity.code, words.span(charity)],
      crumbs: [(reader("Поощрения", "Rewards"), "/console/rewards"), (reader("Фонды", "Charities"), "/console/charity")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(stats)\(period)\(days)</div><aside class="aside stack">\(facts)</aside></div>
        """)
  }

  private var stats: Markup {
    func stat(_ name: String, _ value: String, _ note: String) -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let target =
      charity.target.map { reader("из \(reader.points($0))", "of \(reader.points($0))") } ?? reader("за всё время", "in all")
    let days = "\(reader.date(statement.span.lowerBound)) – \(reader.date(statement.span.upperBound))"
    return """
      <dl class="stats of4">\(stat(reader("Собрано баллов", "Points collected"), reader.points(view.figures.points), target))\
      \(stat(reader("За период", "In the period"), reader.points(statement.points), days))\
      \(stat(reader("К оплате", "To be paid"), reader.money(statement.money), reader("балл – \(reader.money(statement.pointValue))", "a point is \(reader.money(statement.pointValue))")))\
      \(stat(reader("Участников", "Members"), reader.number(statement.givers), reader("отдали баллы за период", "gave points in the period")))</dl>\(progress)
      """
  }

  private var progress: Markup? {
    guard let target = charity.target, let permille = view.figures.permille(of: target) else { return nil }
    return """
      <section class="panel"><div class="panel-body stack s"><div class="row between"><span>\(reader("До цели", "Towards the target"))</span>\
      <b>\(reader.decimal(permille, digits: 1))\u{a0}%</b></div>\(Meter(permille: permille).html)</div></section>
      """
  }

  private var period: Markup {
    func day(_ name: String, _ label: String, _ value: CivilDay) -> Markup {
      Field(name: name, label: label, value: value.description, type: "date", limit: 10, id: "charity-" + name).html
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Отчёт за период", "Statement of a period"))</h2></header><div class="panel-body">\
      <form class="form" method="get" action="\(path)"><div class="fields narrow">\(day("from", reader("С дня", "From"), statement.span.lowerBound))\
      \(day("to", reader("По день", "Through"), statement.span.upperBound))</div><div><button class="button">\(reader("Показать", "Show"))</button></div></form></div></section>
      """
  }

  private var days: Markup {
    guard !statement.days.isEmpty else {
      return Notice.info(reader("За эти дни ничего не отдавали.", "Nothing was given on these days."))
    }
    let rows = statement.days.map { day -> Markup in
      """
      <tr><th scope="row">\(reader.date(day.day))</th><td class="num">\(reader.number(day.donations))</td>\
      <td class="num">\(reader.points(day.points))</td><td class="num">\(reader.money(day.money))</td></tr>
      """
    }
    let total: Markup = """
      <tr class="sum"><th scope="row">\(reader("Всего", "In all"))</th><td class="num">\(reader.number(statement.donations))</td>\
      <td class="num">\(reader.points(statement.points))</td><td class="num">\(reader.money(statement.money))</td></tr>
      """
    return DataTable(
      label: reader("По дням", "By day"),
      columns: [
        .text(reader("День", "Day")), .number(reader("Пожертвований", "Donations")), .number(reader("Баллов", "Points")),
        .number(reader("Деньгами", "In money")),
      ], rows: rows + [total], files: .own
    ).panel(heading: true)
  }

  private var facts: Markup {
    FactList(rows: [
      (reader("Кому платят", "Who is paid"), "\(charity.payee)"),
      (reader("ИНН", "Tax number"), charity.taxNumber.isEmpty ? nil : "\(charity.taxNumber)"),
      (reader("Договор", "Contract"), charity.contract.isEmpty ? nil : "\(charity.contract)"),
      (reader("Когда", "When"), "\(words.span(charity))"),
      (reader("Цель", "Target"), charity.target.map { "\(reader.points($0))" }),
      (reader("На что", "What for"), charity.about.map { "\(reader($0))" }),
    ]).panel(reader("Фонд", "Charity"))
  }
}

/// A statement as a table; every row names the charity, so that several can be laid together. Nobody's name is in it.
struct CharityFile {
  let statement: CharityStatement
  let reader: Reader

  var table: TableFile {
    let (charity, span) = (statement.charity, statement.span)
    let columns: [TableFile.Column] = [
      .init("charity", reader("Фонд", "Charity"), .text), .init("payee", reader("Кому платят", "Who is paid"), .text),
      .init("tax_number", reader("ИНН", "Tax number"), .text), .init("contract", reader("Договор", "Contract"), .text),
      .init("kind", reader("Строка", "Row"), .text), .init("day", reader("День", "Day"), .day),
      reader.countColumn("donations", reader("Пожертвований", "Donations")),
      reader.countColumn("members", reader("Участников", "Members")), reader.pointsColumn("points", reader("Баллов", "Points")),
      reader.moneyColumn("amount", reader("Деньгами", "In money")),
    ]
    func row(
      _ kind: String, _ day: CivilDay, _ donations: Int64, _ members: TableFile.Cell, _ points: Points, _ money: Money
    ) -> [TableFile.Cell] {
      [
        .text(reader(charity.name)), .text(charity.payee), .text(charity.taxNumber), .text(charity.contract), .text(kind),
        .day(day),
        .number(donations), members, .points(points), .money(money),
      ]
    }
    let rows =
      statement.days.map { row("day", $0.day, $0.donations, .empty, $0.points, $0.money) }
      + [row("total", span.upperBound, statement.donations, .number(statement.givers), statement.points, statement.money)]
    return TableFile(
      "charity-\(charity.code)-\(span.lowerBound)-\(span.upperBound)",
      title: reader("Баллы фонду «\(charity.name.ru)»", "Points for \(charity.name.en)"), columns: columns, zone: reader.zone,
      rows: rows)
  }
}
