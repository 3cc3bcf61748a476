import Kernel

/// What a promotion gave on a day, and what of it came back.
public struct GiftDay: Hashable, Sendable {
  public var receipts: Int64 = 0
  public var money = Money.zero
  public var points = Points.zero
  public var returns: Int64 = 0
  public var moneyBack = Money.zero
  public var pointsBack = Points.zero

  public init() {}

  public static func += (a: inout GiftDay, b: GiftDay) {
    a.receipts += b.receipts
    a.money += b.money
    a.points += b.points
    a.returns += b.returns
    a.moneyBack += b.moneyBack
    a.pointsBack += b.pointsBack
  }
}

/// What a store's members earned and spent on a day, and what of that came back.
public struct ClearingDay: Hashable, Sendable {
  /// Receipts with a member.
  public var receipts: Int64 = 0
  public var amount = Money.zero
  public var earned = Points.zero
  /// Points that the wallets had, or had been promised: what a till took beyond them is its own affair.
  public var spent = Points.zero
  public var returns: Int64 = 0
  public var takenBack = Points.zero
  public var givenBack = Points.zero

  public init() {}

  public static func += (a: inout ClearingDay, b: ClearingDay) {
    a.receipts += b.receipts
    a.amount += b.amount
    a.earned += b.earned
    a.spent += b.spent
    a.returns += b.returns
    a.takenBack += b.takenBack
    a.givenBack += b.givenBack
  }
}

extension ClearingDay {
  /// A member's sale. Points that a till took and the wallet did not have are not spent.
  init(_ sale: Receipt) {
    (receipts, amount, earned) = (1, sale.amount, sale.earned)
    spent = sale.spent - sale.points.spending.discrepancy
  }

  /// A sale that its member was found for later.
  init(_ sale: Receipt, claimedFor points: Points) { (receipts, amount, earned) = (1, sale.amount, points) }

  /// A return. Points that were taken for a lost benefit pay the shop, which sold without it; they were not earned there, and are not
  /// taken back.
  init(_ refund: Refund) {
    returns = 1
    takenBack = refund.takenBack - max(.zero, refund.lost)
    givenBack = refund.givenBack - refund.effect.spending.discrepancy
  }

  /// A return that was counted, and counts no more.
  init(withdrawing refund: Refund) {
    let counted = ClearingDay(refund)
    (returns, takenBack, givenBack) = (-counted.returns, .zero - counted.takenBack, .zero - counted.givenBack)
  }
}

/// How much of a product a promotion reduced or earned on, on a day, and how much of that came back.
public struct GoodsDay: Hashable, Sendable {
  public var quantity = Quantity.zero
  public var money = Money.zero
  public var points = Points.zero
  public var quantityBack = Quantity.zero

  public init() {}

  public static func += (a: inout GoodsDay, b: GoodsDay) {
    a.quantity = a.quantity + b.quantity
    a.money += b.money
    a.points += b.points
    a.quantityBack = a.quantityBack + b.quantityBack
  }

  var words: String {
    "\(quantity.thousandths) thousandths with \(money.minor) and \(points.units) points, \(quantityBack.thousandths) back"
  }
}

/// Days on their way into the database, or into an audit.
struct SettlementSums {
  struct GiftPlace: Hashable, Comparable {
    let giver: Giver
    let rules: Int64
    let day: CivilDay
    let programme: ProgrammeID
    static func < (a: Self, b: Self) -> Bool { (a.giver, a.rules, a.day) < (b.giver, b.rules, b.day) }
  }

  struct StorePlace: Hashable, Comparable {
    let store: StoreID
    let programme: ProgrammeID
    let day: CivilDay
    static func < (a: Self, b: Self) -> Bool { (a.store, a.programme, a.day) < (b.store, b.programme, b.day) }
  }

  struct GoodsPlace: Hashable, Comparable {
    let gift: GiftPlace
    let product: ProductID
    static func < (a: Self, b: Self) -> Bool { (a.gift, a.product) < (b.gift, b.product) }
  }

  let since: Instant
  /// Of promotions that somebody else pays for.
  private(set) var goods: [GoodsPlace: GoodsDay] = [:]
  private(set) var promotions: [GiftPlace: GiftDay] = [:]
  private(set) var stores: [StorePlace: ClearingDay] = [:]

  /// The books that sales were priced by, where they gave anything.
  private(set) var books: [GiftBooks.Key: BookOfGifts] = [:]

  init(since: Instant) { self.since = since }

