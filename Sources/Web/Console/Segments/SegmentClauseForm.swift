import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Loyalty

/// One condition of a segment as a form. Its fields are called as the members of the format, so that what is wrong stands where it was typed.
struct SegmentClauseForm {
  static let fields: Set = [
    "categories", "brands", "products", "manufacturers", "except", "stores", "cities", "lastDays", "from", "through", "hours",
    "weekdays", "by", "atLeast", "atMost", "withinDays", "then", "share", "salt", "sex", "tiers", "segments", "consents",
    "memberKinds", "before", "after", "name", "values", "event", "own", "page", "sources", "campaigns", "groups", "channels",
    "amountAtLeast", "amountAtMost", "tenders", "coupons", "promotions",
    "recency", "frequency", "monetary", "days",
    "kinds", "endingWithinDays", "series", "privileges", "unused",
  ]

  let kind: SegmentState.Kind
  let form: Form
  let refusal: Problem?
  /// Codes and names to choose from.
  let tiers: [(code: String, name: String)]
  let segments: [(code: String, name: String)]
  var privileges: [(code: String, name: String)] = []
  /// With the values of the field that is asked of.
  let fields: FieldCatalogue
  let visit: Visit

  var reader: Reader { visit.reader }
  var faults: FormFaults { FormFaults(refusal, fields: Self.fields, reader) }

  var html: Markup {
    """
    \(faults.notice)\(body)
    """
  }

  private var body: Markup {
    switch kind {
    case .bought: bought
    case .lastBought: "\(goods())\(daysAgo)\(period)\(refinements)"
    case .sequence: sequence
    case .did: did
    case .points: HoldingFields(form: form, faults: faults, reader: reader).points
    case .identifiers: HoldingFields(form: form, faults: faults, reader: reader).identifiers
    case .coupons: RightFields(form: form, faults: faults, reader: reader).coupons
    case .offers: RightFields(form: form, faults: faults, reader: reader).offers
    case .privileges: ticks("privileges", reader("Привилегии: хотя бы одна из", "Privileges: at least one of"), privileges)
    case .consented:
      "\(ticks("consents", reader("Согласия: хотя бы одно из", "Consents: at least one of"), consents))\(daysAgo)"
    case .rfm: ScoreFields(form: form, faults: faults, reader: reader).html
    case .sex:
      Choice(
        name: "sex", label: reader("Пол", "Sex"),
        options: [("female", reader("женский", "female")), ("male", reader("мужской", "male"))], chosen: form["sex"]
      ).html
    case .age: bounds(reader("От", "From"), reader("До", "Up to"), reader("лет", "years"))
    case .cities: lines("cities", reader("Города", "Cities"), reader("по одному в строке", "one on each line"))
    case .joined: daysAgo
    case .birthday: birthday
    case .household:
      "\(bounds(reader("Человек в семье, от", "Members, from"), reader("до", "to"), nil))<p class=\"muted\">\(reader("Пусто: кто состоит в любой семье.", "Empty: who are in any household."))</p>"
    case .tiers: ticks("tiers", reader("Уровни", "Tiers"), tiers)
    case .segments: ticks("segments", reader("Сегменты: хотя бы один из", "Segments: at least one of"), segments)
    case .consents: ticks("consents", reader("Согласия: хотя бы одно из", "Consents: at least one of"), consents)
    case .memberKinds:
      ticks(
        "memberKinds", reader("Вид карты", "Kind of card"), MemberKind.allCases.map { ($0.rawValue, KindWords.member($0, reader)) })
    case .memberAttribute: attribute
    case .random: random
    }
  }

  private var consents: [(code: String, name: String)] {
    Consent.allCases.map { ($0.rawValue, ConsentWords.name($0, reader)) }
  }

  // MARK: what was bought

