import Kernel
import Loyalty
import TestKit
import Testing

private func day(_ text: String) -> CivilDay { CivilDay(text) ?? CivilDay(number: 0) }

@Suite struct `a ladder of tiers` {
  static let rungs = [Ladder.Rung(tier: "silver", from: 20_000), Ladder.Rung(tier: "gold", from: 60_000)]

  private func standing(
    _ ladder: Ladder, _ bought: [(String, Int64)], on today: String, joined: String = "2025-03-10"
  ) -> LadderStanding {
    let known = bought.map { LadderDay(day($0.0), $0.1) }.filter { $0.day <= day(today) }
    return ladder.standing(of: known, joined: day(joined), on: day(today))
  }

  @Test func `of a rolling year forgets each purchase to the day`() {
    let ladder = Ladder(.spend, over: .rolling(months: 12), rungs: Self.rungs)
    let bought = [("2026-02-10", Int64(15_000)), ("2026-05-01", 5_000)]
    #expect(standing(ladder, bought, on: "2026-04-30").rung == nil)
    let reached = standing(ladder, bought, on: "2026-05-01")
    #expect(reached.rung == 0 && reached.since == day("2026-05-01") && reached.sum == 20_000)
    #expect(reached.fall == LadderStanding.Fall(on: day("2027-02-10"), to: nil))
    #expect(standing(ladder, bought, on: "2027-02-09").rung == 0)
    let after = standing(ladder, bought, on: "2027-02-10")
    #expect(after.rung == nil && after.since == nil && after.sum == 5_000 && after.fall == nil)
  }

