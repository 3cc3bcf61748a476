import Calculator
import Kernel
import Storage

// Slices of shared limits, on PostgreSQL.
extension Budgets {
  /// Takes what the instance's own slices have, of always and of the day, and says how far each promotion is used. One round trip; only where
  /// one has too little, and there is more elsewhere, the whole is locked.
  func slices(
    for wishes: [BudgetWish], on day: CivilDay, in tx: inout Transaction
  ) throws -> [PromotionID: (all: Used?, day: Used?)] {
    let pots = [BudgetPot.always, .day(day)].compactMap { pot -> (pot: BudgetPot, wishes: [BudgetWish])? in
      let some = wishes.filter { !$0.limits[pot.scope].isNone }
      return some.isEmpty ? nil : (pot, some)
    }
    guard let last = pots.last?.pot else { return [:] }
    let counted = wishes.filter { wish in pots.contains { !wish.limits[$0.pot.scope].isNone } }.map(\.promotion)
    let state = BudgetSQL.state(account, counted, BudgetSQL.everywhere, last.date, countsDay: last.scope == .day)
    let answers = try tx.answers(toEach: [state] + pots.map { $0.pot.lockSlices(account, node, $0.wishes) })
    let states = Self.states(answers[0])
    var usage: [PromotionID: (all: Used?, day: Used?)] = [:]
    for ((pot, wishes), rows) in zip(pots, answers.dropFirst()) {
      for (promotion, used) in try take(wishes, of: pot, states, rows, in: &tx) {
        switch pot {
        case .always: usage[promotion, default: (nil, nil)].all = used
        case .day: usage[promotion, default: (nil, nil)].day = used
        }
      }
    }
    return usage
  }

  /// - Parameter rows: the instance's slices that have what is wished.
  private func take(
    _ wishes: [BudgetWish], of pot: BudgetPot, _ states: [PromotionID: BudgetState], _ rows: [Row], in tx: inout Transaction
  ) throws -> [PromotionID: Used] {
    var own: [PromotionID: Given] = [:]
    for row in rows { own[row.id(0)] = BudgetSQL.given(row, at: 1) }
    var usage: [PromotionID: Used] = [:]
    for wish in wishes {
      let (state, most) = (pot.state(states[wish.promotion]), wish.limits[pot.scope])
      if let slice = own[wish.promotion], most.available(slice, taken: state.taken).covers(wish) {
        usage[wish.promotion] = most.used(leaving: slice, taken: state.taken)
      } else if most.isReached(by: state.used) {
        // Nothing is left anywhere, and nobody is made to wait to hear it.
        usage[wish.promotion] = state.used.used
      } else {
        usage[wish.promotion] = try takeSlice(wish, of: pot, state, in: &tx)
      }
    }
    return usage
  }

  /// Enlarges the instance's slice from the whole and, where that has too little, from the slices of all others.
  private func takeSlice(_ wish: BudgetWish, of pot: BudgetPot, _ state: SlicedUse, in tx: inout Transaction) throws -> Used {
    let most = wish.limits[pot.scope]
    var row = try tx.row(BudgetSQL.lockWhole(account, wish.promotion, pot.date))
    if row == nil {
      // A row that is not there cannot be locked: make it, or find the one that somebody else just made.
      try tx.run(BudgetSQL.open(account, [wish.promotion], BudgetSQL.everywhere, pot.date))
      row = try tx.row(BudgetSQL.lockWhole(account, wish.promotion, pot.date))
    }
    guard let row else { throw StorageFailure.damaged("the usage of promotion \(wish.promotion) is gone while it is locked") }
    var taken = BudgetSQL.given(row, at: 0)
    let slice = try tx.row(pot.lockSlice(account, node, wish.promotion)).map { BudgetSQL.given($0, at: 0) } ?? .nothing
    // A limit that is new counts what was used before it as well.
    if most.isOverdrawn(state.least) || !most.everything(slice, taken: taken).covers(wish) {
      for other in try tx.rows(pot.callIn(account, besides: node, wish.promotion)) { taken = taken - BudgetSQL.given(other, at: 0) }
    }
    let grant = most.grant(wish.given, to: slice, taken: taken, instances: state.slices + 1)
    taken = taken + grant
    try tx.enqueue(BudgetSQL.setWhole(account, wish.promotion, pot.date, taken))
    try tx.enqueue(pot.enlarge(account, node, wish.promotion, by: grant))
    return most.used(leaving: slice + grant, taken: taken)
  }
}

/// What slices are cut from: a promotion's limits of always, or those of one day, in the whole chain.
enum BudgetPot {
  case always
  case day(CivilDay)

  var scope: LimitScope {
    switch self {
    case .always: .total
    case .day: .day
    }
  }

