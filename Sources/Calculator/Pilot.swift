import Conditions
import Kernel

/// Where a version of a promotion is tried before every till has it.
///
/// A basket takes part where the place, the buyer and the hour do. Places that are listed go together, stores or single tills of others;
/// so do buyers, listed members or test cards. Who lists no place means all places, who lists no buyer means everybody.
public struct Pilot: Hashable, Sendable {
  /// One till, by the name that its receipts print.
  public struct Register: Hashable, Sendable, Comparable {
    public let store: StoreID
    public let code: String

    public init(store: StoreID, code: String) {
      self.store = store
      self.code = code
    }

    public static func < (a: Self, b: Self) -> Bool { (a.store, a.code) < (b.store, b.code) }
  }

  public let stores: IDList<Entity.Store>
  /// In order and without repetition; at most `Limits.pilotPlaces` of them and of stores, each.
  public let registers: [Register]
  /// At most `Limits.pilotMembers`.
  public let members: IDList<Entity.Member>
  /// Members that are kept as test cards.
  public let hasTestCards: Bool
  public let from: Instant
  /// From then on every till is back at the version that the others have.
  public let until: Instant?

  public init(
    stores: IDList<Entity.Store> = [], registers: [Register] = [], members: IDList<Entity.Member> = [], hasTestCards: Bool = false,
    from: Instant, until: Instant? = nil
  ) {
    self.stores = stores
    self.registers = Set(registers).sorted()
    self.members = members
    self.hasTestCards = hasTestCards
    self.from = from
    self.until = until
  }

  public var listsPlaces: Bool { stores.count > 0 || !registers.isEmpty }
  public var listsBuyers: Bool { members.count > 0 || hasTestCards }

  public func isOpen(at moment: Instant) -> Bool { from <= moment && until.map { moment < $0 } ?? true }

  /// True where the basket is priced by what is on trial.
  public func takesIn(_ basket: Basket, _ member: MemberSnapshot?) -> Bool {
    guard isOpen(at: basket.time) else { return false }
    if listsPlaces {
      let isListed = basket.till.map { registers.contains(Register(store: basket.store.id, code: $0)) } ?? false
      guard isListed || stores.contains(basket.store.id) else { return false }
    }
    return isFor(member)
  }

  /// True where the buyer takes part, wherever they are.
  public func isFor(_ member: MemberSnapshot?) -> Bool {
    guard listsBuyers else { return true }
    guard let member else { return false }
    return hasTestCards && member.kind == .test || members.contains(member.id)
  }
}

/// Which tills have a version of a promotion. Two versions that stand in one rule book divide the baskets between them by one pilot: each
/// basket is priced by exactly one.
public enum Reach: Hashable, Sendable {
  case everywhere
  /// On trial: where the pilot takes place and nowhere else.
  case inside(Pilot)
  /// As before, wherever the pilot does not take place.
  case outside(Pilot)

  public var pilot: Pilot? {
    switch self {
    case .everywhere: nil
    case .inside(let pilot), .outside(let pilot): pilot
    }
  }

  public var isTrial: Bool { if case .inside = self { true } else { false } }
}

extension Collection<Promotion> {
  /// The promotions as they would be, had every pilot gone well.
  public var rolledOut: [Promotion] {
    compactMap { promotion in
      var promotion = promotion
      switch promotion.reach {
      case .everywhere: return promotion
      case .outside: return nil
      case .inside:
        promotion.reach = .everywhere
        return promotion
      }
    }
  }
}

extension RuleBook {
  /// With every pilot taken for rolled out: what promotions do to each other is asked of what is meant to stay.
  public var rolledOut: RuleBook {
    asks.pilots ? RuleBook(version: version, terms: terms, groups: groups, promotions: promotions.rolledOut) : self
  }

  /// What is counted of the promotion at this place: its own limits, and those that only its other version has. They are one promotion, and
  /// what a pilot gave is gone for all. A calculation looks at a version's own limits alone.
  public func countedLimits(at place: Int) -> PromotionLimits {
    // Nearly always: the promotion itself is not copied for it.
    if case .everywhere = promotions[place].reach { return promotions[place].limits }
    let (id, isTrial) = (promotions[place].id, promotions[place].reach.isTrial)
    let twin = promotions.firstIndex { $0.id == id && $0.reach.isTrial != isTrial }
    return twin.map { promotions[place].limits.filled(from: promotions[$0].limits) } ?? promotions[place].limits
  }

  /// The version that tills have where no pilot takes place; nil where there is none.
  public func kept(_ id: PromotionID) -> Promotion? { promotions.first { $0.id == id && !$0.reach.isTrial } }

  /// The version that is on trial; nil where none is.
  public func trial(_ id: PromotionID) -> Promotion? { promotions.first { $0.id == id && $0.reach.isTrial } }
}

extension PromotionLimits {
  /// With limits of another version where this one has none.
  func filled(from other: PromotionLimits) -> PromotionLimits {
    var limits = self
    for scope in LimitScope.allCases { limits[scope] = self[scope].filled(from: other[scope]) }
    return limits
  }
}
