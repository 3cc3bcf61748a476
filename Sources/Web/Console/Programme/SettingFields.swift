import Calculator
import Conditions
import Customers
import Kernel
import Loyalty

// Single settings.
extension ProgrammePage {
  private var pointsUnit: String { reader(editing.settings.pointsName.ru[2], editing.settings.pointsName.en[1]) }

  func settings(_ settings: [Setting]) -> Markup { "<div class=\"fields\">\(settings.map(field))</div>" }

  func field(_ setting: Setting) -> Markup {
    let (hint, fault) = (setting.hint.map { reader($0) }, editing.faults[setting.pointer])
    let unit: String?
    switch setting.kind {
    case .yes: return Tick(name: setting.pointer, label: reader(setting.name), isOn: form.has(setting.pointer)).html
    case .word(let options):
      return Choice(
        name: setting.pointer, label: reader(setting.name), options: options.map { ($0.value, reader($0.name)) },
        chosen: form[setting.pointer], hint: hint, fault: fault
      ).html
    case .holidays:
      return TextBox(
        name: setting.pointer, label: reader(setting.name), value: form[setting.pointer], hint: hint, fault: fault,
        lines: max(3, min(12, form[setting.pointer].count { $0.isNewline } + 2))
      ).html
    case .text: unit = nil
    case .whole(let word): unit = reader(word)
    case .points: unit = pointsUnit
    case .money: unit = reader.sign
    case .percent: unit = "%"
    }
    return Field(
      name: setting.pointer, label: reader(setting.name), value: form[setting.pointer], hint: hint, fault: fault,
      isRequired: !setting.mayBeNone && setting.pointer != "/name/ru" && setting.pointer != "/name/en", unit: unit
    ).html
  }

  /// A part of a composed setting.
  func part(
    _ name: String, _ label: String, type: String = "text", unit: String? = nil, hint: String? = nil, limit: Int = Limits.code
  ) -> Markup {
    Field(
      name: name, label: label, value: form[name], type: type, hint: hint, fault: editing.faults[name], limit: limit,
      isRequired: false, unit: unit
    ).html
  }

  func choice(_ name: String, _ label: String, _ options: [(value: String, name: String)]) -> Markup {
    Choice(name: name, label: label, options: options, chosen: form[name], fault: editing.faults[name]).html
  }

  func fault(_ pointer: String) -> Markup? {
    editing.faults[pointer].map { text -> Markup in "<p class=\"field\"><span class=\"error\">\(text)</span></p>" }
  }
}

// Sections.
extension ProgrammePage {
  var nameFields: Markup {
    let forms = [
      ("/pointsName/ru/0", reader("1 …, по-русски", "1 …, in Russian")), ("/pointsName/ru/1", reader("2 …", "2 …, in Russian")),
      ("/pointsName/ru/2", reader("5 …", "5 …, in Russian")), ("/pointsName/en/0", reader("1 …, по-английски", "1 …, in English")),
      ("/pointsName/en/1", reader("2 …", "2 …, in English")),
    ].map { part($0.0, $0.1) }
    let brands = editing.brands.map { Tick(name: "brand-" + $0.code, label: $0.name, isOn: form.has("brand-" + $0.code)) }
    let currency = reader(
      "Валюта \(editing.settings.terms.currency.code), знаков у балла \(editing.settings.terms.pointsScale): назначены навсегда",
      "Currency \(editing.settings.terms.currency.code), \(editing.settings.terms.pointsScale) digits of a point: fixed for good")
    return """
      \(settings(Setting.names))<div class="rowed">\(forms)</div>\(fault("/pointsName"))\
      \(TickGroup(label: reader("Марки, которые участвуют", "Brands that take part"), ticks: brands, hint: reader("ни одной: все", "none: all of them"), fault: editing.faults["/brands"]).html)\
      <p class="muted">\(currency)</p>
      """
  }

  var earningFields: Markup {
    let status = "/terms/earning/status"
    let ways = [
      ("none", reader("не считать", "do not count")), ("perStep", reader("за каждый шаг суммы", "for each step of money")),
      ("as-earned", reader("сколько начислено по ставкам", "as many as rates give")),
    ]
    let tenders = Tick.tenders("earn-tender-", form, reader)
    return """
      \(settings(Setting.earning))\
      \(TickGroup(label: reader("Начислять при оплате", "Earn when paid by"), ticks: tenders).html)\
      <div class="rowed">\(choice(status, reader("Счёт для уровней", "Counting towards tiers"), ways))\
      \(part(status + "#points", reader("Единиц", "Points")))\(part(status + "#step", reader("За каждые", "For each"), unit: reader.sign))</div>
      """
  }

