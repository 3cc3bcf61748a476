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
    /// At most so many receipts sold since then: all those of members drawn by lot, and of stores where nobody was named, so that every week
    /// and every weekday has its part.
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
  ///
  /// Where the draft has limits, budgets, sums over time or stamps of its own, each receipt finds them as the ones before left them: then the
  /// draft's half is priced by one thread, in the order in which the receipts were sold – on PostgreSQL member after member, so that a budget
  /// that all share may there be used up by other receipts, for as much.
  /// - Parameters:
  ///   - progress: told the number of receipts looked at, now and then.
  ///   - isStopping: asked between pages; what was found until then is the answer.
  public func run(
    _ scope: Scope, on database: any Database, processors: Int = 2, progress: @Sendable (Int64) -> Void = { _ in },
    isStopping: @escaping @Sendable () -> Bool = { false }
  ) async throws -> WhatIfReport {
    if let memory = WhatIfMemory(draft, against: base) {
      return try await runInOrder(scope, memory, on: database, processors: processors, progress: progress, isStopping: isStopping)
    }
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

  private static let scope = CalculationScope(offersChoices: false, explains: false)

  private func report(of page: WhatIfPage, _ shared: SharedCosts, on database: any Database) async throws -> WhatIfReport {
    var report = WhatIfReport()
    try await each(of: page, shared, on: database) { sale in
      report.look(at: sale.receipt, sale.member, sale.costs)
      guard let priced = priced(sale) else { return }
      let then = calculate(priced.laid, member: sale.member, rules: draft, usage: sale.facts.usage, scope: Self.scope)
      report.compare(priced.now, then, of: sale.receipt, sale.member, sale.costs, base.terms)
    }
    return report
  }

  /// A receipt with the facts that it was sold by.
  private struct PastSale: Sendable {
    let receipt: PricedReceipt
    let facts: SaleFacts
    let member: MemberSnapshot?
    /// Of each line's goods, where they are known.
    let costs: [Money?]
  }

  private func each(
    of page: WhatIfPage, _ shared: SharedCosts, on database: any Database, _ body: (PastSale) -> Void
  ) async throws {
    let receipts = try page.rows.map(WhatIfSQL.receipt)
    let facts = try receipts.map { try SaleFacts(document: $0.facts, lines: $0.lines) }
    let units = zip(receipts, facts).flatMap { receipt, facts in
      let zone = facts.basket.store.place.priceZone
      return receipt.lines.lazy.map { SharedCosts.Unit(product: $0.product, zone: zone, day: receipt.day) }
    }
    var costs = try await shared.costs(of: units, on: database)[...]
    for (receipt, facts) in zip(receipts, facts) {
      let own = zip(costs.prefix(receipt.lines.count), receipt.lines).map { cost, line in cost?.times(line.quantity) }
      costs = costs.dropFirst(receipt.lines.count)
      body(PastSale(receipt: receipt, facts: facts, member: facts.member ?? page.members[receipt.owner], costs: own))
    }
  }

  /// What a receipt comes to by the rules in force, and its basket for the draft's.
  private struct Priced: Sendable {
    let laid: LaidBasket
    let now: Calculation
  }

  /// Nil where nothing that changed could touch the receipt.
  private func priced(_ sale: PastSale) -> Priced? {
    guard !sale.facts.isBlocked else { return nil }
    let laid = LaidBasket(sale.facts.basket, member: sale.member, terms: base.terms)
    guard changed.mayTouch(laid, sale.member) else { return nil }
    return Priced(
      laid: laid, now: calculate(laid, member: sale.member, rules: base, usage: sale.facts.usage, scope: Self.scope))
  }
}

extension WhatIf {
  /// Pages are read and priced by the rules in force side by side, and by the draft one after another.
  private func runInOrder(
    _ scope: Scope, _ known: WhatIfMemory, on database: any Database, processors: Int, progress: @Sendable (Int64) -> Void,
    isStopping: @escaping @Sendable () -> Bool
  ) async throws -> WhatIfReport {
    var (reader, report, memory) = (WhatIfReader(scope, programme, dialect: database.dialect), WhatIfReport(), known)
    report.remembers = true
    let past = memory.firsts.isEmpty ? nil : past(of: memory.firsts)
    let costs = SharedCosts(of: programme.account)
    // A sample comes member by member, and is small.
    let isSample = if case .sample = scope { true } else { false }
    var gathered: [(PastSale, Priced?)] = []
    try await withThrowingTaskGroup(of: (Int, [(PastSale, Priced?)]).self) { group in
      var (asked, done, ready) = (0, 0, [Int: [(PastSale, Priced?)]]())
      while !isStopping() {
        while asked - done <= processors, let page = try await reader.next(database) {
          let number = asked
          group.addTask {
            var sales: [(PastSale, Priced?)] = []
            sales.reserveCapacity(page.rows.count)
            try await self.each(of: page, costs, on: database) { sales.append(($0, self.priced($0))) }
            let touched = sales.filter { $0.1 != nil && $0.0.member != nil }.map(\.0.receipt.owner)
            try await past?.learn(Set(touched), on: database)
            return (number, sales)
          }
          asked += 1
        }
        guard done < asked else { break }
        while ready[done] == nil, let (number, sales) = try await group.next() { ready[number] = sales }
        let sales = ready.removeValue(forKey: done) ?? []
        done += 1
        if isSample { gathered += sales } else { add(sales, past, to: &report, &memory) }
        progress(report.receipts)
      }
      group.cancelAll()
    }
    add(gathered.sorted { $0.0.receipt.id < $1.0.receipt.id }, past, to: &report, &memory)
    report.isWhole = !isStopping()
    return report
  }

  private func past(of firsts: [Accumulator]) -> WhatIfPast {
    WhatIfPast(GoodsPast(account: programme.account, programme: programme.id, book: draft, sums: firsts))
  }

  private func add(
    _ sales: [(PastSale, Priced?)], _ past: WhatIfPast?, to report: inout WhatIfReport, _ memory: inout WhatIfMemory
  ) {
    for (sale, before) in sales {
      report.look(at: sale.receipt, sale.member, sale.costs)
      var (member, usage) = (sale.member, sale.facts.usage)
      memory.fill(&member, &usage, of: sale.receipt, in: sale.facts.basket.store.id)
      if let past, member != nil { past.fill(&member, of: sale.receipt, at: sale.facts.basket.time) }
      var then: Calculation?
      if let before {
        let after = calculate(
          before.laid, member: member, rules: draft, usage: usage, scope: CalculationScope(offersChoices: false))
        report.compare(before.now, after, of: sale.receipt, sale.member, sale.costs, base.terms)
        then = after
      }
      if !sale.facts.isBlocked { memory.remember(before?.now, then, of: sale.receipt, sale.facts.basket, member) }
    }
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
