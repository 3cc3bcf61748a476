import Kernel

/// Orders of visitors whom nobody knows, as the last step of a funnel that ends with a purchase.
///
/// A member's purchases are their receipts. Where no member is known, the visitor's own event of an order counts, and one purchase is still
/// one step of one way. What makes two of them one purchase is the order's number – the receipt that the event names – and nothing else: two
/// orders of one minute may well be two.
public enum FunnelOrders {
  public struct Order: Hashable, Sendable {
    public let actor: UInt64
    public let at: Instant
    public let id: Int64
    /// What the event names as its receipt; nil: the order is no other's.
    public let number: String?
    /// Which receipt that became; nil: none so far.
    public let receipt: Int64?

    public init(actor: UInt64, at: Instant, id: Int64, number: String?, receipt: Int64?) {
      (self.actor, self.at, self.id) = (actor, at, id)
      (self.number, self.receipt) = (number, receipt)
    }
  }

  /// The events that are the last step of their visitor's way.
  ///
  /// - Parameters:
  ///   - beginners: who took the first step at some time; the others have no way that an order could end.
  ///   - receipts: that are the last step of a member's way already.
  public static func counted(_ orders: [Order], beginners: Set<UInt64>, without receipts: Set<Int64>) -> Set<Int64> {
    var (counted, takers) = (Set<Int64>(), [String: UInt64]())
    for order in orders.sorted(by: { ($0.at.micros, $0.id) < ($1.at.micros, $1.id) }) where beginners.contains(order.actor) {
      if let receipt = order.receipt, receipts.contains(receipt) { continue }
      if let number = order.number {
        // Told by two, it is the first one's; told twice by one, it is one step all the same.
        guard takers[number, default: order.actor] == order.actor else { continue }
        takers[number] = order.actor
      }
      counted.insert(order.id)
    }
    return counted
  }
}
