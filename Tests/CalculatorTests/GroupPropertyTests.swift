import Calculator
import Conditions
import Kernel
import TestKit
import Testing

/// Groups obey their rule, whatever is in them: what each promotion gives alone says which of them may stand.
@Suite struct GroupPropertyTests {
  private struct Offer {
    let promotion: Promotion
    /// Minor units or points that it gives where it is alone.
    let worth: Int64
  }

  /// Promotions of one stage in one group, in a shop that has no others.
  private struct Contest {
    let basket: Basket
    let member: MemberSnapshot
    let terms: ProgrammeTerms
    /// In their order.
    var offers: [Offer] = []

    init(seed: UInt64, _ stage: Stage) {
      var shop = RandomShop(seed: seed)
      let rules = shop.rules()
      terms = rules.terms
      member = shop.member()
      basket = shop.basket()
      for promotion in rules.promotions where promotion.stage == stage {
        var alone = promotion
        alone.group = "contest"
        alone.tags = []
        alone.excludes = []
        offers.append(Offer(promotion: alone, worth: given([alone], .all).reduce(0) { $0 + $1.worth }))
      }
      // As the group tries them, without the groups that they came from.
      offers.sort { ($0.promotion.priority, $0.promotion.id) < ($1.promotion.priority, $1.promotion.id) }
    }

    /// What stands, and what it gives.
    func given(_ promotions: [Promotion], _ policy: PromotionGroup.Policy) -> [Offer] {
      let book = RuleBook(
        version: 1, terms: terms, groups: [PromotionGroup(name: "contest", policy: policy)], promotions: promotions)
      let answer = calculate(basket, member: member, rules: book, scope: CalculationScope(offersChoices: false))
      return answer.promotions.map {
        Offer(promotion: book.promotions[$0.index], worth: $0.money.minor + $0.points.units)
      }
    }

    /// The one that the policy means, by what each gives alone; of equal ones the earlier.
    func meant(_ policy: PromotionGroup.Policy) -> Offer? {
      var found: Offer?
      for offer in offers where offer.worth > 0 {
        guard let leader = found else {
          found = offer
          continue
        }
        switch policy {
        case .all, .first: break
        case .bestForShopper: if offer.worth > leader.worth { found = offer }
        case .bestForShop: if offer.worth < leader.worth { found = offer }
        }
      }
      return found
    }
  }

  @Test(arguments: [Stage.price, .line, .receipt, .earning])
  func `of a group the one that its policy means stands, alone and with what it gives alone`(stage: Stage) {
    var contested = 0
    for seed in Seeds.some(600) {
      let contest = Contest(seed: seed, stage)
      if contest.offers.count(where: { $0.worth > 0 }) > 1 { contested += 1 }
      for policy in [PromotionGroup.Policy.first, .bestForShopper, .bestForShop] {
        let (given, meant) = (contest.given(contest.offers.map(\.promotion), policy), contest.meant(policy))
        #expect(given.map(\.promotion.code) == (meant.map { [$0.promotion.code] } ?? []), "seed \(seed), \(stage), \(policy)")
        #expect(given.first?.worth == meant?.worth, "seed \(seed), \(stage), \(policy)")
      }
    }
    #expect(contested > 25, "promotions meet often enough to prove something: \(contested)")
  }
}
