import Kernel
import Storage

/// How far a figure lies from what is usual, robustly: the modified z-score of Iglewicz and Hoaglin, 0.6745 · (x − median) / MAD, where MAD is
/// the median of the distances from the median (B. Iglewicz, D. Hoaglin, “How to Detect and Handle Outliers”, 1993, section 3.3). One thief
/// among twenty cashiers moves neither. Where more than half of all figures are equal MAD is nought; then the mean distance takes its place
/// with its own factor, 1 / 1.253314. In whole numbers throughout.
public struct Usual: Hashable, Sendable {
  /// Fewer observations than this say nothing.
  public static let least = 20
  /// From here on the authors call a figure an outlier: 3.5, in hundredths.
  public static let outlier: Int64 = 350

  public let median: Int64
  public let count: Int
  private let spread: Int64
  private let isMean: Bool

  /// Nil where there are too few observations, or no two differ.
  public init?(_ values: [Int64]) {
    guard values.count >= Self.least else { return nil }
    (median, count) = (Self.median(of: values), values.count)
    let center = median
    let distances = values.map { abs($0 - center) }
    let middle = Self.median(of: distances)
    isMean = middle == 0
    spread = isMean ? distances.reduce(0, +) * 1_000 / Int64(distances.count) : middle
    guard spread > 0 else { return nil }
  }

  /// Of two in the middle the lower one: a figure that was really seen.
  static func median(of values: [Int64]) -> Int64 { values.sorted()[(values.count - 1) / 2] }

  /// In hundredths, rounded towards nought; above nought where the figure is higher than usual.
  public func score(of value: Int64) -> Int64 {
    let distance = value - median
    // The mean distance is kept in thousandths.
    return isMean
      ? scaled(distance, by: 100_000_000_000, over: 1_253_314 * spread, .down)
      : scaled(distance, by: 6_745, over: 100 * spread, .down)
  }
}

/// One figure that is far from the usual.
public struct UnusualSign: Hashable, Sendable {
  public enum What: String, Sendable, CaseIterable {
    /// Receipts with a member, in millionths of all.
    case cardShare
    /// Receipts of one member.
    case oneMember
    /// Returns and cancellations, in millionths of receipts.
    case backShare
    /// What promotions took off, in millionths of the full price.
    case discountShare
    /// Points spent on one receipt with a member, in smallest units.
    case spent
    /// Receipts of a member in one day.
    case receipts
    /// Money of a member in one day.
    case amount
    /// Minutes between two stores: the figure itself is the sign, and no score stands beside it.
    case hop
  }

  public let what: What
  public let day: CivilDay
  public let value: Int64
  /// The median of the store, or of members; nil for `hop`.
  public let usual: Int64?
  /// In hundredths.
  public let score: Int64
}

/// A cashier or member with what is unusual about them, the most unusual first.
public struct UnusualSubject: Hashable, Sendable {
  public let place: GuardPlace
  public let signs: [UnusualSign]
  /// Of the day of the first sign.
  public let receipts: GuardReceipts
  /// How many days of the store, or of members, the usual was found from.
  public let observations: Int

  public var score: Int64 { signs.first?.score ?? 0 }
}

/// The report of unusual cashiers and members: days of the last week against the last three months of the same store. It reads rows of days,
/// `Limits.guardRows` of a store at most, and no receipt.
public struct UnusualReport: Sendable {
  /// Days that are looked at, and those that say what is usual.
  public static let lookedAt = 7
  public static let history = 90
  /// A cashier's day with fewer receipts says nothing about shares.
  static let leastReceipts: Int64 = 10
  /// Two stores within so many minutes are one card in two hands.
  static let hopMinutes: Int64 = 30
  private static let stores = 200

  let programme: Programme

  public init(of programme: Programme) { self.programme = programme }

  /// Cashiers of the programme's stores whose figures are outliers of their own store, sorted by how far. One statement for the week, one for
  /// each store in it, `stores` at most.
  public func cashiers(through today: CivilDay, limit: Int = 50, in tx: inout Transaction) throws -> [UnusualSubject] {
    let week = today.adding(days: 1 - Self.lookedAt)...today
    let recent = try tx.rows(GuardSQL.all(.cashier, week, programme.id, programme.account, Limits.guardRows)).map(GuardSQL.day)
    var found: [UnusualSubject] = []
    for (store, days) in Dictionary(grouping: recent, by: \.place.store).sorted(by: { $0.key < $1.key }).prefix(Self.stores) {
      let past = today.adding(days: 1 - Self.history)...today
      let history = try tx.rows(GuardSQL.store(.cashier, store, past, programme.id, programme.account, Limits.guardRows))
        .map(GuardSQL.day)
      found += Self.unusual(days, among: history, Self.ofCashiers)
    }
    return Array(found.sorted(by: Self.comes).prefix(limit))
  }

