import Customers
import Insight
import Kernel
import Loyalty

/// Saving: a new segment takes a name, one that is known takes its other condition.
struct SegmentSavingPanel {
  let view: SegmentView
  let typed: Form
  let fields: [Markup]
  let visit: Visit

  var html: Markup {
    let reader = visit.reader
    if let stored = view.stored {
      let back = "\(SegmentState.path)/\(stored.id)"
      return """
        <section class="panel"><div class="panel-body"><form class="row wrap" method="post" action="\(SegmentState.path)/save">\(visit.key)<input type="hidden" name="id" value="\(stored.id)">\(fields)\
        <button class="button primary">\(reader("Сохранить условие", "Save the condition"))</button><a class="button ghost" href="\(back)">\(reader("Вернуть прежнее", "Back to what it was"))</a></form></div></section>
        """
    }
    let faults = FormFaults(view.refusal, fields: ["code", "ru", "en"], reader)
    func field(_ name: String, _ label: String, _ hint: String? = nil, limit: Int = Limits.name, needed: Bool = true) -> Markup {
      Field(name: name, label: label, value: typed[name], hint: hint, fault: faults[name], limit: limit, isRequired: needed).html
    }
    let kind = Choice(
      name: "kind", label: reader("Каким будет", "What it will be"),
      options: [
        ("dynamic", reader("живым: пересчитывается сам", "dynamic: computed again and again")),
        ("snapshot", reader("снимком: посчитается один раз", "a snapshot: computed once")),
      ], chosen: typed["kind"])
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Сохранить", "Save"))</h2></header><div class="panel-body">\
      <form class="form" method="post" action="\(SegmentState.path)/save">\(visit.key)\(fields)\
      <div class="fields">\(field("ru", reader("Название по-русски", "Name in Russian")))\(field("en", reader("Название по-английски", "Name in English"), reader("пусто: как по-русски", "empty: as in Russian"), needed: false))</div>\
      <div class="fields">\(field("code", reader("Код", "Code"), reader("по нему сегмент называют правила; потом не меняется", "rules name the segment by it; it cannot be changed later"), limit: Limits.code))\(kind.html)</div>\
      <div class="row"><button class="button primary">\(reader("Сохранить сегмент", "Save the segment"))</button></div></form></div></section>
      """
  }
}

/// Why somebody is in or out, and who is in it as of a day.
struct SegmentWhyPanel {
  let view: SegmentView
  let words: SegmentWords
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup {
    let state = view.state
    let carried: [Markup] =
      [state.condition.map { "<input type=\"hidden\" name=\"q\" value=\"\(view.form.json($0).compact)\">" }].compactMap { $0 }
    let who = Field(
      name: "who", label: reader("Участник", "Member"), value: state.who, limit: Limits.code, isRequired: false,
      example: reader("телефон, карта или номер", "telephone, card or id"))
    let on = Field(
      name: "on", label: reader("На день", "As of"), value: state.on.map { "\($0)" } ?? "", type: "date", limit: 10,
      isRequired: false)
    return """
      <section class="panel" id="why" aria-labelledby="h-why"><header class="panel-head"><h2 id="h-why">\(reader("Почему человек внутри или снаружи", "Why somebody is in or out"))</h2></header>\
      <div class="panel-body"><form class="form" method="get" action="\(state.home)#why">\(carried)<div class="fields">\(who.html)\(on.html)</div>\
      <div class="row"><button class="button">\(reader("Показать", "Show"))</button>\
      <span class="muted small">\(reader("День: что было куплено до него включительно. Кто эти люди – как сейчас, кроме вступивших позже.", "The day: what was bought up to it. Who people are is as of now, but for those who joined later."))</span></div></form></div>\(answer)</section>
      """
  }

  private var answer: Markup? {
    guard !view.state.who.isEmpty else { return nil }
    guard let why = view.why else {
      return
        "<div class=\"panel-body\">\(Notice.info(reader("Никого не нашлось, или подходят несколько.", "Nobody was found, or several fit.")))</div>"
    }
    let reasons = why.reason.condition.group?.kind == .all ? why.reason.parts : [why.reason]
    let verdict: Markup =
      why.reason.holds
      ? "<span class=\"badge good\">\(reader("условие выполнено", "the condition holds"))</span>"
      : "<span class=\"badge\">\(reader("условие не выполнено", "the condition does not hold"))</span>"
    return """
      <div class="panel-body row wrap"><a class="text-link" href="/console/members/\(why.member.id)">\(visit.name(of: why.member))</a>\(verdict)\(known(why))</div>\
      <ul class="items top ruled">\(reasons.map(item))</ul>
      """
  }

  /// What tills know, which a choice may have decided.
  private func known(_ why: SegmentWhy) -> Markup? {
    guard view.stored != nil else { return nil }
    let says =
      switch why.choice {
      case .included?: reader("внесён вручную: всегда внутри", "put in by hand: always in")
      case .excluded?: reader("исключён вручную: всегда снаружи", "kept out by hand: always out")
      case nil:
        why.since.map { reader("внутри с \(reader.date($0))", "in since \(reader.date($0))") }
          ?? reader("у касс – снаружи", "out, as tills know it")
      }
    let then = why.wasIn.map { isIn in
      isIn ? reader("; в тот день внутри", "; in on that day") : reader("; в тот день снаружи", "; out on that day")
    }
    return "<span class=\"muted small\">\(says)\(then ?? "")</span>"
  }

  private func item(_ reason: SegmentReason) -> Markup {
    let mark: Markup = reason.holds ? Icon.check.styled("icon good") : Icon.close.usual
    let badge: Markup =
      reason.holds
      ? "<span class=\"badge good\">\(reader("да", "yes"))</span>" : "<span class=\"badge\">\(reader("нет", "no"))</span>"
    let inner: Markup =
      reason.parts.isEmpty || reason.condition.group == nil ? "" : "<ul class=\"items ruled\">\(reason.parts.map(item))</ul>"
    let title = reason.condition.group.map { words.group($0.kind, isFirst: true) } ?? words.text(reason.condition)
    // Of what must not have been, the receipts say why not.
    let shown = reason.condition.group == nil ? reason.parts.first ?? reason : reason
    return """
      <li>\(mark)<div><b>\(title)</b>\(amount(shown))\(marks(shown))\(receipts(shown))\(events(shown))\(inner)</div>\(badge)</li>
      """
  }

  private func amount(_ reason: SegmentReason) -> Markup? {
    guard let amount = reason.amount else { return nil }
    let text: String
    switch reason.condition {
    case .bought(_, let by, _):
      switch by {
      case .money, .averageReceipt: text = reader.money(Money(minor: amount))
      case .units: text = reader.quantity(amount)
      case .receipts, .visits, .products: text = reader.number(amount)
      }
    case .points: text = reader.points(Points(units: amount))
    case .lastBought, .agreed: text = reader("\(words.days(amount)) назад", "\(words.days(amount)) ago")
    default: text = reader.number(amount)
    }
    return "<p>\(reader("На деле", "In fact")): \(text)</p>"
  }

  private func marks(_ reason: SegmentReason) -> Markup? {
    reason.marks.map { "<p>\(reader("На деле", "In fact")): \($0)</p>" }
  }

  private func events(_ reason: SegmentReason) -> Markup? {
    guard !reason.events.isEmpty else { return nil }
    return "<p>\(reader("События", "Events")): \(reason.events.map(words.line).joined(separator: "; "))</p>"
  }

  private func receipts(_ reason: SegmentReason) -> Markup? {
    guard !reason.receipts.isEmpty else { return nil }
    let links = reason.receipts.map { id, day -> Markup in
      guard let receipt = view.why?.receipts[id] else { return "<span>\(reader.date(day))</span>" }
      return
        "<a href=\"\(receipt.path)\">\(reader.date(day)), \(reader.money(receipt.amount))</a>"
    }
    let joined = links.enumerated().map { place, link -> Markup in place == 0 ? link : "; \(link)" }
    return "<p>\(reader("Чеки", "Receipts")): \(joined)</p>"
  }
}

/// How the segment grew, as tills knew it.
struct SegmentHistoryPanel {
  static let table = "sizes"
  let id: SegmentID
  let sizes: [SegmentSize]
  let visit: Visit

  var html: Markup {
    let reader = visit.reader
    let title = reader("Размер по дням", "Size by day")
    guard let first = sizes.first, let last = sizes.last, sizes.count > 1 else {
      return """
        <section class="panel"><header class="panel-head"><h2>\(title)</h2></header><p class="panel-body soft">\(reader("История появится завтра: по одному размеру на день.", "The history begins tomorrow: one size for each day."))</p></section>
        """
    }
    // A day on which nothing was computed is as the one before.
    let days = (0...Int(last.day - first.day)).map { first.day.adding(days: $0) }
    let known = Dictionary(sizes.map { ($0.day, Int64($0.members)) }, uniquingKeysWith: { $1 })
    var before: Int64 = 0
    let values = days.map { day -> Int64 in
      before = known[day] ?? before
      return before
    }
    let labels = [first.day, first.day.adding(days: (days.count - 1) / 2), last.day].map { reader.day($0) }
    let chart = LineChart(values: values, before: [], labels: labels, title: title, table: Self.table) { reader.number($0) }
    let rows = zip(days, values).reversed().map { day, value -> Markup in
      "<tr><th scope=\"row\">\(reader.date(day))</th><td class=\"num\">\(reader.number(value))</td></tr>"
    }
    let table = DataTable(
      label: title, columns: [.text(reader("День", "Day")), .number(reader("Участников", "Members"))], rows: Array(rows),
      width: .tight,
      id: Self.table, files: .own)
    return """
      <section class="panel" aria-labelledby="h-sizes"><header class="panel-head"><h2 id="h-sizes">\(title)</h2></header><div class="panel-body">\(chart.html)\
      <details class="fold within"><summary>\(Icon.right.usual)\(reader("Таблицей", "As a table"))</summary>\(table.html)</details></div>\
      <footer class="panel-foot"><span>\(reader("Каким его знали кассы в конце дня", "As tills knew it at the end of the day"))</span>\(reader.files("\(SegmentState.path)/\(id)/sizes"))</footer></section>
      """
  }
}

/// The name, and off the shelf.
struct SegmentKeepingPanel {
  let stored: SegmentSummary
  let visit: Visit

  var html: Markup {
    let reader = visit.reader
    let path = "\(SegmentState.path)/\(stored.id)"
    let name = stored.segment.details.name
    let fields: Markup = """
      \(Field(name: "ru", label: reader("Название по-русски", "Name in Russian"), value: name.ru, id: "f-name-ru").html)\
      \(Field(name: "en", label: reader("Название по-английски", "Name in English"), value: name.en, id: "f-name-en").html)
      """
    let archive: Markup
    if stored.archivedAt != nil {
      archive = ActButton(
        path: path + "/archive", label: reader("Вернуть из архива", "Bring back"), fields: [("act", "restore")], style: ""
      ).html(visit)
    } else {
      archive = Farewell(
        label: reader("Убрать в архив", "Archive"),
        warning: reader(
          "Сегмент перестанет пересчитываться, и его не будет в списках. Те, кто в нём, останутся как есть; вернуть можно в любой момент.",
          "The segment is computed no more and offered nowhere. Who is in it stays; it can be brought back at any time."),
        button: ActButton(path: path + "/archive", label: reader("Убрать в архив", "Archive"), style: "danger")
      ).html(visit)
    }
    return """
      <section class="panel"><details class="fold"><summary>\(Icon.right.usual)\(reader("Переименовать", "Rename"))</summary>\
      <form class="form pad-s" method="post" action="\(path)/name">\(visit.key)<div class="fields">\(fields)</div><div class="row"><button class="button">\(reader("Переименовать", "Rename"))</button></div></form></details>\
      \(stored.archivedAt == nil ? archive : "<div class=\"pad-s\">\(archive)</div>" as Markup)</section>
      """
  }
}