  /// Of the row that says what is taken.
  var date: CivilDay {
    switch self {
    case .always: BudgetSQL.always
    case .day(let day): day
    }
  }

  func state(_ state: BudgetState?) -> SlicedUse {
    switch self {
    case .always: state?.whole ?? SlicedUse()
    case .day: state?.day ?? SlicedUse()
    }
  }

  fileprivate func lockSlices(_ account: AccountID, _ node: Int64, _ wishes: [BudgetWish]) -> SQL {
    switch self {
    case .always: BudgetSQL.lockSlices(account, node, wishes)
    case .day(let day): DaySliceSQL.lockSlices(account, node, day, wishes)
    }
  }

  fileprivate func lockSlice(_ account: AccountID, _ node: Int64, _ promotion: PromotionID) -> SQL {
    switch self {
    case .always: BudgetSQL.lockSlice(account, node, promotion)
    case .day(let day): DaySliceSQL.lockSlice(account, node, promotion, day)
    }
  }

  fileprivate func callIn(_ account: AccountID, besides node: Int64, _ promotion: PromotionID) -> SQL {
    switch self {
    case .always: BudgetSQL.callIn(account, besides: node, promotion)
    case .day(let day): DaySliceSQL.callIn(account, besides: node, promotion, day)
    }
  }

  fileprivate func enlarge(_ account: AccountID, _ node: Int64, _ promotion: PromotionID, by grant: Given) -> SQL {
    switch self {
    case .always: BudgetSQL.enlarge(account, node, promotion, by: grant)
    case .day(let day): DaySliceSQL.enlarge(account, node, promotion, day, by: grant)
    }
  }
}

/// What is left of each limit; nil where there is none.
struct BudgetRest {
  var uses: Int64?
  var money: Int64?
  var points: Int64?

  func covers(_ wish: BudgetWish) -> Bool {
    uses ?? .max >= wish.given.uses && money ?? .max >= wish.given.money.minor && points ?? .max >= wish.given.points.units
  }
}

extension LimitSizes {
  /// What of a slice may be used. Where a limit was lowered below what is taken already, that much less.
  func available(_ slice: Given, taken: Given) -> BudgetRest { rest(slice, taken) { slice, free in slice + min(0, free) } }

  /// What of a slice may be used when all that nobody has taken yet comes to it.
  func everything(_ slice: Given, taken: Given) -> BudgetRest { rest(slice, taken) { slice, free in slice + free } }

  private func rest(_ slice: Given, _ taken: Given, _ together: (_ slice: Int64, _ free: Int64) -> Int64) -> BudgetRest {
    BudgetRest(
      uses: uses.map { together(slice.uses, $0 - taken.uses) },
      money: money.map { together(slice.money.minor, $0.minor - taken.money.minor) },
      points: points.map { together(slice.points.units, $0.units - taken.points.units) })
  }

  func isReached(by used: Given) -> Bool {
    if let uses, used.uses >= uses { return true }
    if let money, used.money >= money { return true }
    if let points, used.points >= points { return true }
    return false
  }

  func isOverdrawn(_ slice: Given) -> Bool {
    uses != nil && slice.uses < 0 || money != nil && slice.money < .zero || points != nil && slice.points < .zero
  }

  /// How the calculator sees a slice: as if all but that were used.
  func used(leaving slice: Given, taken: Given) -> Used {
    let rest = available(slice, taken: taken)
    var used = Used.nothing
    if let uses, let left = rest.uses { used.uses = uses - left }
    if let money, let left = rest.money { used.money = Money(minor: money.minor - left) }
    if let points, let left = rest.points { used.points = Points(units: points.units - left) }
    return used
  }

  /// What to add to a slice: what it lacks, or an eighth of the instance's share of what is free, as long as that serves a few
  /// receipts like this one. Near the end slices are cut to measure, so that little is called in from others.
  func grant(_ wish: Given, to slice: Given, taken: Given, instances: Int64) -> Given {
    func part(_ limit: Int64?, _ taken: Int64, _ has: Int64, _ wanted: Int64) -> Int64 {
      guard let limit else { return 0 }
      let free = max(0, limit - taken)
      let share = free / (8 * max(1, instances))
      let isWorthIt = share >= 4 * max(1, wanted)
      return min(free, max(wanted - has, isWorthIt ? share : 0, 0))
    }
    return Given(
      uses: part(uses, taken.uses, slice.uses, wish.uses),
      money: Money(minor: part(money?.minor, taken.money.minor, slice.money.minor, wish.money.minor)),
      points: Points(units: part(points?.units, taken.points.units, slice.points.units, wish.points.units)))
  }
}
