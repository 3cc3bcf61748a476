import Calculator
import Kernel
import Storage

// Slices of shared limits, on PostgreSQL.
extension Budgets {
  /// Takes what the instance's own slices have. Only where one has too little, and there is more elsewhere, the whole is locked.
  func slices(
    for wishes: [BudgetWish], _ store: StoreID, _ day: CivilDay, in tx: inout Transaction
  ) throws -> [PromotionID: SharedUsage] {
    let whole = wishes.filter(\.limits.countsWhole)
    guard !whole.isEmpty else { return [:] }
    let answers = try tx.answers(
      to: BudgetSQL.state(account, whole.map(\.promotion), store, day), BudgetSQL.lockSlices(account, node, whole))
    let states = Self.states(answers[0])
    var own: [PromotionID: Given] = [:]
    for row in answers[1] { own[row.id(0)] = BudgetSQL.given(row, at: 1) }
    var usage: [PromotionID: SharedUsage] = [:]
    for wish in whole {
      let state = states[wish.promotion] ?? BudgetState()
      if let slice = own[wish.promotion], wish.limits.available(slice, taken: state.taken).covers(wish) {
        usage[wish.promotion] = wish.limits.usage(leaving: slice, taken: state.taken)
      } else if wish.limits.isReached(by: state.used) {
        // Nothing is left anywhere, and nobody is made to wait to hear it.
        usage[wish.promotion] = state.usage
      } else {
        usage[wish.promotion] = try takeSlice(wish, state, in: &tx)
      }
    }
    return usage
  }

  /// Enlarges the instance's slice from the whole and, where that has too little, from the slices of all others.
  private func takeSlice(_ wish: BudgetWish, _ state: BudgetState, in tx: inout Transaction) throws -> SharedUsage {
    var row = try tx.row(BudgetSQL.lockWhole(account, wish.promotion))
    if row == nil {
      // A row that is not there cannot be locked: make it, or find the one that somebody else just made.
      try tx.run(BudgetSQL.open(account, [wish.promotion], BudgetSQL.everywhere, BudgetSQL.always))
      row = try tx.row(BudgetSQL.lockWhole(account, wish.promotion))
    }
    guard let row else { throw StorageFailure.damaged("the usage of promotion \(wish.promotion) is gone while it is locked") }
    var taken = BudgetSQL.given(row, at: 0)
    let slice = try tx.row(BudgetSQL.lockSlice(account, node, wish.promotion)).map { BudgetSQL.given($0, at: 0) } ?? .nothing
    // A limit that is new counts what was used before it as well.
    if wish.limits.isOverdrawn(state.least) || !wish.limits.everything(slice, taken: taken).covers(wish) {
      for other in try tx.rows(BudgetSQL.callIn(account, besides: node, wish.promotion)) {
        taken = taken - BudgetSQL.given(other, at: 0)
      }
    }
    let grant = wish.limits.grant(wish.given, to: slice, taken: taken, instances: state.slices + 1)
    taken = taken + grant
    try tx.enqueue(BudgetSQL.setWhole(account, wish.promotion, taken))
    try tx.enqueue(BudgetSQL.enlarge(account, node, wish.promotion, by: grant))
    return wish.limits.usage(leaving: slice + grant, taken: taken)
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

extension PromotionLimits {
  /// What of a slice may be used. Where a limit was lowered below what is taken already, that much less.
  func available(_ slice: Given, taken: Given) -> BudgetRest { rest(slice, taken) { slice, free in slice + min(0, free) } }

  /// What of a slice may be used when all that nobody has taken yet comes to it.
  func everything(_ slice: Given, taken: Given) -> BudgetRest { rest(slice, taken) { slice, free in slice + free } }

  private func rest(_ slice: Given, _ taken: Given, _ together: (_ slice: Int64, _ free: Int64) -> Int64) -> BudgetRest {
    BudgetRest(
      uses: total.map { together(slice.uses, $0 - taken.uses) },
      money: budgetMoney.map { together(slice.money.minor, $0.minor - taken.money.minor) },
      points: budgetPoints.map { together(slice.points.units, $0.units - taken.points.units) })
  }

  func isReached(by used: Given) -> Bool {
    if let total, used.uses >= total { return true }
    if let budgetMoney, used.money >= budgetMoney { return true }
    if let budgetPoints, used.points >= budgetPoints { return true }
    return false
  }

  func isOverdrawn(_ slice: Given) -> Bool {
    total != nil && slice.uses < 0 || budgetMoney != nil && slice.money < .zero || budgetPoints != nil && slice.points < .zero
  }

  /// How the calculator sees a slice: as if all but that were used.
  func usage(leaving slice: Given, taken: Given) -> SharedUsage {
    let rest = available(slice, taken: taken)
    var usage = SharedUsage()
    if let total, let left = rest.uses { usage.all.uses = total - left }
    if let budgetMoney, let left = rest.money { usage.all.money = Money(minor: budgetMoney.minor - left) }
    if let budgetPoints, let left = rest.points { usage.all.points = Points(units: budgetPoints.units - left) }
    return usage
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
      uses: part(total, taken.uses, slice.uses, wish.uses),
      money: Money(minor: part(budgetMoney?.minor, taken.money.minor, slice.money.minor, wish.money.minor)),
      points: Points(units: part(budgetPoints?.units, taken.points.units, slice.points.units, wish.points.units)))
  }
}
