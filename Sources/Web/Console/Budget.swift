import Calculator
import Kernel
import Loyalty
import Storage

/// How far a running promotion has used what it may give in all: of its limits the one that ends first.
struct Budget: Sendable {
  enum Measure: Sendable {
    case money(used: Money, of: Money)
    case points(used: Points, of: Points)
    case uses(used: Int64, of: Int64)
  }

  let promotion: Promotion
  let measure: Measure

  /// In tenths of a percent; above the whole where a till had no network.
  var permille: Int64 {
    switch measure {
    case .money(let used, let all): Self.permille(used.minor, all.minor)
    case .points(let used, let all): Self.permille(used.units, all.units)
    case .uses(let used, let all): Self.permille(used, all)
    }
  }

  private static func permille(_ used: Int64, _ all: Int64) -> Int64 {
    all > 0 ? scaled(max(0, used), by: 1_000, over: all, .down) : 1_000
  }

  /// The fullest first. One statement. Promotions that have not begun, are over, or have no such limit are left out.
  static func read(of floor: SalesFloor, at now: Instant, in tx: inout Transaction) throws -> [Budget] {
    let running = floor.rules.promotions.filter { promotion in
      let limits = promotion.limits
      return (limits.budgetMoney != nil || limits.budgetPoints != nil || limits.total != nil)
        && promotion.from.map { $0 <= now } ?? true && promotion.until.map { $0 > now } ?? true
    }.prefix(Limits.page)
    let used = try BudgetUse.read(of: floor.programme.account, running.map(\.id), in: &tx)
    return running.compactMap { Budget($0, used[$0.id]) }.sorted { $0.permille > $1.permille }
  }

  private init?(_ promotion: Promotion, _ used: BudgetUse?) {
    let limits = promotion.limits
    let measures: [Measure] = [
      limits.budgetMoney.map { .money(used: used?.money ?? .zero, of: $0) },
      limits.budgetPoints.map { .points(used: used?.points ?? .zero, of: $0) },
      limits.total.map { .uses(used: used?.uses ?? 0, of: $0) },
    ].compactMap { $0 }
    guard let fullest = measures.map({ Budget(promotion: promotion, measure: $0) }).max(by: { $0.permille < $1.permille }) else {
      return nil
    }
    self = fullest
  }

  private init(promotion: Promotion, measure: Measure) {
    self.promotion = promotion
    self.measure = measure
  }

  func words(_ reader: Reader) -> String {
    switch measure {
    case .money(let used, let all):
      reader("\(reader.money(used)) из \(reader.money(all))", "\(reader.money(used)) of \(reader.money(all))")
    case .points(let used, let all):
      reader("\(reader.points(used)) из \(reader.points(all)) баллов", "\(reader.points(used)) of \(reader.points(all)) points")
    case .uses(let used, let all):
      reader("\(reader.number(used)) из \(reader.number(all)) раз", "\(reader.number(used)) of \(reader.number(all)) times")
    }
  }
}
