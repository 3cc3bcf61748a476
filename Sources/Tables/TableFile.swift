import Kernel

/// A table for somebody's spreadsheet: what its columns are, and its rows, portion by portion. It is written as CSV, for programs, or as
/// XLSX, for people: there numbers are numbers, days are days, and columns are named in the reader's language.
///
///     TableFile("takings", title: "Выручка", columns: columns) { take in try await take(rows) }
public struct TableFile: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    case csv, xlsx

    public var type: String {
      switch self {
      case .csv: "text/csv; charset=utf-8"
      case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
      }
    }
  }

  public enum Kind: Hashable, Sendable {
    case text
    /// Units of 10⁻ᵈ.
    case number(digits: Int)
    /// Minor units of a currency, with its sign behind them.
    case money(digits: Int, sign: String)
    case day
    /// To the second, as the clocks of the file's zone show it.
    case moment
  }

  public struct Column: Hashable, Sendable {
    /// For programs; never changes.
    public let code: String
    /// For people.
    public let title: String
    public let kind: Kind

    public init(_ code: String, _ title: String, _ kind: Kind) {
      self.code = code
      self.title = title
      self.kind = kind
    }
  }

  /// A cell says the same as its column; one that is empty says nothing.
  public enum Cell: Hashable, Sendable {
    case empty
    case text(String)
    /// In the units of its column.
    case number(Int64)
    case day(CivilDay)
    case moment(Instant)
  }

  /// What a reader of the table should know: a title, then a word and what it means on each line.
  public struct Notes: Sendable {
    public let title: String
    public let lines: [[String]]
    public init(title: String, lines: [[String]]) { (self.title, self.lines) = (title, lines) }
  }

  /// Takes rows for the file; what it takes has been written when it returns.
  public typealias Take = ([[Cell]]) async throws -> Void

  /// Of the file, without its ending: letters, digits, `-` and `_`.
  public let name: String
  /// Of the sheet.
  public let title: String
  public let columns: [Column]
  public let zone: Zone
  /// What stands above and below the table where people read it: a line each, of cells beside one another; the first is its title. Files for
  /// programs have none of it.
  public var above: [[String]] = []
  public var below: [[String]] = []
  /// A sheet behind the table's, for people only.
  public var notes: Notes?
  /// Tables on sheets of their own behind this one; files for programs, which are of one table, have none of them.
  public var further: [TableFile] = []
  /// Rows of one sheet, its head counted; what is beyond goes on upon further sheets. Less for a test.
  package var rowsOfSheet = WorkbookWriter.rowsOfSheet
  let rows: @Sendable (Take) async throws -> Void

  /// - Parameter rows: hands over all rows, some hundreds at a time.
  /// - Precondition: at most `Limits.tableColumns`.
  public init(
    _ name: String, title: String, columns: [Column], zone: Zone, rows: @escaping @Sendable (Take) async throws -> Void
  ) {
    precondition(!columns.isEmpty && columns.count <= Limits.tableColumns, "a table has columns, and not too many")
    self.name = name
    self.title = title
    self.columns = columns
    self.zone = zone
    self.rows = rows
  }

  /// Of rows that are there already.
  public init(_ name: String, title: String, columns: [Column], zone: Zone, rows: [[Cell]]) {
    self.init(name, title: title, columns: columns, zone: zone) { take in try await take(rows) }
  }

  /// Writes the file. Memory is that of one portion of rows, whatever the length of the file.
  public func write(as format: Format, _ put: ([UInt8]) async throws -> Void) async throws {
    switch format {
    case .csv:
      var writer = CommaWriter(self)
      try await put(writer.head())
      try await rows { portion in try await put(writer.lines(portion)) }
    case .xlsx:
      var writer = WorkbookWriter(self, most: rowsOfSheet)
      try await put(writer.head())
      try await rows { portion in try await put(writer.lines(portion)) }
      for table in further {
        try await put(writer.next(table))
        try await table.rows { portion in try await put(writer.lines(portion)) }
      }
      try await put(writer.foot())
    }
  }
}

/// A table as comma-separated values. What is text is guarded: a spreadsheet that opens the file must not carry out what somebody typed
/// as their name.
struct CommaWriter {
  private let file: TableFile
  private var writer = TableWriter()

  init(_ file: TableFile) { self.file = file }

  mutating func head() -> [UInt8] {
    for column in file.columns { writer.field(column.code) }
    writer.endRecord()
    return writer.take()
  }

  mutating func lines(_ rows: [[TableFile.Cell]]) -> [UInt8] {
    for row in rows {
      for (place, column) in file.columns.enumerated() { writer.field(text(place < row.count ? row[place] : .empty, column.kind)) }
      writer.endRecord()
    }
    return writer.take()
  }

  private func text(_ cell: TableFile.Cell, _ kind: TableFile.Kind) -> String {
    switch cell {
    case .empty: ""
    case .text(let text): Self.guarded(text)
    case .number(let units): Decimal.text(units, digits: kind.digits)
    case .day(let day): day.description
    case .moment(let instant): moment(instant)
    }
  }

  private func moment(_ instant: Instant) -> String {
    let civil = file.zone.civil(at: instant)
    return "\(civil.day) \(civil.clock)"
  }

  /// With an apostrophe before what a spreadsheet would take for a formula (OWASP, CSV injection).
  static func guarded(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else { return text }
    return "'" + text
  }
}

extension TableFile.Kind {
  var digits: Int {
    switch self {
    case .number(let digits), .money(let digits, _): digits
    case .text, .day, .moment: 0
    }
  }
}
