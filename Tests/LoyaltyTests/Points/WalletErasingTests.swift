import Kernel
import Loyalty
import TestKit
import Testing

@Suite struct WalletErasingTests {
  private static let now = Instant(seconds: 1_800_000_000)
  private static func occasion(_ cause: Cause) -> Occasion { Occasion(cause, at: now, posted: now) }

  /// Whatever a wallet holds, nothing of it can be spent afterwards, and its entries say the same.
  @Test(arguments: [Activation.atOnce, .after(.days(5))])
  func `leaves nothing to spend, and its journal says so`(_ activation: Activation) throws {
    var wallet = Wallet()
    let terms = PointsTerms(zone: .utc)
    var entries = wallet.earn(
      [
        Grant(Points(units: 700), origin: .receipt(ReceiptID(1)), activation: .atOnce),
        Grant(Points(units: 300), kind: .promotional, origin: .receipt(ReceiptID(2)), activation: activation),
      ], on: Self.occasion(.sale(ReceiptID(1))), terms)
    entries += try wallet.reserve(
      SpendRequest(Points(units: 250)), as: HoldID(5), until: Self.now + .hours(1), on: Self.occasion(.hold(HoldID(5))), terms)
    let erased = wallet.erase(on: Self.occasion(.adjustment(AdjustmentID(9))))
    #expect(erased.points == Points(units: 1_000) && erased.ended.map(\.id) == [HoldID(5)])
    #expect(wallet.active == .zero && wallet.pending == .zero && wallet.held == .zero && wallet.lots.isEmpty)
    #expect(wallet.fault == nil && wallet.nextDue == nil)
    #expect(wallet.balances == Balances(folding: entries + erased.entries))
    let again = wallet.erase(on: Self.occasion(.adjustment(AdjustmentID(10))))
    #expect(again.points == .zero && again.entries.isEmpty)
  }

  @Test func `forgives a debt`() throws {
    var wallet = Wallet()
    var terms = PointsTerms(zone: .utc)
    terms.negative = .belowZero
    var entries = try wallet.adjust(
      Points(units: -40), because: .correction, id: AdjustmentID(1), on: Self.occasion(.adjustment(AdjustmentID(1))), terms)
    #expect(wallet.debt == Points(units: 40))
    let erased = wallet.erase(on: Self.occasion(.adjustment(AdjustmentID(9))))
    entries += erased.entries
    #expect(wallet.debt == .zero && erased.points == Points(units: -40) && wallet.balances == Balances(folding: entries))
  }
}
