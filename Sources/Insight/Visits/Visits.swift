import Access
import Conditions
import Customers
import Kernel
import Loyalty
import Storage

/// What visitors and members of one programme do on its sites and in its apps.
public struct Visits: Sendable {
  let programme: Programme
  let ids: IDSource
  var account: AccountID { programme.account }
  var zone: Zone { programme.settings.points.zone }

  /// How long events are kept where nobody set it, in days: thirteen months.
  public static let days = 396

  public init(of programme: Programme, ids: IDSource) { (self.programme, self.ids) = (programme, ids) }

  /// Takes events in, `Limits.bulk` at most; those that were taken before, by their keys, change nothing. A dozen statements, and some
  /// for each visitor who signs in.
  /// - Returns: what became of each, in their order.
  public func take(_ events: [NewEvent], at now: Instant, in tx: inout Transaction) throws -> [EventOutcome] {
    precondition(events.count <= Limits.bulk, "events come \(Limits.bulk) at a time")
    guard !events.isEmpty else { return [] }
    let moment = try tx.row(VisitSQL.enter(account, programme.id, now))?.instant(0) ?? now
    var intake = try VisitIntake(self, events, at: now, in: &tx)
    try intake.recognise(in: &tx)
    try intake.place(in: &tx)
    try intake.write(at: moment, in: &tx)
    return intake.outcomes
  }

  /// The ids of sources; those that are new are written, and where there are too many they are `TrafficSource.other`.
  func sourceIDs(_ wanted: Set<TrafficSource>, at now: Instant, in tx: inout Transaction) throws -> [TrafficSource: TrafficSourceID]
  {
    let all = Array(wanted)
    var ids: [String: TrafficSourceID] = [:]
    for row in try tx.rows(VisitSQL.sources(account, programme.id, all.map(\.mark))) { ids[row.text(1)] = row.id(0) }
    var room = 0
    if all.contains(where: { ids[$0.mark] == nil }) {
      room = Limits.trafficSources - Int(try tx.row(VisitSQL.countSources(account, programme.id))?.int(0) ?? 0)
    }
    var found: [TrafficSource: TrafficSourceID] = [:]
    for source in all.sorted(by: { $0.mark < $1.mark }) {
      if let id = ids[source.mark] {
        found[source] = id
      } else if room > 0 || source.isDirect || source == .other {
        found[source] = try insert(source, now, &tx)
        room -= 1
      }
    }
    let crowd = all.filter { found[$0] == nil }
    guard !crowd.isEmpty else { return found }
    let other = try sourceIDs([.other], at: now, in: &tx)[.other]
    for source in crowd { found[source] = other }
    return found
  }

  private func insert(_ source: TrafficSource, _ now: Instant, _ tx: inout Transaction) throws -> TrafficSourceID {
    let id: TrafficSourceID = ids.next(at: now)
    try tx.enqueue(VisitSQL.insert(id, account, programme.id, source))
    return id
  }

  /// Notes that something is so about these members' events, and that these days have to be added up anew.
  func note(_ owners: Set<MemberID>, _ days: Set<CivilDay>, at moment: Instant, in tx: inout Transaction) throws {
    for owner in owners.sorted() { try tx.enqueue(VisitSQL.touch(account, programme.id, owner, moment)) }
    for day in days.sorted() { try tx.enqueue(VisitDaySQL.spoil(account, programme.id, day, moment)) }
  }
}

/// One batch on its way in.
struct VisitIntake {
  private let visits: Visits
  private let events: [NewEvent]
  private let now: Instant
  private let rules: Definitions
  private(set) var outcomes: [EventOutcome]
  /// By the event's place.
  private var named: [Int: (owner: MemberID, named: MemberID)] = [:]
  private var receipts: [Int: String] = [:]
  private var visitors: [Int: String] = [:]
  private var links: [String: (owner: MemberID, named: MemberID, at: Instant)] = [:]
  private var formings: [String: VisitForming] = [:]
  private var placed: [Int: VisitID] = [:]

  private var programme: Programme { visits.programme }
  private var account: AccountID { visits.account }

  init(_ visits: Visits, _ events: [NewEvent], at now: Instant, in tx: inout Transaction) throws {
    (self.visits, self.events, self.now) = (visits, events, now)
    rules = try DefinitionBook(of: visits.programme).version(on: visits.zone.civil(at: now).day, in: &tx).definitions
    let known = Set(try tx.rows(VisitEventSQL.known(visits.account, visits.programme.id, events.map(\.key))).map { $0.text(0) })
    var seen = known
    outcomes = events.map { event in
      if let trouble = event.trouble(at: now, keepingSince: now - .days(Int64(Visits.days))) { return .refused(trouble) }
      return seen.insert(event.key).inserted ? .accepted : .duplicate
    }
  }

  private var accepted: [Int] { outcomes.indices.filter { outcomes[$0] == .accepted } }

