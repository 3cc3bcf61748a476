import Calculator
import Jobs
import Kernel
import Storage

/// A sale that waits to be recorded.
struct PendingSale: Sendable {
  let sale: Sale
  let buyer: Buyer
  let request: RequestKey
  let id: ReceiptID
  let now: Instant

  /// The sale with its buyer found.
  func draft(in tx: inout Transaction) throws -> SaleDraft { draft(try buyer.find(at: now, in: &tx)) }

  func draft(_ found: FoundBuyer) -> SaleDraft {
    var sale = sale
    sale.notes += found.notes
    sale.card = found.card ?? sale.card
    return SaleDraft(sale, by: found.shopper, request: request, id: id, at: now)
  }
}

/// Somebody else wrote a wallet meanwhile, or has one of the keys: nothing of the group may be written.
struct SaleGroupSpoiled: Error {}

/// Several sales recorded in one transaction, where many transactions could run side by side: PostgreSQL. A statement costs it some tens
/// of microseconds however few rows it is about, and each sale alone is ten of them.
///
/// Everything is worked out on what was read without locks; then all rows are written, the wallets only where they still are of the
/// versions that were read. Keys come before wallets, wallets in the order of their owners, as in a sale alone, so that neither waits for
/// the other crosswise.
extension Receipts {
  /// Records the sale together with others that arrive at the same time.
  func gather(_ sale: PendingSale, on database: some Database) async throws -> Sold {
    try await sales.answer(sale) { group in
      try await database.write(.till) { tx in try self.confirm(group, in: &tx) }
    } alone: { sale in
      try await database.write(.till) { tx in try self.confirm(sale.draft(in: &tx), nil, in: &tx) }
    }
  }

  /// Records the sales that are plain: whose keys are new, whose members have wallets and come once, without shared limits, coupons, certificates and codes,
  /// and without points of a household. Seven statements and four round trips for all of them, three more where a member of a household is among them.
  /// - Returns: in the order given; nil for a sale that has to be recorded alone, of which nothing was written.
  /// - Throws: `SaleGroupSpoiled`, and then nothing of any sale may stay.
  func confirm(_ group: [PendingSale], in tx: inout Transaction) throws -> [Sold?] {
    guard let now = group.first?.now else { return [] }
    let found = try Buyer.find(group.map(\.buyer), at: now, in: &tx)
    let drafts = zip(group, found).map { pending, found in found.map(pending.draft) }
    var opened = try wallets.peek(drafts.compactMap { $0?.shopper.id?.raw }, in: &tx)
    try joinPools(of: drafts.compactMap { $0 }, to: &opened, in: &tx)
    var plain: [(place: Int, draft: SaleDraft, outcome: SaleOutcome)] = []
    for (place, draft) in drafts.enumerated() {
      guard let draft, let outcome = try plainOutcome(draft, &opened, in: &tx) else { continue }
      plain.append((place, draft, outcome))
    }
    var answers: [Sold?] = group.map { _ in nil }
    guard !plain.isEmpty else { return answers }
    try write(plain.map { ($0.draft, $0.outcome) }, in: &tx)
    for sale in plain { answers[sale.place] = sale.outcome.sold }
    return answers
  }

  /// Nil where only a sale alone can be worked out. The wallet is taken: whoever bought twice in a group is recorded alone the second
  /// time.
  private func plainOutcome(
    _ draft: SaleDraft, _ opened: inout [Int64: OpenWallet], in tx: inout Transaction
  ) throws -> SaleOutcome? {
    guard !draft.sale.basket.showsCodes, !needsPool(draft) else { return nil }
    do {
      let book = rules.book(for: draft.sale)
      let outcome: SaleOutcome
      switch draft.shopper {
      case .nobody: outcome = try sellToNobody(draft, book, .outOfReach, in: &tx)
      case .member:
        guard var open = opened.removeValue(forKey: draft.owner), open.asked == nil,
          !open.isLent(draft.sale.hold)
        else { return nil }
        wallets.advance(&open, at: draft.now)
        outcome = try sell(draft, to: open, book, .outOfReach, in: &tx)
      }
      // Points that a till took all the same may be others': their wallets have to be locked first.
      let isLent = household(of: draft.shopper) != nil && outcome.receipt.spent != .zero
      let hasShared = isLent || !outcome.counted.isEmpty || !(outcome.open?.freed.allSatisfy(\.uses.isEmpty) ?? true)
      return hasShared || !outcome.subscriptions.isEmpty ? nil : outcome
    } catch is LimitsOutOfReach { return nil }
  }

  private func write(_ sales: [(draft: SaleDraft, outcome: SaleOutcome)], in tx: inout Transaction) throws {
    let at = sales[0].outcome.receipt.postedAt
    let claims = sales.flatMap { draft, _ in
      draft.keys.map { KeyClaim(key: $0, owner: draft.owner, target: draft.id.raw, bodyHash: draft.hash) }
    }
    let open = sales.compactMap(\.outcome.open).sorted { $0.owner < $1.owner }
    let postings = sales.flatMap { _, outcome in
      wallets.rows(outcome.entries + (outcome.open?.entries ?? []), owner: outcome.receipt.owner, at: outcome.receipt.postedAt)
    }
    let parts = [
      try NaturalKeys(of: account).rows(claims, at: at), try wallets.rows(open),
      try RowBatch(postings, into: PointsSchema.posting, WalletSQL.insertedPosting),
      try RowBatch(
        sales.map { ReceiptSQL.insert($0.outcome.receipt, account, programme).binds }, into: ReceiptsSchema.receipt,
        ReceiptSQL.inserted), try Outbox(of: account).rows(sales.compactMap { event(of: $0.outcome) }),
    ]
    let written = try tx.insert(parts)
    guard written[0] == claims.count, written[1] == open.count else { throw SaleGroupSpoiled() }
    for (_, outcome) in sales {
      let receipt = outcome.receipt
      for statement in holding(outcome.standings, owner: receipt.owner) { try tx.enqueue(statement) }
      // Whoever wants a member's turns besides has the wallet first, as these sales do.
      for statement in bringing(outcome.turns, to: receipt.owner, on: receipt.id, at: receipt.postedAt) {
        try tx.enqueue(statement)
      }
      for statement in granting(outcome.tiers, of: receipt, tx.dialect) + keeping(outcome.saving, of: receipt) {
        try tx.enqueue(statement)
      }
      try note(
        outcome.discrepancies, owner: receipt.owner, of: receipt.id.raw, said: SaidBy(receipt), at: receipt.postedAt, in: &tx)
    }
  }
}
