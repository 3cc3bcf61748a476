import Access
import Kernel
import Storage

/// Payments, and disputes about receipts.
extension PartnerOffice {
  /// Latest first.
  public func entries(
    of id: PartnerID, before: PartnerEntryID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [PartnerEntry] {
    try tx.rows(PartnerSQL.entries(account, id, before: before ?? PartnerEntryID(Int64.max), min(max(1, limit), Limits.page)))
      .map(PartnerSQL.entry)
  }

  /// Records what was paid: to the programme, or with a minus to the partner. It stands in the next statement that reaches its day.
  /// - Parameter request: sent again under it, nothing more is recorded.
  /// - Throws: `Problem.invalid`.
  @discardableResult
  public func pay(
    _ paid: Money, by id: PartnerID, on day: CivilDay, note: String, request: String, by change: Change, in tx: inout Transaction
  ) throws -> PartnerEntryID {
    let issues = IssueList()
    if paid == .zero { issues.add("/amount", "out_of_range", "a payment is not nought") }
    if day > zone.civil(at: change.at).day { issues.add("/day", "out_of_range", "a payment is not of a day to come") }
    checkName(note, at: "/note", issues)
    try issues.check("the payment")
    let entry = PartnerEntry(
      id: change.id(), kind: .payment, state: .accepted, day: day, amount: .zero - paid, receipt: nil, reason: note, answer: "",
      statement: nil, madeAt: change.at, actor: "\(change.actor)")
    return try put(entry, of: id, request, "partner.paid", by: change, in: &tx)
  }

  /// Opens a dispute about a receipt of the partner's store.
  /// - Throws: `Problem.invalid`; `Problem.notFound` (`receipt_unknown`); `Problem.conflict` (`receipt_of_other`, `receipt_disputed`).
  @discardableResult
  public func dispute(
    _ place: ReceiptBook.Place, with id: PartnerID, because reason: String, request: String, by change: Change,
    in tx: inout Transaction
  ) throws -> PartnerEntryID {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the dispute")
    try takeStructure(of: account, in: &tx)
    if let row = try tx.row(PartnerSQL.entry(account, id, request)) { return row.id(0) }
    let receipt = try receipt(place, of: partner(id, in: &tx), in: &tx)
    guard try tx.row(PartnerSQL.standingDispute(account, id, receipt.id)) == nil else {
      throw Problem(
        .conflict, "receipt_disputed", "there is an open or accepted dispute about this receipt already",
        cashier: LocalText(ru: "По этому чеку спор уже открыт или принят", en: "This receipt is disputed already"))
    }
    let entry = PartnerEntry(
      id: change.id(), kind: .dispute, state: .open, day: zone.civil(at: change.at).day, amount: .zero, receipt: place,
      reason: reason,
      answer: "", statement: nil, madeAt: change.at, actor: "\(change.actor)")
    return try put(entry, of: id, request, "partner.disputed", by: change, in: &tx)
  }

  /// Decides a dispute. Accepted, it takes out of the balance what the receipt stands for now; the next statement says so. Decided the same
  /// way again, nothing changes.
  /// - Throws: `Problem.notFound` (`dispute_unknown`); `Problem.conflict` (`dispute_decided`); `Problem.invalid`.
  public func decide(
    _ id: PartnerEntryID, of partner: PartnerID, accepting: Bool, because answer: String, by change: Change,
    in tx: inout Transaction
  ) throws {
    let issues = IssueList()
    checkName(answer, at: "/answer", issues)
    try issues.check("the decision")
    try takeStructure(of: account, in: &tx)
    guard let row = try tx.row(PartnerSQL.entry(account, partner, id)), let known = Optional(try PartnerSQL.entry(row)),
      known.kind == .dispute, let place = known.receipt
    else { throw Problem(.notFound, "dispute_unknown", "the partner has no dispute \(id)") }
    let wanted: PartnerEntry.State = accepting ? .accepted : .rejected
    guard known.state == .open else {
      if known.state == wanted { return }
      throw Problem(
        .conflict, "dispute_decided", "the dispute was \(known.state == .accepted ? "accepted" : "rejected") already",
        cashier: LocalText(ru: "По этому спору уже есть решение", en: "The dispute is decided already"))
    }
    let receipt = try receipt(place, of: self.partner(partner, in: &tx), in: &tx)
    let stands = try standing(receipt, place, partner, in: &tx)
    let amount: Money = accepting ? .zero - stands : .zero
    let day = zone.civil(at: change.at).day
    try tx.run(PartnerSQL.decide(id, wanted, amount, answer, on: day, account, change))
    let note: JSON = .object([
      "receipt": .string("\(receipt.id)"), "accepted": .bool(accepting), "amount": .int(amount.minor), "because": .string(answer),
    ])
    try AuditTrail(of: account).record([.did("partner.decided", partner, after: note)], by: change, in: &tx)
  }

  /// What the receipt stands for between the partner and the programme: its points, less what came back, at the terms of its day.
  func standing(
    _ receipt: Receipt, _ place: ReceiptBook.Place, _ partner: PartnerID, in tx: inout Transaction
  ) throws -> Money {
    let history = try ReceiptBook(of: account).history(of: receipt, in: &tx)
    var sums = ClearingDay()
    sums.earned = receipt.hasMember ? receipt.earned : history.claim?.earned ?? .zero
    if receipt.hasMember { sums.spent = receipt.spent - receipt.points.spending.discrepancy }
    for step in history.steps {
      sums.takenBack += step.refund.takenBack - max(.zero, step.refund.lost)
      sums.givenBack += step.refund.givenBack - step.refund.effect.spending.discrepancy
    }
    let terms = Self.terms(try terms(of: partner, in: &tx), on: receipt.businessDay)
    return PartnerDay(receipt.businessDay, sums, terms, unitsPerPoint: unitsPerPoint).net
  }

  private func receipt(_ place: ReceiptBook.Place, of partner: Partner, in tx: inout Transaction) throws -> Receipt {
    guard let entry = try ReceiptBook(of: account).receipt(place.id, of: place.owner, in: &tx), entry.programme == programme else {
      throw Problem(
        .notFound, "receipt_unknown", "there is no receipt \(place.id)",
        cashier: LocalText(ru: "Такого чека нет", en: "There is no such receipt"))
    }
    guard try stores(of: partner, in: &tx).contains(entry.receipt.store) else {
      throw Problem(
        .conflict, "receipt_of_other", "the receipt was not sold in a store of this partner",
        cashier: LocalText(ru: "Чек пробит не в магазине этого партнёра", en: "The receipt is not of this partner's stores"))
    }
    return entry.receipt
  }

  private func put(
    _ entry: PartnerEntry, of id: PartnerID, _ request: String, _ act: String, by change: Change, in tx: inout Transaction
  ) throws -> PartnerEntryID {
    _ = try partner(id, in: &tx)
    guard try tx.run(PartnerSQL.insert(entry, of: id, request, account)) == 1 else {
      return try tx.row(PartnerSQL.entry(account, id, request))?.id(0) ?? entry.id
    }
    let note: JSON = .object([
      "day": .string("\(entry.day)"), "amount": .int(entry.amount.minor), "receipt": entry.receipt.map { .string("\($0.id)") },
      "because": .string(entry.reason),
    ])
    try AuditTrail(of: account).record([.did(act, id, after: note)], by: change, in: &tx)
    return entry.id
  }
}
