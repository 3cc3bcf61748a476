import Kernel

/// What a promotion gives besides money and points.
public enum Reward: Hashable, Sendable {
  /// The order is delivered for nothing: a flag for whoever charges for delivery.
  case freeDelivery
  case message(LocalText, to: Reader)
  /// A coupon of this series, for next time: whoever shows it may use it, or only the member who got it.
  case coupon(series: String, isPersonal: Bool)
  /// A certificate of this series with so much on it, for next time.
  case certificate(series: String, Money)
  /// Stamps on a card.
  case stamps(StampGrant)
  /// So many turns of this game, by its code and by the id that its turns are kept under.
  case turns(Int64, game: String, ID<Entity.Game>)
  /// A tier, for a time.
  case tier(TierGift)

  /// Whom a message is for.
  public enum Reader: String, Sendable, CaseIterable {
    /// On the till's screen: something to say or to do.
    case cashier
    /// Printed behind the receipt.
    case receipt
    /// On the screen that the shopper sees.
    case shopper
  }
}

/// A reward of a promotion that applied.
public struct GivenReward: Hashable, Sendable {
  /// The promotion's place in the rule book's list.
  public var promotion: Int
  public var reward: Reward
  public init(promotion: Int, _ reward: Reward) {
    self.promotion = promotion
    self.reward = reward
  }
}

extension Run {
  /// The last stage: what money and points do not depend on. It sees amounts as they are paid, and goods of the promotion must be
  /// in the basket. Rewards cannot be weighed against each other: in a group of the best the first one stands.
  mutating func giveRewards() -> [GivenReward] {
    var given: [GivenReward] = []
    var winners = stamps.winners
    for place in candidates.indices where candidates[place].rule.stage == .reward {
      let rule = candidates[place].rule
      guard case .reward(let reward) = rule.benefit else { continue }
      if let cause = refusal(of: place, winners) {
        refuse(rule, stamps.shortages[place] ?? cause)
      } else if case .stamps(let grant) = reward {
        if putStamps(grant, at: place) { winners[rule.group] = rule.position }
      } else {
        winners[rule.group] = rule.position
        given.append(GivenReward(promotion: rule.position, reward))
        let taken = take(rule)
        if keepsRecord {
          applied.append(AppliedPromotion(index: rule.position, id: rule.id, coupon: coupon(of: rule), stamps: -taken))
        }
      }
    }
    return given
  }

  /// Why a reward is not given; nil where it is.
  /// - Parameter winners: by groups, those that stand already.
  func refusal(of place: Int, _ winners: [Int: Int]) -> Cause? {
    let rule = candidates[place].rule
    if let cause = exclusion(of: place) ?? obstacle(at: place) { return cause }
    if rule.benefit.needsMember, !scene.hasMember { return .unidentified }
    if let cause = candidates[place].lines.isEmpty ? absence(of: rule.target) : lacksStamps(rule) { return cause }
    guard scene.book.groups[rule.group].policy != .all, let winner = winners[rule.group], winner != rule.position else {
      return nil
    }
    return .notFirst(after: winner)
  }

  mutating func refuse(_ rule: CompiledRule, _ cause: Cause) {
    fail(rule.position, cause)
    noteHint(rule, cause)
  }
}
