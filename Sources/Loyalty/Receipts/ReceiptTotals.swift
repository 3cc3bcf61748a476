import Calculator
import Kernel
import Storage

/// What a programme's members bought, added up from the receipts themselves.
public struct ReceiptTotals: Sendable {
  /// What one promotion gave. Its place is that in the rule book that priced the receipts.
  public struct Effect: Hashable, Sendable {
    public internal(set) var receipts = 0
    public internal(set) var money = Money.zero
    public internal(set) var points = Points.zero
  }

  public internal(set) var members = 0
  public internal(set) var receipts = 0
  public internal(set) var lines = 0
  /// At shelf prices, and what was taken off on the way to what was paid.
  public internal(set) var shelf = Money.zero
  public internal(set) var tillReduced = Money.zero
  public internal(set) var discount = Money.zero
  public internal(set) var paidWithPoints = Money.zero
  public internal(set) var amount = Money.zero
  public internal(set) var effects: [Int: Effect] = [:]
  /// The receipt on which most promotions met, the first of them.
  public internal(set) var richest: Receipt?
  private var met = 0

  public init() {}

  mutating func add(_ receipt: Receipt) throws {
    receipts += 1
    lines += receipt.lines.count
    for line in receipt.lines {
      shelf += line.shelf
      tillReduced += line.tillReduced
      discount += line.discount
      paidWithPoints += line.paidWithPoints
      amount += line.amount
    }
    var touched: Set<Int> = []
    for step in try receipt.steps() where step.promotion >= 0 {
      let place = Int(step.promotion)
      if step.kind == .reduction { effects[place, default: Effect()].money += Money(minor: step.amount) }
      if step.kind == .earning { effects[place, default: Effect()].points += Points(units: step.amount) }
      if touched.insert(place).inserted { effects[place, default: Effect()].receipts += 1 }
    }
    if touched.count > met, receipt.lines.count <= 12 {
      met = touched.count
      richest = receipt
    }
  }
}

extension Receipts {
  /// Adds up the members' receipts, two hundred wallets to a read. Cancelled receipts and those beside others do not count; returned
  /// ones do, as they were sold.
  public func totals(on database: any Database) async throws -> ReceiptTotals {
    var totals = ReceiptTotals()
    var after = Int64.min
    while true {
      let (start, known) = (after, totals)
      let (next, page) = try await database.read { [account, programme] tx in
        var page = known
        let owners = try tx.rows(WalletSQL.page(programme, after: start, Limits.page)).map { $0.int(0) }
        guard let first = owners.first, let last = owners.last else { return (nil as Int64?, page) }
        page.members += owners.count
        try tx.each(ReceiptSQL.page(account, programme, from: first, through: last)) { row in
          let receipt = try ReceiptSQL.receipt(row)
          if receipt.state != .cancelled, receipt.state != .beside { try page.add(receipt) }
        }
        return (last, page)
      }
      totals = page
      guard let next else { return totals }
      after = next
    }
  }
}
