import Access
import Kernel
import Storage

/// Points by hand, counted with the act itself: a hard limit of an operator refuses what would go over it, whatever number of windows ask at
/// once. The day's row is where they wait for one another.
struct GuardOperators: Sendable {
  let programme: ProgrammeID
  let account: AccountID
  let terms: GuardTerms
  let points: PointsTerms

  /// Counts what an operator gives, and alerts. What the rules and imports of this installation do is no operator's.
  /// - Throws: `Problem.conflict` (`guard_limit`): nothing is counted then.
  func count(_ given: Points, of watched: Programme, by change: Change, in tx: inout Transaction) throws {
    guard given > .zero, change.actor.kind != .system else { return }
    let limits = terms.limits(of: .operator)
    guard !limits.isEmpty else { return }
    var day = GuardDay(
      place: GuardPlace(.operator, change.actor.description), day: points.zone.civil(at: change.at).day)
    day.figures.byHand = given
    guard let row = try tx.row(GuardSQL.add(day, programme, account)) else { return }
    let now = try GuardSQL.day(row)
    for limit in limits {
      guard let hard = limit.hard else { continue }
      var value = now.figures.value(limit.measure)
      if limit.days > 1 {
        value = try tx.rows(GuardSQL.days(now.place, limit.window(through: now.day), programme, account)).map(GuardSQL.day)
          .reduce(0) { $0 + $1.figures.value(limit.measure) }
      }
      guard value > hard else { continue }
      throw over(hard, limit, left: max(0, hard - value + given.units))
    }
    try GuardAlerts(of: watched).look(
      at: [now], by: Change(by: .guardian, at: change.at, ids: change.ids), in: &tx)
  }

  private func over(_ hard: Int64, _ limit: GuardLimit, left: Int64) -> Problem {
    func text(_ units: Int64) -> String { Decimal.text(units, digits: points.scale) }
    return Problem(
      .conflict, "guard_limit",
      "limit \(limit.code) lets one give \(text(hard)) points by hand in \(limit.days) business days; \(text(left)) are left. Somebody else "
        + "gives the rest, or the limit is changed",
      cashier: LocalText(
        ru: "Ваш лимит ручных начислений – \(text(hard)) за \(limit.days) дн.; осталось \(text(left))",
        en: "You may give \(text(hard)) points by hand in \(limit.days) days; \(text(left)) are left"))
  }
}
