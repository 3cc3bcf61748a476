import Kernel
import Loyalty
import TestKit
import Testing

/// Random lives of wallets. A failure names its seed; `REGULARS_SEED=n script/test --filter WalletPropertyTests` replays it.
@Suite struct WalletPropertyTests {
  @Test(arguments: seeds(300)) func `whatever happens, a wallet is the fold of its entries`(seed: UInt64) {
    var life = WalletLife(seed: seed)
    for step in 0..<60 {
      life.step()
      #expect(life.wallet.fault == nil, "seed \(seed), step \(step)")
      #expect(Balances(folding: life.entries) == life.wallet.balances, "seed \(seed), step \(step)")
    }
  }

  @Test(arguments: seeds(100)) func `no entry takes a member below what is there, and accounts sum to zero`(seed: UInt64) {
    var life = WalletLife(seed: seed)
    for _ in 0..<80 { life.step() }
    var running = Balances()
    var programme: [JournalAccount: Int64] = [:]
    for entry in life.entries {
      running.post(-entry.amount, to: entry.from, lot: entry.lot)
      running.post(entry.amount, to: entry.to, lot: entry.lot)
      for column in [running.pending, running.active, running.held] {
        #expect((column[entry.lot] ?? .zero) >= .zero, "seed \(seed): \(entry)")
      }
      #expect(running.debt <= .zero && running.status >= .zero, "seed \(seed): \(entry)")
      if !entry.from.isMembers { programme[entry.from, default: 0] -= entry.amount.units }
      if !entry.to.isMembers { programme[entry.to, default: 0] += entry.amount.units }
    }
    let wallet = life.wallet
    let members = wallet.active + wallet.pending + wallet.held + wallet.status
    #expect(members.units + programme.values.reduce(0, +) == 0, "seed \(seed)")
    #expect(programme[.regrouped] ?? 0 == 0, "seed \(seed)")
    #expect(wallet.debt == .zero || life.terms.negative == .belowZero, "seed \(seed)")
  }

  @Test(arguments: seeds(100)) func `advancing in many steps arrives where one step does, and again changes nothing`(seed: UInt64) {
    var life = WalletLife(seed: seed)
    for _ in 0..<25 { life.step() }
    let end = life.now + .days(500)
    var once = life.wallet
    let whole = once.advance(to: end, life.terms)
    var often = life.wallet
    var entries: [Entry] = []
    var clock = life.now
    while clock < end {
      clock = min(end, clock + .seconds(life.dice.roll(1...4_000_000)))
      entries += often.advance(to: clock, life.terms).entries
    }
    #expect(often == once, "seed \(seed)")
    #expect(entries.map(Moved.init) == whole.entries.map(Moved.init), "seed \(seed)")
    #expect(once.advance(to: end, life.terms) == Advance(), "seed \(seed)")
    #expect(once.nextDue.map { $0 > end } ?? true, "seed \(seed)")
    #expect(once.expiring(before: end).isEmpty && once.holds.isEmpty, "seed \(seed)")
  }

  @Test(arguments: seeds(100)) func `a sale takes exactly what was asked, from lots in burn order`(seed: UInt64) {
    var life = WalletLife(seed: seed)
    for _ in 0..<30 { life.step() }
    let before = life.wallet
    let request = life.request(2000)
    let can = before.available(for: request, life.terms)
    let (spending, _) = life.wallet.spend(request, on: life.occasion(.sale(ReceiptID(9))), life.terms)
    #expect(spending.total == request.amount, "seed \(seed)")
    #expect(spending.burns.reduce(.zero) { $0 + $1.amount } == can, "seed \(seed)")
    let places = spending.burns.compactMap { life.terms.burnOrder.firstIndex(of: $0.kind.family) }
    #expect(places == places.sorted(), "seed \(seed)")
    for (one, next) in zip(spending.burns, spending.burns.dropFirst()) where one.kind.family == next.kind.family {
      let ends = [one, next].map { before.expiry($0.expiry, of: $0.kind.family) ?? .distantFuture }
      #expect(ends[0] <= ends[1], "seed \(seed)")
    }
    for (scope, limit) in request.targeted {
      #expect(spending.burns.reduce(.zero) { $1.kind == .targeted(scope) ? $0 + $1.amount : $0 } <= limit, "seed \(seed)")
    }
  }

  @Test(arguments: seeds(200)) func `a full return at once restores the wallet exactly`(seed: UInt64) {
    var life = WalletLife(seed: seed)
    life.terms.returnedLife = .days(0)
    for _ in 0..<30 { life.step() }
    _ = life.wallet.advance(to: life.now, life.terms)
    let before = life.wallet
    let request = life.request(min(500, max(0, before.active.units)))
    let use = life.use()
    let kind = life.kind()
    let id = ReceiptID(99)
    let sale = Occasion(.sale(id), at: life.now, posted: life.now)
    let refund = Occasion(.refund(ReturnID(7)), at: life.now, posted: life.now)
    let (spending, _) = life.wallet.spend(request, on: sale, life.terms)
    life.wallet.record(Money(minor: 700), at: life.now, uses: [use], life.terms)
    _ = life.wallet.earn([Grant(Points(units: 250), kind: kind, origin: .receipt(id))], on: sale, life.terms)
    _ = life.wallet.undo(spending, earned: [Earned(Points(units: 250), kind: kind)], of: .receipt(id), on: refund, life.terms)
    let forgotten = ForgottenSale(at: life.now, slides: before.slides, first: before.history.first, last: before.history.last)
    life.wallet.unrecord(Money(minor: 700), uses: [use], sale: forgotten, life.terms)
    // Under "only pending" points that were active at once stay: that is what the policy says.
    guard life.terms.negative != .onlyPending || life.terms.course(of: kind.family).activation != .atOnce else { return }
    #expect(life.wallet.balances == before.balances, "seed \(seed)")
    #expect(life.wallet.lots == before.lots && life.wallet.debt == before.debt, "seed \(seed)")
    #expect(life.wallet.history == before.history, "seed \(seed)")
    let (was, left) = (before.given(use.promotion), life.wallet.given(use.promotion))
    #expect(left?.total == was?.total, "seed \(seed)")
    #expect(left?.given(on: use.day) ?? .nothing == was?.given(on: use.day) ?? .nothing, "seed \(seed)")
    #expect(life.wallet.slides == before.slides, "seed \(seed)")
  }

  /// An entry without its date of posting.
  private struct Moved: Equatable {
    let from: JournalAccount
    let to: JournalAccount
    let amount: Points
    let lot: LotNumber
    let cause: Cause
    let event: Instant

    init(_ entry: Entry) {
      (from, to, amount, lot) = (entry.from, entry.to, entry.amount, entry.lot)
      (cause, event) = (entry.occasion.cause, entry.occasion.event)
    }
  }
}
