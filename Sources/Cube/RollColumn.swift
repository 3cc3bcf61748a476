/// A column of a roll. The numbers are written in files and never change their meaning.
public enum RollColumn: UInt16, CaseIterable, Sendable {
  // One value per member.
  case member = 1, firstReceipt = 2

  // One value per receipt.
  case receipt = 10, firstLine = 11, day = 12, minute = 13, store = 14, register = 15, tier = 16, flags = 17
  /// How it was sold, as a code: where it was ordered, what it was paid with, which coupons were shown.
  case occasion = 18

  // One value per line. Amounts are in the smallest unit of money or points, quantities in thousandths.
  case product = 30, quantity = 31, amount = 32, discount = 33, reduced = 34, paidWithPoints = 35, spent = 36, earned = 37, cost =
    38
  /// The amount again where the cost is known: what margins are of.
  case costed = 39
  /// The set of promotions that gave something on the line, as a code; 0 where none did.
  case deals = 40
  /// What makes items of a quantity: what is weighed or measured is one item a line, however much it is. Nought for pieces, so that a shop
  /// of pieces has no such column.
  case itemsBeyond = 41

  /// One more than the greatest number.
  static let numbers = Int(allCases.reduce(0) { max($0, $1.rawValue) }) + 1

  /// What a column has a value for. `firstReceipt` and `firstLine` have one more: where the last one ends.
  public enum Grain: Sendable { case member, receipt, line }

  public var grain: Grain {
    switch self {
    case .member, .firstReceipt: .member
    case .receipt, .firstLine, .day, .minute, .store, .register, .tier, .flags, .occasion: .receipt
    case .product, .quantity, .amount, .discount, .reduced, .paidWithPoints, .spent, .earned, .cost, .costed, .deals, .itemsBeyond:
      .line
    }
  }

  /// Bytes of one value; nil where a roll chooses: 0 if every value is zero, 4 if all fit, else 8. Deals have 0 or 4.
  var fixedWidth: Int? {
    switch self {
    case .member, .receipt: 8
    case .firstReceipt, .firstLine, .store, .register, .product, .occasion: 4
    case .day, .minute: 2
    case .tier, .flags: 1
    case .quantity, .amount, .discount, .reduced, .paidWithPoints, .spent, .earned, .cost, .costed, .deals,
      .itemsBeyond:
      nil
    }
  }

  /// Those that can be summed over lines.
  public static let sums: [RollColumn] = allCases.filter { $0.fixedWidth == nil && $0 != .deals }
}

/// What a receipt of a roll is. Bits of `RollColumn.flags`.
public struct ReceiptFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A return: its amounts are below zero, and it counts neither as a receipt nor as a visit.
  public static let isReturn = ReceiptFlags(rawValue: 1)
  /// A sale of which everything came back: no receipt and no visit either.
  public static let isUndone = ReceiptFlags(rawValue: 2)
  /// Lines before this receipt's first one belong to the same visit: same member, store and business day.
  public static let continuesVisit = ReceiptFlags(rawValue: 4)
  /// Sold by a shop on the internet or an app, not by a till.
  public static let isOnline = ReceiptFlags(rawValue: 8)

  /// True for receipts that are counted.
  public var counts: Bool { isDisjoint(with: [.isReturn, .isUndone]) }
}
