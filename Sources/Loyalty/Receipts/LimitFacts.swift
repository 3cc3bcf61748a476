import Calculator
import Kernel

/// What a calculation read of budgets per member and per store: of promotions that have such, behind everything else that a receipt
/// keeps. Receipts of before there were any end without it.
struct LimitFacts: Sendable {
  var members: [(id: PromotionID, all: Used, day: Used)]
  /// Uses of a day stand beside those of the whole promotion.
  var shared: [(id: PromotionID, store: Used, storeDay: Used)]
  /// Of the chain's day, which came later and have a list of their own.
  var days: [(id: PromotionID, day: Used)]

  init(_ member: MemberSnapshot?, _ usage: [PromotionID: SharedUsage]) {
    members = (member?.usage ?? [:]).filter { $0.value.all.hasBudget || $0.value.day.hasBudget }
      .map { ($0.key, $0.value.all, $0.value.day) }.sorted { $0.id < $1.id }
    shared = usage.filter { $0.value.store != .nothing || $0.value.storeDay.hasBudget }
      .map { ($0.key, $0.value.store, $0.value.storeDay) }.sorted { $0.id < $1.id }
    days = usage.filter { $0.value.day != .nothing }.map { ($0.key, $0.value.day) }.sorted { $0.id < $1.id }
  }

  init(
    members: [(id: PromotionID, all: Used, day: Used)] = [], shared: [(id: PromotionID, store: Used, storeDay: Used)] = [],
    days: [(id: PromotionID, day: Used)] = []
  ) {
    (self.members, self.shared, self.days) = (members, shared, days)
  }

  /// What stands behind the rest, by the marks of a receipt's last byte.
  var marks: UInt8 {
    (members.isEmpty && shared.isEmpty ? 0 : FactsPen.marker) | (days.isEmpty ? 0 : FactsPen.secondMarker)
  }

  /// Adds them to what was read before them.
  func fill(_ member: inout MemberSnapshot?, _ usage: inout [PromotionID: SharedUsage]) {
    for (id, all, day) in members {
      member?.usage[id, default: MemberUsage()].all.add(budgets: all)
      member?.usage[id, default: MemberUsage()].day.add(budgets: day)
    }
    for (id, store, storeDay) in shared {
      usage[id, default: SharedUsage()].store = store
      usage[id, default: SharedUsage()].storeDay.add(budgets: storeDay)
    }
    for (id, day) in days { usage[id, default: SharedUsage()].day = day }
  }
}

extension Used {
  fileprivate var hasBudget: Bool { money != .zero || points != .zero }

  fileprivate mutating func add(budgets other: Used) { (money, points) = (other.money, other.points) }
}

extension FactsPen {
  mutating func write(_ budgets: LimitFacts) {
    if budgets.marks & Self.marker != 0 { writeParts(budgets) }
    guard budgets.marks & Self.secondMarker != 0 else { return }
    list(budgets.days) { pen, part in
      pen.id(part.id.raw, .promotion)
      pen.bytes.signed(part.day.uses)
      pen.writeBudgets(part.day)
    }
  }

  private mutating func writeParts(_ budgets: LimitFacts) {
    list(budgets.members) { pen, part in
      pen.id(part.id.raw, .promotion)
      pen.writeBudgets(part.all)
      pen.writeBudgets(part.day)
    }
    list(budgets.shared) { pen, part in
      pen.id(part.id.raw, .promotion)
      pen.bytes.signed(part.store.uses)
      pen.writeBudgets(part.store)
      pen.writeBudgets(part.storeDay)
    }
  }

  private mutating func writeBudgets(_ used: Used) {
    bytes.signed(used.money.minor)
    bytes.signed(used.points.units)
  }
}

extension Tally {
  /// As rules see it: how often, and where they ask for it how much.
  func usage(on day: CivilDay, withBudgets: Bool) -> MemberUsage {
    let today = given(on: day)
    return withBudgets ? MemberUsage(all: total.used, day: today.used) : MemberUsage(uses: total.uses, today: today.uses)
  }
}
