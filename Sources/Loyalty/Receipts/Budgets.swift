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
/// reached. Nothing of this is kept in memory: an instance that dies leaves its slice to whoever needs it next. A limit of a day of the
/// chain is cut in the same way, for every day anew.
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
    if tx.dialect == .sqlite { return try rows(of: wishes, store, day, in: &tx) }
    var usage: [PromotionID: SharedUsage] = [:]
    for (promotion, used) in try slices(for: wishes, on: day, in: &tx) {
      usage[promotion, default: SharedUsage()].all = used.all ?? .nothing
      usage[promotion, default: SharedUsage()].day = used.day ?? .nothing
    }
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
  func peek(
    _ wishes: [BudgetWish], store: StoreID, day: CivilDay, in tx: inout Transaction
  ) throws -> [PromotionID: SharedUsage] {
    try peek(wishes.map(\.promotion), store: store, day: day, countsDay: wishes.contains(where: \.limits.countsDay), in: &tx)
  }

  func peek(
    _ promotions: [PromotionID], store: StoreID, day: CivilDay, countsDay: Bool, in tx: inout Transaction
  ) throws -> [PromotionID: SharedUsage] {
    let rows = try tx.rows(BudgetSQL.state(account, promotions.sorted(), store, day, countsDay: countsDay))
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
    let countsDay = wishes.contains(where: \.limits.countsDay)
    let states = Self.states(try tx.rows(BudgetSQL.state(account, promotions, store, day, countsDay: countsDay)))
    func open(_ scope: LimitScope, _ part: (BudgetState) -> Bool, _ store: StoreID, _ day: CivilDay) throws {
      let lacking = wishes.filter { !$0.limits[scope].isNone && !(states[$0.promotion].map(part) ?? false) }.map(\.promotion)
      if !lacking.isEmpty { try tx.run(BudgetSQL.open(account, lacking, store, day)) }
    }
    try open(.total, { $0.whole != nil }, BudgetSQL.everywhere, BudgetSQL.always)
    try open(.day, { $0.day != nil }, BudgetSQL.everywhere, day)
    try open(.store, { $0.store != nil }, store, BudgetSQL.always)
    try open(.storeDay, { $0.storeDay != nil }, store, day)
    return states.mapValues(\.usage)
  }
}

extension PromotionLimits {
  /// Limits of a day of the whole chain.
  var countsDay: Bool { !self[.day].isNone }
  /// Limits that count in one store: always, or in a day.
  var countsStore: Bool { !self[.store].isNone }
  var countsStoreDay: Bool { !self[.storeDay].isNone }
}

extension Given {
  var used: Used { Used(uses: uses, money: money, points: points) }
}

/// How far a promotion is used, as it was read; nil where nothing counts.
struct BudgetState: Sendable {
  /// Everywhere: always …
  var whole: SlicedUse?
  /// … and on the day.
  var day: SlicedUse?
  /// In the store.
  var store: Given?
  var storeDay: Given?

  var usage: SharedUsage {
    func used(_ given: Given?) -> Used { given?.used ?? .nothing }
    return SharedUsage(all: used(whole?.used), store: used(store), storeDay: used(storeDay), day: used(day?.used))
  }
}

/// What is used of a limit that slices are cut from.
struct SlicedUse: Sendable {
  /// Used, or taken into slices.
  var taken = Given.nothing
  /// In all slices.
  var sliced = Given.nothing
  /// The least that any slice has. Below zero where there was no limit when it was used.
  var least = Given.nothing
  var slices: Int64 = 0

  var used: Given { taken - sliced }
}

extension Budgets {
  static func states(_ rows: [Row]) -> [PromotionID: BudgetState] {
    var states: [PromotionID: BudgetState] = [:]
    for row in rows {
      let id: PromotionID = row.id(0)
      let (isEverywhere, isAlways) = (row.int(1) == 0, row.int(12) == 0)
      if isEverywhere {
        let use = SlicedUse(
          taken: BudgetSQL.given(row, at: 2), sliced: BudgetSQL.given(row, at: 5), least: BudgetSQL.given(row, at: 9),
          slices: row.int(8))
        if isAlways { states[id, default: BudgetState()].whole = use } else { states[id, default: BudgetState()].day = use }
      } else if isAlways {
        states[id, default: BudgetState()].store = BudgetSQL.given(row, at: 2)
      } else {
        states[id, default: BudgetState()].storeDay = BudgetSQL.given(row, at: 2)
      }
    }
    return states
  }
}

extension Receipts {
  var budgets: Budgets { Budgets(account: account, node: Int64(ids.node)) }

  /// How far what all tills share of these promotions is used up, everywhere and always, for whoever shows it. Nothing is locked; one
  /// statement. Promotions that nothing was counted of are missing from the answer.
  /// - Parameter day: a business day that is told as well, in the whole chain.
  public func sharedUse(
    of promotions: [PromotionID], on day: CivilDay? = nil, in tx: inout Transaction
  ) throws -> [PromotionID: SharedUsage] {
    guard !promotions.isEmpty else { return [:] }
    let some = Array(promotions.prefix(Limits.bulk))
    return try budgets.peek(
      some, store: BudgetSQL.everywhere, day: day ?? BudgetSQL.always, countsDay: day != nil, in: &tx)
  }
}

extension Wallets {
  var budgets: Budgets { Budgets(account: account, node: Int64(ids.node)) }
}
