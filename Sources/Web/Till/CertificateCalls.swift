import Access
import Calculator
import Kernel
import Loyalty
import Storage

// Certificates that somebody shows at the till.
extension TillDesk {
  /// `POST /till/v1/certificates`: what is on one. A code never stands in an address, where logs would keep it.
  func askAboutCertificate(_ call: Call) async throws -> Answer {
    let ask = try await ask(call)
    let node = JSONNode(ask.body)
    node.expect("store", "register", "certificate", "pin")
    let code = node["certificate"].required() ? node["certificate"].code() : nil
    let pin = node["pin"].code(max: 16)
    try node.issues.check("the certificate")
    try guesses.pass(call.token, at: call.at)
    let certificates = ask.floor.receipts.certificates
    let (shown, found) = try await database.read { tx in
      (
        try certificates.look(at: code ?? "", pin: pin, now: call.at, in: &tx),
        try certificates.certificate(code ?? "", in: &tx)
      )
    }
    let isBad = shown.state == .unknown || shown.state == .wrongPin
    guesses.note(isBad ? 1 : 0, of: call.token, at: call.at)
    if shown.state == .wrongPin, pin != nil {
      try await database.write(.till) { tx in try certificates.noteWrongPin(shown.code, in: &tx) }
    }
    return Answer(200, CertificateAnswer(ask.floor).json(shown, isBad ? nil : found))
  }

  /// Wrong numbers are counted for the certificate, so that nobody finds one by trying at many tills.
  func noteWrongPins(_ basket: Basket, _ calculation: Calculation, _ floor: SalesFloor) async throws {
    let wrong = Set(calculation.reasons.filter { $0.cause == .certificate(.wrongPin) }.compactMap(\.certificate))
    let tried = basket.tenders.compactMap(\.certificate).filter { $0.pin != nil && wrong.contains($0.code) }
    guard !tried.isEmpty else { return }
    let certificates = floor.receipts.certificates
    try await database.write(.till) { tx in for shown in tried { try certificates.noteWrongPin(shown.code, in: &tx) } }
  }
}

/// A certificate as a till reads it.
private struct CertificateAnswer {
  let amounts: AmountForm

  init(_ floor: SalesFloor) { amounts = floor.amounts }

  func json(
    _ shown: PresentedCertificate, _ found: (certificate: Certificate, series: Known<CertificateSeriesDetails>)?
  ) -> JSON {
    let told: [(String, JSON?)] = [
      ("certificate", .string(shown.code)), ("state", .string(shown.state.rawValue)), ("sentence", shown.state.sentence.json),
    ]
    guard let (certificate, series) = found else { return .object(told.compactMap(Self.member)) }
    let details = series.details
    let more: [(String, JSON?)] = [
      ("balance", amounts.json(certificate.balance)), ("until", certificate.until.map { .string($0.text) }),
      ("series", .string(details.code)), ("name", details.name.json), ("use", .string(details.use.rawValue)),
      ("price", price(details)), ("isForAllGoods", .bool(details.goods == nil)),
    ]
    return .object((told + more).compactMap(Self.member))
  }

  private static func member(_ name: String, _ value: JSON?) -> JSON.Member? { value.map { JSON.Member(name, $0) } }

  /// What one is sold for.
  private func price(_ series: CertificateSeriesDetails) -> JSON {
    switch series.face {
    case .fixed(let face): .object(["fixed": amounts.json(face)])
    case .free(let range): .object(["least": amounts.json(range.lowerBound), "most": amounts.json(range.upperBound)])
    }
  }
}
