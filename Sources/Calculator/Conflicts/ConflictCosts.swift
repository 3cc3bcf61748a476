import Conditions
import Kernel

extension ConflictReport {
  /// Promotions that sell a line below what its goods cost, with the smallest basket on which they were found to.
  public struct BelowCost: Hashable, Sendable {
    /// Ascending; as few as are enough.
    public var promotions: [Int]
    public var example: ExampleBasket
    /// The example's first line: at shelf price, after all of it, and what its goods cost.
    public var shelf: Money
    public var amount: Money
    public var cost: Money
    /// True where it was calculated with these alone: with the whole book, others take their place on this basket.
    public var isAlone = false
  }
}

extension ConflictCheck {
  /// What the stakes add to a report that is otherwise whole.
  func weigh(
    _ stakes: Stakes, _ live: [Int], _ meetings: [[Int]: ConflictReport.Meeting], _ report: inout ConflictReport,
    _ isStopping: () -> Bool
  ) {
    let never = Set(report.never.map(\.promotion))
    let possible = book.promotions.indices.filter { !never.contains($0) }
    var budgets = BudgetSearch(self, stakes)
    report.exhausting = Array(budgets.exhausting(possible).prefix(Self.mostFindings))
    report.overdrawn = Array(budgets.overdrawn(possible).prefix(Self.mostFindings))
    report.calculations += budgets.calculations
    guard !stakes.values.isEmpty else { return }
    var costs = CostSearch(self, stakes)
    for place in live { costs.look(at: [place]) }
    // Of pairs those that leave least first: a list that is cut short is cut where it matters least.
    let pairs = meetings.filter { $0.key.count == 2 }
      .sorted { a, b in a.value.share != b.value.share ? a.value.share < b.value.share : a.key.lexicographicallyPrecedes(b.key) }
    for (places, _) in pairs {
      if isStopping() { report.isWhole = false; break }
      costs.look(at: places)
    }
    var companions: [Int: [Int]] = [:]
    for (places, _) in pairs {
      companions[places[0], default: []].append(places[1])
      companions[places[1], default: []].append(places[0])
    }
    for start in live {
      if isStopping() { report.isWhole = false; break }
      costs.grow(from: start, companions[start] ?? [])
    }
    report.belowCost = costs.found
    report.calculations += costs.calculations
  }
}

/// Looks for sales below cost among single promotions, pairs that meet, and sets grown from them.
struct CostSearch {
  let check: ConflictCheck
  let stakes: Stakes
  private let costed: CostedGoods
  private(set) var found: [ConflictReport.BelowCost] = []
  private(set) var calculations = 0

  init(_ check: ConflictCheck, _ stakes: Stakes) {
    self.check = check
    self.stakes = stakes
    costed = CostedGoods(stakes, for: check.reductions.map { check.book.promotions[$0].offering(check.book.terms.favourites) })
  }

  private var isFull: Bool { found.count >= ConflictCheck.mostFindings }

  /// A set that holds a smaller one that is enough is no news.
  mutating func look(at places: [Int]) {
    guard !isFull, !found.contains(where: { Set($0.promotions).isSubset(of: places) }) else { return }
    guard let finding = judged(places), !found.contains(where: { $0.promotions == finding.promotions }) else { return }
    found.removeAll { Set($0.promotions).isSuperset(of: finding.promotions) }
    found.append(smallest(finding))
  }

  /// Adds companions one by one, as long as all still meet, until the line is below cost.
  mutating func grow(from start: Int, _ companions: [Int]) {
    var set = [start]
    for companion in companions.prefix(ConflictCheck.growths) where set.count < ConflictCheck.mostTogether {
      guard !isFull, !found.contains(where: { Set($0.promotions).isSubset(of: set + [companion]) }) else { continue }
      let wider = (set + [companion]).sorted()
      guard meets(wider) else { continue }
      set = wider
      look(at: set)
    }
  }

  private func promotions(_ places: [Int]) -> [Promotion] { places.map { check.book.promotions[$0] } }

  private mutating func meets(_ places: [Int]) -> Bool {
    for goods in costed.goods(for: promotions(places)) {
      guard case .found(let example) = check.search(places, .ample, goods) else { continue }
      if outcome(example, nil).acting.isSuperset(of: places) { return true }
    }
    return false
  }

