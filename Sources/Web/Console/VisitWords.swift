import Insight
import Kernel
import Loyalty

/// A session on a site or in an app as a line of the timeline.
struct VisitWords {
  /// Goods of each sort that are called by name.
  private static var named: Int { 3 }

  let reader: Reader
  let goods: [String: CatalogueName]

  /// Codes of the goods that a line calls by name.
  static func shown(_ story: VisitStory) -> [String] {
    [EventKind.productView, .cartAdd, .order].flatMap { story.products($0).prefix(named) }
  }

  func tell(_ story: VisitStory) -> TimelineWords.Told {
    let source = story.source.isDirect ? reader("прямой заход", "came directly") : story.source.name
    let campaign = story.source.campaign.isEmpty ? "" : ", " + story.source.campaign
    let orders = story.count(.order)
    let name = story.count(.appOpen) > 0 ? reader("Приложение", "App") : reader("Сайт", "Site")
    let amounts = story.deeds.compactMap { $0.kind == .order ? $0.amount : nil }
    let bought: Markup? = amounts.isEmpty ? nil : "\(reader.money(Money(minor: amounts.reduce(0, +))))"
    return TimelineWords.Told(
      icon: .link, mood: orders > 0 ? "accent" : "", what: "<b>\(name)</b>, \(source)\(campaign)",
      more: parts(story).joined(separator: "; "), amount: bought)
  }

  private func parts(_ story: VisitStory) -> [String] {
    var parts: [String] = []
    let pages = Int(story.count(.pageView))
    if pages > 0 { parts.append(reader.count(pages, ("страница", "страницы", "страниц"), ("page", "pages"))) }
    parts += [
      part(story, .productView, reader("смотрел", "looked at")), part(story, .cartAdd, reader("в корзину", "to the basket")),
    ].compactMap(\.self)
    let orders = Int(story.count(.order))
    if orders > 0 {
      let names = called(story, .order)
      parts.append(reader.count(orders, ("заказ", "заказа", "заказов"), ("order", "orders")) + (names.isEmpty ? "" : ": " + names))
    }
    let told: [EventKind] = [.pageView, .productView, .cartAdd, .order]
    var others: [(kind: EventKind, count: Int64)] = []
    for deed in story.deeds where !told.contains(deed.kind) && !others.contains(where: { $0.kind == deed.kind }) {
      others.append((deed.kind, story.count(deed.kind)))
    }
    parts += others.map { kind, count in
      let name = reader(kind.title).lowercased()
      return count > 1 ? "\(name) ×\u{a0}\(reader.number(count))" : name
    }
    let minutes = (story.endedAt - story.startedAt).micros / 60_000_000
    if minutes > 0 { parts.append("\(reader.number(minutes))\u{a0}\(reader("мин", "min"))") }
    return parts
  }

  /// Nothing where there was none; how many where no event tells the product.
  private func part(_ story: VisitStory, _ kind: EventKind, _ word: String) -> String? {
    let (count, names) = (story.count(kind), called(story, kind))
    guard count > 0 else { return nil }
    guard !names.isEmpty else { return "\(word): \(reader.number(count))" }
    return "\(word): \(names)"
  }

  private func called(_ story: VisitStory, _ kind: EventKind) -> String {
    let codes = story.products(kind)
    let names = codes.prefix(Self.named).map { code in goods[code].map(reader.name).flatMap { $0.isEmpty ? nil : $0 } ?? code }
    let rest = codes.count - names.count
    return names.joined(separator: ", ") + (rest > 0 ? reader(" и ещё \(rest)", " and \(rest) more") : "")
  }
}
