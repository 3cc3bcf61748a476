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
    try confirm(SaleDraft(sale, by: shopper, request: request, id: ids.next(at: now), at: now), nil, in: &tx)
  }

  /// Records a sale, as it was made ready where that still holds.
  func confirm(_ draft: SaleDraft, _ ready: ReadySale?, in tx: inout Transaction) throws -> Sold {
    let keys = NaturalKeys(of: account)
    var held: [NaturalKey: KeyHolder]
    var wallet: Row?
    if ready == nil, household(of: draft.shopper) == nil {
      let asked = try keys.claim(
        draft.keys, owner: draft.owner, target: draft.id.raw, bodyHash: draft.hash,
        asking: wallets.selection(draft.owner, tx.dialect), at: draft.now, in: &tx)
      (held, wallet) = (asked.held, asked.rows.first)
    } else {
      held = try keys.claimFirst(
        draft.keys, owner: draft.owner, target: draft.id.raw, bodyHash: draft.hash, at: draft.now, in: &tx)
    }
    let overtaken = held.isEmpty ? Overtaken() : try takeOver(draft, from: &held, in: &tx)
    if let sold = try answered(draft, held, in: &tx) { return sold }
    let sold = try record(draft, ready, wallet, in: &tx)
    return overtaken.isEmpty ? sold : try settle(overtaken, with: draft, in: &tx)
  }

  /// Records a sale whose keys are its own.
  private func record(_ draft: SaleDraft, _ ready: ReadySale?, _ wallet: Row?, in tx: inout Transaction) throws -> Sold {
    if let ready, let sold = try write(ready, in: &tx) { return sold }
    let asked = try lookedUp(draft, in: &tx)
    let book = rules.book(for: draft.sale)
    switch draft.shopper {
    case .nobody: return try store(sellToNobody(asked, book, .locked, in: &tx), in: &tx)
    case .member:
      var open =
        if let household = household(of: draft.shopper) {
          try self.open(
            draft.shopper, with: household, on: draft.sale.businessDay, at: draft.sale.moment, now: draft.now, in: &tx)
        } else {
          try wallets.open(draft.owner, wallet, at: draft.now, in: &tx)
        }
      try wallets.joinLenders(of: draft.sale.hold, to: &open, at: draft.now, in: &tx)
      guard open.asked == nil else { return try sell(draft, toSurvivor: open, book, in: &tx) }
      return try store(sell(asked, to: open, book, .locked, in: &tx), in: &tx)
    }
  }

  /// The buyer was found before they turned out to be another: the receipt is that one's, and its keys say so.
  private func sell(_ draft: SaleDraft, toSurvivor opened: OpenWallet, _ book: RuleBook, in tx: inout Transaction) throws -> Sold {
    var open = opened
    open.asked = nil
    let owned = draft.owned(by: MemberID(open.owner))
    try NaturalKeys(of: account).own(owned.keys, owner: open.owner, target: owned.id.raw, bodyHash: owned.hash, in: &tx)
    return try store(sell(lookedUp(owned, in: &tx), to: open, book, .locked, in: &tx), in: &tx)
  }

  /// The answer where one of the sale's keys stands for something already.
  private func answered(_ draft: SaleDraft, _ held: [NaturalKey: KeyHolder], in tx: inout Transaction) throws -> Sold? {
    if let earlier = held[draft.request.natural] {
      guard try isSame(draft, earlier, in: &tx) else { throw Self.requestReused(draft.request) }
      return try confirmation(of: receipt(ReceiptID(earlier.target), of: earlier.owner, in: &tx), in: &tx)
    }
    guard let first = held.values.first else { return nil }
    guard try isSame(draft, first, in: &tx) else { return try store(putBeside(draft, first), in: &tx) }
    try NaturalKeys(of: account).point(draft.request.natural, to: first, in: &tx)
    return try confirmation(of: receipt(ReceiptID(first.target), of: first.owner, in: &tx), in: &tx)
  }

  private func store(_ outcome: SaleOutcome, in tx: inout Transaction) throws -> Sold {
    for statement in statements(of: outcome, tx.dialect) { try tx.enqueue(statement) }
    if let open = outcome.open { try wallets.save(open, at: outcome.receipt.postedAt, in: &tx) }
    guard !outcome.subscriptions.isEmpty else { return outcome.sold }
    try begin(outcome.subscriptions, of: outcome.receipt, in: &tx)
    var sold = outcome.sold
    sold.subscriptions = try told(ofSubscriptionsOn: outcome.receipt, in: &tx)
    return sold
  }

  /// To a member: wallet, limits, history.
  func sell(
    _ draft: SaleDraft, to opened: OpenWallet, _ book: RuleBook, _ limits: LimitAccess, in tx: inout Transaction
  ) throws -> SaleOutcome {
    let (sale, shopper) = (draft.sale, draft.shopper)
    var open = opened
    let promised = try promise(of: sale.hold, in: open, in: &tx)
    let occasion = Occasion(.sale(draft.id), at: sale.moment, posted: draft.now)
    var unheld = open
    var usesHold = false
    if let hold = sale.hold, let released = unheld.release(hold, on: occasion, points) {
      open.freed.append(released)
      usesHold = true
      if case .locked = limits { try wallets.giveBackFreed(&open, in: &tx) }
    }
    let priced = try price(sale, shopper, unheld.wallet, unheld.pool, book, limits, in: &tx)
    try redeem(draft, priced, in: &tx)
    var settlement = Settlement(sale, priced.scopes, book, priced.calculation, fixed: priced.fixed)
    let isBlocked = stop(&settlement, sale, priced.member, unheld.wallet) || shopper.isBlocked
    settlement.finish(shopper.isBlocked, unheld.wallet, book, on: sale.businessDay)
    let paid = try settleCertificates(draft, priced, &settlement, limits, in: &tx)
    var effect = effect(of: settlement, sale, shopper.isBlocked ? nil : priced.member, book)
    effect.slides = open.wallet.slides
    effect.spending = open.pay(
      settlement.request, from: sale.hold, promised: promised, on: occasion, for: draft.id, points)
    open.wallet.sweepStamps(book.terms.stampCards, on: sale.businessDay)
    open.wallet.record(settlement.amount, at: sale.moment, uses: effect.uses, points)
    effect.date(by: book, at: occasion.event, points)
    open.entries += open.wallet.earn(effect.grants(for: draft.id, by: book, at: occasion.event, points), on: occasion, points)
    open.entries += open.wallet.count(status: effect.status, on: occasion)
    settlement.note(effect.spending, and: sale.notes)
    let facts = SaleFacts(
      basket: sale.basket, member: priced.member, usage: priced.usage, isBlocked: isBlocked)
    return SaleOutcome(
      receipt: receipt(draft, settlement, effect, facts, book), open: open, discrepancies: settlement.discrepancies,
      counted: shared(settlement.uses, book), issued: try issueCoupons(draft, priced, limits, in: &tx), certificates: paid,
      turns: turns(draft, priced), tiers: tiers(draft, priced, book), subscriptions: subscriptions(shopper, settlement.lines),
      saving: saving(priced, book, on: sale), uncounted: uncounted(settlement.lines), cards: book.terms.stampCards,
      usesHold: usesHold)
  }

  /// What the sale earns and counts; how it was paid is still to come.
  /// - Parameter member: nil where nothing is summed up for anybody.
  private func effect(
    of settlement: Settlement, _ sale: Sale, _ member: MemberSnapshot?, _ book: RuleBook
  ) -> ReceiptPoints {
    var effect = ReceiptPoints()
    effect.earned = settlement.earned
    effect.status = settlement.status
    effect.uses = settlement.uses
    effect.uses += guarded(settlement, sale, member)
    if let member {
      effect.uses += book.accumulated(
        sale.basket, settlement.lines.map(\.total), by: member, on: sale.businessDay, also: rules.current.asks.firsts)
    }
    if let use = spendingUse(settlement.request.amount, sale.businessDay) { effect.uses.append(use) }
    return effect
  }

  /// To nobody: the store owns the receipt. Points that the till took off without a member are nobody's: a discrepancy.
  func sellToNobody(_ draft: SaleDraft, _ book: RuleBook, _ limits: LimitAccess, in tx: inout Transaction) throws -> SaleOutcome {
    let sale = draft.sale
    let priced = try price(sale, draft.shopper, Wallet(), nil, book, limits, in: &tx)
    try redeem(draft, priced, in: &tx)
    var settlement = Settlement(sale, [], book, priced.calculation, fixed: priced.fixed)
    settlement.forgetEarnings()
    let paid = try settleCertificates(draft, priced, &settlement, limits, in: &tx)
    for place in settlement.discrepancies.indices where settlement.discrepancies[place].cause == .points {
      settlement.discrepancies[place] = Discrepancy(.unknownMember, stated: settlement.discrepancies[place].stated, expected: 0)
    }
    settlement.discrepancies += sale.notes
    var effect = ReceiptPoints()
    effect.uses = settlement.uses
    effect.spending = Spending(discrepancy: settlement.request.amount)
    var entries: [Entry] = []
    if settlement.request.amount > .zero {
      settlement.discrepancies.append(Discrepancy(.unknownMember, stated: settlement.request.amount.units, expected: 0))
      let occasion = Occasion(.sale(draft.id), at: sale.moment, posted: draft.now)
      entries.append(Entry(settlement.request.amount, from: .discrepancy, to: .spent, lot: .none, on: occasion))
    }
    let facts = SaleFacts(basket: sale.basket, member: nil, usage: priced.usage)
    return SaleOutcome(
      receipt: receipt(draft, settlement, effect, facts, book), entries: entries, discrepancies: settlement.discrepancies,
      counted: shared(settlement.uses, book), issued: try issueCoupons(draft, priced, limits, in: &tx), certificates: paid)
  }

  /// Another receipt has this key already: this one is kept for whoever looks into it, and moves nothing.
  private func putBeside(_ draft: SaleDraft, _ first: KeyHolder) -> SaleOutcome {
    let sale = draft.sale
    let book = rules.book(for: sale)
    let scope = CalculationScope(offersChoices: false)
    let calculation = Calculator.calculate(sale.basket, member: nil, rules: book, scope: scope)
    let fixed =
      sale.agrees(with: calculation) ? nil : Calculator.calculate(sale.fixed(book.terms), member: nil, rules: book, scope: scope)
    var settlement = Settlement(sale, [], book, calculation, fixed: fixed)
    settlement.forgetEarnings()
    let receipt = receipt(draft, settlement, ReceiptPoints(), SaleFacts(basket: sale.basket), book, state: .beside)
    return SaleOutcome(
      receipt: receipt,
      discrepancies: [Discrepancy(.keyReused, stated: settlement.amount.minor, expected: first.target)]
        + settlement.discrepancies.filter { $0.cause == .sums } + sale.notes)
  }

  private func receipt(
    _ draft: SaleDraft, _ settlement: Settlement, _ effect: ReceiptPoints, _ facts: SaleFacts, _ book: RuleBook,
    state: Receipt.State = .confirmed
  ) -> Receipt {
    let sale = draft.sale
    return Receipt(
      id: draft.id, owner: draft.owner, store: sale.key.store, key: draft.key, businessDay: sale.businessDay,
      soldAt: sale.moment, postedAt: draft.now, state: state, amount: settlement.amount, discount: settlement.discount,
      spent: settlement.request.amount, earned: effect.earnedTotal, rules: book.version, calculator: calculatorVersion,
      lines: settlement.lines, facts: facts.document(after: draft.facts), trace: TraceDocument.write(settlement.trace),
      points: effect, cashier: sale.cashier, card: sale.card)
  }

  /// What a hold that is not in the wallet any more had set aside.
  private func promise(of hold: HoldID?, in open: OpenWallet, in tx: inout Transaction) throws -> Points {
    guard let hold else { return .zero }
    if let live = open.wallet.hold(hold) { return live.amount }
    let owners = [open.owner] + (open.pool?.peers.map(\.open.owner) ?? [])
    let postings = try owners.flatMap { try tx.rows(WalletSQL.postings($0, programme, .hold(hold))).map(WalletSQL.posting) }
    return postings.flatMap(\.entries).reduce(.zero) { $1.to == .held ? $0 + $1.amount : $0 }
  }

  /// The answer that was given when the receipt was stored.
  func confirmation(of receipt: Receipt, in tx: inout Transaction) throws -> Sold {
    let causes: Set<Discrepancy.Cause> = [
      .amount, .points, .lateConfirm, .keyReused, .unknownMember, .blockedMember, .sums, .unconfirmed, .late, .reductions, .marked,
      .seller, .coupon, .certificate, .stopped, .unreadable,
    ]
    let balance =
      receipt.hasMember && receipt.state != .beside ? try wallets.peek(receipt.owner, in: &tx).map { Balance($0.wallet) } : nil
    // A cause that only a newer server knows was told when it was noted.
    let noted = try tx.rows(DiscrepancySQL.of(account, receipt.owner, receipt.id.raw)).map(DiscrepancySQL.discrepancy)
      .filter { $0.cause.map(causes.contains) ?? true }
    var sold = Sold(
      receipt: receipt.id, amount: receipt.amount, earned: receipt.earned, status: receipt.points.status, spent: receipt.spent,
      discrepancies: noted, isBeside: receipt.state == .beside, balance: balance)
    sold.coupons = try coupons.given(on: receipt.id, in: &tx)
    sold.certificates = try certificates(used: receipt.id, in: &tx)
    sold.turns = try turns(broughtBy: receipt, in: &tx)
    sold.tiers = try tiers(broughtBy: receipt, in: &tx)
    sold.subscriptions = try told(ofSubscriptionsOn: receipt, in: &tx)
    sold.member = receipt.hasMember ? MemberID(receipt.owner) : nil
    sold.lots = receipt.points.lots
    if sold.balance != nil, let cards = rules.book(of: receipt)?.terms.stampCards, !cards.isEmpty {
      let wallet = try wallets.wallet(of: MemberID(receipt.owner), in: &tx)
      sold.stamps = wallet.stampMoves(after: receipt.points.uses, cards, on: receipt.businessDay)
    }
    return sold
  }

  static func requestReused(_ request: RequestKey) -> Problem { request.reused }
}

