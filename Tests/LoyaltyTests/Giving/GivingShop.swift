import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// A shop whose programme gives points without a purchase. Members hold the codes c1, c2, …
struct GivingShop: Sendable {
  /// A Monday noon in UTC, which is the programme's zone.
  static let noon = MergeShop.noon

  let shop: MergeShop
  let programme: Programme
  var ground: Ground { shop.ground }
  var gifts: ActionGifts { ActionGifts(of: programme, ids: ground.ids) }
  var referrals: Referrals { Referrals(of: programme, ids: ground.ids) }
  var work: GivingWork { GivingWork(zones: { _ in .utc }, ids: ground.ids) }

  static func action(_ code: String, _ points: Int, _ more: (String, JSON)...) -> JSON {
    let usual: [(String, JSON)] = [
      ("code", .string(code)), ("name", .object(["ru": "Отзыв", "en": "Review"])), ("kind", "review"),
      ("points", .string("\(points)")),
    ]
    let known = usual.filter { one in !more.contains { $0.0 == one.0 } } + more
    return .object(known.map { JSON.Member($0.0, $0.1) })
  }

  static func on(
    _ kind: TestDatabase, _ giving: JSON, more: [(String, JSON)] = [], _ body: @Sendable (GivingShop) async throws -> Void
  ) async throws {
    try await MergeShop.on(kind) { shop in
      guard case .object(let known) = MergeShop.settings else { return }
      let settings = JSON.object(known + [JSON.Member("giving", giving)] + more.map { JSON.Member($0.0, $0.1) })
      let programme = try await shop.ground.write { tx in
        try ProgrammesTests.programmes(shop.ground.account).save("club", settings, by: shop.ground.change(-2_000), in: &tx)
      }
      try await body(GivingShop(shop: shop, programme: programme))
      try await shop.expectClean()
    }
  }

  func change(_ at: Instant = GivingShop.noon) -> Change { Change(by: .demo, at: at, ids: ground.ids) }

  @discardableResult func tell(
    _ code: String, of member: MemberID, _ subject: String, request: String? = nil, at now: Instant = GivingShop.noon
  ) async throws -> ActionAnswer {
    try await ground.database.write(.till) { tx in
      try gifts.tell(
        code, of: member, subject: subject, request: (RequestKey(request ?? "told \(code) \(member) \(subject)"), 1),
        by: change(now), in: &tx)
    }
  }

  func refusal(_ code: String, of member: MemberID, _ subject: String, at now: Instant = GivingShop.noon) async throws
    -> NothingGiven?
  {
    guard case .nothing(let reason) = try await tell(code, of: member, subject, at: now) else { return nil }
    return reason
  }

  func points(_ member: MemberID, at now: Instant = GivingShop.noon) async throws -> Int64 {
    try await shop.wallet(member, at: now).active.units
  }

  func figures(_ action: String) async throws -> ActionFigures {
    try await ground.read { tx in try gifts.totals(in: &tx)[action] ?? ActionFigures() }
  }

  /// A member who joined at this moment, with a telephone of their own.
  func join(_ number: Int, kind: MemberKind = .person, person: Person = Person(), at now: Instant = GivingShop.noon) async throws
    -> MemberID
  {
    let phone = try #require(Phone("+7916123\(1000 + number)"))
    let details = MemberDetails(
      code: "c\(number)", kind: kind, identifiers: [Identifier(phone)], person: person, joinedAt: now)
    return try await ground.write { tx in try programme.members.join(details, by: change(now), in: &tx) }
  }

  /// Follows every event that was told since, and does what is due.
  func catchUp(at now: Instant = GivingShop.noon) async throws {
    let events = try await ground.told()
    try await ground.write { tx in try work.take(events, of: ground.account, at: now, in: &tx) }
    while try await work.step(of: ground.account, at: now, on: ground.database) {}
  }
}

extension MergeShop {
  func expectClean() async throws {
    let report = try await audit()
    #expect(report.isClean, "\(report.differences)")
  }
}
