import Access
import Customers
import Insight
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A shop with a site.
struct VisitShop: Sendable {
  let shop: WebShop

  static func open(_ kind: TestDatabase, _ body: @escaping @Sendable (VisitShop) async throws -> Void) async throws {
    try await WebShop.open(kind) { shop in
      let now = shop.now
      try await shop.database.write { tx in try Epochs.beginFirst("made", at: now, in: &tx) }
      try await body(VisitShop(shop: shop))
    }
  }

  static func event(
    _ key: String, _ kind: EventKind, minute: Int64, visitor: String? = "v1", _ more: (inout NewEvent) -> Void = { _ in }
  )
    -> NewEvent
  {
    var event = NewEvent(key: key, kind: kind, at: WebShop.noon - .hours(5) + .minutes(minute))
    event.visitor = visitor
    more(&event)
    return event
  }

  static func from(_ source: String, _ medium: String = "", campaign: String = "") -> TrafficSource {
    var traffic = TrafficSource()
    (traffic.source, traffic.medium, traffic.campaign) = (source, medium, campaign)
    return traffic
  }

  func programme(_ tx: inout Transaction) throws -> Programme {
    try Programmes(of: shop.account, zones: WebShop.zone).programme(shop.programme, in: &tx)
  }

  @discardableResult func take(_ events: [NewEvent]) async throws -> [EventOutcome] {
    let (now, ids) = (shop.now, shop.ids)
    return try await shop.database.write(.bulk) { tx in try Visits(of: programme(&tx), ids: ids).take(events, at: now, in: &tx) }
  }

  /// Everything that background work does with events.
  func settle() async throws {
    let now = shop.now
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    try await VisitDays(zones: WebShop.zone).settle(at: now, on: shop.database)
  }

  /// Tells the follower of members who were merged and erased.
  func follow() async throws {
    let now = shop.now
    let relay = Relay(as: "one", now: { now })
    while try await relay.turn(on: shop.database) > 0 {}
    let random = WebShop.secrets(9)
    try await shop.database.write(.bulk) { tx in
      let page = try EventStream.events(after: 0, limit: 1_000, in: &tx)
      let events = page.compactMap { event in
        event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
      }
      try VisitPeople(of: shop.account, random: random).take(events, at: now, in: &tx)
    }
  }

  /// Sessions as lines of text, in their order.
  func visits() async throws -> [String] {
    let account = shop.account
    return try await shop.database.read { tx in
      try tx.rows(
        SQL(
          """
          select v.visitor, v.started_at, v.ended_at, s.source, v.events, coalesce(v.owner_id, 0), v.product_views, v.session
          from visit v join traffic_source s on s.id = v.source_id
          where v.account_id = $1 order by v.visitor, v.started_at, v.session
          """, account)
      ).map { row in
        let minutes = [1, 2].map { (row.instant($0) - (WebShop.noon - .hours(5))).micros / 60_000_000 }
        let owner = row.int(5) == 0 ? "-" : "\(MemberID(row.int(5)))"
        return "\(row.text(0)) \(minutes[0])-\(minutes[1]) \(row.text(3)) \(row.int(4)) \(owner) \(row.int(6)) \(row.text(7))"
      }
    }
  }

  /// Whom each event counts for, by its key.
  func owners() async throws -> [String: MemberID] {
    let account = shop.account
    return try await shop.database.read { tx in
      let rows = try tx.rows(SQL("select mark, owner_id from visit_event where account_id = $1 and owner_id is not null", account))
      return Dictionary(rows.map { ($0.text(0), $0.id(1)) }, uniquingKeysWith: { first, _ in first })
    }
  }
}
