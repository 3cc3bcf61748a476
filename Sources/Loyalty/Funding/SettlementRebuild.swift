import Kernel
import Storage

/// What a rebuild found and did.
public struct RebuildReport: Sendable {
  /// Receipts and returns that were read.
  public internal(set) var receipts = 0
  public internal(set) var returns = 0
  /// Rows that differed, each a sentence; at most `Limits.differences`, the rest is counted.
  public internal(set) var differences: [String] = []
  public internal(set) var omitted = 0
  /// Rows that were made as they ought to be.
  public internal(set) var mended = 0
  /// The stream went on meanwhile, or some of it was not read yet: nothing, or not everything, was mended.
  public internal(set) var wasMoving = false

  public var isClean: Bool { differences.isEmpty }

  mutating func note(_ difference: String) {
    if differences.count < Limits.differences { differences.append(difference) } else { omitted += 1 }
  }
}

/// Makes what was added up from events anew from receipts, claims and returns: what promotions gave and who pays for it, or what stores'
/// members earned and spent. Acts and statements that were issued stay as they are; the next one says what changed.
///
/// Reads page by page; writes in transactions of a few hundred rows, each row only where it still is as it was read. So it can be stopped
/// and begun again, and run twice at a time, and the second finds less to do or nothing.
public struct SettlementRebuild: Sendable {
  public enum Part: String, Sendable, CaseIterable {
    /// Days of promotions, and who pays for them.
    case funding
    /// Days of stores, which partners are settled by.
    case partners
  }

  /// Rows of one transaction.
  static let page = 200

  private let audit: SettlementAudit

  public init(of account: AccountID, programme: ProgrammeID, books: GiftBooks) {
    audit = SettlementAudit(of: account, programme: programme, books: books)
  }

  private enum Mending {
    case gift(SettlementSums.GiftPlace, from: GiftDay?, to: GiftDay?)
    case goods(SettlementSums.GoodsPlace, from: GoodsDay?, to: GoodsDay?)
    case store(SettlementSums.StorePlace, from: ClearingDay?, to: ClearingDay?)
    case payers(GiftBooks.Key, isTrial: Bool, [[Value]])
  }

  /// - Parameters:
  ///   - isCheck: finds differences and changes nothing.
  ///   - position: how far the follower of days has read, and how far the stream goes.
  public func run(
    _ part: Part, isCheck: Bool, on database: some Database,
    position: @escaping @Sendable (inout Transaction) throws -> (read: Int64, last: Int64),
    progress: @Sendable (Int) throws -> Void = { _ in }
  ) async throws -> RebuildReport {
    let (reckoned, kept, due) = try await audit.reckon(on: database, position: position, progress: progress)
    var report = RebuildReport()
    (report.receipts, report.returns, report.wasMoving) = (reckoned.receipts, reckoned.returns, reckoned.wasMoving)
    guard !report.wasMoving else { return report }
    var mendings: [Mending] = []
    switch part {
    case .funding:
      for key in Set(kept.promotions.keys).union(due.promotions.keys).sorted() {
        let (from, to) = (kept.promotions[key], due.promotions[key].flatMap { $0 == GiftDay() ? nil : $0 })
        guard (from ?? GiftDay()) != (to ?? GiftDay()) else { continue }
        let version = key.giver.isTrial ? "\(key.giver.promotion) in its pilot" : "\(key.giver.promotion)"
        report.note(
          "\(version) by rules \(key.rules) on \(key.day): \(from?.words ?? "nothing"), by receipts \(to?.words ?? "nothing")")
        mendings.append(.gift(key, from: from, to: to))
      }
      mendings += goods(kept, due, &report)
      mendings += try await payers(due.books, &report, on: database)
    case .partners:
      for key in Set(kept.stores.keys).union(due.stores.keys).sorted() {
        let (from, to) = (kept.stores[key], due.stores[key].flatMap { $0 == ClearingDay() ? nil : $0 })
        guard (from ?? ClearingDay()) != (to ?? ClearingDay()) else { continue }
        report.note("\(key.store) on \(key.day): \(from?.words ?? "nothing"), by receipts \(to?.words ?? "nothing")")
        mendings.append(.store(key, from: from, to: to))
      }
    }
    guard !isCheck else { return report }
    for some in mendings.paged(by: Self.page) {
      let chunk = Array(some)
      let done = try await database.write(.bulk) { tx in try chunk.reduce(0) { try $0 + mend($1, in: &tx) } }
      report.mended += done
      // Somebody else changed a row since it was read.
      if done < chunk.count { report.wasMoving = true }
      try progress(report.receipts + report.returns + report.mended)
    }
    return report
  }

