import Access
import Jobs
import Kernel
import Loyalty
import Storage

/// Looks for schedules whose moment has come. Each moment becomes one sending and one job in the transaction that goes on to the next
/// moment, so that no instance does it again. Where nobody was there for several, only the latest is sent.
public struct DueReports: Sendable {
  private let zones: @Sendable (String) -> Zone?
  private let ids: IDSource
  /// Schedules of one step.
  static let page = 50

  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) { (self.zones, self.ids) = (zones, ids) }

  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("reports", every: .seconds(10)) { _ in try await step(on: database, at: now()) == Self.page ? "more" : nil }
  }

  /// - Returns: how many were due.
  public func step(on database: any Database, at now: Instant) async throws -> Int {
    let due = try await database.read { tx in try tx.rows(ReportScheduleSQL.due(now, Self.page)).map(ReportScheduleSQL.schedule) }
    for schedule in due {
      try await database.write(.bulk) { [zones, ids] tx in
        let programme = try Programmes(of: schedule.account, zones: zones).programme(schedule.programme, in: &tx)
        guard let first = schedule.nextAt else { return }
        let come = schedule.rhythm.due(from: first, at: now, in: programme.settings.points.zone)
        guard try tx.run(ReportScheduleSQL.goOn(schedule, from: first, to: come.next)) == 1 else { return }
        let change = Change(by: .background, at: now, ids: ids)
        try ReportSchedules.put(schedule, come.latest, passedOver: come.passed, change, &tx)
      }
    }
    return due.count
  }

  /// Forgets what was sent long ago, some at a time.
  public static let retention = Retention("report_sending") { now, tx in
    let old = try tx.rows(ReportSendingSQL.oldest(now - .days(Int64(Limits.sendingDays)), Limits.page))
    for row in old {
      try tx.run(ReportSendingSQL.forgetLetters(row.id(0), row.id(1)))
      try tx.run(ReportSendingSQL.forget(row.id(0), row.id(1)))
    }
    return old.count
  }
}
