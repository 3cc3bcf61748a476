import Conditions
import Kernel

/// Looks for promotions of a rule book that meet on one line and together take more off than they should, that can never apply, and
/// that others hide. For each pair of reductions it either shows that their conditions contradict each other, or puts a basket together
/// and lets the calculator confirm that both took something off one line, with the whole book or, where others leave them nothing, with
/// the two alone; what it can do neither for is told too.
///
/// Sets of more than two are grown from each promotion, worst companion first, which finds deep sets and does not prove that there is
/// none deeper: that question is as hard as the largest clique.
///
/// Cost: pairs × up to four calculations, and for each promotion as many sets as `growths`; 300 promotions, 44,850 pairs, take some three
/// seconds.
public struct ConflictCheck: Sendable {
  public static var mostFindings: Int { 100 }
  /// Promotions of one set.
  public static var mostTogether: Int { 6 }

  let book: RuleBook
  private var builder: ExampleBuilder
  private let least: Rate
  let reductions: [Int]
  private(set) var stakes: Stakes?

  /// - Parameters:
  ///   - leastShare: of its shelf price a line should keep at the least: the goods' cost, or what the retailer bears.
  ///   - price: of a unit where no rule says otherwise.
  ///   - now: what ended before is over.
  public init(
    _ book: RuleBook, goods: any ExampleGoods = ImaginedGoods(), leastShare: Rate, price: Money = Money(minor: 10_000),
    zone: Zone = .utc, now: Instant
  ) {
    self.book = book
    least = leastShare
    builder = ExampleBuilder(terms: book.terms, zone: zone, now: now, goods: goods, price: price)
    reductions = book.promotions.indices.filter { book.promotions[$0].benefit.isReduction }
  }

  /// The same check with other goods.
  func with(_ goods: any ExampleGoods) -> ConflictCheck {
    var check = self
    check.builder.goods = goods
    return check
  }

  /// The same check, which also looks for sales below cost and for budgets and caps that can be gone beyond.
  public func weighing(_ stakes: Stakes) -> ConflictCheck {
    var check = self
    check.stakes = stakes
    return check
  }

  func search(_ places: [Int], _ size: ExampleSize, _ goods: (any ExampleGoods)? = nil) -> ExampleSearch {
    var builder = builder
    if let goods { builder.goods = goods }
    return builder.search(places.map { book.promotions[$0] }, size)
  }

  /// - Parameter isStopping: asked between promotions; what was found until then is the report.
  public func report(progress: (Int) -> Void = { _ in }, isStopping: () -> Bool = { false }) -> ConflictReport {
    var report = ConflictReport()
    var live: [Int] = []
    for place in book.promotions.indices {
      if isStopping() { return stopped(report) }
      if look(alone: place, &report), book.promotions[place].benefit.isReduction { live.append(place) }
    }
    var meetings: [[Int]: ConflictReport.Meeting] = [:]
    for (number, first) in live.enumerated() {
      if isStopping() { return stopped(report) }
      for second in live[(number + 1)...] {
        report.pairs += 1
        if let meeting = look(at: first, second, &report) { meetings[[first, second]] = meeting }
      }
      progress(number + 1)
    }
    report.meeting = meetings.count
    for start in live {
      if isStopping() { return stopped(report) }
      grow(from: start, &meetings, &report)
    }
    report.below = Array(worst(meetings).prefix(Self.mostFindings))
    if let stakes { weigh(stakes, live, meetings, &report, isStopping) }
    return report
  }

  private func stopped(_ report: ConflictReport) -> ConflictReport {
    var report = report
    report.isWhole = false
    return report
  }

  // MARK: One promotion

  /// False where it can never apply.
  func look(alone place: Int, _ report: inout ConflictReport) -> Bool {
    let promotion = book.promotions[place]
    var found: ExampleBasket?
    for size in ExampleSize.allCases where found == nil {
      switch builder.search([promotion], size) {
      case .impossible(let why):
        report.never.append((place, why))
        return false
      case .unknown: continue
      case .found(let example):
        report.calculations += 1
        // Alone first, as others may take all there is; with all others then, as a multiplier needs what it multiplies.
        if applies(promotion, in: alone(promotion), example) || applies(promotion, in: book, example) { found = example }
      }
    }
    guard let found else {
      report.unproven.append(place)
      return true
    }
    if let other = hider(of: place) {
      report.calculations += 1
      if !applies(promotion, in: book, found) {
        report.hidden.append(ConflictReport.Hidden(promotion: place, by: other, example: found))
      }
    }
    return true
  }

