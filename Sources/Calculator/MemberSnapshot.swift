import Conditions
import Kernel

/// A member as of the instant of the calculation: everything rules may ask, nothing they may not.
public struct MemberSnapshot: Hashable, Sendable {
  public var id: MemberID
  public var kind: MemberKind
  /// Only a possessed or verified identifier may spend; a typed one earns.
  public var maySpend: Bool
  public var tier: TierID?
  /// Sorted ascending.
  public var segments: [SegmentID]
  public var birthday: CivilDay?
  /// Codes of the favourite categories chosen for the moment of the sale.
  public var favourites: [String] = []
  public var attributes: [String: AttributeValue]
  /// When the member joined, where rules ask for it: a receipt keeps the days since then among its counters instead.
  public var joinedAt: Instant?
  /// Purchases so far that were not fully returned.
  public var purchases: Int64
  /// Further counters by name; `purchases` is one of itself.
  public var counters: [String: Int64]
  /// Spendable points in the order in which they burn.
  public var pools: [PointsPool]
  /// Points already spent on the day of the sale.
  public var spentToday: Points
  /// Uses of promotions that are limited per member.
  public var usage: [PromotionID: MemberUsage]
  /// That stand at the moment.
  public var consents = Consents()
  /// What the member activated, over or not.
  public var offers: [ActivatedOffer] = []
  /// Which household the member is in. What it means to rules – how many they are, what they bought and have – is read with their wallets and
  /// stands in counters, usage and pools; this only says where to look.
  public var household: HouseholdID?

  public init(
    id: MemberID, kind: MemberKind = .person, maySpend: Bool = true, tier: TierID? = nil, segments: [SegmentID] = [],
    birthday: CivilDay? = nil, attributes: [String: AttributeValue] = [:], purchases: Int64 = 0, counters: [String: Int64] = [:],
    pools: [PointsPool] = [], spentToday: Points = .zero, usage: [PromotionID: MemberUsage] = [:]
  ) {
    self.id = id
    self.kind = kind
    self.maySpend = maySpend
    self.tier = tier
    self.segments = segments.sorted()
    self.birthday = birthday
    self.attributes = attributes
    self.purchases = purchases
    self.counters = counters
    self.pools = pools
    self.spentToday = spentToday
    self.usage = usage
  }
}

extension MemberSnapshot {
  private static var privilege: String { "privilege/" }

  /// Codes of what the member's tier brings. Receipts keep them among the counters, where rules ask for them.
  public var privileges: [String] {
    get { counters.keys.filter { $0.hasPrefix(Self.privilege) }.map { String($0.dropFirst(Self.privilege.utf8.count)) }.sorted() }
    set {
      counters = counters.filter { !$0.key.hasPrefix(Self.privilege) }
      for code in newValue { counters[Self.privilege + code] = 1 }
    }
  }

  func hasPrivilege(among codes: [String]) -> Bool { codes.contains { counters[Self.privilege + $0] != nil } }
}

extension MemberSnapshot {
  /// The activation of the promotion that holds at the moment; nil where none does.
  public func activation(of promotion: PromotionID, at time: Instant) -> ActivatedOffer? {
    let uses = usage[promotion]?.uses ?? 0
    return offers.first { $0.promotion == promotion && $0.holds(at: time, uses: uses) }
  }
}

/// Points that may pay for the same goods.
public struct PointsPool: Hashable, Sendable {
  public var amount: Points
  /// Nil: for everything that points may pay for.
  public var only: ProductFilter?
  public init(amount: Points, only: ProductFilter? = nil) {
    self.amount = amount
    self.only = only
  }
}

/// What a member had of a promotion, reserved and posted together. Money and points are told only of promotions that limit them per
/// member.
public struct MemberUsage: Hashable, Sendable {
  public var all: Used
  /// On the business day of the sale.
  public var day: Used
  public var uses: Int64 { all.uses }
  public var today: Int64 { day.uses }

  public init(all: Used, day: Used) {
    self.all = all
    self.day = day
  }

  public init(uses: Int64 = 0, today: Int64 = 0) { self.init(all: Used(uses: uses), day: Used(uses: today)) }
}

/// How far the limits and budgets that all tills share are used up, reserved and posted together.
public struct SharedUsage: Hashable, Sendable {
  /// In the whole chain.
  public var all: Used
  /// In this store.
  public var store: Used
  /// In this store on this business day.
  public var storeDay: Used
  /// In the whole chain on this business day.
  public var day: Used
  public var storeToday: Int64 { storeDay.uses }
  public var uses: Int64 { all.uses }
  public var money: Money { all.money }
  public var points: Points { all.points }

  public init() { self.init(all: .nothing) }

  public init(all: Used = .nothing, store: Used = .nothing, storeDay: Used = .nothing, day: Used = .nothing) {
    self.all = all
    self.store = store
    self.storeDay = storeDay
    self.day = day
  }

  public init(storeToday: Int64 = 0, uses: Int64 = 0, money: Money = .zero, points: Points = .zero) {
    self.init(all: Used(uses: uses, money: money, points: points), storeDay: Used(uses: storeToday))
  }
}
