import Kernel
import Storage

/// One side of something that members gave away, as its row and its entries say it: both are told page by page, and the two of one fact
/// may stand on different pages.
struct HandedOver: Hashable {
  enum Side: String { case given, fee, received, back, returned, donated, undonated }

  let side: Side
  let id: Int64
}

extension AuditReport {
  /// What is even is not kept.
  mutating func hand(_ side: HandedOver.Side, _ id: Int64, _ points: Int64) {
    let key = HandedOver(side: side, id: id)
    let sum = (handed.removeValue(forKey: key) ?? 0) + points
    if sum != 0 { handed[key] = sum }
  }

  /// What an entry says of it.
  mutating func hand(_ entry: Entry, _ cause: Cause) {
    let units = entry.amount.units
    switch cause {
    case .transfer(let id):
      if entry.to == .transferred { hand(.given, id.raw, units) }
      if entry.to == .fees { hand(.fee, id.raw, units) }
    case .received(let id): if entry.from == .transferred { hand(.received, id.raw, units) }
    case .transferBack(let id): if entry.from == .transferred || entry.from == .fees { hand(.back, id.raw, units) }
    case .receivedBack(let id): if entry.to == .transferred { hand(.returned, id.raw, units) }
    case .donation(let id): if entry.to == .charity { hand(.donated, id.raw, units) }
    case .donationBack(let id): if entry.from == .charity { hand(.undonated, id.raw, units) }
    case .sale, .refund, .attachment, .hold, .holdEnded, .adjustment, .opening, .activation, .expiry, .regrouping, .merge, .gift,
      .drawn, .drawnBack:
      break
    }
  }

  /// What its row says.
  mutating func hand(_ transfer: Transfer) {
    let (id, back) = (transfer.id.raw, transfer.undone?.points ?? .zero)
    hand(.given, id, -transfer.received.units)
    hand(.fee, id, -transfer.fee.units)
    hand(.received, id, -transfer.received.units)
    hand(.back, id, -back.units)
    hand(.returned, id, -(back == transfer.points ? transfer.received : back).units)
  }

  mutating func hand(_ donation: Donation) {
    hand(.donated, donation.id.raw, -donation.points.units)
    if donation.undone != nil { hand(.undonated, donation.id.raw, -donation.points.units) }
  }

  /// What is uneven behind the last page.
  mutating func noteHandedOver() {
    for (key, sum) in handed.sorted(by: { ($0.key.id, $0.key.side.rawValue) < ($1.key.id, $1.key.side.rawValue) }) {
      let place =
        key.side == .donated || key.side == .undonated ? "donation \(DonationID(key.id))" : "transfer \(TransferID(key.id))"
      note(place, "\(key.side.rawValue): entries and row differ by \(sum) points")
    }
    expect("programme", "what members gave to each other", accounts[.transferred] ?? 0, 0)
  }
}

extension JournalAudit {
  /// What days say of charities against the sum of what was given to them, both in one snapshot; and the journal's account of charity.
  func checkCharities(of database: some Database, _ report: inout AuditReport) async throws {
    let rows = try await database.read { tx in
      try tx.rows(CharitySQL.sums(account, programme)).map { ($0.text(0), $0.int(1), $0.int(2)) }
    }
    for (charity, counted, given) in rows { report.expect("charity \(charity)", "the sum of its donations", given, counted) }
    report.expect("programme", "the account of charity", report.accounts[.charity] ?? 0, rows.reduce(0) { $0 + $1.2 })
  }
}
