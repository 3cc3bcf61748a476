import Kernel
import Loyalty
import TestKit
import Testing

@Suite struct WalletDocumentTests {
  @Test(arguments: seeds(200)) func `a wallet survives the trip through its document`(seed: UInt64) throws {
    var life = WalletLife(seed: seed)
    for _ in 0..<40 {
      life.step()
      #expect(try Wallet(document: life.wallet.document) == life.wallet, "seed \(seed)")
    }
  }

  @Test(arguments: seeds(100)) func `damage is an error or another sound wallet, never a trap`(seed: UInt64) throws {
    var life = WalletLife(seed: seed)
    for _ in 0..<20 { life.step() }
    let document = life.wallet.document
    for length in 0..<document.count {
      #expect(throws: WalletDamage.self, "seed \(seed), cut at \(length)") { try Wallet(document: Array(document.prefix(length))) }
    }
    for _ in 0..<300 {
      var damaged = document
      damaged[Int(life.dice.roll(0...Int64(document.count - 1)))] = UInt8(life.dice.roll(0...255))
      guard let wallet = try? Wallet(document: damaged) else { continue }
      #expect(wallet.fault == nil, "seed \(seed)")
      #expect(try Wallet(document: wallet.document) == wallet, "seed \(seed)")
    }
  }

  @Test func `a document of a later version is named, not guessed at`() {
    #expect(throws: WalletDamage.unknownVersion(9)) { try Wallet(document: [9, 0, 0, 0]) }
    #expect(throws: WalletDamage.malformed(offset: 0)) { try Wallet(document: []) }
  }

  @Test func `a member with five lots fits in 120 bytes`() {
    var wallet = Wallet()
    var ids = IDSequence(node: 3)
    let terms = PointsTerms(zone: .moscow)
    for week in 0..<5 {
      let time = Instant(seconds: 1_790_000_000 + Int64(week) * 604_800 + Int64(week * 4711))
      let id: ReceiptID = ids.next(at: time)
      wallet.record(Money(minor: 123_456), at: time, uses: [], terms)
      let grant = Grant(Points(units: 6_173), kind: week == 2 ? .promotional : .base, origin: .receipt(id))
      _ = wallet.earn([grant], on: Occasion(.sale(id), at: time, posted: time), terms)
    }
    #expect(wallet.lots.count == 5)
    #expect(wallet.document.count <= 120, "\(wallet.document.count) bytes")
  }
}
