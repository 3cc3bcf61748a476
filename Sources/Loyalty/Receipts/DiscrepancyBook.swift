import Access
import Kernel
import Storage

/// Which of what did not fit is asked for.
public struct DiscrepancyQuery: Hashable, Sendable {
  /// Days on which it was noted, in the programme's zone.
  public let days: ClosedRange<CivilDay>
  /// A cause's word.
  public var cause: String?
  public var store: StoreID?
  public var register: String?
  public var cashier: String?
  let zone: Zone

  /// - Parameter days: at most `Limits.boardDays`; earlier ones are left out.
  public init(_ days: ClosedRange<CivilDay>, in zone: Zone) {
    let first = max(days.lowerBound, days.upperBound.adding(days: 1 - Limits.boardDays))
    self.days = first...days.upperBound
    self.zone = zone
  }

  var least: DiscrepancyID { DiscrepancyID(least: zone.instant(days.lowerBound)) }
  var end: DiscrepancyID { DiscrepancyID(least: zone.instant(days.upperBound.adding(days: 1))) }

  /// Every day with where its ids begin and end.
  fileprivate var spans: [(least: DiscrepancyID, end: DiscrepancyID)] {
    all.map { day in (DiscrepancyID(least: zone.instant(day)), DiscrepancyID(least: zone.instant(day.adding(days: 1)))) }
  }

  public var all: [CivilDay] { (0...(days.upperBound - days.lowerBound)).map { days.lowerBound.adding(days: $0) } }
}

/// Who said what did not fit.
struct SaidBy: Hashable, Sendable {
  let store: StoreID
  let register: String?
  let cashier: String?

  init(_ receipt: Receipt) {
    store = receipt.store
    register = ReceiptKey(stored: receipt.key)?.register
    cashier = receipt.cashier
  }

  init(_ goods: Return) {
    (store, register, cashier) = (goods.key.store, goods.key.register, goods.cashier)
  }
}

/// What did not fit on a programme's receipts, returns and cancellations, for whoever looks into it.
public struct DiscrepancyBook: Sendable {
  private let account: AccountID
  private let programme: ProgrammeID

  public init(of account: AccountID, programme: ProgrammeID) {
    self.account = account
    self.programme = programme
  }

  /// One thing that did not fit, and where it was said.
  public struct Entry: Sendable {
    public let id: DiscrepancyID
    public let found: Discrepancy
    public let at: Instant
    public let store: StoreID
    /// Nil where it was not noted: by an older server, from a receipt that is gone.
    public let register: String?
    public let cashier: String?
    /// What is printed on the document: a receipt, or a return.
    public internal(set) var key: ReceiptKey?
    public internal(set) var isReturn = false
    /// The receipt to open: the document itself, or that which it took goods back of.
    public internal(set) var receipt: ReceiptBook.Place?
    /// The receipt or the document of a return.
    fileprivate let document: ReceiptBook.Place
  }

  public struct CauseSum: Hashable, Sendable {
    public let word: String
    public let count: Int
    /// In the cause's own unit.
    public let stated: Int64
    public let expected: Int64

    public var cause: Discrepancy.Cause? { Discrepancy.Cause(rawValue: word) }
  }

  public struct PlaceSum: Hashable, Sendable {
    public let store: StoreID
    /// A register's or a cashier's; nil for stores.
    public let code: String?
    public let count: Int
  }

  public struct Sums: Sendable {
    public let causes: [CauseSum]
    /// The first twenty of each, most first.
    public let stores: [PlaceSum]
    public let registers: [PlaceSum]
    public let cashiers: [PlaceSum]
    /// One for each day of the query.
    public let days: [Int]

    public var count: Int { causes.reduce(0) { $0 + $1.count } }
  }

  public static var placesOfSums: Int { 20 }

  /// Latest first. Three indexed statements at most.
  public func entries(
    _ query: DiscrepancyQuery, before: DiscrepancyID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Entry] {
    let some = min(max(1, limit), Limits.page)
    let rows = try tx.rows(DiscrepancySQL.page(query, before: before ?? DiscrepancyID(.max), some, account, programme))
    return try located(
      rows.map { row in
        Entry(
          id: row.id(3), found: DiscrepancySQL.discrepancy(row), at: row.instant(9), store: row.id(6), register: row.textOrNil(7),
          cashier: row.textOrNil(8), document: ReceiptBook.Place(owner: row.int(4), id: row.id(5)))
      }, in: &tx)
  }

