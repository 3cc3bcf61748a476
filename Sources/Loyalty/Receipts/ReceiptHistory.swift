import Jobs
import Kernel
import Storage

/// What became of one receipt after it was sold.
public struct ReceiptHistory: Sendable {
  /// A member found later.
  public struct Claim: Sendable {
    public let member: MemberID
    public let at: Instant
    public let earned: Points
  }

  /// One return or cancellation.
  public struct Step: Sendable {
    public let refund: Refund
    public let document: ReturnID
    /// Of the return's own document; a cancellation has the receipt's.
    public let key: ReceiptKey
    /// When the goods came back, and when we heard of it.
    public let at: Instant
    public let postedAt: Instant
    public internal(set) var discrepancies: [Discrepancy] = []
  }

  public let claim: Claim?
  /// In their order.
  public let steps: [Step]

  /// What of each of the receipt's lines did not come back.
  public func remaining(of receipt: Receipt) -> [Quantity] {
    var left = receipt.lines.map(\.quantity)
    for line in steps.flatMap(\.refund.lines) where left.indices.contains(line.line) {
      left[line.line] = left[line.line] - line.quantity
    }
    return left
  }
}

extension ReceiptBook {
  /// What became of a receipt. Four indexed statements at most.
  public func history(of receipt: Receipt, in tx: inout Transaction) throws -> ReceiptHistory {
    let claim = try claim(of: receipt, in: &tx)
    let home = claim?.member.raw ?? receipt.owner
    var steps = try tx.rows(ReturnSQL.history(account, home, receipt.id)).map { row in
      ReceiptHistory.Step(
        refund: try ReturnSQL.refund(row), document: row.id(12), key: try key(row.text(13), "receipt_return.key"),
        at: row.instant(14), postedAt: row.instant(15))
    }
    guard !steps.isEmpty else { return ReceiptHistory(claim: claim, steps: []) }
    for row in try tx.rows(DiscrepancySQL.of(account, home, documents: steps.map(\.document.raw))) {
      guard let place = steps.firstIndex(where: { $0.document.raw == row.int(3) }) else { continue }
      steps[place].discrepancies.append(DiscrepancySQL.discrepancy(row))
    }
    return ReceiptHistory(claim: claim, steps: steps)
  }

  private func claim(of receipt: Receipt, in tx: inout Transaction) throws -> ReceiptHistory.Claim? {
    let key = NaturalKey(.attachment, String(receipt.id.raw))
    guard !receipt.hasMember, let holder = try NaturalKeys(of: account).holders([key], in: &tx)[key],
      let row = try tx.row(ReceiptBookSQL.alias(account, MemberID(holder.owner), receipt.id))
    else { return nil }
    return ReceiptHistory.Claim(member: MemberID(holder.owner), at: row.instant(2), earned: row.points(1))
  }
}
