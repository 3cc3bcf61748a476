import Calculator
import Conditions
import Kernel

extension MemberSnapshot {
  /// Counts what a member spends in a day, where the programme limits that.
  static var spendingTally: PromotionID { PromotionID(0) }

  /// The member with what the wallet knows.
  /// - Returns: the scopes of the pools, nil for points that are good for everything, in the pools' order.
  mutating func fill(from wallet: Wallet, _ terms: PointsTerms, _ book: RuleBook, store: StoreID, day: CivilDay) -> [PromotionID?] {
    fill(from: wallet.history, book.asks, terms, day)
    // A receipt keeps no more than rules asked about.
    if !book.asks.consents { consents = Consents() }
    if !offers.isEmpty { offers = offers.filter { book.asks.offers.contains($0.promotion) } }
    spentToday = wallet.given(Self.spendingTally)?.given(on: day).points ?? .zero
    usage = [:]
    for tally in wallet.tallies
    where tally.promotion != Self.spendingTally && tally.promotion.raw > 0 && !GuardTally.owns(tally.promotion) {
      // A receipt keeps no more than rules asked about.
      usage[tally.promotion] = tally.usage(on: day, withBudgets: book.asks.memberBudgets.contains(tally.promotion))
    }
    count(wallet, book, store, day)
    return fillPools(from: wallet, terms, book)
  }

  /// What accumulators, stamp cards and visits came to.
  private mutating func count(_ wallet: Wallet, _ book: RuleBook, _ store: StoreID, _ day: CivilDay) {
    for accumulator in book.asks.accumulators {
      guard let tally = wallet.given(accumulator.id) else { continue }
      let value = accumulator.value(
        of: accumulator.period == .always ? tally.total : tally.given(on: accumulator.period.start(of: day)))
      if value != 0 { usage[accumulator.id] = MemberUsage(uses: value) }
    }
    for card in book.terms.stampCards {
      guard let tally = wallet.given(card.tally) else { continue }
      usage[card.tally] = MemberUsage(uses: wallet.stampsLeft(on: card, at: day), today: tally.given(on: day).stampsGiven)
    }
    if book.asks.accumulatesVisits, let tally = wallet.given(Accumulator.visits(of: store)) {
      usage[tally.promotion] = MemberUsage(uses: tally.total.uses, today: tally.given(on: day).uses)
    }
  }

  private mutating func fillPools(from wallet: Wallet, _ terms: PointsTerms, _ book: RuleBook) -> [PromotionID?] {
    var scopes: [PromotionID?] = []
    pools = []
    for lot in wallet.burning(terms) {
      var scope: PromotionID?
      if case .targeted(let promotion) = lot.kind { scope = promotion }
      if !pools.isEmpty, scopes[pools.count - 1] == scope {
        pools[pools.count - 1].amount += lot.amount
        continue
      }
      // Points for a promotion that the rule book does not know any more are good for nothing today.
      let target = scope.map { id in book.promotions.first { $0.id == id }?.target ?? .none([.everything]) }
      pools.append(PointsPool(amount: lot.amount, only: target))
      scopes.append(scope)
    }
    return scopes
  }
}

extension MemberSnapshot {
  private mutating func fill(from history: History, _ asks: Asked, _ terms: PointsTerms, _ day: CivilDay) {
    purchases = history.purchases
    counters[MemberCounter.spent.rawValue] = history.paid.minor
    func days(since moment: Instant) -> Int64 { Int64(max(0, day.number - terms.zone.civil(at: moment).day.number)) }
    if asks.memberDays, let joinedAt { counters[MemberCounter.memberDays.rawValue] = days(since: joinedAt) }
    if asks.daysSincePurchase, let last = history.last {
      counters[MemberCounter.daysSincePurchase.rawValue] = days(since: last)
    }
  }
}
