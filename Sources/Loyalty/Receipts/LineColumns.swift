import Kernel

/// The columns of `LineText` just as it writes them, read without making a tree of them: a few times quicker, and a what-if or a cube reads
/// them of every receipt of a year. What is written in any other way is left to the reader of JSON, which also says what is wrong with it.
package struct LineColumns {
  /// In the order of `names`; empty where a column is left out.
  private var columns: [[Int64]] = Array(repeating: [], count: names.count)

  private static let names = Array("pnqtdmwae".utf8)

  /// Nil where anything is not as `LineText.write` has it.
  package init?(_ text: String) {
    var text = text
    let isRead = text.withUTF8 { bytes in
      var place = 0
      return read(unsafe bytes.span, &place)
    }
    guard isRead else { return nil }
  }

  private mutating func read(_ bytes: Swift.Span<UInt8>, _ place: inout Int) -> Bool {
    guard Self.take(UInt8(ascii: "{"), bytes, &place) else { return false }
    if Self.take(UInt8(ascii: "}"), bytes, &place) { return place == bytes.count }
    while true {
      guard Self.take(UInt8(ascii: "\""), bytes, &place), place < bytes.count,
        let column = Self.names.firstIndex(of: bytes[place]), columns[column].isEmpty
      else { return false }
      place += 1
      guard Self.take(UInt8(ascii: "\""), bytes, &place), Self.take(UInt8(ascii: ":"), bytes, &place),
        let values = Self.values(bytes, &place), !values.isEmpty
      else { return false }
      columns[column] = values
      if Self.take(UInt8(ascii: "}"), bytes, &place) { return place == bytes.count }
      guard Self.take(UInt8(ascii: ","), bytes, &place) else { return false }
    }
  }

  private static func take(_ byte: UInt8, _ bytes: Swift.Span<UInt8>, _ place: inout Int) -> Bool {
    guard place < bytes.count, bytes[place] == byte else { return false }
    place += 1
    return true
  }

  /// Whole numbers between brackets, with nothing else between them than commas.
  private static func values(_ bytes: Swift.Span<UInt8>, _ place: inout Int) -> [Int64]? {
    guard take(UInt8(ascii: "["), bytes, &place) else { return nil }
    var values: [Int64] = []
    values.reserveCapacity(16)
    while true {
      guard let value = whole(bytes, &place) else { return nil }
      values.append(value)
      if take(UInt8(ascii: "]"), bytes, &place) { return values }
      guard take(UInt8(ascii: ","), bytes, &place) else { return nil }
    }
  }

  /// Of at most eighteen digits, so that nothing can overflow; ids have nineteen at the most and are read with care.
  private static func whole(_ bytes: Swift.Span<UInt8>, _ place: inout Int) -> Int64? {
    let isNegative = take(UInt8(ascii: "-"), bytes, &place)
    let first = place
    var value: UInt64 = 0
    while place < bytes.count, place - first < 19, bytes[place] >= UInt8(ascii: "0"), bytes[place] <= UInt8(ascii: "9") {
      value = value &* 10 &+ UInt64(bytes[place] &- UInt8(ascii: "0"))
      place += 1
    }
    let digits = place - first
    guard digits > 0, value <= UInt64(Int64.max), digits == 1 || bytes[first] != UInt8(ascii: "0") else { return nil }
    return isNegative ? -Int64(value) : Int64(value)
  }

  /// Nil where columns are not as long as each other.
  package var lines: [SoldLine]? {
    let products = columns[0]
    guard !products.isEmpty else { return columns.allSatisfy(\.isEmpty) ? [] : nil }
    let count = products.count
    guard columns.allSatisfy({ $0.isEmpty || $0.count == count }) else { return nil }
    func value(_ column: Int, _ line: Int) -> Int64 { columns[column].isEmpty ? 0 : columns[column][line] }
    let isWhole = !columns[1].isEmpty
    if isWhole, !columns[1].allSatisfy({ abs($0) < 1 << 50 }) { return nil }
    return products.indices.map { line in
      let (till, discount, money, amount) = (value(3, line), value(4, line), value(5, line), value(7, line))
      return SoldLine(
        product: ProductID(products[line]), quantity: Quantity(thousandths: isWhole ? value(1, line) * 1000 : value(2, line)),
        shelf: Money(minor: till + discount + money + amount), tillReduced: Money(minor: till), discount: Money(minor: discount),
        paidWithPoints: Money(minor: money), amount: Money(minor: amount), pointsSpent: Points(units: value(6, line)),
        earned: Points(units: value(8, line)))
    }
  }
}
