import Jobs
import Kernel
import Storage

/// Which receipts of a store to look for where the number is not known.
public struct ReceiptQuery: Sendable {
  public var store: StoreID
  /// Nil: every register that ever printed there.
  public var register: String?
  /// When it was sold.
  public var sold: ClosedRange<Instant>
  /// The dates that are printed on receipts of that time.
  public var dates: ClosedRange<CivilDay>
  /// In money; nil: whatever it came to.
  public var amount: Money?

  public init(
    store: StoreID, register: String? = nil, sold: ClosedRange<Instant>, dates: ClosedRange<CivilDay>, amount: Money? = nil
  ) {
    self.store = store
    self.register = register
    self.sold = sold
    self.dates = dates
    self.amount = amount
  }
}

extension ReceiptBook {
  /// Receipts of one store in a span of time, the latest first, at most `Limits.page`. Keys of one register and date lie side by side: each
  /// is a walk over them, `Limits.page` at a time, and their receipts are read in the same chunks. A store's day of 2,000 receipts takes
  /// some twenty statements. What stood beside another with the same key has no key of its own, and is not found.
  /// - Throws: `Problem.invalid` (`search_too_wide`) beyond `Limits.searchedReceipts`.
  public func find(_ query: ReceiptQuery, in tx: inout Transaction) throws -> [Receipt] {
    var found: [Receipt] = []
    var looked = 0
    for register in try registers(query, in: &tx) {
      for offset in 0...(query.dates.upperBound - query.dates.lowerBound) {
        let beginning = ReceiptKey.beginning(query.store, register, query.dates.lowerBound.adding(days: offset))
        var after: String?
        while true {
          let page = try NaturalKeys(of: account).holders(
            of: .receipt, beginningWith: beginning, after: after, limit: Limits.page, in: &tx)
          looked += page.count
          guard looked <= Limits.searchedReceipts, found.count <= Limits.page else { throw Self.tooWide }
          found += try sold(page.map(\.holder), query, in: &tx)
          guard page.count == Limits.page, let last = page.last else { break }
          after = last.key
        }
      }
    }
    return Array(found.sorted { ($0.soldAt, $0.id) > ($1.soldAt, $1.id) }.prefix(Limits.page))
  }

  private func sold(_ holders: [KeyHolder], _ query: ReceiptQuery, in tx: inout Transaction) throws -> [Receipt] {
    // What was heard of before it was sold is another's: tills' clocks go wrong by minutes, not by hours.
    let earliest = query.sold.lowerBound - .hours(12)
    let some = holders.filter { $0.madeAt >= earliest }
    guard !some.isEmpty else { return [] }
    return try tx.rows(ReceiptBookSQL.sold(account, some, query)).map(ReceiptSQL.receipt)
  }

  /// From one register's keys to the next one's, however many lie between.
  private func registers(_ query: ReceiptQuery, in tx: inout Transaction) throws -> [String] {
    if let register = query.register { return [register] }
    let beginning = ReceiptKey.beginning(query.store)
    var codes: [String] = []
    var after: String?
    while let next = try NaturalKeys(of: account).holders(
      of: .receipt, beginningWith: beginning, after: after, limit: 1, in: &tx
    ).first {
      let code = String(next.key.dropFirst(beginning.count).prefix { $0 != "\t" })
      codes.append(code)
      guard codes.count <= Limits.searchedRegisters else { throw Self.tooWide }
      after = beginning + code + "\t\u{10FFFF}"
    }
    return codes
  }

  private static let tooWide = Problem(
    .invalid, "search_too_wide", "too many receipts to look through; name the register, or less time",
    cashier: LocalText(
      ru: "Слишком много чеков. Назовите кассу или сузьте время", en: "Too many receipts. Name the till, or less time"))
}
