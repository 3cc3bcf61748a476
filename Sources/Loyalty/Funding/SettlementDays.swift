import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Storage
import Synchronization

/// What promotions gave, and what stores' members earned and spent, day by day: added up from events, so that an act or a clearing reads
/// days and not receipts.
///
/// A sale counts for its business day. What comes back counts apart, for the business day of the return and under the store that sold; a
/// cancellation for the day of its sale. Receipts that were stored before the account's sums began are left out with all that became of
/// them, so that no return is counted whose sale was not.
public struct SettlementDays: Sendable {
  /// Who takes them.
  public static var follower: Follower { Follower("settlement-days") }

  let account: AccountID
  let books: GiftBooks

  public init(of account: AccountID, books: GiftBooks) { (self.account, self.books) = (account, books) }

  /// How far the follower has read, and how far the stream goes with the events that the relay has still to number. Three reads by key.
  public static func position(in tx: inout Transaction) throws -> (read: Int64, last: Int64) {
    let (start, numbered) = (Instant(micros: 0), try EventStream.last(in: &tx))
    let read = numbered - (try follower.lag(at: start, in: &tx)).events
    return (read, numbered + (try EventStream.waiting(at: start, in: &tx)).events)
  }

  /// Adds what these events say. Events come in any order and any grouping, each exactly once.
  ///
  /// Costs two reads for two hundred sales, three for two hundred returns, and a statement for each promotion and day, and each store
  /// and day, touched.
  public func take(_ events: [Event], in tx: inout Transaction) throws {
    let some = events.filter { Self.kinds.contains($0.kind) }
    guard let first = some.map(\.at).min() else { return }
    let sums = try sums(of: some, since: start(else: first, in: &tx), in: &tx)
    for (key, book) in sums.books {
      guard try !(book.payers.isEmpty && book.trialPayers.isEmpty) && tx.row(SettlementSQL.payers(account, key)) == nil else {
        continue
      }
      try tx.insert(book.payers, into: FundingSchema.payer, SettlementSQL.insertedPayer, skippingKnown: true)
      try tx.insert(book.trialPayers, into: FundingSchema.trialPayer, SettlementSQL.insertedPayer, skippingKnown: true)
    }
    for (place, day) in sums.promotions.sorted(by: { $0.key < $1.key }) { try tx.enqueue(SettlementSQL.add(day, place, account)) }
    for (place, day) in sums.stores.sorted(by: { $0.key < $1.key }) { try tx.enqueue(SettlementSQL.add(day, place, account)) }
    for (place, day) in sums.goods.sorted(by: { $0.key < $1.key }) { try tx.enqueue(GoodsSQL.add(day, place, account)) }
  }

  /// What these events come to; nothing is written.
  func sums(of events: [Event], since: Instant, in tx: inout Transaction) throws -> SettlementSums {
    var sums = SettlementSums(since: since)
    for page in events.filter({ Self.kinds.contains($0.kind) }).paged(by: Limits.page) {
      try sell(page.filter { $0.kind == .receiptConfirmed }, &sums, in: &tx)
      try claim(page.filter { $0.kind == .receiptAttached }, &sums, in: &tx)
      try takeBack(page.filter { $0.kind == .receiptReturned || $0.kind == .receiptCancelled }, &sums, in: &tx)
    }
    return sums
  }

  private static let kinds: Set<Event.Kind> = [.receiptConfirmed, .receiptAttached, .receiptReturned, .receiptCancelled]

  /// From when the account's days are added up: whatever order its events come in, all of them are in the days or none of a receipt's.
  /// - Parameter first: of the first page, for a database that numbers no events.
  private func start(else first: Instant, in tx: inout Transaction) throws -> Instant {
    if let row = try tx.row(SettlementSQL.start(account)) { return row.instant(0) }
    try tx.run(SettlementSQL.begin(account, at: earliest(in: &tx) ?? first))
    return try tx.row(SettlementSQL.start(account))?.instant(0) ?? first
  }

  /// When the account was made, where nothing of it was forgotten since; else the earliest of all events that are kept.
  private func earliest(in tx: inout Transaction) throws -> Instant? {
    guard let kept = try EventStream.kept(in: &tx) else { return nil }
    let made = try Accounts().account(account, in: &tx).madeAt
    return made > kept.oldest ? made : kept.earliest
  }