  // MARK: who

  /// Finds the members, stores and receipts that events name, and whose the visitors are.
  mutating func recognise(in tx: inout Transaction) throws {
    let members = try members(in: &tx)
    for place in accepted {
      guard let text = events[place].member else { continue }
      guard let found = members[text] else {
        outcomes[place] = .refused(EventRefusal("member", "unknown_member", "nobody in this programme is found by this"))
        continue
      }
      named[place] = found
    }
    try readReceipts(&tx)
    for place in accepted {
      visitors[place] = events[place].visitor ?? named[place].map { NewEvent.reserved + "\($0.named)" }
    }
    let all = Array(Set(visitors.values))
    guard !all.isEmpty else { return }
    for row in try tx.rows(VisitSQL.visitors(account, programme.id, all)) {
      links[row.text(0)] = (row.id(1), row.id(2), row.instant(3))
    }
  }

  private func members(in tx: inout Transaction) throws -> [String: (owner: MemberID, named: MemberID)] {
    let texts = Set(accepted.compactMap { events[$0].member })
    guard !texts.isEmpty else { return [:] }
    var readings: [String: [Identifier]] = [:]
    for text in texts where MemberID(text) == nil {
      readings[text] = programme.settings.identifiers.readings(of: text) + (Identifier(external: text).map { [$0] } ?? [])
    }
    let owners = try programme.identifiers.owners(of: Array(Set(readings.values.joined())), in: &tx)
    var ids: [String: MemberID] = [:]
    for text in texts { ids[text] = MemberID(text) ?? readings[text]?.lazy.compactMap { owners[$0] }.first }
    let known = try programme.members.members(Array(Set(ids.values)), in: &tx)
    return ids.compactMapValues { id in
      guard let member = known[id], member.status != .erased else { return nil }
      return (member.mergedInto ?? id, id)
    }
  }

  private mutating func readReceipts(_ tx: inout Transaction) throws {
    let wanted = accepted.filter { events[$0].receipt != nil }
    guard !wanted.isEmpty else { return }
    let stores = Dictionary(
      try Places(of: account).everyStore(in: &tx).map { ($0.details.code, $0.id) }, uniquingKeysWith: { first, _ in first })
    for place in wanted {
      guard let text = ReceiptLinks.stored(events[place].receipt ?? "", store: { stores[$0] }) else {
        outcomes[place] = .refused(
          EventRefusal(
            "receipt", "not_a_receipt", "a receipt is named store~register~shift~number~date, with a store of this account"))
        continue
      }
      receipts[place] = text
    }
  }

  // MARK: sessions

  /// Puts events into sessions, those of one visitor in the order of time.
  mutating func place(in tx: inout Transaction) throws {
    let some = accepted
    guard !some.isEmpty else { return }
    let wanted = Set(some.compactMap { events[$0].source }).union([.direct])
    let sources = try visits.sourceIDs(wanted, at: now, in: &tx)
    guard let direct = sources[.direct] else { return }
    let gap = Span.minutes(Int64(rules.sessionMinutes))
    let near = try near(some, gap, &tx)
    let (visits, now) = (visits, now)
    for (visitor, places) in Dictionary(grouping: some, by: { visitors[$0] ?? "" }) {
      var forming = VisitForming(near[visitor] ?? [], gap: gap, direct: direct)
      for place in places.sorted(by: { (events[$0].at, $0) < (events[$1].at, $1) }) {
        let event = events[place]
        placed[place] = forming.put(
          event.kind, visitor, event.session ?? "", at: event.at, event.source.flatMap { $0.isDirect ? nil : sources[$0] },
          id: { visits.ids.next(at: now) })
        if let who = named[place], let visit = placed[place] { forming.own(forming.place(of: visit), who.owner, named: who.named) }
      }
      formings[visitor] = forming
    }
  }

  private func near(_ some: [Int], _ gap: Span, _ tx: inout Transaction) throws -> [String: [Visit]] {
    let all = Array(Set(some.compactMap { visitors[$0] }))
    let times = some.map { events[$0].at }
    guard let first = times.min(), let last = times.max(), !all.isEmpty else { return [:] }
    var found = try tx.rows(VisitSQL.near(account, programme.id, all, first - gap, last + gap)).map(VisitSQL.visit)
    let sessions = Set(some.compactMap { events[$0].session })
    if !sessions.isEmpty {
      let since = first - .days(Int64(Visits.days))
      found += try tx.rows(VisitSQL.named(account, programme.id, all, Array(sessions), since: since)).map(VisitSQL.visit)
    }
    var seen: Set<VisitID> = []
    return Dictionary(grouping: found.filter { seen.insert($0.id).inserted }, by: \.visitor)
  }

  // MARK: writing

