import Conditions
import Kernel

/// Stamps that moved while a basket is priced, by the codes of their cards.
struct StampHand {
  var given: [String: Int64] = [:]
  var taken: [String: Int64] = [:]
  /// Pieces of each line that are given away: they bring no stamp.
  var free: [Int: Int64] = [:]
  /// What came of each promotion that gives stamps, by its place among the candidates.
  var grants: [Int: (count: Int64, cause: Cause?)] = [:]
  /// Rewards that lacked stamps when the next of their group had its turn.
  var shortages: [Int: Cause] = [:]
  /// By groups in which one stands, promotions that give stamps.
  var winners: [Int: Int] = [:]
}

extension Scene {
  /// What was on the member's card before this receipt; below nothing where stamps are owed.
  func stamps(on card: String) -> Int64 {
    guard let member, let tally = terms.stampCard(card)?.tally else { return 0 }
    return member.usage[tally]?.uses ?? 0
  }
}

extension PromotionGroup.Policy {
  var isOfBest: Bool { self == .bestForShopper || self == .bestForShop }
}

extension Benefit {
  var givesStamps: Bool { if case .reward(.stamps) = self { true } else { false } }

  /// Whole pieces cost nothing, or no more than a floor asks.
  var givesAway: Bool {
    switch self {
    case .gift(_, let price): price == .zero
    case .giftChoice(let choice): choice.price == .zero
    case .freeUnits(_, _, let rate, let lands, _): rate == .whole && lands == .free
    default: false
    }
  }

  /// It is given set by set, and each set costs its stamps.
  var isOfSets: Bool {
    switch self {
    case .freeUnits, .bundle: true
    default: false
    }
  }
}

// Stamp cards. Reductions may take what was on a card before the receipt; what is earned or given for a full card counts the stamps of
// the receipt itself.
extension Run {
  private func stampsLeft(_ card: String) -> Int64 {
    scene.stamps(on: card) + (stamps.given[card] ?? 0) - (stamps.taken[card] ?? 0)
  }

  /// Why the promotion cannot take its stamps; nil where it can, or takes none.
  /// - Parameter rows: what else is earned and has not taken its stamps yet.
  func lacksStamps(_ rule: CompiledRule, beside rows: ArraySlice<Earned.Row> = []) -> Cause? {
    guard let take = rule.takes else { return nil }
    guard scene.hasMember else { return .unidentified }
    var have = stampsLeft(take.card)
    for row in rows { if let other = scene.book.rules[row.position].takes, other.card == take.card { have -= other.stamps } }
    return have >= take.stamps ? nil : .stamps(take.card, have: max(0, have), bounds: Bounds(atLeast: take.stamps))
  }

  /// How many sets at the most: by its limit, and by the stamps there are.
  func mostTimes(_ rule: CompiledRule) -> Int64? {
    guard let take = rule.takes else { return rule.limits.timesPerReceipt }
    return min(rule.limits.timesPerReceipt ?? .max, stampsLeft(take.card) / take.stamps)
  }

  /// Notes which pieces a promotion is about to give away.
  mutating func noteFree(_ effect: Effect, _ rule: CompiledRule) {
    guard !scene.terms.stampCards.isEmpty, rule.benefit.givesAway else { return }
    for line in effect.cells.indices where effect.cells[line].delta > 0 && amount[line] > 0 {
      stamps.free[line, default: 0] += scaled(effect.cells[line].delta, by: columns.pieces(line), over: amount[line], .halfUp)
    }
  }

  /// - Returns: how many stamps it took.
  mutating func take(_ rule: CompiledRule, times: Int64 = 1) -> Int64 {
    guard let take = rule.takes else { return 0 }
    stamps.taken[take.card, default: 0] += take.stamps * times
    return take.stamps * times
  }

  /// Works out what stamps the basket brings at what it is paid with: first those of groups in which all apply, since a reward that
  /// takes stamps counts them, and only where it lacks some does the next of its group have its turn.
  mutating func putStampsOn() {
    guard !scene.terms.stampCards.isEmpty, scene.hasMember else { return }
    (stamps.given, stamps.grants, stamps.shortages, stamps.winners) = ([:], [:], [:], [:])
    var winners: [Int: Int] = [:]
    for isAlone in [false, true] {
      for place in candidates.indices where candidates[place].rule.stage == .reward {
        let rule = candidates[place].rule
        guard isAlone == (scene.book.groups[rule.group].policy != .all), case .reward(let reward) = rule.benefit else { continue }
        if let cause = refusal(of: place, winners) {
          if isAlone, case .stamps = cause { stamps.shortages[place] = cause }
        } else if case .stamps(let grant) = reward {
          let granted = granted(grant, on: candidates[place].lines)
          stamps.grants[place] = granted
          stamps.given[grant.card, default: 0] += granted.count
          if isAlone, granted.count > 0 { (winners[rule.group], stamps.winners[rule.group]) = (rule.position, rule.position) }
        } else if isAlone {
          winners[rule.group] = rule.position
        }
      }
    }
    // A shortage holds only where somebody else of the group had their turn by it.
    stamps.shortages = stamps.shortages.filter { stamps.winners[candidates[$0.key].rule.group] != nil }
  }

