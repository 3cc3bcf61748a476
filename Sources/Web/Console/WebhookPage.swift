import Engagement
import Jobs
import Kernel

/// A webhook: where it leads, what it hears, and what came of every event.
struct WebhookPage {
  static let size = 50

  let visit: Visit
  let hook: Webhook
  let deliveries: [Delivery]
  let last: Int64
  let isFailed: Bool
  let isFirst: Bool
  let news: ConsoleDesk.WebhookNews
  let request: String

  private var reader: Reader { visit.reader }
  private var path: String { ConsoleDesk.path(hook.id) }
  private var words: WebhookWords { WebhookWords(reader: reader) }

  var page: Page {
    let test = ActButton(path: path + "/test", label: reader("Проверить", "Try it out"), icon: .send, style: "")
    return Page(
      title: hook.url.origin, marks: words.badge(hook, at: visit.call.at), actions: test.html(visit), notes: notes,
      crumbs: [(reader("Интеграции", "Integrations"), "/console/integrations")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(notice)\(log)</div><aside class="aside stack">\(state)\(again)\(settings)\(secret)\(removal)</aside></div>
        """)
  }

  private var notes: [String] {
    let behind = max(0, last - hook.position)
    let lag =
      behind == 0
      ? reader("События розданы до последнего", "Up to the last event")
      : reader("Отстаёт на \(reader.number(behind))", "\(reader.number(behind)) events behind")
    return [words.kinds(hook), lag, reader("с \(reader.date(hook.madeAt))", "since \(reader.date(hook.madeAt))")]
  }

  private var notice: Markup? {
    if let refusal = news.refusal { return Notice.refusal(refusal, reader) }
    if let answer = news.tested { return tested(answer) }
    if case .paused(let reason) = hook.state {
      return Notice.warning(
        reader(
          "На паузе: \(reason). События хранятся \(Limits.eventDays) дней и уйдут, когда вы его включите.",
          "Paused: \(reason). Events are kept for \(Limits.eventDays) days and go out when you switch it on."))
    }
    return nil
  }

  private func tested(_ answer: WebhookAnswer) -> Markup {
    let took = reader("за \(reader.number(answer.took.micros / 1000)) мс", "in \(reader.number(answer.took.micros / 1000)) ms")
    if answer.isDelivered {
      return Notice.good(
        reader("Сервер принял проверку: \(answer.status ?? 0), \(took)", "The server took the test: \(answer.status ?? 0), \(took)")
      )
    }
    let why = words.cause(status: answer.status, error: answer.error)
    return Notice.warning(reader("Сервер не принял проверку: \(why), \(took)", "The server did not take the test: \(why), \(took)"))
  }

  private var log: Markup {
    let tabs: Markup = """
      <nav class="tabs" aria-label="\(reader("Отправки", "Deliveries"))"><a href="\(path)"\(isFailed ? "" : " aria-current=\"page\"" as Markup)>\(reader("Все", "All"))</a>\
      <a href="\(path)?show=failed"\(isFailed ? " aria-current=\"page\"" : "" as Markup)>\(reader("Неудачные", "Failed"))</a></nav>
      """
    let title = reader("Отправки", "Deliveries")
    let head: Markup = "<header class=\"panel-head\"><h2>\(title)</h2></header>"
    guard !deliveries.isEmpty else {
      let none =
        isFailed
        ? reader("Неудачных нет", "None failed")
        : reader(
          "Здесь встанет каждое событие, отправленное на этот адрес", "Every event that is sent to this address will stand here")
      return "<section class=\"panel\">\(head)\(tabs)<p class=\"panel-body pad muted\">\(none)</p></section>"
    }
    let table = DataTable(
      label: title,
      columns: [
        .text(reader("Событие", "Event"), small: reader("Номер", "Number")), .text(reader("Когда", "When")),
        .text(reader("Чем кончилось", "Outcome")),
        .number(reader("Попыток", "Attempts")), .text(reader("Следующая", "Next")), .acts(reader("Действия", "Actions")),
      ], rows: deliveries.map(row))
    let show = isFailed ? "show=failed&" : ""
    let more = deliveries.count == Self.size ? deliveries.last.map { "\(path)?\(show)before=\($0.position)" } : nil
    return "<section class=\"panel\">\(head)\(tabs)\(table.going(on: reader.further(more)).html)</section>"
  }

  private func row(_ delivery: Delivery) -> Markup {
    let again = ActButton(
      path: path + "/replay", label: reader("Ещё раз", "Again"), fields: [("position", "\(delivery.position)")], icon: .refresh,
      style: "s ghost")
    let next =
      delivery.state == .waiting && delivery.attempts > 0
      ? reader.moment(max(delivery.dueAt, hook.restsUntil)) : "–"
    return """
      <tr><th scope="row">\(words.kind(delivery.kindNumber))<small>№ \(reader.number(delivery.position))</small></th>\
      <td class="nowrap">\(reader.moment(delivery.triedAt ?? delivery.madeAt))</td><td>\(outcome(delivery))</td>\
      <td class="num">\(reader.number(Int64(delivery.attempts)))</td><td class="nowrap">\(next)</td>\
      <td>\(delivery.state == .waiting && delivery.attempts == 0 ? nil : again.html(visit))</td></tr>
      """
  }

  private func outcome(_ delivery: Delivery) -> Markup {
    let took = delivery.took.map { reader("\(reader.number($0.micros / 1000)) мс", "\(reader.number($0.micros / 1000)) ms") }
    switch delivery.state {
    case .delivered:
      return
        "<span class=\"badge good\">\(Icon.check.usual)\(String(delivery.status ?? 0))</span> <span class=\"muted\">\(took ?? "")</span>"
    case .dead:
      let why = words.cause(status: delivery.status, error: delivery.error)
      return
        "<span class=\"badge bad\">\(Icon.warning.usual)\(reader("не дошло", "given up"))</span> <span class=\"muted\">\(why)</span>"
    case .waiting where delivery.attempts == 0: return "<span class=\"badge\">\(reader("ждёт", "waits"))</span>"
    case .waiting:
      let why = words.cause(status: delivery.status, error: delivery.error)
      return
        "<span class=\"badge warn\">\(Icon.clock.usual)\(reader("повторим", "tried again"))</span> <span class=\"muted\">\(why)</span>"
    }
  }

  private func panel(_ title: String, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(body)</section>"
  }

  private var state: Markup {
    if case .paused = hook.state {
      let button = ActButton(
        path: path + "/state", label: reader("Включить", "Switch on"), fields: [("state", "active")], icon: .play, style: "primary")
      return panel(reader("Пауза", "Pause"), "<div class=\"panel-body\">\(button.html(visit))</div>")
    }
    return panel(
      reader("Пауза", "Pause"),
      """
      <form class="inline-form" method="post" action="\(path)/state">\(visit.key)<input type="hidden" name="state" value="paused">\
      \(Field(name: "reason", label: reader("Почему", "Why"), isRequired: false).html)\
      <div><button class="button">\(Icon.pause.small)\(reader("Поставить на паузу", "Pause it"))</button></div></form>
      """)
  }

  private var again: Markup {
    let dead: Markup = """
      <form class="inline-form" method="post" action="\(path)/replay">\(visit.key)<input type="hidden" name="request" value="\(request)-d">\
      <input type="hidden" name="what" value="dead"><div><button class="button">\(reader("Всё, что не дошло", "All that was given up"))</button></div></form>
      """
    return panel(
      reader("Отправить ещё раз", "Send again"),
      """
      \(dead)<form class="inline-form" method="post" action="\(path)/replay">\(visit.key)\
      <input type="hidden" name="request" value="\(request)-s"><input type="hidden" name="what" value="span">\
      <div class="stack s">\(time("from", reader("С", "From")))\(time("until", reader("До", "Until")))</div>\
      <p class="muted">\(reader("Заново уйдут и те, что дошли: номера событий прежние, сервер пропустит известные.", "Also what was delivered goes again: events keep their ids, and a server passes over those it knows."))</p>\
      <div><button class="button">\(reader("За это время", "Of this time"))</button></div></form>
      """)
  }

  private func time(_ name: String, _ label: String) -> Markup {
    Field(name: name, label: label, value: visit.form[name], type: "datetime-local", limit: 20).html
  }

  private var settings: Markup {
    let isTyped = news.refusal != nil && !visit.form["url"].isEmpty
    return panel(
      reader("Адрес и события", "Address and events"),
      """
      <form class="inline-form" method="post" action="\(path)">\(visit.key)\
      \(WebhookFields(reader: reader, form: isTyped ? visit.form : nil, url: "\(hook.url)", kinds: hook.kinds).html)\
      <div><button class="button">\(reader("Сохранить", "Save"))</button></div></form>
      """)
  }

  private var secret: Markup {
    let until = hook.oldSecretUntil.flatMap { visit.call.at < $0 ? $0 : nil }
    let text =
      until.map {
        reader("Прежний секрет подписывает тоже, до \(reader.moment($0)).", "The old secret signs too, until \(reader.moment($0)).")
      }
      ?? reader(
        "Новый секрет покажем один раз. Сутки запросы подписаны обоими, чтобы сервер успел перейти.",
        "Another secret is shown once. For a day requests carry both signatures, so that your server can change over.")
    let rotate = ActButton(
      path: path + "/secret", label: reader("Сменить секрет", "Make another secret"), fields: [("request", request)], style: "")
    return panel(
      reader("Секрет подписи", "Secret"),
      "<div class=\"panel-body stack s\"><p class=\"soft\">\(text)</p>\(rotate.html(visit))</div>")
  }

  private var removal: Markup {
    Farewell(
      label: reader("Удалить вебхук", "Remove the webhook"),
      warning: reader(
        "События сюда больше не пойдут, а секрет не вернуть. Чтобы переждать, поставьте на паузу.",
        "Events will not come here any more, and the secret cannot be had again. To wait a while, pause it."),
      button: ActButton(path: path + "/removal", label: reader("Удалить", "Remove"), style: "s danger")
    ).html(visit)
  }
}

/// The form that adds a webhook.
struct NewWebhookPage {
  let visit: Visit
  let refusal: Problem?

  private var reader: Reader { visit.reader }

  var page: Page {
    let isTyped = visit.form["which"] != ""
    return Page(
      title: reader("Новый вебхук", "A new webhook"), crumbs: [(reader("Интеграции", "Integrations"), "/console/integrations")],
      body: """
        <div class="page-body"><section class="panel"><form class="inline-form form" method="post" action="/console/integrations/webhook">\(visit.key)\
        \(refusal.map { Notice.refusal($0, reader) })\
        \(WebhookFields(reader: reader, form: isTyped ? visit.form : nil, url: visit.form["url"], kinds: []).html)\
        <div><button class="button primary">\(reader("Добавить", "Add"))</button></div></form></section></div>
        """)
  }
}

/// Where to and what: the fields of either form.
struct WebhookFields {
  let reader: Reader
  /// What was typed, where it is shown again.
  let form: Form?
  let url: String
  let kinds: [Event.Kind]

  var html: Markup {
    let isAll = form.map { $0["which"] == "all" } ?? kinds.isEmpty
    let checks = Event.Kind.allCases.map { kind in
      let isOn = form.map { $0["kind-" + kind.word] == "on" } ?? kinds.contains(kind)
      return Tick(name: "kind-" + kind.word, label: WebhookWords(reader: reader).kind(kind.rawValue), note: kind.word, isOn: isOn)
        .html
    }
    let address = Field(
      name: "url", label: reader("Адрес", "Address"), value: form?["url"] ?? url, type: "url",
      hint: reader(
        "Начинается с https://. Ответьте 2xx за пять секунд, работу делайте потом",
        "Begins with https://. Answer 2xx within five seconds and work afterwards"),
      limit: Limits.webhookURL)
    return """
      \(address.html)<fieldset class="field"><legend>\(reader("События", "Events"))</legend>\
      \(radio("all", reader("Все, и те, что появятся", "All, also those to come"), isAll))\(radio("some", reader("Только эти:", "Only these:"), !isAll))\
      <details class="fold"\(isAll ? "" : " open" as Markup)><summary>\(Icon.right.usual)\(reader("Выбрать события", "Choose events"))</summary><div class="pad-s">\(checks)</div></details></fieldset>
      """
  }

  private func radio(_ value: String, _ label: String, _ isOn: Bool) -> Markup {
    let mark: Markup = isOn ? " checked" : ""
    return "<label class=\"check\"><input type=\"radio\" name=\"which\" value=\"\(value)\"\(mark)><span>\(label)</span></label>"
  }
}

/// A webhook's secret, this once.
struct SecretPage {
  let visit: Visit
  let hook: WebhookID
  let secret: WebhookSecret
  let isNew: Bool

  private var reader: Reader { visit.reader }

  var page: Page {
    let hint =
      isNew
      ? reader(
        "Показан один раз. Им сервер проверяет подпись каждого запроса.",
        "Shown this once. Your server verifies each request's signature with it.")
      : reader(
        "Показан один раз. Сутки запросы подписаны и прежним секретом.",
        "Shown this once. For a day requests are signed with the old one too.")
    return Page(
      title: isNew ? reader("Вебхук добавлен", "The webhook is added") : reader("Новый секрет", "Another secret"),
      crumbs: [(reader("Интеграции", "Integrations"), "/console/integrations")],
      body: """
        <div class="page-body"><div class="stack">\(ShownOnce(label: reader("Секрет подписи", "Secret"), value: secret.text, hint: hint).html(reader))\
        <p><a class="button" href="\(ConsoleDesk.path(hook))">\(reader("К вебхуку", "To the webhook"))</a></p></div></div>
        """)
  }
}
