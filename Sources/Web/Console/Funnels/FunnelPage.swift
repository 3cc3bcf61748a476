import Insight
import Kernel

/// What a funnel came to.
struct FunnelPage {
  let kept: KeptFunnel
  let funnel: Funnel
  let names: [LocalText]
  /// Nil where it could not be counted.
  let answer: FunnelAnswer?
  let days: ClosedRange<CivilDay>
  let took: Int64
  let today: CivilDay
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var path: String { "\(FunnelPages.path)/\(kept.id)" }
  private var query: String { ReportState.query(days) }

  var page: Page {
    Page(
      title: kept.name, marks: kept.archivedAt == nil ? .nothing : "<span class=\"badge\">\(reader("в архиве", "archived"))</span>",
      actions: actions, notes: notes,
      crumbs: [(reader("Аналитика", "Analysis"), PivotState.path), (reader("Воронки", "Funnels"), FunnelPages.path)],
      body: "<div class=\"page-body\">\(period)\(FormFaults(refusal, fields: [], reader).notice)\(answer.map(body))</div>")
  }

  private var actions: Markup {
    guard visit.may(.changeProgramme) else { return .nothing }
    if kept.archivedAt != nil {
      return ActButton(path: path + "/archive", label: reader("Вернуть", "Restore"), fields: [("act", "restore")], style: "").html(
        visit)
    }
    return """
      \(ActButton(path: path + "/archive", label: reader("В архив", "Archive"), fields: [("act", "archive")], style: "").html(visit))\
      <a class="button primary" href="\(path)/edit">\(reader("Изменить", "Change"))</a>
      """
  }

  private var notes: [String] {
    let unit = funnel.unit == .session ? reader("по сессиям", "by session") : reader("по людям", "by person")
    let minutes = Int64(funnel.withinMinutes)
    var notes = [
      "\(reader.date(days.lowerBound)) – \(reader.date(days.upperBound))", unit,
      reader("между шагами до \(span(minutes * 60))", "at most \(span(minutes * 60)) between steps"),
    ]
    if let segment = funnel.segment { notes.append(reader("только сегмент \(segment)", "only the segment \(segment)")) }
    return notes + [reader("посчитано за \(took)\u{a0}мс", "counted in \(took)\u{a0}ms")]
  }

  /// Seconds as people say them.
  private func span(_ seconds: Int64) -> String {
    if seconds < 120 { return reader.count(Int(seconds), ("секунда", "секунды", "секунд"), ("second", "seconds")) }
    if seconds < 7_200 { return reader.count(Int(seconds / 60), ("минута", "минуты", "минут"), ("minute", "minutes")) }
    if seconds < 172_800 { return reader.count(Int(seconds / 3_600), ("час", "часа", "часов"), ("hour", "hours")) }
    return reader.count(Int(seconds / 86_400), ("день", "дня", "дней"), ("day", "days"))
  }

  private var period: Markup {
    let yesterday = today.adding(days: -1)
    let links = [7, 28, 84].map { length -> Markup in
      let choice = today.adding(days: -length)...yesterday
      let mark: Markup = choice == days ? " aria-current=\"true\"" : ""
      return
        "<a href=\"\(path)\(ReportState.query(choice))\"\(mark)>\(reader.count(length, ("день", "дня", "дней"), ("day", "days")))</a>"
    }
    return """
      <form class="row wrap report-period" method="get" action="\(path)"><div class="segmented wraps" role="group" aria-label="\(reader("Период", "Period"))">\(links)</div>\
      <span class="row"><input class="input" type="date" name="from" value="\(days.lowerBound)" aria-label="\(reader("С", "From"))" required>\
      <span aria-hidden="true">–</span><input class="input" type="date" name="to" value="\(days.upperBound)" aria-label="\(reader("По", "To"))" required>\
      <button class="button">\(reader("Показать", "Show"))</button></span></form>
      """
  }

  private func body(_ answer: FunnelAnswer) -> Markup {
    let parts = answer.parts(names)
    let steps = names.indices.map { step(answer, $0) }
    let nothing: Markup? =
      answer.all.counts[0] == 0
      ? Notice.info(
        reader(
          "В эти дни никто не сделал первый шаг. События приходят с сайта через интерфейс или файлом.",
          "Nobody took the first step in these days. Events come from the site through the interface or as a file.")) : nil
    return """
      \(nothing)<section class="panel" aria-labelledby="h-steps"><header class="panel-head"><h2 id="h-steps">\(reader("Шаги", "Steps"))</h2>\
      <span class="muted">\(reader("участников среди начавших: \(reader.number(answer.members))", "members among the starts: \(reader.number(answer.members))"))</span></header>\
      \(ReportChart(part: parts[0], reader: reader).html)\
      <div class="scroll" tabindex="0" role="group" aria-labelledby="h-steps"><table class="table tight report"><thead><tr>\(heads)</tr></thead><tbody>\(steps)</tbody></table></div>\
      <footer class="panel-foot"><span></span>\(reader.files("\(path)/table", query + "&part=steps"))</footer></section>\
      \(parts.count > 1 ? groups(parts[1]) : .nothing)\(visit.may(.seeMembers) ? left(answer) : .nothing)\(visit.may(.changeProgramme) ? lost(answer) : .nothing)\(DefinitionPanel(notes: answer.notes, reader: reader).html)
      """
  }

