import Calculator
import Kernel
import Storage

/// Recomputes a programme's books: every wallet from its entries, every receipt's and return's entries from what is stored with it,
/// receipts from their facts where their rule book is at hand, and the sum of all accounts.
///
/// Goes through the owners page by page, each page in one snapshot; memory is bounded by the history of one page's owners.
public struct JournalAudit: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let terms: PointsTerms
  let rules: RuleShelf?

  /// Owners of one page.
  static var page: Int { 200 }

  public init(of account: AccountID, programme: ProgrammeID, terms: PointsTerms, rules: RuleShelf?) {
    self.account = account
    self.programme = programme
    self.terms = terms
    self.rules = rules
  }

  /// - Parameter progress: how many wallets were looked at so far; what it throws ends the audit.
  public func run(on database: some Database, progress: @Sendable (Int) throws -> Void = { _ in }) async throws -> AuditReport {
    var report = AuditReport()
    var total: Int64 = 0
    var after: Int64? = Int64.min
    while let start = after {
      let known = report
      let (next, pageReport, members) = try await database.read { tx in
        var page = AuditPage(audit: self, report: known)
        let next = try page.audit(after: start, in: &tx)
        return (next, page.report, page.members)
      }
      report = pageReport
      total += members
      after = next
      try progress(report.wallets)
    }
    let programmeSide = report.accounts.filter { !$0.key.isMembers }.values.reduce(0, +)
    report.expect("programme", "the sum of its accounts and of all wallets", programmeSide + total, 0)
    report.expect("programme", "the account of regrouped points", report.accounts[.regrouped] ?? 0, 0)
    report.expect("programme", "what moved between merged members", report.accounts[.moved] ?? 0, 0)
    try await checkTotals(of: database, &report)
    try await checkCharities(of: database, &report)
    report.noteHandedOver()
    report.expect("programme", "what households paid for each other", report.accounts[.pooled] ?? 0, 0)
    for (fact, sum) in report.lent.sorted(by: { $0.key < $1.key }) {
      report.note("receipt or return \(fact)", "others of the household moved \(sum) points otherwise than it says")
    }
    return report
  }
}

/// One page of owners.
private struct AuditPage {
  let audit: JournalAudit
  var report: AuditReport
  /// What the page's wallets hold, by their columns.
  var members: Int64 = 0
  private var balances: [Int64: Balances] = [:]
  private var movements: [Cause: Movement] = [:]
  /// Returns after which the member's status stands at zero.
  private var emptied: Set<ReturnID> = []
  private var stamps: StampAudit

  init(audit: JournalAudit, report: AuditReport) {
    self.audit = audit
    self.report = report
    stamps = StampAudit(audit.rules?.current.terms.stampCards ?? [])
  }

  /// - Returns: where the next page begins; nil after the last.
  mutating func audit(after start: Int64, in tx: inout Transaction) throws -> Int64? {
    let rows = try tx.rows(WalletSQL.page(audit.programme, after: start, JournalAudit.page))
    let isLast = rows.count < JournalAudit.page
    let end = isLast ? Int64.max : rows[rows.count - 1].int(0)
    try fold(from: start == .min ? .min : start + 1, through: end, in: &tx)
    for row in rows { check(wallet: row) }
    for (owner, balance) in balances where balance != Balances() {
      report.note("owner \(owner)", "has entries and no wallet that holds them")
    }
    try checkReceipts(from: start == .min ? .min : start + 1, through: end, in: &tx)
    try stamps.check(
      audit.account, audit.programme, from: start == .min ? .min : start + 1, through: end, &report, in: &tx)
    try checkGifts(from: start == .min ? .min : start + 1, through: end, in: &tx)
    try checkGivenAway(from: start == .min ? .min : start + 1, through: end, in: &tx)
    for (cause, _) in movements where cause.hasFact {
      report.note("\(cause)", "has entries, but nothing that they could come from")
    }
    return isLast ? nil : end
  }

  private mutating func fold(from first: Int64, through last: Int64, in tx: inout Transaction) throws {
    try tx.each(WalletSQL.postings(audit.programme, from: first, through: last)) { row in
      let posting = try WalletSQL.posting(row)
      let owner = row.int(0)
      report.postings += 1
      for entry in posting.entries {
        report.entries += 1
        report.accounts[entry.from, default: 0] -= entry.amount.units
        report.accounts[entry.to, default: 0] += entry.amount.units
        balances[owner, default: Balances()].post(-entry.amount, to: entry.from, lot: entry.lot)
        balances[owner, default: Balances()].post(entry.amount, to: entry.to, lot: entry.lot)
        if posting.occasion.cause.hasFact { movements[posting.occasion.cause, default: Movement()].add(entry) }
        report.hand(entry, posting.occasion.cause)
        switch posting.occasion.cause {
        case .drawn(let id) where entry.to == .pooled: report.lend(-entry.amount.units, to: id.raw)
        case .drawnBack(let id) where entry.from == .pooled: report.lend(entry.amount.units, to: id.raw)
        default: break
        }
      }
      if case .refund(let id) = posting.occasion.cause, balances[owner]?.status == .zero { emptied.insert(id) }
    }
  }

