import Conditions
import Kernel

/// One calculation on its way: the basket as columns, and what has happened to them so far. A value, so that an alternative is
/// tried on a copy.
struct Run {
  let basket: Basket
  let member: MemberSnapshot?
  let book: RuleBook
  let usage: [PromotionID: SharedUsage]
  let scope: CalculationScope
  let terms: ProgrammeTerms
  let now: CivilTime
  let columns: Columns

  /// What each line costs at this point, in minor units.
  var amount: [Int64]
  /// Amounts when the stage under way began: what thresholds look at.
  var stageAmount: [Int64]
  /// True where one of our reductions touched the line.
  var isTouched: [Bool]
  /// Positions of promotions that the basket could touch, in order.
  var candidates: [Int] = []
  /// Promotions put aside by an exclusion, and by whom.
  var excluded: [Int: Int] = [:]
  var isInControl = false
  /// Ways of paying that rules may count on.
  var tenderKinds: [TenderKind]
  /// False while only amounts matter.
  var keepsRecord = true
  var applied: [AppliedPromotion] = []
  var trace: [TraceStep] = []
  var failures: [(promotion: Int, cause: Cause)] = []
  var hints: [Hint] = []
  var exclusion: ExclusionNote?

  init(basket: Basket, member: MemberSnapshot?, book: RuleBook, usage: [PromotionID: SharedUsage], scope: CalculationScope) {
    self.basket = basket
    self.member = member
    self.book = book
    self.usage = usage
    self.scope = scope
    terms = book.terms
    now = basket.store.zone.civil(at: basket.time)
    columns = Columns(basket)
    amount = columns.start
    stageAmount = columns.start
    isTouched = Array(repeating: false, count: basket.lines.count)
    tenderKinds = basket.tenders.map(\.kind)
    trace.reserveCapacity(basket.lines.count * 4)
    if let member, let control = terms.control { isInControl = control.contains(member.id, at: basket.time) }
  }

  /// How far the line can still come down.
  func room(_ line: Int) -> Int64 { amount[line] - columns.floor[line] }

  mutating func calculation() -> Calculation {
    findCandidates()
    settleExclusions()
    let beforeStages = scope.offersChoices && candidates.contains { book.rules[$0].asksTender } ? self : nil
    runStages()
    let plan = SpendingPlan(self)
    var settled = settle(plan, spending: plan.granted(basket.spend))
    var result = assemble(settled: &settled, plan: plan)
    if scope.offersChoices {
      result.tradeOff = tradeOff(plan, chosen: settled)
      if let beforeStages { result.tenderPrices = beforeStages.tenderPrices() }
    }
    return result
  }

  /// Promotions that the index finds, or all where everything is to be explained.
  private mutating func findCandidates() {
    if scope.explainsAll {
      candidates = Array(book.promotions.indices)
      return
    }
    var bits = PositionSet(count: book.promotions.count)
    book.index.touch(basket, member, &bits)
    candidates = bits.positions
  }

  mutating func fail(_ promotion: Int, _ cause: Cause) {
    if keepsRecord { failures.append((promotion, cause)) }
  }
}

/// The basket's lines as columns of integers, with what never changes during a calculation.
struct Columns {
  let count: Int
  /// Quantity × shelf price.
  let shelf: [Int64]
  let tillReduced: [Int64]
  /// What the line costs before us: shelf less the till's own reductions.
  let start: [Int64]
  /// The least the line may cost.
  let floor: [Int64]
  let quantity: [Int64]
  /// Whole pieces; 0 for weighed goods and fractions.
  let pieces: [Int64]
  /// Counts towards amounts and quantities that rules ask for.
  let counts: [Bool]
  let canEarn: [Bool]
  let canSpend: [Bool]

  init(_ basket: Basket) {
    count = basket.lines.count
    let none = [Int64](repeating: 0, count: count)
    let no = [Bool](repeating: false, count: count)
    var (shelf, till, start, floor, quantity, pieces) = (none, none, none, none, none, none)
    var (counts, canEarn, canSpend) = (no, no, no)
    for (index, line) in basket.lines.enumerated() {
      quantity[index] = line.quantity.thousandths
      shelf[index] = line.price.times(line.quantity).minor
      for reduction in line.tillReductions { till[index] += reduction.amount.minor }
      start[index] = max(0, shelf[index] - till[index])
      let isPieces = line.kind != .weighed && line.quantity.thousandths % 1000 == 0
      pieces[index] = isPieces ? line.quantity.thousandths / 1000 : 0
      let flags = line.product.flags
      let isMoney = line.kind.isMoney
      let isFixed = isMoney || line.isPriceLocked || flags.contains(.discountForbidden)
      floor[index] = isFixed ? start[index] : Self.floor(line, basket.register, start[index])
      counts[index] = !isMoney && !flags.contains(.doesNotCount)
      canEarn[index] = !isMoney && !flags.contains(.earnForbidden) && line.settlement.isHandover
      canSpend[index] = !isFixed && !flags.contains(.pointsSpendForbidden)
    }
    (self.shelf, tillReduced, self.start, self.floor) = (shelf, till, start, floor)
    (self.quantity, self.pieces, self.counts) = (quantity, pieces, counts)
    (self.canEarn, self.canSpend) = (canEarn, canSpend)
  }

  private static func floor(_ line: BasketLine, _ register: RegisterProfile, _ start: Int64) -> Int64 {
    let unit = max(line.product.minPrice?.minor ?? 0, register.leastPrice.minor)
    guard unit > 0 else { return 0 }
    return min(start, Money(minor: unit).times(line.quantity, .up).minor)
  }
}