  private func sell(_ events: [Event], _ sums: inout SettlementSums, in tx: inout Transaction) throws {
    let places = events.map { ReceiptBook.Place(owner: $0.owner, id: ReceiptID($0.subject)) }
    for sale in try sales(places, in: &tx).values.sorted(by: { $0.receipt.id < $1.receipt.id })
    where sale.receipt.postedAt >= sums.since {
      try sums.add(sale, books.book(of: sale, account, in: &tx))
    }
  }

  private func claim(_ events: [Event], _ sums: inout SettlementSums, in tx: inout Transaction) throws {
    guard !events.isEmpty else { return }
    let places = events.map { ReceiptBook.Place(owner: $0.owner, id: ReceiptID($0.subject)) }
    let claims = try tx.rows(SettlementSQL.claims(account, places)).map(ReceiptClaim.init)
    let sales = try sales(claims.map(\.sale), in: &tx)
    for claim in claims {
      if let sale = sales[claim.sale] { try sums.add(claim, of: sale, books.book(of: sale, account, in: &tx)) }
    }
  }

  private func takeBack(_ events: [Event], _ sums: inout SettlementSums, in tx: inout Transaction) throws {
    var places: (counted: [ReceiptBook.Place], withdrawn: [ReceiptBook.Place]) = ([], [])
    for event in events {
      let note = DayNote(event.body)
      if note?.isBeside == true { continue }
      let place = ReceiptBook.Place(owner: event.owner, id: ReceiptID(event.subject))
      if note?.isWithdrawn == true { places.withdrawn.append(place) } else { places.counted.append(place) }
    }
    for (places, isWithdrawn) in [(places.counted, false), (places.withdrawn, true)] where !places.isEmpty {
      var returns = try tx.rows(SettlementSQL.returns(account, places)).map(StoredReturn.init)
      for place in returns.indices { returns[place].isWithdrawn = isWithdrawn }
      try add(returns, to: &sums, in: &tx)
    }
  }

  /// What these returns took back of their receipts.
  func add(_ returns: [StoredReturn], to sums: inout SettlementSums, in tx: inout Transaction) throws {
    var sales = try sales(returns.compactMap(\.sale), in: &tx)
    var claimed: [ReceiptBook.Place: ReceiptClaim] = [:]
    // Those that were claimed lie with the store that sold them.
    let missing = returns.compactMap(\.sale).filter { sales[$0] == nil }
    if !missing.isEmpty {
      let claims = try tx.rows(SettlementSQL.claims(account, missing)).map(ReceiptClaim.init)
      let found = try self.sales(claims.map(\.sale), in: &tx)
      for claim in claims { (sales[claim.place], claimed[claim.place]) = (found[claim.sale], claim) }
    }
    for stored in returns {
      let sale = stored.sale.flatMap { sales[$0] }
      guard (sale?.receipt.postedAt ?? stored.postedAt) >= sums.since else { continue }
      let book = try sale.map { try books.book(of: $0, account, in: &tx) }
      let undone = try sale.map { try given(stored, $0, in: &tx) } ?? GivenByPromotion()
      try sums.add(stored, of: sale, undone, book, claimed: stored.sale.flatMap { claimed[$0]?.lines })
    }
  }

  /// What the return undid of promotions' gifts. An older program did not store it: worked out from the returns before.
  private func given(_ stored: StoredReturn, _ sale: StoredSale, in tx: inout Transaction) throws -> GivenByPromotion {
    if let given = stored.refund.given { return given }
    guard !sale.receipt.isPast else { return GivenByPromotion() }
    let returns = try tx.rows(ReturnSQL.ofReceipt(account, stored.owner, sale.receipt.id)).map(ReturnSQL.refund)
    let claimed = try tx.row(AliasSQL.byID(account, stored.owner, sale.receipt.id)).map { try AliasSQL.given($0, 2) }
    return try UndoneGifts(
      sale.receipt, books.book(of: sale, account, in: &tx), claimed: claimed ?? GivenByPromotion(),
      earlier: returns.filter { $0.step < stored.refund.step }
    ).undone(by: stored.refund)
  }

  func sales(
    _ places: [ReceiptBook.Place], in tx: inout Transaction
  ) throws -> [ReceiptBook.Place: StoredSale] {
    var sales: [ReceiptBook.Place: StoredSale] = [:]
    for page in Array(Set(places)).paged(by: Limits.page) {
      for row in try tx.rows(SettlementSQL.sales(account, page)) {
        let sale = try StoredSale(row)
        sales[ReceiptBook.Place(owner: sale.receipt.owner, id: sale.receipt.id)] = sale
      }
    }
    return sales
  }
}

