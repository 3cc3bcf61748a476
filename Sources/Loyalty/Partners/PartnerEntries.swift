import Access
import Kernel
import Storage

/// Payments, and disputes about receipts.
extension PartnerOffice {
  /// Disputes that wait for a decision, the longest waiting first.
  public func openDisputes(of id: PartnerID, limit: Int, in tx: inout Transaction) throws -> [PartnerEntry] {
    try tx.rows(PartnerSQL.openDisputes(account, id, min(max(1, limit), Limits.page))).map(PartnerSQL.entry)
  }

  /// Payments and decided disputes, latest first.
  public func entries(
    of id: PartnerID, before: PartnerEntryID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [PartnerEntry] {
    try tx.rows(PartnerSQL.entries(account, id, before: before ?? PartnerEntryID(Int64.max), min(max(1, limit), Limits.page)))
      .map(PartnerSQL.entry)
  }

  /// Records what was paid: to the programme, or with a minus to the partner. It stands in the next statement that reaches its day.
  /// - Parameter request: sent again under it, nothing more is recorded.
  /// - Throws: `Problem.invalid`; `Problem.conflict` (`request_key_reused`) where something else was recorded under it.
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
  /// - Throws: `Problem.invalid`; `Problem.notFound` (`receipt_unknown`); `Problem.conflict` (`receipt_of_other`, `receipt_not_settled`,
  ///   `receipt_disputed`, `request_key_reused`).
  @discardableResult
  public func dispute(
    _ place: ReceiptBook.Place, with id: PartnerID, because reason: String, request: String, by change: Change,
    in tx: inout Transaction
  ) throws -> PartnerEntryID {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the dispute")
    try takeStructure(of: account, in: &tx)
    let entry = PartnerEntry(
      id: change.id(), kind: .dispute, state: .open, day: zone.civil(at: change.at).day, amount: .zero, receipt: place,
      reason: reason, answer: "", statement: nil, madeAt: change.at, actor: "\(change.actor)")
    if let known = try known(request, as: entry, of: id, in: &tx) { return known }
    let receipt = try receipt(place, of: partner(id, in: &tx), in: &tx)
    guard try tx.row(PartnerSQL.openDispute(account, id, receipt.id)) == nil else {
      throw Problem(
        .conflict, "receipt_disputed", "there is an open dispute about this receipt already; decide it first",
        cashier: LocalText(
          ru: "По этому чеку уже открыт спор: сначала решите его", en: "This receipt is disputed already: decide it first"))
    }
    return try put(entry, of: id, request, "partner.disputed", by: change, in: &tx)
  }

  /// Decides a dispute. Accepted, it takes out of the balance what the receipt stands for now, accepted disputes before this one counted
  /// in; the next statement says so. Decided the same way again, nothing changes. A dispute can be rejected whatever became of its store.
  /// - Throws: `Problem.notFound` (`dispute_unknown`); `Problem.conflict` (`dispute_decided`, `receipt_of_other`, `receipt_not_settled`);
  ///   `Problem.invalid`.
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
    var amount = Money.zero
    if accepting {
      let receipt = try receipt(place, of: self.partner(partner, in: &tx), in: &tx)
      let before = try tx.row(PartnerSQL.accepted(account, partner, place.id))?.money(0) ?? .zero
      amount = .zero - (try standing(receipt, partner, in: &tx) + before)
    }
    let day = zone.civil(at: change.at).day
    try tx.run(PartnerSQL.decide(id, wanted, amount, answer, on: day, account, change))
    let note: JSON = .object([
      "receipt": .string("\(place.id)"), "accepted": .bool(accepting), "amount": .int(amount.minor), "because": .string(answer),
    ])
    try AuditTrail(of: account).record([.did("partner.decided", partner, after: note)], by: change, in: &tx)
  }

  /// What the receipt stands for between the partner and the programme: its points, and what came back of them, each at the terms of
  /// the business day that it counts for.
  func standing(_ receipt: Receipt, _ partner: PartnerID, in tx: inout Transaction) throws -> Money {
    let history = try ReceiptBook(of: account).history(of: receipt, in: &tx)
    var days: [CivilDay: ClearingDay] = [:]
    if receipt.hasMember {
      days[receipt.businessDay] = ClearingDay(receipt)
    } else if let claim = history.claim {
      days[receipt.businessDay] = ClearingDay(receipt, claimedFor: claim.earned)
    }
    let home = history.claim?.member.raw ?? receipt.owner
    let documents = Set(history.steps.map { ReceiptBook.Place(owner: home, id: ReceiptID($0.document.raw)) })
    for page in Array(documents).paged(by: Limits.page) {
      for stored in try tx.rows(SettlementSQL.returns(account, page)).map(StoredReturn.init)
      where stored.refund.receipt == receipt.id {
        days[stored.day, default: ClearingDay()] += ClearingDay(stored.refund)
      }
    }
    let terms = try terms(of: partner, in: &tx)
    return days.reduce(Money.zero) { sum, part in
      sum + PartnerDay(part.key, part.value, Self.terms(terms, on: part.key), unitsPerPoint: unitsPerPoint).net
    }
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
    guard try isSettled(entry.receipt, with: partner.id, in: &tx) else {
      throw Problem(
        .conflict, "receipt_not_settled",
        "the receipt is in no statement: it stands beside another, came from another system, or is of days before the first statement",
        cashier: LocalText(
          ru: "Чек не входит во взаиморасчёты: он записан рядом с другим, перенесён из другой системы или старше первого отчёта",
          en:
            "The receipt is not settled with partners: it stands beside another, came from another system, or is older than the first statement"
        ))
    }
    return entry.receipt
  }

  /// Whether the receipt's points are in the balance, or will be with the next statement.
  private func isSettled(_ receipt: Receipt, with partner: PartnerID, in tx: inout Transaction) throws -> Bool {
    guard receipt.state != .beside, !receipt.isPast,
      let since = try tx.row(SettlementSQL.start(account))?.instant(0), receipt.postedAt >= since
    else { return false }
    guard let first = try tx.row(PartnerSQL.firstDay(account, partner)), !first.isNull(0) else { return true }
    return receipt.businessDay >= first.day(0)
  }

  /// What was recorded under the request before. - Throws: `Problem.conflict` (`request_key_reused`) where that was something else.
  private func known(
    _ request: String, as entry: PartnerEntry, of id: PartnerID, in tx: inout Transaction
  ) throws -> PartnerEntryID? {
    guard let row = try tx.row(PartnerSQL.entry(account, id, request)) else { return nil }
    let known = try PartnerSQL.entry(row)
    var isSame = known.kind == entry.kind && known.reason == entry.reason && known.receipt == entry.receipt
    // A dispute has its day and amount from whoever decides it.
    if entry.kind == .payment { isSame = isSame && known.day == entry.day && known.amount == entry.amount }
    guard isSame else { throw RequestKey(request).reused }
    return known.id
  }

  private func put(
    _ entry: PartnerEntry, of id: PartnerID, _ request: String, _ act: String, by change: Change, in tx: inout Transaction
  ) throws -> PartnerEntryID {
    _ = try partner(id, in: &tx)
    guard try tx.run(PartnerSQL.insert(entry, of: id, request, account)) == 1 else {
      return try known(request, as: entry, of: id, in: &tx) ?? entry.id
    }
    let note: JSON = .object([
      "day": .string("\(entry.day)"), "amount": .int(entry.amount.minor), "receipt": entry.receipt.map { .string("\($0.id)") },
      "because": .string(entry.reason),
    ])
    try AuditTrail(of: account).record([.did(act, id, after: note)], by: change, in: &tx)
    return entry.id
  }
}
