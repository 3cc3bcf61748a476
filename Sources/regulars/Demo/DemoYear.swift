import Access
import Calculator
import Customers
import Imports
import Jobs
import Kernel
import Loyalty
import Storage

/// The year itself: every purchase in the order of time through calculator and journal, then what came out.
struct DemoYear: Sendable {
  let setup: DemoSetup
  /// When the year ends.
  private let end: Instant
  private var wiring: Wiring { setup.wiring }
  private var desk: Desk { setup.desk }

  init(_ setup: DemoSetup) throws {
    self.setup = setup
    end = try DemoCalendar(data: setup.data).end
  }

  /// As it was found when the year was first told, or told now.
  func summary() async throws -> DemoSummary {
    let account = try await setup.account()
    try desk.stop.check()
    let known = try await wiring.database.read { tx in try Checkpoints(of: account, for: "demo").find("year", in: &tx) }
    if let known { return try DemoSummary(known.state) }
    let importDesk = try await wiring.importDesk(account, DemoSetup.programme, DemoShoppers.all)
    var summary = DemoSummary()
    try await sell(account, importDesk, &summary)
    try await settle(importDesk)
    try await tell(importDesk, &summary)
    let (state, now) = (summary.json, desk.world.now())
    _ = try await wiring.database.write(.bulk) { tx in
      try Checkpoints(of: account, for: "demo").reach(state, isDone: true, key: "year", after: nil, at: now, in: &tx)
    }
    return summary
  }

  /// Prices the year. What was done before a stop is not done again.
  private func sell(_ account: AccountID, _ importDesk: ImportDesk, _ summary: inout DemoSummary) async throws {
    let run = ImportRun(
      into: wiring.database, account: account, ids: wiring.ids, options: ImportOptions(), refused: nil, now: desk.world.now,
      shouldStop: { [stop = desk.stop] in stop.isAsked })
    let began = ContinuousClock.now
    let report = try await setup.carryOut("transactions.csv", setup.mapping("receipts.json"), for: importDesk, run)
    if case .stopped = report.ending { throw Stop.Asked() }
    guard report.tally.refused == 0 else {
      throw Problem(.invalid, "demo_data", "records of the year were refused:\n  " + report.issues.joined(separator: "\n  "))
    }
    // A run that went on from a stop says nothing about the rate.
    if report.resumedAt == nil { summary.milliseconds = Int64((ContinuousClock.now - began) / .milliseconds(1)) }
    for (oddity, count) in report.tally.oddities { summary.oddities[oddity] = Int64(count) }
  }

  /// Lets the points of members who did not come again activate and end, up to the end of the year.
  private func settle(_ importDesk: ImportDesk) async throws {
    let programme = importDesk.programme
    let wallets = Wallets(of: programme.account, programme: programme.id, terms: programme.settings.points, ids: wiring.ids)
    let end = end
    while try await wiring.database.write(.bulk, { tx in try wallets.advanceDue(limit: 200, at: end, in: &tx) }) == 200 {
      try desk.stop.check()
    }
  }

  /// Audits the books and adds up what they say.
  private func tell(_ importDesk: ImportDesk, _ summary: inout DemoSummary) async throws {
    let programme = importDesk.programme
    let audit = JournalAudit(
      of: programme.account, programme: programme.id, terms: programme.settings.points, rules: RuleShelf(importDesk.rules))
    let progress = desk.progress("auditing wallets", unit: "wallets", total: nil)
    let books = try await audit.run(on: wiring.database) { done in
      progress.reached(done)
      try desk.stop.check()
    }
    progress.finish()
    summary.add(books)
    let totals = try await importDesk.receipts.totals(on: wiring.database)
    summary.add(totals, importDesk.rules)
    if let receipt = totals.richest {
      let index = try await wiring.database.read { tx in try CatalogueIndex(of: programme.account).refreshed(in: &tx) }
      let names = try await productNames(receipt, index, programme.account)
      for language in DemoLanguage.allCases {
        summary.explained[language.rawValue] = try DemoReceipt(receipt, importDesk.rules, names, language).text
      }
    }
    summary.regulars = try await regulars(programme)
  }

  private func productNames(_ receipt: Receipt, _ index: CatalogueIndex, _ account: AccountID) async throws -> [ProductID:
    CatalogueName]
  {
    let codes = receipt.lines.compactMap { index.code($0.product) }
    let products = try await wiring.database.read { tx in
      try Catalogue(of: account).products(codes: Array(Set(codes)).sorted(), in: &tx)
    }
    return Dictionary(products.values.map { ($0.id, $0.details.name) }) { first, _ in first }
  }

  /// Five members from all over the list.
  private func regulars(_ programme: Programme) async throws -> [DemoSummary.Regular] {
    let wallets = Wallets(of: programme.account, programme: programme.id, terms: programme.settings.points, ids: wiring.ids)
    let end = end
    return try await wiring.database.read { tx in
      var members: [MemberID] = []
      while true {
        let page = try programme.members.all(after: members.last, limit: Limits.page, in: &tx)
        members += page.map(\.id)
        if page.count < Limits.page { break }
      }
      return try (0..<min(5, members.count)).map { place in
        let member = members[(members.count - 1) * (place + 1) / 6]
        let code = try programme.identifiers.all(of: member, in: &tx).first { $0.identifier.kind == .external }?.identifier.value
        let wallet = try wallets.wallet(of: member, in: &tx)
        let ending = wallet.expiring(before: end + .days(30)).reduce(Points.zero) { $0 + $1.amount }
        return DemoSummary.Regular(
          code: code ?? "\(member)", purchases: wallet.history.purchases, paid: wallet.history.paid, active: wallet.active,
          pending: wallet.pending, ending: ending)
      }
    }
  }
}

extension DemoSummary {
  mutating func add(_ books: AuditReport) {
    func sum(_ account: JournalAccount) -> Points { Points(units: books.accounts[account] ?? 0) }
    issued = -sum(.issued)
    (spent, expired, cancelled) = (sum(.spent), sum(.expired), sum(.cancelled))
    (pending, active) = (sum(.pending), sum(.active))
    returns = Int64(books.returns)
    differences = Int64(books.differences.count + books.omitted)
    (audited, recalculated) = (Int64(books.wallets), Int64(books.recalculated))
  }

  mutating func add(_ totals: ReceiptTotals, _ rules: RuleBook) {
    (receipts, lines, members) = (Int64(totals.receipts), Int64(totals.lines), Int64(totals.members))
    (shelf, tillReduced, discount) = (totals.shelf, totals.tillReduced, totals.discount)
    (paidWithPoints, paid) = (totals.paidWithPoints, totals.amount)
    effects = totals.effects.sorted { $0.key < $1.key }.compactMap { place, effect in
      guard rules.promotions.indices.contains(place) else { return nil }
      return Effect(
        name: rules.promotions[place].name, receipts: Int64(effect.receipts), money: effect.money, points: effect.points)
    }
  }
}
