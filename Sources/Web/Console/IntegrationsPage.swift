import Access
import Engagement
import Jobs
import Kernel

/// Tokens of other systems, and webhooks.
struct IntegrationsPage {
  let visit: Visit
  let tokens: [Token]
  let hooks: [Webhook]
  /// The stream's last position.
  let last: Int64
  /// The configuration has a key to seal secrets under.
  let hasKeys: Bool
  let isFirst: Bool

  private var reader: Reader { visit.reader }

  var page: Page {
    let issue: Markup = """
      <a class="button primary" href="/console/integrations/token">\(Icon.plus.small)\(reader("Выдать токен", "Issue a token"))</a>
      """
    return Page(
      title: reader("Интеграции", "Integrations"), actions: issue,
      notes: [
        reader(
          "Что другим системам можно спрашивать у нас и что мы рассказываем им",
          "What other systems may ask of us, and what we tell them")
      ],
      body: "<div class=\"page-body\">\(systems)\(isFirst ? webhooks : nil)\(isFirst ? tills : nil)</div>")
  }

  private var systems: Markup {
    guard !tokens.isEmpty else {
      return isFirst
        ? """
        <section class="panel"><header class="panel-head"><h2>\(reader("Токены других систем", "Tokens of other systems"))</h2></header>\
        <p class="panel-body muted">\(reader("Сайту, приложению, 1С или сборщику показателей нужен токен: он говорит, чья это система и что ей можно. Дайте каждой свой и только нужные права.", "A web shop, an app, an accounting system or a collector of metrics needs a token: it says whose system it is and what it may do. Give each its own, with no more than it needs."))</p></section>
        """ : Notice.info(reader("Дальше токенов нет", "There are no further tokens"))
    }
    let more = tokens.count == TokenTable.size ? tokens.last.map { "/console/integrations?before=\($0.id)" } : nil
    return TokenTable(visit: visit, tokens: tokens, isOfTills: false).table.panel(heading: true, next: reader.further(more))
  }

  private var tills: Markup {
    """
    <p class="muted"><a class="text-link" href="/console/integrations/tills">\(reader("Токены касс", "Tokens of tills"))</a> \
    \(reader("– отдельным списком: их столько, сколько касс.", "– in a list of their own: there are as many as tills."))</p>
    """
  }

  private var webhooks: Markup {
    let add: Markup? =
      hasKeys && hooks.count < Limits.webhooks
      ? "<a class=\"button s\" href=\"/console/integrations/webhook\">\(Icon.plus.small)\(reader("Добавить вебхук", "Add a webhook"))</a>"
      : nil
    let title = reader("Вебхуки", "Webhooks")
    let head: Markup = "<header class=\"panel-head\"><h2>\(title)</h2>\(add)</header>"
    if !hasKeys {
      let text = reader(
        "Чтобы отправлять события, администратор задаёт ключ secrets.key в настройках сервера: им запечатаны секреты подписи.",
        "To send events the administrator sets secrets.key in the server's configuration: the secrets of signatures are sealed under it."
      )
      return "<section class=\"panel\">\(head)<div class=\"panel-body\">\(Notice.info(text))</div></section>"
    }
    guard !hooks.isEmpty else {
      let text = reader(
        "Вебхук – адрес вашей системы, куда через секунды приходит каждое событие: чек, баллы, новый участник. Каждый запрос подписан.",
        "A webhook is an address of your system that hears of every event within seconds: a receipt, points, a new member. Each request is signed."
      )
      return "<section class=\"panel\">\(head)<p class=\"panel-body muted\">\(text)</p></section>"
    }
    let table = DataTable(
      label: title,
      columns: [
        .text(reader("Куда", "Where to")), .text(reader("События", "Events")), .text(reader("Состояние", "State")),
        .number(reader("Отстаёт", "Behind")),
      ], rows: hooks.map(row))
    return "<section class=\"panel\">\(head)\(table.html)</section>"
  }

  private func row(_ hook: Webhook) -> Markup {
    let behind = max(0, last - hook.position)
    return """
      <tr><th scope="row" class="break"><a href="/console/integrations/webhooks/\(hook.id)">\(hook.url.origin)</a><small>\(hook.id)</small></th>\
      <td>\(WebhookWords(reader: reader).kinds(hook))</td><td>\(WebhookWords(reader: reader).badge(hook, at: visit.call.at))</td>\
      <td class="num">\(behind == 0 ? "0" : reader.number(behind))</td></tr>
      """
  }
}

/// Tokens of tills, which are many.
struct TillTokensPage {
  let visit: Visit
  let tokens: [Token]

  private var reader: Reader { visit.reader }

