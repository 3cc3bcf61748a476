import Access
import Kernel
import Storage

/// Numbers under the scratch-off strip. None is kept: each follows from its certificate's code and a secret of the series, which is stored
/// sealed. Whoever has the database without the key of the configuration has no PIN.
public struct CertificatePins: Sendable {
  private let keys: KeyRing

  init(_ keys: KeyRing) { self.keys = keys }

  private static func place(_ series: CertificateSeriesID) -> String { "certificates \(series)" }

  func newSecret(of series: CertificateSeriesID) throws -> String {
    try keys.seal(keys.secret(KeyRing.size), for: Self.place(series))
  }

  /// - Throws: `SealBroken`.
  func secret(_ sealed: String, of series: CertificateSeriesID) throws(SealBroken) -> [UInt8] {
    try keys.open(sealed, for: Self.place(series))
  }

  /// Seals the secrets of all accounts' series under the first key, after a new one was put in front.
  /// - Parameter after: go on from here; nil from the beginning.
  /// - Returns: the last series looked at; nil when all are sealed.
  /// - Throws: `SealBroken` where a secret opens with none of the keys.
  public static func reseal(
    after: CertificateSeriesID?, with keys: KeyRing, in tx: inout Transaction
  ) throws -> CertificateSeriesID? {
    let rows = try tx.rows(CertificateSQL.sealed(after: after ?? CertificateSeriesID(0), Limits.page))
    for row in rows where !keys.isFresh(row.text(2)) {
      let (id, account): (CertificateSeriesID, AccountID) = (row.id(0), row.id(1))
      let secret = try keys.open(row.text(2), for: place(id))
      try tx.run(CertificateSQL.reseal(try keys.seal(secret, for: place(id)), of: id, account))
    }
    return rows.last?.id(0)
  }

  /// The code as it is printed, whatever its case.
  static func pin(of code: String, under secret: [UInt8], digits: Int) -> String {
    pinCode(of: folded(code), under: secret, digits: digits)
  }

  /// Nil where it cannot be told.
  func isRight(_ pin: String, of code: String, _ sealed: String, _ series: CertificateSeriesID, digits: Int) -> Bool? {
    guard let secret = try? secret(sealed, of: series) else { return nil }
    return isSameSecret(Self.pin(of: code, under: secret, digits: digits).utf8, pin.utf8)
  }
}
