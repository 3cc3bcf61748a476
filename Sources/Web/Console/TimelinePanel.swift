import Access
import Customers
import Kernel
import Loyalty

/// The timeline as a panel of a member's page.
struct TimelinePanel {
  let timeline: MemberTimeline
  let member: MemberID
  /// Names of tiers by their ids.
  let tiers: [TierID: String]
  let visit: Visit

  private var reader: Reader { visit.reader }

  var html: Markup {
    let next = timeline.next.map { next -> Markup in
      """
      <div class="panel-foot"><span></span><a class="button s" href="\(address(timeline.filter))&before=\(String(next))#timeline">\
      \(reader("Раньше", "Earlier"))</a></div>
      """
    }
    return """
      <section class="panel" id="timeline" aria-labelledby="h-timeline"><header class="panel-head">\
      <h2 id="h-timeline">\(reader("Лента", "Timeline"))</h2></header>\
      <nav class="panel-body row wrap filters" aria-label="\(reader("Показывать", "Show"))">\(filters)</nav>\(list)\(next)</section>
      """
  }

  private func address(_ filter: MemberTimeline.Filter) -> String { "/console/members/\(member)?show=\(filter.rawValue)" }

  private var filters: [Markup] {
    MemberTimeline.Filter.allCases.filter { $0 != .audit || visit.may(.seeAudit) }.map { filter in
      let mark: Markup = filter == timeline.filter ? " aria-current=\"true\"" : ""
      return "<a class=\"chip filter\" href=\"\(address(filter))#timeline\"\(mark)>\(name(filter))</a>"
    }
  }

  private func name(_ filter: MemberTimeline.Filter) -> String {
    switch filter {
    case .all: reader("Всё", "Everything")
    case .receipts: reader("Чеки", "Receipts")
    case .points: reader("Баллы", "Points")
    case .tier: reader("Уровень", "Tier")
    case .identifiers: reader("Карты и номера", "Identifiers")
    case .audit: reader("Журнал", "Audit trail")
    }
  }

  private var list: Markup {
    guard !timeline.items.isEmpty else {
      return "<p class=\"panel-body muted\">\(reader("Здесь пока пусто", "Nothing here yet"))</p>"
    }
    var day: CivilDay?
    let rows = timeline.items.map { item -> Markup in
      let own = reader.zone.civil(at: item.at).day
      let head: Markup? = own == day ? nil : "<li class=\"day\">\(reader.date(own))</li>"
      day = own
      return "\(head)\(row(item))"
    }
    return "<ol class=\"timeline\">\(rows)</ol>"
  }

  private func row(_ item: MemberTimeline.Item) -> Markup {
    let told = TimelineWords(reader: reader, visit: visit, tiers: tiers).tell(item.what)
    let amount: Markup = told.amount.map { "<div class=\"amount\">\($0)</div>" } ?? "<div></div>"
    let more = told.more.isEmpty ? nil : "<p>\(told.more)</p>" as Markup
    return """
      <li class="event"><time>\(reader.clock(item.at))</time><span class="knot \(told.mood)">\(told.icon.small)</span>\
      <div class="what break">\(told.what)\(more)</div>\(amount)</li>
      """
  }
}

/// One line of the timeline in words.
private struct TimelineWords {
  struct Told {
    var icon: Icon
    var mood = ""
    var what: Markup
    var more = ""
    var amount: Markup?
  }

  let reader: Reader
  let visit: Visit
  let tiers: [TierID: String]

  func tell(_ what: MemberTimeline.What) -> Told {
    switch what {
    case .receipt(let receipt): tell(receipt)
    case .returned(let goods): tell(goods)
    case .points(let posting, let note): tell(posting, note)
    case .tier(let grant): tell(grant)
    case .act(let entry): tell(entry)
    }
  }

  private func tell(_ receipt: Receipt) -> Told {
    var parts = [reader.count(receipt.lines.count, ("позиция", "позиции", "позиций"), ("line", "lines"))]
    if receipt.discount > .zero { parts.append(reader("скидка", "discount") + " " + reader.money(receipt.discount)) }
    if receipt.spent > .zero { parts.append(reader("списано", "spent") + " " + reader.points(receipt.spent)) }
    if receipt.earned > .zero { parts.append(reader("начислено", "earned") + " " + reader.points(receipt.earned)) }
    let badge = receipt.state == .confirmed ? nil : ReceiptWords.badge(receipt.state, reader)
    return Told(
      icon: .receipt, mood: "accent",
      what: "<a href=\"\(receipt.path)\"><b>\(reader("Чек", "Receipt"))</b></a>, \(visit.store(receipt.store)) \(badge)",
      more: parts.joined(separator: ", "), amount: "\(reader.money(receipt.amount))")
  }

  private func tell(_ goods: ReceiptBook.Brought) -> Told {
    var parts: [String] = []
    if goods.givenBack > .zero {
      parts.append(reader("вернулись баллы", "points given back") + " " + reader.points(goods.givenBack))
    }
    if goods.takenBack > .zero { parts.append(reader("сняты баллы", "points taken back") + " " + reader.points(goods.takenBack)) }
    return Told(
      icon: .undo, mood: "warn", what: "<b>\(reader("Возврат", "Return"))</b>, \(visit.store(goods.store))",
      more: parts.joined(separator: ", "), amount: "\(reader.money(-goods.amount))")
  }

  private func tell(_ posting: Posting, _ note: String?) -> Told {
    let change = posting.change
    let name = posting.entries.first.map { EntryWords.name(posting.occasion.cause, $0, reader) } ?? ""
    let moved = posting.entries.first?.amount ?? .zero
    let amount =
      change > .zero ? "+" + reader.points(change) : change < .zero ? "−" + reader.points(-change) : reader.points(moved)
    return Told(
      icon: .points, mood: change > .zero ? "accent" : "", what: "\(name)", more: note ?? "",
      amount: "\(amount)<small>\(reader("баллы", "points"))</small>")
  }

  private func tell(_ grant: TierGrant) -> Told {
    var parts = [grant.isByRules ? reader("по правилам", "by the rules") : grant.reason]
    if let until = grant.until { parts.append(reader("до", "until") + " " + reader.date(until)) }
    if let end = grant.withdrawnAt { parts.append(reader("снят", "withdrawn on") + " " + reader.date(end)) }
    return Told(
      icon: .star, mood: "accent", what: "\(reader("Уровень", "Tier")) <b>\(tiers[grant.tier] ?? "")</b>",
      more: parts.joined(separator: ", "))
  }

  private func tell(_ entry: AuditEntry) -> Told {
    var parts: [String] = []
    if let value = entry.after?["value"]?.text, let kind = entry.after?["kind"]?.text.flatMap(IdentifierKind.init) {
      parts.append("\(IdentifierWords.name(kind, reader)) \(value)")
    }
    for key in ["points", "reason", "note"] { if let text = entry.after?[key]?.text { parts.append(text) } }
    // Who did it is for those who may see the trail.
    if visit.may(.seeAudit) { parts.append(Actor(entry.actor).map(reader.words) ?? entry.actor) }
    let isBad = ["member.blocked", "identifier.blocked", "member.erased"].contains(entry.act)
    return Told(
      icon: entry.act.hasPrefix("identifier.") ? .card : entry.act.hasPrefix("member.") ? .person : .history,
      mood: isBad ? "bad" : "", what: "\(ActWords.name(entry.act, reader) ?? entry.act)", more: parts.joined(separator: ", "))
  }
}
