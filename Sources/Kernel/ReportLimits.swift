/// Limits of ready reports and of what is counted for them.
extension Limits {
  /// Days of which it is known how many coupons were issued, used and left unused; and codes that are counted in one step.
  public static var couponDays: Int { 1_200 }
  public static var codesCounted: Int { 10_000 }
  /// Sums of goods, promotions and days that one reading of a programme's documents holds in memory.
  public static var goodsHeld: Int { 200_000 }
  /// Days of a reconciliation with shifts, and shifts that do not tie in one.
  public static var reconciledDays: Int { 366 }
  public static var untiedShifts: Int { 2_000 }
  /// Categories and price bands of one report.
  public static var bandedCategories: Int { 200 }
  /// Receipts behind one figure that are taken away as a file, the latest.
  public static var drillRows: Int { 200_000 }
  /// Postings of points that ran out that a question about them reads; longer ones are asked of fewer days.
  public static var askedExpiries: Int { 5_000_000 }
}