  var page: Page {
    let more = tokens.count == TokenTable.size ? tokens.last.map { "/console/integrations/tills?before=\($0.id)" } : nil
    let none = reader(
      "Здесь появятся токены касс. Касса с токеном говорит только за себя: чужой чек она не пробьёт.",
      "Tokens of tills will stand here. A till speaks for itself alone: it cannot sell for another.")
    let body: Markup =
      tokens.isEmpty
      ? Notice.info(none) : TokenTable(visit: visit, tokens: tokens, isOfTills: true).table.panel(next: reader.further(more))
    return Page(
      title: reader("Токены касс", "Tokens of tills"),
      actions:
        "<a class=\"button\" href=\"/console/integrations/token\">\(Icon.plus.small)\(reader("Выдать токен", "Issue a token"))</a>",
      crumbs: [(reader("Интеграции", "Integrations"), "/console/integrations")], body: "<div class=\"page-body\">\(body)</div>")
  }
}

/// Tokens as rows.
struct TokenTable {
  static let size = 50

  let visit: Visit
  let tokens: [Token]
  let isOfTills: Bool

  private var reader: Reader { visit.reader }

  var table: DataTable {
    DataTable(
      label: isOfTills ? reader("Токены касс", "Tokens of tills") : reader("Токены других систем", "Tokens of other systems"),
      columns: [
        .text(reader("Токен", "Token"), small: reader("Где", "Place")), .text(reader("Что можно", "What it may do")),
        .text(reader("Состояние", "State")),
        .text(reader("Выдан", "Issued")), .text(reader("Последний раз", "Last used")), .acts(reader("Действия", "Actions")),
      ], rows: tokens.map(row))
  }

  private func row(_ token: Token) -> Markup {
    let scopes = Scope.allCases.filter(token.scopes.contains).map { ScopeWords.short($0, reader) }.joined(separator: ", ")
    let used = token.usedAt.map { reader.moment($0) } ?? reader("ещё не показан", "not shown yet")
    return """
      <tr><th scope="row">\(token.name)<small>\(place(token))</small></th><td>\(scopes)</td><td>\(state(token))</td>\
      <td class="nowrap">\(reader.date(token.madeAt))</td><td class="nowrap">\(used)</td><td>\(acts(token))</td></tr>
      """
  }

  private func place(_ token: Token) -> String {
    guard case .register(let register, let store) = token.bearer else { return token.id.description }
    return "\(visit.store(store)) · \(reader("касса", "till")) \(visit.sales?.till(register)?.register ?? register.description)"
  }

  private func state(_ token: Token) -> Markup {
    if token.revokedAt != nil { return "<span class=\"badge\">\(reader("отозван", "revoked"))</span>" }
    guard token.isLive(at: visit.call.at) else { return "<span class=\"badge\">\(reader("срок вышел", "over"))</span>" }
    let end = token.expiresAt.map { reader("до \(reader.date($0))", "until \(reader.date($0))") } ?? reader("действует", "live")
    return "<span class=\"badge good\">\(Icon.check.usual)\(end)</span>"
  }

  private func acts(_ token: Token) -> Markup? {
    guard token.isLive(at: visit.call.at) else { return nil }
    return Farewell(
      label: reader("Отозвать", "Revoke"),
      warning: reader(
        "Система с этим токеном перестанет работать через секунду. Вернуть его нельзя, только выдать новый.",
        "Whoever uses this token is refused within a second. It cannot be brought back; issue another instead."),
      button: ActButton(
        path: "/console/integrations/token/revocation", label: reader("Отозвать «\(token.name)»", "Revoke “\(token.name)”"),
        fields: [("token", "\(token.id)")], style: "s danger")
    ).html(visit)
  }
}

/// The form that issues a token.
struct TokenFormPage {
  let visit: Visit
  let request: String
  let refusal: Problem?

  private var reader: Reader { visit.reader }
  private var form: Form { visit.form }

  var page: Page {
    let checks = Scope.allCases.map { scope in
      Tick(
        name: "scope-" + scope.rawValue, label: ScopeWords.long(scope, reader), note: scope.rawValue,
        isOn: form["scope-" + scope.rawValue] == "on"
      ).html
    }
    let days =
      [("", reader("бессрочно", "for good"))]
      + TokenOrder.days.map { ("\($0)", reader.count(Int($0), ("день", "дня", "дней"), ("day", "days"))) }
    let body: Markup = """
      <div class="page-body"><section class="panel"><form class="inline-form form" method="post" action="/console/integrations/token">\
      \(visit.key)<input type="hidden" name="request" value="\(form["request"].isEmpty ? request : form["request"])">\
      \(refusal.map { Notice.refusal($0, reader) })\
      \(Field(name: "name", label: reader("Название", "Name"), value: form["name"], hint: reader("Так его назовут список и журнал: «сайт», «1С», «касса 3»", "What the list and the audit trail call it: “web shop”, “till 3”"), limit: Limits.code).html)\
      <fieldset class="field"><legend>\(reader("Что с ним можно", "What may be done with it"))</legend>\
      <p class="hint">\(reader("Отметьте только нужное: чего нет, того не сделает и тот, кто токен украдёт.", "Choose no more than is needed: what is missing, nobody who steals the token can do either."))</p>\(checks)</fieldset>\
      <div class="fields">\(Choice(name: "days", label: reader("Действует", "It works"), options: days, chosen: form["days"]).html)</div>\
      <fieldset class="field"><legend>\(reader("Для одной кассы", "For one till"))</legend>\
      <p class="hint">\(reader("Оставьте пустым для другой системы: она называет магазин и кассу в каждом запросе.", "Leave it empty for another system, which names store and till with each request."))</p>\
      <div class="fields">\(Field(name: "store", label: reader("Код магазина", "Store's code"), value: form["store"], limit: Limits.code, isRequired: false).html)\
      \(Field(name: "register", label: reader("Номер кассы", "Till's number"), value: form["register"], limit: Limits.code, isRequired: false).html)</div></fieldset>\
      <div><button class="button primary">\(reader("Выдать токен", "Issue the token"))</button></div></form></section></div>
      """
    return Page(
      title: reader("Новый токен", "A new token"), crumbs: [(reader("Интеграции", "Integrations"), "/console/integrations")],
      body: body)
  }
}

