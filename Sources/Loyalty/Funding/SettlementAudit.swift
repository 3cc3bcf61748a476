import Access
import Kernel
import Storage

/// What an audit of a programme's days of promotions and stores found.
public struct SettlementReport: Sendable {
  public internal(set) var receipts = 0
  public internal(set) var returns = 0
  /// Days of promotions and of stores that were compared.
  public internal(set) var days = 0
  /// Each a sentence; at most `Limits.differences`, the rest is counted.
  public internal(set) var differences: [String] = []
  public internal(set) var omitted = 0
  /// The stream went on meanwhile, or some of it was not read yet: days were not compared.
  public internal(set) var wasMoving = false

  public var isClean: Bool { differences.isEmpty }

  mutating func note(_ difference: String) {
    if differences.count < Limits.differences { differences.append(difference) } else { omitted += 1 }
  }
}

/// Recomputes from receipts, claims and returns what promotions gave and what stores' members earned and spent, and compares the days that
/// were added up from events.
///
/// Page by page, each in one snapshot; memory is bounded by promotions × days and stores × days.
public struct SettlementAudit: Sendable {
  /// Days as they are, or as they ought to be.
  struct Found {
    var promotions: [SettlementSums.GiftPlace: GiftDay] = [:]
    var stores: [SettlementSums.StorePlace: ClearingDay] = [:]
    var goods: [SettlementSums.GoodsPlace: GoodsDay] = [:]
    /// The books that gave anything, with who pays by them.
    var books: [GiftBooks.Key: BookOfGifts] = [:]
  }

  let account: AccountID
  let programme: ProgrammeID
  let books: GiftBooks

  public init(of account: AccountID, programme: ProgrammeID, books: GiftBooks) {
    (self.account, self.programme, self.books) = (account, programme, books)
  }

  /// - Parameter position: how far the follower of days has read, and how far the stream goes.
  public func run(
    on database: some Database, position: @escaping @Sendable (inout Transaction) throws -> (read: Int64, last: Int64),
    progress: @Sendable (Int) throws -> Void = { _ in }
  ) async throws -> SettlementReport {
    try await reckon(on: database, position: position, progress: progress).report
  }

  /// The same, with the days as they are and as they ought to be; neither where they were moving.
  func reckon(
    on database: some Database, position: @escaping @Sendable (inout Transaction) throws -> (read: Int64, last: Int64),
    progress: @Sendable (Int) throws -> Void
  ) async throws -> (report: SettlementReport, kept: Found, due: Found) {
    var report = SettlementReport()
    let before = try await database.read { tx in try (start: tx.row(SettlementSQL.start(account))?.instant(0), at: position(&tx)) }
    guard let since = before.start else { return (report, Found(), Found()) }
    var sums = Found()
    try await addSales(&sums, since, &report, on: database, progress)
    try await addClaims(&sums, since, on: database)
    try await addReturns(&sums, since, &report, on: database, progress)
    let (kept, after) = try await database.read { tx in (try stored(in: &tx), try position(&tx)) }
    report.wasMoving = before.at != after || after.read < after.last
    guard !report.wasMoving else { return (report, Found(), Found()) }
    compare(kept, sums, &report)
    return (report, kept, sums)
  }

  private func compare(_ kept: Found, _ sums: Found, _ report: inout SettlementReport) {
    for key in Set(kept.promotions.keys).union(sums.promotions.keys).sorted() {
      report.days += 1
      let (found, expected) = (kept.promotions[key] ?? GiftDay(), sums.promotions[key] ?? GiftDay())
      if found != expected {
        report.note(
          "\(key.giver.promotion)\(key.giver.isTrial ? " in its pilot" : "") on \(key.day): \(found.words), by receipts \(expected.words)"
        )
      }
    }
    for key in Set(kept.stores.keys).union(sums.stores.keys).sorted() {
      report.days += 1
      let (found, expected) = (kept.stores[key] ?? ClearingDay(), sums.stores[key] ?? ClearingDay())
      if found != expected { report.note("\(key.store) on \(key.day): \(found.words), by receipts \(expected.words)") }
    }
  }

  private func stored(in tx: inout Transaction) throws -> Found {
    var found = Found()
    for isTrial in [false, true] {
      for row in try tx.rows(SettlementSQL.allGifts(account, programme, isTrial: isTrial)) {
        let place = SettlementSums.GiftPlace(
          giver: Giver(row.id(0), isTrial: isTrial), rules: row.int(1), day: row.day(2), programme: programme)
        found.promotions[place] = SettlementSQL.gift(row, at: 3)
      }
    }
    found.goods = try goods(in: &tx)
    for row in try tx.rows(SettlementSQL.allClearing(account, programme)) {
      var day = ClearingDay()
      (day.receipts, day.amount, day.earned, day.spent) = (row.int(2), row.money(3), row.points(4), row.points(5))
      (day.returns, day.takenBack, day.givenBack) = (row.int(6), row.points(7), row.points(8))
      found.stores[SettlementSums.StorePlace(store: row.id(0), programme: programme, day: row.day(1))] = day
    }
    return found
  }

  private func fold(_ page: SettlementSums, into sums: inout Found) {
    for (place, day) in page.promotions { sums.promotions[place, default: GiftDay()] += day }
    for (place, day) in page.stores { sums.stores[place, default: ClearingDay()] += day }
    for (place, day) in page.goods { sums.goods[place, default: GoodsDay()] += day }
    sums.books.merge(page.books) { known, _ in known }
  }

