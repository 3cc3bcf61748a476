import Calculator
import Conditions
import Kernel

// Stamps among the tallies: `uses` counts what was put on a card on a day, `points` what was taken of that day's. So a return undoes both
// like any other use. What a return takes back and somebody has used stays below zero until other stamps make up for it.
extension Given {
  static func stamps(given: Int64, taken: Int64) -> Given { Given(uses: given, points: Points(units: taken)) }

  var stampsGiven: Int64 { uses }
  var stampsTaken: Int64 { points.units }
  var stampsLeft: Int64 { uses - points.units }
}

extension Tally {
  /// Adds to a day of stamps. Days that are too many flow together, the oldest first.
  mutating func stamp(_ given: Given, on day: CivilDay) {
    if let place = latest.firstIndex(where: { $0.day <= day }), latest[place].day == day {
      add(given, at: place)
    } else if latest.count >= Limits.stampDays, let oldest = latest.last, day < oldest.day {
      add(given, at: latest.count - 1)
    } else {
      latest.insert(Day(day: day, given: given), at: latest.firstIndex { $0.day < day } ?? latest.count)
      if latest.count > Limits.stampDays { add(latest.removeLast().given, at: latest.count - 1) }
    }
    total = latest.reduce(.nothing) { $0 + $1.given }
  }

  private mutating func add(_ given: Given, at place: Int) {
    latest[place].given = latest[place].given + given
    if latest[place].given == .nothing { latest.remove(at: place) }
  }

  /// Days whose stamps live, latest first.
  func living(_ life: StampCard.Life, on today: CivilDay) -> [Day] {
    switch life {
    case .forever: return latest
    case .until(let last): return today <= last ? latest.filter { $0.day <= last } : []
    case .through(let period): return latest.filter { period.start(of: $0.day) == period.start(of: today) }
    case .days(let days):
      // Each day keeps the one before it alive, where that lies near enough.
      var (alive, next): ([Day], CivilDay) = ([], today)
      for day in latest {
        guard day.day.adding(days: days) >= next else { break }
        alive.append(day)
        next = min(next, day.day)
      }
      return alive
    }
  }

  func stamps(_ life: StampCard.Life, on today: CivilDay) -> Int64 {
    living(life, on: today).reduce(0) { $0 + $1.given.stampsLeft }
  }
}

extension Wallet {
  /// What is on a card; never below nothing.
  public func stamps(on card: StampCard, at today: CivilDay) -> Int64 {
    max(0, stampsLeft(on: card, at: today))
  }

  /// The same, below nothing where stamps are owed.
  func stampsLeft(on card: StampCard, at today: CivilDay) -> Int64 { given(card.tally)?.stamps(card.life, on: today) ?? 0 }

  /// The last day on which what is on the card lives; nil: without end, or nothing is there.
  public func lastDay(of card: StampCard, at today: CivilDay) -> CivilDay? {
    (given(card.tally)?.living(card.life, on: today).first?.day).flatMap(card.lastDay)
  }

  /// Stamps that move, as uses: taken from the oldest that live; what is not there is taken of the day itself.
  func stampUses(_ moved: [String: (given: Int64, taken: Int64)], _ cards: [StampCard], on day: CivilDay) -> [Use] {
    guard !moved.isEmpty else { return [] }
    var uses: [Use] = []
    for card in cards {
      guard let (given, taken) = moved[card.code] else { continue }
      var byDay: [CivilDay: Given] = [:]
      var left = taken
      for one in (self.given(card.tally)?.living(card.life, on: day) ?? []).reversed() where left > 0 {
        let part = min(left, max(0, one.given.stampsLeft))
        guard part > 0 else { continue }
        byDay[one.day] = .stamps(given: 0, taken: part)
        left -= part
      }
      if given > 0 || left > 0 { byDay[day] = (byDay[day] ?? .nothing) + .stamps(given: given, taken: left) }
      uses += byDay.sorted { $0.key < $1.key }.map { Use(promotion: card.tally, day: $0.key, given: $0.value) }
    }
    return uses
  }

  /// Forgets days of stamps that are over or used up, once there is no room for more: until then a card whose life is made longer brings
  /// them back, and returns undo days of long ago.
  mutating func sweepStamps(_ cards: [StampCard], on today: CivilDay) {
    for card in cards {
      guard let place = tallies.firstIndex(where: { $0.promotion == card.tally }),
        tallies[place].latest.count >= Limits.stampDays
      else { continue }
      let alive = Set(tallies[place].living(card.life, on: today).map(\.day))
      let yesterday = today.adding(days: -1)
      tallies[place].latest.removeAll { day in
        day.day < yesterday && (!alive.contains(day.day) || day.given.stampsLeft == 0 && !card.life.isOfDays)
      }
      tallies[place].total = tallies[place].latest.reduce(.nothing) { $0 + $1.given }
      if tallies[place].latest.isEmpty { tallies.remove(at: place) }
    }
  }
}

extension StampCard.Life {
  fileprivate var isOfDays: Bool { if case .days = self { true } else { false } }
}

extension [Use] {
  /// Only the stamps that they take, as a hold sets them aside: what a receipt brings is there when it is paid.
  var settingAside: [Use] {
    compactMap { use in
      guard StampTally.owns(use.promotion) else { return use }
      guard use.given.stampsTaken > 0 else { return nil }
      return Use(promotion: use.promotion, day: use.day, given: .stamps(given: 0, taken: use.given.stampsTaken))
    }
  }

  /// What these put on a card and took off it.
  public func stamps(of card: StampCard) -> (given: Int64, taken: Int64) {
    var sum: (given: Int64, taken: Int64) = (0, 0)
    for use in self where use.promotion == card.tally {
      sum.given += use.given.stampsGiven
      sum.taken += use.given.stampsTaken
    }
    return sum
  }
}
