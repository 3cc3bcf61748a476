import Calculator
import Kernel
import Storage

/// What a receipt did to one certificate.
public struct CertificateUse: Hashable, Sendable {
  public enum Act: String, Hashable, Sendable { case paid, sold, loaded, given }
  public let code: String
  public let act: Act
  public let amount: Money
  /// What is on it, as it stands when this is said.
  public let balance: Money
  public let until: Instant?

  /// Whether the same was done; what stands on it now is no part of that.
  public static func == (a: Self, b: Self) -> Bool { a.code == b.code && a.act == b.act && a.amount == b.amount }

  public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

// Certificates on their way through a sale.
extension Receipts {
  /// Pays with the certificates that the till took, and activates those that it sold. What does not fit is noted: the goods are gone.
  func settleCertificates(
    _ draft: SaleDraft, _ priced: Priced, _ settlement: inout Settlement, _ limits: LimitAccess, in tx: inout Transaction
  ) throws -> [CertificateUse] {
    let (sale, basket) = (draft.sale, draft.sale.basket)
    guard basket.showsCertificates || !priced.calculation.givenCertificates.isEmpty else { return [] }
    if case .outOfReach = limits { throw LimitsOutOfReach() }
    var settled = SettledCertificates(open: try certificates.open(basket.certificateCodes, lock: true, in: &tx))
    var left = settlement.amount
    for tender in basket.tenders {
      guard let shown = tender.certificate else { continue }
      let calculated = (priced.fixed ?? priced.calculation).tenders.first { $0.certificate == shown.code }?.amount
      left -= settled.pay(tender.amount ?? calculated ?? .zero, of: left, with: shown, hold: sale.hold, at: draft.now)
    }
    for sold in basket.certificates {
      guard let line = basket.lines.firstIndex(where: { $0.id == sold.line }) else { continue }
      settled.sell(sold.certificate.code, for: settlement.lines[line].amount, at: sale.moment, in: points.zone)
    }
    for (code, given) in try give(draft, priced, in: &tx) {
      settled.open[code] = given
      settled.uses.append((code, .given, given.certificate.balance))
    }
    settlement.discrepancies += settled.discrepancies
    try certificates.save(
      Array(settled.open.values), because: .receipt(draft.id, of: draft.owner, at: basket.store.id), at: sale.moment,
      on: sale.businessDay, now: draft.now, in: &tx)
    return settled.told
  }

  /// Certificates that promotions bring. Codes are drawn where the sale is written: nobody may foresee one, and none is made for a sale
  /// that is not.
  private func give(
    _ draft: SaleDraft, _ priced: Priced, in tx: inout Transaction
  ) throws -> [(code: String, given: OpenCertificate)] {
    guard !draft.sale.isOffline, !draft.shopper.isBlocked else { return [] }
    var generator = SystemRandomNumberGenerator()
    return try certificates.give(
      priced.calculation.givenCertificates, at: draft.sale.moment, now: draft.now, using: &generator, in: &tx)
  }

  /// What a stored receipt did to certificates.
  func certificates(used on: ReceiptID, in tx: inout Transaction) throws -> [CertificateUse] {
    let entries = try certificates.entries(on: on, in: &tx).filter { if case .receipt = $0.cause { true } else { false } }
    guard !entries.isEmpty else { return [] }
    let open = try certificates.open(Array(Set(entries.map(\.code))).sorted(), lock: false, in: &tx)
    return entries.compactMap { entry in
      let act: CertificateUse.Act
      switch entry.kind {
      case .paid: act = .paid
      case .sold: act = .sold
      case .loaded: act = .loaded
      case .given: act = .given
      case .refunded, .lapsed, .restored, .takenBack, .voided, .adjusted, .opened: return nil
      }
      let certificate = open[folded(entry.code)]?.certificate
      let amount = act == .paid ? .zero - entry.change : entry.change
      return CertificateUse(
        code: entry.code, act: act, amount: amount, balance: certificate?.balance ?? .zero, until: certificate?.until)
    }.sorted { ($0.code, $0.act.rawValue) < ($1.code, $1.act.rawValue) }
  }
}

/// Certificates of one sale, by their folded codes, with what it did to them.
private struct SettledCertificates {
  var open: [String: OpenCertificate]
  var uses: [(code: String, act: CertificateUse.Act, amount: Money)] = []
  var discrepancies: [Discrepancy] = []

