/// Codes of an axis in as few bytes as they need: looked up for every line, tables have to stay in a near cache beside the columns.
///
/// A code is a place times `step`; the greatest number of the width is out. One of the tables is filled. Made in a pass over the codes.
struct NarrowCodes: Sendable {
  let step: Int32
  private(set) var one: [UInt8] = []
  private(set) var two: [UInt16] = []
  private(set) var four: [UInt32] = []

  /// - Parameter codes: those below zero are out.
  init(_ codes: [Int32]) {
    var (step, most) = (Int32(0), Int32(0))
    for code in codes where code > 0 {
      most = max(most, code)
      if step == 0 || code % step != 0 { step = Self.divisor(step, code) }
    }
    self.step = max(1, step)
    switch most / self.step {
    case ..<Int32(UInt8.max): one = Self.table(codes, self.step)
    case ..<Int32(UInt16.max): two = Self.table(codes, self.step)
    default: four = Self.table(codes, self.step)
    }
  }

  private static func table<Place: FixedWidthInteger & UnsignedInteger>(_ codes: [Int32], _ step: Int32) -> [Place] {
    // Neighbours mostly have the same code.
    var (last, place) = (Int32(0), Place(0))
    return codes.map { code in
      if code != last { (last, place) = (code, code < 0 ? Place.max : Place(code / step)) }
      return place
    }
  }

  /// The greatest that divides both; of nothing and a number, the number.
  private static func divisor(_ a: Int32, _ b: Int32) -> Int32 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
