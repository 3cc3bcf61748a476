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

/// What goes along with points.
@Suite struct MergeMovesTests {
  private static func act(_ consent: Consent, _ isGiven: Bool, _ hours: Int64) -> ConsentAct {
    ConsentAct(consent, isGiven: isGiven, text: "1", at: MergeShop.noon - .hours(hours), source: "desk")
  }

  @Test(arguments: TestDatabase.available) func `the latest word of either holds, and offers keep the uses that were left`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      let members = shop.programme.members
      let acts = [
        (shop.anna, Self.act(.sms, true, 9)), (shop.double, Self.act(.sms, false, 5)), (shop.double, Self.act(.email, true, 5)),
        (shop.anna, Self.act(.terms, true, 9)),
      ]
      let offers = MemberOffers(of: members)
      let (own, other) = (
        ActivatedOffer(PromotionID(22), since: MergeShop.noon, usesUpTo: 3), ActivatedOffer(PromotionID(23), since: MergeShop.noon)
      )
      try await shop.ground.write { tx in
        _ = try ConsentBook(of: members).record(acts, by: shop.change(), in: &tx)
        _ = try offers.change(of: shop.anna, in: &tx) { _, _ in [own] }
        _ = try offers.change(of: shop.double, in: &tx) { _, _ in [own, other] }
      }
      try await shop.sell(1, 6, to: 2)
      func standing(_ member: MemberID) async throws -> MemberProfile {
        try await shop.ground.read { tx in try members.profile(member, at: MergeShop.noon, in: &tx) }
      }
      try await shop.merge()
      let merged = try await standing(shop.anna)
      #expect(merged.consents == Consents([.terms, .email]), "whoever withdrew with one card has withdrawn")
      #expect(merged.offers.map(\.promotion) == [PromotionID(22), PromotionID(23)])
      #expect(merged.offers[0].usesUpTo == 4, "one use of the other's counts now")
      try await shop.ground.write { tx in
        _ = try ConsentBook(of: members).record([(shop.anna, Self.act(.push, true, 1))], by: shop.change(), in: &tx)
      }
      #expect(try await standing(shop.anna).consents == Consents([.terms, .email, .push]))
      let records = try await shop.ground.read { tx in try ConsentBook(of: members).records(of: shop.anna, limit: 10, in: &tx) }
      #expect(records.count == 5)
      let refusal = try await shop.ground.refusal { tx in
        try ConsentBook(of: members).record([(shop.double, Self.act(.push, true, 1))], by: shop.change(), in: &tx)
      }
      #expect(refusal?.code == "member_merged")
      try await shop.unmerge()
      #expect(try await standing(shop.anna).consents == Consents([.terms, .sms, .push]))
      let (one, two) = (try await standing(shop.anna), try await standing(shop.double))
      #expect(two.consents == Consents([.email]) && two.offers == [own, other] && one.offers == [own])
    }
  }

  @Test(arguments: TestDatabase.available) func `identifiers, segments and a tier given by hand go along and come back`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      let (account, programme) = (shop.ground.account, shop.programme)
      let segments = Segments(of: account)
      try await shop.ground.write { tx in
        let lists = ["fans", "guests"].map {
          SegmentDetails(code: $0, name: LocalText(ru: $0, en: $0), kind: .static)
        }
        _ = try segments.save(lists, by: shop.change(), in: &tx)
        _ = try segments.add([shop.anna, shop.double], to: "fans", by: shop.change(), in: &tx)
        _ = try segments.add([shop.double], to: "guests", by: shop.change(), in: &tx)
        _ = try programme.tiers.grant(
          "gold", to: shop.double, until: nil, because: "a friend", request: RequestKey("gold"), by: shop.change(), in: &tx)
      }
      func profile(_ member: MemberID) async throws -> MemberProfile {
        try await shop.ground.read { tx in try programme.members.profile(member, at: MergeShop.noon + .minutes(5), in: &tx) }
      }
      let (one, two) = (try await profile(shop.anna), try await profile(shop.double))
      try await shop.merge(at: MergeShop.noon + .minutes(2))
      let merged = try await profile(shop.anna)
      #expect(merged.segments == two.segments && merged.tier == two.tier && one.tier == nil)
      #expect(try await profile(shop.double) == merged, "an id of before finds the survivor")
      let found = try await shop.ground.read { tx in try programme.identifiers.all(of: shop.anna, in: &tx) }
      #expect(found.count == 4)
      let card = try #require(Identifier(external: "new card"))
      try await shop.ground.write { tx in
        try programme.identifiers.attach(card, to: shop.anna, verified: false, by: shop.change(), in: &tx)
      }
      let late = try await shop.ground.refusal { tx in
        try programme.identifiers.attach(card, to: shop.double, verified: false, by: shop.change(), in: &tx)
      }
      #expect(late?.code == "member_merged")
      try await shop.unmerge(at: MergeShop.noon + .minutes(3))
      let again = try await profile(shop.anna)
      #expect(again.segments == one.segments && again.tier == nil)
      #expect(try await profile(shop.double) == two)
      #expect(try await shop.ground.read { tx in try programme.identifiers.all(of: shop.anna, in: &tx) }.count == 3)
    }
  }

  @Test(arguments: TestDatabase.available) func `whoever asks to be forgotten is forgotten as everybody they were`(
    on kind: TestDatabase
  ) async throws {
    try await MergeShop.on(kind) { shop in
      let members = shop.programme.members
      try await shop.merge()
      let alone = try await shop.ground.refusal { tx in try members.erase(shop.double, by: shop.change(), in: &tx) }
      #expect(alone?.code == "member_merged")
      try await shop.ground.write { tx in try members.erase(shop.anna, by: shop.change(), in: &tx) }
      let both = try await shop.ground.read { tx in try members.members([shop.anna, shop.double], in: &tx) }
      #expect(both.count == 2 && both.values.allSatisfy { $0.status == .erased && $0.person == nil })
      let kept = try await shop.ground.read { tx in
        try tx.row(SQL(prepared: "select count(*) from member_merge where moved is not null", []))?.int(0)
      }
      #expect(kept == 0)
      let undo = await #expect(throws: Problem.self) { try await shop.unmerge() }
      #expect(undo?.code == "member_erased")
    }
  }

  @Test(arguments: TestDatabase.available) func `a tier by rules counts what was bought with either card`(on kind: TestDatabase)
    async throws
  {
    let ladder = LadderShop.ladder([.object(["tier": "silver", "from": "1000.00"])])
    try await MergeShop.on(kind, ladder: ladder) { shop in
      let (account, work) = (shop.ground.account, LadderWork(zones: { _ in .moscow }, ids: shop.ground.ids))
      try await shop.sell(1, 6, to: 1)
      try await shop.sell(2, 6, to: 2)
      func follow(_ kind: Event.Kind) async throws -> TierID? {
        let new = try await shop.ground.told().filter { $0.kind == kind }
        try await shop.ground.write { tx in try work.take(new, of: account, at: MergeShop.noon, in: &tx) }
        return try await shop.ground.read { tx in
          try shop.programme.members.profile(shop.anna, at: MergeShop.noon + .seconds(1), in: &tx).tier
        }
      }
      #expect(try await follow(.receiptConfirmed) == nil)
      try await shop.merge()
      #expect(try await follow(.memberMerged) != nil, "590.00 and 590.00")
      try await shop.unmerge()
      #expect(try await follow(.memberUnmerged) == nil)
    }
  }
}
