/// A time zone as a value: when its offset from UTC changed and to what. The front door reads it from the system's zone
/// files and passes it in, so that the engines below need neither files nor Foundation.
public struct Zone: Hashable, Sendable {
  public struct Transition: Hashable, Sendable {
    /// Seconds since 1970 UTC from which `offset` holds.
    public let at: Int64
    /// Seconds east of Greenwich.
    public let offset: Int32
    public init(at: Int64, offset: Int32) {
      self.at = at
      self.offset = offset
    }
  }

  /// The IANA name, for example `Europe/Moscow`.
  public let name: String
  /// The offset before the first transition.
  public let initial: Int32
  /// Ascending by `at`.
  public let transitions: [Transition]

  public init(name: String, initial: Int32, transitions: [Transition]) {
    precondition(zip(transitions, transitions.dropFirst()).allSatisfy { $0.at < $1.at }, "transitions ascend")
    self.name = name
    self.initial = initial
    self.transitions = transitions
  }

  public static var utc: Zone { Zone(name: "UTC", initial: 0, transitions: []) }
  /// Moscow's offset since 2014, for tests and examples that need no zone file.
  public static var moscow: Zone { Zone(name: "Europe/Moscow", initial: 10_800, transitions: []) }

  /// Seconds east of Greenwich at the instant. Costs a binary search.
  public func offset(at instant: Instant) -> Int32 {
    let second = instant.seconds
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].at <= second { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initial : transitions[low - 1].offset
  }

  /// What the wall calendar and clock show.
  public func civil(at instant: Instant) -> CivilTime {
    let local = instant.seconds + Int64(offset(at: instant))
    let day = local >= 0 ? local / 86_400 : -((-local + 86_399) / 86_400)
    return CivilTime(day: CivilDay(number: Int32(day)), clock: Clock(second: Int32(local - day * 86_400)))
  }

  /// When the wall shows this day and time. A time that the clocks skip is read with the offset before the change, one that
  /// they show twice is the first of the two.
  public func instant(_ day: CivilDay, _ clock: Clock = .midnight) -> Instant {
    let local = Int64(day.number) * 86_400 + Int64(clock.second)
    let before = offset(at: Instant(seconds: local - 86_400))
    let candidate = Instant(seconds: local - Int64(before))
    let after = offset(at: Instant(seconds: local + 86_400))
    if before == after || offset(at: candidate) == before { return candidate }
    let later = Instant(seconds: local - Int64(after))
    return offset(at: later) == after ? later : candidate
  }

  /// The business day that an instant belongs to, where a day begins at `dayStart`: a sale at 01:30 in a shop whose day
  /// begins at 04:00 is yesterday's.
  public func businessDay(at instant: Instant, dayStart: Clock) -> CivilDay {
    let civil = civil(at: instant)
    return civil.clock < dayStart ? civil.day.adding(days: -1) : civil.day
  }
}

public struct CivilTime: Hashable, Sendable {
  public let day: CivilDay
  public let clock: Clock
  @inlinable public init(day: CivilDay, clock: Clock) {
    self.day = day
    self.clock = clock
  }
}
