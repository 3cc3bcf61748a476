import Calculator
import Jobs
import Kernel
import Storage

extension Receipts {
  /// Records a sale. The goods are gone: nothing about the sale can make this fail, what does not fit is noted as a discrepancy.
  ///
  /// Sent again under the same request key, or under another with the same receipt key and the same contents, it has one effect and
  /// the same answer. Costs six statements and two round trips for a member without shared limits.
  /// - Throws: `Problem.conflict` (`request_key_reused`) where the request key was used for another body.
  public func confirm(
    _ sale: Sale, by shopper: Shopper, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> Sold {
    let id: ReceiptID = ids.next(at: now)
    let owner = shopper.id?.raw ?? sale.key.store.raw
    let hash = sale.bodyHash(shopper)
    let keys = [request.natural] + sale.key.natural(.receipt)
    let (held, found) = try NaturalKeys(of: account).claim(
      keys, owner: owner, target: id.raw, bodyHash: hash, asking: wallets.selection(owner, tx.dialect), at: now, in: &tx)
    if let earlier = held[request.natural] {
      guard earlier.bodyHash == hash else { throw Self.requestReused(request) }
      return try confirmation(of: receipt(ReceiptID(earlier.target), of: earlier.owner, in: &tx), in: &tx)
    }
    if let first = held.values.first {
      if first.bodyHash == hash {
        try NaturalKeys(of: account).point(request.natural, to: first, in: &tx)
        return try confirmation(of: receipt(ReceiptID(first.target), of: first.owner, in: &tx), in: &tx)
      }
      return try putBeside(sale, id, owner, first, at: now, in: &tx)
    }
    let book = rules.book(for: sale)
    switch shopper {
    case .nobody: return try sell(sale, id, to: shopper, book, at: now, in: &tx)
    case .member:
      let open = try wallets.open(owner, found.first, at: now, in: &tx)
      return try sell(sale, id, to: open, shopper, book, at: now, in: &tx)
    }
  }

  /// To a member: wallet, limits, history.
  private func sell(
    _ sale: Sale, _ id: ReceiptID, to opened: OpenWallet, _ shopper: Shopper, _ book: RuleBook, at now: Instant,
    in tx: inout Transaction
  ) throws -> Sold {
    var open = opened
    let owner = open.owner
    let promised = try promise(of: sale.hold, in: open, in: &tx)
    let occasion = Occasion(.sale(id), at: sale.basket.time, posted: now)
    var unheld = open.wallet
    if let hold = sale.hold, let released = unheld.release(hold, on: occasion, points) {
      try Budgets(of: account).giveBack(released.hold.uses, at: released.hold.store, in: &tx)
    }
    let priced = try price(sale, shopper, unheld, book, in: &tx)
    var settlement = Settlement(sale, priced.scopes, book, priced.calculation, fixed: priced.fixed)
    if shopper.isBlocked { settlement.block() }
    var effect = ReceiptPoints()
    effect.slides = open.wallet.slides
    effect.earned = settlement.earned
    effect.uses = settlement.uses
    if let use = spendingUse(settlement.request.amount, sale.businessDay) { effect.uses.append(use) }
    let spent: (spending: Spending, entries: [Entry])
    if let hold = sale.hold {
      spent = open.wallet.post(hold, settlement.request, promised: promised, on: occasion, points)
    } else {
      spent = open.wallet.spend(settlement.request, on: occasion, points)
    }
    effect.spending = spent.spending
    open.entries += spent.entries
    open.wallet.record(settlement.amount, at: sale.basket.time, uses: effect.uses, points)
    let grants = settlement.earned.map { Grant($0.amount, kind: $0.kind, origin: .receipt(id)) }
    open.entries += open.wallet.earn(grants, on: occasion, points)
    settlement.note(spent.spending)
    try Budgets(of: account).count(shared(settlement.uses, book), at: sale.key.store, in: &tx)
    let facts = SaleFacts(basket: sale.basket, member: priced.member, usage: priced.usage, isBlocked: shopper.isBlocked)
    return try write(sale, id, owner, settlement, effect, facts, book, open, at: now, in: &tx)
  }

  /// To nobody: the store owns the receipt. Points that the till took off without a member are nobody's: a discrepancy.
  private func sell(
    _ sale: Sale, _ id: ReceiptID, to shopper: Shopper, _ book: RuleBook, at now: Instant, in tx: inout Transaction
  ) throws -> Sold {
    let priced = try price(sale, shopper, Wallet(), book, in: &tx)
    var settlement = Settlement(sale, [], book, priced.calculation, fixed: priced.fixed)
    settlement.forgetEarnings()
    var effect = ReceiptPoints()
    effect.uses = settlement.uses
    effect.spending = Spending(discrepancy: settlement.request.amount)
    if settlement.request.amount > .zero {
      settlement.discrepancies.append(Discrepancy(.unknownMember, stated: settlement.request.amount.units, expected: 0))
      let entry = Entry(
        settlement.request.amount, from: .discrepancy, to: .spent, lot: .none,
        on: Occasion(.sale(id), at: sale.basket.time, posted: now))
      try wallets.post([entry], owner: sale.key.store.raw, at: now, in: &tx)
    }
    try Budgets(of: account).count(shared(settlement.uses, book), at: sale.key.store, in: &tx)
    let facts = SaleFacts(basket: sale.basket, member: nil, usage: priced.usage)
    return try write(sale, id, sale.key.store.raw, settlement, effect, facts, book, nil, at: now, in: &tx)
  }

  /// Another receipt has this key already: this one is kept for whoever looks into it, and moves nothing.
  private func putBeside(
    _ sale: Sale, _ id: ReceiptID, _ owner: Int64, _ first: KeyHolder, at now: Instant, in tx: inout Transaction
  ) throws -> Sold {
    let book = rules.book(for: sale)
    let scope = CalculationScope(offersChoices: false)
    let calculation = Calculator.calculate(sale.basket, member: nil, rules: book, scope: scope)
    let fixed =
      sale.agrees(with: calculation) ? nil : Calculator.calculate(sale.fixed(book.terms), member: nil, rules: book, scope: scope)
    var settlement = Settlement(sale, [], book, calculation, fixed: fixed)
    settlement.forgetEarnings()
    settlement.discrepancies = [Discrepancy(.keyReused, stated: settlement.amount.minor, expected: first.target)]
    let facts = SaleFacts(basket: sale.basket)
    return try write(sale, id, owner, settlement, ReceiptPoints(), facts, book, nil, state: .beside, at: now, in: &tx)
  }

  private func write(
    _ sale: Sale, _ id: ReceiptID, _ owner: Int64, _ settlement: Settlement, _ effect: ReceiptPoints, _ facts: SaleFacts,
    _ book: RuleBook,
    _ open: OpenWallet?, state: Receipt.State = .confirmed, at now: Instant, in tx: inout Transaction
  ) throws -> Sold {
    let receipt = Receipt(
      id: id, owner: owner, store: sale.key.store, key: sale.key.text, businessDay: sale.businessDay, soldAt: sale.basket.time,
      postedAt: now, state: state, amount: settlement.amount, discount: settlement.discount, spent: settlement.request.amount,
      earned: effect.earnedTotal, rules: book.version, calculator: calculatorVersion, lines: settlement.lines,
      facts: facts.document,
      trace: TraceDocument.write(settlement.trace), points: effect)
    try tx.enqueue(ReceiptSQL.insert(receipt, account, programme))
    if let open { try wallets.save(open, at: now, in: &tx) }
    try note(settlement.discrepancies, owner: owner, store: sale.key.store, receipt: id.raw, at: now, in: &tx)
    if state == .confirmed {
      let event = Event(.receiptConfirmed, id: ids.next(at: now), owner: owner, subject: id.raw, at: now)
      try Outbox(of: account).put(event, in: &tx)
    }
    return Sold(
      receipt: id, amount: receipt.amount, earned: receipt.earned, spent: receipt.spent, discrepancies: settlement.discrepancies,
      isBeside: state == .beside)
  }

  /// What a hold that is not in the wallet any more had set aside.
  private func promise(of hold: HoldID?, in open: OpenWallet, in tx: inout Transaction) throws -> Points {
    guard let hold else { return .zero }
    if let live = open.wallet.hold(hold) { return live.amount }
    let postings = try tx.rows(WalletSQL.postings(open.owner, programme, .hold(hold))).map(WalletSQL.posting)
    return postings.flatMap(\.entries).reduce(.zero) { $1.to == .held ? $0 + $1.amount : $0 }
  }

  /// The answer that was given when the receipt was stored.
  func confirmation(of receipt: Receipt, in tx: inout Transaction) throws -> Sold {
    let causes: Set<Discrepancy.Cause> = [.amount, .points, .lateConfirm, .keyReused, .unknownMember, .blockedMember]
    let noted = try tx.rows(ReceiptSQL.discrepancies(account, receipt.owner, receipt.id.raw)).map(ReceiptSQL.discrepancy)
    return Sold(
      receipt: receipt.id, amount: receipt.amount, earned: receipt.earned, spent: receipt.spent,
      discrepancies: noted.filter { causes.contains($0.cause) }, isBeside: receipt.state == .beside)
  }

  static func requestReused(_ request: RequestKey) -> Problem {
    Problem(
      .conflict, "request_key_reused",
      "the request key \(request.text.prefix(64)) was used for another body; use a new key for a new request")
  }
}

extension Settlement {
  /// A blocked member's sale stands, but earns nothing and uses nothing up.
  mutating func block() {
    forgetEarnings()
    uses = []
    discrepancies.append(Discrepancy(.blockedMember, stated: request.amount.units, expected: 0))
  }

  mutating func forgetEarnings() {
    earned = []
    for index in lines.indices { lines[index].earned = .zero }
    trace.removeAll { $0.kind == .earning }
    uses = uses.compactMap { use in
      guard use.given.points > .zero else { return use }
      guard use.given.money > .zero else { return nil }
      return Use(promotion: use.promotion, day: use.day, given: Given(uses: use.given.uses, money: use.given.money))
    }
  }

  mutating func note(_ spending: Spending) {
    if spending.late > .zero { discrepancies.append(Discrepancy(.lateConfirm, stated: spending.late.units, expected: 0)) }
    let beyond = spending.discrepancy + spending.debt
    if beyond > .zero {
      discrepancies.append(Discrepancy(.points, stated: request.amount.units, expected: (request.amount - beyond).units))
    }
  }
}
