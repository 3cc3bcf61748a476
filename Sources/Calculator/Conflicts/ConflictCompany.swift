import Conditions
import Kernel

extension ConflictCheck {
  /// Another promotion that meets it on one line.
  public struct Companion: Sendable {
    public var promotion: Int
    /// Further ones of the book may take something off the same line.
    public var meeting: ConflictReport.Meeting
  }

  /// One promotion beside all others of its book.
  public struct Company: Sendable {
    /// Why it can never apply.
    public var never: Contradiction?
    public var hidden: ConflictReport.Hidden?
    /// With each reduction that it meets, the least share first.
    public var meetings: [Companion] = []
    /// With as many as one line was found to bear; nil where that is one or none.
    public var together: ConflictReport.Meeting?
    /// Reductions that it cannot meet, whatever the basket.
    public var apart = 0
    /// Places of those that groups and tags keep from it.
    public var keptApart: [Int] = []
    public var undecided: [Int] = []
    /// Where the check weighs stakes: sales below cost that it takes part in, its budget, caps that it draws on.
    public var belowCost: [ConflictReport.BelowCost] = []
    public var exhausting: ConflictReport.Exhausting?
    public var overdrawn: [ConflictReport.Overdrawn] = []
  }

  /// Sets tried for the largest.
  static var growths: Int { 40 }

  /// Cost: the book's reductions × up to four calculations; 300 take some 30 ms. Goods of a catalogue cost its products × the filters of
  /// what is settled besides.
  ///
  /// - Parameters:
  ///   - place: of the promotion in the book.
  ///   - settled: how many of the worst meetings are looked at again, with goods of the catalogue: with goods that are imagined there may
  ///     be meetings that no product brings about.
  ///   - catalogue: asked where there are such meetings; empty: nothing is settled.
  public func company(of place: Int, settled: Int = 0, by catalogue: () -> [ProductFacts] = { [] }) -> Company {
    var company = Company()
    var report = ConflictReport()
    guard look(alone: place, &report) else {
      company.never = report.never.first?.why
      return company
    }
    company.hidden = report.hidden.first
    weighBudgets(of: place, &company)
    guard book.promotions[place].benefit.isReduction else { return company }
    for other in reductions where other != place { take(verdict(place, other), of: other, &company) }
    company.meetings.sort { $0.meeting.share < $1.meeting.share }
    var check = self
    let doubtful = company.meetings.prefix(settled)
    if !doubtful.isEmpty {
      let products = catalogue()
      if !products.isEmpty {
        let involved = [place] + doubtful.map(\.promotion)
        check = self.with(ListedGoods(products, for: involved.map { book.promotions[$0].offering(book.terms.favourites) }))
        company.meetings.removeFirst(doubtful.count)
        for companion in doubtful { take(check.verdict(place, companion.promotion), of: companion.promotion, &company) }
        company.meetings.sort { $0.meeting.share < $1.meeting.share }
      }
    }
    company.together = check.together(place, company.meetings).found
    weighCosts(of: place, &company)
    return company
  }

  private func weighBudgets(of place: Int, _ company: inout Company) {
    guard let stakes else { return }
    var budgets = BudgetSearch(self, stakes)
    company.exhausting = budgets.exhausting([place]).first
    company.overdrawn = budgets.overdrawn(Array(book.promotions.indices)).filter { $0.promotions.contains(place) }
  }

  private func weighCosts(of place: Int, _ company: inout Company) {
    guard let stakes, !stakes.values.isEmpty else { return }
    var costs = CostSearch(self, stakes)
    costs.look(at: [place])
    let companions = company.meetings.map(\.promotion)
    for other in companions { costs.look(at: [place, other].sorted()) }
    costs.grow(from: place, companions)
    // Others may be below cost without it: that is told on their own pages.
    company.belowCost = costs.found.filter { $0.promotions.contains(place) }
  }

  private func take(_ verdict: PairVerdict, of other: Int, _ company: inout Company) {
    switch verdict {
    case .apart: company.apart += 1
    case .keptApart: company.keptApart.append(other)
    case .undecided: company.undecided.append(other)
    case .meeting(let meeting): company.meetings.append(Companion(promotion: other, meeting: meeting))
    }
  }

  /// The largest set that is found by adding companions in their order, as long as all still meet.
  func together(_ place: Int, _ companions: [Companion]) -> (found: ConflictReport.Meeting?, calculations: Int) {
    var best: ConflictReport.Meeting?
    let tried = companions.prefix(Self.growths)
    for companion in tried {
      let set = best?.promotions ?? [place]
      guard set.count < Self.mostTogether, !set.contains(companion.promotion) else { continue }
      if let wider = meet(set + [companion.promotion]) { best = wider }
    }
    return (best, tried.count)
  }
}
