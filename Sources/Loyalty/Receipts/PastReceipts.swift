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

  /// As they were sold: nothing of ours was taken off or earned.
  fileprivate var lines: [SoldLine] {
    basket.lines.map { line in
      let shelf = line.price.times(line.quantity)
      let reduced = line.tillReductions.reduce(Money.zero) { $0 + $1.amount }
      return SoldLine(
        product: line.product.id, quantity: line.quantity, shelf: shelf, tillReduced: reduced, amount: shelf - reduced)
    }
  }

  fileprivate func bodyHash(_ lines: [SoldLine], owner: Int64) -> Int64 {
    var hash = StableHash()
    hash.mix(owner)
    hash.mix(basket.time.micros)
    for line in lines {
      hash.mix(line.product.raw)
      hash.mix(line.quantity.thousandths)
      hash.mix(line.shelf.minor)
      hash.mix(line.amount.minor)
    }
    return Int64(bitPattern: hash.value)
  }
}

/// A past receipt whose documents are written: everything that needs no transaction is done.
public struct ReadyReceipt: Sendable {
  let key: NaturalKey
  let owner: Int64
  let hasMember: Bool
  let bodyHash: Int64
  let soldAt: Instant
  let amount: Money
  /// Goods of it that first purchases are asked of: part of the past that is counted.
  let bought: Set<PromotionID>
  /// The row's values; its id and the time of posting are filled in when it is recorded.
  fileprivate var row: [Value]

  fileprivate static let (idPlace, postedPlace) = (0, 8)
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
  /// Writes the documents of a past receipt: most of what recording it costs, on any thread.
  public func prepare(_ past: PastReceipt) -> ReadyReceipt {
    let lines = past.lines
    let amount = lines.reduce(Money.zero) { $0 + $1.amount }
    let key = past.key.natural(.receipt)[0]
    let owner = past.member?.raw ?? past.key.store.raw
    let store = past.basket.store
    let day = store.zone.businessDay(at: past.basket.time, dayStart: store.dayStart)
    let row: [Value] = [
      .null, owner.value, account.value, programme.value, past.key.store.value, key.text.value, day.value,
      past.basket.time.value, .null, Receipt.State.confirmed.rawValue.value, amount.value, Money.zero.value, Points.zero.value,
      Points.zero.value, 0.value, 0.value, LineText.write(lines).value, SaleFacts(basket: past.basket).document.value,
      Self.emptyTrace, Self.noPoints, .null, .null,
    ]
    return ReadyReceipt(
      key: key, owner: owner, hasMember: past.member != nil, bodyHash: past.bodyHash(lines, owner: owner),
      soldAt: past.basket.time, amount: amount,
      bought: past.member == nil ? [] : rules.current.counting(rules.current.asks.firsts, in: past.basket), row: row)
  }

  private static let emptyTrace = TraceDocument.write([]).value
  private static let noPoints = ReceiptPoints().document.value

  /// Records receipts as history: nothing is calculated and no points move; the members' purchases count from then on.
  ///
  /// Costs two bulk inserts, one reading statement for `Limits.bulk` members, an update for each of them and one of how many they were.
  public func record(_ past: [ReadyReceipt], at now: Instant, in tx: inout Transaction) throws -> [PastOutcome] {
    // Rows of one owner lie together in the index of owners; of one owner the earlier come first.
    let order = past.indices.sorted { (past[$0].owner, past[$0].soldAt, $0) < (past[$1].owner, past[$1].soldAt, $1) }
    var ids = Array(repeating: Int64(0), count: past.count)
    for place in order { ids[place] = self.ids.next(Entity.Receipt.self, at: now).raw }
    let claims = past.indices.map { place in
      KeyClaim(key: past[place].key, owner: past[place].owner, target: ids[place], bodyHash: past[place].bodyHash)
    }
    let keys = NaturalKeys(of: account)
    let ours = try keys.claim(claims, at: now, in: &tx)
    let held = ours.count == past.count ? [:] : try keys.held(claims.map(\.key), in: &tx)
    var recorded: [Int] = []
    var waiting: [(holder: KeyHolder, returns: [WaitingReturn])] = []
    var outcomes = Array(repeating: PastOutcome.recorded, count: past.count)
    for place in order {
      let key = past[place].key.text
      if ours[key] == ids[place] {
        recorded.append(place)
      } else if held[key] == KeyHolder.awaiting {
        let own = KeyHolder(owner: past[place].owner, target: ids[place], bodyHash: past[place].bodyHash, madeAt: now)
        outcomes[place] = try takeOver(past[place], for: own, &waiting, in: &tx)
        if outcomes[place] == .recorded { recorded.append(place) }
      } else {
        // The same key twice in one call is new once.
        outcomes[place] = held[key] == past[place].bodyHash ? .known : .taken
      }
    }
    try insert(recorded.map { past[$0].row(ids[$0], at: now) }, in: &tx)
    try count(recorded.filter { past[$0].hasMember }.map { past[$0] }, at: now, in: &tx)
    for (holder, returns) in waiting {
      for goods in returns { _ = try match(goods, to: holder, at: now, in: &tx) }
    }
    // Last, for transactions beside each other wait here for one another.
    if !recorded.isEmpty { try tx.enqueue(PastSQL.count(account, programme, recorded.count)) }
    return outcomes
  }

  /// Takes a receipt's key over from returns that came before it.
  private func takeOver(
    _ past: ReadyReceipt, for own: KeyHolder, _ waiting: inout [(holder: KeyHolder, returns: [WaitingReturn])],
    in tx: inout Transaction
  ) throws -> PastOutcome {
    var held = try NaturalKeys(of: account).holders([past.key], in: &tx)
    // The same key twice in one call is new once.
    if held[past.key]?.isReturn == true {
      let overtaken = try takeOver([past.key], for: own, soldAt: past.soldAt, from: &held, in: &tx)
      if held.isEmpty {
        waiting.append((own, overtaken.returns))
        return .recorded
      }
    }
    return held[past.key]?.bodyHash == past.bodyHash ? .known : .taken
  }

  private func insert(_ rows: [[Value]], in tx: inout Transaction) throws {
    try tx.insert(rows, into: ReceiptsSchema.receipt, ReceiptSQL.inserted)
  }

  /// - Parameter sorted: by owner.
  private func count(_ sorted: [ReadyReceipt], at now: Instant, in tx: inout Transaction) throws {
    var owners: [Int64] = []
    var starts: [Int] = []
    for (place, receipt) in sorted.enumerated() where receipt.owner != owners.last {
      owners.append(receipt.owner)
      starts.append(place)
    }
    starts.append(sorted.count)
    try wallets.change(owners, at: now, in: &tx) { place, open in
      for receipt in sorted[starts[place]..<starts[place + 1]] {
        open.wallet.record(receipt.amount, at: receipt.soldAt, uses: receipt.bought.sorted().map(Use.ofThePast), points)
      }
    }
  }

  /// Those of the keys that name a receipt already.
  public func known(_ keys: [ReceiptKey], in tx: inout Transaction) throws -> Set<ReceiptKey> {
    let held = try NaturalKeys(of: account).held(keys.map { $0.natural(.receipt)[0] }, in: &tx)
    return Set(keys.filter { held[$0.text].map { $0 != KeyHolder.awaiting } ?? false })
  }
}

extension ReadyReceipt {
  fileprivate func row(_ id: Int64, at now: Instant) -> [Value] {
    var row = row
    row[Self.idPlace] = id.value
    row[Self.postedPlace] = now.value
    return row
  }
}
