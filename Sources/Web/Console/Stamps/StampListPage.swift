import Access
import Calculator
import Kernel
import Loyalty

/// The programme's cards.
struct StampListPage {
  let cards: [StampCard]
  let totals: [String: StampCardTotals]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var page: Page {
    Page(
      title: reader("Карточки штампов", "Stamp cards"), actions: visit.may(.changeProgramme) ? make : .nothing,
      notes: [reader("Каждый шестой кофе в подарок, десять штампов – приз", "Every sixth coffee is free, ten stamps make a gift")],
      body: "<div class=\"page-body\">\(cards.isEmpty ? empty : table)</div>")
  }

  private var make: Markup {
    "<a class=\"button primary\" href=\"/console/stamps/new\">\(Icon.plus.small)\(reader("Новая карточка", "New card"))</a>"
  }

  private var empty: Markup {
    let says = reader(
      "Карточка копит штампы участника. Одна акция ставит их за покупки, другая снимает и даёт за полную карточку подарок, скидку, купон или баллы.",
      "A card collects a member's stamps. One promotion puts them on for purchases; another takes them and gives a free unit, a discount, a coupon or points for a full card."
    )
    let example = StampCard(code: "coffee", name: LocalText(ru: "", en: ""), stamps: 6)
    return """
      <section class="panel"><div class="empty"><div><h2>\(reader("Карточек ещё нет", "There are no stamp cards yet"))</h2>\
      <p>\(says)</p>\(visit.may(.changeProgramme) ? make : .nothing)</div><div class="example">\(StampWords(reader: reader).row(4, of: example))</div></div></section>
      """
  }

  private var table: Markup {
    let words = StampWords(reader: reader)
    let rows = cards.map { card -> Markup in
      let totals = totals[card.code] ?? StampCardTotals()
      return """
        <tr><th scope="row"><a href="/console/stamps/\(card.code)">\(reader(card.name))</a><small>\(card.code)</small></th>\
        <td class="num">\(reader.number(card.stamps))</td><td>\(words.life(card.life))</td><td class="num">\(reader.number(totals.members))</td>\
        <td class="num">\(reader.number(totals.given))</td><td class="num">\(reader.number(totals.taken))</td></tr>
        """
    }
    return DataTable(
      label: reader("Карточки", "Cards"),
      columns: [
        .text(reader("Карточка", "Card"), small: reader("Код", "Code")), .number(reader("Штампов", "Stamps")),
        .text(reader("Живут", "They live")),
        .number(reader("Участников", "Members")), .number(reader("Поставлено", "Given")), .number(reader("Снято", "Taken")),
      ], rows: rows
    ).panel()
  }
}

/// One card: who has how many, and what uses it.
struct StampCardPage {
  let card: StampCard
  let totals: StampCardTotals
  /// Fewest first.
  let spread: [StampSpread]
  let visit: Visit

  private var reader: Reader { visit.reader }
  private var alive: Int64 { spread.reduce(0) { $0 + $1.stamps * $1.members } }

  var page: Page {
    let edit: Markup =
      visit.may(.changeProgramme)
      ? "<a class=\"button\" href=\"/console/stamps/\(card.code)/edit\">\(reader("Изменить", "Edit"))</a>" : .nothing
    return Page(
      title: reader(card.name), actions: edit, notes: [card.code], crumbs: [(reader("Карточки", "Stamp cards"), "/console/stamps")],
      body: """
        <div class="page-body with-aside"><div class="stack">\(stats)\(members)</div>\
        <aside class="aside stack">\(facts)\(promotions)</aside></div>
        """)
  }

  private var stats: Markup {
    func stat(_ name: String, _ value: Int64, _ note: String = "") -> Markup {
      "<div class=\"stat\"><dt>\(name)</dt><dd class=\"value\">\(reader.number(value))</dd><dd class=\"note\">\(note)</dd></div>"
    }
    let full = spread.filter { $0.stamps >= card.stamps }.reduce(0) { $0 + $1.members }
    let over = max(0, totals.given - totals.taken - alive)
    return """
      <dl class="stats of4">\(stat(reader("Поставлено", "Given"), totals.given, reader("за всё время", "in all")))\
      \(stat(reader("Снято", "Taken"), totals.taken, reader("потрачено участниками", "used by members")))\
      \(stat(reader("Сгорело", "Expired"), over))\
      \(stat(reader("Полных карточек", "Full cards"), full, reader("сейчас на руках", "members have now")))</dl>
      """
  }

  private var members: Markup {
    guard !spread.isEmpty else {
      return Notice.info(
        reader("Ни у кого нет штампов на этой карточке.", "Nobody has a stamp on this card."))
    }
    let all = max(1, spread.reduce(0) { $0 + $1.members })
    let rows = spread.suffix(Limits.page).map { row -> Markup in
      """
      <tr><th scope="row">\(reader.stamps(row.stamps))</th><td class="num">\(reader.number(row.members))</td>\
      <td class="num">\(reader.share(Rate(ppm: row.members * 100 / all * 10_000)))</td></tr>
      """
    }
    return DataTable(
      label: reader("Сколько у кого", "Who has how many"),
      columns: [
        .text(reader("На карточке", "On the card")), .number(reader("Участников", "Members")), .number(reader("Доля", "Share")),
      ], rows: rows
    ).panel(heading: true)
  }