  mutating func add(_ sale: StoredSale, _ book: BookOfGifts) throws {
    let receipt = sale.receipt
    guard receipt.postedAt >= since else { return }
    let steps = try receipt.steps()
    let given = GivenByPromotion(steps, by: book.givers)
    if !given.isEmpty { books[sale.book] = book }
    for (giver, lines) in book.funded(steps) {
      for (line, part) in lines where receipt.lines.indices.contains(line) {
        var day = GoodsDay()
        (day.quantity, day.money, day.points) = (receipt.lines[line].quantity, part.money, part.points)
        goods[GoodsPlace(gift: place(giver, sale), product: receipt.lines[line].product), default: GoodsDay()] += day
      }
    }
    for giver in given.givers {
      var day = GiftDay()
      (day.receipts, day.money, day.points) = (1, given[giver].money, given[giver].points)
      promotions[place(giver, sale), default: GiftDay()] += day
    }
    if receipt.hasMember { stores[place(sale), default: ClearingDay()] += ClearingDay(receipt) }
  }

  /// What the receipt's promotions earned for whoever claimed it; the receipt itself is counted already, and so are goods that the same
  /// promotion reduced.
  mutating func add(_ claim: ReceiptClaim, of sale: StoredSale, _ book: BookOfGifts) throws {
    guard sale.receipt.postedAt >= since else { return }
    if !claim.given.isEmpty { books[sale.book] = book }
    let (lines, reduced) = (sale.receipt.lines, book.funded(try sale.receipt.steps()))
    for (giver, parts) in claim.lines.lines where book.isFunded(giver) {
      for (line, part) in parts where lines.indices.contains(line) {
        var day = GoodsDay()
        day.quantity = reduced[giver]?[line] == nil ? lines[line].quantity : .zero
        (day.money, day.points) = (part.money, part.points)
        goods[GoodsPlace(gift: place(giver, sale), product: lines[line].product), default: GoodsDay()] += day
      }
    }
    for giver in claim.given.givers {
      var day = GiftDay()
      day.points = claim.given[giver].points
      promotions[place(giver, sale), default: GiftDay()] += day
    }
    stores[place(sale), default: ClearingDay()] += ClearingDay(sale.receipt, claimedFor: claim.earned)
  }

  /// - Parameter sale: nil for goods without a receipt: what they would have earned is taken back in the store that took them.
  /// - Parameter book: of the sale, for what others pay for.
  /// - Parameter claimed: what it earned for whoever claimed it.
  mutating func add(
    _ stored: StoredReturn, of sale: StoredSale?, _ given: GivenByPromotion, _ book: BookOfGifts?, claimed: GivenByLine? = nil
  ) throws {
    guard (sale?.receipt.postedAt ?? stored.postedAt) >= since else { return }
    if let sale {
      if let book, !book.payers.isEmpty || !book.trialPayers.isEmpty { try takeBack(stored, of: sale, book, claimed) }
      for giver in given.givers {
        var day = GiftDay()
        (day.returns, day.moneyBack, day.pointsBack) = (1, given[giver].money, given[giver].points)
        promotions[place(giver, sale, on: stored.day), default: GiftDay()] += day
      }
    }
    let day = stored.isWithdrawn ? ClearingDay(withdrawing: stored.refund) : ClearingDay(stored.refund)
    guard day.takenBack != .zero || day.givenBack != .zero else { return }
    let at = StorePlace(store: sale?.receipt.store ?? stored.store, programme: stored.programme, day: stored.day)
    stores[at, default: ClearingDay()] += day
  }

  private mutating func takeBack(
    _ stored: StoredReturn, of sale: StoredSale, _ book: BookOfGifts, _ claimed: GivenByLine?
  ) throws {
    let lines = sale.receipt.lines
    for (giver, parts) in try book.funded(sale.receipt, claimed: claimed) {
      for back in stored.refund.lines where lines.indices.contains(back.line) && parts[back.line] != nil {
        var day = GoodsDay()
        day.quantityBack = back.quantity
        let place = GoodsPlace(gift: place(giver, sale, on: stored.day), product: lines[back.line].product)
        goods[place, default: GoodsDay()] += day
      }
    }
  }

  private func place(_ giver: Giver, _ sale: StoredSale, on day: CivilDay? = nil) -> GiftPlace {
    GiftPlace(
      giver: giver, rules: sale.receipt.rules, day: day ?? sale.receipt.businessDay, programme: sale.programme)
  }

  private func place(_ sale: StoredSale) -> StorePlace {
    StorePlace(store: sale.receipt.store, programme: sale.programme, day: sale.receipt.businessDay)
  }
}
