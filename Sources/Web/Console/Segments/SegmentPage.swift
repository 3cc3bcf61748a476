import Conditions
import Customers
import Insight
import Kernel
import Loyalty

/// The builder: who belongs to a segment as sentences of chips, beside it what they come to. Every step is a link or a form; `segment.js`
/// counts while one types.
struct SegmentPage {
  let view: SegmentView
  let visit: Visit
  /// What was typed about a new segment's name.
  var typed = Form()

  private var reader: Reader { visit.reader }
  private var state: SegmentState { view.state }
  private var words: SegmentWords { SegmentWords(reader, view.names) }
  private static let path = SegmentState.path

  var page: Page {
    let details = view.stored?.segment.details
    return Page(
      title: details.map { reader($0.name) } ?? reader("Новый сегмент", "New segment"), marks: marks, actions: actions,
      notes: notes,
      crumbs: [(reader("Участники", "Members"), "/console/members"), (reader("Сегменты", "Segments"), Self.path)],
      body: """
        <div class="page-body with-aside"><div class="stack">\(view.refusal.map { Notice.refusal($0, reader) })\(phrase)\(builder)\(saving)\(why)\(history)\(keeping)</div>\
        \(SegmentAside(view: view, visit: visit).html)</div>
        """)
  }

  private var marks: Markup {
    guard let stored = view.stored else { return .nothing }
    let archived: Markup? = stored.archivedAt.map { _ in "<span class=\"badge warn\">\(reader("в архиве", "archived"))</span>" }
    let changed: Markup? = view.isChanged ? "<span class=\"badge\">\(reader("не сохранён", "not saved"))</span>" : nil
    return "\(SegmentKindBadge(kind: stored.segment.details.kind, reader: reader).html)\(archived)\(changed)"
  }

  private var notes: [String] {
    guard let stored = view.stored else { return [] }
    let counted = stored.rule?.counted.map { counted in
      reader(
        "У касс: \(reader.count(counted.members, ("участник", "участника", "участников"), ("member", "members"))), посчитано \(reader.ago(visit.call.at - counted.at))",
        "Known to tills: \(reader.count(counted.members, ("участник", "участника", "участников"), ("member", "members"))), computed \(reader.ago(visit.call.at - counted.at))"
      )
    }
    return [stored.segment.details.code, counted ?? reader("ещё не посчитан для касс", "not computed for tills yet")]
  }

  private var actions: Markup {
    guard let id = state.id else { return .nothing }
    let people: Markup? =
      visit.may(.seeMembers)
      ? "<a class=\"button\" href=\"\(Self.path)/\(id)/members\">\(Icon.members.small)\(reader("Участники", "Members"))</a>" : nil
    let isDynamic = view.stored?.segment.details.kind == .dynamic && view.stored?.archivedAt == nil
    let lists: Markup? =
      isDynamic && visit.may(.changeProgramme)
      ? "<a class=\"button\" href=\"\(Self.path)/\(id)/lists\">\(Icon.list.small)\(reader("Всегда и никогда", "Always and never"))</a>"
      : nil
    let all = view.stored.flatMap { BulkLink.html(of: $0, visit) }
    return "\(lists)\(all)\(people)"
  }

  private var phrase: Markup? {
    if let reading = view.phrase { return SegmentPhraseBox(reading: reading, visit: visit).panel }
    return state.id == nil && state.parts.isEmpty ? SegmentPhraseBox(reading: nil, visit: visit).panel : nil
  }

  // MARK: the tree

