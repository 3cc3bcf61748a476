import Calculator
import Conditions
import Kernel
import Testing

/// What promotions give besides money and points.
@Suite struct RewardTests {
  private let thanks = Reward.message(LocalText(ru: "Спасибо!", en: "Thank you!"), to: .receipt)

  @Test func `rewards are given on what is paid in the end`() {
    let reduction = SmallShop.promotion(.amount(.roubles(100)), id: 1)
    let delivery = SmallShop.promotion(
      .reward(.freeDelivery), id: 2, when: .amount(of: .everything, .reduced, Bounds(atLeast: 120_000)))
    let missed = SmallShop.promotion(.reward(thanks), id: 3, when: .amount(of: .everything, .reduced, Bounds(atLeast: 120_001)))
    let answer = SmallShop().sell(reduction, delivery, missed)
    #expect(answer.rewards == [GivenReward(promotion: 1, .freeDelivery)])
    #expect(answer.promotions.map(\.id) == [PromotionID(1), PromotionID(2)])
    #expect(answer.reasons.map(\.promotion) == [2] && answer.hints.map(\.promotion) == [2])
  }

  @Test func `a reward needs its goods, and of a group that gives one the first stands`() {
    var shop = SmallShop()
    shop.groups = [PromotionGroup(name: "word", policy: .first)]
    let absent = SmallShop.promotion(.reward(thanks), id: 1, on: .products([ProductID(99)]))
    let first = SmallShop.promotion(.reward(thanks), id: 2, group: "word")
    let second = SmallShop.promotion(.reward(.freeDelivery), id: 3, group: "word")
    shop.scope.explainsAll = true
    let answer = shop.sell(absent, first, second)
    #expect(answer.rewards.map(\.reward) == [thanks])
    #expect(answer.reasons.map(\.cause) == [.noGoods, .notFirst(after: 1)])
  }

  @Test func `the control group gets none, and a limit per member counts them`() {
    var shop = SmallShop()
    var promotion = SmallShop.promotion(.reward(thanks), limits: PromotionLimits(perMember: 1))
    #expect(shop.sell(promotion).rewards.count == 1)
    shop.member?.usage[PromotionID(1)] = MemberUsage(uses: 1)
    #expect(shop.sell(promotion).rewards.isEmpty)
    shop.member?.usage = [:]
    promotion.control = ControlGroup(salt: "all", share: .whole, since: Instant(seconds: 0))
    #expect(shop.sell(promotion).reasons.map(\.cause) == [.controlGroup])
  }
}
