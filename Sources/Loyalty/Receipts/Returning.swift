import Calculator
import Conditions
import Jobs
import Kernel
import Storage

extension Receipts {
  /// Takes goods back. They are in the shop: what does not fit is noted as a discrepancy, and nothing about them makes this fail.
  ///
  /// Points are evaluated again by the rules of the day of sale. Without an original the member's latest unreturned units of each
  /// product are looked for; what is not found gives no points back. Goods of a receipt that is still to come are taken back of it when it
  /// comes; until then it is as if there were none.
  /// - Throws: `Problem.conflict` (`request_key_reused`).
  public func takeBack(
    _ goods: Return, by shopper: Shopper = .nobody, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> ReturnAnswer {
    try takeBack(goods, as: ids.next(at: now), by: shopper, request: request, at: now, in: &tx)
  }

  /// - Parameter document: what the return is called where it is new; an answer of another name was given before.
  func takeBack(
    _ goods: Return, as document: ReturnID, by shopper: Shopper, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> ReturnAnswer {
    let hash = goods.bodyHash(shopper)
    var original = try goods.original.flatMap { try holder(of: $0, in: &tx) }
    var owner = try original.map { try home(of: $0, in: &tx) } ?? shopper.id?.raw ?? goods.key.store.raw
    let keys = [request.natural] + goods.key.natural(.refund)
    let held = try NaturalKeys(of: account).claim(keys, owner: owner, target: document.raw, bodyHash: hash, at: now, in: &tx)
    if let earlier = held[request.natural] {
      let isSame =
        try earlier.bodyHash == hash || guests(of: shopper, in: &tx).contains { earlier.bodyHash == goods.bodyHash(by: $0) }
      guard isSame else { throw Self.requestReused(request) }
      return try answer(ReturnID(earlier.target), of: earlier.owner, since: held[keys[1]], in: &tx)
    }
    var notes = goods.notes
    if let first = held.values.first {
      guard first.bodyHash != hash else {
        try NaturalKeys(of: account).point(request.natural, to: first, in: &tx)
        return try answer(ReturnID(first.target), of: first.owner, in: &tx)
      }
      // Stands beside the first and moves nothing: twice the same number is for somebody to look into.
      notes += [Discrepancy(.keyReused, stated: goods.stated?.minor ?? 0, expected: first.target)]
      let refunds = [unmatched(goods, goods.lines, document)]
      return try finish(goods, document, owner, refunds, notes, isBeside: true, at: now, in: &tx)
    }
    if original == nil, let named = goods.original,
      let come = try awaitSale(named, WaitingReturn(document: document, owner: owner, goods: goods), in: &tx)
    {
      // The sale has come while this return was on its way.
      (original, owner) = (come, try home(of: come, in: &tx))
      try NaturalKeys(of: account).own(keys, owner: owner, target: document.raw, bodyHash: hash, in: &tx)
    }
    var (gone, guests) = ([DayNote.Gone](), [GuestReturns]())
    let refunds = try refund(goods, of: original, shopper, document, &notes, &gone, &guests, at: now, in: &tx)
    return try finish(goods, document, owner, refunds, notes, gone: gone, guests: guests, at: now, in: &tx)
  }

  /// The till's word that nothing was printed. What a hold set aside is free again; a receipt that was confirmed all the same is
  /// taken back as a whole, and that is noted. One that is still to come is taken back when it comes.
  /// - Parameter time: when the till found that nothing would be printed, where it says so; nil: now.
  public func cancel(
    _ key: ReceiptKey, hold: HoldID? = nil, by shopper: Shopper = .nobody, noting notes: [Discrepancy] = [],
    cancelledAt time: Instant? = nil, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> ReturnAnswer? {
    try cancel(
      key, as: ids.next(at: now), hold: hold, by: shopper, noting: notes, cancelledAt: time, request: request, at: now, in: &tx)
  }

  /// - Parameters:
  ///   - document: what the cancellation is called where it is new; an answer of another name was given before.
  ///   - found: what the caller has found not to fit already.
  func cancel(
    _ key: ReceiptKey, as document: ReturnID, hold: HoldID?, by shopper: Shopper, noting found: [Discrepancy] = [],
    cancelledAt time: Instant? = nil, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> ReturnAnswer? {
    let bodyHash = Self.cancelling(key, hold, shopper.id, time)
    let known = try holder(of: key, in: &tx)
    let owner = try known.map { try home(of: $0, in: &tx) } ?? shopper.id?.raw ?? key.store.raw
    let held = try NaturalKeys(of: account).claim(
      [request.natural], owner: owner, target: document.raw, bodyHash: bodyHash, at: now, in: &tx)
    if let earlier = held[request.natural] {
      let isSame =
        try earlier.bodyHash == bodyHash
        || guests(of: shopper, in: &tx).contains { earlier.bodyHash == Self.cancelling(key, hold, $0, time) }
      guard isSame else { throw Self.requestReused(request) }
      // Where it came before its sale, what it took back stands with the sale's owner.
      let answers = try Set([earlier.owner, owner]).map { try answer(ReturnID(earlier.target), of: $0, in: &tx) }
      return answers.first { !$0.refunds.isEmpty }
    }
    // Keys before wallets, as in a sale.
    let until = min(time ?? now, now + Limits.tillClock)
    let holder = try known ?? awaitSale(key, document, cancelledAt: until, in: &tx)
    if let hold, let member = shopper.id { try release(hold, of: member, at: now, in: &tx) }
    guard let holder else { return nil }
    return try undo(key, of: holder, as: document, found, at: now, in: &tx)
  }
}

extension Receipts {
  private static func cancelling(_ key: ReceiptKey, _ hold: HoldID?, _ member: MemberID?, _ time: Instant?) -> Int64 {
    var hash = StableHash()
    for text in ["cancel", key.text] { hash.mix(text) }
    for raw in [hold?.raw ?? 0, member?.raw ?? 0] { hash.mix(raw) }
    if let time { hash.mix(time.micros) }
    return Int64(bitPattern: hash.value)
  }

  /// What the goods give back: by their original, else by the member's latest receipts; the rest by no receipt at all.
  func refund(
    _ goods: Return, of original: KeyHolder?, _ shopper: Shopper, _ document: ReturnID, _ notes: inout [Discrepancy],
    _ gone: inout [DayNote.Gone], _ guests: inout [GuestReturns], at now: Instant, in tx: inout Transaction
  ) throws -> [Refund] {
    var refunds: [Refund] = []
    var rest = goods.lines
    if let original {
      let receipt = try receipt(ReceiptID(original.target), of: original.owner, locked: true, in: &tx)
      refunds = try undo(goods, &rest, of: receipt, id: document, &notes, &gone, at: now, in: &tx).map { [$0] } ?? []
      if !rest.isEmpty { notes.append(Discrepancy(.quantity, stated: rest.thousandths, expected: 0)) }
    } else {
      if goods.original == nil, let member = shopper.id {
        refunds = try undoLatest(goods, &rest, of: member.raw, document, &notes, &gone, &guests, at: now, in: &tx)
      }
      if !rest.isEmpty {
        let id: ReturnID = refunds.isEmpty ? document : ids.next(at: now)
        refunds.append(try takeEarnings(unmatched(goods, rest, id), goods, rest, shopper, &notes, at: now, in: &tx))
        notes.append(Discrepancy(.unmatched, stated: rest.thousandths, expected: 0))
      }
    }
    let due = refunds.reduce(Money.zero) { $0 + $1.amount }
    if let stated = goods.stated, stated != due, rest.isEmpty {
      notes.append(Discrepancy(.refund, stated: stated.minor, expected: due.minor))
    }
    return refunds
  }

  /// Undoes what fits of the goods, and leaves in `rest` what does not. - Parameter gone: takes what the day of the sale has less.
  func undo(
    _ goods: Return, _ rest: inout [Return.Line], of receipt: Receipt, id: ReturnID, _ notes: inout [Discrepancy],
    _ gone: inout [DayNote.Gone], becoming end: Receipt.State = .returned, at now: Instant, in tx: inout Transaction
  ) throws -> Refund? {
    guard let worked = try workOut(goods, &rest, of: receipt, id: id, in: &tx) else { return nil }
    let refund = worked.refund
    let periods = try periods(of: receipt, worked.standing.owner, in: &tx)
    gone.append(
      DayNote.Gone(
        day: receipt.businessDay, amount: refund.amount, status: refund.effect.status, uncounted: Self.uncounted(refund, periods)))
    try tx.enqueue(ReceiptSQL.setState(account, receipt, worked.isWhole ? end : .partlyReturned))
    try budgets.giveBack(refund.effect.uses, at: receipt.store, in: &tx)
    try freeCoupons(of: receipt, worked, at: now, in: &tx)
    try returnCertificates(worked, of: receipt, goods, &notes, at: now, in: &tx)
    let occasion = Occasion(.refund(id), at: goods.time, posted: now)
    if let owner = worked.standing.owner {
      try undo(worked, of: receipt, owner, on: occasion, &notes, in: &tx)
      try takeBackSubscriptions(periods, remaining: worked.remaining, at: now, in: &tx)
      try loseSaving(refund, of: receipt, rules.book(of: receipt), in: &tx)
    } else if refund.givenBack > .zero {
      // Points that nobody had: what was charged to the discrepancy account leaves it again.
      let entry = Entry(refund.givenBack, from: .spent, to: .discrepancy, lot: .none, on: occasion)
      try wallets.post([entry], owner: receipt.owner, at: now, in: &tx)
    }
    return refund
  }

  /// The wallet's part of a return.
  private func undo(
    _ worked: WorkedReturn, of receipt: Receipt, _ owner: Int64, on occasion: Occasion, _ notes: inout [Discrepancy],
    in tx: inout Transaction
  ) throws {
    let refund = worked.refund
    let lenders = refund.effect.spending.lent.map(\.lender)
    var (open, lent) = try wallets.open(owner, lenders: lenders, at: occasion.posted, in: &tx)
    let undone = undo(refund, of: receipt, in: &open.wallet, by: open.asked?.shift ?? 0, on: occasion)
    open.entries += undone.entries
    lent.takeIn(refund.effect.spending, own: &open, on: occasion.because(.drawnBack(refund.id)), points)
    if undone.shortage > .zero {
      notes.append(Discrepancy(.takenBack, stated: refund.takenBack.units, expected: (refund.takenBack - undone.shortage).units))
    }
    var forgotten: ForgottenSale?
    if worked.isWhole {
      if owner != receipt.owner { try tx.enqueue(AliasSQL.setReturned(account, owner, receipt.id)) }
      let span = try span(of: open, without: receipt.id, in: &tx)
      forgotten = ForgottenSale(
        at: receipt.soldAt, slides: worked.standing.effect.slides, first: span.first, last: span.last)
    }
    let uses = refund.effect.uses.filter { open.asked == nil || !StampTally.owns($0.promotion) }
    open.wallet.unrecord(refund.amount, uses: uses, sale: forgotten, points)
    if open.asked != nil { try undoStamps(refund.effect.uses, of: &open, at: occasion.posted, in: &tx) }
    try wallets.save(open, at: occasion.posted, in: &tx)
    try wallets.save(lent.others, at: occasion.posted, in: &tx)
    let standings = open.wallet.standings(
      after: uses, isUndone: true, rules.current.terms.stampCards, on: points.zone.civil(at: occasion.event).day)
    for statement in holding(standings, owner: open.owner) { try tx.enqueue(statement) }
    if let kept = worked.keptTurns {
      try takeBackTurns(of: receipt, owner, from: open.owner, but: kept, at: occasion.posted, in: &tx)
    }
    if let kept = worked.keptTiers { try takeBackTiers(of: receipt, owner, but: kept, at: occasion.posted, in: &tx) }
  }

  /// Goods that no receipt was found for: their money is the till's affair, points do not move.
  private func unmatched(_ goods: Return, _ lines: [Return.Line], _ id: ReturnID) -> Refund {
    let amount = lines.count == goods.lines.count ? goods.stated ?? .zero : .zero
    var refunded = lines.map { RefundedLine(line: -1, quantity: $0.quantity) }
    if !refunded.isEmpty { refunded[0].amount = amount }
    return Refund(
      id: id, receipt: nil, step: 0, lines: refunded, policy: .paidPrice, amount: amount, givenBack: .zero, takenBack: .zero,
      lost: .zero,
      reissue: nil, effect: ReceiptPoints())
  }

  /// Where the programme says so, takes back what goods that no receipt was found for would earn today.
  private func takeEarnings(
    _ refund: Refund, _ goods: Return, _ rest: [Return.Line], _ shopper: Shopper, _ notes: inout [Discrepancy], at now: Instant,
    in tx: inout Transaction
  ) throws -> Refund {
    guard terms.unmatched == .takeEarning, case .member(let member, _) = shopper, var basket = goods.goods else { return refund }
    basket.lines = basket.lines.filter { line in rest.contains { line.isMeant(by: $0.which) } }
    basket.spend = .nothing
    guard !basket.lines.isEmpty else { return refund }
    let calculation = Calculator.calculate(
      basket, member: member, rules: rules.current, scope: CalculationScope(offersChoices: false))
    var effect = ReceiptPoints()
    effect.earned = Settlement.earned(calculation, rules.current)
    var open = try wallets.open(member.id.raw, at: now, in: &tx)
    let occasion = Occasion(.refund(refund.id), at: goods.time, posted: now)
    let undone = open.wallet.undo(.nothing, earned: effect.earned, of: .various, on: occasion, points)
    open.entries += undone.entries
    if undone.shortage > .zero {
      let total = effect.earnedTotal
      notes.append(Discrepancy(.takenBack, stated: total.units, expected: (total - undone.shortage).units))
    }
    try wallets.save(open, at: now, in: &tx)
    return Refund(
      id: refund.id, receipt: nil, step: 0, lines: refund.lines, policy: refund.policy, amount: refund.amount, givenBack: .zero,
      takenBack: effect.earnedTotal, lost: .zero, reissue: nil, effect: effect)
  }

  /// - Parameters:
  ///   - isBeside: the document's number was another's already.
  ///   - gone: what the days of the sales have less.
  ///   - guests: what came back of receipts that the owner bought as somebody else.
  ///   - cancelled: what the cancelled sale had come to, where this is a cancellation.
  func finish(
    _ goods: Return, _ document: ReturnID, _ owner: Int64, _ refunds: [Refund], _ notes: [Discrepancy], isBeside: Bool = false,
    gone: [DayNote.Gone] = [], guests: [GuestReturns] = [], cancelling cancelled: DayNote? = nil, at now: Instant,
    in tx: inout Transaction
  ) throws -> ReturnAnswer {
    for guest in guests { try keep(guest, of: goods, document, at: now, in: &tx) }
    let own = refunds.filter { refund in !guests.contains { $0.refunds.contains { $0.id == refund.id } } }
    for refund in own { try tx.enqueue(ReturnSQL.insert(refund, goods, document: document, owner, account, programme, now)) }
    try note(notes, owner: owner, of: document.raw, said: SaidBy(goods), at: now, in: &tx)
    var body = cancelled ?? DayNote(own, of: goods, to: owner, discrepancies: notes.count, isBeside: isBeside)
    if cancelled == nil { body.gone = gone }
    let event = Event(
      cancelled == nil ? .receiptReturned : .receiptCancelled, id: ids.next(at: now), owner: owner, subject: document.raw, at: now,
      body: body.json)
    try Outbox(of: account).put(event, in: &tx)
    return ReturnAnswer(document: document, refunds: refunds, discrepancies: notes)
  }

  /// - Parameter holder: whom the return's own number stands for: another document where the sale came after the return. Then that one's
  ///   answer is the answer, under the name that was told first.
  private func answer(
    _ document: ReturnID, of owner: Int64, since holder: KeyHolder? = nil, in tx: inout Transaction
  ) throws -> ReturnAnswer {
    let rows = try tx.rows(ReturnSQL.ofDocument(account, owner, document))
    if let holder, rows.contains(where: { $0.intOrNil(13) == holder.target }) {
      let matched = try answer(ReturnID(holder.target), of: holder.owner, in: &tx)
      return ReturnAnswer(document: document, refunds: matched.refunds, discrepancies: matched.discrepancies)
    }
    let own = try rows.map(ReturnSQL.refund)
    let refunds = try certificateRefunds(own + keptByGuests(document, of: owner, in: &tx), in: &tx)
    let notes = try tx.rows(DiscrepancySQL.of(account, owner, document.raw)).map(DiscrepancySQL.discrepancy)
    return ReturnAnswer(document: document, refunds: refunds, discrepancies: notes)
  }
}