  /// - Parameters:
  ///   - asked: what the till took off it; `left`: what of the receipt is not paid by others.
  /// - Returns: what it paid.
  mutating func pay(
    _ asked: Money, of left: Money, with shown: PresentedCertificate, hold: HoldID?, at now: Instant
  ) -> Money {
    let key = folded(shown.code)
    let paid = open[key]?.pay(min(asked, left), with: hold, at: now) ?? .zero
    if paid != asked || shown.state != .valid {
      discrepancies.append(Discrepancy(.certificate, stated: asked.minor, expected: paid.minor))
    }
    if paid > .zero { uses.append((key, .paid, paid)) }
    return paid
  }

  mutating func sell(_ code: String, for amount: Money, at now: Instant, in zone: Zone) {
    let key = folded(code)
    let balance = open[key]?.certificate.balance ?? .zero
    let right = open[key]?.sell(for: amount, at: now, in: zone) ?? .zero
    if right != amount { discrepancies.append(Discrepancy(.certificate, stated: amount.minor, expected: right.minor)) }
    let gained = (open[key]?.certificate.balance ?? balance) - balance
    if gained > .zero { uses.append((key, open[key]?.moves.last?.kind == .loaded ? .loaded : .sold, gained)) }
  }

  /// As the till hears of them, in an order of their own.
  var told: [CertificateUse] {
    uses.compactMap { use in
      open[use.code].map { open in
        CertificateUse(
          code: open.certificate.code, act: use.act, amount: use.amount, balance: open.certificate.balance,
          until: open.certificate.until)
      }
    }.sorted { ($0.code, $0.act.rawValue) < ($1.code, $1.act.rawValue) }
  }
}

/// What a return does to certificates, worked out before anything is written.
struct CertificateReturn: Hashable, Sendable {
  struct Share: Hashable, Sendable {
    let code: String
    /// Goes back onto it, out of the money of the refund.
    let paid: Money
    /// Comes to life again, where it had lapsed with the receipt.
    let lapsed: Money
  }

  var shares: [Share] = []
  /// Certificates that came back themselves, and for how much.
  var takenBack: [CertificateRefund] = []
  /// Certificates that the receipt brought and that what stays of it would not: what is left on each goes.
  var lost: [String] = []

  var isEmpty: Bool { shares.isEmpty && takenBack.isEmpty && lost.isEmpty }

  /// What goes back onto certificates.
  var refunds: [CertificateRefund] {
    shares.filter { $0.paid > .zero }.map { CertificateRefund(code: $0.code, amount: $0.paid) }
  }

  init() {}

  /// What was paid with a certificate stands against the lines that it paid for, as the calculator spreads it; of each line as much goes
  /// back onto it as of the line's money does. The last return gives back all that is left.
  init(_ receipt: Receipt, _ basket: Basket, _ entries: [CertificateEntry], _ refund: Refund, earlier: [Refund], isWhole: Bool) {
    var refunded = receipt.lines.map { _ in Int64(0) }
    for line in (earlier + [refund]).flatMap(\.lines) where refunded.indices.contains(line.line) {
      refunded[line.line] += line.amount.minor
    }
    func sum(_ code: String, _ kind: CertificateEntry.Kind) -> Money {
      entries.reduce(.zero) { $1.kind == kind && folded($1.code) == code ? $0 + $1.change : $0 }
    }
    var (unpaid, room) = (receipt.lines.map(\.amount.minor), refund.amount)
    let tenders = basket.tenders.filter { $0.certificate != nil }
    for tender in tenders.filter({ $0.only != nil }) + tenders.filter({ $0.only == nil }) {
      let key = folded(tender.certificate?.code ?? "")
      let (paid, back) = (.zero - sum(key, .paid), sum(key, .refunded))
      guard paid > .zero else { continue }
      let caps = basket.lines.indices.map { line in Self.mayPay(tender, basket.lines[line]) ? unpaid[line] : 0 }
      let spread = spread(min(paid.minor, caps.reduce(0, +)), weights: caps, caps: caps)
      var due = Int64(0)
      for (line, share) in spread.enumerated() {
        unpaid[line] -= share
        let whole = receipt.lines[line].amount.minor
        due += whole > 0 ? scaled(share, by: min(max(0, refunded[line]), whole), over: whole, .halfUp) : 0
      }
      let share = isWhole ? paid - back : max(.zero, min(Money(minor: due) - back, room, paid - back))
      room -= min(room, share)
      let lapsed = isWhole ? .zero - sum(key, .lapsed) - sum(key, .restored) : .zero
      if share > .zero || lapsed > .zero {
        shares.append(Share(code: tender.certificate?.code ?? "", paid: share, lapsed: max(.zero, lapsed)))
      }
    }
    for line in refund.lines where basket.lines.indices.contains(line.line) {
      let id = basket.lines[line.line].id
      guard let sold = basket.certificates.first(where: { $0.line == id })?.certificate.code else { continue }
      // What the sale put on it, whatever the refund of the line comes to.
      let amount = sum(folded(sold), .sold) + sum(folded(sold), .loaded) + sum(folded(sold), .takenBack)
      if amount > .zero { takenBack.append(CertificateRefund(code: sold, amount: amount)) }
    }
  }

