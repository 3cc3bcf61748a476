import Calculator
import Kernel
import Loyalty
import Tables

/// A report as everybody shows it: pages with charts, files, terminals and programs.
public struct ReportSheet: Sendable {
  public enum Unit: Hashable, Sendable {
    case text, count, money, points
    /// Thousandths.
    case quantity
    /// Parts per million.
    case percent
    /// Parts per million of what it was before, with its sign: good or bad where it goes up.
    case change(isGood: Bool?)
    /// Parts per million between two shares, with their sign.
    case difference(isGood: Bool?)
    /// Each cell has a unit of its own.
    case own
  }

  public struct Column: Sendable {
    /// For programs; never changes.
    public let code: String
    public let title: LocalText
    public let unit: Unit
    /// Cells are the warmer the more they are.
    public let isHeat: Bool

    public init(_ code: String, _ title: LocalText, _ unit: Unit, heat isHeat: Bool = false) {
      (self.code, self.title, self.unit, self.isHeat) = (code, title, unit, isHeat)
    }
  }

  public enum Cell: Hashable, Sendable {
    case empty
    case word(LocalText)
    case text(String)
    /// By its first day.
    case month(CivilDay)
    case day(CivilDay)
    /// In the unit of the column.
    case number(Int64)
    case value(Int64, Unit)
  }

  public enum Chart: Hashable, Sendable {
    /// A bar for each row, from the value of one column, beside it another's.
    case bars(Int, against: Int?)
    /// A line over the rows, the latest row first, and another's dashed.
    case days(Int, before: Int)
    /// Bars that go up and down from nought.
    case steps(Int)
  }

  /// What a row tells of.
  public enum Link: Hashable, Sendable {
    case promotion(PromotionID)
    case coupons(CouponSeriesID)
    case certificates(CertificateSeriesID)
    case shifts(StoreID, CivilDay)
    case shift(ShiftKey)
  }

  public struct Part: Sendable {
    public let code: String
    public let title: LocalText
    public var note: LocalText?
    public let columns: [Column]
    public let rows: [[Cell]]
    /// So many rows at the end are totals.
    public var totals = 0
    public var chart: Chart?
    /// By row, where what it tells of has a page of its own; fewer than there are rows, or none.
    public var links: [Link?] = []

    public init(_ code: String, _ title: LocalText, _ columns: [Column], _ rows: [[Cell]]) {
      (self.code, self.title, self.columns, self.rows) = (code, title, columns, rows)
    }
  }

  public let name: ReportName
  public let period: ReportPeriod
  public let parts: [Part]
  /// What was used, and how many members were left out by it.
  public let definitions: DefinitionVersion
  public let leftOut: Int
  /// Something that whoever reads must know: few members, an unfinished month.
  public var warnings: [LocalText] = []
  /// Something good to know: that it was checked, and against what.
  public var remarks: [LocalText] = []
  /// How its days were set beside those of the year before, where holidays are among them.
  public var alignment: LocalText?
  /// What it was filtered by.
  public var filters: [ReportFilter] = []

  public init(
    _ name: ReportName, _ period: ReportPeriod, _ parts: [Part], _ definitions: DefinitionVersion, leftOut: Int
  ) {
    (self.name, self.period, self.parts) = (name, period, parts)
    (self.definitions, self.leftOut) = (definitions, leftOut)
  }

  /// Nil for a part that it does not have.
  public func part(_ code: String?) -> Part? { code.map { code in parts.first { $0.code == code } } ?? parts.first }
}

/// The days of a report, and those that they are compared with.
public struct ReportPeriod: Hashable, Sendable {
  public let days: ClosedRange<CivilDay>
  public init(_ days: ClosedRange<CivilDay>) { self.days = days }

  public var length: Int { days.upperBound - days.lowerBound + 1 }
  /// As many days right before.
  public var before: ClosedRange<CivilDay> { moved(by: -length) }
  /// 52 weeks earlier: a Saturday is compared with a Saturday.
  public var yearAgo: ClosedRange<CivilDay> { moved(by: -364) }
  /// The first day of all three.
  var earliest: CivilDay { min(before.lowerBound, yearAgo.lowerBound) }
  /// Now, before, a year ago.
  var all: [ClosedRange<Int>] { [days, before, yearAgo].map { Int($0.lowerBound.number)...Int($0.upperBound.number) } }

  private func moved(by count: Int) -> ClosedRange<CivilDay> {
    days.lowerBound.adding(days: count)...days.upperBound.adding(days: count)
  }
}

/// A part of a report as a table of figures.
public struct ReportTable: Sendable {
  private let name: String
  private let part: ReportSheet.Part
  private let amounts: AmountForm
  private let language: ReportLanguage
  /// What its words mean; of a report its own.
  public var notes: DefinitionNotes?

