import Kernel

/// Somebody did something that a limit by the hour counts, within these ten minutes of a business day.
struct GuardHour: Hashable {
  let place: GuardPlace
  let day: CivilDay
  let slot: Int64
}

/// Ten minutes of one subject with one member, 0 for nobody.
struct GuardSlot {
  let slot: Int64
  let owner: Int64
  let figures: GuardFigures
}

/// Windows of hours, put together from tens of minutes: an hour is the ten minutes of an act and the fifty before them. So an hour never
/// begins anew while somebody waits for the clock to strike.
enum GuardHours {
  static let perHour: Int64 = 6
  private static let seconds: Int64 = 600

  static func slot(of moment: Instant) -> Int64 { moment.seconds / seconds }

  /// The first moment of ten minutes.
  static func start(of slot: Int64) -> Instant { Instant(seconds: slot * seconds) }

  /// The highest figure among windows of `width` slots that hold one of these, where the latest window ends that reaches `hard`, and the
  /// latest of all.
  static func highest(
    _ rows: [GuardSlot], holding slots: Set<Int64>, width: Int64, _ measure: GuardMeasure, hard: Int64?
  ) -> (figure: Int64, overAt: Int64?, last: Int64) {
    let ends = slots.union(rows.map(\.slot)).filter { end in slots.contains { $0 <= end && $0 > end - width } }.sorted()
    var (highest, over): (Int64, Int64?) = (0, nil)
    for end in ends {
      let figure = together(rows.filter { $0.slot <= end && $0.slot > end - width }).value(measure)
      highest = max(highest, figure)
      if let hard, figure >= hard { over = end }
    }
    return (highest, over, ends.last ?? 0)
  }

  /// Different members of a window are counted in it, not by its tens of minutes.
  private static func together(_ rows: [GuardSlot]) -> GuardFigures {
    var sum = GuardFigures()
    var visits: [Int64: Int64] = [:]
    for row in rows {
      sum = sum + row.figures
      if row.owner != 0 { visits[row.owner, default: 0] += row.figures.named }
    }
    sum.breadth = Int64(visits.values.count { $0 > 0 })
    sum.peak = visits.values.max() ?? 0
    return sum
  }
}
