import Calculator
import Conditions
import Kernel

/// Documents in which every member occurs that their formats know.
enum FullDocuments {
  private static let texts = [
    "rules": """
    { "format": "regulars.rules/1", "programme": { "pointsScale": 2, "stampCards": [
      { "code": "coffee", "name": { "ru": "Кофе", "en": "Coffee" }, "stamps": 6 } ], "favourites": [
      { "code": "milk", "name": { "ru": "Молоко", "en": "Milk" }, "icon": "🥛", "goods": { "categories": ["milk"] } } ] }, "promotions": [
      { "code": "spring", "name": { "ru": "Весна", "en": "Spring" }, "when": { "coupon": "SPRING" }, "benefit": { "percent": "10" } },
      { "code": "double", "name": { "ru": "Вдвойне", "en": "Double" }, "benefit": { "earn": { "multiplier": "2" } },
        "course": { "activation": { "on": "2026-04-01" }, "life": { "through": "quarter" } } },
      { "code": "back", "name": { "ru": "Вернём", "en": "Back" }, "benefit": { "reward": { "certificate": "GIFT", "amount": "500.00" } } },
      { "code": "play", "name": { "ru": "Играй", "en": "Play" }, "benefit": { "reward": { "game": "WHEEL", "turns": 2 } } },
      { "code": "lift", "name": { "ru": "Золото", "en": "Gold" }, "benefit": { "reward": { "tier": "gold", "days": 30 } } },
      { "code": "climb", "name": { "ru": "Месяц", "en": "Month" }, "benefit": { "reward": { "tier": "gold", "through": "month" } } } ] }
    """,
    "basket": """
    { "format": "regulars.basket/1",
      "store": { "code": "s1", "brand": "corner", "format": "Экспресс", "zone": "+03:00", "dayStart": "04:00",
        "priceZone": "north", "region": "Тверская область", "city": "Тверь" },
      "register": { "tolerance": 1, "split": "any", "leastPrice": "0.01", "maxLines": 100, "code": "2" },
      "channel": "self-checkout", "time": "2026-03-14T12:00:00+03:00",
      "lines": [ { "id": "1", "kind": "goods",
        "product": { "code": "milk", "categories": ["milk", "food"], "brand": "farm", "manufacturer": "dairy",
          "attributes": ["origin=RU"], "flags": ["marked", "advertForbidden"], "minPrice": "10.00", "maxPrice": "99.99" },
        "quantity": "1", "price": "89.90", "tillReductions": [{ "kind": "markdown", "amount": "5.00", "reason": "yesterday" }],
        "isPriceLocked": false, "legalEntity": "grocer", "settlement": "full", "mark": "010460000000000121" },
        { "id": "2", "kind": "gift-card", "product": { "code": "gift" }, "price": "500.00", "certificate": "G2" } ],
      "coupons": ["SPRING", { "code": "A-1", "series": "AUTUMN", "state": "used" }],
      "tenders": [{ "kind": "state-certificate", "amount": "10.00", "only": { "categories": ["milk"] } }, { "kind": "gift-card", "certificate": "G1", "series": "GIFT", "pin": "4711" },
        { "kind": "card" }],
      "spend": "12.50", "choices": [{ "promotion": "spring", "product": "gift" }], "usage": { "spring": { "storeToday": 1, "uses": 2, "money": "3.00", "points": "4.00",
        "storeTodayMoney": "5.00", "storeTodayPoints": "6.00", "today": 3, "todayMoney": "1.00", "todayPoints": "2.00", "storeUses": 7, "storeMoney": "8.00", "storePoints": "9.00" } } }
    """,
    "member": """
    { "format": "regulars.member/1", "id": "mem_0000000000001", "kind": "employee", "maySpend": true, "tier": "gold",
      "segments": ["parents"], "birthday": "1990-02-28",
      "attributes": { "size": 42, "colour": "blue", "subscribed": true, "since": { "day": "2020-05-01" } }, "purchases": 3,
      "counters": { "visits": 7 }, "points": [{ "amount": "10.00", "only": { "brands": ["farm"] } }, { "amount": "90.00" }],
      "spentToday": "1.00", "usage": { "double": { "uses": 5, "money": "7.00", "points": "8.00", "today": 1, "todayMoney": "2.00", "todayPoints": "3.00" } },
      "accumulated": [{ "what": "amount", "of": { "categories": ["milk"] }, "within": "month", "value": "800.00" },
        { "what": "visits", "within": "week", "value": 2 }, { "what": "receipts", "within": "week", "whose": "household", "value": 9 }],
      "bought": [{ "of": { "categories": ["milk"] }, "receipts": 2 }, { "of": { "brands": ["farm"] } }],
      "household": { "members": 3, "points": "5.00" }, "stamps": { "coffee": 4 }, "favourites": ["milk"],
      "privileges": ["lounge"], "consents": ["terms"], "offers": { "double": { "since": "2026-03-01T10:00:00Z", "until": "2026-04-01T10:00:00Z", "usesUpTo": 3 } } }
    """,
  ]

