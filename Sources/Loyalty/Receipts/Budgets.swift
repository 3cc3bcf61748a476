import Calculator
import Kernel
import Storage

/// Limits and budgets that all tills share: one row each, locked while a receipt is counted, so that none is ever overshot.
struct Budgets: Sendable {
  let account: AccountID

  init(of account: AccountID) { self.account = account }

  /// How far these promotions are used, locked until the transaction ends. Rows are locked in the order of their keys.
  func lock(
    _ promotions: [PromotionID], store: StoreID, day: CivilDay, in tx: inout Transaction
  ) throws -> [PromotionID: SharedUsage] {
    let promotions = promotions.sorted()
    var rows = try tx.rows(BudgetSQL.select(account, promotions, store, day, tx.dialect))
    if rows.count < promotions.count * 2 {
      // A row that is not there cannot be locked: make it, or find the one that somebody else just made.
      try tx.run(BudgetSQL.open(account, promotions, store, day))
      rows = try tx.rows(BudgetSQL.select(account, promotions, store, day, tx.dialect))
    }
    var usage: [PromotionID: SharedUsage] = [:]
    for row in rows {
      let id: PromotionID = row.id(0)
      if row.int(1) == 0 {
        usage[id, default: SharedUsage()].uses = row.int(2)
        usage[id, default: SharedUsage()].money = row.money(3)
        usage[id, default: SharedUsage()].points = row.points(4)
      } else {
        usage[id, default: SharedUsage()].storeToday = row.int(2)
      }
    }
    return usage
  }

  /// How far these promotions are used, for a preview: nothing is locked.
  func peek(_ promotions: [PromotionID], store: StoreID, day: CivilDay, in tx: inout Transaction) throws -> [PromotionID:
    SharedUsage]
  {
    var usage: [PromotionID: SharedUsage] = [:]
    for row in try tx.rows(BudgetSQL.select(account, promotions.sorted(), store, day, .sqlite)) {
      let id: PromotionID = row.id(0)
      if row.int(1) == 0 {
        let today = usage[id]?.storeToday ?? 0
        usage[id] = SharedUsage(storeToday: today, uses: row.int(2), money: row.money(3), points: row.points(4))
      } else {
        usage[id, default: SharedUsage()].storeToday = row.int(2)
      }
    }
    return usage
  }

  /// Counts uses of locked promotions.
  func count(_ uses: [Use], at store: StoreID, in tx: inout Transaction) throws {
    for statement in counting(uses, at: store) { try tx.enqueue(statement) }
  }

  func counting(_ uses: [Use], at store: StoreID) -> [SQL] {
    uses.map { BudgetSQL.add(account, $0.promotion, $0.given, store, $0.day) }
  }

  /// Gives back what a hold or a return frees. Promotions without shared limits have no rows, and nothing happens to them.
  func giveBack(_ uses: [Use], at store: StoreID, in tx: inout Transaction) throws {
    for statement in givingBack(uses, at: store) { try tx.enqueue(statement) }
  }

  func givingBack(_ uses: [Use], at store: StoreID) -> [SQL] {
    let less = uses.sorted { $0.promotion < $1.promotion }.map {
      Use(promotion: $0.promotion, day: $0.day, given: .nothing - $0.given)
    }
    return counting(less, at: store)
  }
}
