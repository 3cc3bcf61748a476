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
  /// With the values that the timeline names.
  let fields: FieldCatalogue
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
    MemberTimeline.Filter.allCases.filter { $0.right.map(visit.may) ?? true }.map { filter in
      let mark: Markup = filter == timeline.filter ? " aria-current=\"true\"" : ""
      return "<a class=\"chip filter\" href=\"\(address(filter))#timeline\"\(mark)>\(name(filter))</a>"
    }
  }

  private func name(_ filter: MemberTimeline.Filter) -> String {
    switch filter {
    case .all: reader("Всё", "Everything")
    case .receipts: reader("Чеки", "Receipts")
    case .visits: reader("Сайт и приложение", "Site and app")
    case .points: reader("Баллы", "Points")
    case .offers: reader("Купоны и призы", "Coupons and prizes")
    case .tier: reader("Уровень", "Tier")
    case .subscriptions: reader("Подписки", "Subscriptions")
    case .segments: reader("Сегменты", "Segments")
    case .profile: reader("Анкета", "Profile")
    case .notes: reader("Заметки", "Notes")
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
    let told = TimelineWords(reader: reader, visit: visit, tiers: tiers, fields: fields, goods: timeline.goods).tell(item.what)
    let amount: Markup = told.amount.map { "<div class=\"amount\">\($0)</div>" } ?? "<div></div>"
    let more = told.more.isEmpty ? nil : "<p>\(told.more)</p>" as Markup
    return """
      <li class="event"><time>\(reader.clock(item.at))</time><span class="knot \(told.mood)">\(told.icon.small)</span>\
      <div class="what break">\(told.what)\(more)</div>\(amount)</li>
      """
  }
}

extension MemberTimeline.Filter {
  /// What one needs to see these alone; nil where being on the page is enough.
  var right: Right? {
    switch self {
    case .audit: .seeAudit
    case .notes: .seePersons
    case .all, .receipts, .visits, .points, .offers, .tier, .subscriptions, .segments, .profile: nil
    }
  }
}
