import Access
import Customers
import Kernel
import Loyalty

struct MemberPage {
  let card: MemberCard
  let visit: Visit
  let requestKey: String

  var reader: Reader { visit.reader }
  private var member: Member { card.member }

  var page: Page {
    let name = visit.name(of: member)
    let tier = card.tier.map { tier -> Markup in "<span class=\"badge accent\">\(Icon.star.usual)\(tier)</span>" }
    return Page(
      title: name, marks: "\(MemberWords.badge(member.status, reader))\(tier)",
      notes: [
        MemberWords.kind(member.kind.rawValue, reader),
        reader("вступил \(reader.date(member.joinedAt))", "joined \(reader.date(member.joinedAt))"),
        "\(member.id)",
      ], crumbs: [(reader("Участники", "Members"), "/console/members")],
      body:
        "<div class=\"page-body two-one\">\(stats)<div class=\"stack\">\(receipts)\(postings)\(audit)</div><div class=\"stack\">\(who)\(lots)\(adjusting)\(blocking)</div></div>"
    )
  }

  private var stats: Markup {
    let wallet = card.wallet
    let history = wallet.history
    let average = history.purchases > 0 ? reader.amount(Money(minor: history.paid.minor / history.purchases)) : "–"
    return """
      <dl class="stats of4 span">\
      \(stat(reader("Баллы, можно тратить", "Points to spend"), reader.points(wallet.active), "", pending))\
      \(stat(reader("Покупок на сумму", "Bought for"), reader.amount(history.paid), reader.sign, first))\
      \(stat(reader("Чеков", "Receipts"), reader.number(history.purchases), "", last))\
      \(stat(reader("Средний чек", "Average receipt"), average, reader.sign, ""))</dl>
      """
  }

  private func stat(_ name: String, _ value: String, _ unit: String, _ note: String) -> Markup {
    "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(value) <small>\(unit)</small></dd><dd class=\"note\">\(note)</dd></div>"
  }

  private var pending: String {
    let wallet = card.wallet
    var parts: [String] = []
    if wallet.pending > .zero {
      parts.append(reader("ждут активации \(reader.points(wallet.pending))", "\(reader.points(wallet.pending)) not active yet"))
    }
    if wallet.held > .zero { parts.append(reader("отложено \(reader.points(wallet.held))", "\(reader.points(wallet.held)) held")) }
    if wallet.debt > .zero { parts.append(reader("долг \(reader.points(wallet.debt))", "\(reader.points(wallet.debt)) owed")) }
    return parts.joined(separator: ", ")
  }

  private var first: String {
    card.wallet.history.first.map { reader("первая \(reader.date($0))", "first on \(reader.date($0))") } ?? ""
  }

  private var last: String {
    card.wallet.history.last.map { reader("последний \(reader.date($0))", "last on \(reader.date($0))") } ?? ""
  }

  private var who: Markup {
    var facts: [(String, String)] = []
    for found in card.identifiers {
      let value = visit.may(.seePersons) ? found.identifier.value : found.identifier.masked
      facts.append(
        (identifierName(found.identifier.kind), value + (found.isBlocked ? reader(" (заблокирован)", " (blocked)") : "")))
    }
    if let person = member.person {
      if visit.may(.seePersons), let birthday = person.birthday {
        facts.append((reader("День рождения", "Birthday"), reader.date(birthday)))
      }
      if let city = person.city { facts.append((reader("Город", "City"), city)) }
    }
    let rows = facts.map { fact -> Markup in "<div><dt>\(fact.0)</dt><dd class=\"break\">\(fact.1)</dd></div>" }
    let note =
      visit.may(.seePersons)
      ? reader("Просмотр записан в журнал", "That you looked is remembered")
      : reader("Личные данные скрыты", "Personal data is masked")
    return panel(
      reader("Кто это", "Who it is"),
      "<div class=\"panel-body\"><dl class=\"facts\">\(rows)</dl></div><div class=\"panel-foot\"><span>\(note)</span></div>")
  }

  private func identifierName(_ kind: IdentifierKind) -> String {
    switch kind {
    case .phone: reader("Телефон", "Telephone")
    case .card: reader("Карта", "Card")
    case .email: reader("Почта", "E-mail")
    case .app: reader("Приложение", "App")
    case .external: reader("Код сети", "Retailer's code")
    default: kind.code
    }
  }

  private var lots: Markup? {
    let lots = card.wallet.lots.filter { $0.amount > .zero }
    guard !lots.isEmpty else { return nil }
    let rows = lots.prefix(50).map { lot -> Markup in
      "<tr><th scope=\"row\">\(lotName(lot.kind))<small>\(LotWords.time(lot, reader))</small></th><td class=\"num\">\(reader.points(lot.amount))</td></tr>"
    }
    return DataTable(label: reader("Из чего баланс", "What the balance is made of"), rows: rows, width: .tight).panel(heading: true)
  }

  private func lotName(_ kind: LotKind) -> String {
    switch kind {
    case .base: reader("Основные", "Base")
    case .promotional: reader("Акционные", "Promotional")
    case .targeted: reader("На часть товаров", "For some goods")
    }
  }

  func panel(_ title: String, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(body)</section>"
  }
}

// MARK: history

