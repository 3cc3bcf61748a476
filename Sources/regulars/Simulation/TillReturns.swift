import Calculator
import Kernel
import Loyalty

/// What comes back to the till: goods, receipts that find their member, and sales that never were.
extension SimulatedTill {
  func bringBack(at time: Instant) async throws {
    guard !sold.isEmpty else { return }
    let bought = dice.pick(sold)
    let goods = goods(of: bought, at: time)
    let request = nextRequest()
    let shopper: Shopper = dice.happens(50) ? bought.shopper : .nobody
    try await ask(.takeBack(goods, shopper, request), at: time)
    if dice.happens(6) { try await ask(.takeBack(goods, shopper, nextRequest()), at: time + .seconds(9)) }
    if dice.happens(4) {
      var other = goods
      other.stated = Money(minor: 100)
      try await ask(.takeBack(other, shopper, nextRequest()), at: time + .seconds(12))
    }
  }

  /// Some lines or all, some pieces or all, and now and then more than was sold.
  private func goods(of bought: Purchase, at time: Instant) -> Return {
    let isWhole = dice.happens(25)
    var lines: [Return.Line] = []
    for line in bought.sale.basket.lines where isWhole || dice.happens(45) {
      var quantity = line.quantity
      if !isWhole, line.kind == .goods { quantity = .pieces(dice.roll(1...max(1, line.quantity.thousandths / 1000))) }
      if dice.happens(4) { quantity = quantity + .one }
      lines.append(Return.Line(.line(line.id), quantity: quantity))
    }
    if lines.isEmpty, let first = bought.sale.basket.lines.first {
      lines = [Return.Line(.line(first.id), quantity: first.quantity)]
    }
    return Return(
      key: nextKey(day: time + drift), original: bought.sale.key, lines: lines, at: time + drift,
      day: store.zone.civil(at: time + drift).day,
      refund: dice.happens(10) ? .paidPrice : dice.happens(6) ? .reprice : nil, isDefect: dice.happens(8),
      stated: dice.happens(10) ? Money(minor: dice.roll(Int64(100)...90_000)) : nil)
  }

  func bringBackWithoutReceipt(at time: Instant) async throws {
    let known = sold.filter { $0.shopper.id != nil }
    guard !known.isEmpty else { return }
    let bought = dice.pick(known)
    var today = bought.sale.basket
    today.time = time + drift
    // What is brought back are goods: nobody takes a certificate without its receipt.
    today.lines.removeAll { $0.kind.isMoney }
    (today.tenders, today.certificates) = ([], [])
    let lines = today.lines.prefix(2).map { Return.Line(.product($0.product.id), quantity: $0.quantity) }
    let goods = Return(
      key: nextKey(day: time + drift), original: nil, lines: Array(lines), at: time + drift,
      day: store.zone.civil(at: time + drift).day,
      goods: today, stated: Money(minor: dice.roll(Int64(100)...50_000)))
    try await ask(.takeBack(goods, dice.happens(85) ? bought.shopper : .nobody, nextRequest()), at: time)
  }

  func exchange(at time: Instant) async throws {
    guard !sold.isEmpty else { return }
    let bought = dice.pick(sold)
    let goods = goods(of: bought, at: time)
    let sale = Sale(key: nextKey(day: time + drift), basket: basket(at: time, mayPayWithPoints: true))
    try await ask(.exchange(goods, sale, bought.shopper, nextRequest()), at: time)
    remember(sale, bought.shopper)
  }

  /// The till says that nothing was printed: of a receipt that was confirmed, or of a hold that was not.
  func cancel(at time: Instant) async throws {
    if dice.happens(50), let last = sold.last {
      try await ask(.cancel(last.sale.key, nil, last.shopper, nextRequest()), at: time)
      return
    }
    let shopper = chain.shopper(dice.roll(1...chain.size.members), isTyped: false)
    let basket = basket(at: time, mayPayWithPoints: true)
    let key = nextKey(day: time + drift)
    let answer = try await ask(.hold(basket, shopper), at: time)
    guard case .int(let hold)? = answer["hold"] else { return }
    try await ask(.cancel(key, HoldID(hold), shopper, nextRequest()), at: time + .seconds(30))
  }

  /// Somebody scans an old receipt at home; sometimes two people do.
  func claim(at time: Instant) async throws {
    guard let index = sold.indices.first(where: { sold[$0].shopper.id == nil && !sold[$0].isClaimed }) else { return }
    sold[index].isClaimed = true
    for _ in 0...dice.roll(0...1) {
      guard case .member(let member, _) = chain.shopper(dice.roll(1...chain.size.members), isTyped: true) else { continue }
      try await ask(.attach(sold[index].sale.key, member, nextRequest()), at: time)
    }
  }
}
