import Jobs
import Kernel
import Storage

// Tills send what waits in their queues in any order, so a cancellation or a return may come before the receipt that it is about. It then
// holds the receipt's keys. The sale takes them over when it comes, and what waited is done to it in the same transaction: the end is the one
// of the right order. Keys decide who was first where both come at the same time.

extension KeyHolder {
  /// Stands under a receipt's key for what came before the receipt.
  var awaitsSale: Bool { bodyHash == Self.awaiting }

  /// For goods that came back: which, says `waiting_return`. A cancellation takes the key from them, and they wait on.
  var isReturn: Bool { awaitsSale && madeAt == Self.long }

  /// `madeAt` is when nothing was printed; what is sold later is another receipt.
  fileprivate var isCancellation: Bool { awaitsSale && madeAt != Self.long }

  /// The time of what is no cancellation: before every sale, so that a program that knows of cancellations alone takes the key over and
  /// leaves the sale as it is, while servers are upgraded one by one.
  fileprivate static let long = Instant(micros: 0)

  /// Goods of a return came back before their receipt.
  static func returned(_ document: ReturnID, in store: StoreID) -> KeyHolder {
    KeyHolder(owner: store.raw, target: document.raw, bodyHash: awaiting, madeAt: long)
  }

  /// What stands in the place of the sale's own hash.
  static let awaiting: Int64 = {
    var hash = StableHash()
    hash.mix("cancelled before it was sold")
    return Int64(bitPattern: hash.value)
  }()
}

/// What came before its sale.
struct Overtaken {
  /// What the sale is to be taken back by as a whole.
  var cancellation: ReturnID?
  /// In the order in which they came.
  var returns: [WaitingReturn] = []

  var isEmpty: Bool { cancellation == nil && returns.isEmpty }
}

extension Receipts {
  /// Whose receipt the key names. What waits for its sale is none yet.
  func holder(of key: ReceiptKey, in tx: inout Transaction) throws -> KeyHolder? {
    try NaturalKeys(of: account).holders(key.natural(.receipt), in: &tx).values.first { !$0.awaitsSale }
  }

  /// Lets the cancellation of a receipt that nobody knows wait for it.
  /// - Parameter time: when nothing was printed. What is sold later under the same number is another receipt.
  /// - Returns: whose the receipt is, where it has come just now.
  func awaitSale(_ key: ReceiptKey, _ document: ReturnID, cancelledAt time: Instant, in tx: inout Transaction) throws -> KeyHolder?
  {
    let marker = KeyHolder(owner: key.store.raw, target: document.raw, bodyHash: KeyHolder.awaiting, madeAt: time)
    return try mark(key.awaited, with: marker, in: &tx)
  }

  /// Takes keys for what came before their sale. Whatever waits under one of them already is held fast until the transaction ends, so that a
  /// sale that comes just now finds this one too.
  /// - Returns: whose the receipt is, where it has come just now.
  func mark(_ awaited: [NaturalKey], with marker: KeyHolder, in tx: inout Transaction) throws -> KeyHolder? {
    guard !awaited.isEmpty else { return nil }
    let keys = NaturalKeys(of: account)
    var held = try keys.claim(
      awaited, owner: marker.owner, target: marker.target, bodyHash: marker.bodyHash, at: marker.madeAt, in: &tx)
    for key in awaited {
      while let other = held[key], other.awaitsSale {
        let next = marker.isCancellation && !other.isCancellation ? marker : other
        let isOurs = try keys.hand(key, from: other, to: next, in: &tx)
        held[key] = isOurs ? nil : try keys.holders([key], in: &tx)[key]
      }
    }
    return held.values.first
  }

  /// Takes the sale's keys over from what waits for it.
  /// - Parameter held: the keys that were not free; what stays in it is other receipts'.
  /// - Returns: what is to be done to the sale; what was made before the sale is about another receipt.
  func takeOver(_ draft: SaleDraft, from held: inout [NaturalKey: KeyHolder], in tx: inout Transaction) throws -> Overtaken {
    // Sent before, or beside another receipt that has one of the keys: what waits is not for this one.
    guard held.values.allSatisfy(\.awaitsSale) else {
      held = held.filter { !$0.value.awaitsSale }
      return Overtaken()
    }
    let own = KeyHolder(owner: draft.owner, target: draft.id.raw, bodyHash: draft.hash, madeAt: draft.now)
    return try takeOver(draft.keys, for: own, soldAt: draft.sale.moment, from: &held, in: &tx)
  }

  func takeOver(
    _ wanted: [NaturalKey], for own: KeyHolder, soldAt moment: Instant, from held: inout [NaturalKey: KeyHolder],
    in tx: inout Transaction
  ) throws -> Overtaken {
    let keys = NaturalKeys(of: account)
    var (overtaken, taken) = (Overtaken(), [NaturalKey]())
    for key in wanted {
      while let waiting = held[key], waiting.awaitsSale {
        guard try keys.hand(key, from: waiting, to: own, in: &tx) else {
          // Something else that waits, or the same sale, sent at the same time under another request key.
          held[key] = try keys.holders([key], in: &tx)[key]
          continue
        }
        (held[key], taken) = (nil, taken + [key])
        if waiting.isCancellation, moment <= waiting.madeAt { overtaken.cancellation = ReturnID(waiting.target) }
      }
    }
    if held.isEmpty { overtaken.returns = try returns(waitingUnder: taken, for: moment, in: &tx) }
    return overtaken
  }

  /// Does to what has just been recorded what was told of it before.
  func settle(_ overtaken: Overtaken, with draft: SaleDraft, in tx: inout Transaction) throws -> Sold {
    guard let holder = try holder(of: draft.sale.key, in: &tx) else {
      throw StorageFailure.damaged("receipt \(draft.id) was recorded just now, and no key names it")
    }
    var cancellation = overtaken.cancellation
    var found: [Discrepancy] = []
    func cancel(in tx: inout Transaction) throws {
      guard let document = cancellation else { return }
      found += try undo(draft.sale.key, of: holder, as: document, [], at: draft.now, in: &tx)?.discrepancies ?? []
      cancellation = nil
    }
    for waiting in overtaken.returns {
      if let document = cancellation, document < waiting.document { try cancel(in: &tx) }
      found += try match(waiting, to: holder, at: draft.now, in: &tx)
    }
    try cancel(in: &tx)
    var sold = try confirmation(of: receipt(ReceiptID(holder.target), of: holder.owner, in: &tx), in: &tx)
    sold.undone = found
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

extension ReceiptKey {
  /// The keys under which something can wait: nothing is printed with an empty number, such a key names a fiscal document, or nothing at all.
  var awaited: [NaturalKey] { natural(.receipt).filter { $0.kind == .fiscal || !number.isEmpty } }
}
