import Kernel

/// Codes as a printing house or a mailer takes them.
public enum CouponCSV {
  public static var head: String { "code,state,good_from,good_until,used_at" }

  /// Codes and times hold neither commas nor quotes.
  public static func row(_ coupon: Coupon) -> String {
    [coupon.code, "\(coupon.state)", coupon.from?.text ?? "", coupon.until?.text ?? "", coupon.usedAt?.text ?? ""]
      .joined(separator: ",")
  }
}
