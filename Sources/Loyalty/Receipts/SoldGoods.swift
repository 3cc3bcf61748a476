import Access
import Customers
import Jobs
import Kernel
import Storage

/// What was sold and what came back, line by line and page by page, for whoever keeps it in another form: the cube.
public struct SoldGoods: Sendable {
  /// A sale, or what one return document took back of one receipt.
  public struct Document: Sendable {
    public enum Kind: Sendable {
      case sale
      /// A sale of which nothing stayed with the shopper.
      case undone
      case returned
    }

    public let id: Int64
    public let kind: Kind
    /// Of what came back: its sale; nil where no receipt was found.
    public let sale: Int64?
    /// As stored: store, register, shift, number and day, with tabs between them.
    let key: String
    /// Whoever it counts for, also where they were found later.
    public let member: MemberID?
    public let store: StoreID
    public let day: CivilDay
    public let at: Instant
    /// Of the sale, for what came back too.
    public let occasion: Occasion
    /// Quantities, amounts and points of returns are below zero. A product that nobody knows is nil.
    public let lines: [Line]
  }

  public struct Line: Sendable {
    public let product: ProductID?
    public let quantity: Quantity
    public let amount: Money
    public let discount: Money
    public let tillReduced: Money
    public let paidWithPoints: Money
    public let spent: Points
    public let earned: Points
    /// What gave money off or points on it; of returns, what had given on the sale.
    public let promotions: [PromotionID]
  }

  /// Where a page ended.
  public struct Place: Hashable, Sendable {
    fileprivate let owner: Int64
    fileprivate let id: Int64
  }

  public let account: AccountID
  public let programme: ProgrammeID
  private let zones: @Sendable (String) -> Zone?
  /// Receipts of one page: a tenth of a second.
  private static let page = 1_000

  public init(of account: AccountID, programme: ProgrammeID, zones: @escaping @Sendable (String) -> Zone?) {
    (self.account, self.programme, self.zones) = (account, programme, zones)
  }

  /// A page of receipts as their rows lie.
  public struct Page: Sendable {
    let rows: [Row]
    /// Rows of what came back, by receipt.
    let returns: [Int64: [Row]]
    /// What is known of the books that they were sold by.
    public let books: Books
    /// Where to go on; nil at the end.
    public let next: Place?
  }

  /// The next receipts with what came back of them, as the rows lie: SQLite by id, PostgreSQL by owner. A receipt of which something came
  /// back costs one indexed statement more.
  public func page(after place: Place?, claims: [Int64: Claim], books known: Books, in tx: inout Transaction) throws -> Page {
    let rows = try tx.rows(SoldGoodsSQL.receipts(account, programme, tx.dialect, after: place.map { ($0.owner, $0.id) }, Self.page))
    let moved = rows.filter { $0.int(6) != Receipt.State.confirmed.rawValue }
    let answers = try tx.answers(
      toEach: moved.map { row in SoldGoodsSQL.returns(account, claims[row.int(0)]?.member ?? row.int(1), of: row.int(0)) })
    let returns = Dictionary(zip(moved.map { $0.int(0) }, answers), uniquingKeysWith: { first, _ in first })
    var books = known
    try books.learn(Set(rows.map { $0.int(8) }), account, programme, zones: zones, in: &tx)
    return Page(
      rows: rows, returns: returns, books: books,
      next: rows.count < Self.page ? nil : rows.last.map { Place(owner: $0.int(1), id: $0.int(0)) })
  }

  /// What the page's receipts come to. Cancelled ones are not among them.
  /// - Throws: `StorageFailure.damaged`.
  /// - Parameter survivors: who stands for members who were merged: their receipts count for those.
  public func documents(_ page: Page, claims: [Int64: Claim], survivors: [Int64: Int64]) throws -> [Document] {
    var documents: [Document] = []
    documents.reserveCapacity(page.rows.count)
    for row in page.rows {
      documents += try self.documents(row, page.returns[row.int(0)] ?? [], claims[row.int(0)], page.books, survivors)
    }
    return documents
  }

  private func documents(_ row: Row, _ returns: [Row], _ claim: Claim?, _ books: Books, _ survivors: [Int64: Int64])
    throws -> [Document]
  {
    guard let state = Receipt.State(rawValue: row.int(6)) else { throw StorageFailure.damaged("receipt.state \(row.int(6))") }
    guard state != .cancelled, state != .beside else { return [] }
    let lines = try LineText.read(row.text(7))
    let member = (row.int(1) == row.int(2) ? claim?.member : row.int(1)).map { survivors[$0] ?? $0 }
    let deals = row.int(8) == 0 ? [] : books.deals(try TraceDocument.read(row.bytes(10)), of: row.int(8), lines: lines.count)
    let sold = Sold(lines: lines, deals: deals, occasion: try Occasion(row.bytes(9), lines))
    return [sale(row, state, sold, member, claim?.earned)] + (try returns.map { try returned($0, member, sold) })
  }

