import Calculator
import Jobs
import Kernel
import Storage

/// Whose wallet a receipt moved, and by what.
struct Standing {
  /// Nil where nobody was named, then or later.
  let owner: Int64?
  let effect: ReceiptPoints
  /// What promotions earned for whoever claimed it later.
  var claimed = GivenByPromotion()
}

/// What a receipt of nobody does for a member.
private struct LateEffect {
  let points: ReceiptPoints
  let given: LateGifts
  let book: RuleBook
  let calculation: Calculation
}

/// What a receipt earned when it found its member.
public struct Attached: Hashable, Sendable {
  public let receipt: ReceiptID
  public let earned: Points
  /// Of these, what comes and goes as a promotion says itself.
  public let lots: [Earned]
}

extension Receipts {
  /// Gives a receipt of nobody to a member: earning only, by the rules of the day of sale, once and within the programme's days.
  /// - Throws: `Problem.notFound` (`receipt_unknown`), `Problem.conflict` (`receipt_has_member`, `receipt_attached`,
  ///   `attachment_too_late`, `receipt_returned`, `request_key_reused`).
  public func attach(
    _ key: ReceiptKey, to member: MemberSnapshot, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> Attached {
    try attachOnce(key, to: member, request: request, at: now, in: &tx).attached
  }

  /// The same, and whether it is new: sent before, it only tells again what it came to.
  func attachOnce(
    _ key: ReceiptKey, to member: MemberSnapshot, request: RequestKey, at now: Instant, in tx: inout Transaction
  ) throws -> (attached: Attached, isNew: Bool) {
    let receipt = try receipt(key, in: &tx)
    let id = receipt.id
    var hash = StableHash()
    hash.mix(key.text)
    hash.mix(member.id.raw)
    let bodyHash = Int64(bitPattern: hash.value)
    let keys = [request.natural, NaturalKey(.attachment, String(id.raw))]
    let held = try NaturalKeys(of: account).claim(keys, owner: member.id.raw, target: id.raw, bodyHash: bodyHash, at: now, in: &tx)
    if let earlier = held[request.natural] {
      // Sent first before the member turned out to be another: the same claim.
      let isSame = try earlier.bodyHash == bodyHash || isSame(earlier.owner, as: member, in: &tx) && earlier.target == id.raw
      guard isSame else { throw Self.requestReused(request) }
      return (try attachment(id, of: earlier.owner, in: &tx), false)
    }
    if let other = held.values.first {
      guard try other.owner == member.id.raw || isSame(other.owner, as: member, in: &tx) else { throw Self.attachedElsewhere }
      return (try attachment(id, of: other.owner, in: &tx), false)
    }
    try check(receipt, at: now)
    return (try earnLate(receipt, member, at: now, in: &tx), true)
  }

  /// What a receipt of nobody would earn for a member; nothing is written. Four statements at most.
  /// - Throws: as `attach`.
  public func previewAttachment(
    of receipt: Receipt, to member: MemberSnapshot, at now: Instant, in tx: inout Transaction
  ) throws -> Attached {
    try check(receipt, at: now)
    let key = NaturalKey(.attachment, String(receipt.id.raw))
    guard try NaturalKeys(of: account).holders([key], in: &tx).isEmpty else { throw Self.attachedElsewhere }
    var open = try peek(.member(member), at: now, in: &tx) ?? OpenWallet(owner: member.id.raw, version: 0, wallet: Wallet())
    if open.asked != nil { throw MergeMoves.mergedMeanwhile }
    wallets.advance(&open, at: now)
    let late = try lateEffect(of: receipt, member, open, .peeked, in: &tx)
    var effect = late.points
    effect.date(by: late.book, at: receipt.soldAt, points)
    return Attached(receipt: receipt.id, earned: effect.earnedTotal, lots: effect.lots)
  }

  /// Until when a receipt without a card can still be claimed.
  public func attachmentEnds(_ receipt: Receipt) -> Instant { receipt.soldAt + .days(Int64(attachDays)) }

  private func check(_ receipt: Receipt, at now: Instant) throws(Problem) {
    guard !receipt.hasMember else {
      throw Problem(
        .conflict, "receipt_has_member", "the receipt was sold to a member",
        cashier: LocalText(ru: "Чек уже продан участнику", en: "The receipt was sold to a member"))
    }
    guard receipt.state == .confirmed else {
      throw Problem(
        .conflict, "receipt_returned", "goods of the receipt were returned or it was cancelled",
        cashier: LocalText(
          ru: "По чеку был возврат или отмена, добавить его нельзя",
          en: "Goods of the receipt were returned, or it was cancelled"))
    }
    guard now <= attachmentEnds(receipt) else {
      throw Problem(
        .conflict, "attachment_too_late", "a receipt can be claimed within \(attachDays) days",
        cashier: LocalText(
          ru: "Чек можно добавить в течение \(attachDays) дней",
          en: "A receipt can be claimed within \(attachDays) days"))
    }
  }

  /// What the receipt does to the member's wallet, by the rules of the day of sale.
  private func lateEffect(
    of receipt: Receipt, _ member: MemberSnapshot, _ open: OpenWallet, _ limits: LimitAccess, in tx: inout Transaction
  ) throws -> LateEffect {
    let wallet = open.wallet
    guard let book = rules[receipt.rules] else {
      throw Problem(
        .unavailable, "rules_missing", "rule book \(receipt.rules) of receipt \(receipt.id) is not kept any more; restore it")
    }
    let basket = try receipt.basket()
    let stated = receipt.lines.map { Sale.StatedLine(amount: $0.amount, paidWithPoints: $0.paidWithPoints) }
    let key = ReceiptKey(store: receipt.store, register: "", shift: 0, number: "", day: receipt.businessDay)
    let sale = Sale(key: key, basket: basket, stated: stated, isOffline: true)
    let priced = try price(
      sale.fixed(book.terms), .member(member), wallet, open.pool, book, CalculationScope(offersChoices: false), limits, in: &tx)
    let settlement = Settlement(sale, priced.scopes, book, priced.calculation, fixed: priced.calculation)
    var effect = ReceiptPoints()
    effect.earned = settlement.earned
    effect.status = settlement.status
    effect.uses =
      settlement.uses + wallet.stampUses(settlement.stamps, book.terms.stampCards, on: receipt.businessDay)
    if let member = priced.member {
      effect.uses += book.accumulated(
        basket, receipt.lines.map(\.total), by: member, on: receipt.businessDay, also: rules.current.asks.firsts)
    }
    effect.slides = wallet.slides
    let given = LateGifts(settlement.trace.filter { $0.kind == .earning }, by: BookOfGifts(book).givers)
    return LateEffect(points: effect, given: given, book: book, calculation: priced.calculation)
  }

  private func earnLate(_ receipt: Receipt, _ member: MemberSnapshot, at now: Instant, in tx: inout Transaction) throws -> Attached
  {
    var open = try open(.member(member), at: now, in: &tx)
    if open.asked != nil { throw MergeMoves.mergedMeanwhile }
    let late = try lateEffect(of: receipt, member, open, .locked, in: &tx)
    let (given, book) = (late.given, late.book)
    var effect = late.points
    open.wallet.record(receipt.amount, at: receipt.soldAt, uses: effect.uses, points)
    let occasion = Occasion(.attachment(receipt.id), at: receipt.soldAt, posted: now)
    effect.date(by: book, at: receipt.soldAt, points)
    open.entries += open.wallet.earn(
      effect.grants(for: receipt.id, by: book, at: receipt.soldAt, points), on: occasion, points)
    open.entries += open.wallet.count(status: effect.status, on: occasion)
    try budgets.count(shared(effect.uses, book), at: receipt.store, in: &tx)
    try tx.enqueue(AliasSQL.insert(receipt, effect, given, member.id.raw, account, programme, now))
    try wallets.save(open, at: now, in: &tx)
    let standings = open.wallet.standings(after: effect.uses, book.terms.stampCards, on: receipt.businessDay)
    for statement in holding(standings, owner: member.id.raw) { try tx.enqueue(statement) }
    let tiers = tiers(late.calculation, book, boughtAt: receipt.soldAt, from: now, posted: now)
    for statement in granting(tiers, to: member.id.raw, on: receipt.id, book, at: now, tx.dialect) { try tx.enqueue(statement) }
    try beginLate(receipt, of: member.id, at: now, in: &tx)
    var note = DayNote(sold: receipt)
    (note.earned, note.spent, note.status, note.hasMember) = (effect.earnedTotal, .zero, effect.status, true)
    note.uncounted = uncounted(receipt.lines)
    let event = Event(
      .receiptAttached, id: ids.next(at: now), owner: member.id.raw, subject: receipt.id.raw, at: now, body: note.json)
    try Outbox(of: account).put(event, in: &tx)
    return Attached(receipt: receipt.id, earned: effect.earnedTotal, lots: effect.lots)
  }

  private func attachment(_ id: ReceiptID, of owner: Int64, in tx: inout Transaction) throws -> Attached {
    guard let row = try tx.row(AliasSQL.byID(account, owner, id)) else {
      throw StorageFailure.damaged("receipt \(id) is attached to \(owner), but no row says what it earned")
    }
    return Attached(receipt: id, earned: row.points(0), lots: try ReceiptPoints(document: row.bytes(1)).lots)
  }

  /// Where returns of a receipt are kept: with the member it found later, else with its owner.
  func home(of holder: KeyHolder, in tx: inout Transaction) throws -> Int64 {
    let key = NaturalKey(.attachment, String(holder.target))
    return try NaturalKeys(of: account).holders([key], in: &tx)[key]?.owner ?? holder.owner
  }

  /// Whose wallet the receipt moved: its owner's, or that of the member it found later.
  func standing(_ receipt: Receipt, in tx: inout Transaction) throws -> Standing {
    if receipt.hasMember { return Standing(owner: receipt.owner, effect: receipt.points) }
    let key = NaturalKey(.attachment, String(receipt.id.raw))
    guard let holder = try NaturalKeys(of: account).holders([key], in: &tx)[key],
      let row = try tx.row(AliasSQL.byID(account, holder.owner, receipt.id))
    else { return Standing(owner: nil, effect: receipt.points) }
    var effect = try ReceiptPoints(document: row.bytes(1))
    effect.uses += receipt.points.uses
    effect.spending = receipt.points.spending
    return Standing(owner: holder.owner, effect: effect, claimed: try AliasSQL.given(row, 2))
  }

  private static var attachedElsewhere: Problem {
    Problem(
      .conflict, "receipt_attached", "the receipt belongs to another member already",
      cashier: LocalText(ru: "Этот чек уже добавлен другим участником", en: "Another member has claimed this receipt"))
  }
}
