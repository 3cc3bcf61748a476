import Access
import Calculator
import Customers
import Kernel
import Loyalty
import Storage
import TestKit
import Testing

/// Who brings whom, and when both have something of it.
@Suite struct ReferralTests {
  private static func terms(_ more: (String, JSON)...) -> JSON {
    let usual: [(String, JSON)] = [
      ("referrer", "300"), ("newcomer", "200"), ("nameDays", 14), ("purchase", "450.00"), ("returnDays", 14),
    ]
    let known = usual.filter { one in !more.contains { $0.0 == one.0 } } + more
    return .object(["referral": .object(known.map { JSON.Member($0.0, $0.1) })])
  }

  private static func code(_ shop: GivingShop, of member: MemberID) async throws -> String {
    try await shop.ground.write { tx in
      var dice = Dice(seed: 7 + UInt64(bitPattern: member.raw))
      return try shop.referrals.makeCode(of: member, using: &dice, at: GivingShop.noon, in: &tx)
    }
  }

  private static func name(_ code: String, _ shop: GivingShop, by member: MemberID, at now: Instant = GivingShop.noon) async
    -> String?
  {
    await shop.ground.refusalOf { tx in _ = try shop.referrals.name(code, by: member, change: shop.change(now), in: &tx) }
  }

  private static func state(_ shop: GivingShop, _ member: MemberID) async throws -> Referral.State? {
    try await shop.ground.read { tx in try shop.referrals.referral(of: member, in: &tx)?.state }
  }