/// A token just issued.
struct IssuedPage {
  let visit: Visit
  let token: Token
  let secret: TokenSecret

  private var reader: Reader { visit.reader }

  var page: Page {
    let scopes = Scope.allCases.filter(token.scopes.contains).map { scope -> Markup in "<li>\(ScopeWords.long(scope, reader))</li>"
    }
    let body: Markup = """
      <div class="page-body"><div class="stack">\(ShownOnce(label: reader("Токен «\(token.name)»", "The token “\(token.name)”"), value: secret.text, hint: reader("Показан один раз: у нас хранится только отпечаток. Скопируйте его в настройки системы сейчас.", "Shown this once: we keep a fingerprint only. Copy it into the system's settings now.")).html(reader))\
      <section class="panel"><header class="panel-head"><h2>\(reader("Что с ним можно", "What may be done with it"))</h2></header>\
      <ul class="panel-body bullets">\(scopes)</ul></section>\
      <p><a class="button" href="/console/integrations">\(reader("К списку", "To the list"))</a></p></div></div>
      """
    return Page(
      title: reader("Токен выдан", "The token is issued"),
      crumbs: [(reader("Интеграции", "Integrations"), "/console/integrations")],
      body: body)
  }
}

/// What scopes allow, in words.
enum ScopeWords {
  static func long(_ scope: Scope, _ reader: Reader) -> String {
    switch scope {
    case .sell:
      reader(
        "Рассчитывать и проводить чеки, возвраты, закрывать смены", "Calculate and confirm receipts, take goods back, close shifts")
    case .membersRead:
      reader("Находить участника по карте или телефону и видеть баланс", "Find a member by card or telephone and see the balance")
    case .membersWrite: reader("Регистрировать участников и привязывать к ним чеки", "Register members and claim receipts for them")
    case .codes: reader("Просить коды на телефон участника и проверять их", "Ask for codes to a member's telephone and check them")
    case .rewards:
      reader(
        "Сообщать о действиях, за которые дают баллы, и о приглашениях", "Tell of rewarded actions and of who brought whom")
    case .profiles:
      reader("Видеть и менять поля анкеты участников", "See and change members' own fields")
    case .events:
      reader("Сообщать, что делают посетители на сайте и в приложении", "Tell what visitors do on the site and in the app")
    case .watch:
      reader(
        "Видеть ответы кассам, отказы, смены и сводку магазинов",
        "See what tills were told, refusals, shifts and the board of stores")
    case .labels: reader("Читать цены для ценников", "Read prices for shelf labels")
    case .metrics: reader("Читать показатели сервера", "Read the figures of the server")
    case .analysis: reader("Получать сводные и готовые отчёты", "Ask for pivots and ready reports")
    case .margins: reader("Видеть в них себестоимость и маржу", "See in them what goods cost and their margin")
    case .segments:
      reader("Видеть список сегментов и считать людей по условию", "See the list of segments and count who holds a condition")
    case .segmentMembers:
      reader(
        "Видеть, кто в сегменте и почему, – по нашим номерам, без имён",
        "See who is in a segment and why, by our ids, without names")
    case .segmentLists:
      reader(
        "Менять списки и тех, кто в сегменте всегда или никогда", "Change lists, and who is always or never in a segment")
    }
  }

  static func short(_ scope: Scope, _ reader: Reader) -> String {
    switch scope {
    case .sell: reader("продажи", "sales")
    case .membersRead: reader("поиск участников", "finding members")
    case .membersWrite: reader("регистрация", "registering members")
    case .codes: reader("коды", "codes")
    case .rewards: reader("поощрения", "rewards")
    case .profiles: reader("анкеты", "member fields")
    case .events: reader("события", "events")
    case .watch: reader("наблюдение", "watching")
    case .labels: reader("ценники", "labels")
    case .metrics: reader("показатели", "metrics")
    case .analysis: reader("аналитика", "analysis")
    case .margins: reader("маржа", "margins")
    case .segments: reader("сегменты", "segments")
    case .segmentMembers: reader("состав сегментов", "members of segments")
    case .segmentLists: reader("списки сегментов", "lists of segments")
    }
  }
}