  private var bought: Markup {
    let verb = Choice(
      name: "verb", label: reader("Что делал", "Did what"),
      options: [("bought", reader("покупал", "bought")), ("not", reader("не покупал ни разу", "did not buy at all"))],
      chosen: form["verb"])
    let by = Choice(
      name: "by", label: reader("Считать", "Count"),
      options: [
        ("receipts", reader("чеки", "receipts")), ("visits", reader("визиты", "visits")),
        ("money", reader("деньги, \(reader.sign)", "money, \(reader.sign)")), ("units", reader("штуки или кг", "pieces or kg")),
        ("averageReceipt", reader("средний чек, \(reader.sign)", "average receipt, \(reader.sign)")),
        ("products", reader("разные товары", "different products")),
      ], chosen: form["by"], fault: faults["by"])
    return """
      <div class="fields">\(verb.html)\(by.html)</div>\(bounds(reader("Не меньше", "At least"), reader("Не больше", "At most"), nil))\
      \(goods())\(period)\(refinements)
      """
  }

  private var sequence: Markup {
    let happens = Choice(
      name: "happens", label: reader("Потом", "Then"),
      options: [("yes", reader("купил", "bought")), ("no", reader("не купил", "did not buy"))], chosen: form["happens"])
    let within = Field(
      name: "withinDays", label: reader("В следующие", "Within the next"), value: form["withinDays"], fault: faults["withinDays"],
      limit: 3, unit: reader("дней", "days"))
    return """
      <h3>\(reader("Сначала купил", "First bought"))</h3>\(goods())\(period)\(refinements)\
      <h3>\(reader("А потом", "And then"))</h3><div class="fields">\(happens.html)\(within.html)</div>\(goods(prefix: "then-"))
      """
  }

  private func goods(prefix: String = "") -> Markup { GoodsFields(prefix: prefix, form: form, faults: faults, reader: reader).html }

  var period: Markup {
    let last = Field(
      name: "lastDays", label: reader("За последние", "In the last"), value: form["lastDays"],
      hint: reader("пусто: за всё время", "empty: ever"), fault: faults["lastDays"], limit: 4, isRequired: false,
      unit: reader("дней", "days"))
    func day(_ name: String, _ label: String) -> Markup {
      Field(name: name, label: label, value: form[name], type: "date", fault: faults[name], limit: 10, isRequired: false).html
    }
    return """
      <div class="fields narrow">\(last.html)\(day("from", reader("или с", "or from")))\(day("through", reader("по", "to")))</div>
      """
  }

  private var refinements: Markup {
    let names = ["stores", "cities", "hourFrom", "hourThrough"] + (1...7).map { "w\($0)" }
    let manner = MannerFields(form: form, faults: faults, reader: reader)
    let isOpen = names.contains { !form[$0].isEmpty } || faults["stores"] != nil || manner.isUsed
    let days = (1...7).map { day in Tick(name: "w\(day)", label: reader.weekday(day), isOn: form.has("w\(day)")) }
    let hours: [(value: String, name: String)] = [("", reader("любой", "any"))] + (0...23).map { ("\($0)", "\($0):00") }
    let ends: [(value: String, name: String)] = [("", reader("любой", "any"))] + (0...23).map { ("\($0)", "\($0):59") }
    return """
      <details class="fold within"\(isOpen ? " open" : "" as Markup)><summary>\(Icon.right.usual)\(reader("Уточнить: где, когда и как", "Where, when and how"))</summary>\
      <div class="stack pad-s"><div class="fields">\(lines("stores", reader("Магазины", "Stores"), reader("названия или коды", "names or codes")))\
      \(lines("cities", reader("Города магазинов", "Cities of stores"), reader("по одному в строке", "one on each line")))</div>\
      \(TickGroup(label: reader("Дни недели", "Weekdays"), ticks: days).html)\
      <div class="fields narrow">\(Choice(name: "hourFrom", label: reader("С часа", "From the hour"), options: hours, chosen: form["hourFrom"], fault: faults["hours"]).html)\
      \(Choice(name: "hourThrough", label: reader("По час", "Through the hour"), options: ends, chosen: form["hourThrough"]).html)</div>\
      \(manner.html)</div></details>
      """
  }

