import Jobs
import Kernel
import Storage

// Tills send what waits in their queues in any order, so a cancellation may come before the receipt that it is about. It then holds the
// receipt's keys. The sale takes them over when it comes, and is taken back as a whole in the same transaction: the end is the one of the
// right order. Keys decide who was first where both come at the same time.

extension KeyHolder {
  /// Stands under a receipt's key for a cancellation that came before the receipt; `madeAt` is when nothing was printed.
  var awaitsSale: Bool { bodyHash == Self.awaiting }

  /// What stands in the place of the sale's own hash.
  fileprivate static let awaiting: Int64 = {
    var hash = StableHash()
    hash.mix("cancelled before it was sold")
    return Int64(bitPattern: hash.value)
  }()
}

extension Receipts {
  /// Whose receipt the key names. A cancellation that waits for its sale is none yet.
  func holder(of key: ReceiptKey, in tx: inout Transaction) throws -> KeyHolder? {
    try NaturalKeys(of: account).holders(key.natural(.receipt), in: &tx).values.first { !$0.awaitsSale }
  }

  /// Lets the cancellation of a receipt that nobody knows wait for it.
  /// - Parameter time: when nothing was printed. What is sold later under the same number is another receipt.
  /// - Returns: whose the receipt is, where it has come just now.
  func awaitSale(_ key: ReceiptKey, _ document: ReturnID, cancelledAt time: Instant, in tx: inout Transaction) throws -> KeyHolder?
  {
    // Nothing is printed with an empty number: such a key names a fiscal document, or nothing at all.
    let keys = key.natural(.receipt).filter { $0.kind == .fiscal || !key.number.isEmpty }
    guard !keys.isEmpty else { return nil }
    let held = try NaturalKeys(of: account).claim(
      keys, owner: key.store.raw, target: document.raw, bodyHash: KeyHolder.awaiting, at: time, in: &tx)
    return held.values.first { !$0.awaitsSale }
  }

  /// Takes the sale's keys over from cancellations that wait for it.
  /// - Parameter held: the keys that were not free; what stays in it is other receipts'.
  /// - Returns: the cancellation that the sale is to be taken back by; nil where none waits, or the sale was made after it.
  func takeOver(_ draft: SaleDraft, from held: inout [NaturalKey: KeyHolder], in tx: inout Transaction) throws -> ReturnID? {
    guard held[draft.request.natural] == nil else { return nil }
    let keys = NaturalKeys(of: account)
    var cancellation: ReturnID?
    for key in draft.keys {
      guard let waiting = held[key], waiting.awaitsSale else { continue }
      let own = KeyHolder(owner: draft.owner, target: draft.id.raw, bodyHash: draft.hash, madeAt: draft.now)
      if try keys.hand(key, from: waiting, to: own, in: &tx) {
        held[key] = nil
        if draft.sale.moment <= waiting.madeAt { cancellation = ReturnID(waiting.target) }
      } else {
        // The same sale, sent at the same time under another request key.
        held[key] = try keys.holders([key], in: &tx)[key]
      }
    }
    return cancellation
  }

  /// Takes back what has just been recorded, as its cancellation said before.
  func undo(_ draft: SaleDraft, by document: ReturnID, in tx: inout Transaction) throws -> Sold {
    guard let holder = try holder(of: draft.sale.key, in: &tx) else {
      throw StorageFailure.damaged("receipt \(draft.id) was recorded just now, and no key names it")
    }
    let undone = try undo(draft.sale.key, of: holder, as: document, [], at: draft.now, in: &tx)
    var sold = try confirmation(of: receipt(ReceiptID(holder.target), of: holder.owner, in: &tx), in: &tx)
    sold.undone = undone?.discrepancies ?? []
    return sold
  }

  /// Takes a receipt back as a whole. - Returns: nil where nothing is left of it.
  func undo(
    _ key: ReceiptKey, of holder: KeyHolder, as document: ReturnID, _ found: [Discrepancy], at now: Instant,
    in tx: inout Transaction
  ) throws -> ReturnAnswer? {
    let owner = try home(of: holder, in: &tx)
    let receipt = try receipt(ReceiptID(holder.target), of: holder.owner, locked: true, in: &tx)
    guard receipt.state == .confirmed || receipt.state == .partlyReturned else { return nil }
    let goods = try cancellation(of: receipt, key, at: now)
    var rest = goods.lines
    var notes = found + [Discrepancy(.cancelledLate, stated: receipt.amount.minor, expected: 0)]
    let standing = try standing(receipt, in: &tx)
    var gone: [DayNote.Gone] = []
    let refund = try undo(goods, &rest, of: receipt, id: document, &notes, &gone, becoming: .cancelled, at: now, in: &tx)
    var note = DayNote(sold: receipt, discrepancies: notes.count)
    (note.earned, note.hasMember, note.gone) = (standing.effect.earnedTotal, standing.owner != nil, gone)
    return try finish(goods, document, owner, refund.map { [$0] } ?? [], notes, cancelling: note, at: now, in: &tx)
  }
}
