import Access
import Calculator
import Kernel
import Storage

extension CertificateSeriesDetails {
  /// True where receipts may bring one with so much on it: its code is long enough that `Limits.couponOdds` possible ones stand behind each of
  /// as many as the largest batch has, and whoever has the code needs no number under a strip.
  public func mayBeBrought(with amount: Money) -> Bool {
    guard pinDigits == 0, !isClosed, pattern.space / Limits.couponOdds >= Limits.couponBatch else { return false }
    return worth(soldFor: amount).isRight
  }
}

extension Certificates {
  /// Tries to draw a code that nobody has; a second one is rare.
  private static var tries: Int { 20 }

  /// Makes certificates that a receipt brings; they are written as blank, and still have to be saved. A series that is closed or gone, or that
  /// has none with so much on it, gives none.
  func give(
    _ wanted: [(series: String, amount: Money)], at time: Instant, now: Instant, using generator: inout some RandomNumberGenerator,
    in tx: inout Transaction
  ) throws -> [(code: String, given: OpenCertificate)] {
    guard !wanted.isEmpty else { return [] }
    let known = try series(codes: Array(Set(wanted.map(\.series))).sorted(), in: &tx)
    var given: [(code: String, given: OpenCertificate)] = []
    for (code, amount) in wanted {
      guard let series = known[code], series.details.mayBeBrought(with: amount) else { continue }
      for _ in 0..<Self.tries {
        let drawn = folded(series.details.pattern.code(using: &generator))
        let row: [Value] = [account.value, drawn.value, series.id.value, CertificateBatchID?.none.value, now.value]
        guard try tx.insert([row], into: CertificatesSchema.certificate, CertificateSQL.inserted, skippingKnown: true) == 1 else {
          continue
        }
        var open = OpenCertificate(blank: drawn, of: series.id, series.details, issuedAt: now)
        open.give(amount, at: time, in: zone)
        given.append((drawn, open))
        break
      }
    }
    return given
  }
}

extension OpenCertificate {
  /// One that was just printed.
  init(blank code: String, of series: CertificateSeriesID, _ details: CertificateSeriesDetails, issuedAt: Instant) {
    self.init(
      Certificate(
        code: code.uppercased(), series: series, batch: nil, state: .blank, balance: .zero, issuedAt: issuedAt, activatedAt: nil,
        until: nil, wrongPins: 0, held: nil), in: details)
  }
}