  // MARK: who people are

  func bounds(_ least: String, _ most: String, _ unit: String?) -> Markup {
    func field(_ name: String, _ label: String) -> Markup {
      Field(
        name: name, label: label, value: form[name], fault: faults[name], limit: 20, isRequired: false, unit: unit
      ).html
    }
    return "<div class=\"fields narrow\">\(field("atLeast", least))\(field("atMost", most))</div>"
  }

  private var daysAgo: Markup {
    bounds(
      reader("Не раньше чем… дней назад: от", "Days ago: from"), reader("до", "to"), reader("дней назад", "days ago"))
  }

  private var birthday: Markup {
    func field(_ name: String, _ label: String) -> Markup {
      Field(
        name: name, label: label, value: form[name], fault: faults[name], limit: 3, isRequired: false, unit: reader("дней", "days")
      ).html
    }
    return """
      <div class="fields narrow">\(field("before", reader("За сколько дней до", "Days before it")))\(field("after", reader("И сколько после", "And days after")))</div>
      """
  }

  private var attribute: Markup {
    if let field = fields[form["name"]] { return SegmentFieldClause(field: field, clause: self).html }
    let name = Field(
      name: "name", label: reader("Вопрос анкеты", "The profile's question"), value: form["name"], fault: faults["name"],
      limit: Limits.code, suggestions: fields.fields.filter(visit.sees).map(\.code))
    let how = Choice(
      name: "how", label: reader("Ответ", "Its answer"),
      options: [
        ("isOneOf", reader("один из", "is one of")), ("isNoneOf", reader("ни один из", "is none of")),
        ("present", reader("есть", "is there")), ("absent", reader("нет", "is not there")),
        ("number", reader("число в пределах", "is a number within")), ("day", reader("день в пределах", "is a day within")),
      ], chosen: form["how"])
    return """
      <div class="fields">\(name.html)\(how.html)</div>\
      \(lines("values", reader("Ответы", "Answers"), reader("по одному в строке; «да» и «нет» тоже", "one on each line; “yes” and “no”, too")))\
      \(bounds(reader("Число от", "Number from"), reader("до", "to"), nil))\
      <div class="fields narrow">\(Field(name: "from", label: reader("День с", "Day from"), value: form["from"], type: "date", fault: faults["from"], limit: 10, isRequired: false).html)\
      \(Field(name: "through", label: reader("по", "to"), value: form["through"], type: "date", fault: faults["through"], limit: 10, isRequired: false).html)</div>
      """
  }

  private var random: Markup {
    let share = Field(
      name: "share", label: reader("Доля", "Share"), value: form["share"], fault: faults["share"], limit: 8, unit: "%")
    let salt = Field(
      name: "salt", label: reader("Название жребия", "Name of the draw"), value: form["salt"],
      hint: reader("то же название – те же люди", "the same name finds the same people"), fault: faults["salt"], limit: Limits.code)
    return "<div class=\"fields narrow\">\(share.html)\(salt.html)</div>"
  }

  func lines(_ name: String, _ label: String, _ hint: String) -> Markup {
    TextBox(name: name, label: label, value: form[name], hint: hint, fault: faults[name], lines: 3, limit: Limits.body).html
  }

  /// Few choices as ticks, many as lines.
  private func ticks(_ name: String, _ label: String, _ all: [(code: String, name: String)]) -> Markup {
    guard all.count <= SegmentClause.mostTicks else {
      return lines(name, label, reader("названия или коды, по одному в строке", "names or codes, one on each line"))
    }
    guard !all.isEmpty else {
      return Notice.info(reader("Здесь пока нечего выбрать.", "There is nothing to choose here yet."))
    }
    let ticks = all.map { Tick(name: "\(name)-\($0.code)", label: $0.name, isOn: form.has("\(name)-\($0.code)")) }
    return TickGroup(label: label, ticks: ticks, fault: faults[name]).html
  }
}
