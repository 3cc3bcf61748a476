import Access
import Customers
import Kernel
import Loyalty

struct MemberPage {
  let card: MemberCard
  let visit: Visit
  let programme: Programme
  /// Of the form about points, so that it gives once.
  let requestKey: String
  var refusal: MemberRefusal?

  var reader: Reader { visit.reader }
  var member: Member { card.member }
  var path: String { "/console/members/\(member.id)" }
  var isAlive: Bool { member.status != .erased }

  var page: Page {
    let name = visit.name(of: member)
    let tier = card.tier.map { tier -> Markup in "<span class=\"badge accent\">\(Icon.star.usual)\(reader(tier.name))</span>" }
    let timeline = TimelinePanel(
      timeline: card.timeline, member: member.id,
      tiers: Dictionary(card.tiers.map { ($0.id, reader($0.details.name)) }, uniquingKeysWith: { first, _ in first }), visit: visit)
    return Page(
      title: name, marks: "\(MemberWords.badge(member.status, reader))\(tier)", actions: "\(edit)",
      notes: [
        MemberWords.kind(member.kind.rawValue, reader),
        reader("вступил \(reader.date(member.joinedAt))", "joined \(reader.date(member.joinedAt))"),
        "\(member.id)",
      ], crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: """
        <div class="page-body">\(stats)<div class="cols3"><div class="stack">\(who)\(consentPanel)\(treatment)\(taking)</div>\
        <div class="stack">\(timeline.html)</div><div class="stack">\(waiting)\(merges)\(lots)\(tierPanel)\(stampCards)\(favourites)\(offerPanel)\(coupons)\(games)\(adjusting)\(blocking)</div></div></div>
        """)
  }

  private var merges: Markup? { MergePanel(known: card.merges, member: member, visit: visit).html }

  private var edit: Markup? {
    guard visit.may(.changeMembers), isAlive else { return nil }
    return "<a class=\"button primary\" href=\"\(path)/edit\">\(Icon.person.small)\(reader("Изменить", "Change"))</a>"
  }

  func notice(_ place: MemberRefusal.Place) -> Markup? {
    guard let refusal, refusal.place == place else { return nil }
    return refusal.owner.map(visit.taken) ?? Notice.refusal(refusal.problem, reader)
  }

  private var stats: Markup {
    let wallet = card.wallet
    let history = wallet.history
    let average = history.purchases > 0 ? reader.amount(Money(minor: history.paid.minor / history.purchases)) : "–"
    return """
      <dl class="stats of4">\
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

  private var lots: Markup? {
    let lots = card.wallet.lots.filter { $0.amount > .zero }
    guard !lots.isEmpty else { return nil }
    let rows = lots.prefix(50).map { lot -> Markup in
      "<tr><th scope=\"row\">\(lotName(lot))<small>\(LotWords.time(lot, reader))</small></th><td class=\"num\">\(reader.points(lot.amount))</td></tr>"
    }
    return DataTable(label: reader("Из чего баланс", "What the balance is made of"), rows: rows, width: .tight).panel(heading: true)
  }

  /// Points with a course of their own are called after what gave them.
  private func lotName(_ lot: Lot) -> String {
    if case .earned(_, let id) = lot.first.origin, let promotion = visit.sales?.rules.promotions.first(where: { $0.id == id }) {
      return reader(promotion.name)
    }
    return switch lot.kind {
    case .base: reader("Основные", "Base")
    case .promotional: reader("Акционные", "Promotional")
    case .targeted: reader("На часть товаров", "For some goods")
    }
  }

  func panel(_ title: String, _ body: Markup) -> Markup {
    "<section class=\"panel\"><header class=\"panel-head\"><h2>\(title)</h2></header>\(body)</section>"
  }
}

extension MemberPage {
  var blocking: Markup? {
    guard visit.may(.changeMembers), isAlive else { return nil }
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
      <form class="inline-form" method="post" action="/console/members/\(member.id.description)/status">\(visit.key)\(notice(.status))\
      <input type="hidden" name="status" value="\(isBlocked ? "active" : "blocked")">\
      <div class="field"><label for="why">\(reader("Причина", "Reason"))</label>\
      <input class="input" id="why" name="reason" maxlength="200" required><p class="hint">\(hint)</p></div>\
      <button class="button \(isBlocked ? "" : "danger")">\(Icon.lock.small)\(word)</button></form>
      """)
  }
}

/// Words about what moves points.
enum EntryWords {
  /// For files.
  static func word(_ cause: Cause) -> String {
    switch cause {
    case .sale: "sale"
    case .refund: "return"
    case .attachment: "attachment"
    case .hold: "hold"
    case .holdEnded: "hold-ended"
    case .adjustment: "adjustment"
    case .opening: "opening"
    case .activation: "activation"
    case .expiry: "expiry"
    case .regrouping: "regrouping"
    case .merge: "merge"
    }
  }

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
    case .merge:
      entry.to.isMembers
        ? reader("Перешли при объединении участников", "Came with a merge of members")
        : reader("Ушли при объединении участников", "Left with a merge of members")
    }
  }
}
