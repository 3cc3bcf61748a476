import Kernel

/// What rules name by a code that people choose, and engines by an id.
public enum NameKind: String, Sendable, CaseIterable {
  case product, category, productBrand, manufacturer, attribute, store, brand, priceZone, tier, segment, legalEntity, promotion,
    couponSeries, certificateSeries, game
}

/// Turns codes of rules into ids and back. The catalogue's own knows what exists and refuses the rest; `InternedNames` takes all.
public protocol Names {
  /// Nil where there is no such thing.
  mutating func id(_ kind: NameKind, _ code: String) -> Int64?
  func code(_ kind: NameKind, _ id: Int64) -> String?
}

/// Gives every code it meets the next number, so that rules and baskets can be calculated from files without a database.
public struct InternedNames: Names, Sendable {
  private var ids: [NameKind: [String: Int64]] = [:]
  private var codes: [NameKind: [String]] = [:]

  public init() {}

  public mutating func id(_ kind: NameKind, _ code: String) -> Int64? {
    if let known = ids[kind]?[code] { return known }
    codes[kind, default: []].append(code)
    let id = Int64(codes[kind, default: []].count)
    ids[kind, default: [:]][code] = id
    return id
  }

  public func code(_ kind: NameKind, _ id: Int64) -> String? {
    guard let known = codes[kind], id >= 1, id <= known.count else { return nil }
    return known[Int(id) - 1]
  }
}
