import Conditions
import Kernel

/// When the points of one promotion become active and how long they live then, where not as the programme's do. They are lots of their
/// own, so that a return takes back exactly these.
public struct PointsCourse: Hashable, Sendable {
  public enum Start: Hashable, Sendable {
    case atOnce
    /// At the start of the day so many days after the purchase's.
    case days(Int)
    /// At the start of this day, and at once from then on.
    case on(CivilDay)
  }

  /// Nil: as the programme's.
  public var start: Start?
  /// Nil: as the programme's.
  public var life: Life?

  public init(start: Start? = nil, life: Life? = nil) {
    self.start = start
    self.life = life
  }

  /// What a purchase at this moment means by `start`; nil: as the programme's.
  public func activation(after event: Instant, in zone: Zone) -> Activation? {
    switch start {
    case nil: nil
    case .atOnce: .atOnce
    case .days(let count): .startOfDay(after: count)
    case .on(let day):
      switch Int(day.number) - Int(zone.civil(at: event).day.number) {
      case ...0: .atOnce
      case let days: .startOfDay(after: days)
      }
    }
  }

  /// - Parameter usual: the programme's own course, where it is known.
  public func days(after event: Instant, in zone: Zone, or usual: Course?) -> LotDays {
    let start = (activation(after: event, in: zone) ?? usual?.activation)?.start(after: event, in: zone)
    return LotDays(
      from: start.map { zone.civil(at: $0).day }, until: (life ?? usual?.life)?.lastDay(activeFrom: start, in: zone))
  }

  /// True where points that are earned on this day could never be spent.
  func isOver(on day: CivilDay) -> Bool {
    guard case .until(let last) = life else { return false }
    let first =
      switch start {
      case nil, .atOnce: day
      case .days(let count): day.adding(days: count)
      case .on(let date): max(day, date)
      }
    return first > last
  }
}

/// The days between which points may be spent.
public struct LotDays: Hashable, Sendable {
  /// Nil where somebody says so later.
  public var from: CivilDay?
  /// The last one; nil where they do not end, or a purchase moves their end.
  public var until: CivilDay?

  public init(from: CivilDay? = nil, until: CivilDay? = nil) {
    self.from = from
    self.until = until
  }
}

extension Life {
  fileprivate func lastDay(activeFrom start: Instant?, in zone: Zone) -> CivilDay? {
    switch self {
    case .forever, .sliding: return nil
    case .until(let day): return day
    case .days, .through:
      guard let start, let end = expiry(activeFrom: start, in: zone) else { return nil }
      return zone.civil(at: end).day.adding(days: -1)
    }
  }
}

/// How a programme's points come and go unless a promotion says otherwise, for the days of an answer.
public struct PointsCourses: Hashable, Sendable {
  public var zone: Zone
  /// Of points by rates, steps and units.
  public var byRate: Course
  /// Of points that are given once.
  public var once: Course

  public init(zone: Zone, byRate: Course, once: Course) {
    self.zone = zone
    self.byRate = byRate
    self.once = once
  }
}

/// Points of a promotion that come and go as it says itself.
public struct EarnedLot: Hashable, Sendable {
  /// The promotion's place in the rule book's list.
  public var promotion: Int
  public var points: Points
  public var days: LotDays

  public init(promotion: Int, points: Points, days: LotDays) {
    self.promotion = promotion
    self.points = points
    self.days = days
  }
}

extension Run {
  /// On which days what a rule earned may be spent; nil where it lives like the rest of the programme's points.
  func lot(of rule: CompiledRule, _ points: Points) -> EarnedLot? {
    guard let course = rule.course else { return nil }
    let courses = scope.courses
    let days = course.days(
      after: scene.basket.time, in: courses?.zone ?? scene.basket.store.zone,
      or: rule.benefit.isOnce ? courses?.once : courses?.byRate)
    return EarnedLot(promotion: rule.position, points: points, days: days)
  }
}
