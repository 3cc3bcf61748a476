import Calculator
import Jobs
import Kernel
import Storage

/// What came back of receipts that a member bought as somebody else, before the two were found to be one person: facts of that one.
struct GuestReturns {
  let owner: Int64
  let refunds: [Refund]
  let gone: [DayNote.Gone]
}

extension Receipts {
  /// Without an original: the member's latest receipts that have unreturned units of the goods, then those of whom the member stands for.
  func undoLatest(
    _ goods: Return, _ rest: inout [Return.Line], of member: Int64, _ document: ReturnID, _ notes: inout [Discrepancy],
    _ gone: inout [DayNote.Gone], _ guests: inout [GuestReturns], at now: Instant, in tx: inout Transaction
  ) throws -> [Refund] {
    var refunds = try undoLatest(goods, &rest, soldTo: member, document, &notes, &gone, isFirst: true, at: now, in: &tx)
    guard !rest.isEmpty else { return refunds }
    for guest in try wallets.wallet(of: MemberID(member), in: &tx).guests where !rest.isEmpty {
      var theirs: [DayNote.Gone] = []
      let found = try undoLatest(
        goods, &rest, soldTo: guest.raw, document, &notes, &theirs, isFirst: refunds.isEmpty, at: now, in: &tx)
      if !found.isEmpty { guests.append(GuestReturns(owner: guest.raw, refunds: found, gone: theirs)) }
      refunds += found
    }
    return refunds
  }

  private func undoLatest(
    _ goods: Return, _ rest: inout [Return.Line], soldTo owner: Int64, _ document: ReturnID, _ notes: inout [Discrepancy],
    _ gone: inout [DayNote.Gone], isFirst: Bool, at now: Instant, in tx: inout Transaction
  ) throws -> [Refund] {
    let since = goods.time - .days(Int64(terms.matchDays))
    var refunds: [Refund] = []
    var before = ReceiptID(.max)
    while !rest.isEmpty {
      let page = try tx.rows(ReceiptSQL.latest(account, programme, owner, since: since, before: before, 50)).map(
        ReceiptSQL.receipt)
      for receipt in page where !rest.isEmpty {
        before = receipt.id
        guard try receipt.basket().lines.contains(where: { line in rest.contains { line.isMeant(by: $0.which) } }) else { continue }
        let id = refunds.isEmpty && isFirst ? document : ids.next(at: now)
        let locked = try self.receipt(receipt.id, of: receipt.owner, locked: true, in: &tx)
        if let refund = try undo(goods, &rest, of: locked, id: id, &notes, &gone, at: now, in: &tx) { refunds.append(refund) }
      }
      guard page.count == 50 else { break }
    }
    return refunds
  }

  /// Under the same document, but with the owner of their receipts, and told of apart: so every later return of these finds them, and their
  /// days are the owner's.
  func keep(
    _ guest: GuestReturns, of goods: Return, _ document: ReturnID, at now: Instant, in tx: inout Transaction
  ) throws {
    for refund in guest.refunds {
      try tx.enqueue(ReturnSQL.insert(refund, goods, document: document, guest.owner, account, programme, now))
    }
    var body = DayNote(guest.refunds, of: goods, to: guest.owner, discrepancies: 0, isBeside: false)
    body.gone = guest.gone
    let event = Event(
      .receiptReturned, id: ids.next(at: now), owner: guest.owner, subject: document.raw, at: now, body: body.json)
    try Outbox(of: account).put(event, in: &tx)
  }

  /// What else came back under a document, of receipts of those whom its owner stands for: one statement, and one for each of them.
  func keptByGuests(_ document: ReturnID, of owner: Int64, in tx: inout Transaction) throws -> [Refund] {
    let guests = try wallets.peek(owner, in: &tx)?.wallet.guests ?? []
    return try guests.flatMap { guest in
      try tx.rows(ReturnSQL.ofDocument(account, guest.raw, document)).map(ReturnSQL.refund)
    }
  }
}
