import Access
import Calculator
import Jobs
import Kernel
import Storage

/// What a confirmed receipt came to. Sent again, the same request gives an equal answer, derived from what is stored.
public struct Sold: Hashable, Sendable {
  public let receipt: ReceiptID
  public let amount: Money
  public let earned: Points
  /// What the sale added to the counter for tiers.
  public let status: Points
  /// As the till took them off.
  public let spent: Points
  public let discrepancies: [Discrepancy]
  /// Stood beside another receipt with the same key, and had no effect.
  public let isBeside: Bool
  /// The member's points as they stand when this is said: sent again, the request hears of what came since. Nil where nobody was named
  /// and for what stood beside.
  public let balance: Balance?

  /// Coupons that it brought, for next time; by their codes.
  public var coupons: [IssuedCoupon] = []
  /// Certificates that it was paid with, and those that it sold.
  public var certificates: [CertificateUse] = []
  /// Turns of games that it brought.
  public var turns: [GivenTurns] = []
  /// Tiers that it brought, for a time.
  public var tiers: [GivenTier] = []
  /// Subscriptions that it sold, as they stand when this is said.
  public var subscriptions: [ToldSubscription] = []
  /// What hunts hid on it.
  public var finds: [ReceiptFind] = []
  /// Everything that hunts drew for it, finds and misses.
  public var draws: [Won] = []
  /// What did not fit of a cancellation or of returns that had come before the sale, where they were done to it just now.
  public var undone: [Discrepancy] = []
  /// Whose it is; nil where nobody was named.
  var member: MemberID?
  /// Points that come and go as a promotion says itself: how many, and on which days.
  public var lots: [Earned] = []
  /// The member's stamp cards as they stand when this is said, with what the receipt gave and took; no part of what was recorded.
  public var stamps: [StampMove] = []
  /// It used a hold just now; no part of what was recorded.
  public var usedHold = false

  /// Whether the same was recorded; the balance is no part of that.
  public static func == (a: Sold, b: Sold) -> Bool {
    a.receipt == b.receipt && a.amount == b.amount && a.earned == b.earned && a.status == b.status && a.spent == b.spent
      && a.discrepancies == b.discrepancies && a.isBeside == b.isBeside && a.coupons == b.coupons
      && a.certificates == b.certificates && a.turns == b.turns
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(receipt) }
}

/// The receipts of one programme: what a till asks and says. A class, since each purchase carries it through several closures and it
/// holds the rule book, the settings and more: some forty references to copy every time.
public final class Receipts: Sendable {
  let account: AccountID
  let programme: ProgrammeID
  let rules: RuleShelf
  let wallets: Wallets
  let terms: ReturnTerms
  /// How long after the sale a receipt can find its member.
  let attachDays: Int
  /// Limits of what one member earns and spends; nil where nothing is watched.
  let watch: GuardTerms?
  /// Nil where the programme has no households.
  let households: HouseholdTerms?
  /// What numbers under certificates' strips are made with.
  let keys: KeyRing?
  let hunts: Hunts
  /// What members subscribe to.
  let plans: SubscriptionShelf
  /// Of which goods the past is counted; nil: of all.
  let counted: CountedFirsts?
  /// What arrives at the same time and is done together, where the database can do several transactions at a time.
  /// On a machine that is busy all over a turn takes long and small groups would make it longer: only what is far from usual shrinks them.
  let sales = Gathering<PendingSale, Sold>(patience: .milliseconds(200))
  let quotes = Gathering<PendingQuote, FoundQuote>(patience: .milliseconds(200))

  var points: PointsTerms { wallets.terms }
  var coupons: Coupons { Coupons(of: account, programme: programme, zone: wallets.terms.zone) }
  public var certificates: Certificates {
    Certificates(
      of: account, programme: programme, zone: wallets.terms.zone, currency: rules.current.terms.currency, ids: ids, keys: keys)
  }
  public var games: Games {
    Games(of: account, programme: programme, amounts: AmountForm(rules.current.terms), wallets: wallets, keys: keys)
  }
  var ids: IDSource { wallets.ids }

  /// The programme is the account's: whoever loaded it for that account has made sure.
  public init(
    of account: AccountID, programme: ProgrammeID, rules: RuleShelf, points: PointsTerms, terms: ReturnTerms = ReturnTerms(),
    attachDays: Int = 30, watch: GuardTerms? = nil, households: HouseholdTerms? = nil, ids: IDSource, keys: KeyRing? = nil,
    hunts: Hunts = Hunts(), plans: SubscriptionShelf = SubscriptionShelf(), counted: CountedFirsts? = nil
  ) {
    self.counted = counted
    self.account = account
    self.programme = programme
    self.rules = rules
    self.terms = terms
    self.attachDays = attachDays
    self.keys = keys
    self.hunts = hunts
    self.plans = plans
    self.watch = watch?.ofDays
    self.households = households
    wallets = Wallets(of: account, programme: programme, terms: points, ids: ids)
  }

