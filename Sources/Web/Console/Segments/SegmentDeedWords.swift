import Conditions
import Insight
import Kernel

// What people did on sites and in apps.
extension SegmentWords {
  func did(_ deed: SegmentCondition.Deed, _ bounds: Bounds) -> [SentencePart] {
    let isNot = bounds == Bounds(atMost: 0)
    let name = reader(deed.filter.kind.title)
    let verb = isNot ? reader("не было события", "did not have the event") : reader("было событие", "had the event")
    var parts: [SentencePart] = [.verb(verb), .value("\u{201C}\(name)\u{201D}")]
    if deed.filter.goods != .everything { parts += [.word(reader("товаров:", "of"))] + rules.goods(deed.filter.goods) }
    parts += filters(deed.filter)
    if !isNot, bounds != Bounds(atLeast: 1) {
      parts.append(.value(within(bounds) { reader.count(Int($0), ("раз", "раза", "раз"), ("time", "times")) }))
    }
    return parts + window(deed.window)
  }

  /// What an event must be like besides its goods.
  func filters(_ filter: EventFilter) -> [SentencePart] {
    var parts: [SentencePart] = []
    if !filter.page.isEmpty { parts += [.word(reader("на страницах", "on pages")), .value(filter.page + "…")] }
    if !filter.groups.isEmpty {
      parts += [.word(reader("из каналов", "by the channels")), .value(list(filter.groups.map { reader($0.title) }))]
    }
    if !filter.sources.isEmpty { parts += [.word(reader("из источников", "from the sources")), .value(list(filter.sources))] }
    if !filter.campaigns.isEmpty { parts += [.word(reader("по кампаниям", "by the campaigns")), .value(list(filter.campaigns))] }
    if !filter.channels.isEmpty { parts += [.word(reader("в", "in")), .value(list(filter.channels))] }
    if filter.amount != Bounds() {
      parts += [.word(reader("на сумму", "worth")), .value(within(filter.amount) { reader.money(Money(minor: $0)) })]
    }
    return parts
  }

  func window(_ window: SegmentCondition.Window) -> [SentencePart] {
    switch window {
    case .always: []
    case .last(let days):
      [
        .word(reader("за", "in")), .value(reader("последние \(self.days(Int64(days)))", "the last \(self.days(Int64(days)))")),
      ]
    case .between(let first, let last):
      [.value(reader("с \(reader.date(first)) по \(reader.date(last))", "\(reader.date(first)) to \(reader.date(last))"))]
    }
  }

  /// An event that decided something, in a line.
  func line(_ event: SeenEvent) -> String {
    let about = event.product ?? event.page
    return reader.moment(event.at) + ", " + reader(event.kind.title) + (about.map { " \($0)" } ?? "")
  }
}
