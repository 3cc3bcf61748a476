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

/// A shop with a list of members to act on, a second list, a field, tiers and a series of coupons.
struct BulkShop: Sendable {
  static let noon = MergeShop.noon
  static let asker = Actor(.staff, "olga")

  let shop: MergeShop
  let programme: Programme
  let members: [MemberID]
  var ground: Ground { shop.ground }
  var actions: BulkActions { BulkActions(of: programme, ids: ground.ids) }
  var work: BulkWork { BulkWork(on: ground.database, ids: ground.ids, zones: { _ in .utc }, now: { Self.noon + .minutes(1) }) }
  var segments: Segments { Segments(of: ground.account) }

  /// - Parameter more: of the programme's settings.
  static func on(
    _ kind: TestDatabase, members count: Int = 30, more: [(String, JSON)] = [], _ body: @Sendable (BulkShop) async throws -> Void
  ) async throws {
    try await MergeShop.on(kind) { shop in
      guard case .object(let known) = MergeShop.settings else { return }
      let kept = known.filter { member in !more.contains { $0.0 == member.key } }
      let settings = JSON.object(kept + more.map { JSON.Member($0.0, $0.1) })
      let change = shop.ground.change(-2_000)
      let programme = try await shop.ground.write { tx in
        let programme = try ProgrammesTests.programmes(shop.ground.account).save("club", settings, by: change, in: &tx)
        let account = shop.ground.account
        _ = try Segments(of: account).save(
          ["crowd", "tag"].map { SegmentDetails(code: $0, name: LocalText(ru: $0, en: $0), kind: .static) }, by: change, in: &tx)
        try Dictionaries(of: account).save(
          [DictionaryDetails(code: "pets", name: LocalText(ru: "Питомцы", en: "Pets"))], by: change, in: &tx)
        try Dictionaries(of: account).save(
          ["cat", "dog"].map { DictionaryValue(code: $0, name: LocalText(ru: $0, en: $0)) }, of: "pets", by: change, in: &tx)
        _ = try FieldBook(of: account).save(
          [MemberFieldDetails(code: "animal", name: LocalText(ru: "Питомец", en: "Pet"), kind: .one(of: "pets"))], by: change,
          in: &tx)
        _ = try Coupons(of: programme).save(
          [CouponSeriesDetails(code: "SPRING", name: LocalText(ru: "Весна", en: "Spring"))], by: change, in: &tx)
        return programme
      }
      let members = try await shop.ground.join(count, programme.id)
      let bulk = BulkShop(shop: shop, programme: programme, members: members)
      try await bulk.put(members, on: "crowd")
      try await body(bulk)
      try await shop.expectClean()
    }
  }

  func change(_ actor: Actor? = Self.asker, _ at: Instant = Self.noon) -> Change {
    Change(by: actor ?? .demo, at: at, ids: ground.ids)
  }

  func put(_ some: [MemberID], on list: String) async throws {
    try await ground.write { tx in _ = try segments.add(some, to: list, by: change(.demo), in: &tx) }
  }

  func listed(_ list: String) async throws -> Set<MemberID> {
    try await ground.read { tx in try segments.listed(members, in: list, in: &tx) }
  }

  /// Asked for and counted.
  func ask(_ deed: BulkDeed, _ name: String = "an action", segment: String = "crowd") async throws -> BulkAction {
    let id = try await ground.write { tx in
      try actions.ask(deed, for: segment, called: name, request: RequestKey("ask " + name), by: change(), in: &tx)
    }
    try await perform(id)
    return try await action(id)
  }

  func action(_ id: BulkActionID) async throws -> BulkAction { try await ground.read { tx in try actions.action(id, in: &tx) } }

  func confirm(_ action: BulkAction, _ number: Int64? = nil, mayAlone: Bool = true) async throws -> BulkAction {
    try await ground.write { tx in
      try actions.confirm(action.id, number: number ?? action.tally.due, mayAlone: mayAlone, by: change(), in: &tx)
    }
  }

  func perform(_ id: BulkActionID) async throws { try await work.perform(id, programme.id, of: ground.account) }

  /// Asked for, counted, confirmed and carried out.
  func carryOut(_ deed: BulkDeed, _ name: String = "an action") async throws -> BulkAction {
    let asked = try await ask(deed, name)
    _ = try await confirm(asked)
    try await perform(asked.id)
    return try await action(asked.id)
  }

  func undo(_ action: BulkAction) async throws -> BulkAction {
    try await ground.write { tx in try actions.undo(action.id, by: change(), in: &tx) }
    try await perform(action.id)
    return try await self.action(action.id)
  }

  func attribute(_ member: MemberID) async throws -> AttributeValue? {
    try await ground.read { tx in try programme.members.member(member, in: &tx).person?.attributes["animal"] }
  }

  func points(_ member: MemberID) async throws -> Int64 {
    try await shop.wallet(member, at: Self.noon + .minutes(2)).active.units
  }

  func reasons(_ action: BulkAction, _ state: BulkMember.State) async throws -> [BulkReason: Int64] {
    let all = try await ground.read { tx in try actions.reasons(of: action.id, state, in: &tx) }
    return Dictionary(all.map { ($0.reason, $0.members) }, uniquingKeysWith: { first, _ in first })
  }
}
