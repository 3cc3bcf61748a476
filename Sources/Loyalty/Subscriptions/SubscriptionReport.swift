import Kernel
import Storage

/// What subscriptions came to, month by month: by plans, and all together.
public struct SubscriptionReport: Sendable {
  /// First days of the months, oldest first.
  public let months: [CivilDay]
  /// By the plan's code.
  public let plans: [String: [SubscriptionMonth]]

  public func of(_ plan: String) -> [SubscriptionMonth] { plans[plan] ?? months.map { SubscriptionMonth(month: $0) } }

  public var total: [SubscriptionMonth] {
    months.indices.map { place in
      var sum = SubscriptionMonth(month: months[place])
      for plan in plans.values {
        sum.started += plan[place].started
        sum.renewed += plan[place].renewed
        sum.ended += plan[place].ended
        sum.cancelled += plan[place].cancelled
        sum.active += plan[place].active
        sum.revenue += plan[place].revenue
        sum.saved += plan[place].saved
      }
      return sum
    }
  }
}

extension Subscriptions {
  /// Most months that one report spans.
  public static var mostMonths: Int { 36 }

  /// The months up to that of a day. Three statements, each over an index by months.
  public func report(through day: CivilDay, months count: Int, in tx: inout Transaction) throws -> SubscriptionReport {
    let last = day.monthNumber
    let first = last - Int64(min(max(1, count), Self.mostMonths)) + 1
    let days = (first...last).compactMap { CivilDay(monthNumber: $0) }
    var found: [String: [SubscriptionMonth]] = [:]
    func at(_ plan: String, _ month: Int64, _ change: (inout SubscriptionMonth) -> Void) {
      guard (first...last).contains(month) else { return }
      change(&found[plan, default: days.map { SubscriptionMonth(month: $0) }][Int(month - first)])
    }
    var running: [String: Int64] = [:]
    for row in try tx.rows(SubscriptionSQL.before(account, programme, first)) {
      running[row.text(0), default: 0] += Self.step(row.text(1)) * row.int(2)
    }
    for row in try tx.rows(SubscriptionSQL.months(account, programme, first, last)) {
      guard let kind = SubscriptionMonth.Kind(rawValue: row.text(2)) else {
        throw StorageFailure.damaged("subscription_change.kind is \(row.text(2))")
      }
      at(row.text(0), row.int(1)) { $0.add(kind, row.int(3), row.money(4)) }
    }
    for row in try tx.rows(SubscriptionSQL.saved(account, programme, first, last)) {
      at(row.text(0), row.int(1)) { $0.saved += row.money(2) }
    }
    for plan in Set(found.keys).union(running.keys) {
      var active = running[plan] ?? 0
      var months = found[plan] ?? days.map { SubscriptionMonth(month: $0) }
      for place in months.indices {
        active += months[place].started - months[place].ended - months[place].cancelled
        months[place].active = active
      }
      found[plan] = months
    }
    return SubscriptionReport(months: days, plans: found)
  }

  private static func step(_ kind: String) -> Int64 { kind == "started" ? 1 : kind == "ended" || kind == "cancelled" ? -1 : 0 }
}
