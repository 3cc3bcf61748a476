import Access
import Kernel
import Storage

extension PartnerOffice {
  /// The statements of a partner, latest first.
  public func statements(
    of id: PartnerID, before number: Int64 = .max, limit: Int, in tx: inout Transaction
  ) throws -> [PartnerStatementHead] {
    try tx.rows(PartnerSQL.statements(account, id, before: number, min(max(1, limit), Limits.page))).map(PartnerSQL.head)
  }

  /// A statement as it was issued. - Throws: `Problem.notFound`.
  public func statement(
    _ number: Int64, of id: PartnerID, in tx: inout Transaction
  ) throws -> (head: PartnerStatementHead, statement: PartnerStatement) {
    guard let row = try tx.row(PartnerSQL.statement(account, id, number)) else {
      throw Problem(.notFound, "partner_statement_unknown", "the partner has no statement \(number)")
    }
    return (PartnerSQL.head(row), try PartnerStatement(stored: row.text(8), else: partner(id, in: &tx).party))
  }

  /// What a statement over these days would say as things stand. Nothing is written.
  /// - Throws: `Problem.invalid` (`statement_days`) where the days do not follow the last statement's.
  public func preview(
    of partner: Partner, _ span: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> PartnerStatement {
    let past = try statements(of: partner.id, limit: DocumentDays.lookBack, in: &tx)
    try DocumentDays.statement.checkOrder(of: span, behind: past.first.map { ($0.number, $0.days) })
    let lines = try tx.rows(PartnerSQL.unstated(account, partner.id, through: span.upperBound, Limits.bulk)).map(PartnerSQL.entry)
    return PartnerStatement(
      party: partner.party, span: span, opening: past.first?.closing ?? .zero, days: try days(of: partner, span, in: &tx),
      corrections: try corrections(of: partner, past, in: &tx),
      lines: lines.map { .init(entry: $0.id, kind: $0.kind, day: $0.day, amount: $0.amount, reason: $0.reason) })
  }

  /// What days that were stated come to now, less what statements have said of them.
  private func corrections(
    of partner: Partner, _ past: [PartnerStatementHead], in tx: inout Transaction
  ) throws -> [PartnerStatement.Correction] {
    guard let first = past.last?.days.lowerBound, let last = past.first?.days.upperBound else { return [] }
    let now = Dictionary(uniqueKeysWithValues: try days(of: partner, first...last, in: &tx).map { ($0.day, $0.net) })
    let stated = try tx.rows(PartnerSQL.stated(account, partner.id, first...last)).reduce(into: [CivilDay: Money]()) {
      $0[$1.day(0)] = $1.money(1)
    }
    return Set(now.keys).union(stated.keys).sorted().compactMap { day in
      let moved = (now[day] ?? .zero) - (stated[day] ?? .zero)
      return moved == .zero ? nil : PartnerStatement.Correction(day: day, amount: moved)
    }
  }

  /// Issues a statement: it gets the partner's next number and never changes. Sent again for the same days, it is the one that was issued.
  /// - Parameter seen: the closing balance that whoever issues it was shown; nil: whatever it is.
  /// - Throws: as `preview`; `Problem.conflict` (`statement_days_open`) while the last of the days is not over, (`statement_moved`) where
  ///   it comes to something else than was seen.
  public func issue(
    _ id: PartnerID, _ span: ClosedRange<CivilDay>, seen: Money?, by change: Change, in tx: inout Transaction
  ) throws -> PartnerStatementHead {
    try takeStructure(of: account, in: &tx)
    let partner = try partner(id, in: &tx)
    if let row = try tx.row(PartnerSQL.statement(account, id, on: span.lowerBound)) {
      let head = PartnerSQL.head(row)
      if head.days == span { return head }
    }
    try DocumentDays.statement.checkOver(span, today: zone.civil(at: change.at).day)
    let statement = try preview(of: partner, span, in: &tx)
    try DocumentDays.statement.checkSeen(seen, now: statement.closing)
    let number = (try statements(of: id, limit: 1, in: &tx).first?.number ?? 0) + 1
    let head = PartnerStatementHead(
      id: change.id(), partner: id, number: number, days: span, opening: statement.opening, closing: statement.closing,
      madeAt: change.at)
    try tx.run(PartnerSQL.insert(head, statement, account, change))
    let cleared = statement.days.map { ($0.day, $0.net) } + statement.corrections.map { ($0.day, $0.amount) }
    let rows = cleared.map { [head.id.value, $0.0.value, id.value, account.value, $0.1.value] }
    for page in rows.paged(by: Limits.bulk) { try tx.insert(Array(page), into: PartnersSchema.cleared, PartnerSQL.insertedCleared) }
    for line in statement.lines { try tx.enqueue(PartnerSQL.state(line.entry, in: head.id, account)) }
    let note: JSON = .object([
      "number": .int(number), "from": .string("\(span.lowerBound)"), "to": .string("\(span.upperBound)"),
      "closing": .int(statement.closing.minor),
    ])
    try AuditTrail(of: account).record([.did("partner_statement.issued", id, after: note)], by: change, in: &tx)
    return head
  }
}