  private var builder: Markup {
    let asText: Markup =
      view.text == nil
      ? """
      <div class="segmented" role="group" aria-label="\(reader("Вид", "View"))"><a href="\(state.with { _ in }.address(view.form))" aria-current="true">\(reader("Условия", "Conditions"))</a>\
      <a href="\(textAddress)">JSON</a></div>
      """
      : """
      <div class="segmented" role="group" aria-label="\(reader("Вид", "View"))"><a href="\(state.with { _ in }.address(view.form))">\(reader("Условия", "Conditions"))</a>\
      <a href="\(textAddress)" aria-current="true">JSON</a></div>
      """
    return """
      <section class="panel zones" id="conditions" aria-labelledby="h-who"><header class="panel-head"><h2 id="h-who">\(reader("Кто входит", "Who belongs"))</h2>\(asText)</header>\
      <div class="panel-body stack s">\(view.text.map(textForm) ?? tree)</div>\(foot)</section>
      """
  }

  private var textAddress: String {
    let query = state.with { _ in }.query(view.form)
    return state.home + (query.isEmpty ? "?text=on" : query + "&text=on")
  }

  private func textForm(_ text: String) -> Markup {
    let box = TextBox(
      name: "text", label: reader("Условие как в формате segment", "The condition as the format says it"), value: text,
      hint: reader(
        "Здесь можно всё, что умеет формат, с любой вложенностью.", "All that the format knows can be said here, however deep."),
      lines: 16, isCode: true)
    return """
      <form class="form" method="post" action="\(Self.path)/text">\(visit.key)\(state.id.map { hidden("id", "\($0)") })\(box.html)\
      <div class="row"><button class="button primary">\(reader("Показать", "Show"))</button></div></form>
      """
  }

