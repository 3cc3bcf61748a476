import Kernel

/// The sessions of one day, as reports walk over them: some 15 bytes each. Exact: visitors are told apart by 64 bits of a hash.
struct VisitDay: Hashable, Sendable {
  struct One: Hashable, Sendable {
    var visitor: UInt64
    /// 0: nobody known.
    var owner: Int64
    /// Of the day by the programme's clock; a session is of the day on which it began.
    var minute: UInt16
    var source: Int64
    var events: Int64
    var productViews: Int64
    var carts: Int64
    var orders: Int64
  }

  /// In the order of their beginning.
  var visits: [One] = []
  /// Receipts that were ordered in a session, with its place.
  var receipts: [(id: Int64, visit: Int)] = []

  init() {}

  static func == (a: Self, b: Self) -> Bool { a.bytes == b.bytes }
  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  static func mark(of visitor: String) -> UInt64 {
    var hash = StableHash()
    hash.mix(visitor)
    return hash.value
  }

  // MARK: packing

  private static let version: UInt8 = 1

  /// Its version, sources, sessions and receipts; numbers in seven bits a byte, small ones first.
  var bytes: [UInt8] {
    var bytes = [Self.version]
    func put(_ value: UInt64) {
      var rest = value
      while rest >= 0x80 {
        bytes.append(UInt8(rest & 0x7f) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    let sources = Array(Set(visits.map(\.source))).sorted()
    let places = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1, UInt64($0)) })
    put(UInt64(sources.count))
    for source in sources { put(UInt64(source)) }
    put(UInt64(visits.count))
    for visit in visits {
      for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: visit.visitor >> UInt64(byte * 8))) }
      put(UInt64(visit.owner))
      put(UInt64(visit.minute))
      put(places[visit.source] ?? 0)
      for count in [visit.events, visit.productViews, visit.carts, visit.orders] { put(UInt64(count)) }
    }
    put(UInt64(receipts.count))
    for receipt in receipts {
      put(UInt64(receipt.id))
      put(UInt64(receipt.visit))
    }
    return bytes
  }

  /// Nil for bytes that are no day.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard reader.byte() == Self.version, let sources = reader.list(max: bytes.count, { reader in reader.number() }),
      let visits = reader.list(max: bytes.count, { reader in reader.visit(sources) }),
      let receipts = reader.list(
        max: bytes.count,
        { reader -> (id: Int64, visit: Int)? in
          guard let id = reader.number(), let visit = reader.number() else { return nil }
          return (Int64(id), Int(visit))
        }), reader.isAtEnd
    else { return nil }
    (self.visits, self.receipts) = (visits, receipts)
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0
    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() -> UInt8? {
      guard place < bytes.count else { return nil }
      place += 1
      return bytes[place - 1]
    }

    mutating func number() -> UInt64? {
      var (value, shift) = (UInt64(0), UInt64(0))
      while let byte = byte(), shift < 63 {
        value |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      return nil
    }

    mutating func list<Item>(max: Int, _ item: (inout Reader) -> Item?) -> [Item]? {
      guard let count = number(), count <= max else { return nil }
      var items: [Item] = []
      items.reserveCapacity(Int(count))
      for _ in 0..<Int(count) {
        guard let one = item(&self) else { return nil }
        items.append(one)
      }
      return items
    }

    mutating func visit(_ sources: [UInt64]) -> One? {
      guard place + 8 <= bytes.count else { return nil }
      var visitor: UInt64 = 0
      for byte in 0..<8 { visitor |= UInt64(bytes[place + byte]) << UInt64(byte * 8) }
      place += 8
      guard let owner = number(), let minute = number(), minute < 1_440, let source = number(), source < sources.count,
        let events = number(), let views = number(), let carts = number(), let orders = number()
      else { return nil }
      return One(
        visitor: visitor, owner: Int64(owner), minute: UInt16(minute), source: Int64(sources[Int(source)]), events: Int64(events),
        productViews: Int64(views), carts: Int64(carts), orders: Int64(orders))
    }
  }
}
