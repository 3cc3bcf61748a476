import Access
import Calculator
import Conditions
import Kernel
import Loyalty
import Storage

/// The receipts of one transaction, on their way into it.
struct ReceiptChunk {
  private let intake: ReceiptIntake
  private var entries: [ReceiptEntry]
  private(set) var outcome = Outcome()
  private var isRefused: [Bool]

  init(_ intake: ReceiptIntake, _ entries: [ReceiptEntry]) {
    self.intake = intake
    self.entries = entries
    isRefused = Array(repeating: false, count: entries.count)
  }

  /// What is not there is made, done without or refused, as the mapping says.
  mutating func resolve(by change: Change, in tx: inout Transaction) throws {
    for place in entries.indices {
      guard let member = entries[place].record.member, entries[place].member == nil else { continue }
      if intake.columns.unknownMember == .refuse {
        refuse(place, "member", "there is no member with the code \"\(member)\"; import the members first")
      } else {
        count("receipts whose member is not known, kept without one")
      }
    }
    try resolveProducts(by: change, in: &tx)
  }

  /// Finds products that the catalogue did not know when the import began.
  private mutating func resolveProducts(by change: Change, in tx: inout Transaction) throws {
    let places = entries.indices.filter { !entries[$0].record.unknown.isEmpty }
    guard !places.isEmpty else { return }
    let codes = Set(places.flatMap { entries[$0].record.unknown.map(\.product) })
    count("lines of products that the catalogue did not know", places.reduce(0) { $0 + entries[$1].record.unknown.count })
    let late = try products(codes, by: change, in: &tx)
    for place in places {
      for unknown in entries[place].record.unknown {
        guard let id = late[unknown.product] else {
          refuse(place, "product", "there is no product with the code \"\(unknown.product)\"; import the catalogue first")
          break
        }
        let quantity = entries[place].record.basket.lines[unknown.line].quantity
        let facts = ProductFacts(id: id)
        entries[place].record.basket.lines[unknown.line].product = facts
        entries[place].record.basket.lines[unknown.line].kind = intake.shelf.kind(of: facts, quantity)
      }
    }
  }

  private mutating func products(
    _ codes: Set<String>, by change: Change, in tx: inout Transaction
  ) throws -> [String: ProductID] {
    let catalogue = Catalogue(of: intake.programme.account)
    var late: [String: ProductID] = [:]
    for start in stride(from: 0, to: codes.count, by: Limits.bulk) {
      let some = Array(codes.sorted().dropFirst(start).prefix(Limits.bulk))
      for (code, known) in try catalogue.products(codes: some, in: &tx) { late[code] = known.id }
      guard intake.columns.unknownProduct == .make else { continue }
      let fresh = some.filter { late[$0] == nil }
      guard !fresh.isEmpty else { continue }
      let rows = fresh.map { ProductDetails(code: $0, name: CatalogueName($0), isArchived: true) }
      for (code, id) in zip(fresh, try catalogue.save(rows, by: change, in: &tx).ids) { late[code] = id }
      count("products made because a receipt names them", fresh.count)
    }
    return late
  }

  private mutating func refuse(_ place: Int, _ column: String, _ reason: String) {
    guard !isRefused[place] else { return }
    isRefused[place] = true
    outcome.refused.append((place, column, reason))
  }

  private mutating func count(_ oddity: String, _ times: Int = 1) { outcome.oddities[oddity, default: 0] += times }

  // MARK: History

  mutating func record(at now: Instant, in tx: inout Transaction) throws {
    var kept: [Int] = []
    var ready: [ReadyReceipt] = []
    for place in entries.indices where !isRefused[place] {
      kept.append(place)
      ready.append(entries[place].ready ?? intake.past(entries[place]))
    }
    for (place, became) in zip(kept, try intake.receipts.record(ready, at: now, in: &tx)) {
      switch became {
      case .recorded: outcome.made += 1
      case .known: outcome.unchanged += 1
      case .taken:
        let code = entries[place].record.code
        refuse(place, "receipt", "another receipt with the code \"\(code)\" is there, of the same store and day")
      }
    }
  }

  // MARK: Priced

  mutating func sell(in tx: inout Transaction) throws {
    let known = try intake.receipts.known(entries.map(\.record.key), in: &tx)
    for (place, entry) in entries.enumerated() where !isRefused[place] {
      let record = entry.record
      if known.contains(record.key) {
        outcome.unchanged += 1
        continue
      }
      let sale = Sale(key: record.key, basket: record.basket)
      // Tier and segments as of the sale, as a till would have had them; whoever kept the receipt had made sure of the member.
      let shopper = try entry.member.map {
        try intake.programme.shopper($0, shown: .verified, at: record.basket.time, in: &tx)
      }
      let confirmation = try intake.receipts.confirm(
        sale, by: shopper ?? .nobody, request: RequestKey("import \(record.store) \(record.code)"), at: record.basket.time,
        in: &tx)
      for discrepancy in confirmation.discrepancies { count("discrepancies: \(discrepancy.word)") }
      outcome.made += 1
      try intake.shoppers.after(record.code, sale, confirmation, intake.receipts, &tx)
    }
  }
}
