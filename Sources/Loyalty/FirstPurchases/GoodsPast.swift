import Calculator
import Conditions
import Kernel
import Storage

/// What members bought in the past, as their receipts tell it: the rows themselves are never changed.
struct GoodsPast: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  /// Whose terms baskets are read by.
  let book: RuleBook
  let sums: [Accumulator]

  /// How many receipts of whoever the wallet stands for have some of each sum's goods still, and did not count them when they were sold.
  func receipts(of open: OpenWallet, in tx: inout Transaction) throws -> [PromotionID: Int64] {
    var found: [PromotionID: Int64] = [:]
    for owner in [open.owner] + open.wallet.guests.map(\.raw) {
      try each(of: owner, in: &tx) { past in
        let asked = sums.filter { sum in !past.uses.contains { $0.promotion == sum.id } }
        for sum in try book.counting(asked, in: past.stays()) { found[sum, default: 0] += 1 }
      }
    }
    return found
  }

  /// The first receipt that has some of each sum's goods still.
  func firsts(of owner: Int64, in tx: inout Transaction) throws -> [PromotionID: FirstReceipt] {
    var found: [PromotionID: FirstReceipt] = [:]
    try each(of: owner, in: &tx) { past in
      let asked = sums.filter { sum in found[sum.id].map { past.receipt.soldAt < $0.soldAt } ?? true }
      for sum in try book.counting(asked, in: past.stays()) {
        found[sum] = FirstReceipt(id: past.receipt.id, soldAt: past.receipt.soldAt)
      }
    }
    return found
  }

  struct FirstReceipt: Sendable {
    let id: ReceiptID
    let soldAt: Instant
  }

  private struct Past {
    let receipt: Receipt
    /// What it did to the member's wallet.
    let uses: [Use]
    /// By line, thousandths that came back.
    let gone: [Int: Int64]

    func stays() throws -> Basket {
      var basket = try receipt.basket()
      if !gone.isEmpty {
        basket.lines = basket.lines.enumerated().filter { $1.quantity.thousandths > gone[$0] ?? 0 }.map(\.element)
      }
      return basket
    }
  }

  /// Everything that the member bought or claimed, page by page.
  private func each(of owner: Int64, in tx: inout Transaction, _ body: (Past) throws -> Void) throws {
    let gone = try cameBack(to: owner, in: &tx)
    var after = ReceiptID(0)
    while true {
      let rows = try tx.rows(FirstPurchaseSQL.receipts(account, programme, owner, after: after, Limits.page))
      for row in rows {
        let receipt = try ReceiptSQL.receipt(row)
        after = receipt.id
        try body(Past(receipt: receipt, uses: receipt.points.uses, gone: gone[receipt.id] ?? [:]))
      }
      if rows.count < Limits.page { break }
    }
    for row in try tx.rows(FirstPurchaseSQL.claims(account, programme, owner)) {
      guard let sold = try tx.row(ReceiptSQL.byID(account, row.int(1), row.id(0))) else { continue }
      let receipt = try ReceiptSQL.receipt(sold)
      let uses = try ReceiptPoints(document: row.bytes(2)).uses
      try body(Past(receipt: receipt, uses: uses, gone: gone[receipt.id] ?? [:]))
    }
  }

  private func cameBack(to owner: Int64, in tx: inout Transaction) throws -> [ReceiptID: [Int: Int64]] {
    var gone: [ReceiptID: [Int: Int64]] = [:]
    for row in try tx.rows(ReturnSQL.page(account, programme, from: owner, through: owner)) {
      let refund = try ReturnSQL.refund(row)
      guard let receipt = refund.receipt else { continue }
      for line in refund.lines { gone[receipt, default: [:]][line.line, default: 0] += line.quantity.thousandths }
    }
    return gone
  }
}
