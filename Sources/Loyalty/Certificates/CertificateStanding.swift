import Access
import Kernel
import Storage

/// Certificates of a series that were sold in one month, and what became of their money, as the last complete round found it: face value less
/// spent, lapsed and other is what remains.
public struct CertificateStanding: Hashable, Sendable {
  static let counts = 11

  public let series: CertificateSeriesID
  /// Its first day; nil for codes that nobody bought yet.
  public let month: CivilDay?
  public let certificates: Int64
  /// With money on them.
  public let open: Int64
  /// Sold, loaded, given and taken over.
  public let face: Money
  /// Paid, less what came back with goods.
  public let spent: Money
  public let lapsed: Money
  /// Certificates that came back themselves, voided ones, and what was set right by hand.
  public let other: Money
  public let remaining: Money
  /// With money on them, and good for thirty days more at most; for ninety.
  public let endsInMonth: Int64
  public let endingInMonth: Money
  public let endsInQuarter: Int64
  public let endingInQuarter: Money
  /// Of the series, where `month` is nil: what its books by day and month said at the end of the round; nil where tills moved money while the
  /// round went on.
  public let books: Money?
  /// When the row last changed; of the series itself, the moment of the round.
  public let at: Instant

  /// As the last complete round found them, by series and month; empty before the first. One statement, a row for each series and month.
  public static func read(of programme: Programme, in tx: inout Transaction) throws -> [CertificateStanding] {
    try tx.rows(CertificateCountSQL.all(programme.account, programme.id)).map(CertificateCountSQL.standing)
  }
}