  mutating func write(at moment: Instant, in tx: inout Transaction) throws {
    let some = accepted
    guard !some.isEmpty else { return }
    let signedIn = signIns(some)
    var owners = Set(named.values.map(\.owner))
    owners.formUnion(some.compactMap { visitors[$0].flatMap { links[$0]?.owner } })
    try own(some, signedIn)
    try tx.insert(some.map(row), into: VisitSchema.event, VisitEventSQL.columns)
    var days: Set<CivilDay> = []
    try writeVisits(&days, &tx)
    try claim(signedIn, &days, &tx)
    try visits.note(owners, days, at: moment, in: &tx)
  }

  /// Visitors under whose id somebody signed in, with the latest who did.
  private mutating func signIns(_ some: [Int]) -> [String: (owner: MemberID, named: MemberID, at: Instant)] {
    var found: [String: (owner: MemberID, named: MemberID, at: Instant)] = [:]
    for place in some.sorted(by: { (events[$0].at, $0) < (events[$1].at, $1) }) {
      guard let who = named[place], let visitor = visitors[place], events[place].visitor != nil else { continue }
      if let link = links[visitor], link.at > events[place].at { continue }
      found[visitor] = (who.owner, who.named, events[place].at)
    }
    for (visitor, link) in found { links[visitor] = link }
    return found
  }

  /// Sessions in which nobody was named belong to whom the visitor's id belongs to.
  private mutating func own(_ some: [Int], _ signedIn: [String: (owner: MemberID, named: MemberID, at: Instant)]) throws {
    for place in some {
      guard named[place] == nil, let who = owner(of: place), let visitor = visitors[place], let visit = placed[place] else {
        continue
      }
      guard var forming = formings.removeValue(forKey: visitor) else { continue }
      let id = forming.place(of: visit)
      if forming.visits.first(where: { $0.id == id })?.owner == nil { forming.own(id, who.owner, named: who.named) }
      formings[visitor] = forming
    }
  }

  /// Whom an event counts for: whom it names, else whom its visitor belongs to, where that is not too long after.
  private func owner(of place: Int) -> (owner: MemberID, named: MemberID)? {
    if let who = named[place] { return who }
    guard let link = visitors[place].flatMap({ links[$0] }), events[place].at >= link.at - claimSpan else { return nil }
    return (link.owner, link.named)
  }

  private var claimSpan: Span { .days(Int64(rules.visitorDays)) }

  private func row(_ place: Int) -> [Value] {
    let (event, who) = (events[place], owner(of: place))
    let id: VisitEventID = visits.ids.next(at: now)
    let visitor = visitors[place] ?? ""
    let visit = placed[place].map { formings[visitor]?.place(of: $0) ?? $0 }
    let details: String? =
      event.details.isEmpty
      ? nil : JSON.object(event.details.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }).compact
    return [
      id.value, account.value, programme.id.value, event.key.value, event.kind.code.value, event.at.value, visitor.value,
      (visit?.raw ?? 0).value, who?.owner.value ?? .null, who?.named.value ?? .null, event.page.value, event.product.value,
      event.quantity.value, event.amount.value, event.channel.value, event.brand.value, receipts[place].value, details.value,
    ]
  }

  private func writeVisits(_ days: inout Set<CivilDay>, _ tx: inout Transaction) throws {
    var rows: [[Value]] = []
    for (_, forming) in formings {
      rows += forming.written.map { VisitSQL.values($0, account, programme.id, visits.zone.civil(at: $0.startedAt).day) }
      days.formUnion(forming.instants.map { visits.zone.civil(at: $0).day })
    }
    let batch = try RowBatch(
      rows, into: VisitSchema.visit, VisitSQL.columns, .replaced(where: "visit.account_id = excluded.account_id"))
    _ = try tx.insert([batch])
    for (visitor, forming) in formings {
      for (gone, into) in forming.dropped {
        try tx.enqueue(VisitEventSQL.move(account, gone, into))
        try tx.enqueue(VisitSQL.drop(account, visitor, gone))
      }
    }
  }

  /// What a visitor did before somebody signed in counts for them, as far back as the definitions say.
  private func claim(
    _ signedIn: [String: (owner: MemberID, named: MemberID, at: Instant)], _ days: inout Set<CivilDay>, _ tx: inout Transaction
  ) throws {
    for (visitor, who) in signedIn.sorted(by: { $0.key < $1.key }) {
      try tx.enqueue(VisitSQL.link(account, programme.id, visitor, who.owner, who.named, who.at))
      var since = who.at - claimSpan
      if let bound = try tx.row(VisitEventSQL.claimStart(account, programme.id, visitor, since: since)) { since = bound.instant(0) }
      try tx.enqueue(VisitEventSQL.claim(account, programme.id, visitor, who.owner, who.named, since: since))
      for row in try tx.rows(VisitSQL.claimVisits(account, programme.id, visitor, who.owner, who.named, since: since)) {
        days.insert(row.day(0))
      }
    }
  }
}
