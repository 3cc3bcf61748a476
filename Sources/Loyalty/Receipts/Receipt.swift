import Calculator
import Kernel
import Storage

/// One line as it was sold.
public struct SoldLine: Hashable, Sendable {
  public var product: ProductID
  public var quantity: Quantity
  public var shelf: Money
  /// What the till took off before us.
  public var tillReduced: Money = .zero
  public var discount: Money = .zero
  public var paidWithPoints: Money = .zero
  /// As printed and paid in money.
  public var amount: Money
  public var pointsSpent: Points = .zero
  public var earned: Points = .zero
}

/// What the wallet was moved by, and what a return must know to undo it.
public struct ReceiptPoints: Hashable, Sendable {
  public var earned: [Earned] = []
  /// Of the counter for tiers.
  public var status = Points.zero
  public var spending = Spending()
  /// Uses of promotions with limits, per member or shared.
  public var uses: [Use] = []
  /// The sliding dates before the sale.
  public var slides = Wallet.Slides()

  public init() {}
  /// Points that came by promotions of a course of their own.
  public var lots: [Earned] { earned.filter { $0.promotion != nil } }
  public var earnedTotal: Points { earned.reduce(.zero) { $0 + $1.amount } }
}

/// A receipt as it is stored.
public struct Receipt: Sendable {
  /// Numbers are stored and never change their meaning.
  public enum State: Int64, Sendable, CaseIterable {
    case confirmed = 1
    case cancelled = 2
    case partlyReturned = 3
    case returned = 4
    /// Stood beside another with the same key: recorded, without effect.
    case beside = 5
  }

  public let id: ReceiptID
  /// The member, or the store where nobody was named.
  public let owner: Int64
  public let store: StoreID
  public let key: String
  public let businessDay: CivilDay
  public let soldAt: Instant
  public let postedAt: Instant
  public var state: State
  public let amount: Money
  public let discount: Money
  public let spent: Points
  public let earned: Points
  public let rules: Int64
  public let calculator: Int64
  public let lines: [SoldLine]
  /// See `SaleFacts` and `TraceDocument`.
  let facts: [UInt8]
  let trace: [UInt8]
  public let points: ReceiptPoints
  /// Who sat at the till, where it says so; written with the sale, and read by those who ask for cashiers.
  var cashier: String?
  /// The fingerprint of what identified the member, where a limit counts it: likewise.
  var card: String?

  /// True where a member was named at the till.
  public var hasMember: Bool { owner != store.raw }

  /// True for what another system sold: history, which no rule book of ours priced and which comes back at the price that was paid.
  public var isPast: Bool { rules == 0 }

  /// The way from shelf prices to amounts and points, step by step. - Throws: `StorageFailure.damaged`.
  public func steps() throws -> [TraceStep] { try TraceDocument.read(trace) }

  /// What the calculation read. - Throws: `StorageFailure.damaged`.
  func readFacts() throws -> SaleFacts { try SaleFacts(document: facts, lines: lines) }

  /// What the receipt's documents take in the database, by what they hold; keys and totals come on top, about 90 bytes.
  public var documentBytes: (lines: Int, trace: Int, facts: Int, points: Int) {
    (LineText.write(lines).utf8.count, trace.count, facts.count, points.document.count)
  }

  /// The basket as it was sold. - Throws: `StorageFailure.damaged`.
  public func basket() throws -> Basket { try readFacts().basket }
}

extension ReceiptPoints {
  /// What is left when these were undone.
  func less(_ undone: [ReceiptPoints]) -> ReceiptPoints {
    var left = self
    for part in undone {
      left.spending = left.spending.splitting(min(part.spending.total, left.spending.total)).rest
      left.earned = left.earned.compactMap { earned in
        let gone = part.earned.reduce(Points.zero) { $1.isAlike(earned) ? $0 + $1.amount : $0 }
        return earned.amount > gone ? earned.with(earned.amount - gone) : nil
      }
      left.status -= part.status
      left.uses = left.uses.compactMap { use in
        let gone = part.uses.reduce(Given.nothing) { $1.promotion == use.promotion && $1.day == use.day ? $0 + $1.given : $0 }
        return use.given == gone ? nil : Use(promotion: use.promotion, day: use.day, given: use.given - gone)
      }
    }
    return left
  }
}

extension [Earned] {
  /// What of these is gone, where the goods before a return came to `had` and those that stay come to `kept`. Where a fraction of a
  /// point goes from one of them to another, the others give so much less: together they never give more than all of them lost.
  func lost(had: [Earned], kept: [Earned]) -> [Earned] {
    let changes = map { earned in
      func amount(_ list: [Earned]) -> Int64 { list.first { $0.isAlike(earned) }?.amount.units ?? 0 }
      return amount(had) - amount(kept)
    }
    var gone = changes.map { Swift.max(0, $0) }
    if changes.contains(where: { $0 < 0 }) { gone = spread(Swift.max(0, changes.reduce(0, +)), weights: gone, caps: gone) }
    return zip(self, gone).compactMap { earned, gone in
      let gone = Swift.min(Points(units: gone), earned.amount)
      return gone > .zero ? earned.with(gone) : nil
    }
  }
}
