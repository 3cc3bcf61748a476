/// Who was in which state of a customer's life on one day, and in which on another: every member is in exactly one of each, so that what
/// came in and went out adds up exactly. Memory: 25 numbers for each pair of days.
public struct LifeCycle: CubeReport {
  /// Nobody leaves `new` without time going by: who bought first within the days of the new is new, whatever else they bought.
  public enum Stage: Int, CaseIterable, Sendable { case notYet, new, active, sleeping, lost }

  /// How many went from which stage to which.
  public struct Flows: Hashable, Sendable {
    private var counts = Array(repeating: Int64(0), count: Stage.allCases.count * Stage.allCases.count)
    public init() {}

    public internal(set) subscript(from: Stage, to: Stage) -> Int64 {
      get { counts[from.rawValue * Stage.allCases.count + to.rawValue] }
      set { counts[from.rawValue * Stage.allCases.count + to.rawValue] = newValue }
    }

    public func opening(_ stage: Stage) -> Int64 { Stage.allCases.reduce(0) { $0 + self[stage, $1] } }
    public func closing(_ stage: Stage) -> Int64 { Stage.allCases.reduce(0) { $0 + self[$1, stage] } }

    mutating func add(_ other: Flows) {
      for place in counts.indices { counts[place] += other.counts[place] }
    }
  }

  /// The two days of each comparison, each as of its end.
  public let dates: [(from: Int, to: Int)]
  public let spans: LifeSpans
  public let newDays: Int

  /// - Precondition: every `from` is before its `to`.
  public init(_ dates: [(from: Int, to: Int)], _ spans: LifeSpans, newDays: Int) {
    precondition(dates.allSatisfy { $0.from < $0.to }, "time goes forward")
    (self.dates, self.spans, self.newDays) = (dates, spans, newDays)
  }

  public var columns: [RollColumn] { [] }
  public var seesNobody: Bool { false }
  public var nothing: [Flows] { dates.map { _ in Flows() } }

  public func join(_ other: [Flows], into all: inout [Flows]) {
    for place in all.indices { all[place].add(other[place]) }
  }

  public func see(_ member: MemberReceipts, into found: inout [Flows]) {
    for (place, date) in dates.enumerated() {
      var (first, last, lastBefore) = (Int.max, Int.min, Int.min)
      member.forEach { receipt in
        let day = receipt.day
        guard day <= date.to, receipt.counts else { return }
        (first, last) = (min(first, day), max(last, day))
        if day <= date.from { lastBefore = max(lastBefore, day) }
      }
      guard last > Int.min else { continue }
      let from = lastBefore == Int.min ? .notYet : stage(date.from, first, lastBefore)
      found[place][from, stage(date.to, first, last)] += 1
    }
  }

  private func stage(_ day: Int, _ first: Int, _ last: Int) -> Stage {
    if day - first < newDays { return .new }
    return switch spans.state(gap: day - last) {
    case .active: .active
    case .sleeping: .sleeping
    case .lost: .lost
    }
  }
}