  private mutating func check(wallet row: Row) {
    let owner = row.int(0)
    let place = "wallet of \(MemberID(owner))"
    report.wallets += 1
    members += row.int(1) + row.int(2) + row.int(3) + row.int(4)
    let folded = balances.removeValue(forKey: owner) ?? Balances()
    let wallet: Wallet
    do {
      wallet = try Wallet(document: row.bytes(6))
    } catch {
      report.note(place, "cannot be read: \(error)")
      return
    }
    stamps.hold(wallet, of: owner)
    if wallet.balances != folded { report.note(place, "is \(wallet.balances.words), its entries say \(folded.words)") }
    report.expect(place, "the column active", row.int(1), wallet.active.units)
    report.expect(place, "the column pending", row.int(2), wallet.pending.units)
    report.expect(place, "the column held", row.int(3), wallet.held.units)
    report.expect(place, "the column status", row.int(4), wallet.status.units)
    report.expect(place, "the column next_due_at", row.intOrNil(5) ?? -1, wallet.nextDue?.micros ?? -1)
  }

  private mutating func checkReceipts(from first: Int64, through last: Int64, in tx: inout Transaction) throws {
    try tx.each(ReceiptSQL.page(audit.account, audit.programme, from: first, through: last)) { row in
      let receipt = try ReceiptSQL.receipt(row)
      report.receipts += 1
      if receipt.hasMember, receipt.state != .beside { stamps.add(receipt.points.uses, of: receipt.owner) }
      check(receipt, movements.removeValue(forKey: .sale(receipt.id)) ?? Movement())
      try recalculate(receipt)
    }
    try tx.each(ReturnSQL.page(audit.account, audit.programme, from: first, through: last)) { row in
      let refund = try ReturnSQL.refund(row)
      report.returns += 1
      stamps.add(refund.effect.uses, of: row.int(12), isUndone: true)
      check(refund, movements.removeValue(forKey: .refund(refund.id)))
    }
    try tx.each(AliasSQL.page(audit.account, audit.programme, from: first, through: last)) { row in
      let id: ReceiptID = row.id(1)
      let points = try ReceiptPoints(document: row.bytes(2))
      let moved = movements.removeValue(forKey: .attachment(id)) ?? Movement()
      stamps.add(points.uses, of: row.int(0))
      report.expect("attached receipt \(id)", "what its entries issue", moved[from: .issued], points.earnedTotal.units)
      report.expect("attached receipt \(id)", "what its entries count", moved[to: .status], points.status.units)
    }
  }

  private mutating func checkGifts(from first: Int64, through last: Int64, in tx: inout Transaction) throws {
    for row in try tx.rows(GiftSQL.page(audit.account, audit.programme, from: first, through: last)) {
      let gift = GiftSQL.gift(row)
      let moved = movements.removeValue(forKey: .gift(gift.id)) ?? Movement()
      report.gifts += 1
      report.expect("gift \(gift.id)", "what its entries give", moved[from: .gifts], max(0, gift.points.units))
      report.expect("gift \(gift.id)", "what its entries take back", moved[to: .cancelled], max(0, -gift.points.units))
    }
  }

  private mutating func checkGivenAway(from first: Int64, through last: Int64, in tx: inout Transaction) throws {
    try tx.each(TransferSQL.page(audit.account, audit.programme, from: first, through: last)) { row in
      report.transfers += 1
      report.hand(TransferSQL.transfer(row))
    }
    try tx.each(CharitySQL.page(audit.account, audit.programme, from: first, through: last)) { row in
      report.donations += 1
      report.hand(CharitySQL.donation(row))
    }
  }

  private mutating func check(_ receipt: Receipt, _ moved: Movement) {
    let place = "receipt \(receipt.id)"
    let (spending, lines) = (receipt.points.spending, receipt.lines)
    report.expect(place, "the sum of its lines", lines.reduce(0) { $0 + $1.amount.minor }, receipt.amount.minor)
    report.expect(place, "the discount of its lines", lines.reduce(0) { $0 + $1.discount.minor }, receipt.discount.minor)
    report.expect(place, "the earnings of its lines", lines.reduce(0) { $0 + $1.earned.units }, receipt.earned.units)
    report.expect(place, "what its entries issue", moved[from: .issued], receipt.earned.units)
    report.expect(place, "what its entries count towards a tier", moved[to: .status], receipt.points.status.units)
    guard receipt.state != .beside else {
      report.expect(place, "what its entries spend", moved[to: .spent], 0)
      return
    }
    let burnt = spending.burns.reduce(0) { $0 + $1.amount.units }
    report.expect(place, "what its entries spend", moved[to: .spent], receipt.spent.units)
    report.expect(
      place, "what its entries take from lots", moved[.active, .spent] + moved[.held, .spent] + moved[.pooled, .spent], burnt)
    let lent = spending.burns.reduce(0) { $1.lender == nil ? $0 : $0 + $1.amount.units }
    report.expect(place, "what its entries take from others of the household", moved[.pooled, .spent], lent)
    report.lend(lent, to: receipt.id.raw)
    report.expect(place, "what its entries leave as a debt", moved[.debt, .spent], spending.debt.units)
    report.expect(place, "what its entries charge to late confirms", moved[.lateConfirm, .spent], spending.late.units)
    report.expect(place, "what its entries charge to discrepancies", moved[.discrepancy, .spent], spending.discrepancy.units)
  }

