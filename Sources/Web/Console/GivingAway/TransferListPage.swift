import Access
import Customers
import Kernel
import Loyalty

/// What members gave to each other lately.
struct TransferList: Sendable {
  static let size = 50

  let programme: Programme
  let transfers: [Transfer]
  /// Only those that went round.
  let circles: Bool
  let members: [MemberID: Member]
  /// Of those without a name.
  let telling: [MemberID: Identifier]
  /// To go on behind; nil on the last page.
  let next: TransferID?
}

struct TransferListPage {
  let list: TransferList
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var terms: TransferTerms? { list.programme.settings.transfers }
  private static let path = "/console/transfers"

  var page: Page {
    Page(
      title: reader("Передачи баллов", "Points between members"),
      notes: [
        terms == nil
          ? reader("выключены: участники не передают баллы друг другу", "off: members give no points to each other")
          : reader("участники передают баллы друг другу", "members give points to each other")
      ],
      crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(tabs)\(table)</div><aside class="aside stack">\
        \(TransferTermsForm(terms: terms, refusal: refusal, visit: visit).html)</aside></div>
        """)
  }

  private var tabs: Markup {
    func tab(_ name: String, _ query: String, _ isHere: Bool) -> Markup {
      "<a href=\"\(Self.path)\(query)\"\(isHere ? " aria-current=\"page\"" as Markup : .nothing)>\(name)</a>"
    }
    return """
      <nav class="tabs" aria-label="\(reader("Что показать", "What to show"))">\(tab(reader("Все", "All"), "", !list.circles))\
      \(tab(reader("По кругу", "Going round"), "?show=circles", list.circles))</nav>
      """
  }

  private func link(_ id: MemberID) -> Markup {
    "<a href=\"/console/members/\(id)\">\(name(id))</a>"
  }

  private func name(_ id: MemberID) -> String {
    guard let known = list.telling[id] else { return list.members[id].map(visit.name(of:)) ?? "\(id)" }
    return visit.name(telling: known)
  }

  private var table: Markup {
    guard !list.transfers.isEmpty else {
      let says =
        list.circles
        ? reader(
          "Передача идёт по кругу, если получатель за последние 30 дней сам давал баллы тому, кто их теперь отдаёт.",
          "A transfer goes round where the receiver gave points to this giver within the last 30 days.")
        : reader(
          "Участник передаёт баллы в приложении или на кассе, оператор – на его карточке. Отмена там же.",
          "A member gives points in the app or at a till, an operator on their card. It is taken back there as well.")
      return """
        <section class="panel"><div class="empty"><div><h2>\(reader("Передач нет", "There are no transfers"))</h2><p>\(says)</p></div></div></section>
        """
    }
    let rows = list.transfers.map { transfer -> Markup in
      let circle: Markup? = transfer.isCircle ? " <span class=\"badge warn\">\(reader("по кругу", "goes round"))</span>" : nil
      let undone: Markup? = transfer.undone.map { undone -> Markup in
        " <span class=\"badge\">\(reader("отменено", "taken back"))</span><small>\(reader.points(undone.points))</small>"
      }
      return """
        <tr><th scope="row">\(link(transfer.giver))</th><td>\(link(transfer.receiver))</td><td class="num">\(reader.points(transfer.points))</td>\
        <td class="num">\(reader.points(transfer.fee))</td><td class="nowrap">\(reader.moment(transfer.at))</td><td>\(circle)\(undone)</td></tr>
        """
    }
    let query = list.circles ? "&show=circles" : ""
    return DataTable(
      label: reader("Передачи", "Transfers"),
      columns: [
        .text(reader("Кто", "From")), .text(reader("Кому", "To")), .number(reader("Баллов", "Points")),
        .number(reader("Комиссия", "Fee")), .text(reader("Когда", "When")), .text(reader("Отметки", "Marks")),
      ], rows: rows
    ).panel(next: reader.further(list.next.map { "\(Self.path)?before=\($0)\(query)" }))
  }
}

/// How the programme lets members give points to each other.
struct TransferTermsForm {
  let terms: TransferTerms?
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = ["least", "most", "mostPerDay", "mostPerMonth", "points", "fee", "undoDays"]
  private var reader: Reader { visit.reader }

  /// What was typed as the settings have it; nil where it is off.
  static func json(_ form: Form) -> JSON? {
    guard form.has("on") else { return nil }
    func amount(_ name: String) -> JSON? {
      let typed = form[name].filter { !$0.isWhitespace }.replacing(",", with: ".")
      return typed.isEmpty ? nil : .string(typed)
    }
    let digits = form["undoDays"].filter { !$0.isWhitespace }
    let families = LotFamily.allCases.filter { form.has("points-" + $0.rawValue) }
    return .object([
      "least": amount("least"), "most": amount("most"), "mostPerDay": amount("mostPerDay"), "mostPerMonth": amount("mostPerMonth"),
      "points": .array(families.map { .string($0.rawValue) }), "fee": amount("fee") ?? "0",
      "keepsLife": .bool(form["life"] != "anew"),
      "to": .string(form["to"].isEmpty ? "anyone" : form["to"]), "code": .bool(form.has("code")),
      "undoDays": digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits),
    ])
  }

  var html: Markup {
    guard visit.may(.changeProgramme) else {
      return FactList(rows: facts).panel(reader("Как передают", "How it works"))
    }
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    let form = refusal == nil ? nil : visit.form
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Как передают", "How it works"))</h2></header><div class="panel-body">\
      <form class="form" method="post" action="/console/transfers">\(visit.key)\(faults.notice)\(ticks(form))\(amounts(form, faults))\(ways(form, faults))\
      <div><button class="button">\(reader("Сохранить", "Save"))</button></div></form></div></section>
      """
  }

  private var shown: TransferTerms { terms ?? TransferTerms() }

  private func ticks(_ form: Form?) -> Markup {
    let on = Tick(
      name: "on", label: reader("Участники передают баллы друг другу", "Members give points to each other"),
      isOn: form?.has("on") ?? (terms != nil))
    let code = Tick(
      name: "code", label: reader("С кодом на телефон дающего", "With a code to the giver's telephone"),
      isOn: form?.has("code") ?? shown.needsCode)
    return "<div class=\"ticks\">\(on.html)\(code.html)</div>"
  }

  private func amounts(_ form: Form?, _ faults: FormFaults) -> Markup {
    let none = reader("пусто: без предела", "empty: no limit")
    func field(_ name: String, _ label: String, _ value: String, _ hint: String? = nil, unit: String? = nil) -> Markup {
      Field(
        name: name, label: label, value: form?[name] ?? value, hint: hint, fault: faults[name], limit: 16, isRequired: false,
        unit: unit
      ).html
    }
    func points(_ points: Points?) -> String { points.map(reader.points) ?? "" }
    return """
      \(field("least", reader("Не меньше за раз", "At least at once"), points(shown.least)))\
      \(field("most", reader("Не больше за раз", "At most at once"), points(shown.most), none))\
      \(field("mostPerDay", reader("Не больше в день", "At most in a day"), points(shown.mostPerDay), none))\
      \(field("mostPerMonth", reader("Не больше в календарный месяц", "At most in a calendar month"), points(shown.mostPerMonth), none))\
      \(field("fee", reader("Комиссия", "Fee"), shown.fee.percentText, reader("остаётся у сети, получателю приходит меньше", "stays with the house, the receiver gets less"), unit: "%"))\
      \(field("undoDays", reader("Отменить можно ещё дней", "May be taken back for days"), String(shown.undoDays), reader("0: только в тот же день", "0: on the same day only")))
      """
  }

  private func ways(_ form: Form?, _ faults: FormFaults) -> Markup {
    let families = [LotFamily.base, .promotional].map { family in
      Tick(
        name: "points-" + family.rawValue, label: name(family),
        isOn: form?.has("points-" + family.rawValue) ?? shown.families.contains(family))
    }
    let life = Choice(
      name: "life", label: reader("Срок у получателя", "How long they live then"),
      options: [
        ("kept", reader("как у дающего: передача не продлевает", "as with the giver: nothing is prolonged")),
        ("anew", reader("заново, как у новых баллов", "anew, as of new points")),
      ], chosen: form?["life"] ?? (shown.keepsLife ? "kept" : "anew"))
    let whom = Choice(
      name: "to", label: reader("Кому", "To whom"), options: TransferTerms.Whom.allCases.map { ($0.rawValue, name($0)) },
      chosen: form?["to"] ?? shown.whom.rawValue)
    return
      "\(TickGroup(label: reader("Какие баллы", "Which points"), ticks: families, fault: faults["points"]).html)\(life.html)\(whom.html)"
  }

  private func name(_ family: LotFamily) -> String {
    switch family {
    case .base: reader("обычные", "ordinary")
    case .promotional: reader("акционные", "promotional")
    case .targeted: reader("на некоторые товары", "for some goods")
    }
  }

  private func name(_ whom: TransferTerms.Whom) -> String {
    switch whom {
    case .anyone: reader("любому участнику", "any member")
    case .household: reader("только своей семье", "only the own household")
    }
  }

  private var facts: [(name: String, value: Markup?)] {
    guard let terms else { return [(reader("Передачи", "Transfers"), "\(reader("выключены", "are off"))")] }
    return [
      (reader("За раз", "At once"), "\(reader("от \(reader.points(terms.least))", "from \(reader.points(terms.least))"))"),
      (reader("Не больше за раз", "At most at once"), terms.most.map { "\(reader.points($0))" }),
      (reader("Не больше в день", "At most in a day"), terms.mostPerDay.map { "\(reader.points($0))" }),
      (reader("Не больше в месяц", "At most in a month"), terms.mostPerMonth.map { "\(reader.points($0))" }),
      (reader("Комиссия", "Fee"), "\(terms.fee.percentText)\u{a0}%"),
      (reader("Какие баллы", "Which points"), "\(terms.families.map(name).joined(separator: ", "))"),
      (reader("Кому", "To whom"), "\(name(terms.whom))"),
      (
        reader("Код на телефон", "A code to the telephone"),
        "\(terms.needsCode ? reader("нужен", "is needed") : reader("не нужен", "is not needed"))"
      ),
    ]
  }
}
