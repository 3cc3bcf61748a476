import Access
import Kernel
import Loyalty
import Storage

/// What tills of one store asked and were told on one day: their refusals, or everything that is kept; or what one request was answered,
/// or what other systems were refused.
struct TillTold: Sendable {
  static let size = 50

  let answers: [TillAnswer]
  /// To go on behind; nil on the last page.
  let next: TillAnswerID?

  init(_ answers: [TillAnswer]) {
    self.answers = answers
    next = answers.count == Self.size ? answers.last?.id : nil
  }
}

extension ConsoleDesk {
  func tillAnswers(_ visit: Visit) async throws -> Answer {
    let query = Form(visit.call.query)
    let account = visit.account.id
    if !query["request"].isEmpty {
      let request = String(query["request"].prefix(64))
      let answers = try await database.read { tx in
        try TillAnswers(of: account).find(request: request, before: TillAnswerID(query["before"]), limit: TillTold.size, in: &tx)
      }
      return visit.show(TillAnswersPage(watch: TillTold(answers), fault: nil, query: query, visit: visit).page, in: .receipts)
    }
    guard !query["store"].isEmpty || query["kind"] == "systems" else {
      return visit.show(TillAnswersPage(watch: nil, fault: nil, query: query, visit: visit).page, in: .receipts)
    }
    guard let asked = try Self.watched(query, visit) else {
      let fault = visit.reader(
        "Такого магазина или времени нет. Проверьте код магазина, дату и часы.",
        "There is no such store or time. Look at the store's code, the date and the hours.")
      return visit.show(TillAnswersPage(watch: nil, fault: fault, query: query, visit: visit).page, in: .receipts)
    }
    let answers = try await database.read { tx in try TillAnswers(of: account).find(asked, limit: TillTold.size, in: &tx) }
    return visit.show(TillAnswersPage(watch: TillTold(answers), fault: nil, query: query, visit: visit).page, in: .receipts)
  }

  /// By the store's own clock, of other systems by the reader's; without hours the whole day. Nil for what cannot be read.
  private static func watched(_ query: Form, _ visit: Visit) throws -> TillAnswerQuery? {
    guard query["register"].utf8.count <= Limits.code else { return nil }
    let isOfSystems = query["kind"] == "systems"
    let till = isOfSystems ? nil : try visit.floor.till(store: query["store"], register: query["register"])
    guard isOfSystems || till != nil else { return nil }
    let zone = till?.facts.zone ?? visit.reader.zone
    let today = zone.civil(at: visit.call.at).day
    guard let day = query["date"].isEmpty ? today : CivilDay(query["date"]) else { return nil }
    guard let from = query["from"].isEmpty ? .midnight : Clock(query["from"]) else { return nil }
    var end = zone.instant(day.adding(days: 1)) - Span(micros: 1)
    if !query["to"].isEmpty {
      guard let to = Clock(query["to"]) else { return nil }
      end = zone.instant(day, to) + .seconds(59)
    }
    return TillAnswerQuery(
      store: till?.store.id ?? TillAnswer.noStore, register: query["register"].isEmpty ? nil : query["register"],
      from: zone.instant(day, from), to: end,
      refusalsOnly: query["kind"] != "all", before: TillAnswerID(query["before"]))
  }
}

