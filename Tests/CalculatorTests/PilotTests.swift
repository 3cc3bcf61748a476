import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// Versions on trial in some places: who meets which.
@Suite struct PilotTests {
  private static let start = Instant(seconds: 1_790_350_000)

  private static func versions(_ pilot: Pilot) -> [Promotion] {
    var kept = SmallShop.promotion(.percent(.percent(10), of: .reduced))
    var trial = SmallShop.promotion(.percent(.percent(25), of: .reduced))
    (kept.reach, trial.reach, trial.version) = (.outside(pilot), .inside(pilot), 2)
    return [kept, trial]
  }

  @Test func `a basket takes part by place, buyer and hour`() {
    let (north, south) = (StoreID(7), StoreID(8))
    let (till, list) = (Pilot.Register(store: south, code: "2"), IDList([MemberID(1)]))
    let from = Self.start
    let cases: [(pilot: Pilot, store: StoreID, till: String?, member: MemberSnapshot?, after: Int64, isIn: Bool)] = [
      (Pilot(stores: [north], from: from), north, nil, nil, 0, true),
      (Pilot(stores: [north], from: from), south, nil, nil, 0, false),
      (Pilot(stores: [north], from: from), north, nil, nil, -1, false),
      (Pilot(stores: [north], from: from, until: from + .seconds(60)), north, nil, nil, 59, true),
      (Pilot(stores: [north], from: from, until: from + .seconds(60)), north, nil, nil, 60, false),
      (Pilot(registers: [till], from: from), south, "2", nil, 0, true),
      (Pilot(registers: [till], from: from), south, "1", nil, 0, false),
      (Pilot(registers: [till], from: from), south, nil, nil, 0, false),
      (Pilot(registers: [till], from: from), north, "2", nil, 0, false),
      (Pilot(stores: [north], registers: [till], from: from), north, "1", nil, 0, true),
      (Pilot(members: list, from: from), south, nil, MemberSnapshot(id: MemberID(1)), 0, true),
      (Pilot(members: list, from: from), south, nil, MemberSnapshot(id: MemberID(2)), 0, false),
      (Pilot(members: list, from: from), south, nil, nil, 0, false),
      (Pilot(hasTestCards: true, from: from), south, nil, MemberSnapshot(id: MemberID(2), kind: .test), 0, true),
      (Pilot(hasTestCards: true, from: from), south, nil, MemberSnapshot(id: MemberID(1)), 0, false),
      (Pilot(stores: [north], hasTestCards: true, from: from), south, nil, MemberSnapshot(id: MemberID(2), kind: .test), 0, false),
      (Pilot(stores: [north], members: list, from: from), north, nil, nil, 0, false),
    ]
    for (number, one) in cases.enumerated() {
      var shop = SmallShop()
      shop.basket.store.id = one.store
      shop.basket.till = one.till
      shop.basket.time = from + .seconds(one.after)
      #expect(one.pilot.takesIn(shop.basket, one.member) == one.isIn, "case \(number)")
      let answer = calculate(shop.basket, member: one.member, rules: shop.book(Self.versions(one.pilot)))
      #expect(answer.promotions.count == 1 && answer.reasons.isEmpty, "case \(number): one version, and not a word of the other")
      // A quarter of 1 300.00, less what the wine may not go below its 450.00.
      #expect(answer.discount == (one.isIn ? .roubles(250) : .roubles(130)), "case \(number): \(answer.discount)")
    }
  }

  @Test func `what nobody else has says where it is tried`() {
    var shop = SmallShop()
    var trial = SmallShop.promotion(.percent(.percent(25), of: .reduced))
    trial.reach = .inside(Pilot(stores: [StoreID(8)], from: Self.start))
    let elsewhere = shop.sell(trial)
    #expect(elsewhere.discount == .zero && elsewhere.reasons.map(\.cause.word) == ["pilot-elsewhere"])
    shop.basket.store.id = StoreID(8)
    #expect(shop.sell(trial).discount > .zero)
  }

  /// The version that is not the basket's must leave no trace in any amount: books with both and with the right one alone agree.
  @Test func `a book with two versions prices as one with the right version alone`() {
    var (inside, outside) = (0, 0)
    for seed in Seeds.some(600) {
      var shop = RandomShop(seed: seed)
      let (rules, member, basket) = (shop.rules(), shop.chance(70) ? shop.member() : nil, shop.basket())
      guard !rules.promotions.isEmpty else { continue }
      let place = Int(shop.int(0...Int64(rules.promotions.count - 1)))
      let pilot = shop.pilot(around: basket, member)
      var (kept, trial) = (rules.promotions[place], rules.promotions[place])
      trial.version += 1
      trial.priority = shop.chance(50) ? trial.priority : 1
      trial.benefit = trial.benefit.isReduction && trial.stage < .receipt ? .percent(.percent(35), of: .reduced) : trial.benefit
      let isIn = pilot.takesIn(basket, member)
      if isIn { inside += 1 } else { outside += 1 }
      let others = rules.promotions.filter { $0.id != kept.id }
      let right = isIn ? trial : kept
      (kept.reach, trial.reach) = (.outside(pilot), .inside(pilot))
      func price(_ versions: [Promotion]) -> Calculation {
        let book = RuleBook(version: 1, terms: rules.terms, groups: rules.groups, promotions: others + versions)
        return calculate(basket, member: member, rules: book)
      }
      let (both, alone) = (price([kept, trial]), price([right]))
      #expect(both.lines == alone.lines && both.amount == alone.amount && both.earned == alone.earned, "seed \(seed)")
      #expect(both.promotions.map(\.id) == alone.promotions.map(\.id), "seed \(seed)")
    }
    #expect(inside > 60 && outside > 60)
  }