  /// The next returns of goods that no receipt was found for.
  public func returnsWithoutReceipt(
    after id: Int64, survivors: [Int64: Int64], in tx: inout Transaction
  ) throws -> (documents: [Document], next: Int64?) {
    let rows = try tx.rows(SoldGoodsSQL.returnsWithoutReceipt(account, programme, after: id, Self.page))
    let documents = try rows.map { row in try returned(row, Self.member(of: row, survivors), .nothing) }
    return (documents, rows.count < Self.page ? nil : rows.last?.int(0))
  }

  /// How many receipts of before were taken in. They tell no events.
  public func past(in tx: inout Transaction) throws -> Int64 {
    try tx.row(PastSQL.counted(account, programme))?.int(0) ?? 0
  }

  /// Whose receipts of nobody were found to be later, a page of them. They are needed before the receipts.
  public func claims(after place: Place?, in tx: inout Transaction) throws -> (claims: [Int64: Claim], next: Place?) {
    let rows = try tx.rows(SoldGoodsSQL.claims(account, programme, after: place.map { ($0.owner, $0.id) }, Self.page))
    let claims = Dictionary(
      rows.map { ($0.int(1), Claim(member: $0.int(0), earned: Points(units: $0.int(2)))) }, uniquingKeysWith: { _, last in last })
    return (claims, rows.count < Self.page ? nil : rows.last.map { Place(owner: $0.int(0), id: $0.int(1)) })
  }

  /// A receipt about which something happened, as it stands now.
  public struct Touched: Sendable {
    /// The receipt, or the return without one.
    public let id: Int64
    /// Under whom it may have stood: whoever it counts for, or counted for before.
    public let members: Set<Int64>
    /// Itself and what came back of it, whatever state they are in: where they stood if somebody has them already.
    public let marks: [Mark]
    /// Nothing where it was cancelled.
    public let documents: [Document]
  }

  /// Where a sale or a return stands.
  public struct Mark: Sendable {
    public let id: Int64
    public let store: StoreID
    public let day: CivilDay
    public let at: Instant
  }

  /// The receipts of this programme that these events of its account are about. Costs four statements for each of them at most, in as many round trips together.
  /// - Throws: `StorageFailure.damaged`.
  /// - Parameter books: learns those that they were sold by.
  public func touched(by events: [Event], books: inout Books, in tx: inout Transaction) throws -> [Touched] {
    var homes: [Int64: Int64] = [:]
    var order: [Int64] = []
    func see(_ receipt: Int64, _ home: Int64) {
      if homes[receipt] == nil { order.append(receipt) }
      homes[receipt] = home
    }
    var loose: [Row] = []
    // Whom a merge is told of: their receipts stood under any of them.
    var told: [Int64: Set<Int64>] = [:]
    let documents = events.filter { $0.kind == .receiptReturned || $0.kind == .receiptCancelled }
    let refunds = try tx.answers(toEach: documents.map { SoldGoodsSQL.document(account, programme, $0.owner, $0.subject) })
    let rows = Dictionary(zip(documents.map(\.id), refunds), uniquingKeysWith: { first, _ in first })
    for event in events {
      switch event.kind {
      case .receiptConfirmed, .receiptAttached: see(event.subject, event.owner)
      case .receiptReturned, .receiptCancelled:
        for row in rows[event.id] ?? [] {
          if let receipt = row.intOrNil(8) { see(receipt, event.owner) } else { loose.append(row) }
        }
      case .memberMerged, .memberUnmerged:
        for member in try family(event, in: &tx) {
          told[member, default: []].formUnion([event.owner, event.subject, member])
          for receipt in try receipts(of: member, in: &tx) { see(receipt, member) }
          loose += try every { try tx.rows(SoldGoodsSQL.loose(account, programme, member, after: $0, Limits.bulk)) }
        }
      default: continue
      }
    }
    let survivors = try survivors(of: Set(homes.values).union(loose.map { $0.int(1) }), in: &tx)
    let found = try receipts(order, homes, told, survivors, &books, in: &tx)
    return found
      + (try loose.map { row in
        let member = Self.member(of: row, survivors)
        return Touched(
          id: row.int(0), members: (told[row.int(1)] ?? []).union([row.int(1), member ?? 0]), marks: [Self.mark(row)],
          // Where its sale came after it, it stands under that as another document.
          documents: row.isNull(9) ? [try returned(row, member, .nothing)] : [])
      })
  }

