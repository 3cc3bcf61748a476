/// Bands of prices: up to one unit of the currency, then in steps of 1, 2 and 5, each with its lower bound and without its upper one.
struct PriceScale {
  private let whole: [Int64]
  /// Where bands end, in minor units.
  let minor: [Int64]
  var bands: Int { minor.count + 1 }

  /// - Parameters:
  ///   - digits: of the currency behind the point.
  ///   - powers: of ten that have steps; seven end at five million.
  init(digits: Int, powers: Int) {
    func ten(to power: Int) -> Int64 { (0..<power).reduce(Int64(1)) { value, _ in value * 10 } }
    whole = (0..<powers).flatMap { power in [1, 2, 5].map { $0 * ten(to: power) } }
    minor = whole.map { $0 * ten(to: digits) }
  }

  /// - Parameter price: in minor units, not below nought.
  func band(of price: Int64) -> Int { minor.firstIndex { price < $0 } ?? minor.count }

  func title(_ band: Int) -> String {
    if band == 0 { return "0–\(whole[0])" }
    return band < whole.count ? "\(whole[band - 1])–\(whole[band])" : "\(whole[whole.count - 1])–"
  }
}
