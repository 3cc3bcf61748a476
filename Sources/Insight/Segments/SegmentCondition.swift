import Conditions
import Cube
import Customers
import Kernel

/// Who is in a segment: what people bought, when and how often, who they are, and all, any and none of that.
///
/// Questions about the member are those of promotions (`Condition`), goods are chosen by the same filters; what people did over time is
/// asked here alone, because a till does not know it.
public indirect enum SegmentCondition: Hashable, Sendable {
  case all([SegmentCondition])
  case any([SegmentCondition])
  case none([SegmentCondition])
  /// So much of these goods within the window.
  case bought(Purchase, Amount, Bounds)
  /// The last such purchase was so many days ago; whoever never made one is not meant.
  case lastBought(Purchase, daysAgo: Bounds)
  /// A purchase within the window, and within some days after it another, or none.
  case sequence(Purchase, then: ProductFilter, within: Int, happens: Bool)
  /// So many such events of theirs on sites and in apps; nought of them is an answer, too.
  case did(Deed, Bounds)
  /// What the member scores in RFM.
  case scored(Scores)
  /// So many points, or so many that end within so many days.
  case points(endingWithin: Int?, Bounds)
  /// So many coupons of the member's own that can still be used.
  case coupons(HeldCoupons, Bounds)
  /// Has activated such an offer, and it holds still.
  case offers(HeldOffers)
  /// One of these consents stands, and has stood for so many days without a break.
  case agreed([Consent], daysAgo: Bounds)
  /// A question that promotions ask of a member, too: kinds, tiers, privileges, segments, attributes, birthday, household, consents.
  case member(Condition)
  /// Has an identifier of one of these kinds; one that was proved to be the member's.
  case identified([IdentifierKind], isVerified: Bool)
  case sex(MemberSex)
  /// Whole years.
  case age(Bounds)
  case cities([String])
  /// Whole days since the member joined.
  case joined(daysAgo: Bounds)
  /// A share of all members by chance, the same for the same salt.
  case random(share: Rate, salt: String)

  public enum MemberSex: String, CaseIterable, Sendable { case female, male }

  /// Which events count, and on which days by the programme's clock.
  public struct Deed: Hashable, Sendable {
    public var filter: EventFilter
    public var window = Window.always
    public init(_ kind: EventKind) { filter = EventFilter(kind) }
  }

  /// What a purchase must be like.
  public struct Purchase: Hashable, Sendable {
    public var goods = ProductFilter.everything
    /// Codes; none named: any.
    public var stores: [String] = []
    public var cities: [String] = []
    public var window = Window.always
    /// 1 Monday … 7 Sunday; none named: any.
    public var weekdays: [Int] = []
    public var hours: ClosedRange<Int>?
    public var manner = Manner()
    public init() {}
  }

  public enum Window: Hashable, Sendable {
    case always
    /// So many business days, the one as of which is asked included.
    case last(Int)
    case between(CivilDay, CivilDay)
  }

  public enum Amount: String, CaseIterable, Sendable {
    case receipts, visits, money, units, averageReceipt, products

    var engine: HistoryQuestion.Bought.Amount {
      switch self {
      case .receipts: .receipts
      case .visits: .visits
      case .money: .money
      case .units: .units
      case .averageReceipt: .averageReceipt
      case .products: .products
      }
    }
  }

  /// Conditions that a segment may have, nested ones counted.
  public static let mostParts = 64

  public var size: Int {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.reduce(1) { $0 + $1.size }
    default: 1
    }
  }

  /// The conditions that all have to hold, for whoever counts what each takes away.
  public var parts: [SegmentCondition] { if case .all(let parts) = self { parts } else { [self] } }

  /// Of a condition that is made of others, those; nobody sees one where "not bought" is said.
  var members: [SegmentCondition] {
    switch self {
    case .all(let parts), .any(let parts): parts
    case .none(let parts): parts.count > 1 ? parts : []
    default: []
    }
  }

  /// Everything that is asked of events.
  var deeds: [Deed] {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.flatMap(\.deeds)
    case .did(let deed, _): [deed]
    default: []
    }
  }

  /// Everything that is asked of marks.
  var scores: [Scores] {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.flatMap(\.scores)
    case .scored(let scores): [scores]
    default: []
    }
  }

  /// Whether what members have of points is asked.
  var asksPoints: Bool {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.contains(where: \.asksPoints)
    case .points: true
    default: false
    }
  }

  /// Within how many days points are asked to end.
  var endings: [Int] {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.flatMap(\.endings)
    case .points(let days?, _): [days]
    default: []
    }
  }

  /// Segments that are named, so that nothing is taken from under another.
  public var namedSegments: [SegmentID] {
    switch self {
    case .all(let parts), .any(let parts), .none(let parts): parts.flatMap(\.namedSegments)
    case .member(.segments(let ids)): Array(ids)
    default: []
    }
  }
}
