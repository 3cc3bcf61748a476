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
  /// - Parameter isApproved: somebody else said yes to it: it counts, alerts, and is not refused.
  /// - Throws: `Problem.conflict` (`guard_limit`): nothing is counted then.
  func count(
    _ given: Points, of watched: Programme, isApproved: Bool = false, by change: Change, in tx: inout Transaction
  ) throws {
    guard given > .zero, change.actor.kind != .system else { return }
    let limits = terms.limits(of: .operator)
    guard !limits.isEmpty else { return }
    var day = GuardDay(
      place: GuardPlace(.operator, change.actor.description), day: points.zone.civil(at: change.at).day)
    day.figures.byHand = given
    guard let row = try tx.row(GuardSQL.add(day, programme, account)) else { return }
    let now = try GuardSQL.day(row)
    let hour = GuardHour(place: now.place, day: now.day, slot: GuardHours.slot(of: change.at))
    let isHourly = terms.hourly.contains(.operator)
    if isHourly { try tx.run(GuardSlotSQL.add(day.figures, to: hour, owner: 0, programme, account)) }
    for limit in limits where !isApproved {
      guard let hard = limit.hard else { continue }
      let value = try figure(limit, now, hour, in: &tx)
      guard value > hard else { continue }
      throw over(hard, limit, left: max(0, hard - value + given.units))
    }
    let (alerts, by) = (GuardAlerts(of: watched), Change(by: .guardian, at: change.at, ids: change.ids))
    try alerts.look(at: [now], by: by, in: &tx)
    if isHourly { try alerts.look(at: [hour], beside: [now], by: by, in: &tx) }
  }

  /// What would be refused if an operator gave so many points more; nil where nothing speaks against it. Nothing is counted.
  /// - Parameter isHeld: others who give in the operator's name wait until this transaction is over, so that it stays true.
  func refusal(of given: Points, isHeld: Bool = false, by change: Change, in tx: inout Transaction) throws -> Problem? {
    guard given > .zero, change.actor.kind != .system else { return nil }
    let limits = terms.limits(of: .operator).filter { $0.measure == .byHand && $0.hard != nil }
    guard !limits.isEmpty else { return nil }
    let today = points.zone.civil(at: change.at).day
    var day = GuardDay(place: GuardPlace(.operator, change.actor.description), day: today)
    let rows =
      isHeld
      ? try tx.rows(GuardSQL.add(day, programme, account))
      : try tx.rows(GuardSQL.days(day.place, today...today, programme, account))
    if let row = rows.first { day = try GuardSQL.day(row) }
    let hour = GuardHour(place: day.place, day: today, slot: GuardHours.slot(of: change.at))
    for limit in limits {
      guard let hard = limit.hard else { continue }
      let known = try figure(limit, day, hour, in: &tx)
      if known + given.units > hard { return over(hard, limit, left: max(0, hard - known)) }
    }
    return nil
  }

  /// What a limit counts, this act included.
  private func figure(_ limit: GuardLimit, _ day: GuardDay, _ hour: GuardHour, in tx: inout Transaction) throws -> Int64 {
    if limit.window == .days(1) { return day.figures.value(limit.measure) }
    guard let width = limit.slots else {
      return try tx.rows(GuardSQL.days(day.place, limit.span(through: day.day), programme, account)).map(GuardSQL.day)
        .reduce(0) { $0 + $1.figures.value(limit.measure) }
    }
    let slots = (hour.slot - width + 1)...hour.slot
    let rows = try tx.rows(GuardSlotSQL.slots(day.place, slots, programme, account, Limits.guardRows)).map(GuardSlotSQL.slot)
    return GuardHours.highest(rows, holding: [hour.slot], width: width, limit.measure, hard: nil).figure
  }

  private func over(_ hard: Int64, _ limit: GuardLimit, left: Int64) -> Problem {
    func text(_ units: Int64) -> String { Decimal.text(units, digits: points.scale) }
    func span(_ days: String, _ hours: String) -> String {
      limit.window.hours.map { "\($0) \(hours)" } ?? "\(limit.window.days ?? 1) \(days)"
    }
    return Problem(
      .conflict, "guard_limit",
      "limit \(limit.code) lets one give \(text(hard)) points by hand in \(span("business days", "h")); \(text(left)) are "
        + "left. Somebody else gives the rest, or the limit is changed",
      cashier: LocalText(
        ru: "Ваш лимит ручных начислений – \(text(hard)) за \(span("дн.", "ч")); осталось \(text(left))",
        en: "You may give \(text(hard)) points by hand in \(span("days", "h")); \(text(left)) are left"),
      remedy: LocalText(
        ru: "Больше может дать другой сотрудник; сам лимит меняет владелец или маркетолог: «Охрана → Лимиты»",
        en: "Somebody else can give more; the limit itself is changed by the owner or a marketer: Guard → Limits"))
  }
}
