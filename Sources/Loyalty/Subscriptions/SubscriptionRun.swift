import Kernel

/// What a member's subscription is made of: a sale, something that was given by hand, a trial, or a word that it is over.
public struct SubscriptionPeriod: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case sale, hand, trial
    /// Ends what runs at its moment; what is bought later begins anew.
    case cancel
  }

  public let id: SubscriptionPeriodID
  /// Who bought it.
  let owner: Int64
  /// Who has it now: the owner, or who stands for them.
  let holder: MemberID
  public let plan: String
  public let kind: Kind
  public let receipt: ReceiptID?
  /// When it was sold, found its member, or was given.
  public let at: Instant
  /// How many were sold, and how many of them were not returned.
  public let units: Int64
  public var left: Int64
  /// Of one unit, as the plan said at the time.
  public let length: SubscriptionPlan.Length
  let graceDays: Int
  let tier: TierID
  /// What was paid for it.
  public let amount: Money
  /// Its lines on the receipt.
  let lines: [Int]
  /// It counts towards tiers.
  let counts: Bool
  /// As the audit trail writes them; the till's sales have none.
  public let actor: String?
  public let reason: String?
}

/// One stretch of a subscription without a gap.
public struct SubscriptionRun: Hashable, Sendable {
  public let since: Instant
  /// The last day that is paid for.
  public var lastDay: CivilDay
  /// When the paid time is over.
  public var ends: Instant
  /// When the tier goes: the end and the days of grace.
  public var until: Instant
  /// How often it was prolonged.
  public var renewals: Int
  public var cancelledAt: Instant?
  var tier: TierID
  /// Months are counted from one day on, so that the 31st comes again behind a February.
  private var anchor: (day: CivilDay, months: Int)

  /// When it is over, whatever ended it.
  public var over: Instant { min(until, cancelledAt ?? until) }

  public func isActive(at now: Instant) -> Bool { since <= now && now < over }

  fileprivate init(_ period: SubscriptionPeriod, _ zone: Zone) {
    since = period.at
    (renewals, cancelledAt, tier) = (0, nil, period.tier)
    let day = zone.civil(at: period.at).day
    (lastDay, ends, until, anchor) = (day, period.at, period.at, (day, 0))
    add(period, zone)
  }

  private mutating func add(_ period: SubscriptionPeriod, _ zone: Zone) {
    tier = period.tier
    let units = Int(period.left)
    switch period.length {
    case .days(let days):
      lastDay = lastDay.adding(days: days * units)
      anchor = (lastDay, 0)
    case .months(let months):
      anchor.months += months * units
      lastDay = anchor.day.adding(months: anchor.months)
    }
    ends = zone.instant(lastDay.adding(days: 1))
    until = zone.instant(lastDay.adding(days: 1 + period.graceDays))
  }

  /// Goes on from the end; nil where that would be over before the purchase, which then begins anew.
  private func prolonged(by period: SubscriptionPeriod, _ zone: Zone) -> SubscriptionRun? {
    var next = self
    next.add(period, zone)
    next.renewals += 1
    return next.ends > period.at ? next : nil
  }

  /// The stretches that periods come to, oldest first. Depends on nothing but the periods, so that whatever is taken out again leaves what
  /// would have been without it.
  static func runs(of periods: [SubscriptionPeriod], in zone: Zone) -> [SubscriptionRun] {
    var runs: [SubscriptionRun] = []
    for period in periods.sorted(by: { ($0.at, $0.id) < ($1.at, $1.id) }) {
      let isRunning = runs.last.map { period.at < $0.over } ?? false
      if period.kind == .cancel {
        if isRunning { runs[runs.count - 1].cancelledAt = period.at }
      } else if period.left > 0 {
        if isRunning, let last = runs.last, let next = last.prolonged(by: period, zone) {
          runs[runs.count - 1] = next
        } else {
          runs.append(SubscriptionRun(period, zone))
        }
      }
    }
    return runs
  }

  public static func == (a: Self, b: Self) -> Bool {
    a.since == b.since && a.lastDay == b.lastDay && a.until == b.until && a.renewals == b.renewals && a.cancelledAt == b.cancelledAt
      && a.tier == b.tier
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(since)
    hasher.combine(lastDay)
  }
}
