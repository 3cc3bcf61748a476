import Calculator
import Jobs
import Kernel
import Storage

/// A receipt from before this house: what was sold, as another system tells of it.
public struct PastReceipt: Sendable {
  public let key: ReceiptKey
  /// Nil: nobody was named.
  public let member: MemberID?
  /// What was sold, by shelf prices and with what the till took off. It is kept, so that goods of it can come back.
  public let basket: Basket

  public init(key: ReceiptKey, member: MemberID?, basket: Basket) {
    self.key = key
    self.member = member
    self.basket = basket
  }

  var soldAt: Instant { basket.time }
  var businessDay: CivilDay { basket.store.zone.businessDay(at: basket.time, dayStart: basket.store.dayStart) }
  /// As they were sold: nothing of ours was taken off or earned.
  var lines: [SoldLine] {
    basket.lines.map { line in
      let shelf = line.price.times(line.quantity)
      let reduced = line.tillReductions.reduce(Money.zero) { $0 + $1.amount }
      return SoldLine(
        product: line.product.id, quantity: line.quantity, shelf: shelf, tillReduced: reduced, amount: shelf - reduced)
    }
  }

  var owner: Int64 { member?.raw ?? key.store.raw }

  var bodyHash: Int64 {
    var hash = StableHash()
    hash.mix(owner)
    hash.mix(soldAt.micros)
    for line in lines {
      hash.mix(line.product.raw)
      hash.mix(line.quantity.thousandths)
      hash.mix(line.shelf.minor)
      hash.mix(line.amount.minor)
    }
    return Int64(bitPattern: hash.value)
  }
}

/// What became of a past receipt.
public enum PastOutcome: Sendable {
  case recorded
  /// It is there already, with the same contents.
  case known
  /// Its key names another receipt.
  case taken
}

extension Receipts {
  /// Records receipts as history: nothing is calculated and no points move; the members' purchases count from then on.
  ///
  /// Costs one statement for every 64 keys, one a receipt, and two for each member among them.
  public func record(_ past: [PastReceipt], at now: Instant, in tx: inout Transaction) throws -> [PastOutcome] {
    let ids = past.map { _ in self.ids.next(Entity.Receipt.self, at: now) }
    let hashes = past.map(\.bodyHash)
    let claims = past.indices.map { index in
      let receipt = past[index]
      return KeyClaim(key: receipt.key.natural(.receipt)[0], owner: receipt.owner, target: ids[index].raw, bodyHash: hashes[index])
    }
    let keys = NaturalKeys(of: account)
    var ours = try keys.claim(claims, at: now, in: &tx)
    let held = ours.count == past.count ? [:] : try keys.held(claims.map(\.key), in: &tx)
    var byMember: [Int64: [PastReceipt]] = [:]
    var outcomes: [PastOutcome] = []
    for (index, receipt) in past.enumerated() {
      // The same key twice in one call is new once.
      guard ours.remove(receipt.key.text) != nil else {
        outcomes.append(held[receipt.key.text] == hashes[index] ? .known : .taken)
        continue
      }
      outcomes.append(.recorded)
      try tx.enqueue(ReceiptSQL.insert(receipt.stored(ids[index], at: now), account, programme))
      if receipt.member != nil { byMember[receipt.owner, default: []].append(receipt) }
    }
    try count(byMember, at: now, in: &tx)
    return outcomes
  }

  /// Wallets are opened in the order of their owners, so that two imports do not wait for each other crosswise.
  private func count(_ byMember: [Int64: [PastReceipt]], at now: Instant, in tx: inout Transaction) throws {
    for (owner, receipts) in byMember.sorted(by: { $0.key < $1.key }) {
      var open = try wallets.open(owner, at: now, in: &tx)
      for receipt in receipts {
        open.wallet.record(receipt.lines.reduce(.zero) { $0 + $1.amount }, at: receipt.soldAt, uses: [], points)
      }
      try wallets.save(open, at: now, in: &tx)
    }
  }

  /// Those of the keys that name a receipt already.
  public func known(_ keys: [ReceiptKey], in tx: inout Transaction) throws -> Set<ReceiptKey> {
    let held = try NaturalKeys(of: account).held(keys.map { $0.natural(.receipt)[0] }, in: &tx)
    return Set(keys.filter { held[$0.text] != nil })
  }
}

extension PastReceipt {
  func stored(_ id: ReceiptID, at now: Instant) -> Receipt {
    let lines = lines
    let amount = lines.reduce(Money.zero) { $0 + $1.amount }
    return Receipt(
      id: id, owner: owner, store: key.store, key: key.text, businessDay: businessDay, soldAt: soldAt, postedAt: now,
      state: .confirmed,
      amount: amount, discount: .zero, spent: .zero, earned: .zero, rules: 0, calculator: 0, lines: lines,
      facts: SaleFacts(basket: basket).document, trace: TraceDocument.write([]),
      points: ReceiptPoints())
  }
}
