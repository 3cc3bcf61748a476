import Calculator
import Kernel
import TestKit

extension Dice {
  /// Says at least one of when points become active and how long they live.
  mutating func course(around day: CivilDay) -> PointsCourse {
    let start: PointsCourse.Start? = pick([nil, .atOnce, .days(Int(roll(1...40))), .on(day.adding(days: -9))])
    let life: Life = pick([.days(Int(roll(0...90))), .through(pick(CalendarPeriod.allCases), later: 0), .until(day)])
    return PointsCourse(start: start, life: start != nil && chance(30) ? nil : life)
  }
}
