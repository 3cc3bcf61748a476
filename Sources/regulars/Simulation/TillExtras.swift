import Calculator
import Conditions
import Kernel
import Loyalty

/// Certificates and games at a till.
extension SimulatedTill {
  /// Each till sells its own of the year's certificates, and is shown those of others.
  func takeStock(at time: Instant) async throws {
    guard case .array(let codes)? = try await ask(.stock, at: time)["codes"] else { return }
    printed = codes.compactMap { if case .string(let code) = $0 { code } else { nil } }
    blanks = printed.indices.filter { $0 % chain.size.tills == number - 1 }.map { printed[$0] }
  }

  /// Now and then one is sold, and now and then one pays: mostly one that this till sold, else any – of another till, one that nobody
  /// bought, one that is spent or over.
  func bringCertificates(to basket: inout Basket) {
    guard !printed.isEmpty else { return }
    if extras.happens(15), let code = blanks.last, case .fixed(let face) = SimulatedGround.gift.face {
      let product = ProductFacts(id: SimulatedGround.giftProduct)
      basket.lines.append(BasketLine(id: "gift", product: product, price: face, kind: .giftCard))
      basket.certificates = [SoldCertificate(line: "gift", certificate: PresentedCertificate(code: code))]
    } else if extras.happens(30) {
      let code = extras.happens(80) && !outside.isEmpty ? extras.pick(outside) : extras.pick(printed)
      let amount = extras.happens(30) ? Money(minor: extras.roll(Int64(1_000)...60_000)) : nil
      basket.tenders = [
        Tender(kind: .giftCard, amount: amount, certificate: PresentedCertificate(code: code)), Tender(kind: .card),
      ]
    }
  }

  /// Turns that a receipt brought are mostly played at once; somebody without any tries as well.
  func play(_ sold: JSON, _ shopper: Shopper, at time: Instant) async throws {
    guard let member = shopper.id else { return }
    var turns: Int64 = 0
    if case .int(let brought)? = sold["turns"] { turns = brought }
    guard extras.happens(turns > 0 ? 75 : 4) else { return }
    for _ in 0..<max(1, turns) {
      try await ask(.draw(member, store.id, RequestKey("till \(number) draw \(extras.roll(0...Int64.max))")), at: time)
    }
  }
}
