import Insight
import Kernel

/// The form of a funnel. Steps are added and taken away by buttons that send it, so it needs no script.
struct FunnelEditPage {
  /// Nil for a new one.
  let id: FunnelID?
  let form: Form
  let segments: [(code: String, name: String)]
  let refusal: Problem?
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var count: Int { FunnelSteps.count(form) }
  private var path: String { id.map { "\(FunnelPages.path)/\($0)/edit" } ?? "\(FunnelPages.path)/new" }
  private var faults: FormFaults { FormFaults(refusal, reader) }

  var page: Page {
    Page(
      title: id == nil ? reader("Новая воронка", "New funnel") : form["name"],
      notes: [
        reader(
          "Шаги идут по порядку: каждый после предыдущего и не позже заданного времени",
          "Steps are taken in order: each after the one before and within the time that you set")
      ],
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path), (reader("Воронки", "Funnels"), FunnelPages.path)],
      body: """
        <div class="page-body"><form class="stack" method="post" action="\(path)">\(visit.key)\
        <input type="hidden" name="count" value="\("\(count)")"><input type="hidden" name="version" value="\(form["version"])">\
        <button class="sr" name="act" value="save" tabindex="-1" aria-hidden="true"></button>\
        \(faults.notice)\((0..<count).map(step))\(add)\(settings)</form></div>
        """)
  }

  private func step(_ place: Int) -> Markup {
    let prefix = "s\(place)-"
    let isLast = place == count - 1
    let fields = EventFields(prefix: prefix, form: form, faults: faults, reader: reader, takesPurchase: isLast)
    let remove: Markup =
      count > 2
      ? "<button class=\"button ghost s\" name=\"act\" value=\"remove-\(place)\">\(Icon.close.small)\(reader("Убрать", "Remove"))</button>"
      : .nothing
    return """
      <section class="panel" aria-labelledby="h-\(prefix)"><header class="panel-head"><h2 id="h-\(prefix)">\(reader("Шаг", "Step")) \(place + 1)</h2>\(remove)</header>\
      <div class="panel-body form"><div class="fields">\(fields.kind)</div>\
      \(GoodsFields(prefix: prefix, form: form, faults: faults, reader: reader).html)\(fields.refinements)</div></section>
      """
  }

  private var add: Markup {
    guard count < Limits.funnelSteps else { return .nothing }
    return
      "<div class=\"row\"><button class=\"button\" name=\"act\" value=\"add\">\(Icon.plus.small)\(reader("Добавить шаг", "Add a step"))</button></div>"
  }

  private var settings: Markup {
    let spans = [("minutes", reader("минут", "minutes")), ("hours", reader("часов", "hours")), ("days", reader("дней", "days"))]
    let units = [
      ("person", reader("человек: участник или посетитель", "people: members or visitors")),
      ("session", reader("сессия: всё за один заход", "sessions: all in one visit")),
    ]
    let splits = [
      ("none", reader("не делить", "no")), ("channel", reader("по каналу", "by channel")),
      ("source", reader("по источнику", "by source")), ("campaign", reader("по кампании", "by campaign")),
      ("city", reader("по городу участника", "by the member's city")),
    ]
    let people = [("", reader("все", "everybody"))] + segments.map { ($0.code, "\($0.name) (\($0.code))") }
    return """
      <section class="panel" aria-labelledby="h-set"><header class="panel-head"><h2 id="h-set">\(reader("Как считать", "How it is counted"))</h2></header>\
      <div class="panel-body form"><div class="fields narrow">\
      \(Field(name: "within", label: reader("Между шагами не больше", "Between steps at most"), value: form["within"], type: "number", fault: faults["within"], limit: 6).html)\
      \(Choice(name: "span", label: reader("Единица", "Unit"), options: spans, chosen: form["span"]).html)</div>\
      <div class="fields">\(Choice(name: "unit", label: reader("Считать", "Count"), options: units, chosen: form["unit"], fault: faults["unit"]).html)\
      \(Choice(name: "split", label: reader("Делить на группы", "Split"), options: splits, chosen: form["split"], hint: reader("по сессии или участнику первого шага", "by the session or member of the first step"), fault: faults["split"]).html)</div>\
      \(Choice(name: "segment", label: reader("Только участники сегмента", "Only members of a segment"), options: people, chosen: form["segment"], fault: faults["segment"]).html)\
      \(Field(name: "name", label: reader("Название", "Name"), value: form["name"], fault: faults["name"], limit: 100, isRequired: false).html)\
      <div class="row"><button class="button primary" name="act" value="save">\(reader("Сохранить и посчитать", "Save and count"))</button></div></div></section>
      """
  }
}
