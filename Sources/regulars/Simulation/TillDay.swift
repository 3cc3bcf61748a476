import Calculator
import Kernel
import Loyalty

/// What happens at a till from opening to closing.
extension SimulatedTill {
  func live(day: Int) async throws {
    if dice.happens(2) { drift = .seconds(dice.pick([-90_000, -3_600, -7, 0, 0, 0, 5, 3_700, 86_400])) }
    let count = dice.roll(0...2 * chain.size.visits)
    let seconds = (0..<count).map { _ in dice.roll(Int64(28_800)...84_000) }.sorted()
    for second in seconds { try await serve(at: SimulatedChain.start + .days(Int64(day)) + .seconds(second)) }
    let evening = SimulatedChain.start + .days(Int64(day)) + .seconds(85_000)
    if !unsent.isEmpty, dice.happens(40) { try await sendUnsent(at: evening) }
  }

  /// The year is over: nothing stays unsent.
  func close(at time: Instant) async throws { if !unsent.isEmpty { try await sendUnsent(at: time) } }

  private func serve(at time: Instant) async throws {
    let shopper = shopper()
    switch dice.roll(0...99) {
    case 0..<70: try await sell(to: shopper, at: time)
    case 70..<78: goOffline(shopper, at: time)
    case 78..<88: try await bringBack(at: time)
    case 88..<91: try await exchange(at: time)
    case 91..<93: try await bringBackWithoutReceipt(at: time)
    case 93..<95: try await cancel(at: time)
    default: try await claim(at: time)
    }
  }

  private func shopper() -> Shopper {
    dice.happens(15) ? .nobody : chain.shopper(dice.roll(1...chain.size.members), isTyped: dice.happens(20))
  }

  func basket(at time: Instant, mayPayWithPoints: Bool) -> Basket {
    var basket = Basket(store: store, time: time + drift, lines: [])
    for line in 1...dice.roll(1...6) {
      let goods = dice.pick(chain.goods)
      let quantity =
        goods.kind == .weighed ? Quantity(thousandths: dice.roll(Int64(120)...2_500)) : .pieces(dice.roll(Int64(1)...4))
      var item = BasketLine(id: String(line), product: goods.facts, quantity: quantity, price: goods.price, kind: goods.kind)
      if dice.happens(5), goods.facts.minPrice == nil {
        item.tillReductions = [TillReduction(kind: "markdown", amount: Money(minor: dice.roll(Int64(1)...500)))]
      }
      basket.lines.append(item)
    }
    if dice.happens(12) { basket.coupons = [PresentedCoupon(code: dice.pick(["SPRING", "ONCE", "FORGED"]))] }
    if mayPayWithPoints, dice.happens(35) {
      basket.spend = dice.happens(50) ? .most : .points(Points(units: dice.roll(Int64(1)...300)))
    }
    return basket
  }

  private func sell(to shopper: Shopper, at time: Instant) async throws {
    var sale = Sale(key: nextKey(day: time + drift), basket: basket(at: time, mayPayWithPoints: true))
    bringCertificates(to: &sale.basket)
    var confirmedAt = time + .seconds(dice.roll(Int64(5)...240))
    if dice.happens(60) {
      let isHolding = shopper.id != nil && dice.happens(45)
      let quote = try await ask(isHolding ? .hold(sale.basket, shopper) : .quote(sale.basket, shopper), at: time)
      guard let answered = Quoted(quote) else { return }
      sale.hold = answered.hold.map { HoldID($0) }
      if dice.happens(70) { sale.rules = answered.rules }
      if let hold = sale.hold, let member = shopper.id, dice.happens(12) {
        // The shopper leaves; half of the tills say so.
        if dice.happens(50) { try await ask(.release(hold, member), at: confirmedAt) }
        return
      }
      print(answered, on: &sale)
      if dice.happens(10) { confirmedAt = confirmedAt + .minutes(dice.roll(Int64(20)...90)) }
    }
    let sold = try await ask(.confirm(sale, shopper, nextRequest()), at: confirmedAt)
    remember(sale, shopper)
    try await repeatOddly(sale, shopper, at: confirmedAt + .seconds(3))
    try await play(sold, shopper, at: confirmedAt + .seconds(20))
  }

  /// What stands on the paper: mostly what was answered, sometimes what the till made of it.
  private func print(_ quote: Quoted, on sale: inout Sale) {
    guard dice.happens(60) else { return }
    let isOdd = dice.happens(10)
    sale.stated = quote.lines.map { line in
      let change = isOdd ? dice.roll(Int64(-100)...100) : 0
      return Sale.StatedLine(amount: Money(minor: max(0, line.amount + change)), paidWithPoints: Money(minor: line.withPoints))
    }
    sale.basket.spend = quote.spent > 0 ? .points(Points(units: quote.spent)) : .nothing
  }

  /// The same receipt under another request key, another receipt under the same number, another body under the same request key.
  private func repeatOddly(_ sale: Sale, _ shopper: Shopper, at time: Instant) async throws {
    if dice.happens(6) { try await ask(.confirm(sale, shopper, nextRequest()), at: time) }
    guard dice.happens(3) else { return }
    var other = sale
    other.hold = nil
    other.stated = nil
    other.basket.lines[0].quantity = other.basket.lines[0].quantity + .one
    try await ask(.confirm(other, shopper, nextRequest()), at: time + .seconds(1))
  }

  func remember(_ sale: Sale, _ shopper: Shopper) {
    for certificate in sale.basket.certificates.map(\.certificate.code) where blanks.last == certificate {
      outside.append(blanks.removeLast())
    }
    sold.append(Purchase(sale: sale, shopper: shopper))
    if sold.count > 80 { sold.removeFirst() }
  }

  /// Without a network the till gives what it knows by itself, and says so later.
  private func goOffline(_ shopper: Shopper, at time: Instant) {
    var sale = Sale(key: nextKey(day: time + drift), basket: basket(at: time, mayPayWithPoints: false), isOffline: true)
    sale.stated = sale.basket.lines.map { line in
      let shelf = line.price.times(line.quantity) - line.tillReductions.reduce(Money.zero) { $0 + $1.amount }
      return Sale.StatedLine(amount: max(.zero, Money(minor: shelf.minor - dice.roll(0...max(0, shelf.minor / 10)))))
    }
    unsent.append(OfflineSale(sale, by: shopper, request: nextRequest()))
    remember(sale, shopper)
  }

  private func sendUnsent(at time: Instant) async throws {
    let batch = unsent
    unsent = []
    try await ask(.batch(batch), at: time)
    // A till that is not sure sends everything once more, and then a part of it.
    if dice.happens(25) { try await ask(.batch(batch), at: time + .seconds(30)) }
    if dice.happens(25) { try await ask(.batch(Array(batch.prefix(dice.roll(1...batch.count)))), at: time + .seconds(60)) }
  }
}

/// An answer to a calculation, as a till reads it.
private struct Quoted {
  let spent: Int64
  let rules: Int64
  let hold: Int64?
  let lines: [(amount: Int64, withPoints: Int64)]

  /// Nil for a refusal.
  init?(_ answer: JSON) {
    guard case .int(let spent)? = answer["spent"], case .int(let rules)? = answer["rules"],
      case .array(let items)? = answer["lines"]
    else {
      return nil
    }
    self.spent = spent
    self.rules = rules
    if case .int(let id)? = answer["hold"] { hold = id } else { hold = nil }
    lines = items.compactMap { item in
      guard case .array(let pair) = item, pair.count == 2, case .int(let amount) = pair[0], case .int(let points) = pair[1] else {
        return nil
      }
      return (amount, points)
    }
  }
}
