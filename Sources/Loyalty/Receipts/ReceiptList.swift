import Access
import Jobs
import Kernel
import Storage

/// Receipts as lists show them.
extension ReceiptBook {
  /// Where a receipt lies.
  public struct Place: Hashable, Sendable {
    public let owner: Int64
    public let id: ReceiptID

    public init(owner: Int64, id: ReceiptID) {
      self.owner = owner
      self.id = id
    }
  }

  /// Those that are there, latest first. One statement. - Precondition: at most `Limits.page`.
  public func receipts(_ places: [Place], in tx: inout Transaction) throws -> [Receipt] {
    guard !places.isEmpty else { return [] }
    return try tx.rows(ReceiptBookSQL.receipts(account, Array(places.prefix(Limits.page)))).map(ReceiptSQL.receipt)
      .sorted { $0.id > $1.id }
  }

  /// Of one member, latest first, whatever became of them. One indexed statement.
  public func receipts(
    of member: MemberID, _ programme: ProgrammeID, before: ReceiptID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Receipt] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(ReceiptBookSQL.history(account, programme, member, before: before, some)).map(ReceiptSQL.receipt)
  }

  /// What came back of one member's goods in one document, or of one receipt in it.
  public struct Brought: Hashable, Sendable {
    public let id: ReturnID
    /// Nil for goods that no receipt was found for.
    public let receipt: ReceiptID?
    public let at: Instant
    public let amount: Money
    public let givenBack: Points
    public let takenBack: Points
    public let store: StoreID
    public let key: ReceiptKey
  }

  /// What one member brought back, latest first. One indexed statement.
  public func returns(
    of member: MemberID, _ programme: ProgrammeID, before: ReturnID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Brought] {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(ReceiptBookSQL.returns(account, programme, member, before: before, some)).map { row in
      try brought(row)
    }
  }

  private func brought(_ row: Row) throws -> Brought {
    Brought(
      id: row.id(0), receipt: row.idOrNil(1), at: row.instant(2), amount: row.money(3), givenBack: row.points(4),
      takenBack: row.points(5), store: row.id(6), key: try key(row.text(7), "receipt_return.key"))
  }

  /// Returns that are there, by their ids, with whom their receipts lie. One statement. - Precondition: at most `Limits.page`.
  public func returns(_ places: [Place], in tx: inout Transaction) throws -> [Int64: (owner: Int64, brought: Brought)] {
    guard !places.isEmpty else { return [:] }
    let rows = try tx.rows(ReceiptBookSQL.returns(account, Array(places.prefix(Limits.page))))
    return Dictionary(try rows.map { ($0.int(0), ($0.int(8), try brought($0))) }, uniquingKeysWith: { first, _ in first })
  }

  /// What did not fit on one receipt, in the order in which it was found.
  public func discrepancies(of id: ReceiptID, owner: Int64, in tx: inout Transaction) throws -> [Discrepancy] {
    try tx.rows(DiscrepancySQL.of(account, owner, id.raw)).map(DiscrepancySQL.discrepancy)
  }

  /// The latest of the whole account that the stream of events tells of, latest first: as far back as `window` events. Three statements.
  public func latest(_ limit: Int, window: Int64 = 500, in tx: inout Transaction) throws -> [Receipt] {
    let last = try EventStream.last(in: &tx)
    let events = try EventStream.events(of: account, after: max(0, last - window), through: last, limit: Limits.bulk, in: &tx)
    let places = events.reversed().filter { $0.kind == .receiptConfirmed }.prefix(limit)
      .map { Place(owner: $0.owner, id: ReceiptID($0.subject)) }
    return try receipts(Array(places), in: &tx)
  }
}