  @Test func `versions count as one promotion, and each stops at its own limit`() {
    let pilot = Pilot(stores: [StoreID(8)], from: Self.start)
    var versions = Self.versions(pilot)
    versions[0].limits.total = 10
    versions[1].limits.total = 20
    var shop = SmallShop()
    shop.usage = [PromotionID(1): SharedUsage(uses: 12)]
    func discount(_ store: Int64) -> Money {
      shop.basket.store.id = StoreID(store)
      return shop.sell(versions[0], versions[1]).discount
    }
    #expect(discount(7) == .zero && discount(8) > .zero)
    shop.usage = [PromotionID(1): SharedUsage(uses: 20)]
    #expect(discount(8) == .zero)
    versions[1].limits = PromotionLimits(perMember: 3)
    let book = shop.book(versions)
    for place in book.promotions.indices {
      #expect(book.countedLimits(at: place) == PromotionLimits(perMember: 3, total: 10), "either counts for both")
    }
  }

  @Test func `a file of rules keeps its pilots, and says what is wrong with one`() throws {
    let text = """
      { "format": "regulars.rules/1", "programme": {}, "promotions": [
        { "code": "a", "name": { "ru": "А", "en": "A" }, "benefit": { "percent": "10" }, "pilot": {
          "stores": ["north"], "registers": [{ "store": "south", "register": "2" }], "testCards": true,
          "from": "2026-11-01T06:00:00Z", "until": "2026-11-08T06:00:00Z",
          "rules": { "code": "a", "name": { "ru": "А", "en": "A" }, "benefit": { "percent": "15" } } } },
        { "code": "b", "name": { "ru": "Б", "en": "B" }, "benefit": { "percent": "5" }, "pilot": {
          "members": ["mem_0000000000001"], "from": "2026-11-01T06:00:00Z" } }] }
      """
    var names: any Names = InternedNames()
    let file = try RulesFile(JSON.parse(text), names: &names)
    #expect(file.promotions.map(\.code) == ["a", "a", "b"] && file.promotions.map(\.reach.isTrial) == [false, true, true])
    #expect(file.promotions[0].id == file.promotions[1].id)
    let written = file.json(names: names)
    var again: any Names = names
    #expect(try RulesFile(written, names: &again) == file)
    #expect(file.book().rolledOut.promotions.map(\.reach) == [.everywhere, .everywhere])
    let faults: [(old: String, new: String, code: String)] = [
      (
        "\"stores\": [\"north\"], \"registers\": [{ \"store\": \"south\", \"register\": \"2\" }], \"testCards\": true,", "",
        "pilot_everywhere"
      ),
      ("2026-11-08", "2026-10-08", "bounds_crossed"), ("mem_0000000000001", "nobody", "not_an_id"),
      ("\"rules\": { \"code\": \"a\"", "\"rules\": { \"code\": \"c\"", "other_code"),
      ("\"testCards\": true", "\"testcards\": true", "unknown_member"),
      ("{ \"percent\": \"15\" }", "{ \"percent\": \"15\" }, \"pilot\": { \"testCards\": true }", "pilot_elsewhere"),
    ]
    for fault in faults {
      var names: any Names = InternedNames()
      do {
        _ = try RulesFile(JSON.parse(text.replacing(fault.old, with: fault.new)), names: &names)
        Issue.record("\(fault.code) is not noticed")
      } catch let problem as Problem { #expect(problem.issues.map(\.code) == [fault.code]) }
    }
  }
}

extension RandomShop {
  /// One that takes the basket in about every second time, by place, buyer or both.
  fileprivate mutating func pilot(around basket: Basket, _ member: MemberSnapshot?) -> Pilot {
    let store = chance(70) ? basket.store.id : StoreID(999_999)
    let from = basket.time - .seconds(chance(85) ? 60 : -60)
    let members: IDList<Entity.Member> = member.map { chance(50) ? [$0.id] : [] } ?? []
    return Pilot(stores: [store], members: members, from: from, until: chance(30) ? from + .days(1) : nil)
  }
}