struct TillAnswersPage {
  /// Nil before a store is named.
  let watch: TillTold?
  let fault: String?
  let query: Form
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    let days = reader.count(
      Int(TillAnswers.life.micros / Span.days(1).micros), ("день", "дня", "дней"), ("day", "days"))
    return Page(
      title: reader("Что отвечали кассам", "What tills were told"),
      notes: [reader("Отказы и последние ответы, хранятся \(days)", "Refusals and last answers, kept for \(days)")],
      crumbs: [(reader("Чеки", "Receipts"), "/console/receipts")], body: "<div class=\"page-body\">\(form)\(list)</div>")
  }

  private var form: Markup {
    let kinds = [
      ("refused", reader("Только отказы", "Refusals only")), ("all", reader("Все ответы", "All answers")),
      ("systems", reader("Отказы другим системам", "Refusals to other systems")),
    ]
    let fields = [
      Field(
        name: "store", label: reader("Код магазина", "Store's code"), value: query["store"], limit: Limits.code, isRequired: false
      ).html,
      Field(
        name: "register", label: reader("Касса", "Till"), value: query["register"], limit: Limits.code, isRequired: false
      ).html,
      Field(name: "date", label: reader("Дата", "Date"), value: date, type: "date", isRequired: false).html,
      Field(name: "from", label: reader("С", "From"), value: query["from"], type: "time", isRequired: false).html,
      Field(name: "to", label: reader("До", "To"), value: query["to"], type: "time", isRequired: false).html,
      Choice(name: "kind", label: reader("Показать", "Show"), options: kinds, chosen: query["kind"]).html,
      Field(
        name: "request", label: reader("Номер запроса", "Request id"), value: query["request"], limit: 64, isRequired: false
      ).html,
    ]
    return """
      <section class="panel"><form class="inline-form" method="get" action="/console/receipts/answers" role="search">\
      <div class="fields narrow">\(fields)</div>\
      <div><button class="button primary">\(Icon.search.small)\(reader("Показать", "Show"))</button></div></form></section>
      """
  }

  private var date: String {
    query["date"].isEmpty ? reader.zone.civil(at: visit.call.at).day.description : query["date"]
  }

  private var list: Markup {
    if let fault { return Notice.warning(fault) }
    guard let watch else {
      return Notice.info(
        reader(
          "Назовите магазин или номер запроса из журнала. Здесь видно, почему касса не приняла карту, купон или чек: что она спросила и что ей ответили.",
          "Name a store, or a request's id from a log. This shows why a till did not take a card, a coupon or a receipt: what it asked and what it was told."
        ))
    }
    guard !watch.answers.isEmpty else {
      guard query["request"].isEmpty else {
        return Notice.info(
          reader(
            "Такого запроса нет среди сохранённых: ответы на одну корзину заменяют друг друга, и через неделю всё забывается",
            "No such request is kept: answers to one basket replace each other, and after a week all is forgotten"))
      }
      return Notice.info(
        query["kind"] == "all"
          ? reader("За это время касса ничего не спрашивала", "Nothing was asked at that time")
          : reader("За это время отказов не было", "Nothing was refused at that time"))
    }
    // A day is asked for by its hours; what one request was answered may be of any day.
    let rows = watch.answers.map { TillAnswerView(answer: $0, visit: visit, tellsDay: !query["request"].isEmpty).html }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Сначала последние", "The latest first"))</h2></header>\
      <div class="answers">\(rows)</div>\(reader.further(next)?.foot)</section>
      """
  }

  private var next: String? {
    watch?.next.map { next in
      let parts = ["store", "register", "date", "from", "to", "kind", "request"].map { "\($0)=" + queryText(query[$0]) }
      return "/console/receipts/answers?" + parts.joined(separator: "&") + "&before=\(next)"
    }
  }
}

/// One question of a till, which opens to what it was told.
struct TillAnswerView {
  let answer: TillAnswer
  let visit: Visit
  var tellsDay = false

  private var reader: Reader { visit.reader }
  private var told: TillAnswerWords { TillAnswerWords(answer) }

  var html: Markup {
    let said = told.sentences
    return """
      <details class="answer" name="answer"><summary>\(Icon.right.styled("icon s turn"))\
      <span class="tab muted">\(time)</span>\
      <span class="nm">\(TillAnswerWords.call(answer.call, reader))<small>\(place)\(about)</small></span>\
      \(badge)<span class="said">\(said.first.map { reader($0) } ?? "")</span></summary>\
      <div class="answer-body"><dl class="facts">\(facts)</dl>\(texts(said))\(documents)</div></details>
      """
  }

  private var time: String {
    (tellsDay ? reader.day(reader.zone.civil(at: answer.at).day) + ", " : "") + reader.clock(answer.at, seconds: true)
  }

  private var place: String {
    answer.isOfSystem
      ? reader("система \(answer.register)", "system \(answer.register)")
      : reader("касса \(answer.register)", "till \(answer.register)")
  }

  /// What the question was about, where that is known.
  private var about: String { told.receipt.map { reader(", чек \($0)", ", receipt \($0)") } ?? "" }

  private var badge: Markup {
    answer.isRefusal
      ? "<span class=\"badge bad\">\(Icon.warning.usual)\(reader("отказ", "refused")) \(String(answer.status))</span>"
      : "<span class=\"badge good\">\(Icon.check.usual)\(reader("ответ", "answered"))</span>"
  }

  private var facts: [Markup] {
    var rows: [(String, Markup)] = [
      (reader("Номер запроса", "Request id"), "<code class=\"break\">\(answer.requestID)</code>")
    ]
    if !answer.code.isEmpty { rows.append((reader("Код отказа", "Code"), "<code>\(answer.code)</code>")) }
    if let member = answer.member {
      rows.append((reader("Участник", "Member"), "<a href=\"/console/members/\(member)\">\(member)</a>"))
    }
    if let basket = answer.basket { rows.append((reader("Корзина кассы", "Till's basket"), "<code>\(basket)</code>")) }
    return rows.map { row -> Markup in "<div><dt>\(row.0)</dt><dd>\(row.1)</dd></div>" }
  }

  private func texts(_ said: [LocalText]) -> Markup? {
    guard !said.isEmpty else { return nil }
    let rows = said.map { text -> Markup in "<li><p lang=\"ru\">\(text.ru)</p><p lang=\"en\" class=\"muted\">\(text.en)</p></li>" }
    return """
      <h3>\(reader("Что услышал кассир", "What the cashier was told"))</h3><ul class="stack s">\(rows)</ul>\(issues)
      """
  }

  private var issues: Markup? {
    let rows = told.issues.map { issue -> Markup in "<li lang=\"en\"><code>\(issue.pointer)</code> \(issue.message)</li>" }
    guard !rows.isEmpty else { return nil }
    return "<h3>\(reader("Что не так в запросе", "What is wrong with the request"))</h3><ul class=\"stack s\">\(rows)</ul>"
  }

  private var documents: [Markup] {
    [
      (reader("Что спросила касса, личное скрыто", "What the till asked, persons hidden"), answer.request),
      (reader("Что ей ответили", "What it was answered"), answer.answer),
    ].filter { !$0.1.isEmpty && $0.1 != "null" }.map { title, text -> Markup in
      """
      <h3>\(title)</h3><pre class="document" tabindex="0" role="group" aria-label="\(title)">\((try? JSON.parse(text))?.pretty ?? text)</pre>
      """
    }
  }
}

/// What is kept of an answer, read.
struct TillAnswerWords {
  private let request: JSON
  private let answer: JSON

  init(_ kept: TillAnswer) {
    // What cannot be read was cut or never JSON; it is shown as it is.
    request = (try? JSON.parse(kept.request)) ?? .null
    answer = (try? JSON.parse(kept.answer)) ?? .null
  }

  /// The name by which a receipt can be priced as it was quoted.
  var calculation: CalculationName? { text(answer["calculationId"]).flatMap { CalculationName($0) } }

  /// In money, as a decimal.
  var amount: String? { text(answer["totals"]?["amount"]) }

  /// Points that were set aside, as a decimal; nil where nothing was.
  var held: String? { text(answer["hold"]?["id"]) == nil ? nil : text(answer["totals"]?["pointsSpent"]) }

  /// Shift and number of the receipt that was sent.
  var receipt: String? {
    guard case .object? = request["receipt"] else { return nil }
    return text(request["receipt"]?["number"])
  }

  /// What is wrong where, for whoever keeps the till's software.
  var issues: [(pointer: String, message: String)] {
    list(answer["issues"]).compactMap { issue in
      guard let pointer = text(issue["pointer"]), let message = text(issue["message"]) else { return nil }
      return (pointer, message)
    }
  }

  /// The refusal; or why promotions did nothing, and what is nearly there.
  var sentences: [LocalText] {
    var found = [local(answer["cashierText"])].compactMap { $0 }
    for part in list(answer["reasons"]) + list(answer["hints"]) { if let said = local(part["sentence"]) { found.append(said) } }
    return found
  }

  private func text(_ json: JSON?) -> String? { if case .string(let text)? = json { text } else { nil } }
  private func list(_ json: JSON?) -> [JSON] { if case .array(let items)? = json { items } else { [] } }

  private func local(_ json: JSON?) -> LocalText? {
    guard let ru = text(json?["ru"]), let en = text(json?["en"]) else { return nil }
    return LocalText(ru: ru, en: en)
  }

  static func call(_ call: String, _ reader: Reader) -> String {
    switch call {
    case "calculations": reader("Расчёт", "Calculation")
    case "receipts": reader("Чек", "Receipt")
    case "receipt-batches": reader("Чеки без связи", "Offline receipts")
    case "receipts/returns": reader("Возврат по чеку", "Return")
    case "returns": reader("Возврат без чека", "Return without a receipt")
    case "receipts/cancellation": reader("Отмена чека", "Cancellation")
    case "exchanges": reader("Обмен", "Exchange")
    case "receipts/activations": reader("Баллы активны", "Points made active")
    case "receipts/member": reader("Чек участнику", "Receipt to a member")
    case "members": reader("Участник", "Member")
    case "holds": reader("Отложенные баллы", "Points set aside")
    case "confirmations", "confirmations/verification": reader("Код подтверждения", "Code to a member")
    case "shift-closings": reader("Закрытие смены", "Shift closing")
    case "other": reader("Неизвестный адрес", "Unknown path")
    default: call
    }
  }
}