/// A sale with its programme.
struct StoredSale: Sendable {
  let receipt: Receipt
  let programme: ProgrammeID

  var book: GiftBooks.Key { GiftBooks.Key(programme: programme, version: receipt.rules) }

  init(_ row: Row) throws { (receipt, programme) = (try ReceiptSQL.receipt(row), row.id(18)) }
}

/// A receipt of nobody that found its member.
struct ReceiptClaim: Sendable {
  /// With its member, and with the store that sold it.
  let place: ReceiptBook.Place
  let sale: ReceiptBook.Place
  let earned: Points
  let given: GivenByPromotion
  let lines: GivenByLine

  /// `member, receipt, sold by, earned, given, given by line`
  init(_ row: Row) throws {
    place = ReceiptBook.Place(owner: row.int(0), id: row.id(1))
    sale = ReceiptBook.Place(owner: row.int(2), id: row.id(1))
    (earned, given, lines) = (row.points(3), try AliasSQL.given(row, 4), try AliasSQL.lines(row, 5))
  }
}

/// What one document took back of one receipt, or of goods without one.
struct StoredReturn: Sendable {
  let refund: Refund
  let owner: Int64
  let programme: ProgrammeID
  let store: StoreID
  let day: CivilDay
  let postedAt: Instant
  /// Counts no more: what was counted for it is taken off again.
  var isWithdrawn = false

  /// The columns of a refund; behind them owner, programme, store, day and when it was stored.
  init(_ row: Row) throws {
    refund = try ReturnSQL.refund(row)
    (owner, programme, store, day, postedAt) = (row.int(12), row.id(13), row.id(14), row.day(15), row.instant(16))
  }

  /// Where its receipt lies, unless it was claimed.
  var sale: ReceiptBook.Place? { refund.receipt.map { ReceiptBook.Place(owner: owner, id: $0) } }
}

extension Collection where Index == Int {
  /// In pages of so many.
  func paged(by size: Int) -> [SubSequence] {
    stride(from: startIndex, to: endIndex, by: size).map { self[$0..<Swift.min($0 + size, endIndex)] }
  }
}

/// The rule books that receipts name, as far as gifts are divided, and who pays by them. A lock guards them; they are read once by each
/// program that adds up days.
public final class GiftBooks: Sendable {
  struct Key: Hashable, Sendable {
    let programme: ProgrammeID
    let version: Int64
  }

  /// Kept at most; a returned receipt may name an old one.
  private static let most = 200

  /// Reads and compiles a book.
  public typealias Reading = @Sendable (AccountID, ProgrammeID, _ version: Int64, inout Transaction) throws -> RuleBook

  private let read: Reading
  private let known = Mutex<[Key: BookOfGifts]>([:])

  public init(reading read: @escaping Reading) { self.read = read }

  public convenience init(zones: @escaping @Sendable (String) -> Zone?) {
    self.init { account, programme, version, tx in
      let books = RuleBooks(of: try Programmes(of: account, zones: zones).programme(programme, in: &tx))
      // Who pays does not depend on what goods are called: names need not be looked up.
      return try books.book(version, in: &tx).rules(InternedNames()).book(version: version)
    }
  }

  /// The book that a sale was priced by; what another system sold had none.
  func book(of sale: StoredSale, _ account: AccountID, in tx: inout Transaction) throws -> BookOfGifts {
    guard !sale.receipt.isPast else { return BookOfGifts(RuleBook(version: 0, terms: ProgrammeTerms(), promotions: [])) }
    let key = sale.book
    if let book = known.withLock({ $0[key] }) { return book }
    let rules = try read(account, key.programme, key.version, &tx)
    var book = BookOfGifts(rules)
    func payers(_ promotions: [Promotion]) -> [[Value]] {
      promotions.flatMap { promotion in
        promotion.funding.indices.map { SettlementSQL.payer(promotion, $0, rules, key.programme, account) }
      }
    }
    book.payers = payers(rules.promotions.filter { !$0.reach.isTrial })
    book.trialPayers = payers(rules.promotions.filter(\.reach.isTrial))
    let made = book
    known.withLock { books in
      // Any one goes: an audit comes by more books than are kept, and to begin anew would lose those that it asks for most.
      if books.count >= Self.most { books.remove(at: books.startIndex) }
      books[key] = made
    }
    return made
  }
}
