import Kernel

extension Ladder {
  /// Where somebody stands who bought on these days: worked out anew from the days each time, so that goods that come back take a tier
  /// with them exactly where it would not have been reached without them. Grows with the number of days.
  /// - Parameters:
  ///   - days: ascending, each once, from `horizon` on.
  ///   - joined: the day of joining, for anniversaries.
  public func standing(of days: [LadderDay], joined: CivilDay, on today: CivilDay) -> LadderStanding {
    let first = since ?? CivilDay(number: .min)
    let counted = days.filter { $0.value > 0 && $0.day >= first }
    var climb = Climb(self, joined: joined)
    let turns = turns(of: counted, joined: joined)
    // A store's business day may be a day ahead of the calendar.
    let last = max(today, counted.last?.day ?? today)
    var place = 0
    while place < turns.count, turns[place].day <= last {
      climb.take(turns[place])
      place += 1
    }
    climb.fall(through: last)
    var standing = LadderStanding()
    standing.rung = climb.current >= 0 ? climb.current : nil
    standing.since = climb.since
    if let start = start(of: last, joined: joined) {
      standing.ends = self.start(of: last, later: 1, joined: joined)?.adding(days: -1)
      standing.sum = counted.reduce(0) { $1.day >= start ? $0 + $1.value : $0 }
    } else if case .rolling(let months) = period {
      standing.sum = counted.reduce(0) { $1.day.adding(months: months) > last ? $0 + $1.value : $0 }
    }
    standing.fall = climb.nextFall(turns[place...])
    return standing
  }

  /// The days on which the count gives another rung than before: of one day first what time does, then what was bought.
  private func turns(of days: [LadderDay], joined: CivilDay) -> [Turn] {
    switch period {
    case .rolling(let months): rollingTurns(of: days, months)
    case .calendar(_, let later), .anniversary(let later): periodTurns(of: days, later, joined)
    }
  }

  private func rollingTurns(of days: [LadderDay], _ months: Int) -> [Turn] {
    var turns: [Turn] = []
    var (sum, gone) = (Int64(0), 0)
    func leave(before day: CivilDay?) {
      while gone < days.count, case let leaves = days[gone].day.adding(months: months), day.map({ leaves <= $0 }) ?? true {
        sum -= days[gone].value
        gone += 1
        turns.append(Turn(day: leaves, level: level(sum), isBought: false))
      }
    }
    for day in days {
      leave(before: day.day)
      sum += day.value
      turns.append(Turn(day: day.day, level: level(sum), isBought: true))
    }
    leave(before: nil)
    return turns
  }

  private func periodTurns(of days: [LadderDay], _ later: Int, _ joined: CivilDay) -> [Turn] {
    var totals: [CivilDay: Int64] = [:]
    var turns: [Turn] = []
    for day in days { if let start = start(of: day.day, joined: joined) { totals[start, default: 0] += day.value } }
    /// What the periods before this one still give in it.
    func kept(_ start: CivilDay) -> Int {
      guard later > 0 else { return -1 }
      return (1...later).reduce(-1) { best, back in
        max(best, self.start(of: start, later: -back, joined: joined).map { level(totals[$0] ?? 0) } ?? -1)
      }
    }
    var running: (start: CivilDay, sum: Int64)?
    for day in days {
      guard let start = start(of: day.day, joined: joined) else { continue }
      if running?.start != start { running = (start, 0) }
      running?.sum += day.value
      turns.append(Turn(day: day.day, level: max(level(running?.sum ?? 0), kept(start)), isBought: true))
    }
    let starts = Set(
      totals.keys.flatMap { start in (1...later + 1).compactMap { self.start(of: start, later: $0, joined: joined) } })
    turns += starts.map { Turn(day: $0, level: kept($0), isBought: false) }
    return turns.sorted { $0.day == $1.day ? !$0.isBought && $1.isBought : $0.day < $1.day }
  }
}

/// From this day on the count alone gives this rung.
private struct Turn {
  let day: CivilDay
  let level: Int
  /// By a purchase, not by time.
  let isBought: Bool
}

/// The way up and down, turn by turn.
private struct Climb {
  let ladder: Ladder
  let joined: CivilDay
  var current = -1
  var since: CivilDay?
  private var level = -1
  private var pending: CivilDay?

  init(_ ladder: Ladder, joined: CivilDay) {
    self.ladder = ladder
    self.joined = joined
  }

  mutating func take(_ turn: Turn) {
    // What time takes on a day comes before what is bought on it.
    fall(through: turn.isBought ? turn.day : turn.day.adding(days: -1))
    level = turn.level
    if level > current { (current, since) = (level, turn.day) }
    if level == current {
      pending = nil
    } else if pending == nil {
      pending = turn.day.adding(days: ladder.graceDays)
    }
  }

  /// The steps down that are due.
  mutating func fall(through day: CivilDay) { while step(through: day) != nil {} }

  /// One step down, where it is due. - Returns: the day on which it came.
  mutating func step(through day: CivilDay) -> CivilDay? {
    guard let due = pending, due <= day else { return nil }
    current = ladder.descent == .oneStep ? max(level, current - 1) : level
    since = current >= 0 ? due : nil
    pending = current > level ? next(after: due) : nil
    return due
  }

  private func next(after day: CivilDay) -> CivilDay {
    ladder.start(of: day, later: 1, joined: joined)?.adding(days: ladder.graceDays) ?? day.adding(months: 1)
  }

  /// The first step down that comes by itself behind the turns that were taken.
  func nextFall(_ rest: ArraySlice<Turn>) -> LadderStanding.Fall? {
    guard current >= 0 else { return nil }
    var ahead = self
    func fall(on day: CivilDay) -> LadderStanding.Fall {
      LadderStanding.Fall(on: day, to: ahead.current >= 0 ? ahead.current : nil)
    }
    for turn in rest {
      if let day = ahead.step(through: turn.day.adding(days: -1)) { return fall(on: day) }
      ahead.take(turn)
    }
    return ahead.pending.flatMap { ahead.step(through: $0) }.map(fall)
  }
}
