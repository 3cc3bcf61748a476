import Access
import Kernel
import Loyalty

/// The fraud board.
struct GuardBoardPage {
  let view: GuardView
  let words: GuardWords
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var watch: GuardTerms? { view.programme.settings.watch }

  var page: Page {
    let limits: Markup =
      "<a class=\"button\" href=\"/console/guard/limits\">\(Icon.settings.small)\(reader("Лимиты", "Limits"))</a>"
    return Page(
      title: reader("Охрана", "Guard"), actions: limits,
      notes: [
        reader(
          "Сигналы по лимитам, необычные кассиры и участники, блокировки на кассах",
          "Alerts by limits, unusual cashiers and members, blocks at tills")
      ],
      body: """
        <div class="page-body">\(refusal.map { Notice.refusal($0, reader) })\(watch == nil && view.blocks.isEmpty ? empty : content)</div>
        """)
  }

  private var empty: Markup {
    let says = reader(
      "Пока ничего не считается. Включите готовый набор мягких лимитов: он только сигналит, а кассам и сотрудникам ничего не запрещает.",
      "Nothing is counted yet. Turn on the ready set of soft limits: it only alerts and forbids nothing to tills.")
    let make: Markup? =
      visit.may(.changeProgramme)
      ? "<a class=\"button primary\" href=\"/console/guard/limits?template=1\">\(reader("Посмотреть набор", "Look at the set"))</a>"
      : nil
    return """
      <section class="panel"><div class="empty">\(Icon.shield.usual)<h2>\(reader("Лимитов ещё нет", "There are no limits yet"))</h2><p>\(says)</p>\(make)</div></section>
      """
  }

  private var content: Markup { "\(stats)\(alerts)\(blocks)\(unusualCashiers)\(unusualMembers)" }

  private var stats: Markup {
    func stat(_ name: String, _ value: Int, _ note: String) -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(reader.number(Int64(value)))</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let (open, today) = (view.open.all, view.open.ofDay)
    return """
      <dl class="stats of4">\(stat(reader("Новых сигналов", "New alerts"), open, reader("из них сегодня \(today)", "\(today) of them today")))\
      \(stat(reader("Необычных кассиров", "Unusual cashiers"), view.cashiers.count, reader("за неделю", "this week")))\
      \(stat(reader("Необычных участников", "Unusual members"), view.members.count, reader("за неделю", "this week")))\
      \(stat(reader("Остановлено на кассах", "Stopped at tills"), view.blocks.count, reader("сейчас", "now")))</dl>
      """
  }

  // MARK: alerts

  private var alerts: Markup {
    guard !view.alerts.isEmpty else {
      return panel(
        reader("Сигналы", "Alerts"),
        "<div class=\"panel-body\"><p class=\"muted\">\(reader("Никто не дошёл до порога.", "Nobody reached a threshold."))</p></div>",
        foot: filter)
    }
    return DataTable(
      label: reader("Сигналы", "Alerts"),
      columns: [
        .text(reader("Кто", "Who")), .text(reader("Что", "What")), .text(reader("День", "Day")), .text(reader("Чеки", "Receipts")),
        .text(reader("Состояние", "State")),
      ], rows: view.alerts.map(row), files: .own
    ).panel(heading: true, foot: filter)
  }

  private var filter: Markup {
    let link: Markup =
      view.showsAll
      ? "<a class=\"text-link\" href=\"/console/guard\">\(reader("Только нерешённые", "Only undecided ones"))</a>"
      : "<a class=\"text-link\" href=\"/console/guard?all=1\">\(reader("Показать и решённые", "Show decided ones too"))</a>"
    let next = view.next.map { next -> Markup in
      "<a class=\"text-link\" href=\"/console/guard?before=\(next)\(view.showsAll ? "&all=1" : "")\">\(reader("Более ранние", "Earlier ones"))</a>"
    }
    let files = reader.files("/console/guard/alerts", view.showsAll ? "?all=1" : "")
    return "<footer class=\"panel-foot\">\(link)\(next)\(files)</footer>"
  }

  private func row(_ alert: GuardAlert) -> Markup {
    let figure = words.figure(alert.figure, alert.measure)
    let threshold = words.figure(alert.threshold, alert.measure)
    let mark = words.badge(isHard: alert.isHard)
    return """
      <tr><th scope="row">\(words.subject(alert.place))</th><td>\(words.name(alert.measure)) \(words.window(alert.window)): <b>\(figure)</b>\
      <small>\(reader("порог \(threshold)", "threshold \(threshold)")) \(mark)</small></td><td class="nowrap">\(reader.day(alert.day))</td>\
      <td>\(words.links(alert.receipts))</td><td>\(words.state(alert.state))\(alert.note.map { note -> Markup in "<small>\(note)</small>" })\
      \(decision(alert))</td></tr>
      """
  }

