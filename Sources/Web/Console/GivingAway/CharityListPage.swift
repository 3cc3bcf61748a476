import Access
import Kernel
import Loyalty

/// Charities, and what each was given.
struct CharityListPage {
  let charities: [Charity]
  let totals: [String: CharityFigures]
  let today: CivilDay
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Фонды", "Charities"), actions: visit.may(.changeProgramme) ? make : .nothing,
      notes: [reader("Участники отдают баллы, программа платит деньгами", "Members give points, the programme pays in money")],
      crumbs: [(reader("Поощрения", "Rewards"), "/console/rewards")],
      body: "<div class=\"page-body\">\(charities.isEmpty ? empty : table)</div>")
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"/console/charity/new\">\(Icon.plus.small)\(reader("Новый фонд", "New charity"))</a>"
  }

  private var empty: Markup {
    let says = reader(
      "Фонд – это кому, за какие дни и на что собирают. Участник отдаёт баллы в приложении, на кассе или через оператора; отчёт за период говорит, сколько заплатить.",
      "A charity says for whom, on which days and what for points are given. A member gives in the app, at a till or through an operator; a statement of a period says how much to pay."
    )
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Фондов ещё нет", "There are no charities yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div></div></section>
      """
  }

  private var table: Markup {
    let rows = charities.map { charity -> Markup in
      let figures = totals[charity.code] ?? CharityFigures()
      let target: Markup? = charity.target.map { target -> Markup in
        "\(Meter(permille: figures.permille(of: target) ?? 0).html)<small>\(reader("из", "of")) \(reader.points(target))</small>"
      }
      return """
        <tr><th scope="row"><a href="/console/charity/\(charity.code)">\(reader(charity.name))</a><small>\(charity.payee)</small></th>\
        <td>\(CharityWords(reader: reader).badge(charity, on: today))</td><td class="num">\(reader.number(figures.donations))</td>\
        <td class="num">\(reader.points(figures.points))</td><td>\(target)</td></tr>
        """
    }
    return DataTable(
      label: reader("Фонды", "Charities"),
      columns: [
        .text(reader("Фонд", "Charity"), small: reader("Кому платят", "Payee")), .text(reader("Состояние", "State")),
        .number(reader("Пожертвований", "Donations")),
        .number(reader("Собрано баллов", "Points collected")), .text(reader("Цель", "Target")),
      ], rows: rows
    ).panel()
  }
}

/// Words about charities.
struct CharityWords {
  let reader: Reader

  func badge(_ charity: Charity, on day: CivilDay) -> Markup {
    if !charity.isActive { return "<span class=\"badge\">\(reader("остановлен", "stopped"))</span>" }
    if let from = charity.from, day < from { return "<span class=\"badge\">\(reader("ещё не начат", "not begun"))</span>" }
    if let until = charity.until, day > until { return "<span class=\"badge\">\(reader("окончен", "over"))</span>" }
    return "<span class=\"badge good\">\(Icon.check.usual)\(reader("собирает", "collecting"))</span>"
  }

  func span(_ charity: Charity) -> String {
    switch (charity.from, charity.until) {
    case (let from?, let until?):
      reader("с \(reader.date(from)) по \(reader.date(until))", "\(reader.date(from)) to \(reader.date(until))")
    case (let from?, nil): reader("с \(reader.date(from))", "from \(reader.date(from))")
    case (nil, let until?): reader("по \(reader.date(until))", "until \(reader.date(until))")
    case (nil, nil): reader("без срока", "at any time")
    }
  }
}
