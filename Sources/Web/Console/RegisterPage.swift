import Access
import Calculator
import Conditions
import Kernel
import Loyalty

struct RegisterPage {
  /// What a form left behind: a secret to show, or what was wrong with what was typed.
  struct Extra: Sendable {
    var form: Form?
    var refusal: Problem?
    var tokenRefusal: Problem?
    var fresh: FreshToken?
  }

  let card: RegisterCard
  let visit: Visit
  let extra: Extra
  /// Tells the token's form from others, so that it issues once.
  let request: String

  private var reader: Reader { visit.reader }
  private var details: RegisterDetails { card.register.details }
  private var path: String { "\(card.store.path)/registers/\(card.register.id)" }

  var page: Page {
    let title = reader("Касса \(details.code)", "Till \(details.code)")
    return Page(
      title: title, marks: card.state.map { TillWords.badge($0, at: visit.call.at, reader) } ?? .nothing, actions: actions,
      notes: [details.name == details.code ? nil : details.name, lastSeen].compactMap { $0 },
      crumbs: [(reader("Магазины", "Stores"), "/console/stores"), (card.store.details.name, card.store.path)],
      body: """
        <div class="page-body two-one"><div class="stack">\(fresh)\(settings)</div><div class="stack">\(tokens)\(issuing)</div></div>
        """)
  }

  private var lastSeen: String? {
    guard let state = card.state else { return nil }
    if let asked = state.askedAt {
      return reader("Обращалась \(reader.ago(visit.call.at - asked))", "Last asked \(reader.ago(visit.call.at - asked))")
    }
    return state.soldOn.map { reader("Последний чек \(reader.date($0))", "Last receipt on \(reader.date($0))") }
  }

  private var actions: Markup {
    guard visit.may(.changePlaces) else { return .nothing }
    let (act, name) =
      details.isClosed ? ("open", reader("Открыть кассу", "Open the till")) : ("close", reader("Закрыть кассу", "Close the till"))
    return """
      <form method="post" action="\(path)/state">\(visit.key)<input type="hidden" name="act" value="\(act)">\
      <button class="button">\(name)</button></form>
      """
  }

  // MARK: profile

  private var profile: RegisterProfile {
    let amounts = AmountForm(currency: reader.currency, pointsScale: reader.pointsScale)
    return BasketReader(rules: RuleReader(names: InternedNames(), amounts: amounts)).register(JSONNode(details.profile))
  }

  private var settings: Markup {
    let title = reader("Что умеет касса", "What the till accepts")
    let about = reader(
      "Ответы рассчитываются так, чтобы эта касса могла их напечатать.", "Answers are made so that this till can print them.")
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header><div class="panel-body stack">\
      <p class="muted">\(about)</p>\(visit.may(.changePlaces) ? form : facts)</div></section>
      """
  }

  private var facts: Markup {
    let profile = profile
    return FactList(rows: [
      (reader("Название", "Name"), "\(details.name)"),
      (reader("Допуск суммы строки", "Tolerance of a line"), "\(tolerance(profile.tolerance))"),
      (reader("Деление строк", "Splitting of lines"), "\(split(profile.split))"),
      (reader("Наименьшая цена", "Least price"), "\(reader.money(profile.leastPrice))"),
      (reader("Строк в чеке", "Lines of a receipt"), "\(reader.number(Int64(profile.maxLines)))"),
    ]).html
  }

  private var form: Markup {
    let profile = profile
    let typed = extra.refusal == nil ? nil : extra.form
    let faults = FormFaults(extra.refusal, fields: ["name", "tolerance", "split", "leastPrice", "maxLines"], reader)
    let least = Decimal.text(profile.leastPrice.minor, digits: reader.currency.digits)
    return """
      <form class="form" method="post" action="\(path)">\(visit.key)\(faults.notice)\
      \(Field(name: "name", label: reader("Название", "Name"), value: typed?["name"] ?? details.name, fault: faults["name"]).html)\
      \(Choice(name: "tolerance", label: reader("Допуск суммы строки", "Tolerance of a line"), options: [0, 1].map { ("\($0)", tolerance($0)) }, chosen: typed?["tolerance"] ?? "\(profile.tolerance)", hint: reader("На сколько сумма строки может отличаться от количества, умноженного на цену", "How far a line's amount may be from quantity times price"), fault: faults["tolerance"]).html)\
      \(Choice(name: "split", label: reader("Деление строк", "Splitting of lines"), options: RegisterProfile.Split.allCases.map { ($0.rawValue, split($0)) }, chosen: typed?["split"] ?? profile.split.rawValue, hint: reader("Когда скидку не поделить на штуки поровну, строка печатается частями по разной цене", "Where a reduction cannot be shared evenly by pieces, a line is printed in parts with prices of their own"), fault: faults["split"]).html)\
      <div class="fields">\(Field(name: "leastPrice", label: "\(reader("Наименьшая цена", "Least price")), \(reader.sign)", value: typed?["leastPrice"] ?? least, hint: reader("Ниже неё касса не печатает цену единицы: 0, 0,01 или 1", "The till prints no price of a unit below it: 0, 0.01 or 1"), fault: faults["leastPrice"], limit: 10).html)\
      \(Field(name: "maxLines", label: reader("Строк в чеке", "Lines of a receipt"), value: typed?["maxLines"] ?? "\(profile.maxLines)", type: "number", hint: reader("Больше касса не напечатает; от 1 до \(Limits.lines)", "It prints no more; 1 to \(Limits.lines)"), fault: faults["maxLines"], limit: 4).html)</div>\
      <div><button class="button primary">\(reader("Сохранить", "Save"))</button></div></form>
      """
  }

  private func tolerance(_ value: Int64) -> String {
    value == 0
      ? reader("точно: количество × цена", "exact: quantity × price")
      : reader("до одной копейки", "up to the smallest coin")
  }

  private func split(_ split: RegisterProfile.Split) -> String {
    switch split {
    case .never: reader("никогда: остаток достаётся покупателю", "never: what remains is the shopper's")
    case .twoParts: reader("на две части", "into two parts")
    case .any: reader("на сколько нужно частей", "into as many parts as it takes")
    }
  }

  // MARK: tokens

  private var fresh: Markup? {
    guard let fresh = extra.fresh else { return nil }
    return ShownOnce(
      label: reader("Токен «\(fresh.name)»", "The token “\(fresh.name)”"), value: fresh.secret,
      hint: reader(
        "Показан один раз: перенесите его в настройки кассы сейчас.", "Shown this once: put it into the till's settings now.")
    ).html(reader)
  }

  private var tokens: Markup {
    let title = reader("Токены кассы", "Tokens of the till")
    guard !card.tokens.isEmpty else {
      let text = reader(
        "Токенов нет: касса сможет обращаться, когда вы его выпустите.", "None yet: the till can ask once you issue one.")
      return """
        <section class="panel"><header class="panel-head"><h2>\(title)</h2></header>\
        <p class="panel-body muted">\(text)</p></section>
        """
    }
    let items = card.tokens.prefix(50).map { token -> Markup in
      let isLive = token.isLive(at: visit.call.at)
      return """
        <li>\(Icon.lock.usual)<div>\(token.name)<p>\(reader("выпущен", "issued")) \(reader.moment(token.madeAt))\(ending(token))</p></div>\
        \(isLive && visit.may(.changePlaces) ? revoking(token) : nil)</li>
        """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header><ul class="items ruled">\(items)</ul></section>
      """
  }

