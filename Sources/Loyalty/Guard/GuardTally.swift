import Calculator
import Conditions
import Kernel

/// What one member earns and spends in a business day, kept in the wallet's row beside the uses of promotions: a sale reads and writes that row
/// anyway, so a limit of a day costs no statement and is never exceeded, whatever number of tills ask at once.
enum GuardTally {
  /// Receipts, discount and points earned. Numbers that no promotion has.
  static var earning: PromotionID { PromotionID(Int64.max) }
  /// Points spent.
  static var spending: PromotionID { PromotionID(Int64.max - 1) }

  /// Points without a purchase, gift by gift: no receipts, but points earned like those.
  static var giving: PromotionID { PromotionID(Int64.max - 2) }

  /// Points given to other members, transfer by transfer; circles are counted as money, which there is none of.
  static var transferring: PromotionID { PromotionID(Int64.max - 3) }

  static func owns(_ id: PromotionID) -> Bool { id.raw >= transferring.raw }

  /// What a return that leaves something takes away. The receipt stays one, and its discount stays until all of it is back.
  static func lost(_ use: Use, _ back: Points, _ earned: Points) -> Use? {
    let lost = min(use.promotion == spending ? back : earned, use.given.points)
    return lost > .zero ? Use(promotion: use.promotion, day: use.day, given: Given(points: lost)) : nil
  }
}

extension GuardTerms {
  /// Those that a sale itself sees to: hard limits of a member's day. Nil where there is none, and then a sale does nothing more.
  var ofDays: GuardTerms? {
    let limits = limits(of: .member).filter { $0.hard != nil && $0.window == .days(1) }
    return limits.isEmpty ? nil : GuardTerms(limits: limits, kindsLeftOut: kindsLeftOut)
  }

  /// What of a limit the member has reached on the day.
  static func figure(_ limit: GuardLimit, _ wallet: Wallet, _ day: CivilDay) -> Int64 {
    let earned = wallet.given(GuardTally.earning)?.given(on: day) ?? .nothing
    let given = wallet.given(GuardTally.transferring)?.given(on: day) ?? .nothing
    return switch limit.measure {
    case .receipts: earned.uses
    case .earned: earned.points.units + (wallet.given(GuardTally.giving)?.given(on: day).points.units ?? 0)
    case .discount: earned.money.minor
    case .spent: wallet.given(GuardTally.spending)?.given(on: day).points.units ?? 0
    case .givenAway: given.points.units
    case .transfers: given.uses
    case .circles: given.money.minor
    case .returns, .members, .oneMember, .registers, .byHand, .refusedCodes: 0
    }
  }

  /// True where a sale would go over a limit.
  fileprivate func stops(_ settlement: Settlement, _ wallet: Wallet, _ day: CivilDay) -> Bool {
    limits.contains { limit in
      guard let hard = limit.hard else { return false }
      let more: Int64? =
        switch limit.measure {
        case .receipts: 1
        case .earned: settlement.earned.reduce(0) { $0 + $1.amount.units }
        case .discount: settlement.discount.minor
        case .spent: settlement.request.amount.units
        case .returns, .members, .oneMember, .registers, .byHand, .refusedCodes, .givenAway, .transfers, .circles: nil
        }
      return more.map { $0 > 0 && Self.figure(limit, wallet, day) + $0 > hard } ?? false
    }
  }
}

extension MemberSnapshot {
  /// Leaves what the member may still spend on the day.
  mutating func restrain(_ terms: GuardTerms, _ wallet: Wallet, on day: CivilDay) {
    guard !terms.kindsLeftOut.contains(kind) else { return }
    for limit in terms.limits where !limit.measure.isOfDays {
      guard let hard = limit.hard else { continue }
      var rest = max(0, hard - GuardTerms.figure(limit, wallet, day))
      guard limit.measure == .spent else {
        if rest == 0 { maySpend = false }
        continue
      }
      for place in pools.indices {
        pools[place].amount = min(pools[place].amount, Points(units: rest))
        rest -= pools[place].amount.units
      }
    }
  }
}

extension Discrepancy {
  /// A limit, or a block of the cashier, the till or the member, stands against it. What it would have earned is filled in by the sale.
  static var stop: Discrepancy { Discrepancy(.stopped, stated: 0, expected: 0) }
}

extension Recognised {
  func stopped(by post: GuardPost?, in programme: Programme) -> Recognised {
    guard let post, case .member(var snapshot, let isBlocked) = shopper,
      post.stops(snapshot.id)
        || !post.cards.isEmpty && found.map({ post.cards.contains(programme.card(of: $0.identifier)) }) ?? false
    else { return self }
    snapshot.maySpend = false
    var stopped = Recognised(
      shopper: .member(snapshot, isBlocked: isBlocked), strength: strength, found: found, confirmation: confirmation)
    stopped.isStopped = true
    return stopped
  }
}

extension Receipts {
  /// Takes away what a sale earns where it is stopped, and says how much that was. Points that the till took off stay taken: that is a fact.
  /// - Returns: whether it was stopped.
  func stop(_ settlement: inout Settlement, _ sale: Sale, _ member: MemberSnapshot?, _ wallet: Wallet) -> Bool {
    guard let member else { return false }
    let isStopped = sale.notes.contains { $0.cause == .stopped }
    let isOver = watch.map { !$0.kindsLeftOut.contains(member.kind) && $0.stops(settlement, wallet, sale.businessDay) } ?? false
    guard isStopped || isOver else { return false }
    let earned = settlement.earned.reduce(Points.zero) { $0 + $1.amount }
    settlement.forgetEarnings()
    settlement.discrepancies.append(
      Discrepancy(.stopped, stated: earned.units, expected: 0))
    return true
  }

  /// What a sale adds to the member's day, where a limit asks for it.
  func guarded(_ settlement: Settlement, _ sale: Sale, _ member: MemberSnapshot?) -> [Use] {
    guard let watch, let member, !watch.kindsLeftOut.contains(member.kind) else { return [] }
    let earned = settlement.earned.reduce(Points.zero) { $0 + $1.amount }
    var uses = [
      Use(
        promotion: GuardTally.earning, day: sale.businessDay,
        given: Given(uses: 1, money: max(.zero, settlement.discount), points: earned))
    ]
    if settlement.request.amount > .zero {
      uses.append(
        Use(promotion: GuardTally.spending, day: sale.businessDay, given: Given(uses: 1, points: settlement.request.amount)))
    }
    return uses
  }
}
