import Calculator
import Kernel
import Storage

/// A basket that waits to be priced. A class, since it is handed on through closures and holds a basket and a programme.
final class PendingQuote: Sendable {
  let basket: Basket
  let showing: Showing?
  let programme: Programme
  let scope: CalculationScope
  let now: Instant

  init(basket: Basket, showing: Showing?, programme: Programme, scope: CalculationScope, now: Instant) {
    (self.basket, self.showing, self.programme, self.scope, self.now) = (basket, showing, programme, scope, now)
  }
}

/// A price, and whom it was made for.
public struct FoundQuote: Sendable {
  public let found: Recognised
  public let quote: Quote
}

extension Receipts {
  /// Finds who was shown and prices a basket for them; changes nothing. Where the database can do several transactions at a time,
  /// baskets that arrive at the same time are priced on one snapshot: two statements for all of them, and one for each that meets a limit
  /// which all tills share.
  public func quote(
    _ basket: Basket, for showing: Showing?, in programme: Programme, scope: CalculationScope, at now: Instant,
    on database: some Database
  ) async throws -> FoundQuote {
    let pending = PendingQuote(basket: basket, showing: showing, programme: programme, scope: scope, now: now)
    let alone: @Sendable (PendingQuote) async throws -> FoundQuote = { pending in
      try await database.read { tx in
        let found = try pending.programme.identify(pending.showing, at: pending.basket.time, in: &tx)
        let quote = try self.calculate(pending.basket, for: found.shopper, scope: pending.scope, at: pending.now, in: &tx)
        return FoundQuote(found: found, quote: quote)
      }
    }
    guard database.dialect == .postgres else { return try await alone(pending) }
    return try await quotes.answer(pending) { group in
      try await database.read { tx in try self.price(group, in: &tx) }
    } alone: {
      try await alone($0)
    }
  }

  /// - Returns: in the order given; nil where one has to be priced alone.
  private func price(_ group: [PendingQuote], in tx: inout Transaction) throws -> [FoundQuote?] {
    guard let programme = group.first?.programme else { return [] }
    let found = try programme.identify(group.map { ($0.showing, $0.basket.time) }, in: &tx)
    let open = try wallets.peek(found.compactMap { $0?.shopper.id?.raw }, in: &tx)
    var quotes: [FoundQuote?] = []
    for (pending, found) in zip(group, found) {
      guard let found, household(of: found.shopper) == nil else {
        quotes.append(nil)
        continue
      }
      let wallet = found.shopper.id.flatMap { open[$0.raw]?.wallet } ?? Wallet()
      let quote = try calculate(
        pending.basket, for: found.shopper, holding: wallet, scope: pending.scope, at: pending.now, in: &tx)
      quotes.append(FoundQuote(found: found, quote: quote))
    }
    return quotes
  }
}
