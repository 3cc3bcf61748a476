import Conditions
import Insight
import Kernel

// Which events are meant, as fields: of a segment's condition, and of a step of a funnel.
extension SegmentClauseForm {
  var did: Markup {
    let verb = Choice(
      name: "verb", label: reader("Что", "What"),
      options: [("did", reader("было", "happened")), ("not", reader("не было ни разу", "did not happen at all"))],
      chosen: form["verb"])
    return """
      <div class="fields">\(verb.html)\(EventFields(form: form, faults: faults, reader: reader).kind)</div>\
      \(bounds(reader("Не меньше", "At least"), reader("Не больше", "At most"), reader("раз", "times")))\
      \(GoodsFields(form: form, faults: faults, reader: reader).html)\(period)\(EventFields(form: form, faults: faults, reader: reader).refinements)
      """
  }
}

struct EventFields {
  var prefix = ""
  let form: Form
  let faults: FormFaults
  let reader: Reader
  /// A purchase may stand in place of an event.
  var takesPurchase = false

  var kind: Markup {
    let purchase =
      takesPurchase ? [(value: "purchase", name: reader("Покупка (чек участника)", "Purchase (a member's receipt)"))] : []
    let kinds = purchase + EventKind.known.map { (value: $0.code, name: reader($0.title)) }
    return Choice(
      name: prefix + "event", label: reader("Событие", "Event"), options: kinds, chosen: form[prefix + "event"],
      fault: faults[prefix + "event"]
    ).html
  }

  /// Whence, where and how much.
  var refinements: Markup {
    let names = ["own", "page", "sources", "campaigns", "channels", "amountAtLeast", "amountAtMost"]
    let groups = ChannelGroup.allCases.map { group in
      Tick(
        name: "\(prefix)groups-\(group.rawValue)", label: reader(group.title), isOn: form.has("\(prefix)groups-\(group.rawValue)"))
    }
    let isOpen = names.contains { !form[prefix + $0].isEmpty || faults[prefix + $0] != nil } || groups.contains(where: \.isOn)
    return """
      <details class="fold within"\(isOpen ? " open" : "" as Markup)><summary>\(Icon.right.usual)\(reader("Уточнить: страница, источник, сумма", "Page, source, amount"))</summary>\
      <div class="stack pad-s"><div class="fields">\(field("page", reader("Путь страницы начинается с", "The page's path begins with"), "/sale"))\
      \(field("own", reader("Своё событие", "An event of your own"), "x-quiz"))</div>\
      \(TickGroup(label: reader("Каналы, из которых пришла сессия", "Channels that the session came by"), ticks: groups, fault: faults[prefix + "groups"]).html)\
      <div class="fields">\(lines("sources", reader("Источники", "Sources")))\(lines("campaigns", reader("Кампании", "Campaigns")))</div>\
      <div class="fields narrow">\(field("amountAtLeast", reader("Сумма от, \(reader.sign)", "Amount from, \(reader.sign)"), ""))\
      \(field("amountAtMost", reader("до", "to"), ""))\(lines("channels", reader("Где: site, app", "Where: site, app")))</div></div></details>
      """
  }

  private func field(_ name: String, _ label: String, _ example: String) -> Markup {
    Field(
      name: prefix + name, label: label, value: form[prefix + name],
      hint: example.isEmpty ? nil : reader("например, \(example)", "for example \(example)"),
      fault: faults[prefix + name], limit: Limits.visitPage, isRequired: false
    ).html
  }

  private func lines(_ name: String, _ label: String) -> Markup {
    TextBox(
      name: prefix + name, label: label, value: form[prefix + name], hint: reader("по одному в строке", "one on each line"),
      fault: faults[prefix + name], lines: 2, limit: Limits.body
    ).html
  }
}

/// Four lists of goods side by side; what is left out in a fold.
struct GoodsFields {
  var prefix = ""
  let form: Form
  let faults: FormFaults
  let reader: Reader

  var html: Markup {
    let hint = reader("названия или коды, по одному в строке", "names or codes, one on each line")
    func box(_ name: String, _ label: String) -> Markup {
      TextBox(
        name: prefix + name, label: label, value: form[prefix + name], fault: faults[prefix + name], lines: 2, limit: Limits.body
      ).html
    }
    let more = ["brands", "manufacturers", "except"].contains { !form[prefix + $0].isEmpty }
    return """
      <fieldset class="field"><legend>\(reader("Какие товары", "Which goods"))</legend>\
      <p class="hint">\(reader("Пусто: любые;", "Empty: any;")) \(hint)</p>\
      <div class="fields">\(box("categories", reader("Категории", "Categories")))\(box("products", reader("Товары", "Products")))</div>\
      <details class="fold within"\(more ? " open" : "" as Markup)><summary>\(Icon.right.usual)\(reader("Бренды, производители, исключения", "Brands, makers, exceptions"))</summary>\
      <div class="fields pad-s">\(box("brands", reader("Бренды", "Brands")))\(box("manufacturers", reader("Производители", "Makers")))\
      \(box("except", reader("Кроме категорий", "Except categories")))</div></details></fieldset>
      """
  }
}
