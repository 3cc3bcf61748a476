import Calculator
import Conditions
import Kernel

/// Who stands at the till.
public enum Shopper: Hashable, Sendable {
  case nobody
  /// What rules may ask of the member; points, purchases and uses are filled in from the wallet.
  case member(MemberSnapshot, isBlocked: Bool)

  public static func member(_ snapshot: MemberSnapshot) -> Shopper { .member(snapshot, isBlocked: false) }

  var isBlocked: Bool { if case .member(_, isBlocked: true) = self { true } else { false } }
  public var id: MemberID? { if case .member(let snapshot, _) = self { snapshot.id } else { nil } }
}

extension Promotion {
  /// The kind of lot that its points make: what is given once is promotional and lives as such, what is earned by rate is base.
  var lotKind: LotKind {
    switch benefit {
    case .earnFixed: .promotional
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .freeUnits, .gift, .giftChoice, .staircase, .bundle, .prices,
      .earnRate, .earnPerStep, .earnPerUnit, .earnMultiplier, .reward:
      .base
    }
  }
}

extension PromotionLimits {
  var countsUses: Bool { countsMember || countsAll }
}

extension Accumulator {
  /// What a member's tally says of it. Money and thousandths stand in the tally's money.
  func value(of given: Given) -> Int64 {
    switch measure {
    case .amount, .quantity: given.money.minor
    case .receipts, .visits: given.uses
    }
  }

  func given(_ value: Int64) -> Given {
    switch measure {
    case .amount, .quantity: value > 0 ? Given(uses: 1, money: Money(minor: value)) : .nothing
    case .receipts, .visits: Given(uses: value)
    }
  }
}

extension RuleBook {
  /// What a sale adds to the sums that these rules and today's ask for, in the form of uses, so that a return takes it away like one.
  func accumulated(
    _ basket: Basket, _ amounts: [Money], by member: MemberSnapshot, on day: CivilDay, also others: [Accumulator] = []
  ) -> [Use] {
    var uses = contributions(of: basket, at: amounts, member: member, also: others).map { contribution in
      let accumulator = contribution.accumulator
      return Use(
        promotion: accumulator.id, day: accumulator.period.start(of: day), given: accumulator.given(contribution.value))
    }
    if asks.accumulatesVisits {
      uses.append(Use(promotion: Accumulator.visits(of: basket.store.id), day: day, given: Given(uses: 1)))
    }
    return uses
  }
}

/// What a sale comes to: the till's amounts where it stated any, and what they earn.
struct Settlement: Sendable {
  var lines: [SoldLine]
  var amount = Money.zero
  var discount = Money.zero
  /// What the till took off in points: a fact.
  var request: SpendRequest
  var earned: [Earned]
  var status: Points
  var uses: [Use]
  /// What it puts on stamp cards and takes off them, by their codes.
  var stamps: [String: (given: Int64, taken: Int64)]
  var trace: [TraceStep]
  var discrepancies: [Discrepancy] = []

  /// Where the till stated nothing or what we say, our calculation holds. Otherwise its amounts hold, and `fixed` says what they earn.
  init(_ sale: Sale, _ scopes: [PromotionID?], _ book: RuleBook, _ calculation: Calculation, fixed: Calculation?) {
    let spent = sale.stated == nil ? calculation.pointsSpent : sale.wishedPoints
    var targeted: [PromotionID: Points] = [:]
    for (scope, points) in zip(scopes, calculation.spentByPool) { if let scope { targeted[scope, default: .zero] += points } }
    request = SpendRequest(spent, targeted: targeted)
    let applied: [AppliedPromotion]
    if let fixed {
      let earnsNothing = spent > .zero && book.terms.earning.whenPointsPay == .nothing
      lines = sale.statedLines(fixed, pointsSpent: spent, earnsNothing: earnsNothing)
      earned = earnsNothing ? [] : Self.earned(fixed, book)
      status = earnsNothing ? .zero : fixed.status
      let given =
        sale.isOffline ? [] : calculation.promotions.filter { $0.money > .zero || book.promotions[$0.index].benefit.isReward }
      let earning = earnsNothing ? [] : fixed.promotions.filter { $0.points > .zero }
      // A till without a network gave nothing for a card, but what it sold fills one.
      applied = given + earning + (sale.isOffline ? fixed.promotions.filter { $0.stamps > 0 } : [])
      trace = fixed.trace
      let stated = lines.reduce(Money.zero) { $0 + $1.amount }
      if !sale.isOffline, stated != calculation.amount {
        discrepancies.append(Discrepancy(.amount, stated: stated.minor, expected: calculation.amount.minor))
      }
    } else {
      lines = zip(sale.basket.lines, calculation.lines).map { SoldLine($0, $1) }
      earned = Self.earned(calculation, book)
      status = calculation.status
      applied = calculation.promotions
      trace = calculation.trace
      if sale.takesPoints, sale.wishedPoints > spent {
        discrepancies.append(Discrepancy(.points, stated: sale.wishedPoints.units, expected: spent.units))
      }
    }
    (uses, stamps) = (Self.uses(applied, book, sale.businessDay), book.stamps(of: applied))
    for line in lines {
      amount += line.amount
      discount += line.discount
    }
    if let total = sale.total, total != amount {
      discrepancies.append(Discrepancy(.sums, stated: total.minor, expected: amount.minor))
    }
  }