  private func addSales(
    _ sums: inout Found, _ since: Instant, _ report: inout SettlementReport, on database: some Database,
    _ progress: @Sendable (Int) throws -> Void
  ) async throws {
    var after: (owner: Int64, id: ReceiptID)? = (Int64.min, ReceiptID(0))
    while let (owner, id) = after {
      let (page, count, last) = try await database.read { tx in try sales(after: owner, id, since, Limits.bulk, in: &tx) }
      fold(page, into: &sums)
      report.receipts += count
      after = count < Limits.bulk ? nil : last
      try progress(report.receipts)
    }
  }

  private func addClaims(_ sums: inout Found, _ since: Instant, on database: some Database) async throws {
    var after: (owner: Int64, id: ReceiptID)? = (Int64.min, ReceiptID(0))
    while let (owner, id) = after {
      let (page, count, last) = try await database.read { tx in try claims(after: owner, id, since, in: &tx) }
      fold(page, into: &sums)
      after = count < Limits.page ? nil : last
    }
  }

  private func addReturns(
    _ sums: inout Found, _ since: Instant, _ report: inout SettlementReport, on database: some Database,
    _ progress: @Sendable (Int) throws -> Void
  ) async throws {
    var after: ReturnID? = ReturnID(0)
    while let id = after {
      let (page, count, last) = try await database.read { tx in try returns(after: id, since, in: &tx) }
      fold(page, into: &sums)
      report.returns += count
      after = count < Limits.page ? nil : last
      try progress(report.receipts + report.returns)
    }
  }
}

// Page by page: what it comes to, how much was read, and where the next page begins.
extension SettlementAudit {
  typealias Place = (owner: Int64, id: ReceiptID)

  func sales(
    after owner: Int64, _ id: ReceiptID, _ since: Instant, _ limit: Int, in tx: inout Transaction
  ) throws -> (SettlementSums, Int, Place?) {
    var page = SettlementSums(since: since)
    let rows = try tx.rows(SettlementSQL.sales(account, programme, after: owner, id, limit))
    for row in rows {
      let sale = try StoredSale(row)
      if sale.receipt.state != .beside, sale.receipt.postedAt >= since {
        try page.add(sale, books.book(of: sale, account, in: &tx))
      }
    }
    return (page, rows.count, rows.last.map { (owner: $0.int(1), id: $0.id(0) as ReceiptID) })
  }

  func claims(
    after owner: Int64, _ id: ReceiptID, _ since: Instant, in tx: inout Transaction
  ) throws -> (SettlementSums, Int, Place?) {
    var page = SettlementSums(since: since)
    let claims = try tx.rows(SettlementSQL.claims(account, programme, after: owner, id, Limits.page)).map(ReceiptClaim.init)
    let sales = try SettlementDays(of: account, books: books).sales(claims.map(\.sale), in: &tx)
    for claim in claims {
      if let sale = sales[claim.sale] { try page.add(claim, of: sale, books.book(of: sale, account, in: &tx)) }
    }
    return (page, claims.count, claims.last.map { (owner: $0.place.owner, id: $0.place.id) })
  }

  func returns(
    after id: ReturnID, _ since: Instant, in tx: inout Transaction
  ) throws -> (SettlementSums, Int, ReturnID?) {
    var page = SettlementSums(since: since)
    let returns = try tx.rows(SettlementSQL.returns(account, programme, after: id, Limits.page)).map(StoredReturn.init)
    try SettlementDays(of: account, books: books).add(returns, to: &page, in: &tx)
    return (page, returns.count, returns.last?.refund.id)
  }

  /// Goods as they stand on these days.
  func goods(
    on days: ClosedRange<CivilDay>, in tx: inout Transaction
  ) throws -> [(place: SettlementSums.GoodsPlace, day: GoodsDay)] {
    var goods: [(place: SettlementSums.GoodsPlace, day: GoodsDay)] = []
    try tx.each(GoodsSQL.all(account, programme, on: days)) { row in
      goods.append((place(row), GoodsSQL.day(row, at: 5)))
    }
    return goods
  }

  /// Goods as they stand.
  func goods(in tx: inout Transaction) throws -> [SettlementSums.GoodsPlace: GoodsDay] {
    var goods: [SettlementSums.GoodsPlace: GoodsDay] = [:]
    for row in try tx.rows(GoodsSQL.all(account, programme)) {
      goods[place(row)] = GoodsSQL.day(row, at: 5)
    }
    return goods
  }

  private func place(_ row: Row) -> SettlementSums.GoodsPlace {
    let gift = SettlementSums.GiftPlace(
      giver: Giver(row.id(0), isTrial: row.int(2) == 1), rules: row.int(1), day: row.day(3), programme: programme)
    return SettlementSums.GoodsPlace(gift: gift, product: row.id(4))
  }
}

extension GiftDay {
  var words: String {
    "\(receipts) receipts gave \(money.minor) and \(points.units) points, \(returns) returns took \(moneyBack.minor) and "
      + "\(pointsBack.units) points"
  }
}

extension ClearingDay {
  var words: String {
    "\(receipts) receipts of \(amount.minor) earned \(earned.units) and spent \(spent.units), \(returns) returns took back "
      + "\(takenBack.units) and gave back \(givenBack.units)"
  }
}