  static func json(_ name: String) throws -> JSON { try JSON.parse(texts[name] ?? "") }

  static func rules() throws -> RuleBook {
    var names: any Names = InternedNames()
    return try RulesFile(try json("rules"), names: &names).book()
  }

  static func issues(rules json: JSON) -> [Kernel.Issue] {
    issues { names throws(Problem) in _ = try RulesFile(json, names: &names) }
  }

  static func issues(basket json: JSON, _ rules: RuleBook) -> [Kernel.Issue] {
    issues { names throws(Problem) in _ = try BasketFile(json, for: rules, names: &names, zone: Example.zone) }
  }

  static func issues(member json: JSON, _ rules: RuleBook) -> [Kernel.Issue] {
    issues { names throws(Problem) in _ = try MemberFile(json, for: rules, names: &names) }
  }

  private static func issues(_ read: (inout any Names) throws(Problem) -> Void) -> [Kernel.Issue] {
    var names: any Names = InternedNames()
    do throws(Problem) {
      try read(&names)
      return []
    } catch {
      return error.issues
    }
  }

  /// A calculation in which everything turns up that can: every cause, brake, hint and kind of step.
  static func calculation() throws -> (RuleBook, Calculation) {
    var answer = Calculation()
    var line = CalculatedLine(id: "1", quantity: .one, shelf: Money(minor: 100), tillReduced: .zero, amount: Money(minor: 100))
    line.part = PrintedPart(quantity: .one, price: Money(minor: 100), amount: Money(minor: 100))
    answer.lines = [line]
    answer.trace = TraceStep.Kind.allCases.map {
      TraceStep(kind: $0, line: 0, promotion: 0, base: 100, rate: 50_000, amount: 5, notes: TraceNotes(rawValue: 63))
    }
    answer.promotions = [AppliedPromotion(index: 0, id: PromotionID(1), money: Money(minor: 5), coupon: "SPRING")]
    answer.rewards = [
      GivenReward(promotion: 0, .freeDelivery), GivenReward(promotion: 1, .coupon(series: "NEXT", isPersonal: false)),
      GivenReward(promotion: 1, .certificate(series: "GIFT", Money(minor: 50_000))),
      GivenReward(promotion: 1, .turns(2, game: "WHEEL", ID<Entity.Game>(1))),
      GivenReward(promotion: 1, .tier(TierGift("gold", TierID(3), for: .days(30)))),
      GivenReward(promotion: 1, .tier(TierGift("gold", TierID(3), for: .through(.month)))),
      GivenReward(promotion: 1, .message(LocalText(ru: "Привет", en: "Hello"), to: .cashier)),
    ]
    answer.promotions[0].stamps = -6
    answer.gifts = gifts
    answer.choices = AnsweredWish.State.allCases.map {
      AnsweredWish(GiftWish(promotion: "spring", code: "mug", product: nil), $0)
    }
    answer.lots = [
      EarnedLot(
        promotion: 1, points: Points(units: 500), days: LotDays(from: CivilDay("2026-04-01"), until: CivilDay("2026-06-30")))
    ]
    answer.stamps = [StampMove(card: "coffee", size: 6, had: 6, given: 1, taken: 6)]
    answer.tenders = [
      TenderUse(kind: .giftCard, amount: Money(minor: 40), certificate: "G1"), TenderUse(kind: .card, amount: Money(minor: 60)),
    ]
    answer.spentByPool = [.zero]
    answer.spending.brake = .share
    answer.tradeOff = [TradeOffPoint(spend: .zero, amount: Money(minor: 100), earned: .zero)]
    answer.tenderPrices = [TenderPrice(kind: .cash, amount: Money(minor: 100), earned: .zero)]
    answer.reasons = causes.map { Reason(promotion: 0, coupon: "SPRING", certificate: "G2", cause: $0) }
    answer.hints = missing.map { Hint(promotion: 1, missing: $0) }
    answer.exclusion = ExclusionNote(method: .greedy, candidates: 13)
    return (try rules(), answer)
  }

