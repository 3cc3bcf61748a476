import Access
import Calculator
import Jobs
import Kernel
import Storage

/// What became active of a receipt's points when somebody said so.
public struct Released: Hashable, Sendable {
  public let receipt: ReceiptID
  /// What this request made active; nought where nothing waited any more, or nobody has the receipt.
  public let points: Points
  /// As it stands when this is said; nil where nobody has the receipt.
  public let balance: Balance?

  /// Whether the same was recorded; the balance is no part of that.
  public static func == (a: Released, b: Released) -> Bool { a.receipt == b.receipt && a.points == b.points }
  public func hash(into hasher: inout Hasher) { hasher.combine(receipt) }
}

extension Receipts {
  /// Makes points of a receipt active that wait for a word: the order was delivered, the time to send it back is over. What a day was set for
  /// waits for its day; what came back meanwhile is gone and stays so.
  /// - Throws: `Problem.notFound` (`receipt_unknown`), `Problem.conflict` (`request_key_reused`).
  public func release(_ key: ReceiptKey, request: RequestKey, at now: Instant, in tx: inout Transaction) throws -> Released {
    try releaseOnce(key, request: request, at: now, in: &tx).released
  }

  /// The same by somebody of the staff, who says why.
  /// - Throws: as `release`; `Problem.invalid` (`reason_missing`), `Problem.conflict` (`nothing_to_release`).
  public func release(
    _ key: ReceiptKey, because reason: String, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> Released {
    try Self.check(reason)
    let (released, isNew) = try releaseOnce(key, request: request, at: change.at, in: &tx)
    guard isNew else { return released }
    // Thrown out of the transaction, so that the request is as if it had not been sent.
    guard released.points > .zero else { throw Self.nothingToRelease }
    let after: JSON = .object([
      "points": AmountForm(rules.current.terms).json(released.points), "reason": .string(reason),
    ])
    try AuditTrail(of: account).record([.did("receipt.released", released.receipt, after: after)], by: change, in: &tx)
    return released
  }

  /// And whether it is new: sent before, it only tells again what it came to. What it came to is kept as the target of the request's key:
  /// points become active without a document of their own.
  private func releaseOnce(
    _ key: ReceiptKey, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> (released: Released, isNew: Bool) {
    var hash = StableHash()
    for text in ["release", key.text] { hash.mix(text) }
    let bodyHash = Int64(bitPattern: hash.value)
    let receipt = try receipt(key, in: &tx)
    let keys = NaturalKeys(of: account)
    let held = try keys.claim([request.natural], owner: receipt.owner, target: 0, bodyHash: bodyHash, at: now, in: &tx)
    let owner = try standing(receipt, in: &tx).owner
    if let earlier = held[request.natural] {
      guard earlier.bodyHash == bodyHash else { throw Self.requestReused(request) }
      var wallet = try owner.flatMap { try wallets.peek($0, in: &tx) }?.wallet
      _ = wallet?.advance(to: now, points)
      return (Released(receipt: receipt.id, points: Points(units: earlier.target), balance: wallet.map { Balance($0) }), false)
    }
    guard let owner else { return (Released(receipt: receipt.id, points: .zero, balance: nil), true) }
    var open = try wallets.open(owner, at: now, in: &tx)
    let moved = try wallets.release(receipt.id, of: &open, at: now, in: &tx)
    if moved > .zero {
      let told = KeyHolder(owner: receipt.owner, target: moved.units, bodyHash: bodyHash, madeAt: now)
      try keys.point(request.natural, to: told, in: &tx)
    }
    return (Released(receipt: receipt.id, points: moved, balance: Balance(open)), true)
  }

  private static let nothingToRelease = Problem(
    .conflict, "nothing_to_release", "no points of this receipt wait for a word any more",
    cashier: LocalText(
      ru: "Баллы этого чека больше ничего не ждут: они уже активны или сняты возвратом",
      en: "No points of this receipt wait any more: they are active already, or a return took them back"))
}
