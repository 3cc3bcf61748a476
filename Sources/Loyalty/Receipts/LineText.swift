import Kernel
import Storage

/// Lines as a receipt's row keeps them: an object of columns, each an array with one number per line. A column that is zero on
/// every line is left out.
///
/// `p` product · `n` whole pieces, or `q` quantity in thousandths where any line is not whole · `t` taken off by the till · `d` by
/// promotions · `m` paid with points, in money · `w` points spent · `a` amount · `e` points earned. Shelf price is t + d + m + a.
package enum LineText {
  package static func write(_ lines: [SoldLine]) -> String {
    var writer = JSONWriter(reserving: 48 * lines.count + 32)
    writer.openObject()
    column("p", lines, &writer) { $0.product.raw }
    if lines.allSatisfy({ $0.quantity.wholePieces != nil }) {
      column("n", lines, &writer) { $0.quantity.wholePieces ?? 0 }
    } else {
      column("q", lines, &writer) { $0.quantity.thousandths }
    }
    column("t", lines, &writer) { $0.tillReduced.minor }
    column("d", lines, &writer) { $0.discount.minor }
    column("m", lines, &writer) { $0.paidWithPoints.minor }
    column("w", lines, &writer) { $0.pointsSpent.units }
    column("a", lines, &writer) { $0.amount.minor }
    column("e", lines, &writer) { $0.earned.units }
    writer.closeObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static func column(_ name: StaticString, _ lines: [SoldLine], _ writer: inout JSONWriter, _ value: (SoldLine) -> Int64) {
    guard lines.contains(where: { value($0) != 0 }) else { return }
    writer.key(name)
    writer.openArray()
    for line in lines { writer.int(value(line)) }
    writer.closeArray()
  }

  /// - Throws: `StorageFailure.damaged`.
  package static func read(_ text: String) throws -> [SoldLine] {
    if let columns = LineColumns(text), let lines = columns.lines { return lines }
    return try tree(text)
  }

  /// Any JSON that means the same.
  package static func tree(_ text: String) throws -> [SoldLine] {
    let json = try storedJSON(text, in: "receipt.lines")
    guard let products = try column("p", json, nil) else { return [] }
    func values(_ name: String) throws -> [Int64] {
      try column(name, json, products.count) ?? Array(repeating: 0, count: products.count)
    }
    let quantities = json["n"] == nil ? try values("q") : try values("n").map { $0 * 1000 }
    let (till, discount) = (try values("t"), try values("d"))
    let (money, spent, amount, earned) = (try values("m"), try values("w"), try values("a"), try values("e"))
    return products.indices.map { line in
      SoldLine(
        product: ProductID(products[line]), quantity: Quantity(thousandths: quantities[line]),
        shelf: Money(minor: till[line] + discount[line] + money[line] + amount[line]),
        tillReduced: Money(minor: till[line]), discount: Money(minor: discount[line]), paidWithPoints: Money(minor: money[line]),
        amount: Money(minor: amount[line]), pointsSpent: Points(units: spent[line]), earned: Points(units: earned[line]))
    }
  }

  /// What was paid for which product, line by line; nothing else of them is read.
  /// - Throws: `StorageFailure.damaged`.
  static func amounts(_ text: String) throws -> [(ProductID, Int64)] {
    let json = try storedJSON(text, in: "receipt.lines")
    guard let products = try column("p", json, nil), let amounts = try column("a", json, products.count) else { return [] }
    return zip(products, amounts).map { (ProductID($0), $1) }
  }

  private static func column(_ name: String, _ json: JSON, _ count: Int?) throws -> [Int64]? {
    guard let column = json[name] else { return nil }
    guard case .array(let items) = column, count.map({ $0 == items.count }) ?? true else { throw damaged(name) }
    return try items.map { item in
      guard case .int(let value) = item else { throw damaged(name) }
      return value
    }
  }

  private static func damaged(_ name: String) -> StorageFailure {
    StorageFailure.damaged("receipt.lines: column \(name) is not one whole number for each line")
  }
}
