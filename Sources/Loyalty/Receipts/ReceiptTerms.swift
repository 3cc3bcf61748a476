import Calculator
import Kernel

/// What a programme says about receipts after the sale.
public struct ReceiptTerms: Hashable, Sendable {
  public enum Refund: String, Sendable, CaseIterable {
    /// Money goes back as printed on the receipt.
    case paidPrice = "paid-price"
    /// What stays is priced anew, and the shopper gets the difference. Never for defects.
    case reprice
  }

  public var refund: Refund = .paidPrice
  /// At the paid price: what the goods that stay would have cost more without the others is taken from points.
  public var takesLostBenefit = false
  /// How far back goods without a receipt are looked for.
  public var unmatchedDays: Int = 30
  /// How long after the sale a receipt can find its member.
  public var attachDays: Int = 14

  public init() {}
}

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

  subscript(version: Int64) -> RuleBook? { version == current.version ? current : byVersion(version) }
}
