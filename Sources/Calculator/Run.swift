import Conditions
import Kernel

/// A promotion that the basket could touch, with what is worked out about it once.
struct Candidate {
  let rule: CompiledRule
  /// Lines that its benefit may land on.
  let lines: [Int]
  /// The verdict, where it cannot change while the basket is priced: nil, not yet known; `.some(nil)`, nothing stands against it.
  var verdict: Cause??
}

/// One calculation on its way: the basket as columns, and what has happened to them so far. A value, so that an alternative is
/// tried on a copy.
struct Run {
  let scene: Scene
  let columns: Sheet

  /// What each line costs at this point, in minor units.
  var amount: [Int64]
  /// Amounts when the stage under way began: what thresholds look at.
  var stageAmount: [Int64]
  /// True where one of our reductions touched the line.
  var isTouched: [Bool]
  /// Promotions that the basket could touch, in order.
  var candidates: [Candidate] = []
  /// Promotions put aside by an exclusion, and by whom.
  var excluded: [Int: Int] = [:]
  /// Ways of paying that rules may count on.
  var tenderKinds: [TenderKind]
  /// False while only amounts matter.
  var keepsRecord = true
  var applied: [AppliedPromotion] = []
  var trace: [TraceStep] = []
  var failures: [(promotion: Int, cause: Cause)] = []
  var hints: [Hint] = []
  var exclusion: ExclusionNote?

  var basket: Basket { scene.basket }
  var member: MemberSnapshot? { scene.member }
  var book: RuleBook { scene.book }
  var usage: [PromotionID: SharedUsage] { scene.usage }
  var scope: CalculationScope { scene.scope }
  var terms: ProgrammeTerms { scene.terms }
  var now: CivilTime { scene.now }

  init(_ scene: Scene) {
    self.scene = scene
    columns = scene.columns
    amount = columns.startAmounts
    stageAmount = amount
    isTouched = Array(repeating: false, count: columns.count)
    tenderKinds = scene.basket.tenders.map(\.kind)
    trace.reserveCapacity(columns.count * 4)
    failures.reserveCapacity(8)
  }

  /// How far the line can still come down.
  func room(_ line: Int) -> Int64 { amount[line] - columns.floor(line) }

  mutating func calculation() -> Calculation {
    findCandidates()
    settleExclusions()
    let beforeStages = scope.offersChoices && candidates.contains { $0.rule.asksTender } ? self : nil
    runStages()
    let plan = SpendingPlan(self)
    let settled = settle(plan, spending: plan.granted(basket.spend))
    var result = assemble(settled: settled, plan: plan)
    if scope.offersChoices {
      result.tradeOff = tradeOff(plan, chosen: settled, earned: result.earned)
      if let beforeStages { result.tenderPrices = beforeStages.tenderPrices() }
    }
    return result
  }

  /// Promotions that the index finds, or all where everything is to be explained.
  private mutating func findCandidates() {
    var positions = Array(book.rules.indices)
    if !scope.explainsAll {
      var bits = PositionSet(count: book.rules.count)
      book.index.touch(columns, basket, member, &bits)
      positions = bits.positions
    }
    candidates.reserveCapacity(positions.count)
    for position in positions {
      let rule = book.rules[position]
      candidates.append(Candidate(rule: rule, lines: targetLines(rule)))
    }
    for place in candidates.indices where !candidates[place].rule.looksAtAmounts {
      candidates[place].verdict = .some(obstacle(candidates[place].rule))
    }
  }

  private func targetLines(_ rule: CompiledRule) -> [Int] {
    let lines = columns.lines(rule.target)
    if rule.promotion.addsToTillReductions { return lines }
    return lines.filter { columns.start($0) == columns.shelf($0) }
  }

  /// Why the candidate may not apply at this moment; nil where it may.
  func obstacle(_ candidate: Candidate) -> Cause? {
    if let verdict = candidate.verdict { return verdict }
    return obstacle(candidate.rule)
  }

  mutating func fail(_ promotion: Int, _ cause: Cause) {
    if keepsRecord { failures.append((promotion, cause)) }
  }
}