extension Settlement {
  /// Which stamps move says the wallet; a blocked member's do not.
  fileprivate mutating func finish(_ isBlocked: Bool, _ wallet: Wallet, _ book: RuleBook, on day: CivilDay) {
    if isBlocked { block() }
    uses += wallet.stampUses(stamps, book.terms.stampCards, on: day)
  }

  /// A blocked member's sale stands, but earns nothing and uses nothing up.
  mutating func block() {
    forgetEarnings()
    (uses, stamps) = ([], [:])
    discrepancies.append(Discrepancy(.blockedMember, stated: request.amount.units, expected: 0))
  }

  mutating func forgetEarnings() {
    (earned, status, stamps) = ([], .zero, [:])
    for index in lines.indices { lines[index].earned = .zero }
    trace.removeAll { $0.kind == .earning }
    uses = uses.compactMap { use in
      guard use.given.points > .zero else { return use }
      guard use.given.money > .zero else { return nil }
      return Use(promotion: use.promotion, day: use.day, given: Given(uses: use.given.uses, money: use.given.money))
    }
  }

  /// Notes what did not fit of the points, and what the till's desk found. A stop is told already, with its figure.
  mutating func note(_ spending: Spending, and notes: [Discrepancy]) {
    defer { discrepancies += notes.filter { $0.cause != .stopped } }
    if spending.late > .zero { discrepancies.append(Discrepancy(.lateConfirm, stated: spending.late.units, expected: 0)) }
    let beyond = spending.discrepancy + spending.debt
    if beyond > .zero {
      discrepancies.append(Discrepancy(.points, stated: request.amount.units, expected: (request.amount - beyond).units))
    }
  }
}
