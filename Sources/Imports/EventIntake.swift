import Access
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// What visitors and members did on sites and in apps.
struct EventIntake: Intake {
  typealias Item = NewEvent

  private static let texts = ["visitor", "member", "session", "product", "receipt", "channel", "brand"]
  private static let labels = ["source", "medium", "campaign", "content", "term"]
  static let fields = ["key", "event", "at", "page", "quantity", "amount", "referrer", "details"] + texts + labels

  let groupedBy: [Int] = []
  var chunkRecords: Int { Limits.bulk }

  private let programme: Programme
  private let visits: Visits
  private let now: @Sendable () -> Instant
  private let zone: Zone
  private let at, event: BoundSource
  private let sources: [String: BoundSource]
  private let details: [(name: String, source: BoundSource)]

  init(
    _ mapping: ImportMapping, header: [String], _ desk: ImportDesk, ids: IDSource, now: @escaping @Sendable () -> Instant,
    zones: (String) throws(Problem) -> Zone
  ) throws(Problem) {
    let map = FieldMap(mapping, header: header, known: Self.fields)
    map.node.expect("import", "file", "zone", "fields")
    let (at, event) = (map.required("at"), map.required("event"))
    var sources: [String: BoundSource] = [:]
    for name in ["key", "page", "quantity", "amount", "referrer"] + Self.texts + Self.labels { sources[name] = map.optional(name) }
    details = map.named("details", max: Limits.visitValues)
    if map.sources["visitor"].isPresent == false, map.sources["member"].isPresent == false {
      map.sources.refuse("missing", "name a column of visitors, one of members, or both")
    }
    zone = map.zone(mapping, zones)
    try map.check()
    guard let at, let event else { throw Problem(.invalid, "missing", "the mapping lacks a field that events need") }
    (self.at, self.event, self.sources, self.now) = (at, event, sources, now)
    programme = desk.programme
    visits = Visits(of: desk.programme, ids: ids)
  }

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> NewEvent? {
    let row = rows.lowerBound
    guard let word = notes.text(event, block, row) else { return nil }
    guard let kind = EventKind(word) else {
      notes.refuse(row, event.column, "there is no kind of event \"\(word)\"; one of your own begins with x-")
      return nil
    }
    guard let moment = notes.value(row, { () throws(CellFault) in try at.instant(block, row, zone: zone) }) else {
      if at.text(block, row) == nil { notes.refuse(row, at.column, "the time is missing") }
      return nil
    }
    func text(_ name: String) -> String? { sources[name]?.text(block, row) }
    var event = NewEvent(key: "", kind: kind, at: moment)
    (event.visitor, event.member, event.session) = (text("visitor"), text("member"), text("session"))
    event.page = text("page").map(NewEvent.path)
    (event.product, event.receipt, event.channel, event.brand) = (text("product"), text("receipt"), text("channel"), text("brand"))
    let digits = programme.settings.terms.currency.digits
    event.quantity = notes.value(row) { () throws(CellFault) in try sources["quantity"]?.decimal(block, row, digits: 3) }
      .map { Quantity(thousandths: $0) }
    event.amount = notes.value(row) { () throws(CellFault) in try sources["amount"]?.decimal(block, row, digits: digits) }
      .map { Money(minor: $0) }
    event.source = source(text)
    for (name, source) in details {
      guard let value = source.text(block, row) else { continue }
      event.details[name] = String(value.prefix(Limits.visitValue))
    }
    event.key = text("key") ?? Self.key(of: event)
    return event
  }

  private func source(_ text: (String) -> String?) -> TrafficSource? {
    var source = TrafficSource()
    func label(_ name: String) -> String { text(name).map(TrafficSource.label) ?? "" }
    (source.source, source.medium, source.campaign) = (label("source"), label("medium"), label("campaign"))
    (source.content, source.term) = (label("content"), label("term"))
    source.referrer = text("referrer").map(TrafficSource.host) ?? ""
    return source.isDirect ? nil : source
  }

  /// Where a file has no keys, two lines that say the same are one event.
  private static func key(of event: NewEvent) -> String {
    func half(_ salt: Int64) -> String {
      var hash = StableHash()
      hash.mix(salt)
      hash.mix(event.at.micros)
      for part in [
        event.kind.code, event.visitor, event.member, event.session, event.page, event.product, event.receipt, event.channel,
        event.brand, event.source?.mark, event.quantity.map { "\($0.thousandths)" }, event.amount.map { "\($0.minor)" },
      ] { hash.mix(part ?? "") }
      for (name, value) in event.details.sorted(by: { $0.key < $1.key }) {
        hash.mix(name)
        hash.mix(value)
      }
      return String(hash.value, radix: 36)
    }
    return "file-" + half(1) + half(2)
  }

  func write(_ items: [NewEvent], by change: Change, in tx: inout Transaction) throws -> Outcome {
    try inBulk(items) { part in
      var outcome = Outcome()
      for (place, became) in try visits.take(part, at: now(), in: &tx).enumerated() {
        switch became {
        case .accepted: outcome.made += 1
        case .duplicate: outcome.unchanged += 1
        case .refused(let refusal): outcome.refused.append((place, refusal.field, refusal.message))
        }
      }
      return outcome
    }
  }
}
