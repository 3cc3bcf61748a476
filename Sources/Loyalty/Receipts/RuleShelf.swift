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

  subscript(version: Int64) -> RuleBook? { version == current.version ? current : byVersion(version) }
}

extension RuleShelf {
  /// Every rule book that a programme ever published, compiled. Nil before the first.
  ///
  /// Cost: reads and compiles all of them; whoever serves tills keeps the shelf and asks `RuleBooks.latestVersion` whether it is
  /// old.
  /// - Throws: `Problem.invalid` where a book names what is not there any more.
  public static func load(of programme: Programme, names: any Names, in tx: inout Transaction) throws -> RuleShelf? {
    let books = RuleBooks(of: programme)
    let last = try books.latestVersion(in: &tx)
    guard last > 0 else { return nil }
    var shelf: [(since: Instant, book: RuleBook)] = []
    for version in 1...last {
      let stored = try books.book(version, in: &tx)
      shelf.append((stored.madeAt, try stored.rules(names).book(version: version)))
    }
    let all = shelf
    return RuleShelf(
      all[all.count - 1].book, byVersion: { version in all.first { $0.book.version == version }?.book },
      byTime: { time in (all.last { $0.since <= time } ?? all[0]).book })
  }
}
