import Calculator
import Jobs
import Kernel
import Storage

/// A sale as the till sent it, with what can be worked out from it alone.
struct SaleDraft: Sendable {
  let sale: Sale
  let shopper: Shopper
  let request: RequestKey
  let id: ReceiptID
  let now: Instant
  /// All keys that the receipt must be the only one to have.
  let keys: [NaturalKey]
  /// The printed key as it is stored.
  let key: String
  let hash: Int64
  /// The basket as the receipt keeps it, on which `hash` stands as well.
  let facts: FactsPen

  init(_ sale: Sale, by shopper: Shopper, request: RequestKey, id: ReceiptID, at now: Instant) {
    self.sale = sale
    self.shopper = shopper
    self.request = request
    self.id = id
    self.now = now
    let natural = sale.key.natural(.receipt)
    keys = [request.natural] + natural
    key = natural[0].text
    facts = FactsPen(besideLines: sale.basket)
    hash = sale.bodyHash(shopper, key: key, facts: facts)
  }

  /// The same sale to another member, who is the same person.
  func owned(by member: MemberID) -> SaleDraft {
    guard case .member(var snapshot, let isBlocked) = shopper else { return self }
    snapshot.id = member
    return SaleDraft(sale, by: .member(snapshot, isBlocked: isBlocked), request: request, id: id, at: now)
  }

  /// The member, or the store where nobody was named.
  var owner: Int64 { shopper.id?.raw ?? sale.key.store.raw }
}

/// A sale worked out beside the writer: its statements, and the answer that they stand for.
struct ReadySale: Sendable {
  let sold: Sold
  /// Changes the wallet, but only where it still is as it was read; nil where nobody was named.
  let wallet: SQL?
  let others: [SQL]
}

extension Receipts {
  /// Records a sale like `confirm(_:by:request:at:in:)`, in a transaction of its own. Where the database has one writer, everything
  /// but the writing itself is done beside it, on a snapshot: the writer then compares the wallet's version and writes. A wallet
  /// that has moved meanwhile, or a promotion with shared limits, is worked out again by the writer.
  /// - Throws: as `confirm(_:by:request:at:in:)`.
  public func confirm(
    _ sale: Sale, by shopper: Shopper, request: RequestKey, at now: Instant, on database: some Database
  ) async throws -> Sold {
    try await confirm(sale, boughtBy: .known(shopper), request: request, at: now, on: database)
  }

  /// Records a sale whose buyer is still to be found: on the same snapshot where there is one, so that a till's request is two steps
  /// for the database and not three. Where many can write, sales that arrive at the same time are written together.
  /// - Throws: as `confirm(_:by:request:at:in:)`.
  public func confirm(
    _ sale: Sale, boughtBy buyer: Buyer, request: RequestKey, at now: Instant, on database: some Database
  ) async throws -> Sold {
    let pending = PendingSale(sale: sale, buyer: buyer, request: request, id: ids.next(at: now), now: now)
    return try await hunted(recorded(pending, on: database), at: now, on: database)
  }

  private func recorded(_ pending: PendingSale, on database: some Database) async throws -> Sold {
    guard database.dialect == .sqlite else { return try await gather(pending, on: database) }
    return try await database.write(.till) { tx -> (draft: SaleDraft, ready: ReadySale?)? in
      let made = try pending.draft(in: &tx)
      return (made, try self.ready(made, in: &tx))
    } body: { made, tx in
      try self.confirm(made?.draft ?? pending.draft(in: &tx), made?.ready, in: &tx)
    }
  }

  /// Works the sale out on a snapshot; nil where only the writer can: shared limits, coupons, certificates, a member's first receipt.
  func ready(_ draft: SaleDraft, in tx: inout Transaction) throws -> ReadySale? {
    guard !draft.sale.basket.showsCodes, household(of: draft.shopper) == nil else { return nil }
    do {
      let book = rules.book(for: draft.sale)
      let outcome: SaleOutcome
      switch draft.shopper {
      case .nobody: outcome = try sellToNobody(draft, book, .outOfReach, in: &tx)
      case .member:
        guard var open = try wallets.peek(draft.owner, in: &tx), open.asked == nil, !open.isLent(draft.sale.hold) else {
          return nil
        }
        wallets.advance(&open, at: draft.now)
        outcome = try sell(draft, to: open, book, .outOfReach, in: &tx)
      }
      // How a subscription stands is worked out behind the member's lock.
      guard outcome.subscriptions.isEmpty else { return nil }
      let saving = outcome.open.map { wallets.saving($0, at: draft.now) }
      return ReadySale(
        sold: outcome.sold, wallet: saving?.wallet, others: (saving?.postings ?? []) + statements(of: outcome, tx.dialect))
    } catch is LimitsOutOfReach { return nil }
  }