  private mutating func check(_ refund: Refund, _ moved: Movement?) {
    let place = "return \(refund.id)"
    report.expect(place, "the sum of its lines", refund.lines.reduce(0) { $0 + $1.amount.minor }, refund.amount.minor)
    let moved = moved ?? Movement()
    report.expect(place, "what its entries give back", moved[from: .spent], refund.givenBack.units)
    let lent = refund.effect.spending.burns.reduce(0) { $1.lender == nil ? $0 : $0 + $1.amount.units }
    report.expect(place, "what its entries give back to others of the household", moved[.spent, .pooled], lent)
    report.lend(-lent, to: refund.id.raw)
    // A receipt of nobody earned nothing, so its return takes nothing back.
    report.expect(place, "what its entries cancel", moved[to: .cancelled], refund.takenBack.units)
    // Where the counter had less, it stands at zero behind the return.
    let status = refund.effect.status.units
    if !emptied.contains(refund.id) || moved[from: .status] > status {
      report.expect(place, "what its entries take from the status", moved[from: .status], status)
    }
    report.expect(place, "what its entries issue again", moved[from: .issued], max(0, -refund.lost.units))
    guard let reissue = refund.reissue else { return }
    report.expect(place, "the difference of its documents", reissue.refund.minor, refund.amount.minor)
    for line in reissue.returned + reissue.sold where line.parts.reduce(.zero, { $0 + $1.amount }) != line.amount {
      report.note(place, "the parts of line \(line.line) do not sum to it")
    }
  }

  /// Prices the receipt again. Where the till's amounts were others than ours there is nothing to compare: hers are facts.
  private mutating func recalculate(_ receipt: Receipt) throws {
    if receipt.calculator != calculatorVersion { report.outdated += 1 }
    guard receipt.calculator == calculatorVersion, receipt.state != .beside, receipt.hasMember,
      let book = audit.rules?[receipt.rules]
    else { return }
    let facts = try receipt.readFacts()
    guard facts.member != nil, !facts.isBlocked else { return }
    let again = calculate(
      facts.basket, member: facts.member, rules: book, usage: facts.usage, scope: CalculationScope(offersChoices: false))
    guard receipt.isAsSold(again), again.pointsSpent == receipt.spent else { return }
    report.recalculated += 1
    report.expect("receipt \(receipt.id)", "what it earns by its rules", again.earned.units, receipt.earned.units)
    report.expect("receipt \(receipt.id)", "its status points by its rules", again.status.units, receipt.points.status.units)
  }
}

/// How much one cause moved between which accounts.
private struct Movement {
  private struct Pair: Hashable {
    let from: JournalAccount
    let to: JournalAccount
  }
  private var amounts: [Pair: Int64] = [:]

  mutating func add(_ entry: Entry) { amounts[Pair(from: entry.from, to: entry.to), default: 0] += entry.amount.units }

  subscript(from: JournalAccount, to: JournalAccount) -> Int64 { amounts[Pair(from: from, to: to)] ?? 0 }
  subscript(from account: JournalAccount) -> Int64 { amounts.reduce(0) { $1.key.from == account ? $0 + $1.value : $0 } }
  subscript(to account: JournalAccount) -> Int64 { amounts.reduce(0) { $1.key.to == account ? $0 + $1.value : $0 } }
}

extension Cause {
  fileprivate var hasFact: Bool {
    switch self {
    case .sale, .refund, .attachment, .gift: true
    case .hold, .holdEnded, .adjustment, .opening, .activation, .expiry, .regrouping, .merge, .drawn, .drawnBack, .transfer,
      .received, .transferBack, .receivedBack, .donation, .donationBack:
      false
    }
  }
}

extension Balances {
  /// Lot by lot, for a report.
  fileprivate var words: String {
    func column(_ name: String, _ lots: [LotNumber: Points]) -> String? {
      lots.isEmpty
        ? nil : name + " " + lots.sorted { $0.key < $1.key }.map { "\($0.value.units) in lot \($0.key)" }.joined(separator: ", ")
    }
    let parts = [
      column("active", active), column("pending", pending), column("held", held), debt == .zero ? nil : "debt \(debt.units)",
      status == .zero ? nil : "status \(status.units)",
    ]
    let known = parts.compactMap { $0 }
    return known.isEmpty ? "empty" : known.joined(separator: "; ")
  }
}