  private var facts: Markup {
    FactList(rows: [
      (reader("Штампов на карточке", "Stamps that fill it"), "\(reader.number(card.stamps))"),
      (reader("Живут", "They live"), "\(StampWords(reader: reader).life(card.life))"),
      (reader("Не больше за чек", "At most a receipt"), card.mostPerReceipt.map { "\(reader.number($0))" }),
      (reader("Не больше в день", "At most a day"), card.mostPerDay.map { "\(reader.number($0))" }),
      (
        reader("Сверх полной", "Beyond a full card"),
        card.countsOn ? "\(reader("считаются дальше", "they count on"))" : "\(reader("не ставятся", "none are given"))"
      ),
      (reader("Участников всего", "Members in all"), "\(reader.number(totals.members))"),
    ]).panel(reader("Карточка", "Card"))
  }

  /// Promotions that tills have and that use the card; all of it is in memory.
  private var promotions: Markup {
    let rows = (visit.sales?.rules.promotions ?? []).compactMap { promotion -> Markup? in
      guard let role = role(in: promotion) else { return nil }
      return
        "<li><div><a href=\"/console/promotions/\(promotion.id)\">\(reader(promotion.name))</a><small>\(role)</small></div></li>"
    }
    let none = reader(
      "Ни одна действующая акция не ставит и не снимает эти штампы.", "No running promotion gives or takes these stamps.")
    let body: Markup =
      rows.isEmpty ? "<div class=\"panel-body\"><p class=\"muted\">\(none)</p></div>" : "<ul class=\"items ruled\">\(rows)</ul>"
    return
      "<section class=\"panel\"><header class=\"panel-head\"><h2>\(reader("Акции", "Promotions"))</h2></header>\(body)</section>"
  }

  private func role(in promotion: Promotion) -> String? {
    if let take = promotion.takes, take.card == card.code {
      return reader("снимает \(reader.stamps(take.stamps))", "takes \(reader.stamps(take.stamps))")
    }
    if case .reward(.stamps(let grant)) = promotion.benefit, grant.card == card.code {
      return reader("ставит \(reader.stamps(grant.stamps))", "gives \(reader.stamps(grant.stamps))")
    }
    return promotion.condition.stampCards.contains(card.code) ? reader("спрашивает штампы", "asks for stamps") : nil
  }
}

extension MemberPage {
  /// Their cards as rows of stamps; nothing where the programme has none.
  var stampCards: Markup? {
    let cards = programme.settings.terms.stampCards
    guard !cards.isEmpty else { return nil }
    let today = programme.settings.points.zone.civil(at: visit.call.at).day
    let rows = cards.map { stamps(on: $0, today) }
    return panel(reader("Карточки штампов", "Stamp cards"), "<div class=\"panel-body stack\">\(rows)</div>\(stamping(cards))")
  }

  private func stamps(on card: StampCard, _ today: CivilDay) -> Markup {
    let has = self.card.wallet.stamps(on: card, at: today)
    let until = has > 0 ? self.card.wallet.lastDay(of: card, at: today) : nil
    let said = reader("\(has) из \(card.stamps)", "\(has) of \(card.stamps)")
    let life = until.map { reader(", живут по \(reader.date($0))", ", they live through \(reader.date($0))") } ?? ""
    return """
      <div class="stack s"><div><b><a class="text-link" href="/console/stamps/\(card.code)">\(reader(card.name))</a></b> \
      <small class="muted">\(said)\(life)</small></div>\(StampWords(reader: reader).row(has, of: card))</div>
      """
  }

  private func stamping(_ cards: [StampCard]) -> Markup? {
    guard visit.may(.adjustPoints), isAlive else { return nil }
    let isRefused = refusal?.place == .stamps
    func typed(_ name: String) -> String { isRefused ? visit.form[name] : "" }
    let choice = Choice(
      name: "card", label: reader("Карточка", "Card"), options: cards.map { ($0.code, reader($0.name)) }, chosen: typed("card"))
    let count = Field(
      name: "stamps", label: reader("Штампов", "Stamps"), value: typed("stamps"),
      hint: reader("с минусом – снять", "below zero takes them off"), limit: 4)
    let note = Field(name: "note", label: reader("Почему", "Why"), value: typed("note"), limit: Limits.name)
    return """
      <details class="fold"\(isRefused ? " open" : "")><summary>\(Icon.right.usual)\(reader("Поставить или снять вручную", "Give or take by hand"))</summary>\
      <form class="inline-form" method="post" action="\(path)/stamps">\(visit.key)\(notice(.stamps))\
      <input type="hidden" name="request" value="\(requestKey)">\(choice.html)\
      <div class="fields narrow">\(count.html)\(note.html)</div><div><button class="button">\(reader("Записать", "Record"))</button></div></form></details>
      """
  }
}