  private func decision(_ alert: GuardAlert) -> Markup? {
    guard visit.may(.blockAtTills), alert.state == .open || alert.state == .seen else { return nil }
    let note = Field(
      name: "note", label: reader("Что выяснилось", "What was found"), isRequired: false, id: "note-\(alert.id)")
    func button(_ state: GuardAlert.State, _ text: String) -> Markup {
      "<button class=\"button s\" name=\"state\" value=\"\(state.rawValue)\">\(text)</button> "
    }
    return """
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Решить", "Decide"))</summary>\
      <form class="inline-form" method="post" action="/console/guard/alerts/\(alert.id)">\(visit.key)\(note.html)<div class="row">\
      \(alert.state == .open ? button(.seen, reader("Беру в работу", "I look at it")) : .nothing)\
      \(button(.dismissed, reader("Всё в порядке", "All is well")))\(button(.confirmed, reader("Подтверждаю", "Confirmed")))</div></form></details>
      """
  }

  // MARK: unusual ones

  private var unusualCashiers: Markup {
    unusual(
      view.cashiers, reader("Необычные кассиры", "Unusual cashiers"),
      none: reader(
        "За неделю никто не выделяется среди кассиров своего магазина. Нужно, чтобы кассы называли кассира (поле cashier) и набралось не меньше \(Usual.least) кассиро-дней.",
        "Nobody stands out among the cashiers of their store this week. Tills have to name the cashier (field cashier), and \(Usual.least) days of cashiers are needed."
      ))
  }

  private var unusualMembers: Markup {
    unusual(
      view.members, reader("Необычные участники", "Unusual members"),
      none: reader("За неделю никто не выделяется.", "Nobody stands out this week."))
  }

  private func unusual(_ subjects: [UnusualSubject], _ title: String, none: String) -> Markup {
    guard !subjects.isEmpty else { return panel(title, "<div class=\"panel-body\"><p class=\"muted\">\(none)</p></div>") }
    let rows = subjects.map { subject -> Markup in
      let why = subject.signs.map { sign -> Markup in "<div>\(words.sentence(sign))</div>" }
      return """
        <tr><th scope="row">\(words.subject(subject.place))</th><td>\(Markup(why))</td>\
        <td class="num">\(reader.decimal(subject.score, digits: 2))</td><td class="num">\(reader.number(Int64(subject.observations)))</td>\
        <td>\(words.links(subject.receipts))</td></tr>
        """
    }
    return DataTable(
      label: title,
      columns: [
        .text(reader("Кто", "Who")), .text(reader("Почему", "Why")), .descending(reader("Насколько, z", "How far, z")),
        .number(reader("Сравнили дней", "Days compared")), .text(reader("Чеки", "Receipts")),
      ], rows: rows
    ).panel(heading: true)
  }

  // MARK: blocks

  private var blocks: Markup {
    guard !view.blocks.isEmpty else {
      return panel(
        reader("Остановлены на кассах", "Stopped at tills"),
        "<div class=\"panel-body\"><p class=\"muted\">\(reader("Никто.", "Nobody."))</p></div>")
    }
    return DataTable(
      label: reader("Остановлены на кассах", "Stopped at tills"),
      columns: [
        .text(reader("Кто", "Who")), .text(reader("Почему", "Why")), .text(reader("С", "Since")), .text(reader("До", "Until")),
        .acts(reader("Действия", "Acts")),
      ], rows: reader.shown(view.blocks, Limits.page).map(row)
    ).panel(heading: true)
  }

  private func row(_ block: GuardBlock) -> Markup {
    let until =
      block.lastDay.map { reader("конец дня \(reader.day($0))", "the end of \(reader.day($0))") }
      ?? block.endsAt.map { reader.moment($0) } ?? reader("без срока", "no end")
    let why = block.limit.map { reader("жёсткий лимит \($0)", "hard limit \($0)") } ?? block.reason
    let field = Field(name: "reason", label: reader("Почему", "Why"), id: "end-\(block.id)")
    let end: Markup? =
      visit.may(.blockAtTills)
      ? """
      <details class="fold"><summary>\(Icon.right.usual)\(reader("Снять", "Lift"))</summary><form class="inline-form" method="post" \
      action="/console/guard/blocks/\(block.id)">\(visit.key)\(field.html)<div><button class="button s">\(reader("Снять", "Lift"))</button></div></form></details>
      """ : nil
    return """
      <tr><th scope="row">\(words.subject(block.place))</th><td>\(why)</td><td class="nowrap">\(reader.moment(block.madeAt))</td>\
      <td class="nowrap">\(until)</td><td>\(end)</td></tr>
      """
  }

  private func panel(_ title: String, _ body: Markup, foot: Markup? = nil) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(body)\(foot)</section>"
  }
}