  @Test func `of a year of the calendar holds through the next one, and a month of grace`() {
    let ladder = Ladder(.spend, over: .calendar(.year, later: 1), graceDays: 31, rungs: Self.rungs)
    let bought = [("2025-06-01", Int64(61_000)), ("2026-11-20", 19_000)]
    let now = standing(ladder, bought, on: "2026-11-21")
    #expect(now.rung == 1 && now.sum == 19_000 && now.ends == day("2026-12-31"))
    #expect(now.fall == LadderStanding.Fall(on: day("2027-02-01"), to: 0))
    #expect(standing(ladder, bought, on: "2027-01-31").rung == 1)
    // One step down: silver without having paid for it, and none a year and a month of grace later.
    let fallen = standing(ladder, bought, on: "2027-02-01")
    #expect(
      fallen.rung == 0 && fallen.since == day("2027-02-01") && fallen.fall == LadderStanding.Fall(on: day("2028-02-01"), to: nil))
    let saved = standing(ladder, bought + [("2027-01-15", 60_000)], on: "2027-02-01")
    #expect(saved.rung == 1 && saved.since == day("2025-06-01") && saved.fall?.on == day("2029-02-01"))
  }

  @Test func `of years of membership begins anew on the day of joining`() {
    let ladder = Ladder(.visits, over: .anniversary(later: 0), descent: .atOnce, rungs: [Ladder.Rung(tier: "silver", from: 2)])
    let bought = [("2026-03-09", Int64(1)), ("2026-03-10", 1), ("2026-08-01", 1)]
    #expect(standing(ladder, bought, on: "2026-03-10").rung == nil)
    let reached = standing(ladder, bought, on: "2026-08-01")
    #expect(reached.rung == 0 && reached.sum == 2 && reached.ends == day("2027-03-09"))
    #expect(reached.fall == LadderStanding.Fall(on: day("2027-03-10"), to: nil))
    // Somebody who joined on the last of February has a day of joining every year.
    let leap = standing(ladder, [("2026-02-28", 1), ("2027-02-27", 1)], on: "2027-02-27", joined: "2024-02-29")
    #expect(leap.rung == 0 && leap.fall?.on == day("2027-02-28"))
  }

  @Test func `counts nothing from before it was begun`() {
    let ladder = Ladder(.spend, over: .rolling(months: 12), since: day("2026-06-01"), rungs: Self.rungs)
    let bought = [("2026-05-31", Int64(60_000)), ("2026-06-01", 20_000)]
    let now = standing(ladder, bought, on: "2026-06-02")
    #expect(now.rung == 0 && now.sum == 20_000)
  }

  /// The rules read day by day, with a calendar and nothing clever.
  private struct DayByDay {
    let ladder: Ladder
    let days: [CivilDay: Int64]
    let joined: CivilDay
    var current = -1
    var pending: CivilDay?
    var since: CivilDay?

    private func period(_ day: CivilDay) -> CivilDay {
      switch ladder.period {
      case .rolling: return day
      case .calendar(let period, _):
        var first = day
        while first.adding(days: -1).end(of: period) == first.end(of: period) { first = first.adding(days: -1) }
        return first
      case .anniversary:
        var (first, years) = (joined.adding(months: -1200), -100)
        while joined.adding(months: 12 * (years + 1)) <= day {
          years += 1
          first = joined.adding(months: 12 * years)
        }
        return first
      }
    }

    private func level(_ day: CivilDay, before: Bool) -> Int {
      let known = days.filter { before ? $0.key < day : $0.key <= day }
      func rung(_ sum: Int64) -> Int { ladder.rungs.lastIndex { sum >= $0.from } ?? -1 }
      switch ladder.period {
      case .rolling(let months):
        return rung(known.filter { $0.key.adding(months: months) > day }.values.reduce(0, +))
      case .calendar(_, let later), .anniversary(let later):
        var (best, start) = (-1, period(day))
        for _ in 0...later {
          best = max(best, rung(known.filter { period($0.key) == start }.values.reduce(0, +)))
          start = period(start.adding(days: -1))
        }
        return best
      }
    }

    private func next(_ day: CivilDay) -> CivilDay {
      if case .rolling = ladder.period { return day.adding(months: 1) }
      var next = day.adding(days: 1)
      while period(next) == period(day) { next = next.adding(days: 1) }
      return next.adding(days: ladder.graceDays)
    }

    mutating func live(_ day: CivilDay) {
      let quiet = level(day, before: true)
      if quiet >= current { pending = nil } else { pending = pending ?? day.adding(days: ladder.graceDays) }
      while let due = pending, due <= day {
        current = ladder.descent == .oneStep ? max(quiet, current - 1) : quiet
        since = current >= 0 ? day : nil
        pending = current > quiet ? next(due) : nil
      }
      let bought = level(day, before: false)
      if bought > current { (current, since) = (bought, day) }
      if bought >= current { pending = nil }
    }
  }

  private func any(_ random: inout SeededRandom) -> Ladder {
    let period: Ladder.Period =
      switch random.next() % 5 {
      case 0: .rolling(months: Int(random.next() % 4) + 1)
      case 1: .calendar(.month, later: Int(random.next() % 3))
      case 2: .calendar(.quarter, later: Int(random.next() % 2))
      case 3: .rolling(months: 12)
      default: .anniversary(later: Int(random.next() % 2))
      }
    let rungs = [3, 6, 10].map { Ladder.Rung(tier: "t\($0)", from: $0) }
    return Ladder(
      .spend, over: period, graceDays: random.next() % 3 == 0 ? 0 : Int(random.next() % 40),
      descent: random.next() % 2 == 0 ? .oneStep : .atOnce, rungs: rungs)
  }

  @Test func `gives on every day what reading the rules day by day gives, and foretells the next step down`() {
    for seed in Seeds.some(60) {
      var random = SeededRandom(seed: seed)
      let (ladder, joined, start) = (any(&random), day("2024-02-29"), day("2025-01-20"))
      var bought: [CivilDay: Int64] = [:]
      for _ in 0..<(random.next() % 12 + 1) {
        bought[start.adding(days: Int(random.next() % 400)), default: 0] += Int64(random.next() % 6)
      }
      let days = bought.sorted { $0.key < $1.key }.map { LadderDay($0.key, $0.value) }
      var truth = DayByDay(ladder: ladder, days: bought, joined: joined)
      var foretold: LadderStanding.Fall?
      for offset in 0..<900 {
        let today = start.adding(days: offset)
        let before = truth.current
        truth.live(today)
        let known = days.filter { $0.day <= today }
        let now = ladder.standing(of: known, joined: joined, on: today)
        #expect(now.rung ?? -1 == truth.current && now.since == truth.since, "seed \(seed), \(today)")
        if bought[today] == nil, truth.current < before || foretold?.on == today {
          #expect(
            foretold == LadderStanding.Fall(on: today, to: truth.current >= 0 ? truth.current : nil), "seed \(seed), \(today)")
        }
        foretold = now.fall
      }
    }
  }
}