  /// The receipts of a programme under its settings.
  public convenience init(
    of programme: Programme, rules: RuleShelf, ids: IDSource, keys: KeyRing? = nil, hunts: Hunts = Hunts(),
    plans: SubscriptionShelf = SubscriptionShelf(), counted: CountedFirsts? = nil
  ) {
    let settings = programme.settings
    self.init(
      of: programme.account, programme: programme.id, rules: rules, points: settings.points, terms: settings.returns,
      attachDays: settings.attachDays, watch: settings.watch, households: settings.households, ids: ids, keys: keys, hunts: hunts,
      plans: plans, counted: counted)
  }

  /// Prices a basket and changes nothing. At most two statements.
  public func calculate(
    _ basket: Basket, for shopper: Shopper, scope: CalculationScope = CalculationScope(), at now: Instant, in tx: inout Transaction
  ) throws -> Quote {
    let open = try peek(shopper, visiting: basket.store, at: now, in: &tx)
    return try calculate(basket, for: shopper, holding: open?.wallet ?? Wallet(), open?.pool, scope: scope, at: now, in: &tx)
  }

  /// The same with a wallet that was read, as it is stored.
  func calculate(
    _ basket: Basket, for shopper: Shopper, holding stored: Wallet, _ pool: OpenPool? = nil, scope: CalculationScope,
    at now: Instant, in tx: inout Transaction
  ) throws -> Quote {
    var wallet = stored
    _ = wallet.advance(to: now, points)
    let basket = try lookedUp(basket, for: shopper, at: now, in: &tx)
    let priced = try price(basket, shopper, wallet, pool, rules.current, scope, .peeked, in: &tx)
    return Quote(calculation: priced.calculation, rules: rules.current.version, hold: nil)
  }

  /// Gives back what a hold set aside: the shopper left, or nothing was printed. A hold that has ended needs nothing.
  public func release(_ hold: HoldID, of member: MemberID, at now: Instant, in tx: inout Transaction) throws {
    _ = try letGo(hold, of: member, at: now, in: &tx)
  }

  /// A receipt by its key. - Throws: `Problem.notFound`.
  public func receipt(_ key: ReceiptKey, in tx: inout Transaction) throws -> Receipt {
    guard let holder = try holder(of: key, in: &tx) else {
      throw Problem(
        .notFound, "receipt_unknown", "there is no receipt with this key; look at store, register, shift, number and date")
    }
    return try receipt(ReceiptID(holder.target), of: holder.owner, in: &tx)
  }

  func receipt(_ id: ReceiptID, of owner: Int64, locked: Bool = false, in tx: inout Transaction) throws -> Receipt {
    guard let row = try tx.row(ReceiptSQL.byID(account, owner, id, locked ? tx.dialect : nil)) else {
      throw Problem(.notFound, "receipt_unknown", "there is no receipt \(id)")
    }
    return try ReceiptSQL.receipt(row)
  }
}

/// How a calculation meets limits that all tills share.
enum LimitAccess {
  /// Counted on: no other till may count until the transaction ends.
  case locked
  /// Looked at, for a preview.
  case peeked
  /// Beside the writer, where nothing can be locked: `LimitsOutOfReach` is thrown.
  case outOfReach
}

/// A basket met a shared limit where it cannot be locked; only the writer can price it.
struct LimitsOutOfReach: Error {}

/// A calculation with what it was made of.
struct Priced {
  var calculation = Calculation()
  /// What the till's own amounts earn, where they are not ours.
  var fixed: Calculation?
  /// The member as the rules saw them.
  var member: MemberSnapshot?
  var scopes: [PromotionID?] = []
  var usage: [PromotionID: SharedUsage] = [:]
  /// What of shared limits was asked for.
  var wishes: [PromotionID: BudgetWish] = [:]

  /// True where the promotion came to no more than was asked for: what all tills share was no smaller for it than it is.
  func isSettled(_ applied: AppliedPromotion) -> Bool { wishes[applied.id]?.covers(applied) ?? false }
}

