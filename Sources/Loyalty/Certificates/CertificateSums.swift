import Kernel

/// What moved on certificates in a time: each amount as a positive sum. `owed` grows by what was sold, refunded and adjusted, and shrinks by
/// the rest.
public struct CertificateSums: Hashable, Sendable {
  /// How many were sold.
  public var count: Int64 = 0
  /// Sold and loaded.
  public var sold = Money.zero
  /// Brought by receipts: nobody paid for them.
  public var given = Money.zero
  public var paid = Money.zero
  /// Given back with goods that had been paid so.
  public var refunded = Money.zero
  /// Lapsed, less what came to life again.
  public var lapsed = Money.zero
  /// Certificates that came back themselves.
  public var takenBack = Money.zero
  /// By hand, voided ones and those taken over from another system included: may be below zero.
  public var adjusted = Money.zero

  public init() {}

  /// How much more is owed for it.
  public var change: Money { sold + given + refunded + adjusted - paid - lapsed - takenBack }

  mutating func add(_ kind: CertificateEntry.Kind, _ change: Money) {
    switch kind {
    case .sold:
      count += 1
      sold += change
    case .loaded: sold += change
    case .given: given += change
    case .paid: paid -= change
    case .refunded: refunded += change
    case .lapsed, .restored: lapsed -= change
    case .takenBack: takenBack -= change
    case .voided, .adjusted, .opened: adjusted += change
    }
  }

  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.count += b.count
    sum.sold += b.sold
    sum.given += b.given
    sum.paid += b.paid
    sum.refunded += b.refunded
    sum.lapsed += b.lapsed
    sum.takenBack += b.takenBack
    sum.adjusted += b.adjusted
    return sum
  }
}

/// What a programme owes on the certificates of one series.
public struct CertificateLiability: Hashable, Sendable {
  public let series: CertificateSeriesID
  /// Before the first day, and after the last.
  public let opening: Money
  public let closing: Money
  public let flows: CertificateSums
}

/// What is still out of one month's sales, as it stands now.
public struct CertificateAge: Hashable, Sendable {
  public let series: CertificateSeriesID
  /// Its first day.
  public let month: CivilDay
  public let certificates: Int64
  public let owed: Money
}
