import Calculator
import Conditions
import Kernel

/// How a member's subscription to a plan stands.
public struct Subscription: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case active
    /// Its time ran out.
    case ended
    /// Somebody cancelled it, or its goods came back.
    case cancelled
  }

  public let id: SubscriptionID
  public let member: MemberID
  /// The plan's code.
  public let plan: String
  public var state: State
  public var tier: TierID
  public var since: Instant
  /// When what is paid for is over.
  public var ends: Instant
  /// When the tier goes: the end and the days of grace.
  public var until: Instant
  /// How often it was prolonged since it began.
  public var renewals: Int
  var grant: TierGrantID?
  /// The end that others were told of ahead.
  var noticed: Instant?
  var due: Instant?
  public var changedAt: Instant

  public func isActive(at now: Instant) -> Bool { state == .active && now < until }

  /// The last day that is paid for.
  public func lastDay(in zone: Zone) -> CivilDay { zone.civil(at: ends).day.adding(days: -1) }
}

/// A plan with what its codes mean.
struct KnownPlan: Sendable {
  let plan: SubscriptionPlan
  let tier: TierID
  let products: Set<ProductID>
}

/// The plans of a programme in a till's memory.
public struct SubscriptionShelf: Sendable {
  let plans: [KnownPlan]
  /// What goods of plans may not, besides what the catalogue says of them.
  public let flags: [ProductID: ProductFlags]
  private let tiers: Set<TierID>

  var isEmpty: Bool { plans.isEmpty }

  /// A plan whose goods or tier are not there sells nothing.
  public init(_ plans: [SubscriptionPlan] = [], names: (any Names)? = nil) {
    var (known, flags) = ([KnownPlan](), [ProductID: ProductFlags]())
    var names = names ?? InternedNames()
    for plan in plans {
      guard let tier = names.id(.tier, plan.tier).map({ TierID($0) }) else { continue }
      let products = plan.products.compactMap { names.id(.product, $0).map { ProductID($0) } }
      for product in products { flags[product] = plan.flags }
      known.append(KnownPlan(plan: plan, tier: tier, products: Set(products)))
    }
    (self.plans, self.flags, tiers) = (known, flags, Set(known.map(\.tier)))
  }

  func plan(_ code: String) -> KnownPlan? { plans.first { $0.plan.code == code } }
  func gives(_ tier: TierID) -> Bool { tiers.contains(tier) }
}

/// A subscription that a receipt sold.
struct SubscriptionSale: Hashable, Sendable {
  let plan: SubscriptionPlan
  let tier: TierID
  let lines: [Int]
  let units: Int64
  let amount: Money
}

extension SubscriptionShelf {
  /// What these lines sell; whole units only.
  func sales(_ lines: [(product: ProductID, quantity: Quantity, amount: Money)]) -> [SubscriptionSale] {
    plans.compactMap { known in
      let places = lines.indices.filter { known.products.contains(lines[$0].product) && lines[$0].quantity.thousandths >= 1_000 }
      guard !places.isEmpty else { return nil }
      return SubscriptionSale(
        plan: known.plan, tier: known.tier, lines: Array(places),
        units: places.reduce(0) { $0 + lines[$1].quantity.thousandths / 1_000 },
        amount: places.reduce(.zero) { $0 + lines[$1].amount })
    }
  }

  func sales(_ lines: [SoldLine]) -> [SubscriptionSale] {
    isEmpty ? [] : sales(lines.map { ($0.product, $0.quantity, $0.amount) })
  }
}

/// Money that promotions for a tier took off a receipt.
struct TierSaving: Hashable, Sendable {
  let tier: TierID
  let month: Int64
  let at: Instant
  let amount: Money
}

/// What happened in one month.
public struct SubscriptionMonth: Hashable, Sendable {
  enum Kind: String, CaseIterable { case started, renewed, ended, cancelled, sold, returned }

  /// Its first day.
  public let month: CivilDay
  public var started: Int64 = 0
  public var renewed: Int64 = 0
  public var ended: Int64 = 0
  public var cancelled: Int64 = 0
  /// At the month's end, or now.
  public var active: Int64 = 0
  /// Paid for subscriptions, less what went back.
  public var revenue = Money.zero
  /// What promotions for the tier took off for subscribers.
  public var saved = Money.zero

  public init(month: CivilDay) { self.month = month }

  /// Of those whose time was up or was prolonged before, how many were prolonged; nil where there were none.
  public var renewalRate: Rate? {
    renewed + ended == 0 ? nil : Rate(ppm: scaled(Rate.whole.ppm, by: renewed, over: renewed + ended, .halfUp))
  }

  mutating func add(_ kind: Kind, _ count: Int64, _ amount: Money) {
    switch kind {
    case .started: started += count
    case .renewed: renewed += count
    case .ended: ended += count
    case .cancelled: cancelled += count
    case .sold: revenue += amount
    case .returned: revenue = revenue - amount
    }
  }
}

extension CivilDay {
  /// Counts months, so that sums of months lie in an order.
  var monthNumber: Int64 { Int64(parts.year) * 12 + Int64(parts.month) - 1 }

  init?(monthNumber: Int64) { self.init(year: Int(monthNumber / 12), month: Int(monthNumber % 12) + 1, day: 1) }
}
