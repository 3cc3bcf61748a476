import Kernel

/// A session: events of one visitor that the site says belong together, or between which there was no long silence.
struct Visit: Hashable, Sendable {
  let id: VisitID
  let visitor: String
  /// Empty where silence formed it.
  let session: String
  var startedAt: Instant
  var endedAt: Instant
  /// Who stands for the member whom it named last.
  var owner: MemberID?
  var named: MemberID?
  var source: TrafficSourceID
  /// When the event came that told the source; nil: none did.
  var sourceAt: Instant?
  var events: Int64 = 0
  var productViews: Int64 = 0
  var carts: Int64 = 0
  var orders: Int64 = 0

  mutating func count(_ kind: EventKind) {
    events += 1
    if kind == .productView { productViews += 1 }
    if kind == .cartAdd { carts += 1 }
    if kind == .order { orders += 1 }
  }

  /// The earliest that told anything counts, in whichever order they arrive.
  mutating func tell(_ source: TrafficSourceID, at: Instant) {
    guard sourceAt.map({ at < $0 }) ?? true else { return }
    (self.source, sourceAt) = (source, at)
  }

  mutating func join(_ other: Visit) {
    (startedAt, endedAt) = (min(startedAt, other.startedAt), max(endedAt, other.endedAt))
    events += other.events
    productViews += other.productViews
    carts += other.carts
    orders += other.orders
    if owner == nil { (owner, named) = (other.owner, other.named) }
    if let at = other.sourceAt { tell(other.source, at: at) }
  }
}

/// Puts events of one visitor into sessions: those that are there, and new ones. Whatever the order in which events arrive, sessions come
/// out the same: two events are in one session where each step between them is shorter than the silence that ends one.
struct VisitForming {
  let gap: Span
  let direct: TrafficSourceID
  private(set) var visits: [Visit]
  /// Places of visits that are new or changed.
  private(set) var changed: Set<Int> = []
  /// Sessions that were found to be parts of another, by their id; they are there no more.
  private(set) var joined: [VisitID: VisitID] = [:]
  /// Days on which something is so that was not.
  private(set) var instants: Set<Instant> = []
  private var isGone: Set<Int> = []
  private let known: Set<VisitID>

  /// - Parameter visits: every session of the visitor that an event of the batch can belong to.
  init(_ visits: [Visit], gap: Span, direct: TrafficSourceID) {
    (self.visits, self.gap, self.direct) = (visits, gap, direct)
    known = Set(visits.map(\.id))
  }

  /// - Returns: the session's id, before any later joining: ask `place(of:)` in the end.
  mutating func put(
    _ kind: EventKind, _ visitor: String, _ session: String, at: Instant, _ source: TrafficSourceID?, id: () -> VisitID
  ) -> VisitID {
    let places = visits.indices.filter { !isGone.contains($0) && belongs(visits[$0], session, at) }
      .sorted { (visits[$0].startedAt, visits[$0].id) < (visits[$1].startedAt, visits[$1].id) }
    guard let first = places.first else {
      var visit = Visit(
        id: id(), visitor: visitor, session: session, startedAt: at, endedAt: at, owner: nil, named: nil, source: direct,
        sourceAt: nil)
      visit.count(kind)
      if let source { visit.tell(source, at: at) }
      visits.append(visit)
      changed.insert(visits.count - 1)
      instants.insert(at)
      return visit.id
    }
    instants.insert(visits[first].startedAt)
    visits[first].startedAt = min(visits[first].startedAt, at)
    visits[first].endedAt = max(visits[first].endedAt, at)
    visits[first].count(kind)
    if let source { visits[first].tell(source, at: at) }
    for other in places.dropFirst() {
      instants.insert(visits[other].startedAt)
      visits[first].join(visits[other])
      joined[visits[other].id] = visits[first].id
      isGone.insert(other)
      changed.remove(other)
    }
    instants.insert(visits[first].startedAt)
    changed.insert(first)
    return visits[first].id
  }

  private func belongs(_ visit: Visit, _ session: String, _ at: Instant) -> Bool {
    guard visit.session == session else { return false }
    return !session.isEmpty || at >= visit.startedAt - gap && at <= visit.endedAt + gap
  }

  /// Where a session ended up.
  func place(of id: VisitID) -> VisitID {
    var id = id
    while let next = joined[id] { id = next }
    return id
  }

  mutating func own(_ id: VisitID, _ owner: MemberID, named: MemberID) {
    guard let place = visits.indices.first(where: { visits[$0].id == id && !isGone.contains($0) }) else { return }
    guard visits[place].owner != owner || visits[place].named != named else { return }
    (visits[place].owner, visits[place].named) = (owner, named)
    changed.insert(place)
    instants.insert(visits[place].startedAt)
  }

  /// What has to be written.
  var written: [Visit] { changed.sorted().map { visits[$0] } }
  /// What was in the database and is there no more, with where its events go.
  var dropped: [(id: VisitID, into: VisitID)] {
    joined.keys.filter(known.contains).sorted().map { ($0, place(of: $0)) }
  }
}