  /// Writes what was made ready. - Returns: nil where the wallet is not as it was read, and nothing was written.
  func write(_ ready: ReadySale, in tx: inout Transaction) throws -> Sold? {
    if let wallet = ready.wallet, try tx.run(wallet) == 0 { return nil }
    for statement in ready.others { try tx.enqueue(statement) }
    return ready.sold
  }
}

/// Everything that one sale writes.
struct SaleOutcome {
  let receipt: Receipt
  /// Nil where nobody was named.
  var open: OpenWallet?
  /// Points that moved without a wallet.
  var entries: [Entry] = []
  var discrepancies: [Discrepancy]
  /// Uses that count against limits of all tills.
  var counted: [Use] = []
  /// Coupons for next time; they are written already.
  var issued: [IssuedCoupon] = []
  /// What happened to certificates; written already as well.
  var certificates: [CertificateUse] = []
  /// Turns of games that it brings.
  var turns: [GivenTurns] = []
  /// Tiers that it brings.
  var tiers: [GivenTier] = []
  /// Subscriptions that it sells.
  var subscriptions: [SubscriptionSale] = []
  /// What promotions for the member's tier took off, where a subscription may have given it.
  var saving: TierSaving?
  /// Money that does not count towards tiers by rules.
  var uncounted = Money.zero
  /// The stamp cards of the rules that it was sold by.
  var cards: [StampCard] = []
  /// A hold was there and is used.
  var usesHold = false

  /// How it left the cards that it moved.
  var standings: [StampStanding] {
    guard !cards.isEmpty, let open else { return [] }
    return open.wallet.standings(after: receipt.points.uses, cards, on: receipt.businessDay)
  }

  var sold: Sold {
    let isBeside = receipt.state == .beside
    var sold = Sold(
      receipt: receipt.id, amount: receipt.amount, earned: receipt.earned, status: receipt.points.status, spent: receipt.spent,
      discrepancies: discrepancies, isBeside: isBeside, balance: isBeside ? nil : open.map { Balance($0) })
    sold.usedHold = usesHold
    sold.coupons = issued
    sold.certificates = certificates
    sold.turns = turns
    sold.tiers = tiers
    sold.member = receipt.hasMember ? MemberID(receipt.owner) : nil
    sold.lots = isBeside ? [] : receipt.points.lots
    if let open, !isBeside {
      sold.stamps = open.wallet.stampMoves(after: receipt.points.uses, cards, on: receipt.businessDay)
    }
    return sold
  }
}

extension Receipts {
  /// What a sale writes besides its keys and its wallet.
  func statements(of outcome: SaleOutcome, _ dialect: Dialect) -> [SQL] {
    let receipt = outcome.receipt
    var statements = budgets.counting(outcome.counted, at: receipt.store, dialect)
    for hold in outcome.open?.freed ?? [] { statements += budgets.givingBack(hold.uses, at: hold.store, dialect) }
    statements += holding(outcome.standings, owner: receipt.owner)
    statements += wallets.posting(outcome.entries, owner: receipt.owner, at: receipt.postedAt)
    statements.append(ReceiptSQL.insert(receipt, account, programme))
    for discrepancy in outcome.discrepancies {
      statements.append(
        note(discrepancy, owner: receipt.owner, of: receipt.id.raw, said: SaidBy(receipt), at: receipt.postedAt))
    }
    statements += bringing(outcome.turns, to: receipt.owner, on: receipt.id, at: receipt.postedAt)
    statements += granting(outcome.tiers, of: receipt, dialect) + keeping(outcome.saving, of: receipt)
    if let event = event(of: outcome) { statements.append(Outbox(of: account).putting(event, dialect)) }
    return statements
  }

  /// What followers hear of a sale.
  func event(of outcome: SaleOutcome) -> Event? {
    let receipt = outcome.receipt
    // A receipt that is being written is one or the other.
    let kind: Event.Kind? = receipt.state == .confirmed ? .receiptConfirmed : receipt.state == .beside ? .receiptBeside : nil
    var note = DayNote(sold: receipt, discrepancies: outcome.discrepancies.count)
    note.uncounted = outcome.uncounted
    return kind.map { kind in
      Event(
        kind, id: ids.next(at: receipt.postedAt), owner: receipt.owner, subject: receipt.id.raw, at: receipt.postedAt,
        body: note.json)
    }
  }
}