  /// Nothing chosen, all chosen and not in the basket, all given.
  static var gifts: [GiftOffer] {
    let mug = GiftChoice.Gift(LocalText(ru: "Кружка", en: "A mug"), .everything, units: 2, codes: ["mug"])
    let choice = GiftChoice([mug], price: Money(minor: 100))
    var (open, missing, given) = (GiftOffer.Taken(), GiftOffer.Taken(), GiftOffer.Taken())
    open.isOpen = true
    (missing.picks, missing.missing) = (1, 2)
    (given.picks, given.pieces) = (1, [GiftOffer.Piece(line: "1", units: 2)])
    return [(1, open), (0, missing), (0, given)].map { GiftOffer(promotion: 1, choice: choice, left: $0, taken: [$1]) }
  }

  static let missing: [Hint.Missing] = [
    .amount(Money(minor: 125_050)), .quantity(.one), .quantity(Quantity(thousandths: 350)), .visits(1),
    .gift(units: 2, price: .zero), .stamps(2, card: "coffee"), .stamps(0, card: "coffee"),
    .gift(units: 1, price: Money(minor: 100)), .identification, .activation,
  ]

  static var causes: [Cause] {
    let bounds = Bounds(atLeast: 3000, atMost: 9000)
    let counted: [Cause] = [
      .counter("visits", have: 1, bounds: bounds), .accumulated(.amount, have: 1, bounds: bounds),
      .accumulated(.quantity, have: 10_000, bounds: bounds), .accumulated(.visits, have: 1, bounds: Bounds(atLeast: 2)),
      .amount(have: Money(minor: 1), bounds: bounds), .stamps("coffee", have: 2, bounds: Bounds(atLeast: 6)),
      .stamps("coffee", have: 7, bounds: Bounds(atMost: 5)), .cardFull("coffee"),
      .amount(have: Money(minor: 9001), bounds: bounds), .quantity(have: 1000, bounds: bounds),
      .quantity(have: 10_000, bounds: bounds),
      .productCount(have: 1, bounds: Bounds(atLeast: 2)), .productCount(have: 9, bounds: Bounds(atMost: 2)),
    ]
    let plain: [Cause] = [
      .notStarted, .ended, .otherStore, .otherChannel, .otherDay, .otherHour, .unidentified, .otherMemberKind, .otherTier,
      .otherSegment,
      .memberAttribute("size"), .notFirstPurchase, .boughtBefore(receipts: 2), .pastUncounted, .notBirthday,
      .couponMissing("SPRING"), .certificateMissing("GIFT"),
      .noConsent([.sms]), .noPrivilege(["lounge"]),
      .notActivated, .otherTender, .noGoods, .giftNotChosen(left: 0), .giftNotChosen(left: 1), .giftNotChosen(left: 2),
      .excludedCircumstance,
      .controlGroup, .excluded(by: 1), .notBest(than: 1), .notFirst(after: 1), .nothingToReduce, .roundedToNothing,
    ]
    return counted + plain + PresentedCoupon.State.allCases.map(Cause.coupon)
      + PresentedCertificate.State.allCases.map(Cause.certificate) + LimitKind.allCases.map(Cause.limit)
  }
}

extension JSON {
  /// For every object in the document, its pointer and the document with a member in it that nobody knows.
  var withStrangers: [(pointer: String, document: JSON)] {
    switch self {
    case .object(let members):
      var found = [("", JSON.object(members + [JSON.Member("zzz", true)]))]
      for (place, member) in members.enumerated() {
        for (pointer, changed) in member.value.withStrangers {
          var others = members
          others[place] = JSON.Member(member.key, changed)
          found.append(("/" + member.key + pointer, .object(others)))
        }
      }
      return found
    case .array(let items):
      return items.enumerated().flatMap { place, item in
        item.withStrangers.map { pointer, changed in
          var others = items
          others[place] = changed
          return ("/\(place)" + pointer, .array(others))
        }
      }
    default: return []
    }
  }
}
