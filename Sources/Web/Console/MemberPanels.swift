import Access
import Customers
import Kernel
import Loyalty

// MARK: who it is

extension MemberPage {
  var who: Markup {
    let note =
      visit.may(.seePersons)
      ? reader("Просмотр записан в журнал", "That you looked is remembered")
      : reader("Личные данные скрыты", "Personal data is masked")
    let facts = persons.map { fact -> Markup in "<div><dt>\(fact.0)</dt><dd class=\"break\">\(fact.1)</dd></div>" }
    let table: Markup = facts.isEmpty ? "" : "<div class=\"panel-body\"><dl class=\"facts\">\(facts)</dl></div>"
    return """
      <section class="panel" id="identifiers"><header class="panel-head"><h2>\(reader("Кто это", "Who it is"))</h2></header>\
      <ul class="items">\(card.identifiers.map(identifier))</ul>\(table)\(attaching)<div class="panel-foot"><span>\(note)</span></div></section>
      """
  }

  private var persons: [(String, String)] {
    guard let person = member.person else { return [] }
    var facts: [(String, String)] = []
    if visit.may(.seePersons) {
      if let birthday = person.birthday { facts.append((reader("День рождения", "Birthday"), reader.date(birthday))) }
      if let sex = person.sex {
        facts.append((reader("Пол", "Sex"), sex == .female ? reader("женский", "female") : reader("мужской", "male")))
      }
    }
    if let city = person.city { facts.append((reader("Город", "City"), city)) }
    if let store = member.joinedIn { facts.append((reader("Вступил в", "Joined in"), visit.store(store))) }
    return facts
  }

  private func identifier(_ found: Identifiers.Found) -> Markup {
    let identifier = found.identifier
    let value = visit.may(.seePersons) ? identifier.value : identifier.masked
    let badge: Markup? =
      found.isBlocked
      ? "<span class=\"badge bad\">\(Icon.lock.usual)\(reader("заблокирована", "blocked"))</span>"
      : found.verifiedAt != nil ? "<span class=\"badge good\">\(Icon.check.usual)\(reader("подтв.", "verified"))</span>" : nil
    let icon: Icon = identifier.kind == .phone ? .phone : identifier.kind == .email ? .mail : .card
    return """
      <li>\(icon.usual)<div><b class="break">\(value)</b><p>\(IdentifierWords.name(identifier.kind, reader))</p></div>\
      <div class="row">\(badge)\(acts(found))</div></li>
      """
  }

  /// What can be done with one identifier, folded away.
  private func acts(_ found: Identifiers.Found) -> Markup? {
    guard visit.may(.changeMembers), visit.may(.seePersons), isAlive else { return nil }
    let identifier = found.identifier
    var acts = [("remove", reader("Отвязать", "Take away"))]
    if found.isBlocked {
      acts.append(("unblock", reader("Снять блокировку", "Unblock")))
    } else if identifier.kind == .card {
      acts.append(("block", reader("Утеряна", "It is lost")))
    }
    let forms = acts.map { act, label -> Markup in
      """
      <form method="post" action="\(path)/identifiers">\(visit.key)<input type="hidden" name="kind" value="\(identifier.kind.code)">\
      <input type="hidden" name="value" value="\(identifier.value)"><input type="hidden" name="act" value="\(act)">\
      <button class="button s">\(label)<span class="sr"> \(identifier.value)</span></button></form>
      """
    }
    return """
      <details class="fold acts"><summary>\(Icon.right.usual)<span class="sr">\(reader("Действия", "Actions")), \(identifier.value)</span></summary>\
      <div class="stack s">\(forms)</div></details>
      """
  }

  private var attaching: Markup? {
    guard visit.may(.changeMembers), isAlive else { return nil }
    let kinds = [IdentifierKind.card, .phone, .email, .external] + programme.settings.identifiers.kinds.map(\.kind)
    let options = kinds.reduce(into: [IdentifierKind]()) { list, kind in if !list.contains(kind) { list.append(kind) } }
    let isRefused = refusal?.place == .identifiers
    let choice = Choice(
      name: "kind", label: reader("Что привязать", "What to attach"),
      options: options.map { ($0.code, IdentifierWords.name($0, reader)) }, chosen: isRefused ? visit.form["kind"] : "card")
    let field = Field(
      name: "value", label: reader("Номер", "Number"), value: isRefused ? visit.form["value"] : "", limit: Limits.code)
    return """
      <form class="inline-form" method="post" action="\(path)/identifiers">\(visit.key)<input type="hidden" name="act" value="add">\
      \(notice(.identifiers))<div class="fields narrow">\(choice.html)\(field.html)</div>\
      <div><button class="button">\(Icon.plus.small)\(reader("Привязать", "Attach"))</button></div></form>
      """
  }
}

// MARK: what the programme lets them do