  /// So many as the goods bring and the card takes, and what cut them.
  private func granted(_ grant: StampGrant, on lines: [Int]) -> (count: Int64, cause: Cause?) {
    guard let card = scene.terms.stampCard(grant.card) else { return (0, .nothingToReduce) }
    if case .until(let last) = card.life, scene.now.day > last { return (0, .ended) }
    let paid = lines.filter { columns.canEarn($0) && stageAmount[$0] > 0 }
    let times: Int64 =
      switch grant.per {
      case .receipt: paid.isEmpty ? 0 : 1
      case .unit: paid.reduce(0) { $0 + max(0, columns.quantity($1) / 1000 - (stamps.free[$1] ?? 0)) }
      case .step(let step): paid.reduce(0) { $0 + stageAmount[$1] } / step.minor
      }
    guard times > 0 else { return (0, paid.isEmpty ? .noGoods : .roundedToNothing) }
    var (count, cause) = (times * grant.stamps, Cause?.none)
    func cut(to most: Int64, _ why: Cause) { if max(0, most) < count { (count, cause) = (max(0, most), why) } }
    let given = stamps.given[card.code] ?? 0
    if let most = card.mostPerReceipt { cut(to: most - given, .limit(.receipt)) }
    if let most = card.mostPerDay { cut(to: most - given - (scene.member?.usage[card.tally]?.today ?? 0), .limit(.memberDay)) }
    if !card.countsOn { cut(to: card.stamps - stampsLeft(card.code), .cardFull(card.code)) }
    return (count, cause)
  }

  /// Writes down what was worked out for one promotion. One that has its turn only now, because earning took the stamps of who was
  /// before it, is worked out here.
  /// - Returns: true where it puts any on.
  mutating func putStamps(_ grant: StampGrant, at place: Int) -> Bool {
    let rule = candidates[place].rule
    let granted = stamps.grants[place] ?? granted(grant, on: candidates[place].lines)
    if stamps.grants[place] == nil { stamps.given[grant.card, default: 0] += granted.count }
    if granted.count > 0, keepsRecord {
      applied.append(AppliedPromotion(index: rule.position, id: rule.id, coupon: coupon(of: rule), stamps: granted.count))
    }
    if let cause = granted.cause {
      if granted.count > 0 { fail(rule.position, cause) } else { refuse(rule, cause) }
    }
    return granted.count > 0
  }

  /// Hints that speak of stamps, by what is on the cards when the receipt is paid: a near miss is half of them away.
  func hintsWithStamps() -> [Hint] {
    guard !scene.terms.stampCards.isEmpty else { return hints }
    return hints.compactMap { hint in
      guard case .stamps(let wanted, let card) = hint.missing else { return hint }
      let has = stampsLeft(card)
      guard has * 2 >= wanted else { return nil }
      return Hint(promotion: hint.promotion, missing: .stamps(max(0, wanted - has), card: card))
    }
  }

  func stampMoves() -> [StampMove] {
    guard scene.hasMember else { return [] }
    return scene.terms.stampCards.map { card in
      StampMove(
        card: card.code, size: card.stamps, had: scene.stamps(on: card.code), given: stamps.given[card.code] ?? 0,
        taken: stamps.taken[card.code] ?? 0)
    }
  }
}

extension RuleBook {
  /// What these promotions put on cards and took off them, by the cards' codes.
  public func stamps(of applied: some Sequence<AppliedPromotion>) -> [String: (given: Int64, taken: Int64)] {
    var moved: [String: (given: Int64, taken: Int64)] = [:]
    for promotion in applied where promotion.stamps != 0 {
      if promotion.stamps < 0, let take = promotions[promotion.index].takes {
        moved[take.card, default: (0, 0)].taken -= promotion.stamps
      } else if case .reward(.stamps(let grant)) = promotions[promotion.index].benefit {
        moved[grant.card, default: (0, 0)].given += promotion.stamps
      }
    }
    return moved
  }
}
