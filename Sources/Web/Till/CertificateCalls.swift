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
    let (state, found) = try await database.read { tx in
      try certificates.look(at: code ?? "", pin: pin, now: call.at, in: &tx)
    }
    let isBad = state == .unknown || state == .wrongPin
    guesses.note(isBad ? 1 : 0, of: call.token, at: call.at)
    if state == .wrongPin, let pin, let found {
      try await database.write(.till) { tx in try certificates.noteWrongPin(pin, of: found.certificate.code, in: &tx) }
    }
    // What is on it is for whoever has its number.
    let told = isBad || state == .locked ? nil : found
    return Answer(200, CertificateAnswer(ask.floor).json(found?.certificate.code ?? code ?? "", state, told))
  }

  /// Wrong numbers are counted for the certificate, so that nobody finds one by trying at many tills.
  func noteWrongPins(_ basket: Basket, _ calculation: Calculation, _ floor: SalesFloor) async throws {
    let wrong = Set(calculation.reasons.filter { $0.cause == .certificate(.wrongPin) }.compactMap(\.certificate))
    let tried = basket.tenders.compactMap(\.certificate).filter { wrong.contains($0.code) }
      .compactMap { shown in shown.pin.map { (pin: $0, code: shown.code) } }
    guard !tried.isEmpty else { return }
    let certificates = floor.receipts.certificates
    try await database.write(.till) { tx in for shown in tried { try certificates.noteWrongPin(shown.pin, of: shown.code, in: &tx) }
    }
  }
}

/// A certificate as a till reads it.
private struct CertificateAnswer {
  let amounts: AmountForm

  init(_ floor: SalesFloor) { amounts = floor.amounts }

  func json(
    _ code: String, _ state: PresentedCertificate.State,
    _ found: (certificate: Certificate, series: Known<CertificateSeriesDetails>)?
  ) -> JSON {
    let told: [(String, JSON?)] = [
      ("certificate", .string(code)), ("state", .string(state.rawValue)), ("sentence", state.sentence.json),
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
