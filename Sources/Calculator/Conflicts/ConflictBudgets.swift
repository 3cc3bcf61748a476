import Conditions
import Kernel

extension ConflictReport {
  /// A promotion whose budget one receipt can take whole: the next shopper, or that one, gets less than they were promised.
  public struct Exhausting: Hashable, Sendable {
    public enum Left: Hashable, Sendable {
      case money(Money)
      case points(Points)
    }
    public var promotion: Int
    /// Whose budget it is: the whole promotion's, that of a day of the chain, of one store, or of one of its days; of those the one that has
    /// least.
    public var scope: LimitScope
    public var left: Left
    /// The smallest basket of its kind that takes all of it; nil where nothing is left already, so that it can give no more.
    public var example: ExampleBasket?
    /// What that basket comes to at shelf price.
    public var shelf: Money
  }

  /// A payer's cap that promotions can go beyond together; beyond it the retailer pays.
  public struct Overdrawn: Hashable, Sendable {
    /// Its place among the caps that were given.
    public var cap: Int
    /// Ascending.
    public var promotions: [Int]
    /// The most that they can still give of it by their own budgets; nil where one of them has none.
    public var most: Money?
    public var left: Money
    /// One receipt that goes beyond it alone, and by which promotion.
    public var single: Exhausting?
  }
}

/// Looks for budgets and caps that a single receipt, or promotions together, can go beyond.
struct BudgetSearch {
  let check: ConflictCheck
  let stakes: Stakes
  private(set) var calculations = 0

  init(_ check: ConflictCheck, _ stakes: Stakes) {
    self.check = check
    self.stakes = stakes
  }

  private var book: RuleBook { check.book }

  mutating func exhausting(_ places: [Int]) -> [ConflictReport.Exhausting] {
    places.compactMap { place in
      let promotion = book.promotions[place]
      let used = stakes.usage[promotion.id]
      // What single stores and days have used is not known here: their budgets are taken for whole.
      let left = LimitScope.shared.reversed().compactMap {
        scope -> (scope: LimitScope, left: ConflictReport.Exhausting.Left)? in
        let gone = scope == .total ? used?.all ?? .nothing : .nothing
        if let money = promotion.limits[scope].money { return (scope, .money(max(.zero, money - gone.money))) }
        return promotion.limits[scope].points.map { (scope, .points(max(.zero, $0 - gone.points))) }
      }
      // Of equals the first.
      return left.min { $0.left.amount < $1.left.amount }.flatMap { exhausted(place, $0.left, of: $0.scope) }
    }
  }

  mutating func overdrawn(_ places: [Int]) -> [ConflictReport.Overdrawn] {
    stakes.caps.enumerated().compactMap { number, cap in
      let sharing = places.filter { place in
        cap.share(of: book.promotions[place]) != nil && !book.promotions[place].benefit.isReward
      }
      guard !sharing.isEmpty else { return nil }
      let most = sharing.reduce(Money?.some(.zero)) { sum, place in
        sum.flatMap { sum in unspent(place).map { sum + part($0, cap, place) } }
      }
      if let most, most <= cap.left { return nil }
      var found = ConflictReport.Overdrawn(cap: number, promotions: sharing, most: most, left: cap.left)
      for place in sharing where found.single == nil && cap.left > .zero { found.single = single(place, cap) }
      return found
    }
  }

  /// What the promotion can still give by its own budget; nil where it has none.
  private func unspent(_ place: Int) -> Money? {
    let promotion = book.promotions[place]
    let used = stakes.usage[promotion.id]
    if promotion.benefit.isEarning {
      return promotion.limits.budgetPoints.map { book.terms.money(for: max(.zero, $0 - (used?.points ?? .zero))) }
    }
    return promotion.limits.budgetMoney.map { max(.zero, $0 - (used?.money ?? .zero)) }
  }

  private func part(_ money: Money, _ cap: SharedCap, _ place: Int) -> Money {
    let share = cap.share(of: book.promotions[place]) ?? .zero
    return Money(minor: scaled(money.minor, by: share.ppm, over: 1_000_000, .up))
  }

  private mutating func single(_ place: Int, _ cap: SharedCap) -> ConflictReport.Exhausting? {
    guard let share = cap.share(of: book.promotions[place]), !book.promotions[place].benefit.isEarning else { return nil }
    if let unspent = unspent(place), part(unspent, cap, place) < cap.left { return nil }
    return exhausted(place, .money(Money(minor: scaled(cap.left.minor, by: 1_000_000, over: share.ppm, .up))))
  }

  // MARK: One receipt

  private mutating func exhausted(
    _ place: Int, _ left: ConflictReport.Exhausting.Left, of scope: LimitScope = .total
  ) -> ConflictReport.Exhausting? {
    if left.amount == 0 { return ConflictReport.Exhausting(promotion: place, scope: scope, left: left, example: nil, shelf: .zero) }
    for size in ExampleSize.allCases {
      guard case .found(let example) = check.search([place], size) else { continue }
      if let grown = grown(example, place, left.amount) {
        return ConflictReport.Exhausting(promotion: place, scope: scope, left: left, example: grown.example, shelf: grown.shelf)
      }
    }
    return nil
  }

  /// More and more of the first line's goods, until the promotion gives that much; then as few as are enough.
  private mutating func grown(
    _ example: ExampleBasket, _ place: Int, _ wanted: Int64
  ) -> (example: ExampleBasket, shelf: Money)? {
    var given = gift(example, place)
    var (enough, short) = (example, example.basket.lines[0].quantity.thousandths / 1_000)
    while given.amount < wanted {
      let pieces = enough.basket.lines[0].quantity.thousandths / 1_000
      let factor = given.amount > 0 ? max(2, (wanted + given.amount - 1) / given.amount) : 2
      let (more, isOver) = pieces.multipliedReportingOverflow(by: factor)
      guard !isOver, more <= Limits.quantity / 1_000 else { return nil }
      let line = enough.basket.lines[0]
      guard line.price.minor <= stakes.largest.minor / more else { return nil }
      short = pieces
      enough.basket.lines[0].quantity = .pieces(more)
      let next = gift(enough, place)
      guard next.amount > given.amount else { return nil }
      given = next
    }
    var most = enough.basket.lines[0].quantity.thousandths / 1_000
    while short < most {
      let middle = (short + most) / 2
      var fewer = enough
      fewer.basket.lines[0].quantity = .pieces(middle)
      let less = gift(fewer, place)
      if less.amount >= wanted { (enough, given, most) = (fewer, less, middle) } else { short = middle + 1 }
    }
    return given.shelf <= stakes.largest ? (enough, given.shelf) : nil
  }

  /// What the promotion would give on the basket if its budgets were endless: minor units, or points. What one member may have of it
  /// bounds a receipt as well.
  private mutating func gift(_ example: ExampleBasket, _ place: Int) -> (amount: Int64, shelf: Money) {
    calculations += 1
    var promotions = book.promotions
    for scope in LimitScope.shared {
      promotions[place].limits[scope].money = nil
      promotions[place].limits[scope].points = nil
    }
    let alone = RuleBook(version: book.version, terms: book.terms, groups: book.groups, promotions: [promotions[place]])
    let answer = calculate(example.basket, member: example.member, rules: alone, scope: CalculationScope(offersChoices: false))
    let applied = answer.promotions.first
    return (promotions[place].benefit.isEarning ? applied?.points.units ?? 0 : applied?.money.minor ?? 0, answer.shelf)
  }
}

extension ConflictReport.Exhausting.Left {
  fileprivate var amount: Int64 {
    switch self {
    case .money(let money): money.minor
    case .points(let points): points.units
    }
  }
}