  var lifeFields: Markup {
    let families = [
      ("base", reader("Обычные, по ставкам", "Ordinary, by rates"), editing.settings.points.base),
      ("promotional", reader("Акционные, разовые", "Promotional, given once"), editing.settings.points.promotional),
      ("targeted", reader("На некоторые товары", "For some goods"), editing.settings.points.targeted),
    ]
    let names = [
      "base": reader("обычные", "ordinary"), "promotional": reader("акционные", "promotional"),
      "targeted": reader("на некоторые товары", "for some goods"),
    ]
    let orders = SettingsForm.orders.map { order in
      (order, order.split(separator: ",").map { names[String($0)] ?? "" }.joined(separator: ", "))
    }
    let courses = families.map { family -> Markup in
      "<fieldset class=\"field\"><legend>\(family.1)</legend>\(course("/points/" + family.0))<p class=\"muted\">\(consequences.life(family.2))</p></fieldset>"
    }
    return
      "\(courses)\(choice("/points/burnOrder", reader("Что списывается первым", "What is spent first"), orders))\(settings(Setting.life))"
  }

  private func course(_ pointer: String) -> Markup {
    let activations = [
      ("atOnce", reader("сразу", "at once")), ("hours", reader("через часов", "after hours")),
      ("startOfDayAfter", reader("в начале дня через дней", "at the start of the day after days")),
      ("onEvent", reader("по событию", "on an event")),
    ]
    let lives = [
      ("forever", reader("всегда", "forever")), ("days", reader("дней", "days")),
      ("slidingDays", reader("дней после последней покупки", "days after the last purchase")),
      ("month", reader("до конца месяца", "to the end of the month")),
      ("quarter", reader("до конца квартала", "to the end of the quarter")),
      ("year", reader("до конца года", "to the end of the year")),
      ("until", reader("до даты", "until a day")),
    ]
    return """
      <div class="rowed">\(choice(pointer + "/activation", reader("Активны", "Active"), activations))\
      \(part(pointer + "/activation#", reader("Через сколько", "After how many"), limit: 6))\
      \(choice(pointer + "/life", reader("Живут", "Live"), lives))\
      \(part(pointer + "/life#", reader("Сколько", "How many"), limit: 6))\
      \(part(pointer + "/life@", reader("До даты", "Until"), type: "date"))</div>
      """
  }

  var spendingFields: Markup {
    let used = (0..<SettingsForm.rows).filter { form.has("/terms/spending/exceptions/\($0)/share") }.count
    let rows = (0..<min(used + 1, SettingsForm.rows)).map(exception)
    return """
      \(settings(Setting.spending))<fieldset class="field"><legend>\(reader("Другая доля для некоторых товаров", "Other shares for some goods"))</legend>\
      <p class="hint">\(reader("Первая подходящая строка решает. Лишнее стирают.", "The first that matches holds. Empty what is not wanted."))</p><div class="stack s">\(rows)</div></fieldset>\(fault("/terms/spending/exceptions"))
      """
  }

  private func exception(_ place: Int) -> Markup {
    let field = "/terms/spending/exceptions/\(place)"
    let share = part(field + "/share", reader("Доля", "Share"), unit: "%", limit: 8)
    if form.has(field + "#kept") {
      return """
        <div class="rowed">\(share)<p class="muted break"><input type="hidden" name="\(field)#kept" value="\(form[field + "#kept"])">\
        <code>\(form[field + "#kept"])</code></p></div>
        """
    }
    let kinds = zip(
      SimpleGoods.kinds,
      [
        reader("категории", "categories"), reader("товары", "products"), reader("бренды", "brands"),
        reader("производители", "makers"),
      ]
    ).map { ($0, $1) }
    return """
      <div class="rowed">\(choice(field + "#kind", reader("На что", "On"), kinds))\
      \(part(field + "#goods", reader("Коды через запятую", "Codes with commas"), limit: Limits.text))\(share)</div>\(fault(field))
      """
  }