  public init(_ sheet: ReportSheet, _ part: ReportSheet.Part, _ amounts: AmountForm, _ language: ReportLanguage) {
    let days = sheet.period.days
    let filtered = sheet.filters.isEmpty ? "" : "-filtered"
    self.init(
      named: "\(sheet.name.rawValue)-\(part.code)-\(days.lowerBound)-\(days.upperBound)\(filtered)", part, amounts, language)
    notes = DefinitionNotes(sheet)
  }

  /// - Parameter name: of its file, without what says which kind it is.
  init(named name: String, _ part: ReportSheet.Part, _ amounts: AmountForm, _ language: ReportLanguage) {
    (self.name, self.part, self.amounts, self.language) = (name, part, amounts, language)
  }

  /// - Throws: `Problem.invalid` where it would have more columns than a table can.
  public func file(sign: String, zone: Zone) throws(Problem) -> TableFile {
    guard part.columns.count <= Limits.tableColumns else {
      throw Problem(
        .invalid, "too_many_columns", "the table would have more than \(Limits.tableColumns) columns; take a shorter period")
    }
    let columns = part.columns.map { TableFile.Column($0.code, $0.title[language], kind($0.unit, sign)) }
    let rows = part.rows.map { row in zip(row, part.columns).map { cell($0, $1.unit) } }
    var file = TableFile(name, title: part.title[language], columns: columns, zone: zone, rows: rows)
    file.notes = notes?.sheet(language)
    return file
  }

  private func kind(_ unit: ReportSheet.Unit, _ sign: String) -> TableFile.Kind {
    switch unit {
    case .text: .text
    case .money: .money(digits: amounts.currency.digits, sign: sign)
    case .count, .points, .quantity, .percent, .change, .difference, .own: .number(digits: digits(unit))
    }
  }

  /// Where units differ from row to row, all have four digits.
  private static let ownDigits = 4

  private func digits(_ unit: ReportSheet.Unit) -> Int {
    switch unit {
    case .text, .count: 0
    case .money: amounts.currency.digits
    case .points: amounts.pointsScale
    case .quantity: 3
    case .percent, .change, .difference: 4
    case .own: Self.ownDigits
    }
  }

  private func cell(_ cell: ReportSheet.Cell, _ unit: ReportSheet.Unit) -> TableFile.Cell {
    switch cell {
    case .empty: .empty
    case .word(let word): .text(word[language])
    case .text(let text): .text(text)
    case .month(let month): .text(String("\(month)".prefix(7)))
    case .day(let day): .text("\(day)")
    case .number(let number): .number(number)
    case .value(let number, let own):
      .number((0..<max(0, digits(unit) - digits(own))).reduce(number) { number, _ in number * 10 })
    }
  }

  private func text(_ cell: ReportSheet.Cell, _ unit: ReportSheet.Unit) -> String {
    switch cell {
    case .empty: "–"
    case .word(let word): word[language]
    case .text(let text): text
    case .month(let month): String("\(month)".prefix(7))
    case .day(let day): "\(day)"
    case .number(let number): Decimal.text(number, digits: digits(unit))
    case .value(let number, let own): Decimal.text(number, digits: digits(own))
    }
  }

  /// For a terminal.
  public var lines: [[String]] {
    [part.columns.map { $0.title[language] }] + part.rows.map { row in zip(row, part.columns).map { text($0, $1.unit) } }
  }

  /// For programs: a decimal text for each number, null for what there is none of.
  public var json: JSON {
    .object([
      "part": .string(part.code), "columns": .array(part.columns.map { .string($0.code) }),
      "rows": .array(
        part.rows.map { row in
          .array(zip(row, part.columns).map { cell, column in cell == .empty ? .null : .string(text(cell, column.unit)) })
        }),
    ])
  }
}

extension ReportSheet {
  /// The whole report for programs.
  public func json(_ amounts: AmountForm, _ language: ReportLanguage) -> JSON {
    .object([
      "report": .string(name.rawValue), "from": .string("\(period.days.lowerBound)"), "to": .string("\(period.days.upperBound)"),
      "where": filters.isEmpty ? nil : PivotForm.json(filters.map(\.filter)),
      "definitions": .object([
        .init("version", .int(definitions.version)), .init("body", definitions.definitions.json),
        .init("membersLeftOut", .int(Int64(leftOut))),
      ]),
      "warnings": .array(warnings.map { .string($0[language]) }), "remarks": .array(remarks.map { .string($0[language]) }),
      "holidays": alignment.map { .string($0[language]) },
      "parts": .array(parts.map { ReportTable(self, $0, amounts, language).json }),
    ])
  }
}