  private func ending(_ token: Token) -> String {
    if let revoked = token.revokedAt { return reader(", отозван \(reader.moment(revoked))", ", revoked \(reader.moment(revoked))") }
    guard let end = token.expiresAt else { return "" }
    return end <= visit.call.at
      ? reader(", кончился \(reader.moment(end))", ", ended \(reader.moment(end))")
      : reader(", до \(reader.moment(end))", ", until \(reader.moment(end))")
  }

  private func revoking(_ token: Token) -> Markup {
    """
    <form method="post" action="\(path)/tokens/revoke">\(visit.key)<input type="hidden" name="token" value="\(token.id)">\
    <button class="button s danger" title="\(reader("Касса с этим секретом перестанет работать за секунду", "A till with this secret stops working within a second"))">\
    \(reader("Отозвать", "Revoke"))</button></form>
    """
  }

  private var issuing: Markup? {
    guard visit.may(.changePlaces) else { return nil }
    let title = reader("Выпустить токен", "Issue a token")
    guard !card.programmes.isEmpty else {
      let text = reader("Сначала нужна программа лояльности.", "A loyalty programme is needed first.")
      return
        "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header><p class=\"panel-body muted\">\(text)</p></section>"
    }
    let typed = extra.tokenRefusal == nil ? nil : extra.form
    let faults = FormFaults(extra.tokenRefusal, fields: ["name", "programme"], reader)
    let usual = "\(card.store.details.code), \(details.code)"
    let choice: Markup =
      card.programmes.count == 1
      ? "<input type=\"hidden\" name=\"programme\" value=\"\(card.programmes[0].code)\">"
      : Choice(
        name: "programme", label: reader("Программа", "Programme"),
        options: card.programmes.map { ($0.code, reader.name($0.settings.name)) }, chosen: typed?["programme"],
        fault: faults["programme"]
      ).html
    let about = reader(
      "Токен годится только для этой кассы: расчёт, чеки, возвраты, поиск и регистрация участников, коды. Прежние токены работают, пока их не отзовут.",
      "It serves for this till alone: calculating, receipts, returns, finding and registering members, codes. Earlier tokens work until they are revoked."
    )
    return """
      <section class="panel"><header class="panel-head"><h2>\(title)</h2></header>\
      <form class="inline-form" method="post" action="\(path)/tokens">\(visit.key)<input type="hidden" name="request" value="\(request)">\
      \(faults.notice)<p class="muted">\(about)</p>\
      \(Field(name: "name", label: reader("Название", "Name"), value: typed?["name"] ?? usual, fault: faults["name"], limit: Limits.code, id: "f-token").html)\(choice)\
      <div><button class="button">\(Icon.plus.small)\(title)</button></div></form></section>
      """
  }
}
