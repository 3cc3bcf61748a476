import Calculator
import Conditions
import Kernel

/// Which events are meant, as JSON: in segments' conditions and in funnels.
struct EventForm {
  static let words = ["event", "of", "page", "sources", "campaigns", "groups", "channels", "amountAtLeast", "amountAtMost"]

  /// - Parameter rules: reads filters of goods.
  static func filter(_ node: JSONNode, _ rules: inout RuleReader) -> EventFilter {
    var filter = EventFilter(kind(node["event"]) ?? .pageView)
    if node["of"].isPresent { filter.goods = rules.filter(node["of"]) }
    if let page = node["page"].text(max: Limits.visitPage) { filter.page = page.hasPrefix("/") ? page : "/" + page }
    func texts(_ key: String) -> [String] { node[key].isPresent ? node[key].items(max: Limits.bulk).compactMap { $0.text() } : [] }
    (filter.sources, filter.campaigns, filter.channels) = (texts("sources"), texts("campaigns"), texts("channels"))
    if node["groups"].isPresent { filter.groups = node["groups"].items(max: ChannelGroup.allCases.count).compactMap { $0.word() } }
    func amount(_ key: String) -> Int64? {
      node[key].isPresent ? node[key].decimal(digits: rules.amounts.currency.digits) : nil
    }
    filter.amount = Bounds(atLeast: amount("amountAtLeast"), atMost: amount("amountAtMost"))
    if let least = filter.amount.atLeast, let most = filter.amount.atMost, most < least {
      node["amountAtMost"].refuse("below_at_least", "the most is below the least")
    }
    return filter
  }

  private static func kind(_ node: JSONNode) -> EventKind? {
    guard node.required(), let text = node.text() else { return nil }
    if let kind = EventKind(text) { return kind }
    let known = EventKind.known.map(\.code).joined(separator: ", ")
    node.refuse("unknown_event", "one of \(known), or a kind of your own that begins with x-, is expected here")
    return nil
  }

  static func members(_ filter: EventFilter, _ writer: RuleWriter, digits: Int) -> [JSON.Member] {
    var members = [JSON.Member("event", .string(filter.kind.code))]
    func add(_ key: String, _ value: JSON?) { if let value { members.append(JSON.Member(key, value)) } }
    func list(_ texts: [String]) -> JSON? { texts.isEmpty ? nil : .array(texts.map(JSON.string)) }
    add("of", writer.filter(filter.goods))
    add("page", filter.page.isEmpty ? nil : .string(filter.page))
    add("sources", list(filter.sources))
    add("campaigns", list(filter.campaigns))
    add("groups", list(filter.groups.map(\.rawValue)))
    add("channels", list(filter.channels))
    add("amountAtLeast", filter.amount.atLeast.map { .string(Decimal.text($0, digits: digits)) })
    add("amountAtMost", filter.amount.atMost.map { .string(Decimal.text($0, digits: digits)) })
    return members
  }
}

extension SegmentForm {
  /// `did` and `didNot`.
  mutating func did(_ node: JSONNode, isDone: Bool) -> SegmentCondition {
    node.expect(EventForm.words + ["lastDays", "from", "through"] + (isDone ? ["atLeast", "atMost"] : []))
    var deed = SegmentCondition.Deed(.pageView)
    deed.filter = EventForm.filter(node, &rules)
    deed.window = window(node)
    guard isDone else { return .did(deed, Bounds(atMost: 0)) }
    func number(_ key: String) -> Int64? { node[key].isPresent ? node[key].int(0...1_000_000) : nil }
    var bounds = Bounds(atLeast: number("atLeast"), atMost: number("atMost"))
    if bounds == Bounds() { bounds = Bounds(atLeast: 1) }
    if let least = bounds.atLeast, let most = bounds.atMost, most < least {
      node["atMost"].refuse("below_at_least", "atMost is below atLeast")
    }
    return .did(deed, bounds)
  }

  func members(_ deed: SegmentCondition.Deed) -> [JSON.Member] {
    EventForm.members(deed.filter, writer, digits: rules.amounts.currency.digits) + members(deed.window)
  }
}