  private var heads: [Markup] {
    let names = [
      reader("Дошли", "Reached"), reader("От прошлого шага", "Of the step before"), reader("От начала", "Of the start"),
      reader("Ушли после", "Left after it"), reader("Медиана времени", "Median time"), reader("Период раньше", "Period before"),
      reader("Доля от начала, изменение", "Share of the start, change"),
    ]
    return ["<th scope=\"col\">\(reader("Шаг", "Step"))</th>"] + names.map { "<th scope=\"col\" class=\"num\">\($0)</th>" }
  }

  private func step(_ answer: FunnelAnswer, _ place: Int) -> Markup {
    let (all, before) = (answer.all, answer.before)
    func share(_ value: Int64?) -> Markup { value.map { reader.figure($0, .percent) } ?? "<span class=\"muted\">–</span>" }
    var change: Markup = "<span class=\"muted\">–</span>"
    if place > 0, let now = all.fromStart(place), let then = before.fromStart(place) {
      change = reader.figure(now - then, .difference(isGood: true))
    }
    let lost: Markup = place + 1 < names.count ? "\(reader.number(all.lost(place)))" : "<span class=\"muted\">–</span>"
    let time: Markup = all.medians[place].map { "\(span($0))" } ?? "<span class=\"muted\">–</span>"
    return """
      <tr><th scope="row">\(place + 1). \(reader(names[place]))</th><td class="num">\(reader.number(all.counts[place]))</td>\
      <td class="num">\(share(all.fromBefore(place)))</td><td class="num">\(share(all.fromStart(place)))</td><td class="num">\(lost)</td>\
      <td class="num">\(time)</td><td class="num">\(reader.number(before.counts[place]))</td><td class="num">\(change)</td></tr>
      """
  }

  private func groups(_ part: ReportSheet.Part) -> Markup {
    let heads = part.columns.map { column -> Markup in
      let style: Markup = column.unit == .text ? "" : " class=\"num\""
      return "<th scope=\"col\"\(style)>\(reader(column.title))</th>"
    }
    let rows = part.rows.map { row -> Markup in
      let cells = zip(row, part.columns).enumerated().map { place, pair -> Markup in
        let text = reader.cell(pair.0, pair.1.unit)
        return place == 0 ? "<th scope=\"row\">\(text)</th>" : "<td class=\"num\">\(text)</td>"
      }
      return "<tr>\(cells)</tr>"
    }
    return """
      <section class="panel" aria-labelledby="h-groups"><header class="panel-head"><h2 id="h-groups">\(reader(part.title))</h2></header>\
      <div class="scroll" tabindex="0" role="group" aria-labelledby="h-groups"><table class="table tight report"><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>\
      <footer class="panel-foot"><span></span>\(reader.files("\(path)/table", query + "&part=groups"))</footer></section>
      """
  }

  /// The members themselves, as a file.
  private func left(_ answer: FunnelAnswer) -> Markup {
    let rows = names.indices.dropLast().map { place -> Markup in
      """
      <tr><th scope="row">\(place + 1). \(reader(names[place]))</th><td>\(reader.files("\(path)/left", "\(query)&step=\(place)"))</td></tr>
      """
    }
    return DataTable(
      label: reader("Кто ушёл – файлом", "Who left, as a file"),
      columns: [.text(reader("После шага", "After the step")), .text(reader("Участники", "Members"))], rows: Array(rows),
      width: .tight, files: .own
    ).panel(heading: true)
  }

  private func lost(_ answer: FunnelAnswer) -> Markup {
    let faults = FormFaults(refusal, fields: ["code", "name"], reader)
    let typed = refusal == nil ? Form() : visit.form
    let steps = names.indices.dropLast().map { place in
      (value: "\(place)", name: "\(place + 1). \(reader(names[place])): \(reader.number(answer.all.lost(place)))")
    }
    return """
      <section class="panel" aria-labelledby="h-lost"><header class="panel-head"><h2 id="h-lost">\(reader("Кто ушёл – в сегмент", "Who left, as a segment"))</h2></header>\
      <div class="panel-body"><form class="form" method="post" action="\(path)/lost">\(visit.key)\
      <input type="hidden" name="from" value="\(days.lowerBound)"><input type="hidden" name="to" value="\(days.upperBound)">\
      <p class="hint">\(reader("Участники, которые сделали этот шаг и не сделали следующий; посетители без входа на сайт в сегмент не попадут.", "Members who took this step and not the next; visitors who never signed in cannot be in a segment."))</p>\
      <div class="fields">\(Choice(name: "step", label: reader("Ушли после шага", "Left after the step"), options: steps, chosen: typed["step"]).html)\
      \(Field(name: "name", label: reader("Название списка", "Name of the list"), value: typed["name"], fault: faults["name"], limit: 100).html)\
      \(Field(name: "code", label: reader("Код", "Code"), value: typed["code"], fault: faults["code"], limit: Limits.code).html)</div>\
      <div class="row"><button class="button">\(reader("Сохранить сегмент", "Save the segment"))</button></div></form></div></section>
      """
  }
}