  private static func mayPay(_ tender: Tender, _ line: BasketLine) -> Bool {
    !line.kind.isMoney && (tender.only?.holds(for: line.product, price: line.price) ?? true)
  }
}

/// What went back onto a certificate instead of into the shopper's hand, or off one that came back itself.
public struct CertificateRefund: Hashable, Sendable {
  public let code: String
  public let amount: Money
}

extension Receipts {
  /// Nothing, without a statement, for a receipt that no certificate had to do with.
  /// - Parameter stays: what the rest would still bring; nil where the rules give no certificates.
  func certificateReturn(
    _ receipt: Receipt, _ basket: Basket, _ refund: Refund, earlier: [Refund], isWhole: Bool, bringing stays: [String]?,
    in tx: inout Transaction
  ) throws -> CertificateReturn {
    guard basket.showsCertificates || stays != nil else { return CertificateReturn() }
    let entries = try certificates.entries(on: receipt.id, in: &tx)
    var returned = CertificateReturn(receipt, basket, entries, refund, earlier: earlier, isWhole: isWhole)
    guard let stays, entries.contains(where: { $0.kind == .given }) else { return returned }
    let kept = Set(try certificates.series(codes: stays, in: &tx).values.map(\.id))
    let gone = Set(entries.filter { $0.kind == .takenBack }.map(\.code))
    returned.lost = entries.filter { $0.kind == .given && !kept.contains($0.series) && !gone.contains($0.code) }.map(\.code)
    return returned
  }

  /// Gives money back onto certificates, and takes back those that came back themselves.
  func returnCertificates(
    _ worked: WorkedReturn, of receipt: Receipt, _ goods: Return, _ notes: inout [Discrepancy], at now: Instant,
    in tx: inout Transaction
  ) throws {
    let returned = worked.certificates
    guard !returned.isEmpty else { return }
    var open = try certificates.open(
      returned.shares.map(\.code) + returned.takenBack.map(\.code) + returned.lost, lock: true, in: &tx)
    for share in returned.shares {
      open[folded(share.code)]?.giveBack(share.paid, lapsed: share.lapsed, goodUntil: now + points.returnedLife)
    }
    for back in returned.takenBack {
      let taken = open[folded(back.code)]?.takeBack(back.amount) ?? .zero
      if taken != back.amount { notes.append(Discrepancy(.certificate, stated: back.amount.minor, expected: taken.minor)) }
    }
    for code in returned.lost { open[folded(code)]?.takeBackGiven() }
    try certificates.save(
      Array(open.values), because: .refund(worked.refund.id, of: receipt.id, at: goods.key.store), at: goods.time, on: goods.day,
      now: now, in: &tx)
  }

  /// The refunds with what they put back onto certificates; a statement for each receipt.
  func certificateRefunds(_ refunds: [Refund], in tx: inout Transaction) throws -> [Refund] {
    try refunds.map { refund in
      guard let receipt = refund.receipt else { return refund }
      var refund = refund
      refund.certificates = try certificates.entries(on: receipt, in: &tx).compactMap { entry in
        guard entry.kind == .refunded, case .refund(refund.id, of: _, at: _) = entry.cause else { return nil }
        return CertificateRefund(code: entry.code, amount: entry.change)
      }
      return refund
    }
  }
}

extension Calculation {
  /// Of which series it gives certificates, and with how much on each.
  var givenCertificates: [(series: String, amount: Money)] {
    rewards.compactMap { given in if case .certificate(let series, let amount) = given.reward { (series, amount) } else { nil } }
  }
}