  var roundingFields: Markup {
    let field = "/terms/receiptRounding"
    let ways = [
      ("none", reader("не округлять", "not rounded")), ("us", reader("округляет программа", "the programme rounds")),
      ("till", reader("округляет сама касса", "the till rounds")),
    ]
    let tenders = Tick.tenders("round-tender-", form, reader)
    return """
      \(settings(Setting.rounding))<div class="rowed">\(choice(field, reader("Сумма чека", "The total"), ways))\
      \(part(field + "#step", reader("Вниз до целых", "Down to whole"), unit: reader.sign))</div>\
      \(TickGroup(label: reader("Только если всё оплачено", "Only where all is paid by"), ticks: tenders, hint: reader("ни одного: всегда", "none: always")).html)
      """
  }

  var permissionFields: Markup {
    let heads = [
      reader("получают баллы", "earn"), reader("списывают", "spend"), reader("получают акции", "get offers"),
      reader("видны в отчётах", "are counted"),
    ]
    let rows = MemberKind.allCases.map { kind -> Markup in
      let cells = zip(SettingsForm.permissions, heads).map { permission, head -> Markup in
        let name = "\(permission.name)-\(kind.rawValue)"
        return
          "<td>\(Tick(name: name, label: "\(KindWords.member(kind, reader)): \(head)", isOn: form.has(name), isQuiet: true).html)</td>"
      }
      return "<tr><th scope=\"row\">\(KindWords.member(kind, reader))</th>\(cells)</tr>"
    }
    return DataTable(
      label: reader("Кому что можно", "Who may what"),
      columns: [.text(reader("Вид карты", "Kind"))] + heads.map { .text($0) }, rows: rows, width: .tight, files: .none
    ).html
  }

  var controlFields: Markup {
    let field = "/terms/control"
    return """
      <div class="rowed">\(part(field + "#share", reader("Доля участников", "Share of members"), unit: "%", hint: reader("пусто: группы нет", "empty: no group"), limit: 8))\
      \(part(field + "#salt", reader("Название набора", "Name of the draw"), hint: reader("другое название: другие люди", "another name: other people")))\
      \(part(field + "#since", reader("С", "From"), type: "datetime-local"))</div>\(fault(field))
      """
  }

  var groupFields: Markup {
    let policies =
      [("", reader("нет группы", "no group"))] + PromotionGroup.Policy.allCases.map { ($0.rawValue, KindWords.policy($0, reader)) }
    let rows = rows("/groups", "policy") { field in
      "\(part(field + "/name", reader("Название", "Name")))\(choice(field + "/policy", reader("Что действует", "What applies"), policies))"
    }
    return "\(rows)\(fault("/groups"))"
  }

  var identifierFields: Markup {
    let checks = [("none", reader("без проверки", "none")), ("ean", "EAN"), ("luhn", "Luhn")]
    let cards = rows("/identifiers/cards", "first") { field in
      """
      \(part(field + "/first", reader("Карты с номера", "Cards from")))\(part(field + "/last", reader("по номер", "to")))\
      \(choice(field + "/check", reader("Контрольная цифра", "Check digit"), checks))\(fault(field))
      """
    }
    let kinds = rows("/identifiers/kinds", "kind") { field in
      """
      \(part(field + "/kind", reader("Другой вид", "Another kind")))\(part(field + "/prefix", reader("Начинается с", "Begins with")))\
      \(part(field + "/minLength", reader("Знаков от", "Characters from"), limit: 3))\(part(field + "/maxLength", reader("до", "to"), limit: 3))\(fault(field))
      """
    }
    return "\(part("/identifiers/country", reader("Код страны телефонов", "Calling code of telephones"), limit: 3))\(cards)\(kinds)"
  }

  /// The rows there are, and an empty one for the next.
  private func rows(_ pointer: String, _ column: String, _ row: (String) -> Markup) -> Markup {
    let used = (0..<SettingsForm.rows).filter { !form["\(pointer)/\($0)/\(column)"].isEmpty }.max() ?? -1
    let count = max(used + 1, (0..<SettingsForm.rows).filter { form.has("\(pointer)/\($0)/\(column)") }.count)
    let shown = count == used + 1 ? count + 1 : count
    return
      "<div class=\"stack s\">\((0..<min(shown, SettingsForm.rows)).map { place -> Markup in "<div class=\"rowed\">\(row("\(pointer)/\(place)"))</div>" })</div>"
  }
}
