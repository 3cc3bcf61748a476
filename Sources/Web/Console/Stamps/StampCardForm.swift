import Access
import Calculator
import Conditions
import Kernel
import Loyalty

/// A card as a form.
struct StampCardForm {
  /// Nil for a new one.
  let card: StampCard?
  let form: Form
  let refusal: Problem?
  let visit: Visit

  private static let fields: Set = ["code", "ru", "en", "stamps", "life", "days", "until", "mostPerReceipt", "mostPerDay"]

  private var reader: Reader { visit.reader }

  static var blank: Form { Form(["stamps": "6", "life": "forever", "countsOn": "on"]) }

  static func form(of card: StampCard) -> Form {
    var values = [
      "code": card.code, "ru": card.name.ru, "en": card.name.en, "stamps": String(card.stamps),
      "mostPerReceipt": card.mostPerReceipt.map(String.init) ?? "", "mostPerDay": card.mostPerDay.map(String.init) ?? "",
      "countsOn": card.countsOn ? "on" : "",
    ]
    switch card.life {
    case .forever: values["life"] = "forever"
    case .days(let days): (values["life"], values["days"]) = ("days", String(days))
    case .through(let period): values["life"] = period.rawValue
    case .until(let day): (values["life"], values["until"]) = ("until", day.description)
    }
    return Form(values)
  }

  /// What was typed, read as settings are; the code stays as it was.
  /// - Throws: `Problem.invalid` with the field of each fault.
  static func card(_ form: Form, over old: StampCard?) throws(Problem) -> StampCard {
    func text(_ field: String) -> JSON? { form[field].isEmpty ? nil : .string(form[field]) }
    func whole(_ field: String) -> JSON? {
      let digits = form[field].filter { !$0.isWhitespace }
      return digits.isEmpty ? nil : Int64(digits).map(JSON.int) ?? .string(digits)
    }
    let life: JSON? =
      switch form["life"] {
      case "days": .object(["days": whole("days") ?? ""])
      case "until": .object(["until": text("until") ?? ""])
      case "month", "quarter", "year": .object(["through": .string(form["life"])])
      default: nil
      }
    let node = JSONNode(
      .object([
        "code": old.map { .string($0.code) } ?? text("code"), "name": .object(["ru": text("ru"), "en": text("en")]),
        "stamps": whole("stamps"), "life": life, "mostPerReceipt": whole("mostPerReceipt"), "mostPerDay": whole("mostPerDay"),
        "countsOn": form.has("countsOn") ? nil : false,
      ]))
    let card = StampCard(node)
    try node.issues.check("the stamp card")
    guard let card else { throw ConsoleDesk.incomplete }
    return card
  }

  var page: Page {
    var crumbs = [(name: reader("Карточки", "Stamp cards"), path: "/console/stamps")]
    if let card { crumbs.append((reader(card.name), "/console/stamps/\(card.code)")) }
    return Page(
      title: card == nil ? reader("Новая карточка", "New stamp card") : reader("Изменить карточку", "Edit the card"),
      crumbs: crumbs,
      body: "<div class=\"page-body\"><section class=\"panel\"><div class=\"panel-body\">\(html)</div></section></div>")
  }

  private func field(
    _ name: String, _ label: String, _ faults: FormFaults, type: String = "text", unit: String? = nil, hint: String? = nil,
    limit: Int = Limits.name, needs: Bool = false
  ) -> Markup {
    Field(
      name: name, label: label, value: form[name], type: type, hint: hint, fault: faults[name], limit: limit, isRequired: needs,
      unit: unit
    ).html
  }

  private var html: Markup {
    let faults = FormFaults(refusal, fields: Self.fields, reader)
    let back = card.map { "/console/stamps/\($0.code)" } ?? "/console/stamps"
    let code: Markup? =
      card == nil
      ? field(
        "code", reader("Код", "Code"), faults,
        hint: reader(
          "латинские буквы, цифры и дефис; по нему карточку называют акции", "letters, digits, hyphens; promotions name it so"),
        limit: Limits.code, needs: true) : nil
    let counts = reader("Штампы сверх полной карточки считаются для следующей", "Stamps beyond a full card count towards the next")
    return """
      <form class="form" method="post" action="\(back)">\(visit.key)\(faults.notice)\
      \(code.map { code -> Markup in "<div class=\"fields\">\(code)</div>" })\
      <div class="fields">\(field("ru", reader("Название по-русски", "Name in Russian"), faults, needs: true))\
      \(field("en", reader("Название по-английски", "Name in English"), faults, needs: true))</div>\
      <div class="fields narrow">\(field("stamps", reader("Штампов на карточке", "Stamps that fill it"), faults, limit: 3, needs: true))</div>\
      \(life(faults))<div class="fields narrow">\
      \(field("mostPerReceipt", reader("Не больше за чек", "At most a receipt"), faults, hint: reader("пусто: сколько выйдет", "empty: any number"), limit: 3))\
      \(field("mostPerDay", reader("Не больше в день", "At most a day"), faults, hint: reader("пусто: сколько выйдет", "empty: any number"), limit: 3))</div>\
      <div class="ticks">\(Tick(name: "countsOn", label: counts, isOn: form.has("countsOn")).html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить", "Save"))</button>\
      <a class="button ghost" href="\(back)">\(reader("Отмена", "Cancel"))</a></div></form>
      """
  }

  private func life(_ faults: FormFaults) -> Markup {
    let words = StampWords(reader: reader)
    let options = [
      ("forever", words.life(.forever)),
      ("days", reader("столько дней после последнего штампа", "so many days after the last stamp")),
      ("month", words.life(.through(.month))), ("quarter", words.life(.through(.quarter))), ("year", words.life(.through(.year))),
      ("until", reader("до даты", "until a date")),
    ]
    return """
      \(Choice(name: "life", label: reader("Сколько живут штампы", "How long stamps live"), options: options, chosen: form["life"]).html)\
      <div class="fields narrow">\(field("days", reader("Дней", "Days"), faults, hint: reader("если после последнего", "where after the last"), limit: 4))\
      \(field("until", reader("По какой день", "Through the day"), faults, type: "date", hint: reader("если до даты", "where until a date"), limit: 10))</div>
      """
  }
}

/// What stamps and cards are called.
struct StampWords {
  let reader: Reader

  func life(_ life: StampCard.Life) -> String {
    switch life {
    case .forever: reader("без срока", "without end")
    case .days(let days):
      reader(
        "\(reader.count(days, ("день", "дня", "дней"), ("day", "days"))) после последнего",
        "\(reader.count(days, ("день", "дня", "дней"), ("day", "days"))) after the last")
    case .through(.month): reader("до конца месяца", "to the end of the month")
    case .through(.quarter): reader("до конца квартала", "to the end of the quarter")
    case .through: reader("до конца года", "to the end of the year")
    case .until(let day): reader("по \(reader.date(day))", "through \(reader.date(day))")
    }
  }

  /// A circle for each stamp of a card; what is beyond is said.
  func row(_ has: Int64, of card: StampCard) -> Markup {
    let circles = (1...max(1, card.stamps)).map { place -> Markup in
      place <= has ? "<span class=\"on\">\(Icon.check.small)</span>" : "<span>\(Int(place))</span>"
    }
    let said = reader("\(has) из \(card.stamps)", "\(has) of \(card.stamps)")
    return "<div class=\"stamp-row\" role=\"img\" aria-label=\"\(said)\">\(circles)</div>"
  }
}