  static func earned(_ calculation: Calculation, _ book: RuleBook) -> [Earned] {
    var base = Points.zero
    var promotional = Points.zero
    var own: [Earned] = []
    for applied in calculation.promotions where applied.points > .zero {
      let promotion = book.promotions[applied.index]
      if promotion.course != nil {
        own.append(Earned(applied.points, kind: promotion.lotKind, by: applied.id))
      } else if promotion.lotKind == .promotional {
        promotional += applied.points
      } else {
        base += applied.points
      }
    }
    return [Earned(base, kind: .base), Earned(promotional, kind: .promotional)].filter { $0.amount > .zero } + own
  }

  static func uses(_ applied: [AppliedPromotion], _ book: RuleBook, _ day: CivilDay) -> [Use] {
    // Uses are kept where a limit counts them, or an activation may be good for so many: one that began under an earlier version too.
    applied.filter { book.countedLimits(at: $0.index).countsUses || book.isOffer(at: $0.index) }.map {
      Use(promotion: $0.id, day: day, given: Given(uses: 1, money: $0.money, points: $0.points))
    }
  }
}

extension ReceiptPoints {
  /// Says of points with a course of their own on which days they live.
  mutating func date(by book: RuleBook, at event: Instant, _ terms: PointsTerms) {
    for place in earned.indices {
      guard let course = book.course(of: earned[place].promotion) else { continue }
      earned[place].days = course.days(after: event, in: terms.zone, or: terms.course(of: earned[place].kind.family))
    }
  }

  /// What the wallet is given for a receipt.
  func grants(for receipt: ReceiptID, by book: RuleBook, at event: Instant, _ terms: PointsTerms) -> [Grant] {
    earned.map { earned in
      let course = book.course(of: earned.promotion)
      return Grant(
        earned.amount, kind: earned.kind, origin: Origin.receipt(receipt).owned(by: earned.promotion),
        activation: course?.activation(after: event, in: terms.zone), life: course?.life)
    }
  }
}

extension RuleBook {
  fileprivate func course(of promotion: PromotionID?) -> PointsCourse? {
    promotion.flatMap { id in promotions.first { $0.id == id }?.course }
  }
}

extension PointsTerms {
  /// How the points that receipts earn come and go.
  var courses: PointsCourses { PointsCourses(zone: zone, byRate: base, once: promotional) }
}

extension SoldLine {
  /// In money and points together.
  var total: Money { amount + paidWithPoints }

  init(_ line: BasketLine, _ calculated: CalculatedLine) {
    self.init(
      product: line.product.id, quantity: calculated.quantity, shelf: calculated.shelf, tillReduced: calculated.tillReduced,
      discount: calculated.discount + calculated.rounding, paidWithPoints: calculated.paidWithPoints, amount: calculated.amount,
      pointsSpent: calculated.pointsSpent, earned: calculated.earned)
  }
}

extension Sale {
  /// True where the till stated nothing or exactly what we calculated.
  func agrees(with calculation: Calculation) -> Bool {
    guard let stated else { return true }
    guard !isOffline, wishedPoints == calculation.pointsSpent else { return false }
    return zip(stated, calculation.lines).allSatisfy { $0.amount == $1.amount && $0.paidWithPoints == $1.paidWithPoints }
  }

  /// What the till says it took off in points.
  var wishedPoints: Points { if case .points(let points) = basket.spend { points } else { .zero } }

  /// The basket at the till's own amounts, which no promotion may change any more: what is left to compute is earning.
  func fixed(_ terms: ProgrammeTerms) -> Basket {
    var basket = basket
    basket.spend = .nothing
    for (index, stated) in (stated ?? []).enumerated() {
      basket.lines[index].fix(at: terms.earning.whenPointsPay == .full ? stated.amount + stated.paidWithPoints : stated.amount)
    }
    return basket
  }

  func statedLines(_ fixed: Calculation, pointsSpent: Points, earnsNothing: Bool) -> [SoldLine] {
    let stated = stated ?? []
    let byPoints = stated.map(\.paidWithPoints.minor)
    // A till that does not say which lines its points paid for has them spread over all.
    let weights = byPoints.contains { $0 > 0 } ? byPoints : stated.map { max(1, $0.amount.minor) }
    let shares = spread(pointsSpent.units, weights: weights, caps: stated.map { _ in Int64.max })
    return basket.lines.indices.map { index in
      let line = basket.lines[index]
      let shelf = line.price.times(line.quantity)
      let till = line.tillReductions.reduce(Money.zero) { $0 + $1.amount }
      let (amount, points) = (stated[index].amount, stated[index].paidWithPoints)
      return SoldLine(
        product: line.product.id, quantity: line.quantity, shelf: shelf, tillReduced: till,
        discount: shelf - till - amount - points, paidWithPoints: points, amount: amount, pointsSpent: Points(units: shares[index]),
        earned: earnsNothing ? .zero : fixed.lines[index].earned)
    }
  }
}

extension BasketLine {
  /// Takes the line down to this amount as if the till had done it. Where the till asked more than the shelf price, the shelf price
  /// stands: nothing is earned on an overcharge.
  mutating func fix(at amount: Money) {
    let reduced = tillReductions.reduce(price.times(quantity)) { $0 - $1.amount }
    isPriceLocked = true
    if reduced > amount { tillReductions.append(TillReduction(kind: "sold", amount: reduced - amount)) }
  }
}
