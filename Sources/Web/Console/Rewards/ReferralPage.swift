import Access
import Calculator
import Customers
import Kernel
import Loyalty

/// Who brought whom, what newcomers bought since, and what one of them cost.
struct ReferralPage {
  static let size = 50

  struct View: Sendable {
    let terms: ReferralTerms?
    let figures: ReferralFigures
    let lines: [ReferralLine]
    let members: [MemberID: Member]
    let next: MemberID?
    /// What a whole point pays, and how many digits it has.
    let spendValue: Money
    let scale: Int
  }

  let view: View
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let edit: Markup =
      visit.may(.changeProgramme)
      ? "<a class=\"button\(view.terms == nil ? " primary" : "")\" href=\"/console/rewards/referral/edit\">\(view.terms == nil ? reader("Настроить", "Set up") : reader("Изменить", "Edit"))</a>"
      : .nothing
    return Page(
      title: reader("Приглашения", "Referrals"), actions: edit, crumbs: [(reader("Поощрения", "Rewards"), "/console/rewards")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(stats)\(table)</div><aside class="aside stack">\(facts)</aside></div>
        """)
  }

  /// What the points that were given pay, for one newcomer who bought.
  private var cost: Money? {
    let paid = view.figures.count[.paid] ?? 0
    guard paid > 0 else { return nil }
    let unit = (0..<view.scale).reduce(Int64(1)) { unit, _ in unit * 10 }
    return Money(minor: scaled(view.figures.points.units, by: view.spendValue.minor, over: unit * paid, .halfUp))
  }

  private var stats: Markup {
    func stat(_ name: String, _ value: String, _ note: String = "") -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value)</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let count = view.figures.count
    let waiting = (count[.named] ?? 0) + (count[.bought] ?? 0)
    return """
      <dl class="stats of4">\(stat(reader("Пришло", "Came"), reader.number(view.figures.all), reader("назвали код", "named a code")))\
      \(stat(reader("Купили", "Bought"), reader.number(count[.paid] ?? 0), reader("ждём \(reader.number(waiting))", "\(reader.number(waiting)) waiting")))\
      \(stat(reader("Дано баллов", "Points given"), reader.points(view.figures.points), reader("обоим вместе", "to both")))\
      \(stat(reader("Новичок стоит", "A newcomer costs"), cost.map(reader.money) ?? "–", reader("баллами по их цене", "in points at their worth")))</dl>
      """
  }

  private func name(_ id: MemberID) -> Markup {
    "<a href=\"/console/members/\(id)\">\(view.members[id].map(visit.name(of:)) ?? "\(id)")</a>"
  }

  private var table: Markup {
    guard !view.lines.isEmpty else {
      return Notice.info(reader("Никто ещё не пришёл по приглашению.", "Nobody has been brought yet."))
    }
    let words = GivingWords(reader: reader)
    let rows = view.lines.map { line -> Markup in
      let referral = line.referral
      return """
        <tr><th scope="row">\(name(referral.newcomer))<small>\(reader.date(referral.namedAt))</small></th>\
        <td>\(name(referral.referrer))</td><td>\(words.badge(referral))</td>\
        <td class="num">\(reader.number(line.days))</td><td class="num">\(reader.money(line.paid))</td>\
        <td class="num">\(reader.points(referral.newcomerPoints + referral.referrerPoints))</td></tr>
        """
    }
    return DataTable(
      label: reader("Кто кого привёл", "Who brought whom"),
      columns: [
        .text(reader("Новичок", "Newcomer"), small: reader("Когда", "When")), .text(reader("Привёл", "Brought by")),
        .text(reader("Что с ним", "How it stands")),
        .number(reader("Дней с покупкой", "Days with a purchase")), .number(reader("Купил на", "Bought for")),
        .number(reader("Баллов обоим", "Points to both")),
      ], rows: rows
    ).panel(heading: true, next: reader.further(view.next.map { "/console/rewards/referral?before=\($0)" }))
  }

  private var facts: Markup {
    guard let terms = view.terms else {
      return Notice.info(
        reader("Приглашения не настроены: кодов не дают и не принимают.", "Referrals are not set up: no codes are given or taken."))
    }
    func days(_ count: Int) -> String { reader.count(count, ("день", "дня", "дней"), ("day", "days")) }
    let cap = terms.cap.map { cap in
      reader("\(cap) за \(days(terms.capDays))", "\(cap) in \(days(terms.capDays))")
    }
    return FactList(rows: [
      (reader("Пригласившему", "Who brings"), "\(reader.points(terms.referrer))"),
      (reader("Новичку", "The newcomer"), "\(reader.points(terms.newcomer))"),
      (reader("Код называют в течение", "The code is named within"), "\(days(terms.nameDays))"),
      (reader("Покупка от", "A purchase of"), "\(reader.money(terms.purchase))"),
      (
        reader("Баллы через", "Points after"),
        terms.returnDays == 0 ? "\(reader("сразу", "at once"))" : "\(days(terms.returnDays))"
      ), (reader("Пригласившему не больше", "Who brings, at most"), cap.map { "\($0)" }),
      (
        reader("Коды", "Codes"),
        terms.isActive ? "\(reader("принимают", "are taken"))" : "\(reader("не принимают", "are not taken"))"
      ),
    ]).panel(reader("Условия", "Terms"))
  }
}

/// What is given for bringing somebody, as a form.
struct ReferralForm {
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = ["referrer", "newcomer", "nameDays", "purchase", "returnDays", "cap", "capDays"]

  private var reader: Reader { visit.reader }

  static func form(of terms: ReferralTerms?, _ reader: Reader) -> Form {
    let usual = ReferralTerms(referrer: .zero, newcomer: .zero)
    let known = terms ?? usual
    return Form([
      "referrer": terms.map { reader.points($0.referrer) } ?? "", "newcomer": terms.map { reader.points($0.newcomer) } ?? "",
      "nameDays": String(known.nameDays), "purchase": reader.amount(known.purchase), "returnDays": String(known.returnDays),
      "cap": known.cap.map(String.init) ?? "", "capDays": String(known.capDays), "isActive": known.isActive ? "on" : "",
    ])
  }

  /// - Throws: `Problem.invalid` with the field of each fault.
  static func terms(_ form: Form, _ amounts: AmountForm) throws(Problem) -> ReferralTerms {
    func amount(_ field: String) -> JSON? {
      let typed = form[field].filter { !$0.isWhitespace }.replacing(",", with: ".")
      return typed.isEmpty ? nil : .string(typed)
    }
    func whole(_ field: String) -> JSON? {
      let digits = form[field].filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    }
    let node = JSONNode(
      .object([
        "referrer": amount("referrer"), "newcomer": amount("newcomer"), "nameDays": whole("nameDays"),
        "purchase": amount("purchase"),
        "returnDays": whole("returnDays"), "cap": whole("cap"), "capDays": whole("capDays"),
        "active": (form["isActive"] == "on") ? nil : false,
      ]))
    let terms = ReferralTerms(node, amounts)
    try node.issues.check("the referral")
    guard let terms else { throw ConsoleDesk.incomplete }
    return terms
  }

  var page: Page {
    Page(
      title: reader("Условия приглашений", "Terms of referrals"),
      crumbs: [
        (reader("Поощрения", "Rewards"), "/console/rewards"), (reader("Приглашения", "Referrals"), "/console/rewards/referral"),
      ], body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    func field(_ name: String, _ label: String, _ hint: String? = nil, limit: Int = 16, needs: Bool = true) -> Markup {
      Field(name: name, label: label, value: form[name], hint: hint, fault: faults[name], limit: limit, isRequired: needs).html
    }
    let back = "/console/rewards/referral"
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\
      <div class="fields narrow">\(field("referrer", reader("Баллов пригласившему", "Points to who brings")))\
      \(field("newcomer", reader("Баллов новичку", "Points to the newcomer")))</div>\
      <div class="fields narrow">\(field("nameDays", reader("Назвать код можно дней", "Days to name the code"), reader("после вступления", "after joining"), limit: 3))\
      \(field("purchase", reader("Первая покупка от", "The first purchase of"), reader("меньшие не считаются", "smaller ones do not count")))\
      \(field("returnDays", reader("Баллы через дней", "Points after days"), reader("пока покупку могут вернуть; 0 – сразу", "while it may come back; 0: at once"), limit: 3))</div>\
      <div class="fields narrow">\(field("cap", reader("Пригласившему не больше новичков", "Newcomers paid to one at most"), reader("пусто: без предела", "empty: any number"), limit: 7, needs: false))\
      \(field("capDays", reader("За дней", "In days"), limit: 3))</div>\
      <div class="ticks">\(Tick(name: "isActive", label: reader("Коды принимают", "Codes are taken"), isOn: (form["isActive"] == "on")).html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }
}
