import Insight
import Kernel
import Loyalty
import Storage

// What visitors and members do on sites and in apps.
extension TillDesk {
  /// `POST /till/v1/events`: some hundred events at a time. Each stands for itself: what is wrong with one keeps no other out, and an event
  /// whose key is known already changes nothing.
  func takeEvents(_ call: Call) async throws -> Answer {
    let floor = try await floor(call)
    let node = JSONNode(try JSON.parse(call.body))
    guard case .object? = node.json else { throw Problem(.invalid, "not_an_object", "the body is a JSON object") }
    node.expect("events")
    _ = node["events"].required()
    let items = node["events"].items(max: Limits.visitEvents)
    try node.issues.check("the events")
    let reading = EventReading(zone: floor.programme.settings.points.zone, digits: floor.programme.settings.terms.currency.digits)
    let read = items.indices.map { reading.event(items[$0].json ?? .null, at: $0) }
    let (events, places) = (read.compactMap(\.event), read.indices.filter { read[$0].event != nil })
    let programmes = floors.programmes(of: floor.programme.account)
    let (ids, now, id) = (ids, call.at, floor.programme.id)
    let outcomes = try await database.write(.bulk) { tx in
      try Visits(of: programmes.programme(id, in: &tx), ids: ids).take(events, at: now, in: &tx)
    }
    var answer = EventAnswer(issues: read.flatMap(\.issues), refused: read.count { $0.event == nil })
    for (place, outcome) in zip(places, outcomes) { answer.add(outcome, place) }
    for (word, count) in [("accepted", answer.accepted), ("duplicate", answer.duplicates), ("refused", answer.refused)]
    where count > 0 {
      meters.count("regulars_visitor_events_total", "outcome", word, by: count)
    }
    return Answer(200, answer.json)
  }
}

/// Reads events as they are sent.
struct EventReading {
  let zone: Zone
  let digits: Int

  /// - Returns: nil with the issues where it cannot be read.
  func event(_ json: JSON, at place: Int) -> (event: NewEvent?, issues: [Issue]) {
    let node = JSONNode(json)
    node.expect(
      "key", "event", "at", "visitor", "member", "session", "source", "page", "product", "quantity", "amount", "receipt", "channel",
      "brand", "details")
    let key = node["key"].required() ? node["key"].text(max: Limits.visitKey) : nil
    let kind = node["event"].required() ? self.kind(node["event"]) : nil
    let at = node["at"].required() ? node["at"].instant() : nil
    var event = NewEvent(key: key ?? "", kind: kind ?? .pageView, at: at ?? Instant(micros: 0))
    event.visitor = node["visitor"].text(max: Limits.visitor)
    event.member = node["member"].text(max: Limits.visitor)
    event.session = node["session"].text(max: Limits.visitor)
    if node["source"].isPresent { event.source = source(node["source"]) }
    event.page = node["page"].text(max: 2_000).map(NewEvent.path)
    event.product = node["product"].text(max: Limits.code)
    if node["quantity"].isPresent { event.quantity = node["quantity"].decimal(digits: 3).map { Quantity(thousandths: $0) } }
    if node["amount"].isPresent { event.amount = node["amount"].decimal(digits: digits).map { Money(minor: $0) } }
    event.receipt = node["receipt"].text()
    event.channel = node["channel"].text(max: Limits.code)
    event.brand = node["brand"].text(max: Limits.code)
    for (name, value) in node["details"].members(max: Limits.visitValues) {
      guard (1...Limits.code).contains(name.utf8.count) else {
        value.refuse("too_long", "a name has 1 to \(Limits.code) bytes")
        continue
      }
      event.details[name] = value.text(max: Limits.visitValue, orEmpty: true)
    }
    guard node.issues.isEmpty else {
      return (nil, node.issues.issues.map { Issue(pointer: "/events/\(place)\($0.pointer)", code: $0.code, message: $0.message) })
    }
    return (event, [])
  }

  private func kind(_ node: JSONNode) -> EventKind? {
    guard let text = node.text() else { return nil }
    if let kind = EventKind(text) { return kind }
    let known = EventKind.known.map(\.code).joined(separator: ", ")
    node.refuse("unknown_event", "one of \(known), or a kind of your own that begins with x-, is expected here")
    return nil
  }

  private func source(_ node: JSONNode) -> TrafficSource {
    node.expect("source", "medium", "campaign", "content", "term", "referrer")
    var source = TrafficSource()
    func label(_ name: String) -> String { TrafficSource.label(node[name].text(max: 500, orEmpty: true) ?? "") }
    (source.source, source.medium, source.campaign) = (label("source"), label("medium"), label("campaign"))
    (source.content, source.term) = (label("content"), label("term"))
    source.referrer = TrafficSource.host(node["referrer"].text(max: 2_000, orEmpty: true) ?? "")
    return source
  }
}

/// What became of a batch.
struct EventAnswer {
  private(set) var issues: [Issue]
  private(set) var accepted = 0
  private(set) var duplicates = 0
  private(set) var refused: Int

  init(issues: [Issue], refused: Int) { (self.issues, self.refused) = (issues, refused) }

  mutating func add(_ outcome: EventOutcome, _ place: Int) {
    switch outcome {
    case .accepted: accepted += 1
    case .duplicate: duplicates += 1
    case .refused(let refusal):
      refused += 1
      issues.append(Issue(pointer: "/events/\(place)/\(refusal.field)", code: refusal.code, message: refusal.message))
    }
  }

  var json: JSON {
    .object([
      "accepted": .int(Int64(accepted)), "duplicates": .int(Int64(duplicates)), "refused": .int(Int64(refused)),
      "issues": .array(
        issues.prefix(Limits.issues).map { issue in
          .object(["pointer": .string(issue.pointer), "code": .string(issue.code), "message": .string(issue.message)])
        }),
    ])
  }
}
