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
  }

  /// Sets tried for the largest.
  static var growths: Int { 40 }

  /// Cost: the book's reductions × up to two calculations; 300 take some 30 ms.
  ///
  /// - Parameters:
  ///   - place: of the promotion in the book.
  ///   - settled: how many of the worst meetings are looked at again.
  ///   - catalogue: where their goods must be found; with goods that are imagined there may be meetings that no product brings about.
  public func company(of place: Int, settled: Int = 0, by catalogue: ConflictCheck? = nil) -> Company {
    var company = Company()
    var report = ConflictReport()
    guard look(alone: place, &report) else {
      company.never = report.never.first?.why
      return company
    }
    company.hidden = report.hidden.first
    guard book.promotions[place].benefit.isReduction else { return company }
    for other in reductions where other != place {
      switch verdict(place, other) {
      case .apart: company.apart += 1
      case .keptApart: company.keptApart.append(other)
      case .undecided: company.undecided.append(other)
      case .meeting(let meeting): company.meetings.append(Companion(promotion: other, meeting: meeting))
      }
    }
    company.meetings.sort { $0.meeting.share < $1.meeting.share }
    if let catalogue { catalogue.settle(&company, of: place, settled) }
    company.together = (catalogue ?? self).together(place, company.meetings)
    return company
  }

  private func settle(_ company: inout Company, of place: Int, _ count: Int) {
    var kept: [Companion] = []
    for companion in company.meetings.prefix(count) {
      switch verdict(place, companion.promotion) {
      case .apart, .keptApart: company.apart += 1
      case .undecided: company.undecided.append(companion.promotion)
      case .meeting(let meeting): kept.append(Companion(promotion: companion.promotion, meeting: meeting))
      }
    }
    company.meetings = (kept + company.meetings.dropFirst(count)).sorted { $0.meeting.share < $1.meeting.share }
  }

  private func together(_ place: Int, _ companions: [Companion]) -> ConflictReport.Meeting? {
    var best: ConflictReport.Meeting?
    for companion in companions.prefix(Self.growths) {
      let set = best?.promotions ?? [place]
      guard set.count < Self.mostTogether, !set.contains(companion.promotion) else { continue }
      if let wider = meet(set + [companion.promotion]) { best = wider }
    }
    return best
  }
}
