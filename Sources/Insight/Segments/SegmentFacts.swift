import Access
import Calculator
import Conditions
import Cube
import Kernel
import Loyalty
import Storage

extension SegmentCondition {
  /// Marks from 1 to 5 – 5 bought last of all, most often, for most – among everybody who bought within so many days. An empty list means any.
  public struct Scores: Hashable, Sendable {
    public static let year = 365
    public var recency: [Int] = []
    public var frequency: [Int] = []
    public var monetary: [Int] = []
    /// Business days, the one as of which is asked included.
    public var days = Scores.year
    public init() {}

    func holds(for mark: RFMMarks.Mark) -> Bool {
      (recency.isEmpty || recency.contains(mark.recency)) && (frequency.isEmpty || frequency.contains(mark.frequency))
        && (monetary.isEmpty || monetary.contains(mark.money))
    }
  }
}

/// What conditions ask of that neither the columns nor the register say by themselves, worked out once for all who are asked about.
struct SegmentFacts: Sendable {
  var deeds = DeedCounts()
  /// By days and member; only of those whose marks a condition means, and of whoever is explained.
  fileprivate var marks: [Int: [Int64: RFMMarks.Mark]] = [:]
  fileprivate var points: PointsBook?
  /// Coupons, offers, consents and privileges, where they are asked.
  fileprivate(set) var rights: HeldRights?
  /// When what ends within so many days has ended.
  fileprivate var ends: [Int: Instant] = [:]

  func mark(_ scores: SegmentCondition.Scores, of member: Int64) -> RFMMarks.Mark? { marks[scores.days]?[member] }

  /// In the smallest unit of points.
  /// - Parameter days: 0: what ends today; nil: all of it.
  func points(of member: Int64, endingWithin days: Int?) -> Int64 {
    points?.points(of: member, endingBy: days.flatMap { ends[$0] }) ?? 0
  }

  func answers(_ condition: SegmentCondition, _ member: Int64) -> Bool {
    switch condition {
    case .did(let deed, let bounds): bounds.contains(deeds.count(deed, member))
    case .scored(let scores): mark(scores, of: member).map(scores.holds) ?? false
    case .points(let days, let bounds): bounds.contains(points(of: member, endingWithin: days))
    default: preconditionFailure("the columns or the register answer it")
    }
  }
}

extension CubeKeeper {
  /// - Parameter member: somebody who is explained: what they score is wanted also where it holds nothing.
  /// - Throws: `Problem.conflict` (`too_many_events`).
  func facts(
    for condition: SegmentCondition, _ programme: Programme, _ cube: Cube, among register: MemberRegister, on today: CivilDay,
    of member: MemberID? = nil, at now: Instant
  ) async throws -> SegmentFacts {
    var facts = SegmentFacts(deeds: try await deeds(of: condition, programme, on: today, at: now))
    // Two walks over receipts for each number of days, as the report RFM costs; kept are the marks that are meant, a fifth of a fifth of those
    // who bought where one cell is.
    for (days, asked) in Dictionary(grouping: condition.scores, by: \.days) {
      let desk = ReportDesk(of: programme, cube, self, on: database)
      let marks = try await desk.marks(over: today.adding(days: 1 - days)...today, at: now) { mark in
        mark.member == member?.raw || asked.contains { $0.holds(for: mark) }
      }
      facts.marks[days] = marks
    }
    facts.rights = try await rights(of: condition, programme, among: register, on: today, at: now)
    if condition.asksPoints {
      facts.points = try await points(of: programme, at: now)
      // What may be spent to the end of a day ends with the midnight behind it.
      let zone = programme.settings.points.zone
      for days in condition.endings { facts.ends[days] = zone.instant(today.adding(days: days + 1)) }
    }
    return facts
  }
}

extension SegmentForm {
  mutating func scores(_ node: JSONNode) -> SegmentCondition.Scores {
    node.expect("recency", "frequency", "monetary", "days")
    func marks(_ key: String) -> [Int] {
      guard node[key].isPresent else { return [] }
      let marks = node[key].items(max: 5).compactMap { $0.int(1...5).map(Int.init) }
      if marks.isEmpty { node[key].refuse("empty", "name at least one mark from 1 to 5, or leave the question out") }
      return Array(Set(marks)).sorted()
    }
    var scores = SegmentCondition.Scores()
    (scores.recency, scores.frequency, scores.monetary) = (marks("recency"), marks("frequency"), marks("monetary"))
    if !["recency", "frequency", "monetary"].contains(where: { node[$0].isPresent }) {
      node.refuse("empty", "say recency, frequency or monetary")
    }
    if node["days"].isPresent { scores.days = Int(node["days"].int(1...3_650) ?? 1) }
    return scores
  }

  func json(_ scores: SegmentCondition.Scores) -> JSON {
    func marks(_ marks: [Int]) -> JSON? { marks.isEmpty ? nil : .array(marks.map { .int(Int64($0)) }) }
    return .object([
      "recency": marks(scores.recency), "frequency": marks(scores.frequency), "monetary": marks(scores.monetary),
      "days": scores.days == SegmentCondition.Scores.year ? nil : .int(Int64(scores.days)),
    ])
  }
}

extension SegmentForm {
  mutating func points(_ node: JSONNode) -> SegmentCondition {
    node.expect("endingWithinDays", "atLeast", "atMost")
    func number(_ key: String) -> Int64? { node[key].isPresent ? rules.amounts.points(node[key])?.units : nil }
    var bounds = Bounds(atLeast: number("atLeast"), atMost: number("atMost"))
    // Any at all.
    if !node["atLeast"].isPresent, !node["atMost"].isPresent { bounds = Bounds(atLeast: 1) }
    if let least = bounds.atLeast, let most = bounds.atMost, most < least {
      node["atMost"].refuse("below_at_least", "atMost is below atLeast")
    }
    let days = node["endingWithinDays"].isPresent ? Int(node["endingWithinDays"].int(0...3_650) ?? 0) : nil
    return .points(endingWithin: days, bounds)
  }

  func points(endingWithin days: Int?, _ bounds: Bounds) -> JSON {
    func text(_ units: Int64?) -> JSON? { units.map { .string(rules.amounts.text(Points(units: $0))) } }
    return .object([
      "endingWithinDays": days.map { .int(Int64($0)) }, "atLeast": text(bounds.atLeast), "atMost": text(bounds.atMost),
    ])
  }
}
