import Access
import Customers
import Kernel
import Loyalty

struct MemberPage {
  let card: MemberCard
  let visit: Visit
  let programme: Programme
  let tastes: MemberTastes
  /// Of the whole chain's receipts with a card, lately; nil before there are any.
  let average: Money?
  /// By the definitions of reports as they are today.
  let isCounted: Bool
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
      tiers: Dictionary(card.tiers.map { ($0.id, reader($0.details.name)) }, uniquingKeysWith: { first, _ in first }),
      fields: card.fields, visit: visit)
    return Page(
      title: name, marks: "\(MemberWords.badge(member.status, reader))\(tier)", actions: "\(edit)",
      notes: [
        MemberWords.kind(member.kind.rawValue, reader),
        reader("вступил \(reader.date(member.joinedAt))", "joined \(reader.date(member.joinedAt))"),
        "\(member.id)",
      ], crumbs: [(reader("Участники", "Members"), "/console/members")],
      body: """
        <div class="page-body">\(stats)<div class="cols3 card"><div class="stack">\(who)\(MemberFieldsPanel(member: member, fields: card.fields, visit: visit).html)\(notesPanel)\(consentPanel)\(treatment)\(taking)</div>\
        <div class="stack">\(timeline.html)</div><div class="stack">\(waiting)\(merges)\(balance)\(householdPanel)\(transferPanel)\(donationPanel)\(tierPanel)\(subscriptionPanel)\(habits)\(segments)\(stampCards)\(favourites)\(offerPanel)\(coupons)\(games)\(referral)\(adjusting)\(blocking)</div></div></div>
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
    case .gift: "gift"
    case .drawn: "household-purchase"
    case .drawnBack: "household-return"
    case .transfer: "transfer"
    case .received: "received"
    case .transferBack: "transfer-back"
    case .receivedBack: "received-back"
    case .donation: "donation"
    case .donationBack: "donation-back"
    }
  }

  static func name(_ cause: Cause, _ entry: Entry, _ reader: Reader) -> String {
    switch cause {
    case .drawn: reader("Оплатили покупку в семье", "Paid for a purchase in the household")
    case .drawnBack: reader("Вернулись: возврат покупки в семье", "Came back with a return in the household")
    case .transfer: reader("Переданы другому участнику", "Given to another member")
    case .received: reader("Получены от другого участника", "Got from another member")
    case .transferBack: reader("Вернулись: передача отменена", "Came back: the transfer was taken back")
    case .receivedBack: reader("Забраны: передача отменена", "Taken: the transfer was taken back")
    case .donation: reader("Отданы фонду", "Given to a charity")
    case .donationBack: reader("Вернулись от фонда", "Came back from a charity")
    case .sale where entry.from == .pooled: reader("Оплачено баллами семьи", "Paid with points of the household")
    case .sale: entry.to == .spent ? reader("Оплачено баллами", "Paid with points") : reader("За покупку", "For a purchase")
    case .refund where entry.to == .pooled:
      reader("Возвращены семье при возврате", "Given back to the household by a return")
    case .refund:
      entry.to.isMembers
        ? reader("Возвращены при возврате", "Given back by a return") : reader("Сняты при возврате", "Taken back by a return")
    case .attachment: reader("За чек, найденный позже", "For a receipt found later")
    case .hold: reader("Отложены кассой", "Held by a till")
    case .holdEnded: reader("Освобождены", "Set free")
    case .adjustment:
      entry.to == .expired
        ? reader("Погашены: данные удалены по просьбе", "Ended: the data was erased on request") : reader("Вручную", "By hand")
    case .opening: reader("Перенос из прежней системы", "From the former system")
    case .activation: reader("Стали активны", "Became active")
    case .expiry: reader("Сгорели", "Expired")
    case .regrouping: reader("Объединение", "Put together")
    case .gift:
      entry.to.isMembers ? reader("За действие", "For an action") : reader("Подарок снят", "Gift taken back")
    case .merge:
      entry.to.isMembers
        ? reader("Перешли при объединении участников", "Came with a merge of members")
        : reader("Ушли при объединении участников", "Left with a merge of members")
    }
  }
}
