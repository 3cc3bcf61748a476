/// When some members bought some goods. Memory: some bytes for each purchase that is found.
public struct PurchaseTimes: CubeReport {
  public struct Purchase: Hashable, Sendable {
    /// Business day, counted from 1 January 1970, the minute by the store's clock and the store's code.
    public let day: Int
    public let minute: Int
    public let store: Int
    /// Of the receipt.
    public let id: Int64
  }

  private let members: Set<Int64>
  private let days: ClosedRange<Int>
  /// Nil: any goods.
  private let products: Bits?
  private let least: Int64
  private let most: Int64

  /// - Parameters:
  ///   - products: by code; nil: all.
  ///   - amounts: what was paid for those goods of a receipt, in minor units.
  public init(of members: Set<Int64>, _ days: ClosedRange<Int>, products: Bits?, amounts: ClosedRange<Int64>) {
    (self.members, self.days, self.products) = (members, days, products)
    (least, most) = (amounts.lowerBound, amounts.upperBound)
  }

  public var columns: [RollColumn] { [.amount] }
  public var seesNobody: Bool { false }
  public var nothing: [Int64: [Purchase]] { [:] }

  public func join(_ other: [Int64: [Purchase]], into all: inout [Int64: [Purchase]]) {
    all.merge(other) { $0 + $1 }
  }

  public func see(_ member: MemberReceipts, into found: inout [Int64: [Purchase]]) {
    guard members.contains(member.member) else { return }
    member.forEach { receipt in
      guard receipt.counts, days.contains(receipt.day) else { return }
      var (amount, isFound) = (Int64(0), false)
      for line in receipt.lines {
        let product = receipt.product(line)
        if let products { guard product < products.count, products[product] else { continue } }
        amount += receipt.value(0, line)
        isFound = true
      }
      guard isFound, amount >= least, amount <= most else { return }
      found[member.member, default: []].append(
        Purchase(day: receipt.day, minute: receipt.minute, store: receipt.store, id: receipt.id))
    }
  }
}
