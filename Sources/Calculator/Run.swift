import Conditions
import Kernel

/// A promotion that the basket could touch, with what is worked out about it once.
struct Candidate {
  /// Whether it may apply, where that cannot change while the basket is priced.
  enum Verdict {
    case open, free
    case stopped(Cause)
  }
  let rule: CompiledRule
  var verdict: Verdict
  /// Lines that its benefit may land on; left empty where it is stopped.
  var lines: [Int] = []
  /// True where its condition does not hold yet, but amounts that come down could make it hold.
  var isAwaited = false
}

/// One calculation on its way: the basket as columns, and what has happened to them so far. An alternative is tried on a copy, which
/// is never made by accident (measured: copies that the compiler made were an eighth of a calculation).
struct Run: ~Copyable {
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
  var stamps = StampHand()
  /// Gifts to choose from.
  var gifts: [GiftOffer] = []
  /// What came of the till's choices, by their places in the basket; of the others nothing was offered.
  var wishes: [Int: AnsweredWish.State] = [:]

  var scope: CalculationScope { scene.scope }

  init(_ scene: Scene) {
    self.scene = scene
    columns = scene.columns
    amount = columns.startAmounts
    stageAmount = amount
    isTouched = []
    isTouched.reserveCapacity(columns.count)
    for _ in 0..<columns.count { isTouched.append(false) }
    tenderKinds = scene.basket.tenders.map(\.kind)
  }

  /// How far the line can still come down.
  func room(_ line: Int) -> Int64 { amount[line] - columns.floor(line) }

  /// The same state, for an alternative of which only the amounts matter.
  func copied() -> Run {
    var copy = Run(scene)
    copy.amount = amount
    copy.stageAmount = stageAmount
    copy.isTouched = isTouched
    copy.candidates = candidates
    copy.excluded = excluded
    copy.tenderKinds = tenderKinds
    copy.stamps = stamps
    copy.keepsRecord = false
    return copy
  }

  mutating func calculation() -> Calculation {
    keepsRecord = scope.explains
    if keepsRecord {
      trace.reserveCapacity(columns.count * 4)
      failures.reserveCapacity(8)
    }
    findCandidates()
    settleExclusions()
    let tenderPrices = scope.offersChoices && candidates.contains { $0.rule.asksTender } ? tenderPrices() : []
    runStages()
    let plan = SpendingPlan(self)
    let settled = settle(plan, spending: plan.granted(scene.basket.spend))
    var result = Calculation()
    assemble(into: &result, settled: settled, plan: plan)
    result.tenderPrices = tenderPrices
    if scope.offersChoices { result.tradeOff = tradeOff(plan, chosen: settled, earned: result.earned) }
    return result
  }

  /// Promotions that the index finds, or all where everything is to be explained.
  private mutating func findCandidates() {
    let count = scene.book.rules.count
    var touched = PositionSet(count: count)
    if scope.explainsAll {
      touched.insertAll(count: count)
    } else {
      scene.book.index.touch(columns, scene.basket, scene.member, &touched)
    }
    candidates.reserveCapacity(touched.count)
    touched.forEach { position in
      let rule = scene.book.rules[position]
      // Of two versions one is nobody's business here, not even to say why it did nothing.
      if rule.hasTwin, !rule.isInForce(scene.basket, scene.member) { return }
      candidates.append(Candidate(rule: rule, verdict: rule.looksAtAmounts ? .open : verdict(rule)))
    }
    for place in candidates.indices {
      if case .stopped = candidates[place].verdict { continue }
      candidates[place].lines = targetLines(candidates[place].rule)
    }
  }

  private func verdict(_ rule: CompiledRule) -> Candidate.Verdict { obstacle(rule).map(Candidate.Verdict.stopped) ?? .free }

  /// Looks again at what depends on how the shopper pays.
  mutating func reopen(_ place: Int) {
    candidates[place].verdict = .open
    candidates[place].lines = targetLines(candidates[place].rule)
  }

  func targetLines(_ rule: CompiledRule) -> [Int] {
    let lines = columns.lines(rule.target)
    if rule.promotion.addsToTillReductions { return lines }
    return lines.filter { columns.start($0) == columns.shelf($0) }
  }

  /// Why the candidate at this place may not apply at this moment; nil where it may.
  func obstacle(at place: Int) -> Cause? {
    switch candidates[place].verdict {
    case .open: obstacle(candidates[place].rule)
    case .free: nil
    case .stopped(let cause): cause
    }
  }

  mutating func fail(_ promotion: Int, _ cause: Cause) {
    if keepsRecord { failures.append((promotion, cause)) }
  }
}