  private mutating func judged(_ places: [Int]) -> ConflictReport.BelowCost? {
    for goods in costed.goods(for: promotions(places)) {
      for size in ExampleSize.allCases {
        guard case .found(let example) = check.search(places, size, goods) else { continue }
        let whole = outcome(example, nil)
        if whole.isBelow, whole.acting.isSuperset(of: places) {
          return finding(enough(whole.acting, places, example), example, whole)
        }
        let few = outcome(example, places)
        if few.isBelow, few.acting == Set(places) { return finding(places, example, few, isAlone: true) }
      }
    }
    return nil
  }

  private func finding(
    _ places: [Int], _ example: ExampleBasket, _ outcome: Outcome, isAlone: Bool = false
  ) -> ConflictReport.BelowCost {
    ConflictReport.BelowCost(
      promotions: places, example: example, shelf: outcome.shelf, amount: outcome.amount, cost: outcome.cost, isAlone: isAlone)
  }

  /// Leaves out, one by one, whatever the line is below cost without: first those that were not asked about.
  private mutating func enough(_ acting: Set<Int>, _ wanted: [Int], _ example: ExampleBasket) -> [Int] {
    var kept = acting.sorted()
    for place in acting.subtracting(wanted).sorted() + wanted.reversed() where kept.count > 1 {
      let fewer = kept.filter { $0 != place }
      if outcome(example, fewer).isBelow { kept = fewer }
    }
    return kept
  }

  // MARK: The smallest basket

  /// Takes lines out and makes quantities smaller as long as the calculator still says the same.
  private mutating func smallest(_ finding: ConflictReport.BelowCost) -> ConflictReport.BelowCost {
    var finding = finding
    for place in finding.example.basket.lines.indices.dropFirst().reversed() {
      var example = finding.example
      example.basket.lines.remove(at: place)
      if let smaller = confirmed(finding, example) { finding = smaller }
    }
    for place in finding.example.basket.lines.indices where finding.example.basket.lines[place].kind == .goods {
      var (most, least) = (finding.example.basket.lines[place].quantity.thousandths / 1_000, Int64(1))
      while least < most {
        let middle = (least + most) / 2
        var example = finding.example
        example.basket.lines[place].quantity = .pieces(middle)
        if let smaller = confirmed(finding, example) { (finding, most) = (smaller, middle) } else { least = middle + 1 }
      }
    }
    return finding
  }

  private mutating func confirmed(
    _ finding: ConflictReport.BelowCost, _ example: ExampleBasket
  ) -> ConflictReport.BelowCost? {
    let outcome = outcome(example, finding.isAlone ? finding.promotions : nil)
    guard outcome.isBelow, outcome.acting.isSuperset(of: finding.promotions) else { return nil }
    return self.finding(finding.promotions, example, outcome, isAlone: finding.isAlone)
  }

  // MARK: One calculation

  private struct Outcome {
    /// Promotions that took something off the first line.
    var acting: Set<Int>
    var shelf: Money
    var amount: Money
    var cost: Money
    var isBelow: Bool { amount < cost }
  }

  /// - Parameter places: with these promotions alone; nil: with the whole book.
  private mutating func outcome(_ example: ExampleBasket, _ places: [Int]?) -> Outcome {
    calculations += 1
    let book = check.book
    let few = places.map { places in
      RuleBook(version: book.version, terms: book.terms, groups: book.groups, promotions: places.map { book.promotions[$0] })
    }
    let answer = calculate(
      example.basket, member: example.member, rules: few ?? book, scope: CalculationScope(offersChoices: false))
    let steps = answer.trace.filter { $0.kind == .reduction && $0.line == 0 && $0.amount > 0 }
    let acting = Set(steps.map { step in places?[Int(step.promotion)] ?? Int(step.promotion) })
    let line = example.basket.lines[0]
    let cost = stakes.values[line.product.id]?.cost.times(line.quantity) ?? .zero
    return Outcome(acting: acting, shelf: answer.lines[0].shelf, amount: answer.lines[0].amount, cost: cost)
  }
}
