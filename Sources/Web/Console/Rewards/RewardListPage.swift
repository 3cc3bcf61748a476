import Access
import Calculator
import Kernel
import Loyalty

/// What the programme gives without a purchase.
struct RewardListPage {
  let giving: GivingTerms
  let totals: [String: ActionFigures]
  let brought: ReferralFigures
  let today: CivilDay
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Поощрения", "Rewards"), actions: visit.may(.changeProgramme) ? make : .nothing,
      notes: [
        reader(
          "Баллы без покупки: за отзывы, опросы, профиль, день рождения и приглашённых",
          "Points without a purchase: for reviews, surveys, profiles, birthdays and newcomers")
      ], body: "<div class=\"page-body\">\(giving.actions.isEmpty ? empty : table)\(referral)\(charities)</div>")
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"/console/rewards/new\">\(Icon.plus.small)\(reader("Новое действие", "New action"))</a>"
  }

  private var empty: Markup {
    let says = reader(
      "Действие говорит, за что, сколько и как часто дают баллы, и какой на них бюджет. О действиях сообщает приложение, сайт или касса; дни рождения и заполненные профили сервер находит сам.",
      "An action says for what, how many and how often points are given, and within which budget. An app, a site or a till tells of actions; the server finds birthdays and filled profiles by itself."
    )
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Действий ещё нет", "There are no actions yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div></div></section>
      """
  }

  private var table: Markup {
    let words = GivingWords(reader: reader)
    let rows = giving.actions.map { action -> Markup in
      let figures = totals[action.code] ?? ActionFigures()
      let left = action.budget.map { reader.points(max(.zero, $0 - figures.points)) } ?? "–"
      return """
        <tr><th scope="row"><a href="/console/rewards/actions/\(action.code)">\(reader(action.name))</a>\
        <small>\(words.kind(action.kind)), \(words.pace(action.pace))</small></th>\
        <td>\(words.badge(action, on: today))</td><td class="num">\(reader.points(action.points))</td>\
        <td class="num">\(reader.number(figures.members))</td><td class="num">\(reader.points(figures.points))</td>\
        <td class="num">\(left)</td></tr>
        """
    }
    return DataTable(
      label: reader("Действия", "Actions"),
      columns: [
        .text(reader("Действие", "Action")), .text(reader("Состояние", "State")), .number(reader("Баллов за раз", "Points each")),
        .number(reader("Участников", "Members")), .number(reader("Дано баллов", "Points given")),
        .number(reader("Осталось бюджета", "Budget left")),
      ], rows: rows
    ).panel()
  }

  private var charities: Markup {
    let names = giving.charities.map { charity -> Markup in
      "<li>\(Icon.points.usual)<div><b><a href=\"/console/charity/\(charity.code)\">\(reader(charity.name))</a></b></div>\(CharityWords(reader: reader).badge(charity, on: today))</li>"
    }
    let body: Markup =
      names.isEmpty
      ? "<div class=\"panel-body\"><p class=\"muted\">\(reader("Участник может отдать баллы на доброе дело: программа заплатит фонду деньгами.", "A member can give points to a good cause: the programme pays the charity in money."))</p></div>"
      : "<ul class=\"items ruled\">\(names)</ul>"
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Фонды", "Charities"))</h2>\
      <a class="text-link" href="/console/charity">\(reader("Сколько собрано", "What came together"))</a></header>\(body)</section>
      """
  }

  private var referral: Markup {
    let body: Markup
    if let terms = giving.referral {
      let stopped: Markup =
        terms.isActive ? .nothing : "<p class=\"muted\">\(reader("Новых кодов не принимают.", "No new codes are taken."))</p>"
      body = """
        \(stopped)\(FactList(rows: [
          (reader("Пришло по приглашению", "Were brought"), "\(reader.number(brought.all))"),
          (reader("Баллы даны за", "Points given for"), "\(reader.number(brought.count[.paid] ?? 0))"),
          (reader("Дано баллов обоим", "Points to both"), "\(reader.points(brought.points))"),
        ]).html)
        """
    } else {
      body = """
        <p class="muted">\(reader("Участник приводит знакомого, и оба получают баллы за его первую покупку.", "A member brings somebody, and both have points for the newcomer's first purchase."))</p>
        """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Приглашения", "Referrals"))</h2>\
      <a class="text-link" href="/console/rewards/referral">\(reader("Кто кого привёл", "Who brought whom"))</a></header>\
      <div class="panel-body stack s">\(body)</div></section>
      """
  }
}