extension MemberPage {
  private var receipts: Markup {
    let title = reader("Последние чеки", "Latest receipts")
    guard !card.receipts.isEmpty else {
      return panel(title, "<p class=\"panel-body muted\">\(reader("Покупок ещё не было", "Nothing was bought yet"))</p>")
    }
    return
      "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(ReceiptTable(receipts: card.receipts, visit: visit, label: title).html)</section>"
  }

  private var postings: Markup? {
    guard !card.postings.isEmpty else { return nil }
    let rows = card.postings.flatMap { posting in
      posting.entries.filter { $0.from.isMembers != $0.to.isMembers || $0.from == .pending || $0.to == .held }.map {
        entry -> Markup in
        let isGain = entry.to.isMembers && !entry.from.isMembers
        let isLoss = entry.from.isMembers && !entry.to.isMembers
        let amount = (isGain ? "+" : isLoss ? "−" : "") + reader.points(entry.amount)
        return """
          <tr><th scope="row">\(EntryWords.name(posting.occasion.cause, entry, reader))</th>\
          <td class="num">\(reader.moment(posting.occasion.event))</td><td class="num \(isGain ? "good" : "")">\(amount)</td></tr>
          """
      }
    }
    return DataTable(
      label: reader("Движение баллов", "Points in and out"),
      columns: [
        .text(reader("Что произошло", "What happened")), .number(reader("Когда", "When")), .number(reader("Баллы", "Points")),
      ], rows: rows, width: .tight
    ).panel(heading: true)
  }

  private var audit: Markup? {
    guard !card.audit.isEmpty else { return nil }
    let rows = card.audit.map { entry -> Markup in
      "<tr><th scope=\"row\"><code>\(entry.act)</code></th><td>\(entry.actor)</td><td class=\"num\">\(reader.moment(entry.at))</td></tr>"
    }
    return DataTable(label: reader("Журнал", "Audit trail"), rows: rows, width: .tight).panel(heading: true)
  }

  private var adjusting: Markup? {
    guard visit.may(.adjustPoints), member.status != .erased else { return nil }
    let points = reader("Баллы, с минусом – списать", "Points, with a minus to take")
    return panel(
      reader("Начислить или списать", "Give or take points"),
      """
      <form class="inline-form" method="post" action="/console/members/\(member.id.description)/points">\(visit.key)\
      <input type="hidden" name="request" value="\(requestKey)">\
      <div class="field"><label for="points">\(points)</label><input class="input" id="points" name="points" inputmode="decimal" required></div>\
      <div class="field"><label for="reason">\(reader("Зачем", "What for"))</label><select class="input" id="reason" name="reason">\
      <option value="goodwill">\(reader("За неудобства", "To make up for a failure"))</option>\(correction)</select></div>\
      <div class="field"><label for="note">\(reader("Причина", "Reason"))</label>\
      <input class="input" id="note" name="note" maxlength="200" required></div>\
      <button class="button">\(Icon.points.small)\(reader("Записать", "Post"))</button></form>
      """)
  }

  private var correction: Markup? {
    guard visit.may(.correctPoints) else { return nil }
    return "<option value=\"correction\">\(reader("Исправить ошибку", "To put right what was wrong"))</option>"
  }

  private var blocking: Markup? {
    guard visit.may(.changeMembers), member.status != .erased else { return nil }
    let isBlocked = member.status == .blocked
    let word = isBlocked ? reader("Разблокировать", "Unblock") : reader("Заблокировать", "Block")
    let hint =
      isBlocked
      ? reader("Снова сможет копить и тратить баллы", "Earns and spends points again")
      : reader(
        "Касса узнает участника, но не даст копить и тратить баллы", "Tills still find the member, who neither earns nor spends")
    return panel(
      word,
      """
      <form class="inline-form" method="post" action="/console/members/\(member.id.description)/status">\(visit.key)\
      <input type="hidden" name="status" value="\(isBlocked ? "active" : "blocked")">\
      <div class="field"><label for="why">\(reader("Причина", "Reason"))</label>\
      <input class="input" id="why" name="reason" maxlength="200" required><p class="hint">\(hint)</p></div>\
      <button class="button \(isBlocked ? "" : "danger")">\(Icon.lock.small)\(word)</button></form>
      """)
  }
}

/// Words about what moves points.
enum EntryWords {
  static func name(_ cause: Cause, _ entry: Entry, _ reader: Reader) -> String {
    switch cause {
    case .sale: entry.to == .spent ? reader("Оплачено баллами", "Paid with points") : reader("За покупку", "For a purchase")
    case .refund:
      entry.to.isMembers
        ? reader("Возвращены при возврате", "Given back by a return") : reader("Сняты при возврате", "Taken back by a return")
    case .attachment: reader("За чек, найденный позже", "For a receipt found later")
    case .hold: reader("Отложены кассой", "Held by a till")
    case .holdEnded: reader("Освобождены", "Set free")
    case .adjustment: reader("Вручную", "By hand")
    case .opening: reader("Перенос из прежней системы", "From the former system")
    case .activation: reader("Стали активны", "Became active")
    case .expiry: reader("Сгорели", "Expired")
    case .regrouping: reader("Объединение", "Put together")
    }
  }
}