  /// Goods of promotions that others pay for.
  private func goods(
    _ kept: SettlementAudit.Found, _ due: SettlementAudit.Found, _ report: inout RebuildReport
  ) -> [Mending] {
    var mendings: [Mending] = []
    for key in Set(kept.goods.keys).union(due.goods.keys).sorted() {
      let (from, to) = (kept.goods[key], due.goods[key].flatMap { $0 == GoodsDay() ? nil : $0 })
      guard (from ?? GoodsDay()) != (to ?? GoodsDay()) else { continue }
      report.note(
        "\(key.product) with \(key.gift.giver.promotion) on \(key.gift.day): \(from?.words ?? "nothing"), by receipts \(to?.words ?? "nothing")"
      )
      mendings.append(.goods(key, from: from, to: to))
    }
    return mendings
  }

  /// Who pays by each book that gave anything, where rows of it are missing or other ones.
  private func payers(
    _ books: [GiftBooks.Key: BookOfGifts], _ report: inout RebuildReport, on database: some Database
  ) async throws -> [Mending] {
    var mendings: [Mending] = []
    for (key, book) in books.sorted(by: { $0.key.version < $1.key.version }) {
      for (isTrial, due) in [(false, book.payers), (true, book.trialPayers)] {
        let stored = try await database.read { tx in
          try tx.rows(SettlementRebuildSQL.payers(audit.account, key.programme, key.version, isTrial: isTrial))
            .map(SettlementRebuildSQL.values)
        }
        guard Set(stored) != Set(due) else { continue }
        report.note("who pays by rules \(key.version): \(stored.count) shares, by the rule book \(due.count)")
        mendings.append(.payers(key, isTrial: isTrial, due))
      }
    }
    return mendings
  }

  /// - Returns: 1 where it was done; 0 where the row is not as it was read any more.
  private func mend(_ mending: Mending, in tx: inout Transaction) throws -> Int {
    switch mending {
    case .gift(let key, let from, let to):
      switch (from, to) {
      case (nil, let to?): return try Int(tx.run(SettlementRebuildSQL.insert(to, key, audit.account)))
      case (let from?, let to?): return try Int(tx.run(SettlementRebuildSQL.update(to, from: from, key, audit.account)))
      case (let from?, nil): return try Int(tx.run(SettlementRebuildSQL.remove(from, key, audit.account)))
      case (nil, nil): return 1
      }
    case .goods(let key, let from, let to):
      switch (from, to) {
      case (nil, let to?): return try Int(tx.run(GoodsSQL.insert(to, key, audit.account)))
      case (let from?, let to?): return try Int(tx.run(GoodsSQL.update(to, from: from, key, audit.account)))
      case (let from?, nil): return try Int(tx.run(GoodsSQL.remove(from, key, audit.account)))
      case (nil, nil): return 1
      }
    case .store(let key, let from, let to):
      switch (from, to) {
      case (nil, let to?): return try Int(tx.run(SettlementRebuildSQL.insert(to, key, audit.account)))
      case (let from?, let to?): return try Int(tx.run(SettlementRebuildSQL.update(to, from: from, key, audit.account)))
      case (let from?, nil): return try Int(tx.run(SettlementRebuildSQL.remove(from, key, audit.account)))
      case (nil, nil): return 1
      }
    case .payers(let key, let isTrial, let due):
      try tx.run(SettlementRebuildSQL.removePayers(audit.account, key.programme, key.version, isTrial: isTrial))
      try tx.insert(
        due, into: isTrial ? FundingSchema.trialPayer : FundingSchema.payer, SettlementSQL.insertedPayer, skippingKnown: true)
      return 1
    }
  }
}
