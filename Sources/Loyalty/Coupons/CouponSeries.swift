import Access
import Kernel

/// Coupons that unlock the same promotions: rules name the series by its code.
public struct CouponSeriesDetails: Coded {
  public typealias Of = Entity.CouponSeries
  public static var noun: String { "coupon_series" }

  public enum Kind: String, Sendable, CaseIterable {
    /// One code for everybody: the series' own. Limits of the promotion say how often.
    case general
    /// A code for each coupon, good once.
    case unique
  }

  /// Unique in the programme whatever its case.
  public let code: String
  public let name: LocalText
  /// Fixed once the series is made.
  public let kind: Kind
  /// Good from the first instant until before the second; nil: open.
  public let from: Instant?
  public let until: Instant?
  /// A unique coupon is good from the start of the day so many days after it was issued …
  public let daysBefore: Int
  /// … for so many days, through the end of the last; nil: as long as the series.
  public let daysGood: Int?
  public let pattern: CodePattern
  /// Nothing more is issued, and no till takes what is out.
  public let isClosed: Bool

  public init(
    code: String, name: LocalText, kind: Kind = .unique, from: Instant? = nil, until: Instant? = nil, daysBefore: Int = 0,
    daysGood: Int? = nil, pattern: CodePattern = CodePattern(), isClosed: Bool = false
  ) {
    self.code = code
    self.name = name
    self.kind = kind
    self.from = from
    self.until = until
    self.daysBefore = daysBefore
    self.daysGood = daysGood
    self.pattern = pattern
    self.isClosed = isClosed
  }

  public var json: JSON {
    .object([
      "name": .object(["ru": .string(name.ru), "en": .string(name.en)]), "kind": .string(kind.rawValue),
      "from": from.map { .string($0.text) }, "until": until.map { .string($0.text) },
      "daysBefore": daysBefore == 0 ? nil : .int(Int64(daysBefore)), "daysGood": daysGood.map { .int(Int64($0)) },
      "pattern": kind == .unique ? pattern.json : nil, "closed": isClosed ? true : nil,
    ])
  }

  /// Reads what `json` wrote; what is wrong is noted.
  public init?(code: String, _ node: JSONNode) {
    node.expect("name", "kind", "from", "until", "daysBefore", "daysGood", "pattern", "closed")
    node["name"].expect("ru", "en")
    guard node["name"].required(), let ru = node["name"]["ru"].text(), let en = node["name"]["en"].text() else { return nil }
    self.init(
      code: code, name: LocalText(ru: ru, en: en), kind: node["kind"].word() ?? .unique, from: node["from"].instant(),
      until: node["until"].instant(), daysBefore: Int(node["daysBefore"].int(0...3_650) ?? 0),
      daysGood: node["daysGood"].int(1...3_650).map { Int($0) }, pattern: CodePattern(node["pattern"]),
      isClosed: node["closed"].bool() ?? false)
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name.ru, at: pointer + "/name/ru", issues)
    checkName(name.en, at: pointer + "/name/en", issues)
    if let from, let until, from >= until { issues.add(pointer + "/until", "bounds_crossed", "until must be later than from") }
    if let daysGood, !(1...3_650).contains(daysGood) {
      issues.add(pointer + "/daysGood", "out_of_range", "a coupon is good for 1 to 3650 days")
    }
    if !(0...3_650).contains(daysBefore) {
      issues.add(pointer + "/daysBefore", "out_of_range", "a coupon begins at most 3650 days after it is issued")
    }
    if kind == .unique { pattern.check(at: pointer + "/pattern", issues) }
  }

  /// True where receipts may bring its coupons: a code for each, long enough that `Limits.couponOdds` possible ones stand behind each of as
  /// many as the largest batch has. Nobody counts what receipts bring.
  public var mayBeBrought: Bool { kind == .unique && pattern.space / Limits.couponOdds >= Limits.couponBatch }

  /// From when until when a coupon that is issued now is good.
  func span(issuedAt now: Instant, in zone: Zone) -> (from: Instant?, until: Instant?) {
    let start = daysBefore == 0 ? nil : zone.instant(zone.civil(at: now).day.adding(days: daysBefore))
    let end = daysGood.map { zone.instant(zone.civil(at: start ?? now).day.adding(days: $0)) }
    return ([from, start].compactMap { $0 }.max(), [until, end].compactMap { $0 }.min())
  }
}

/// One unique coupon.
public struct Coupon: Hashable, Sendable {
  public enum State: Int64, Sendable, CaseIterable { case issued = 0, used, void }

  /// In capitals, as it is printed.
  public let code: String
  public let series: CouponSeriesID
  public let batch: CouponBatchID?
  /// Whose it is; nil: whoever shows it.
  public let member: MemberID?
  public let state: State
  public let issuedAt: Instant
  public let from: Instant?
  public let until: Instant?
  /// The receipt it was used on, and when.
  public let usedOn: ReceiptID?
  /// Whose receipt that is: the member's, or the store's where nobody was named.
  public let usedOwner: Int64?
  public let usedAt: Instant?
  /// Set aside for an open basket until then.
  public let hold: HoldID?
  public let heldUntil: Instant?
}

extension Coupon {
  /// What can happen to a coupon of a member's own.
  public enum Moment: String, Sendable { case issued, used }
}

/// A moment of a coupon with a place of its own among the ids of other things: coupons have none, and many are given at one time. The place
/// has the moment's millisecond and, where an id has node and number, bits of the code.
public struct CouponMoment: Sendable {
  public let place: Int64
  public let at: Instant
  public let moment: Coupon.Moment
  public let coupon: Coupon
  public private(set) var series: CouponSeriesDetails?

  init?(_ moment: Coupon.Moment, of coupon: Coupon) {
    guard let at = moment == .issued ? coupon.issuedAt : coupon.usedAt else { return nil }
    var hash = StableHash()
    hash.mix(moment.rawValue)
    hash.mix(coupon.code)
    place = AuditID(least: at).raw | Int64(hash.value & 0x3f_ffff)
    (self.at, self.moment, self.coupon) = (at, moment, coupon)
  }

  static func millis(_ at: Instant) -> Int64 { at.micros / 1_000 }

  func named(_ series: CouponSeriesDetails) -> CouponMoment {
    var named = self
    named.series = series
    return named
  }
}
