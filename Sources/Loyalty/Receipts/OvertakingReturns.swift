import Calculator
import Jobs
import Kernel
import Storage

// A return that comes before its sale is recorded at once as goods without a receipt, since that is what the till is answered and what was
// paid out. Its row and its event never change their meaning: followers may read either long after. When the sale comes, the goods are taken
// back of it under a new document, like any return; the old row says so in `matched_as`, and a second event about it says that what was
// counted for it counts no more. Whoever adds up events counts the old one, takes it off again and counts the new one, in whatever order;
// whoever looks at rows leaves those with `matched_as` out. The return's own number stands for the new document from then on.
extension Receipts {
  /// Lets a return of a receipt that nobody knows wait for it. Where `Limits.waitingReturns` of it wait already it does not: it stays goods
  /// without a receipt, as its discrepancy says.
  /// - Returns: whose the receipt is, where it has come just now.
  func awaitSale(_ named: ReceiptKey, _ waiting: WaitingReturn, in tx: inout Transaction) throws -> KeyHolder? {
    guard !waiting.goods.lines.isEmpty else { return nil }
    let keys = named.awaited
    if let holder = try mark(keys, with: .returned(waiting.document, in: named.store), in: &tx) { return holder }
    for key in keys {
      let waits = try tx.row(WaitingSQL.count(account, key, upTo: Limits.waitingReturns))?.int(0) ?? 0
      if waits >= Limits.waitingReturns { return nil }
    }
    for key in keys { try tx.enqueue(WaitingSQL.insert(waiting, under: key, account)) }
    return nil
  }

  /// What waits under keys that are a receipt's now; it waits no longer. What came back before the receipt was sold is of another with the
  /// same number. Two statements for each key, and one more for each `Limits.page` returns.
  func returns(waitingUnder keys: [NaturalKey], for moment: Instant, in tx: inout Transaction) throws -> [WaitingReturn] {
    var found: [ReturnID: WaitingReturn] = [:]
    for key in keys {
      var page: [WaitingReturn] = []
      var after = ReturnID(0)
      repeat {
        page = try tx.rows(WaitingSQL.under(account, key, after: after, Limits.page)).map(WaitingReturn.init)
        for waiting in page where moment <= waiting.goods.time { found[waiting.document] = waiting }
        after = page.last?.document ?? after
      } while page.count == Limits.page
      if after > ReturnID(0) { try tx.enqueue(WaitingSQL.forget(account, key)) }
    }
    return found.values.sorted { $0.document < $1.document }
  }

  /// Takes goods back of the receipt that came after them.
  /// - Returns: what did not fit, as far as it was not told before.
  func match(
    _ waiting: WaitingReturn, to holder: KeyHolder, at now: Instant, in tx: inout Transaction
  ) throws -> [Discrepancy] {
    let (goods, document): (Return, ReturnID) = (waiting.goods, ids.next(at: now))
    // Known under two keys, it may have been matched under the other.
    let matched = try tx.rows(WaitingSQL.match(account, waiting.owner, waiting.document, as: document))
    guard let row = matched.first else { return [] }
    let (before, exchange) = (try ReturnSQL.refund(row), row.idOrNil(12, Entity.Receipt.self))
    let kept = try withdraw(waiting, before, at: now, in: &tx)
    try giveBack(before, of: waiting, matchedAs: document, at: now, in: &tx)
    let owner = try home(of: holder, in: &tx)
    var notes = kept
    var (gone, guests) = ([DayNote.Gone](), [GuestReturns]())
    let refunds = try refund(goods, of: holder, .nobody, document, &notes, &gone, &guests, at: now, in: &tx)
    _ = try finish(goods, document, owner, refunds, notes, gone: gone, at: now, in: &tx)
    if let exchange { try tx.enqueue(ReturnSQL.link(account, owner, document, to: exchange)) }
    let new = KeyHolder(owner: owner, target: document.raw, bodyHash: 0, madeAt: now)
    for key in goods.key.natural(.refund) { try NaturalKeys(of: account).point(key, to: new, in: &tx) }
    return Array(notes.dropFirst(kept.count))
  }

  /// Says that goods count no longer as goods without a receipt: nor does what was noted of them.
  /// - Returns: what of that is true all the same.
  private func withdraw(
    _ waiting: WaitingReturn, _ before: Refund, at now: Instant, in tx: inout Transaction
  ) throws -> [Discrepancy] {
    let (owner, document, key) = (waiting.owner, waiting.document, waiting.goods.key)
    let noted = try tx.rows(DiscrepancySQL.of(account, owner, document.raw)).map(DiscrepancySQL.discrepancy)
    try tx.enqueue(WaitingSQL.forgetDiscrepancies(account, owner, document))
    var note = DayNote(store: key.store, day: waiting.goods.day)
    (note.amount, note.earned) = (.zero - before.amount, .zero - before.takenBack)
    (note.hasMember, note.discrepancies, note.isWithdrawn) = (owner != key.store.raw, -noted.count, true)
    let event = Event(.receiptReturned, id: ids.next(at: now), owner: owner, subject: document.raw, at: now, body: note.json)
    try Outbox(of: account).put(event, in: &tx)
    return noted.filter { $0.cause != .unmatched && $0.cause != .takenBack }
  }

  /// Gives back what was taken for goods without a receipt, where the programme takes something for those: the receipt's own points are taken
  /// instead. It is a refund by itself, which takes less than nothing, so that the books say where the points came from.
  private func giveBack(
    _ before: Refund, of waiting: WaitingReturn, matchedAs document: ReturnID, at now: Instant, in tx: inout Transaction
  ) throws {
    guard before.takenBack > .zero else { return }
    let id: ReturnID = ids.next(at: now)
    let occasion = Occasion(.refund(id), at: waiting.goods.time, posted: now)
    var open = try wallets.open(waiting.owner, at: now, in: &tx)
    // What the wallet did not have was the house's loss, and goes back there.
    let lost = try Set([waiting.owner, open.owner]).flatMap { owner in
      try tx.rows(WalletSQL.postings(owner, programme, .refund(before.id))).map(WalletSQL.posting)
    }.flatMap(\.entries).reduce(Points.zero) { $1.from == .discrepancy ? $0 + $1.amount : $0 }
    if before.takenBack > lost {
      let grant = Grant(before.takenBack - lost, origin: .various, activation: .atOnce)
      open.entries += open.wallet.earn([grant], on: occasion, points)
    }
    if lost > .zero { open.entries.append(Entry(lost, from: .issued, to: .discrepancy, lot: .none, on: occasion)) }
    try wallets.save(open, at: now, in: &tx)
    let again = Refund(
      id: id, receipt: nil, step: 0, lines: [], policy: .paidPrice, amount: .zero, givenBack: .zero, takenBack: .zero,
      lost: .zero - before.takenBack, reissue: nil, effect: ReceiptPoints())
    try tx.enqueue(ReturnSQL.insert(again, waiting.goods, document: id, open.owner, account, programme, now))
    _ = try tx.rows(WaitingSQL.match(account, open.owner, id, as: document))
  }
}
