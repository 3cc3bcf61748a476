import Conditions
import Kernel

public struct PromotionLimits: Hashable, Sendable {
  /// Off one line of a receipt, or earned on it. What is cut there goes to no other line.
  public var moneyPerLine: Money?
  public var pointsPerLine: Points?
  /// Money or sets in one receipt.
  public var moneyPerReceipt: Money?
  public var pointsPerReceipt: Points?
  public var timesPerReceipt: Int64?
  /// Units of the target goods that it may touch in one receipt, in thousandths.
  public var quantityPerReceipt: Quantity?
  public var perMember: Int64?
  public var moneyPerMember: Money?
  public var pointsPerMember: Points?
  public var perMemberDay: Int64?
  public var moneyPerMemberDay: Money?
  public var pointsPerMemberDay: Points?
  public var perStoreDay: Int64?
  public var moneyPerStoreDay: Money?
  public var pointsPerStoreDay: Points?
  /// In one store, for as long as the promotion lasts.
  public var perStore: Int64?
  public var moneyPerStore: Money?
  public var pointsPerStore: Points?
  /// In all stores together, on a business day of theirs.
  public var perDay: Int64?
  public var moneyPerDay: Money?
  public var pointsPerDay: Points?
  public var total: Int64?
  public var budgetMoney: Money?
  public var budgetPoints: Points?

  public init(
    moneyPerReceipt: Money? = nil, pointsPerReceipt: Points? = nil, timesPerReceipt: Int64? = nil,
    quantityPerReceipt: Quantity? = nil,
    perMember: Int64? = nil, perMemberDay: Int64? = nil, perStoreDay: Int64? = nil, total: Int64? = nil, budgetMoney: Money? = nil,
    budgetPoints: Points? = nil, moneyPerLine: Money? = nil, pointsPerLine: Points? = nil
  ) {
    self.moneyPerReceipt = moneyPerReceipt
    self.pointsPerReceipt = pointsPerReceipt
    self.timesPerReceipt = timesPerReceipt
    self.quantityPerReceipt = quantityPerReceipt
    self.perMember = perMember
    self.perMemberDay = perMemberDay
    self.perStoreDay = perStoreDay
    self.total = total
    self.budgetMoney = budgetMoney
    self.budgetPoints = budgetPoints
    self.moneyPerLine = moneyPerLine
    self.pointsPerLine = pointsPerLine
  }

  /// What it may give there for as long as it lasts, or in a day.
  public subscript(scope: LimitScope) -> LimitSizes {
    get {
      switch scope {
      case .member: LimitSizes(uses: perMember, money: moneyPerMember, points: pointsPerMember)
      case .memberDay: LimitSizes(uses: perMemberDay, money: moneyPerMemberDay, points: pointsPerMemberDay)
      case .storeDay: LimitSizes(uses: perStoreDay, money: moneyPerStoreDay, points: pointsPerStoreDay)
      case .store: LimitSizes(uses: perStore, money: moneyPerStore, points: pointsPerStore)
      case .day: LimitSizes(uses: perDay, money: moneyPerDay, points: pointsPerDay)
      case .total: LimitSizes(uses: total, money: budgetMoney, points: budgetPoints)
      }
    }
    set {
      switch scope {
      case .member: (perMember, moneyPerMember, pointsPerMember) = (newValue.uses, newValue.money, newValue.points)
      case .memberDay: (perMemberDay, moneyPerMemberDay, pointsPerMemberDay) = (newValue.uses, newValue.money, newValue.points)
      case .storeDay: (perStoreDay, moneyPerStoreDay, pointsPerStoreDay) = (newValue.uses, newValue.money, newValue.points)
      case .store: (perStore, moneyPerStore, pointsPerStore) = (newValue.uses, newValue.money, newValue.points)
      case .day: (perDay, moneyPerDay, pointsPerDay) = (newValue.uses, newValue.money, newValue.points)
      case .total: (total, budgetMoney, budgetPoints) = (newValue.uses, newValue.money, newValue.points)
      }
    }
  }

  /// Limits that need the counters of a member.
  public var countsMember: Bool { !self[.member].isNone || !self[.memberDay].isNone }
  /// Limits that need counters shared by all tills, of a store at least.
  public var countsAll: Bool {
    !self[.storeDay].isNone || !self[.store].isNone || !self[.day].isNone || !self[.total].isNone
  }
  /// Some of the member's limits are in money or points.
  var countsMemberBudget: Bool { self[.member].isBudget || self[.memberDay].isBudget }
}

/// Where a limit counts that outlives a receipt, in the order in which they are looked at.
public enum LimitScope: Hashable, Sendable, CaseIterable {
  case member, memberDay, storeDay, store, day, total

  /// What tills share, those of one store at least.
  static let shared: [LimitScope] = [.storeDay, .store, .day, .total]

  /// What says that its uses are used up …
  public var kind: LimitKind {
    switch self {
    case .member: .member
    case .memberDay: .memberDay
    case .storeDay: .storeDay
    case .store: .store
    case .day: .day
    case .total: .total
    }
  }

  /// … and that its money or points are.
  public var budget: LimitKind {
    switch self {
    case .member: .memberBudget
    case .memberDay: .memberDayBudget
    case .storeDay: .storeDayBudget
    case .store: .storeBudget
    case .day: .dayBudget
    case .total: .budget
    }
  }
}

/// What cut a promotion, or closed it.
public enum LimitKind: String, Hashable, Sendable, CaseIterable {
  case line, receipt, member, memberDay = "member-day", storeDay = "store-day", store, day, total
  /// In money or points, where the others count uses; `budget` is the whole promotion's.
  case memberBudget = "member-budget", memberDayBudget = "member-day-budget", storeDayBudget = "store-day-budget"
  case storeBudget = "store-budget", dayBudget = "day-budget", budget
}

/// How large limits of one scope are; nil: there is none.
public struct LimitSizes: Hashable, Sendable {
  public var uses: Int64?
  public var money: Money?
  public var points: Points?
  public init(uses: Int64? = nil, money: Money? = nil, points: Points? = nil) {
    self.uses = uses
    self.money = money
    self.points = points
  }

  public var isNone: Bool { uses == nil && !isBudget }
  public var isBudget: Bool { money != nil || points != nil }

  /// With those of others where there are none.
  func filled(from other: LimitSizes) -> LimitSizes {
    LimitSizes(uses: uses ?? other.uses, money: money ?? other.money, points: points ?? other.points)
  }
}

/// What of a promotion's limits is used up in one scope, reserved and posted together.
public struct Used: Hashable, Sendable {
  public var uses: Int64
  public var money: Money
  public var points: Points
  public init(uses: Int64 = 0, money: Money = .zero, points: Points = .zero) {
    self.uses = uses
    self.money = money
    self.points = points
  }

  public static var nothing: Used { Used() }
}
