import Calculator
import Kernel
import Storage

/// What a basket would take of a promotion's shared limits, if they are not in its way.
struct BudgetWish: Sendable {
  let promotion: PromotionID
  let limits: PromotionLimits
  let given: Given

  /// - Parameter isRepeated: the promotion came to more than was wished before, so it may come to more than this as well.
  init(_ applied: AppliedPromotion, _ limits: PromotionLimits, isRepeated: Bool) {
    promotion = applied.id
    self.limits = limits
    let room: Int64 = isRepeated ? 4 : 1
    given = Given(uses: 1, money: Money(minor: applied.money.minor * room), points: Points(units: applied.points.units * room))
  }

  func covers(_ applied: AppliedPromotion) -> Bool { applied.money <= given.money && applied.points <= given.points }
}

/// Limits and budgets that all tills share, locked while a receipt is counted, so that none is ever overshot.
///
/// On SQLite, which has one writer, each is one row. On PostgreSQL the row would be waited for by every till of the chain: there an
/// instance takes a slice of what is left into a row of its own, counts there, and goes to the whole only for the next slice. Slices
/// shrink with what is left; when the whole has none left, all slices are called in, and only when those are empty too the limit is
/// reached. Nothing of this is kept in memory: an instance that dies leaves its slice to whoever needs it next.
struct Budgets: Sendable {
  let account: AccountID
  /// The instance that counts, by the number it leases for its ids.
  let node: Int64

  /// How far these promotions are used as far as this till may count on: at least what it wishes is free and stays so until the
  /// transaction ends, or everything that is left anywhere is less. Promotions are locked in the order of their ids, of each first
  /// the whole, then slices.
  func lock(
    _ wishes: [BudgetWish], store: StoreID, day: CivilDay, in tx: inout Transaction
  ) throws -> [PromotionID: SharedUsage] {
    let wishes = wishes.sorted { $0.promotion < $1.promotion }
    var usage = try tx.dialect == .sqlite ? rows(of: wishes, store, day, in: &tx) : slices(for: wishes, store, day, in: &tx)
    guard tx.dialect == .postgres else { return usage }
    for (promotion, rows) in try lockStore(of: wishes, store, day, in: &tx) {
      usage[promotion, default: SharedUsage()].store = rows.store?.used ?? .nothing
      usage[promotion, default: SharedUsage()].storeDay = rows.day?.used ?? .nothing
    }
    return usage
  }

  /// Rows of one store, which its own tills wait for and no others.
  private typealias StoreRows = (store: Given?, day: Given?)

  private func lockStore(
    of wishes: [BudgetWish], _ store: StoreID, _ day: CivilDay, in tx: inout Transaction
  ) throws -> [PromotionID: StoreRows] {
    let counted = wishes.filter { $0.limits.countsStore || $0.limits.countsStoreDay }
    guard !counted.isEmpty else { return [:] }
    func rows(_ tx: inout Transaction) throws -> [PromotionID: StoreRows] {
      var found: [PromotionID: StoreRows] = [:]
      for row in try tx.rows(BudgetSQL.lockStore(account, counted.map(\.promotion), store, day)) {
        let given = BudgetSQL.given(row, at: 2)
        if row.int(1) == 0 {
          found[row.id(0), default: (nil, nil)].store = given
        } else {
          found[row.id(0), default: (nil, nil)].day = given
        }
      }
      return found
    }
    let found = try rows(&tx)
    let stores = counted.filter { $0.limits.countsStore && found[$0.promotion]?.store == nil }.map(\.promotion)
    let days = counted.filter { $0.limits.countsStoreDay && found[$0.promotion]?.day == nil }.map(\.promotion)
    if stores.isEmpty && days.isEmpty { return found }
    // Rows that are not there cannot be locked: make them, or find those that somebody else just made.
    if !stores.isEmpty { try tx.run(BudgetSQL.open(account, stores, store, BudgetSQL.always)) }
    if !days.isEmpty { try tx.run(BudgetSQL.open(account, days, store, day)) }
    return try rows(&tx)
  }

  /// How far these promotions are used, for a preview: nothing is locked.
  func peek(_ promotions: [PromotionID], store: StoreID, day: CivilDay, in tx: inout Transaction) throws -> [PromotionID:
    SharedUsage]
  {
    let rows = try tx.rows(BudgetSQL.state(account, promotions.sorted(), store, day))
    return Self.states(rows).mapValues(\.usage)
  }

  /// Counts uses of locked promotions.
  func count(_ uses: [Use], at store: StoreID, in tx: inout Transaction) throws {
    for statement in counting(uses, at: store, tx.dialect) { try tx.enqueue(statement) }
  }

  func counting(_ uses: [Use], at store: StoreID, _ dialect: Dialect) -> [SQL] {
    uses.map { use in
      switch dialect {
      case .sqlite: BudgetSQL.add(account, use.promotion, use.given, store, use.day)
      case .postgres: BudgetSQL.addToSlice(account, node, use.promotion, use.given, store, use.day)
      }
    }
  }

