import Jobs
import Kernel
import Storage

/// A return whose sale has not come.
public struct UnsoldReturn: Sendable {
  /// What it is of, as the till named it.
  public enum Sale: Hashable, Sendable {
    case receipt(ReceiptKey)
    case fiscal(drive: String, document: Int64)
  }

  public let document: ReturnID
  /// Its own receipt: where it was taken back, and at which till.
  public let key: ReceiptKey
  public let sale: Sale
  /// When the goods came back, and since when it waits: a till without a network tells of it later.
  public let time: Instant
  public let since: Instant
  /// What the till paid out, where it said so.
  public let stated: Money?
}

/// Returns that wait for their sale for longer than a till without a network would explain, for whoever looks after tills. They are goods
/// without a receipt until the sale comes; after `Limits.waitingReturnDays` they stay so.
public struct UnsoldReturns: Sendable {
  /// A sale that comes within this is on its way.
  public static var patience: Span { .hours(24) }

  let account: AccountID

  public init(of account: AccountID) { self.account = account }

  /// Those that have waited longest, first. One statement. - Precondition: at most `Limits.page`.
  public func longest(_ limit: Int, at now: Instant, in tx: inout Transaction) throws -> [UnsoldReturn] {
    // Each lies under the printed number and under the fiscal document, where the till names both.
    let rows = try tx.rows(WaitingSQL.overdue(account, before: ReturnID(least: now - Self.patience), limit * 2))
    var found: [UnsoldReturn] = []
    for row in rows {
      let waiting = try WaitingReturn(row)
      let sale = try UnsoldReturn.Sale(row.int(3), row.text(4))
      if waiting.document == found.last?.document {
        // The printed number tells an operator more.
        if case .fiscal? = found.last?.sale { found.removeLast() } else { continue }
      }
      found.append(UnsoldReturn(waiting, sale))
    }
    return Array(found.prefix(limit))
  }

  /// How many there are, up to `Limits.countedReturns`. One statement.
  public func count(at now: Instant, in tx: inout Transaction) throws -> Int {
    let before = ReturnID(least: now - Self.patience)
    return Int(try tx.row(WaitingSQL.countOverdue(account, before: before, upTo: Limits.countedReturns))?.int(0) ?? 0)
  }

  /// Of all accounts together, for the metrics.
  public static var gauge: GaugeReading {
    { now, tx in
      let before = ReturnID(least: now - patience)
      let count = try tx.row(WaitingSQL.countOverdue(before: before, upTo: Limits.countedReturns))?.int(0) ?? 0
      return [Gauge("unsold_returns", Double(count))]
    }
  }

  /// Lets no more wait what came before a moment: a chunk of it. The keys stay as they are, so a sale that comes all the same takes them.
  /// - Returns: how many rows went.
  public static func forget(before moment: Instant, in tx: inout Transaction) throws -> Int {
    try tx.run(WaitingSQL.forget(before: ReturnID(least: moment), Limits.bulk))
  }
}

extension UnsoldReturn {
  fileprivate init(_ waiting: WaitingReturn, _ sale: Sale) {
    self.init(
      document: waiting.document, key: waiting.goods.key, sale: sale, time: waiting.goods.time, since: waiting.document.madeAt,
      stated: waiting.goods.stated)
  }
}

extension UnsoldReturn.Sale {
  fileprivate init(_ kind: Int64, _ key: String) throws {
    let parts = key.split(separator: " ")
    if kind == NaturalKey.Kind.receipt.rawValue, let receipt = ReceiptKey(stored: key) {
      self = .receipt(receipt)
    } else if kind == NaturalKey.Kind.fiscal.rawValue, parts.count >= 2, let document = Int64(parts[parts.count - 1]) {
      self = .fiscal(drive: parts.dropLast().joined(separator: " "), document: document)
    } else {
      throw StorageFailure.damaged("waiting_return.key names no receipt")
    }
  }
}
