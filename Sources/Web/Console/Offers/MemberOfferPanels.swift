import Access
import Conditions
import Customers
import Kernel
import Loyalty

// Offers of a member, and what they agreed to.
extension MemberPage {
  var offerPanel: Markup? {
    guard !card.offers.isEmpty else { return nil }
    let items = card.offers.map { offer -> Markup in
      let state: Markup =
        offer.activation == nil
        ? "<span class=\"badge\">\(reader("не активировано", "not activated"))</span>"
        : "<span class=\"badge good\">\(Icon.check.usual)\(reader("активировано", "activated"))</span>"
      return """
        <li>\(Icon.star.usual)<div class="stack xs"><b>\(reader(offer.name))</b><p>\(span(offer))</p><div>\(state)</div></div>\(acting(offer))</li>
        """
    }
    return """
      <section class="panel" id="offers"><header class="panel-head"><h2>\(reader("Предложения", "Offers"))</h2></header>\
      \(notice(.offers))<ul class="items ruled">\(items)</ul></section>
      """
  }

  private func span(_ offer: Offer) -> String {
    guard let activation = offer.activation else {
      let parts = [
        offer.life.days.map { reader.count(Int($0), ("день", "дня", "дней"), ("day", "days")) },
        offer.life.uses.map { reader.count(Int($0), ("чек", "чека", "чеков"), ("receipt", "receipts")) },
      ].compactMap { $0 }
      guard !parts.isEmpty else { return reader("до конца акции", "until the promotion ends") }
      return reader("после активации: ", "once activated: ") + parts.joined(separator: ", ")
    }
    let span =
      activation.until.map { reader("до \(reader.moment($0))", "until \(reader.moment($0))") }
      ?? reader("с \(reader.moment(activation.since))", "since \(reader.moment(activation.since))")
    let uses = activation.usesLeft.map { left in
      let receipts = reader.count(Int(left), ("чек", "чека", "чеков"), ("receipt", "receipts"))
      return reader("осталось чеков: \(left)", "\(receipts) left")
    }
    return [span, uses].compactMap { $0 }.joined(separator: ", ")
  }

  private func acting(_ offer: Offer) -> Markup? {
    guard visit.may(.changeMembers), member.status == .active else { return nil }
    let (act, word) =
      offer.activation == nil
      ? ("activate", reader("Активировать", "Activate")) : ("end", reader("Отменить", "End"))
    return """
      <form method="post" action="\(path)/offers">\(visit.key)<input type="hidden" name="promotion" value="\(offer.code)">\
      <input type="hidden" name="act" value="\(act)"><button class="button s">\(word)<span class="sr"> \(reader(offer.name))</span></button></form>
      """
  }

  var consentPanel: Markup {
    var latest: [(record: ConsentRecord, textFrom: CivilDay?)] = []
    for told in card.consents where !latest.contains(where: { $0.record.act.consent == told.record.act.consent }) {
      latest.append(told)
    }
    latest.sort { place($0.record.act.consent) < place($1.record.act.consent) }
    let items = latest.map { record, textFrom -> Markup in
      let act = record.act
      let state: Markup =
        act.isGiven
        ? "<span class=\"badge good\">\(Icon.check.usual)\(reader("дано", "given"))</span>"
        : "<span class=\"badge\">\(reader("отозвано", "withdrawn"))</span>"
      let proof = visit.may(.seePersons) ? act.proof : nil
      let said = [reader.date(act.at), act.source, proof].compactMap { $0 }
      return """
        <li>\(ConsentWords.icon(act.consent).usual)<div><b>\(ConsentWords.name(act.consent, reader))</b><p class="break">\(said.joined(separator: ", "))</p>\(wording(act, textFrom))</div>\(state)</li>
        """
    }
    let list: Markup =
      items.isEmpty
      ? "<div class=\"panel-body\"><p class=\"muted\">\(reader("Согласий нет", "There are none"))</p></div>"
      : "<ul class=\"items ruled\">\(items)</ul>"
    return """
      <section class="panel" id="consents"><header class="panel-head"><h2>\(reader("Согласия", "Consents"))</h2>\
      <a class="text-link" href="\(ConsoleDesk.consentTextsPath)">\(reader("Тексты", "Texts"))</a></header>\(list)\(consenting)</section>
      """
  }

  /// Which text the person agreed to, or that nobody registered it.
  private func wording(_ act: ConsentAct, _ from: CivilDay?) -> Markup? {
    guard !act.text.isEmpty else { return nil }
    let version = reader("версия \(act.text)", "version \(act.text)")
    guard let from else {
      return """
        <p class="break">\(version) <span class="badge warn">\(reader("текста нет в реестре", "its text is not registered"))</span></p>
        """
    }
    let path = ConsoleDesk.path(of: act.consent, act.text)
    return """
      <p class="break"><a class="text-link" href="\(path)">\(version), \(reader("текст с", "the text from")) \(reader.date(from))</a></p>
      """
  }

  private func place(_ consent: Consent) -> Int { Consent.allCases.firstIndex(of: consent) ?? 0 }

  private var consenting: Markup? {
    guard visit.may(.changeMembers), isAlive else { return nil }
    let isRefused = refusal?.place == .consents
    func typed(_ name: String) -> String { isRefused ? visit.form[name] : "" }
    let kinds = Consent.allCases.map { ($0.rawValue, ConsentWords.name($0, reader)) }
    let acts = [("given", reader("Дано", "Given")), ("withdrawn", reader("Отозвано", "Withdrawn"))]
    let consent = Choice(name: "consent", label: reader("Согласие", "Consent"), options: kinds, chosen: typed("consent"))
    let act = Choice(
      name: "act", label: reader("Что случилось", "What happened"), options: acts, chosen: typed("act"), id: "consent-act")
    let text = Field(
      name: "text", label: reader("Версия текста", "Version of the text"), value: typed("text"),
      hint: reader("пусто: действующий текст из реестра", "empty: the registered text in force"), limit: Limits.name,
      isRequired: false)
    let source = Field(
      name: "source", label: reader("Где", "Where"), value: typed("source"), limit: Limits.name, id: "consent-source")
    let proof = Field(
      name: "proof", label: reader("Подтверждение", "What shows it"), value: typed("proof"),
      hint: reader("номер анкеты, запись", "the number of a form, a recording"), limit: Limits.name, isRequired: false)
    return """
      <details class="fold within"\(isRefused ? " open" : "")><summary>\(Icon.right.usual)\(reader("Записать согласие или отзыв", "Record a consent or a withdrawal"))</summary>\
      <form class="inline-form" method="post" action="\(path)/consents">\(visit.key)\(notice(.consents))\
      <input type="hidden" name="request" value="\(requestKey)">\(consent.html)<div class="fields narrow">\(act.html)\(text.html)</div>\
      <div class="fields narrow">\(source.html)\(proof.html)</div><div><button class="button">\(reader("Записать", "Record"))</button></div></form></details>
      """
  }
}