  private func alone(_ promotion: Promotion) -> RuleBook {
    RuleBook(version: book.version, terms: book.terms, groups: book.groups, promotions: [promotion])
  }

  private func applies(_ promotion: Promotion, in book: RuleBook, _ example: ExampleBasket) -> Bool {
    calculate(example, book).promotions.contains { $0.id == promotion.id }
  }

  private func calculate(_ example: ExampleBasket, _ book: RuleBook) -> Calculation {
    Calculator.calculate(example.basket, member: example.member, rules: book, scope: CalculationScope(offersChoices: false))
  }

  /// A promotion of the same group that applies wherever this one does and is always preferred to it.
  private func hider(of place: Int) -> Int? {
    let promotion = book.promotions[place]
    guard let policy = book.groups.first(where: { $0.name == promotion.group })?.policy, policy != .all else { return nil }
    return book.promotions.indices.first { other in
      other != place && book.promotions[other].isPreferred(to: promotion, policy, isEarlier: other < place)
    }
  }

  // MARK: Pairs

  private func look(at first: Int, _ second: Int, _ report: inout ConflictReport) -> ConflictReport.Meeting? {
    let (verdict, calculations) = judged(first, second)
    report.calculations += calculations
    switch verdict {
    case .apart(let why): report.apart[why, default: 0] += 1
    case .keptApart: report.keptApart += 1
    case .undecided: report.undecided.append([first, second])
    case .meeting(let meeting): return meeting
    }
    return nil
  }

  /// Whether two reductions, by their places in the book, can take something off one line together.
  public func verdict(_ first: Int, _ second: Int) -> PairVerdict { judged(min(first, second), max(first, second)).verdict }

  private func judged(_ first: Int, _ second: Int) -> (verdict: PairVerdict, calculations: Int) {
    if book.keepsApart(first, second) { return (.keptApart, 0) }
    if book.promotions[second].isUseless(behind: book.promotions[first]) { return (.apart(.price), 0) }
    var worst: ConflictReport.Meeting?
    var calculations = 0
    for size in ExampleSize.allCases {
      switch builder.search([book.promotions[first], book.promotions[second]], size) {
      case .impossible(let why): return (.apart(why), calculations)
      case .unknown: continue
      case .found(let example):
        calculations += 1
        if let meeting = meeting([first, second], example) ?? alone([first, second], example, &calculations),
          meeting.share < worst?.share ?? Rate(ppm: .max)
        {
          worst = meeting
        }
      }
    }
    return (worst.map(PairVerdict.meeting) ?? .undecided, calculations)
  }

  /// The same by these promotions and no others: further ones of the book may have taken all there was.
  private func alone(_ places: [Int], _ example: ExampleBasket, _ calculations: inout Int) -> ConflictReport.Meeting? {
    calculations += 1
    let few = RuleBook(
      version: book.version, terms: book.terms, groups: book.groups, promotions: places.map { book.promotions[$0] })
    guard var meeting = meeting(Array(places.indices), example, few) else { return nil }
    meeting.promotions = places
    meeting.isAlone = true
    return meeting
  }

  private func meeting(_ wanted: [Int], _ example: ExampleBasket) -> ConflictReport.Meeting? { meeting(wanted, example, book) }

  /// What the calculator makes of it; nil where not all of them take something off the first line.
  private func meeting(_ wanted: [Int], _ example: ExampleBasket, _ book: RuleBook) -> ConflictReport.Meeting? {
    let calculation = calculate(example, book)
    let steps = calculation.trace.filter { $0.kind == .reduction && $0.line == 0 }
    let acting = Set(steps.filter { $0.amount > 0 }.map { Int($0.promotion) })
    guard wanted.allSatisfy(acting.contains) else { return nil }
    let line = calculation.lines[0]
    return ConflictReport.Meeting(
      promotions: acting.sorted(), example: example, shelf: line.shelf, amount: line.amount,
      reachedFloor: steps.contains { $0.notes.contains(.floor) })
  }