  /// Gives back what a hold or a return frees: to this instance's own slice, where there are slices. Promotions without shared limits
  /// have no rows, and nothing happens to them.
  func giveBack(_ uses: [Use], at store: StoreID, in tx: inout Transaction) throws {
    for statement in givingBack(uses, at: store, tx.dialect) { try tx.enqueue(statement) }
  }

  func givingBack(_ uses: [Use], at store: StoreID, _ dialect: Dialect) -> [SQL] {
    let less = uses.sorted { $0.promotion < $1.promotion }.map {
      Use(promotion: $0.promotion, day: $0.day, given: .nothing - $0.given)
    }
    return counting(less, at: store, dialect)
  }

  /// On SQLite: the whole is the only row.
  private func rows(
    of wishes: [BudgetWish], _ store: StoreID, _ day: CivilDay, in tx: inout Transaction
  ) throws -> [PromotionID: SharedUsage] {
    let promotions = wishes.map(\.promotion)
    let states = Self.states(try tx.rows(BudgetSQL.state(account, promotions, store, day)))
    let whole = wishes.filter { $0.limits.countsWhole && !(states[$0.promotion]?.hasWhole ?? false) }.map(\.promotion)
    if !whole.isEmpty { try tx.run(BudgetSQL.open(account, whole, BudgetSQL.everywhere, BudgetSQL.always)) }
    let stores = wishes.filter { $0.limits.countsStore && !(states[$0.promotion]?.hasStore ?? false) }.map(\.promotion)
    if !stores.isEmpty { try tx.run(BudgetSQL.open(account, stores, store, BudgetSQL.always)) }
    let days = wishes.filter { $0.limits.countsStoreDay && !(states[$0.promotion]?.hasDay ?? false) }.map(\.promotion)
    if !days.isEmpty { try tx.run(BudgetSQL.open(account, days, store, day)) }
    return states.mapValues(\.usage)
  }
}

extension PromotionLimits {
  /// Limits that count everywhere and always, which is what slices are cut from.
  var countsWhole: Bool { !self[.total].isNone }
  /// Limits that count in one store: always, or in a day.
  var countsStore: Bool { !self[.store].isNone }
  var countsStoreDay: Bool { !self[.storeDay].isNone }
}

extension Given {
  var used: Used { Used(uses: uses, money: money, points: points) }
}

/// How far a promotion is used, as it was read.
struct BudgetState: Sendable {
  /// Used, or taken into slices.
  var taken = Given.nothing
  /// In all slices.
  var sliced = Given.nothing
  /// The least that any slice has. Below zero where there was no limit when it was used.
  var least = Given.nothing
  var slices: Int64 = 0
  /// In the store.
  var store = Given.nothing
  var today = Given.nothing
  var hasWhole = false
  var hasStore = false
  var hasDay = false

  var used: Given { taken - sliced }
  var usage: SharedUsage { SharedUsage(all: used.used, store: store.used, storeDay: today.used) }
}

extension Budgets {
  static func states(_ rows: [Row]) -> [PromotionID: BudgetState] {
    var states: [PromotionID: BudgetState] = [:]
    for row in rows {
      let id: PromotionID = row.id(0)
      if row.int(1) == 0 {
        states[id, default: BudgetState()].taken = BudgetSQL.given(row, at: 2)
        states[id, default: BudgetState()].sliced = BudgetSQL.given(row, at: 5)
        states[id, default: BudgetState()].slices = row.int(8)
        states[id, default: BudgetState()].least = BudgetSQL.given(row, at: 9)
        states[id, default: BudgetState()].hasWhole = true
      } else if row.int(12) == 0 {
        states[id, default: BudgetState()].store = BudgetSQL.given(row, at: 2)
        states[id, default: BudgetState()].hasStore = true
      } else {
        states[id, default: BudgetState()].today = BudgetSQL.given(row, at: 2)
        states[id, default: BudgetState()].hasDay = true
      }
    }
    return states
  }
}

extension Receipts {
  var budgets: Budgets { Budgets(account: account, node: Int64(ids.node)) }

  /// How far what all tills share of these promotions is used up, everywhere and always, for whoever shows it. Nothing is locked; one
  /// statement. Promotions that nothing was counted of are missing from the answer.
  public func sharedUse(of promotions: [PromotionID], in tx: inout Transaction) throws -> [PromotionID: SharedUsage] {
    guard !promotions.isEmpty else { return [:] }
    let some = Array(promotions.prefix(Limits.bulk))
    return try budgets.peek(some, store: BudgetSQL.everywhere, day: BudgetSQL.always, in: &tx)
  }
}

extension Wallets {
  var budgets: Budgets { Budgets(account: account, node: Int64(ids.node)) }
}
