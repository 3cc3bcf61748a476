import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// Events about what members may use: their own coupons, and offers that they activate.
extension EventScene {
  /// With its code, so that a message can bring it to the member: nobody else's receipt takes it.
  func coupon(in tx: inout Transaction) throws -> JSON {
    guard let (_, programme) = try owner(in: &tx) else { return .object(["member": memberID]) }
    let series = try Coupons(of: programme).series(CouponSeriesID(event.subject), in: &tx)
    return .object([
      "member": memberID, "programme": .string(programme.code), "series": .string(series.details.code),
      "coupon": event.body["coupon"], "until": event.body["until"],
    ])
  }

  func offer(in tx: inout Transaction) throws -> JSON {
    guard let (_, programme) = try owner(in: &tx) else { return .object(["member": memberID]) }
    return .object([
      "member": memberID, "programme": .string(programme.code), "promotion": event.body["promotion"], "until": event.body["until"],
    ])
  }
}