  private func receipts(
    _ order: [Int64], _ homes: [Int64: Int64], _ told: [Int64: Set<Int64>], _ survivors: [Int64: Int64], _ books: inout Books,
    in tx: inout Transaction
  ) throws -> [Touched] {
    let aliases = try tx.answers(toEach: order.map { SoldGoodsSQL.claim(account, homes[$0] ?? 0, $0) })
    let sold = try tx.answers(
      toEach: zip(order, aliases).map { id, alias in
        SoldGoodsSQL.receipt(account, programme, alias.first?.int(1) ?? homes[id] ?? 0, id)
      })
    let returns = try tx.answers(toEach: order.map { SoldGoodsSQL.returns(account, homes[$0] ?? 0, of: $0) })
    try books.learn(Set(sold.compactMap { $0.first?.int(8) }), account, programme, zones: zones, in: &tx)
    let known = books
    return try order.indices.compactMap { place -> Touched? in
      guard let row = sold[place].first else { return nil }
      let home = homes[order[place]] ?? 0
      let claim = aliases[place].first.map { Claim(member: home, earned: Points(units: $0.int(0))) }
      return Touched(
        id: order[place], members: (told[home] ?? []).union([home == row.int(2) ? 0 : home, survivors[home] ?? 0]),
        marks: [Self.mark(row)] + returns[place].map(Self.mark),
        documents: try documents(row, returns[place], claim, known, survivors))
    }
  }

  private static func mark(_ row: Row) -> Mark {
    Mark(id: row.int(0), store: StoreID(row.int(2)), day: CivilDay(number: Int32(row.int(4))), at: row.instant(5))
  }

  /// A member who was found after the sale.
  public struct Claim: Sendable {
    fileprivate let member: Int64
    fileprivate let earned: Points
  }

  /// What returns take over from their sale.
  private struct Sold {
    let lines: [SoldLine]
    /// By line; empty where nothing gave.
    let deals: [[PromotionID]]
    let occasion: Occasion

    static let nothing = Sold(lines: [], deals: [], occasion: .unknown)

    func promotions(_ line: Int) -> [PromotionID] { deals.indices.contains(line) ? deals[line] : [] }
  }

  private func sale(_ row: Row, _ state: Receipt.State, _ known: Sold, _ member: Int64?, _ claimed: Points?) -> Document {
    var sold = known.lines.enumerated().map { place, line in
      Line(
        product: line.product, quantity: line.quantity, amount: line.amount, discount: line.discount, tillReduced: line.tillReduced,
        paidWithPoints: line.paidWithPoints, spent: line.pointsSpent, earned: line.earned,
        promotions: known.promotions(place))
    }
    // What a claim earned is not known by line: it stands on the first.
    if let claimed, let first = sold.first { sold[0] = first.earning(claimed) }
    return Document(
      id: row.int(0), kind: state == .returned ? .undone : .sale, sale: nil, key: row.text(3),
      member: member.map { MemberID($0) }, store: StoreID(row.int(2)), day: CivilDay(number: Int32(row.int(4))), at: row.instant(5),
      occasion: known.occasion, lines: sold)
  }

  private func returned(_ row: Row, _ member: Int64?, _ sold: Sold) throws -> Document {
    var lines = try ReturnSQL.lines(row.text(6)).map { line in
      Line(
        product: sold.lines.indices.contains(line.line) ? sold.lines[line.line].product : nil,
        quantity: Quantity(thousandths: -line.quantity.thousandths), amount: .zero - line.amount, discount: .zero,
        tillReduced: .zero,
        paidWithPoints: .zero - line.paidWithPoints, spent: .zero - line.points, earned: .zero,
        promotions: sold.promotions(line.line))
    }
    if let first = lines.first { lines[0] = first.earning(.zero - Points(units: row.int(7))) }
    return Document(
      id: row.int(0), kind: .returned, sale: row.intOrNil(8), key: row.text(3), member: member.map { MemberID($0) },
      store: StoreID(row.int(2)), day: CivilDay(number: Int32(row.int(4))), at: row.instant(5),
      occasion: sold.occasion, lines: lines)
  }
}

extension SoldGoods.Document {
  public var register: String { part(1) }
  /// As printed.
  public var shift: String { part(3) }
  public var number: String { part(4) }

  private func part(_ place: Int) -> String {
    key.split(separator: "\t", maxSplits: place + 1, omittingEmptySubsequences: false).dropFirst(place).first.map(String.init) ?? ""
  }
}

extension SoldGoods.Line {
  fileprivate func earning(_ points: Points) -> SoldGoods.Line {
    SoldGoods.Line(
      product: product, quantity: quantity, amount: amount, discount: discount, tillReduced: tillReduced,
      paidWithPoints: paidWithPoints, spent: spent, earned: points,
      promotions: promotions)
  }
}