  private func hidden(_ name: String, _ value: String) -> Markup { "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">" }

  private var tree: Markup {
    var pieces: [Markup] = []
    var run: [Markup] = []
    func close() {
      guard !run.isEmpty else { return }
      let name = pieces.isEmpty ? reader("все условия", "all of these") : reader("и все условия", "and all of these")
      pieces.append("<div class=\"joiner\"><span class=\"chip said\">\(name)</span></div><ol class=\"group\">\(run)</ol>")
      run = []
    }
    for (index, part) in state.parts.enumerated() {
      if let group = part.group {
        close()
        pieces.append(self.group(index, group.kind, group.parts, isFirst: pieces.isEmpty))
      } else {
        run.append(clause(.init(index), part))
      }
    }
    if case .add(let kind, .root)? = state.edit { run.append(form(kind, .init(state.parts.count))) }
    close()
    if case .add(let kind, .fresh(let group))? = state.edit {
      pieces.append(
        joiner(nil, group, isFirst: pieces.isEmpty) + "<ol class=\"group\">\(form(kind, .init(state.parts.count, 0)))</ol>")
    } else if let fresh = state.fresh {
      pieces.append(joiner(nil, fresh, isFirst: pieces.isEmpty) + "<div class=\"row\">\(adding(.fresh(fresh), isOpen: true))</div>")
    }
    let nothing: Markup? =
      pieces.isEmpty
      ? "<p class=\"soft\">\(reader("Пока входят все. Добавьте первое условие.", "Everybody belongs so far. Add the first condition."))</p>"
      : nil
    return "\(nothing)\(pieces)<div class=\"row wrap\">\(adding(.root, isOpen: false))\(newGroup)</div>"
  }

  private func group(_ index: Int, _ kind: SegmentState.GroupKind, _ parts: [SegmentCondition], isFirst: Bool) -> Markup {
    var items = parts.enumerated().map { clause(.init(index, $0), $1) }
    if case .add(let kind, .group(index))? = state.edit { items.append(form(kind, .init(index, parts.count))) }
    let effect = SegmentEffects(view: view, reader: reader)
    return """
      \(joiner(index, kind, isFirst: isFirst))<ol class="group">\(items)</ol>\
      <div class="row wrap between"><span class="row">\(adding(.group(index), isOpen: false))</span>\
      <span class="muted small" data-effect="\(index)">\(effect.of(.init(index)) ?? "")</span></div>
      """
  }

  /// What holds a group together, as a menu that changes it.
  private func joiner(_ index: Int?, _ kind: SegmentState.GroupKind, isFirst: Bool) -> Markup {
    let name = words.group(kind, isFirst: isFirst)
    guard let index, let own = state.parts[index].group else {
      return "<div class=\"joiner\"><span class=\"chip said\">\(name)</span></div>"
    }
    let links = SegmentState.GroupKind.allCases.filter { $0 != kind }.map { other -> Markup in
      let next = state.with { $0.parts[index] = other.group(own.parts) }
      return "<li><a href=\"\(next.address(view.form))\">\(words.group(other, isFirst: isFirst))</a></li>"
    }
    return
      "<div class=\"joiner\"><details class=\"pick\"><summary class=\"chip\">\(name)</summary><ul>\(links)</ul></details></div>"
  }

  private func clause(_ place: SegmentState.Place, _ condition: SegmentCondition) -> Markup {
    if state.edit == .change(place), let kind = condition.kind { return form(kind, place) }
    let sentence = words.parts(condition).map(\.html)
    let (label, up) = (words.text(condition), (place.inner ?? place.part) > 0)
    let edit = state.with { $0.edit = .change(place) }.address(view.form) + "#form"
    let raise: Markup? =
      up
      ? tool(state.with { $0.raise(place) }, Icon.arrowUp, reader("Выше: \(label)", "Move up: \(label)")) : nil
    return """
      <li class="clause"><div class="sentence">\(sentence)</div><div class="tools">\(raise)\
      <a class="button ghost s square" href="\(edit)" aria-label="\(reader("Изменить: \(label)", "Change: \(label)"))" title="\(reader("Изменить", "Change"))">\(Icon.settings.small)</a>\
      \(tool(state.with { $0.remove(at: place) }, .close, reader("Убрать: \(label)", "Take away: \(label)")))</div>\
      <div class="effect" data-effect="\(place.text)">\(SegmentEffects(view: view, reader: reader).of(place) ?? "")</div></li>
      """
  }

  private func tool(_ next: SegmentState, _ icon: Icon, _ label: String) -> Markup {
    "<a class=\"button ghost s square\" href=\"\(next.address(view.form))\" aria-label=\"\(label)\">\(icon.small)</a>"
  }

  /// The open condition.
  private func form(_ kind: SegmentState.Kind, _ place: SegmentState.Place) -> Markup {
    let named = view.choices?.all ?? []
    func choices(_ kind: SegmentNames.Kind) -> [(code: String, name: String)] {
      named.filter { $0.kind == kind }.map { ($0.code, reader($0.text)) }
    }
    let form = SegmentClauseForm(
      kind: kind, form: view.clause?.form ?? SegmentClause.blank(kind), refusal: view.clause?.refusal, tiers: choices(.tier),
      segments: choices(.segment).filter { $0.code != view.stored?.segment.details.code }, privileges: choices(.privilege),
      fields: view.fields, visit: visit)
    // The form goes on from what was there before it was tried.
    let origin = view.clause?.form
    let before = origin.flatMap { $0.has("edit") || $0.has("add") ? $0 : nil }
    let fields =
      before.map { form in ["q", "edit", "add", "at", "on", "who"].filter(form.has).map { hidden($0, form[$0]) } } ?? carried
    let isOpen = state.with { _ in }.address(view.form)
    return """
      <li class="clause" id="form"><form class="form" method="post" action="\(Self.path)/clause" data-count>\(visit.key)\(state.id.map { hidden("id", "\($0)") })\(fields)\
      <h3>\(words.kind(kind))</h3>\(form.html)<div class="row"><button class="button primary">\(reader("Применить", "Apply"))</button>\
      <button class="button" name="act" value="try" data-quiet>\(reader("Посчитать", "Count"))</button><a class="button ghost" href="\(isOpen)">\(reader("Отмена", "Cancel"))</a></div>\
      <div class="effect" data-effect="form" role="status">\(SegmentEffects(view: view, reader: reader).of(place) ?? "")</div></form></li>
      """
  }

  /// The state as hidden fields.
  private var carried: [Markup] {
    var fields: [Markup] = [hidden("q", state.condition.map { view.form.json($0).compact } ?? "")]
    switch state.edit {
    case .change(let place): fields.append(hidden("edit", place.text))
    case .add(let kind, let target): fields += [hidden("add", kind.rawValue), hidden("at", target.text)]
    case nil: break
    }
    if let on = state.on { fields.append(hidden("on", "\(on)")) }
    if !state.who.isEmpty { fields.append(hidden("who", state.who)) }
    return fields
  }

  private func adding(_ target: SegmentState.Target, isOpen: Bool) -> Markup {
    let links = SegmentState.Kind.allCases.map { kind -> Markup in
      let next = state.with { $0.edit = .add(kind, to: target) }
      return "<li><a href=\"\(next.address(view.form))#form\">\(words.kind(kind))</a></li>"
    }
    let own = SegmentFieldClause.links(view, target, visit)
    return """
      <details class="pick"\(isOpen ? " open" : "" as Markup)><summary class="chip add">\(Icon.plus.small)\(reader("условие", "condition"))</summary><ul>\(links)\(own)</ul></details>
      """
  }

  private var newGroup: Markup {
    let names: [(SegmentState.GroupKind, String)] = [
      (.any, reader("любое из", "any of")), (.none, reader("кроме", "none of")), (.all, reader("все из", "all of")),
    ]
    let links = names.map { kind, name -> Markup in
      "<li><a href=\"\(state.with { $0.fresh = kind }.address(view.form))\">\(name)</a></li>"
    }
    return """
      <details class="pick"><summary class="chip add">\(Icon.plus.small)\(reader("группа", "group"))</summary><ul>\(links)</ul></details>
      """
  }

  private var foot: Markup {
    let says =
      switch view.stored?.segment.details.kind {
      case .snapshot?: reader("Снимок считается один раз и не меняется", "A snapshot is computed once and stays")
      default:
        reader(
          "Пересчёт через секунды после событий; условия со временем стареют сами",
          "Computed again seconds after something happens; conditions grow old by themselves")
      }
    return "<footer class=\"panel-foot\"><span>\(says)</span></footer>"
  }

  // MARK: below the tree

  private var saving: Markup? {
    guard visit.may(.changeProgramme), state.edit == nil, state.condition != nil, view.stored == nil || view.isChanged else {
      return nil
    }
    return SegmentSavingPanel(view: view, typed: typed, fields: carried, visit: visit).html
  }

  private var why: Markup? {
    visit.may(.seeMembers) && state.condition != nil && view.hasColumns
      ? SegmentWhyPanel(view: view, words: words, visit: visit).html : nil
  }

  private var history: Markup? {
    view.stored.map { SegmentHistoryPanel(id: $0.id, sizes: view.sizes, visit: visit).html }
  }

  private var keeping: Markup? {
    guard let stored = view.stored, visit.may(.changeProgramme) else { return nil }
    return SegmentKeepingPanel(stored: stored, visit: visit).html
  }
}

/// What a condition does to the number of people.
struct SegmentEffects {
  let view: SegmentView
  let reader: Reader

  func of(_ place: SegmentState.Place) -> String? {
    guard let figures = view.figures, figures.through.indices.contains(place.part) else { return nil }
    let before = place.part == 0 ? figures.everybody : figures.through[place.part - 1]
    if let inner = place.inner {
      guard figures.within[place.part].indices.contains(inner) else { return nil }
      let own = reader.number(figures.within[place.part][inner])
      return reader("само по себе \(own) из \(reader.number(before))", "by itself \(own) of \(reader.number(before))")
    }
    let (left, gone) = (figures.through[place.part], before - figures.through[place.part])
    if place.part == 0 {
      return reader.count(Int(left), ("участник", "участника", "участников"), ("member", "members"))
    }
    return reader(
      "остаётся \(reader.number(left)), уходит \(reader.number(gone))", "\(reader.number(left)) stay, \(reader.number(gone)) go")
  }
}