extension MemberPage {
  var treatment: Markup {
    let rule = programme.settings.treatment(of: member.kind)
    let isBlocked = member.status != .active
    let facts = [
      (reader("Копит баллы", "Earns points"), rule.earns && !isBlocked),
      (reader("Тратит баллы", "Spends points"), rule.spends && !isBlocked),
      (reader("Получает предложения", "Receives offers"), rule.receivesOffers && !isBlocked),
      (reader("Учитывается в отчётах", "Counts in reports"), isCounted),
    ]
    let rows = facts.map { name, isSo -> Markup in
      let value: Markup =
        isSo
        ? "<span class=\"good row\">\(Icon.check.small)\(reader("да", "yes"))</span>"
        : "<span class=\"muted row\">\(reader("нет", "no"))</span>"
      return "<div><dt>\(name)</dt><dd>\(value)</dd></div>"
    }
    let kind = MemberWords.kind(member.kind.rawValue, reader)
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Что можно", "What they may do"))</h2><span class="muted">\(kind)</span></header>\
      <div class="panel-body"><dl class="facts">\(rows)</dl></div></section>
      """
  }

  /// Everything that is known, for whoever asks what is known of them.
  var taking: Markup? {
    guard visit.may(.seePersons), isAlive else { return nil }
    let text = reader(
      "Всё, что о человеке известно, одним файлом – для ответа на его запрос. Выгрузка записывается в журнал.",
      "Everything that is known of the person, as one file, to answer their request. That it was taken is remembered.")
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Выгрузить данные", "Export the data"))</h2></header>\
      <div class="panel-body stack s"><p class="muted">\(text)</p><div class="row wrap">\
      <a class="button s" href="\(path)/export.json" download>\(Icon.download.small)JSON</a>\
      <a class="button s" href="\(path)/export.csv" download>\(Icon.download.small)CSV</a></div></div>\(erasing)</section>
      """
  }
}

extension MemberPage {
  private var erasing: Markup? {
    guard visit.may(.erasePersons) else { return nil }
    return """
      <div class="panel-foot"><span>\(reader("Попросили забыть?", "Asked to forget?"))</span>\
      <a class="text-link" href="\(path)/erasure">\(reader("Удалить данные…", "Erase the data…"))</a></div>
      """
  }
}

// MARK: coupons

extension MemberPage {
  /// Coupons of their own; nothing where there are none.
  var coupons: Markup? {
    guard !card.coupons.isEmpty else { return nil }
    let words = CouponWords(reader: reader, now: visit.call.at)
    let items = card.coupons.map { coupon, series -> Markup in
      """
      <li>\(Icon.coupon.usual)<div><b>\(reader(series.details.name))</b><p>\(words.span(coupon.from, coupon.until))</p></div>\
      <div class="row">\(words.badge(coupon))</div></li>
      """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Личные купоны", "Coupons of their own"))</h2></header>\
      <ul class="items">\(items)</ul></section>
      """
  }
}

// MARK: points

extension MemberPage {
  /// Points that an operator asked for and somebody else decides about.
  var waiting: Markup? {
    guard !card.requests.isEmpty else { return nil }
    let rows = card.requests.map { request -> Markup in
      """
      <li>\(Icon.points.usual)<div><b>+\(reader.points(request.points))</b><p>\(request.note)</p>\
      <p>\(request.askedBy.name), \(reader.moment(request.askedAt))</p></div>\(deciding(request))</li>
      """
    }
    return """
      <section class="panel"><header class="panel-head"><h2>\(reader("Ждут согласия", "Wait for a word"))</h2></header>\
      <ul class="items ruled">\(rows)</ul></section>
      """
  }

  private func deciding(_ request: GoodwillRequest) -> Markup {
    guard visit.may(.correctPoints) else { return "<span class=\"badge warn\">\(reader("ждёт", "waits"))</span>" }
    // Nobody agrees to what they asked for themselves, but may take it back.
    let acts =
      request.askedBy == visit.session.actor
      ? [("decline", reader("Отозвать", "Take back"))]
      : [("grant", reader("Согласиться", "Agree")), ("decline", reader("Отклонить", "Decline"))]
    let forms = acts.map { act, label -> Markup in
      """
      <form method="post" action="\(path)/goodwill">\(visit.key)<input type="hidden" name="request" value="\(request.id)">\
      <input type="hidden" name="act" value="\(act)"><button class="button s">\(label)</button></form>
      """
    }
    return "<div class=\"stack xs\">\(forms)</div>"
  }

  var adjusting: Markup? {
    guard visit.may(.adjustPoints), isAlive else { return nil }
    let form = refusal?.place == .points ? visit.form : Form()
    let field = Field(
      name: "points", label: reader("Баллы, с минусом – списать", "Points, with a minus to take"), value: form["points"],
      hint: limits, limit: 20, id: "points")
    let reasons =
      [("goodwill", reader("За неудобства", "To make up for a failure"))]
      + (visit.may(.correctPoints) ? [("correction", reader("Исправить ошибку", "To put right what was wrong"))] : [])
    let note = Field(name: "note", label: reader("Причина", "Reason"), value: form["note"], id: "note")
    return panel(
      reader("Начислить или списать", "Give or take points"),
      """
      <form class="inline-form" method="post" action="\(path)/points">\(visit.key)\
      <input type="hidden" name="request" value="\(requestKey)">\(notice(.points))\(field.html)\
      \(Choice(name: "reason", label: reader("Зачем", "What for"), options: reasons, chosen: form["reason"], id: "reason").html)\(note.html)\
      <button class="button">\(Icon.points.small)\(reader("Записать", "Post"))</button></form>
      """)
  }

  /// How much one may give alone, and how much at all.
  private var limits: String? {
    let goodwill = programme.settings.goodwill
    var parts: [String] = []
    if let soft = goodwill.soft {
      let text = reader.points(soft)
      parts.append(
        reader(
          "За неудобства до \(text) – сами, больше – с согласия другого", "Up to \(text) alone, more with somebody else's word"))
    }
    if let hard = goodwill.hard {
      parts.append(reader("никогда не больше \(reader.points(hard))", "never more than \(reader.points(hard))"))
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