  // MARK: Sets

  /// All of them on one line; nil where no such basket was found.
  func meet(_ places: [Int]) -> ConflictReport.Meeting? {
    guard case .found(let example) = builder.search(places.sorted().map { book.promotions[$0] }, .ample) else { return nil }
    return meeting(places, example)
  }

  /// Adds companions of the start one by one, the worst first, as long as all still meet.
  private func grow(from start: Int, _ meetings: inout [[Int]: ConflictReport.Meeting], _ report: inout ConflictReport) {
    let companions = reductions.compactMap { other in
      meetings[[min(start, other), max(start, other)]].map { Companion(promotion: other, meeting: $0) }
    }
    let (found, calculations) = together(
      start, companions.sorted { ($0.meeting.share, $0.promotion) < ($1.meeting.share, $1.promotion) })
    report.calculations += calculations
    if let found { meetings[found.promotions] = found }
  }

  /// Those that leave too little, the least first; a set whose promotions are all in a worse one is left out.
  private func worst(_ meetings: [[Int]: ConflictReport.Meeting]) -> [ConflictReport.Meeting] {
    let low = meetings.filter { $0.value.share < least }.sorted { a, b in
      let (one, other) = ((a.value.share, a.key.count), (b.value.share, b.key.count))
      return one != other ? one < other : a.key.lexicographicallyPrecedes(b.key)
    }
    .map(\.value)
    var kept: [ConflictReport.Meeting] = []
    for meeting in low where kept.count < Self.mostFindings {
      if !kept.contains(where: { Set($0.promotions).isSuperset(of: meeting.promotions) }) { kept.append(meeting) }
    }
    return kept
  }
}

extension RuleBook {
  /// One of them never applies beside the other: a group of one stage where one is chosen, or tags.
  func keepsApart(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (rules[first], rules[second])
    if a.conflicts(with: b) { return true }
    return a.stage == b.stage && a.group == b.group && groups[a.group].policy != .all
  }
}

extension Promotion {
  /// Both set a price, and the earlier one's is no higher, for as many units as there are.
  func isUseless(behind earlier: Promotion) -> Bool {
    guard stage == .price, earlier.stage == .price, earlier.limits == PromotionLimits(),
      case .fixedPrice(let first) = earlier.benefit,
      case .fixedPrice(let second) = benefit
    else { return false }
    return first <= second
  }

  /// True where it applies to all that the other applies to and the group's policy always prefers it. Careful: false where that is not
  /// plain from how they are written.
  func isPreferred(to other: Promotion, _ policy: PromotionGroup.Policy, isEarlier: Bool) -> Bool {
    guard stage == other.stage, group == other.group, limits == PromotionLimits(), control == nil || control == other.control,
      isPublic || !other.isPublic, addsToTillReductions || !other.addsToTillReductions, tags.isEmpty, excludes.isEmpty,
      from == nil || other.from.map({ $0 >= from ?? $0 }) ?? false, other.until ?? .distantFuture <= until ?? .distantFuture,
      target == .everything || target == other.target, Set(condition.musts).isSubset(of: Set(other.condition.musts))
    else { return false }
    guard case .percent(let rate, let basis) = benefit, rate >= .percent(1) else { return false }
    switch policy {
    case .all: return false
    case .first: return isEarlier
    case .bestForShopper, .bestForShop:
      guard case .percent(let less, basis) = other.benefit, other.limits == PromotionLimits(), target == other.target else {
        return false
      }
      return policy == .bestForShopper
        ? rate > less || (rate == less && isEarlier) : rate < less || (rate == less && isEarlier)
    }
  }
}

extension Condition {
  /// Conditions that must all hold.
  fileprivate var musts: [Condition] {
    if case .all(let conditions) = self { return conditions.flatMap(\.musts) }
    return [self]
  }
}
