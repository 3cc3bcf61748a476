import Access
import Kernel
import Loyalty
import Storage

/// What months are to come to, measure by measure.
public struct Targets: Sendable {
  /// By the first day of the month and the measure.
  private var amounts: [CivilDay: [KeyMeasure: Int64]] = [:]

  public init() {}

  public subscript(month: CivilDay, measure: KeyMeasure) -> Int64? {
    get { amounts[month]?[measure] }
    set { amounts[month, default: [:]][measure] = newValue }
  }

  /// Of the months that the days touch. One statement.
  public static func read(of programme: Programme, _ days: ClosedRange<CivilDay>, in tx: inout Transaction) throws -> Targets {
    var targets = Targets()
    let months = days.lowerBound.firstOfMonth...days.upperBound.firstOfMonth
    for row in try tx.rows(ReportSQL.targets(programme.id, programme.account, months)) {
      // A measure of a newer program is none of ours.
      if let measure = KeyMeasure(rawValue: row.text(1)) { targets[row.day(0), measure] = row.int(2) }
    }
    return targets
  }

  /// Sets the targets of one month; nil takes one away. What stays as it is writes nothing.
  public static func save(
    _ wanted: [KeyMeasure: Int64?], month: CivilDay, of programme: Programme, by change: Change, in tx: inout Transaction
  ) throws {
    try takeStructure(of: programme.account, in: &tx)
    let known = try read(of: programme, month...month, in: &tx)
    var (before, after): ([JSON.Member], [JSON.Member]) = ([], [])
    for (measure, amount) in wanted.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where known[month, measure] != amount {
      if let old = known[month, measure] { before.append(.init(measure.rawValue, .int(old))) }
      if let amount {
        after.append(.init(measure.rawValue, .int(amount)))
        try tx.run(ReportSQL.save(amount, measure.rawValue, month, programme.id, programme.account))
      } else {
        try tx.run(ReportSQL.delete(measure.rawValue, month, programme.id, programme.account))
      }
    }
    guard !before.isEmpty || !after.isEmpty else { return }
    let note = AuditNote.did(
      "targets.changed", programme.id, before: .object([.init("month", .string("\(month)"))] + before),
      after: .object([.init("month", .string("\(month)"))] + after))
    try AuditTrail(of: programme.account).record([note], by: change, in: &tx)
  }

  /// What the days are to come to: what adds up by the days of each month, rounded half up; an average as the month of the last day has it. Nil
  /// where one of the months has no target.
  public func target(_ measure: KeyMeasure, _ days: ClosedRange<CivilDay>) -> Int64? {
    guard measure.addsUp else { return self[days.upperBound.firstOfMonth, measure] }
    var (sum, day) = (Int64(0), days.lowerBound)
    while day <= days.upperBound {
      let (month, end) = (day.firstOfMonth, day.end(of: .month))
      guard let target = self[month, measure] else { return nil }
      let last = min(end, days.upperBound)
      sum += scaled(target, by: Int64(last - day + 1), over: Int64(end - month + 1), .halfUp)
      day = end.adding(days: 1)
    }
    return sum
  }
}

extension CivilDay {
  public var firstOfMonth: CivilDay { adding(days: 1 - parts.day) }
}
