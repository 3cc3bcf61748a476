import Calculator
import Conditions
import Kernel
import Storage

/// A programme's rules through time: the book in force, and those that receipts were sold by.
public struct RuleShelf: Sendable {
  public let current: RuleBook
  /// A book by its version; nil where it is not kept any more.
  let byVersion: @Sendable (Int64) -> RuleBook?
  /// The book that was in force at a moment.
  let byTime: @Sendable (Instant) -> RuleBook

  /// Kept for whoever adds the next to them.
  private var dated: [Dated] = []

  private struct Dated: Sendable {
    let since: Instant
    let book: RuleBook
  }

  public init(
    _ current: RuleBook, byVersion: @escaping @Sendable (Int64) -> RuleBook?, byTime: @escaping @Sendable (Instant) -> RuleBook
  ) {
    self.current = current
    self.byVersion = byVersion
    self.byTime = byTime
  }

  /// One book for all times.
  public init(_ book: RuleBook) {
    self.init(book, byVersion: { $0 == book.version ? book : nil }, byTime: { _ in book })
  }

  func book(for sale: Sale) -> RuleBook {
    if let version = sale.rules, let book = self[version] { return book }
    return byTime(sale.basket.time)
  }

  /// The book that a stored receipt was sold by; nil where it is not kept any more. What another system sold had none of ours: the
  /// settings hold, without promotions.
  func book(of receipt: Receipt) -> RuleBook? {
    receipt.isPast ? RuleBook(version: 0, terms: current.terms, promotions: []) : self[receipt.rules]
  }

  /// The book that was in force at a moment; the first where there was none yet.
  public func book(at moment: Instant) -> RuleBook { byTime(moment) }

  /// When each version came into force, in their order.
  public var editions: [(version: Int64, since: Instant)] { dated.map { ($0.book.version, $0.since) } }

  /// True where one of the books asks where a store lies: a sale may be priced by an earlier one.
  var asksPlace: Bool { current.asks.place || dated.contains { $0.book.asks.place } }

  /// True where one of the books asks for what a member's tier brings.
  var asksPrivileges: Bool { current.asks.privileges || dated.contains { $0.book.asks.privileges } }

  /// True where one of the books asks for the first purchase of some goods.
  var asksFirsts: Bool { !current.asks.firsts.isEmpty || dated.contains { !$0.book.asks.firsts.isEmpty } }

  /// True where one of the books asks which till of a store it is.
  public var asksRegister: Bool { current.asks.register || dated.contains { $0.book.asks.register } }

  /// A book by its version; nil where it is not kept any more.
  public subscript(version: Int64) -> RuleBook? { version == current.version ? current : byVersion(version) }
}

extension RulesFile {
  /// The same rules, where a promotion is as it was before with that one's own lists: a book a week of a sheet of 80,000 prices is a sheet in
  /// memory, not fifty.
  fileprivate func sharing(_ before: [Promotion]) -> RulesFile {
    let known = Dictionary(before.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return RulesFile(
      terms: terms, groups: groups, promotions: promotions.map { known[$0.id] == $0 ? known[$0.id] ?? $0 : $0 })
  }
}

extension RuleShelf {
  /// Every rule book that a programme ever published, compiled. Nil before the first.
  ///
  /// Cost: reads and compiles all of them that `old` does not have; whoever serves tills keeps the shelf and asks
  /// `RuleBooks.latestVersion` whether it is old.
  /// - Throws: `Problem.invalid` where a book names what is not there any more.
  public static func load(
    of programme: Programme, names: any Names, after old: RuleShelf? = nil, in tx: inout Transaction
  ) throws -> RuleShelf? {
    let books = RuleBooks(of: programme)
    let last = try books.latestVersion(in: &tx)
    guard last > 0 else { return nil }
    var shelf = old?.dated ?? []
    for version in (shelf.last?.book.version ?? 0) + 1..<last + 1 {
      let stored = try books.book(version, in: &tx)
      let rules = try stored.rules(names).sharing(shelf.last?.book.promotions ?? [])
      shelf.append(Dated(since: stored.madeAt, book: rules.book(version: version)))
    }
    return RuleShelf(shelf)
  }

  /// In the order of their versions, which begin with 1. - Precondition: not empty.
  private init(_ books: [Dated]) {
    self.init(
      books[books.count - 1].book,
      byVersion: { version in version >= 1 && version <= books.count ? books[Int(version) - 1].book : nil },
      byTime: { time in (books.last { $0.since <= time } ?? books[0]).book })
    dated = books
  }
}