  /// Members who came unusually often, spent unusually much, or were in two stores within minutes. The usual is found from a sample of the
  /// programme's members, two hundred of each of the last thirty days.
  public func members(through today: CivilDay, limit: Int = 50, in tx: inout Transaction) throws -> [UnusualSubject] {
    let week = today.adding(days: 1 - Self.lookedAt)...today
    let busy = try tx.rows(GuardSQL.busy(week, programme.id, programme.account, Limits.page)).map(GuardSQL.day)
    guard !busy.isEmpty else { return [] }
    let statements = (0..<30).map { back in
      let day = today.adding(days: -back)
      return GuardSQL.store(.member, StoreID(0), day...day, programme.id, programme.account, 200)
    }
    let sample = try tx.answers(toEach: statements).flatMap { $0 }.map(GuardSQL.day)
    return Array(Self.unusual(busy, among: sample, Self.ofMembers).sorted(by: Self.comes).prefix(limit))
  }

  /// `least` is how far a figure lies above the usual at the least: where nearly all figures are equal any other has a high score.
  typealias Reading = (what: UnusualSign.What, least: Int64, value: @Sendable (GuardDay) -> Int64?)

  static let ofCashiers: [Reading] = [
    (.cardShare, 50_000, { share($0.figures.named, of: $0.figures.receipts, where: $0.figures.receipts >= leastReceipts) }),
    (.oneMember, 2, { $0.figures.receipts >= leastReceipts ? $0.figures.peak : nil }),
    (
      .backShare, 30_000,
      {
        share(
          $0.figures.returns + $0.figures.cancelled, of: $0.figures.receipts + $0.figures.cancelled,
          where: $0.figures.receipts >= leastReceipts)
      }
    ),
    (
      .discountShare, 20_000,
      {
        share(
          $0.figures.discount.minor, of: $0.figures.amount.minor + $0.figures.discount.minor,
          where: $0.figures.receipts >= leastReceipts)
      }
    ),
    (.spent, 1, { $0.figures.named >= leastReceipts / 2 ? $0.figures.spent.units / max(1, $0.figures.named) : nil }),
  ]

  static let ofMembers: [Reading] = [(.receipts, 2, { $0.figures.named }), (.amount, 1, { $0.figures.amount.minor })]

  private static func share(_ part: Int64, of whole: Int64, where counts: Bool) -> Int64? {
    counts && whole > 0 && part >= 0 ? scaled(part, by: 1_000_000, over: whole, .down) : nil
  }

  /// Whose days are outliers among all of these, each with its most unusual day for each figure. Higher than usual only: a cashier who gives
  /// less than others takes nothing.
  static func unusual(_ days: [GuardDay], among history: [GuardDay], _ readings: [Reading]) -> [UnusualSubject] {
    var signs: [GuardPlace: [UnusualSign]] = [:]
    var observations = 0
    for (what, least, value) in readings {
      guard let usual = Usual(history.compactMap(value)) else { continue }
      observations = max(observations, usual.count)
      for day in days {
        guard let figure = value(day) else { continue }
        let score = usual.score(of: figure)
        guard score >= Usual.outlier, figure - usual.median >= least else { continue }
        signs[day.place, default: []].append(
          UnusualSign(what: what, day: day.day, value: figure, usual: usual.median, score: score))
      }
    }
    for day in days {
      guard let hop = day.hop, hop <= hopMinutes else { continue }
      signs[day.place, default: []].append(UnusualSign(what: .hop, day: day.day, value: hop, usual: nil, score: Usual.outlier))
    }
    return signs.map { place, all in
      let sorted = all.sorted { ($0.score, $0.day) > ($1.score, $1.day) }
      let best = UnusualSign.What.allCases.compactMap { what in sorted.first { $0.what == what } }
        .sorted { ($0.score, $0.day) > ($1.score, $1.day) }
      let receipts = days.first { $0.place == place && $0.day == best.first?.day }?.receipts ?? GuardReceipts([])
      return UnusualSubject(place: place, signs: best, receipts: receipts, observations: observations)
    }
  }

  private static func comes(_ a: UnusualSubject, before b: UnusualSubject) -> Bool {
    a.score == b.score ? a.place < b.place : a.score > b.score
  }
}

/// One subject's days, for a page about it.
public struct GuardHistory: Sendable {
  public let days: [GuardDay]
  /// Whom a cashier or till saw most often in the last week, or whose a card is: receipts in all and points.
  public let members: [(member: MemberID, receipts: Int64, points: Points)]

  public static func read(
    _ place: GuardPlace, of programme: Programme, through today: CivilDay, in tx: inout Transaction
  ) throws -> GuardHistory {
    let span = today.adding(days: 1 - UnusualReport.history)...today
    let days = try tx.rows(GuardSQL.days(place, span, programme.id, programme.account)).map(GuardSQL.day)
    let week = today.adding(days: 1 - UnusualReport.lookedAt)...today
    if place.kind == .card, let owner = days.last(where: { !$0.receipts.places.isEmpty })?.receipts.places.first?.owner {
      let sum = days.filter { week.contains($0.day) }.reduce(GuardFigures()) { $0 + $1.figures }
      return GuardHistory(days: days, members: [(MemberID(owner), sum.named, sum.earned)])
    }
    guard place.kind == .cashier || place.kind == .register else { return GuardHistory(days: days, members: []) }
    let rows = try tx.rows(GuardSQL.most(place, week, programme.id, programme.account, 10))
    return GuardHistory(days: days, members: rows.map { ($0.id(0), $0.int(1), $0.points(2)) })
  }
}