  @Test(arguments: TestDatabase.available) func `both have their points when the purchase cannot come back any more`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.terms()) { shop in
      let (anna, noon) = (shop.shop.anna, GivingShop.noon)
      let code = try await Self.code(shop, of: anna)
      #expect(try await Self.code(shop, of: anna) == code, "asked for again it is the same")
      let boris = try await shop.join(905)
      #expect(await Self.name("no-such-code", shop, by: boris) == "referral_code_unknown")
      #expect(await Self.name(" " + code.lowercased(), shop, by: boris) == nil)
      #expect(await Self.name(code, shop, by: boris) == nil, "said again it is the same")
      try await shop.shop.sell(1, 4, to: 905, at: noon + .hours(1))
      try await shop.catchUp(at: noon + .hours(1))
      #expect(try await Self.state(shop, boris) == .named, "too small a purchase")
      try await shop.shop.sell(2, 5, to: 905, at: noon + .days(1))
      try await shop.catchUp(at: noon + .days(1))
      #expect(try await Self.state(shop, boris) == .bought)
      try await shop.catchUp(at: noon + .days(15) - .seconds(1))
      #expect(try await Self.state(shop, boris) == .bought)
      let before = (try await shop.points(anna), try await shop.points(boris))
      try await shop.catchUp(at: noon + .days(15))
      #expect(try await Self.state(shop, boris) == .paid)
      #expect(try await shop.points(anna, at: noon + .days(15)) == before.0 + 300)
      #expect(try await shop.points(boris, at: noon + .days(15)) == before.1 + 200)
      try await shop.catchUp(at: noon + .days(16))
      #expect(try await shop.figures(ActionGift.referral).points.units == 500, "once")
      let figures = try await shop.ground.read { tx in try shop.referrals.figures(in: &tx) }
      #expect(figures.count == [.paid: 1] && figures.points.units == 500)
    }
  }

  @Test(arguments: TestDatabase.available) func `a purchase that comes back gives nothing before, and is taken back after`(
    on kind: TestDatabase
  ) async throws {
    try await Self.checkReturns(kind)
  }

  /// What the table of returns says of a purchase that the till cancels.
  static func checkCancel(_ kind: TestDatabase) async throws {
    try await GivingShop.on(kind, terms()) { shop in
      let (anna, noon) = (shop.shop.anna, GivingShop.noon)
      let boris = try await shop.join(907)
      let code = try await Self.code(shop, of: anna)
      #expect(await Self.name(code, shop, by: boris) == nil)
      try await shop.shop.sell(1, 6, to: 907, at: noon + .hours(1))
      try await shop.catchUp(at: noon + .days(16))
      #expect(try await Self.state(shop, boris) == .paid)
      #expect(try await shop.points(anna, at: noon + .days(16)) == 300)
      try await shop.cancel(1, at: noon + .days(17))
      try await shop.catchUp(at: noon + .days(17))
      #expect(try await Self.state(shop, boris) == .takenBack)
      #expect(try await shop.points(anna, at: noon + .days(17)) == 0)
    }
  }

  /// The same of one that comes back in parts.
  static func checkReturns(_ kind: TestDatabase) async throws {
    try await GivingShop.on(kind, terms()) { shop in
      let (anna, noon) = (shop.shop.anna, GivingShop.noon)
      let boris = try await shop.join(906)
      let code1 = try await Self.code(shop, of: anna)
      #expect(await Self.name(code1, shop, by: boris) == nil)
      try await shop.shop.sell(1, 5, to: 906, at: noon + .hours(1))
      try await shop.shop.takeBack(1, 1, of: 1, at: noon + .hours(2))
      try await shop.catchUp(at: noon + .days(20))
      #expect(try await Self.state(shop, boris) == .named, "what is left of it is too small")
      try await shop.shop.sell(2, 6, to: 906, at: noon + .days(20))
      try await shop.catchUp(at: noon + .days(34))
      #expect(try await Self.state(shop, boris) == .paid)
      try await shop.shop.takeBack(2, 1, of: 2, at: noon + .days(35))
      try await shop.catchUp(at: noon + .days(35))
      #expect(try await Self.state(shop, boris) == .paid, "enough is left")
      try await shop.shop.takeBack(3, 5, of: 2, at: noon + .days(36))
      try await shop.catchUp(at: noon + .days(36))
      #expect(try await Self.state(shop, boris) == .takenBack)
      #expect(try await shop.points(anna, at: noon + .days(36)) == 0)
      #expect(try await shop.figures(ActionGift.referral).points == .zero)
    }
  }

  @Test(arguments: TestDatabase.available) func `with no days to wait both have their points at once`(on kind: TestDatabase)
    async throws
  {
    try await GivingShop.on(kind, Self.terms(("returnDays", 0))) { shop in
      let boris = try await shop.join(907)
      let code2 = try await Self.code(shop, of: shop.shop.anna)
      #expect(await Self.name(code2, shop, by: boris) == nil)
      try await shop.shop.sell(1, 5, to: 907)
      try await shop.catchUp()
      #expect(try await Self.state(shop, boris) == .paid)
    }
  }

  @Test(arguments: TestDatabase.available) func `nobody brings themselves, an old member, an employee or whoever brought them`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.terms()) { shop in
      let (anna, noon) = (shop.shop.anna, GivingShop.noon)
      let code = try await Self.code(shop, of: anna)
      #expect(await Self.name(code, shop, by: anna) == "referral_oneself")
      let late = try await shop.join(908, at: noon - .days(15))
      #expect(await Self.name(code, shop, by: late) == "referral_too_late")
      let buyer = try await shop.join(909)
      try await shop.shop.sell(1, 1, to: 909)
      #expect(await Self.name(code, shop, by: buyer) == "referral_has_bought")
      let staff = try await shop.join(910, kind: .employee)
      #expect(await Self.name(code, shop, by: staff) == "referral_member_kind")
      let boris = try await shop.join(911)
      #expect(await Self.name(code, shop, by: boris) == nil)
      let other = try await Self.code(shop, of: shop.shop.third)
      #expect(await Self.name(other, shop, by: boris) == "referral_named")
      // Anna is an old member herself; with a code of Boris's she would be too late anyway, so that a newcomer closes the circle.
      let clara = try await shop.join(912)
      let code3 = try await Self.code(shop, of: boris)
      #expect(await Self.name(code3, shop, by: clara) == nil)
      let code4 = try await Self.code(shop, of: clara)
      #expect(await Self.name(code4, shop, by: boris) == "referral_named")
    }
  }

  @Test(arguments: TestDatabase.available) func `nobody is brought by whom they brought themselves`(on kind: TestDatabase)
    async throws
  {
    try await GivingShop.on(kind, Self.terms()) { shop in
      let (boris, clara, dina) = (try await shop.join(941), try await shop.join(942), try await shop.join(943))
      let (first, second) = (try await Self.code(shop, of: boris), try await Self.code(shop, of: clara))
      #expect(await Self.name(first, shop, by: clara) == nil)
      #expect(await Self.name(second, shop, by: boris) == "referral_circle")
      #expect(try await Self.state(shop, boris) == nil, "nothing is kept of it")
      #expect(await Self.name(second, shop, by: dina) == nil, "of others she may bring whom she likes")
    }
  }

  @Test(arguments: TestDatabase.available) func `a telephone that somebody had before makes an old member, erased or not`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.terms()) { shop in
      let code = try await Self.code(shop, of: shop.shop.anna)
      let first = try await shop.join(913)
      try await shop.ground.write { tx in
        _ = try Erasure(of: shop.programme, ids: shop.ground.ids).carryOut(first, because: .request, by: shop.change(), in: &tx)
      }
      let again = try await shop.join(913, at: GivingShop.noon + .hours(1))
      #expect(again != first)
      #expect(await Self.name(code, shop, by: again, at: GivingShop.noon + .hours(2)) == "referral_old_member")
      // One's own former number is no other's.
      let clara = try await shop.join(914)
      let phone = Identifier(try #require(Phone("+79161231914")))
      try await shop.ground.write { tx in
        try shop.programme.identifiers.detach(phone, from: clara, by: shop.change(), in: &tx)
        try shop.programme.identifiers.attach(phone, to: clara, verified: false, by: shop.change(), in: &tx)
      }
      #expect(await Self.name(code, shop, by: clara) == nil)
    }
  }

  @Test(arguments: TestDatabase.available) func `a newcomer who turns out to be an old member brings nothing`(
    on kind: TestDatabase
  ) async throws {
    try await GivingShop.on(kind, Self.terms()) { shop in
      let noon = GivingShop.noon
      let boris = try await shop.join(915)
      let code5 = try await Self.code(shop, of: shop.shop.anna)
      #expect(await Self.name(code5, shop, by: boris) == nil)
      try await shop.shop.sell(1, 5, to: 915, at: noon + .hours(1))
      try await shop.shop.merge(boris, into: shop.shop.third, at: noon + .hours(2))
      try await shop.catchUp(at: noon + .days(15))
      let known = try #require(try await shop.ground.read { tx in try shop.referrals.referral(of: boris, in: &tx) })
      #expect(known.state == .refused && known.reason == .oldMember)
      #expect(try await shop.figures(ActionGift.referral).gifts == 0)
    }
  }

  @Test(arguments: TestDatabase.available) func `a cap stops who brings, never the newcomer`(on kind: TestDatabase) async throws {
    try await GivingShop.on(kind, Self.terms(("returnDays", 0), ("cap", 2), ("capDays", 30))) { shop in
      let (anna, noon) = (shop.shop.anna, GivingShop.noon)
      let code = try await Self.code(shop, of: anna)
      for number in 0..<3 {
        let one = try await shop.join(920 + number)
        #expect(await Self.name(code, shop, by: one) == nil)
        try await shop.shop.sell(Int64(1 + number), 5, to: 920 + number, at: noon + .minutes(Int64(number)))
        try await shop.catchUp(at: noon + .minutes(Int64(number)))
        let known = try #require(try await shop.ground.read { tx in try shop.referrals.referral(of: one, in: &tx) })
        #expect(known.state == .paid && known.newcomerPoints.units == 200)
        #expect(known.referrerPoints.units == (number < 2 ? 300 : 0) && known.reason == (number < 2 ? nil : .cap))
      }
      #expect(try await shop.points(anna, at: noon + .hours(1)) == 600)
      let later = try await shop.join(930, at: noon + .days(31))
      #expect(await Self.name(code, shop, by: later, at: noon + .days(31)) == nil)
      try await shop.shop.sell(9, 5, to: 930, at: noon + .days(31))
      try await shop.catchUp(at: noon + .days(31))
      #expect(try await shop.figures(ActionGift.referral).points.units == 1_700, "another period")
    }
  }
}