extension Receipts {
  /// Prices a sale as we would have sold it and, where the till's amounts are others, computes what those earn: within the same limits.
  func price(
    _ sale: Sale, _ shopper: Shopper, _ wallet: Wallet, _ pool: OpenPool?, _ book: RuleBook, _ limits: LimitAccess = .locked,
    in tx: inout Transaction
  ) throws -> Priced {
    let scope = CalculationScope(offersChoices: false)
    var priced = try price(sale.basket, shopper, wallet, pool, book, scope, limits, in: &tx)
    guard !sale.agrees(with: priced.calculation) else { return priced }
    priced.fixed = try calculate(sale.fixed(book.terms), book, scope, limits, &priced, in: &tx)
    return priced
  }

  /// Calculates with the shared limits as they are. They are asked for only when a promotion that has any takes part: a purchase
  /// without one costs no statement here.
  func price(
    _ basket: Basket, _ shopper: Shopper, _ wallet: Wallet, _ pool: OpenPool?, _ book: RuleBook, _ scope: CalculationScope,
    _ limits: LimitAccess, in tx: inout Transaction
  ) throws -> Priced {
    let day = basket.store.zone.businessDay(at: basket.time, dayStart: basket.store.dayStart)
    var priced = Priced()
    if case .member(var snapshot, let isBlocked) = shopper {
      priced.scopes = snapshot.fill(from: wallet, points, book, store: basket.store.id, day: day)
      if let pool { snapshot.fill(from: pool, wallet, book, on: day, &priced.scopes) }
      if isBlocked { snapshot.maySpend = false }
      if let counted { snapshot.wait(for: book.asks.firsts, but: counted) }
      if let watch { snapshot.restrain(watch, wallet, on: day) }
      priced.member = snapshot
    }
    priced.calculation = try calculate(basket, book, scope, limits, &priced, in: &tx)
    return priced
  }

  private func calculate(
    _ basket: Basket, _ book: RuleBook, _ scope: CalculationScope, _ limits: LimitAccess, _ priced: inout Priced,
    in tx: inout Transaction
  ) throws -> Calculation {
    let day = basket.store.zone.businessDay(at: basket.time, dayStart: basket.store.dayStart)
    // Where a limit closes one promotion another may step in, with limits of its own.
    for _ in 0..<8 {
      var scope = scope
      scope.courses = points.courses
      let calculation = Calculator.calculate(basket, member: priced.member, rules: book, usage: priced.usage, scope: scope)
      let asked = calculation.promotions.filter { book.countedLimits(at: $0.index).countsAll && !priced.isSettled($0) }
      guard !asked.isEmpty else { return calculation }
      let wishes = asked.map {
        BudgetWish($0, book.countedLimits(at: $0.index), isRepeated: priced.wishes[$0.id] != nil)
      }
      let found =
        switch limits {
        case .locked: try budgets.lock(wishes, store: basket.store.id, day: day, in: &tx)
        case .peeked: try budgets.peek(wishes, store: basket.store.id, day: day, in: &tx)
        case .outOfReach: throw LimitsOutOfReach()
        }
      for wish in wishes {
        priced.usage[wish.promotion] = found[wish.promotion] ?? SharedUsage()
        priced.wishes[wish.promotion] = wish
      }
    }
    throw Problem(.unavailable, "limits_unsettled", "the shared limits of this basket's promotions could not be settled; ask again")
  }

  func shared(_ uses: [Use], _ book: RuleBook) -> [Use] {
    uses.filter { use in book.promotions.firstIndex { $0.id == use.promotion }.map { book.countedLimits(at: $0).countsAll } ?? false
    }.sorted {
      $0.promotion < $1.promotion
    }
  }

  func spendingUse(_ spent: Points, _ day: CivilDay) -> Use? {
    guard spent > .zero, rules.current.terms.spending.mostPerDay != nil else { return nil }
    return Use(promotion: MemberSnapshot.spendingTally, day: day, given: Given(uses: 1, points: spent))
  }

  func note(
    _ discrepancies: [Discrepancy], owner: Int64, of receipt: Int64, said: SaidBy, at now: Instant, in tx: inout Transaction
  ) throws {
    for discrepancy in discrepancies { try tx.enqueue(note(discrepancy, owner: owner, of: receipt, said: said, at: now)) }
  }

  /// - Parameter receipt: or the document of a return.
  func note(_ discrepancy: Discrepancy, owner: Int64, of receipt: Int64, said: SaidBy, at now: Instant) -> SQL {
    DiscrepancySQL.insert(discrepancy, ids.next(at: now), account, programme, owner, receipt, said, now)
  }
}
