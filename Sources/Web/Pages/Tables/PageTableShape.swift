import Kernel
import Tables

/// What a page's table is as a file: a column for each of its own, and one for what stands small beside it where that has a name. Which kind
/// a column is follows from its first rows; what does not fit that further on stays as it reads.
struct PageTableShape: Sendable {
  private struct Part: Sendable {
    /// Of the table.
    let place: Int
    let isSmall: Bool
    /// Small words that have no column of their own go behind a dot.
    let takesSmall: Bool
    var column: TableFile.Column
  }

  private let parts: [Part]

  /// - Parameters:
  ///   - table: as files read it.
  ///   - english: the same table in English, for the columns' codes; nil where there is none.
  ///   - digits: of an amount that its first rows do not have.
  init(_ table: DataTable, english: DataTable?, digits: Int) {
    let rows = Self.rows(table)
    let codes = (english ?? table).columns
    var used: Set<String> = []
    parts = table.columns.enumerated().flatMap { place, column -> [Part] in
      let code = codes.indices.contains(place) ? codes[place] : column
      let own = rows.map { $0[place] }
      return column.titles.enumerated().map { index, title in
        let isSmall = index == 1
        let word = Self.code(code.titles.indices.contains(index) ? code.titles[index] : title, place, &used)
        let texts = own.map { isSmall ? $0.small : $0.text }
        let takesSmall = !isSmall && column.titles.count == 1
        let kind = takesSmall && own.contains { !$0.small.isEmpty } ? .text : Self.kind(texts, column.isNumber, digits)
        return Part(place: place, isSmall: isSmall, takesSmall: takesSmall, column: .init(word, title, kind))
      }
    }
  }

  var columns: [TableFile.Column] { parts.map(\.column) }

  func rows(of table: DataTable) -> [[TableFile.Cell]] {
    Self.rows(table).map { cells in
      parts.map { part in
        let cell = cells[part.place]
        let text = part.isSmall ? cell.small : cell.text
        guard part.takesSmall, !cell.small.isEmpty else { return Self.cell(text, part.column.kind) }
        return .text(text.isEmpty ? cell.small : "\(text) · \(cell.small)")
      }
    }
  }

  /// As many cells in each as there are columns.
  private static func rows(_ table: DataTable) -> [[RowText.Cell]] {
    let count = table.columns.count
    return table.rows.map { RowText($0) }.filter { !$0.isHeading }.map { row in
      Array(row.cells.prefix(count)) + Array(repeating: RowText.Cell(), count: max(0, count - row.cells.count))
    }
  }

  // MARK: codes

  /// `In money, ₽` is `in_money`.
  private static func code(_ title: String, _ place: Int, _ used: inout Set<String>) -> String {
    let words = title.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: "_")
    var code = words.isEmpty ? "column_\(place + 1)" : words
    if used.contains(code) { code += "_\(place + 1)" }
    used.insert(code)
    return code
  }

  // MARK: cells

  private static func isNothing(_ text: String) -> Bool { text.isEmpty || text == "–" || text == "—" }

  private static func kind(_ texts: [String], _ isNumber: Bool, _ digits: Int) -> TableFile.Kind {
    let told = texts.filter { !isNothing($0) }
    guard let first = told.first else { return isNumber ? .number(digits: digits) : .text }
    if CivilDay(first) != nil, told.allSatisfy({ CivilDay($0) != nil }) { return .day }
    if written(first) != nil, told.allSatisfy({ written($0) != nil }) { return .moment }
    guard isNumber else { return .text }
    let numbers = told.compactMap { number($0) }
    return numbers.count == told.count ? .number(digits: numbers.map(\.digits).max() ?? 0) : .text
  }

  private static func cell(_ text: String, _ kind: TableFile.Kind) -> TableFile.Cell {
    guard !isNothing(text) else { return .empty }
    switch kind {
    case .text: return .text(text)
    case .number(let digits), .money(let digits, _):
      guard let number = number(text), number.digits <= digits, let units = Decimal.parse(number.text, digits: digits) else {
        return .text(text)
      }
      return .number(units)
    case .day: return CivilDay(text).map { .day($0) } ?? .text(text)
    case .moment: return written(text).map { .moment($0) } ?? .text(text)
    }
  }

  /// `−12.50` as a number and its digits behind the point; nil for what is none.
  private static func number(_ text: String) -> (text: String, digits: Int)? {
    var plain = text.replacing("−", with: "-").filter { !$0.isWhitespace }
    if plain.hasPrefix("+") { plain.removeFirst() }
    if plain.hasSuffix("%") { plain.removeLast() }
    let digits = plain.split(separator: ".", omittingEmptySubsequences: false)
    // A tax number begins with a nought that is more than nothing.
    let whole = (digits.first ?? "").drop { $0 == "-" }
    guard digits.count <= 2, whole.count == 1 || whole.first != "0", Decimal.parse(plain, digits: 9) != nil else { return nil }
    return (plain, digits.count == 2 ? digits[1].count : 0)
  }

  /// A day and a time by the reader's clock, which the file shows as they stand: it has no zone.
  private static func written(_ text: String) -> Instant? {
    guard text.utf8.count == 19, text.dropFirst(10).first == " " else { return nil }
    return Instant("\(text.prefix(10))T\(text.dropFirst(11))Z")
  }
}
