import Conditions
import Kernel

/// All promotions of a programme and its terms, compiled and indexed: immutable, shared by all tills, swapped whole.
public struct RuleBook: Sendable {
  public let version: Int64
  public let terms: ProgrammeTerms
  /// In the order in which they are tried: stage, group, priority, id. Traces name a promotion by its place here.
  public let promotions: [Promotion]
  /// Groups in their order; the unnamed group, where all apply, goes first unless it is listed.
  public let groups: [PromotionGroup]
  /// What its promotions want to know of members and stores beyond what every sale tells.
  public let asks: Asked
  let rules: [CompiledRule]
  let index: RuleIndex

  /// Compiles a rule book. Cost: linear in the promotions and in the values of their lists.
  public init(version: Int64, terms: ProgrammeTerms, groups: [PromotionGroup] = [], promotions: [Promotion]) {
    precondition(promotions.count <= Limits.promotions, "a rule book holds at most \(Limits.promotions) promotions")
    var groups = groups
    if !groups.contains(where: { $0.name.isEmpty }) { groups.insert(PromotionGroup(name: "", policy: .all), at: 0) }
    let order = Dictionary(groups.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    precondition(promotions.allSatisfy { order[$0.group] != nil }, "every promotion's group is listed")
    let sorted = promotions.sorted { a, b in
      (a.stage, order[a.group] ?? 0, a.priority, a.id, a.reach.isTrial ? 1 : 0)
        < (b.stage, order[b.group] ?? 0, b.priority, b.id, b.reach.isTrial ? 1 : 0)
    }
    self.version = version
    self.terms = terms
    self.groups = groups
    self.promotions = sorted
    asks = Asked(promotions)
    rules = CompiledRule.compile(sorted, groupOrder: order)
    index = RuleIndex(sorted, favourites: terms.favourites)
  }
}

/// What a rule book wants to know. Nothing of it is looked up, kept or stored where no promotion asks.
public struct Asked: Hashable, Sendable {
  /// Where the store lies.
  public let place: Bool
  public let memberDays: Bool
  public let daysSincePurchase: Bool
  /// Each once, at most `Limits.accumulators`.
  public let accumulators: [Accumulator]
  public let accumulatesVisits: Bool
  /// Those of them that count what was bought before anybody asked.
  public let firsts: [Accumulator]
  /// Those of them that are asked over a whole household, as they are asked.
  public let householdSums: [Accumulator]
  /// Some ask about the member's household.
  public let household: Bool
  /// Some of its promotions give coupons.
  public let issuesCoupons: Bool
  /// Some give certificates.
  public let issuesCertificates: Bool
  /// Some give turns of games.
  public let givesTurns: Bool
  /// Some give a tier for a time.
  public let givesTiers: Bool
  /// Some look at privileges of tiers.
  public let privileges: Bool
  /// Some look at consents.
  public let consents: Bool
  /// Promotions that members activate, in one of their versions at least.
  public let offers: Set<PromotionID>
  /// Some are on trial.
  public let pilots: Bool
  /// Which till of a store it is.
  public let register: Bool
  /// Promotions that limit what one member has of them in money or points, in one of their versions at least.
  public let memberBudgets: Set<PromotionID>

  init(_ promotions: [Promotion]) {
    let counters = Set(promotions.flatMap { $0.condition.counters })
    place = promotions.contains { $0.condition.asksPlace || $0.benefit.asksZone }
    memberDays = counters.contains(MemberCounter.memberDays.rawValue)
    daysSincePurchase = counters.contains(MemberCounter.daysSincePurchase.rawValue)
    var found: [PromotionID: Accumulator] = [:]
    let asked = promotions.flatMap(\.condition.accumulators)
    for accumulator in asked { found[accumulator.ofMember.id] = accumulator.ofMember }
    householdSums = Dictionary(asked.filter { $0.whose == .household }.map { ($0.id, $0) }) { one, _ in one }.values
      .sorted { $0.id < $1.id }
    household = promotions.contains { $0.condition.asksHousehold }
    precondition(found.count <= Limits.accumulators, "a rule book asks for at most \(Limits.accumulators) accumulators")
    accumulators = found.values.sorted { $0.id < $1.id }
    firsts = accumulators.filter(\.isFromHistory)
    issuesCoupons = promotions.contains { if case .reward(.coupon) = $0.benefit { true } else { false } }
    issuesCertificates = promotions.contains { if case .reward(.certificate) = $0.benefit { true } else { false } }
    givesTurns = promotions.contains { if case .reward(.turns) = $0.benefit { true } else { false } }
    givesTiers = promotions.contains { if case .reward(.tier) = $0.benefit { true } else { false } }
    privileges = promotions.contains { $0.condition.flattened.contains { if case .privileges = $0 { true } else { false } } }
    consents = promotions.contains { $0.condition.flattened.contains { if case .consents = $0 { true } else { false } } }
    offers = Set(promotions.lazy.filter { $0.condition.offerLife != nil }.map(\.id))
    pilots = promotions.contains { $0.reach != .everywhere }
    register = promotions.contains { $0.reach.pilot?.registers.isEmpty == false }
    accumulatesVisits = accumulators.contains { $0.measure == .visits }
    memberBudgets = Set(promotions.lazy.filter { $0.limits.countsMemberBudget }.map(\.id))
  }
}

/// The version of this calculator: stored with every receipt, raised whenever the same input could give another answer.
public let calculatorVersion: Int64 = 3
