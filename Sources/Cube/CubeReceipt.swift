/// A receipt as the cube takes it in. Codes are places in the cube's dictionaries.
public struct CubeReceipt: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public var product: UInt32
    /// Which promotions gave something: a code of their set.
    public var deals: UInt32
    /// In the order of `RollColumn.sums`; returns are below zero.
    public var sums: [Int64]
    public init(product: UInt32, deals: UInt32 = 0, sums: [Int64]) {
      precondition(sums.count == RollColumn.sums.count)
      (self.product, self.deals, self.sums) = (product, deals, sums)
    }
  }

  public var id: Int64
  /// 0: of nobody.
  public var member: Int64
  /// Business day, counted from 1 January 1970.
  public var day: UInt16
  /// Of the day by the store's clock, 0 … 1439.
  public var minute: UInt16
  public var store: UInt32
  public var register: UInt32
  public var tier: UInt8
  public var flags: ReceiptFlags
  /// How it was sold, as a code.
  public var occasion: UInt32
  public var lines: [Line]

  public init(
    id: Int64, member: Int64, day: UInt16, minute: UInt16, store: UInt32, register: UInt32 = 0, tier: UInt8 = 0,
    flags: ReceiptFlags = [], occasion: UInt32 = 0, lines: [Line]
  ) {
    (self.id, self.member, self.day, self.minute, self.store) = (id, member, day, minute, store)
    (self.register, self.tier, self.flags, self.occasion, self.lines) = (register, tier, flags, occasion, lines)
  }
}
