import Calculator
import Conditions
import Customers
import Kernel
import Storage

/// Past receipts priced by other rules: what a draft would have cost and brought, had people bought just what they bought.
///
/// Each receipt is priced twice from the facts that it was sold by, once by the rules in force and once by the same with the draft. What no
/// changed promotion could touch is not priced at all: it comes to the same.
public struct WhatIf: Sendable {
  /// Which receipts.
  public enum Scope: Hashable, Sendable {
    /// Everything sold from the first instant until before the second.
    case period(from: Instant, until: Instant)
    /// At most so many receipts sold since then: the latest, or those of members drawn by lot where the table lies by member.
    case sample(since: Instant, most: Int)
  }

  public let base: RuleBook
  public let draft: RuleBook
  /// The promotions that the two do not share, both versions of each.
  private let changed: RuleBook
  private let programme: Programme

  /// - Precondition: both books have the same terms.
  public init(_ draft: RuleBook, against base: RuleBook, of programme: Programme) {
    precondition(draft.terms == base.terms, "what-if compares promotions under one programme's terms")
    self.base = base
    self.draft = draft
    self.programme = programme
    let (old, new) = (Set(base.promotions), Set(draft.promotions))
    var differing = base.promotions.filter { !new.contains($0) } + draft.promotions.filter { !old.contains($0) }
    // Two versions of one promotion stand side by side here, under names of their own.
    for place in differing.indices { differing[place].id = PromotionID(Int64(place + 1)) }
    changed = RuleBook(version: 0, terms: base.terms, groups: draft.groups, promotions: differing)
  }

  /// Prices what is in scope, on as many threads as there are processors. Nothing is written.
  /// - Parameters:
  ///   - progress: told the number of receipts looked at, now and then.
  ///   - isStopping: asked between pages; what was found until then is the answer.
  public func run(
    _ scope: Scope, on database: any Database, processors: Int = 2, progress: @Sendable (Int64) -> Void = { _ in },
    isStopping: @escaping @Sendable () -> Bool = { false }
  ) async throws -> WhatIfReport {
    var reader = WhatIfReader(scope, programme, dialect: database.dialect)
    var report = WhatIfReport()
    let costs = SharedCosts(of: programme.account)
    try await withThrowingTaskGroup(of: WhatIfReport.self) { group in
      var running = 0
      while !isStopping(), let page = try await reader.next(database) {
        if running >= processors, let part = try await group.next() {
          report.add(part)
          running -= 1
          progress(report.receipts)
        }
        group.addTask { try await self.report(of: page, costs, on: database) }
        running += 1
      }
      while let part = try await group.next() { report.add(part) }
    }
    report.isWhole = !isStopping()
    return report
  }

  private func report(of page: WhatIfPage, _ shared: SharedCosts, on database: any Database) async throws -> WhatIfReport {
    var report = WhatIfReport()
    let receipts = try page.rows.map(WhatIfSQL.receipt)
    let products = receipts.reduce(into: Set<ProductID>()) { known, receipt in known.formUnion(receipt.lines.lazy.map(\.product)) }
    let book = try await shared.book(knowing: products, on: database)
    for receipt in receipts {
      let facts = try SaleFacts(document: receipt.facts, lines: receipt.lines)
      let member = facts.member ?? page.members[receipt.owner]
      let zone = facts.basket.store.place.priceZone
      let costs = receipt.lines.map { line in book.cost(of: line.product, zone: zone, on: receipt.day)?.times(line.quantity) }
      report.look(at: receipt, member, costs)
      guard !facts.isBlocked, changed.mayTouch(facts.basket, member) else { continue }
      let scope = CalculationScope(offersChoices: false)
      let now = calculate(facts.basket, member: member, rules: base, usage: facts.usage, scope: scope)
      let then = calculate(facts.basket, member: member, rules: draft, usage: facts.usage, scope: scope)
      report.compare(now, then, of: receipt, member, costs, base.terms)
    }
    return report
  }
}

/// What a what-if needs of a receipt.
struct PricedReceipt: Sendable {
  let id: ReceiptID
  let owner: Int64
  let day: CivilDay
  let amount: Money
  let lines: [SoldLine]
  let facts: [UInt8]
}