  /// With what is printed on them and the receipts to open.
  private func located(_ entries: [Entry], in tx: inout Transaction) throws -> [Entry] {
    guard !entries.isEmpty else { return [] }
    let book = ReceiptBook(of: account)
    let receipts = try book.receipts(Array(Set(entries.map(\.document))), in: &tx)
    let keys = Dictionary(receipts.map { ($0.id, $0.key) }, uniquingKeysWith: { first, _ in first })
    let others = Set(entries.map(\.document.id).filter { keys[$0] == nil }.map(\.raw))
    var returns: [Int64: Row] = [:]
    if !others.isEmpty {
      for row in try tx.rows(DiscrepancySQL.documents(account, others.sorted())) {
        // One document can take back of several receipts: the first that is known is the one to look at.
        if returns[row.int(0)].map({ $0.isNull(2) }) ?? true { returns[row.int(0)] = row }
      }
    }
    return entries.map { entry in
      var entry = entry
      if let key = keys[entry.document.id] {
        (entry.key, entry.receipt) = (ReceiptKey(stored: key), entry.document)
      } else if let row = returns[entry.document.id.raw] {
        (entry.key, entry.isReturn) = (ReceiptKey(stored: row.text(1)), true)
        entry.receipt = row.idOrNil(2).map { ReceiptBook.Place(owner: row.intOrNil(4) ?? row.int(3), id: $0) }
      }
      return entry
    }
  }

  /// How many there are, by cause, place, person and day. Five statements, each bounded by the query's days.
  public func sums(_ query: DiscrepancyQuery, in tx: inout Transaction) throws -> Sums {
    let causes = try tx.rows(DiscrepancySQL.causes(query, account, programme)).map { row in
      CauseSum(word: row.text(0), count: Int(row.int(1)), stated: row.int(2), expected: row.int(3))
    }
    func places(_ column: String, in tx: inout Transaction) throws -> [PlaceSum] {
      try tx.rows(DiscrepancySQL.places(column, query, Self.placesOfSums, account, programme)).map { row in
        PlaceSum(store: row.id(0), code: row.textOrNil(1), count: Int(row.int(2)))
      }
    }
    let days = try tx.rows(DiscrepancySQL.days(query.spans, query, account, programme)).map { Int($0.int(1)) }
    return Sums(
      causes: causes, stores: try places("", in: &tx), registers: try places("register", in: &tx),
      cashiers: try places("cashier", in: &tx), days: days)
  }

  /// How many, as far as they are counted. One statement.
  public func count(_ query: DiscrepancyQuery, upTo most: Int, in tx: inout Transaction) throws -> Int {
    Int(try tx.row(DiscrepancySQL.count(query, upTo: most, account, programme))?.int(0) ?? 0)
  }
}

extension Discrepancy.Cause {
  /// What `stated` and `expected` are counted in.
  public enum Unit: Sendable { case money, points, quantity, days, pieces }

  public var unit: Unit {
    switch self {
    case .amount, .sums, .reductions, .refund, .certificate, .cancelledLate, .keyReused: .money
    case .points, .unconfirmed, .takenBack, .lateConfirm, .unknownMember, .blockedMember, .stopped: .points
    case .quantity, .marked, .unmatched: .quantity
    case .late: .days
    case .seller, .coupon, .unreadable: .pieces
    }
  }

  /// Whether `expected` is what we had to compare with: the sums of both sides then say how far they are apart.
  public var compares: Bool {
    switch self {
    case .amount, .sums, .reductions, .refund, .certificate, .points, .unconfirmed, .takenBack: true
    case .cancelledLate, .keyReused, .lateConfirm, .unknownMember, .blockedMember, .stopped, .quantity, .marked, .unmatched,
      .late, .seller, .coupon, .unreadable:
      false
    }
  }
}
