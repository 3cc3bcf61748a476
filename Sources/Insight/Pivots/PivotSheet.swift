import Calculator
import Cube
import Kernel
import Tables

/// The answer to a pivot as a table: rows with their sub-totals as on the screen, a column for every pair of column and value; where it is
/// set against other days, behind each of them what it was then and how it changed.
public struct PivotSheet: Sendable {
  private let table: PivotTable
  private let past: PivotChange?
  private let names: PivotNames
  private let amounts: AmountForm
  private let language: ReportLanguage
  private let zone: Zone
  /// What its words mean: beside the table for people and programs, and not among the lines of CSV.
  public var definitions: DefinitionNotes?

  /// - Parameter before: the answer of the days that it is set against.
  public init(
    _ table: PivotTable, before: PivotTable? = nil, _ names: PivotNames, _ amounts: AmountForm, _ language: ReportLanguage,
    zone: Zone
  ) {
    past = before.map { PivotChange(table, against: $0) }
    (self.table, self.names, self.amounts, self.language, self.zone) = (table, names, amounts, language, zone)
  }

  /// What stands in one column of a value.
  private enum Part { case now, before, change }

  private var parts: [Part] { past == nil ? [.now] : [.now, .before, .change] }
  /// What a reader has to know of it.
  public var notes: [String] { table.notes(names.title).map { $0[language] } }

  /// Totals of everything come last on paper.
  private var order: [Int] { Array(table.rows.indices.dropFirst()) + [0] }

  /// - Throws: `Problem.invalid` where it would have more columns than a table can.
  public func file(named name: String, title: String, sign: String) throws(Problem) -> TableFile {
    let dimensions = table.pivot.rows
    guard dimensions.count + table.columns.count * table.pivot.values.count * parts.count <= Limits.tableColumns else {
      throw Problem(
        .invalid, "too_many_columns",
        "the table would have more than \(Limits.tableColumns) columns; put one of the dimensions into rows, or filter")
    }
    var heads = dimensions.map { TableFile.Column($0.rawValue, names.title($0)[language], .text) }
    for key in table.columns {
      let words = names.texts(key, table.pivot.columns)
      let place = words.isEmpty && !table.pivot.columns.isEmpty ? [Self.total[language]] : words
      for measure in table.pivot.values {
        for part in parts {
          let code = (key + [measure.rawValue] + code(part)).joined(separator: " ")
          let title = (place + [measure.title[language]] + self.title(part, measure)).joined(separator: " · ")
          heads.append(TableFile.Column(code, title, part == .change ? .number(digits: 4) : kind(measure, sign)))
        }
      }
    }
    var file = TableFile(name, title: title, columns: heads, zone: zone, rows: order.map { cells(of: $0) })
    file.notes = definitions?.sheet(language)
    return file
  }

  static let total = LocalText(ru: "Итого", en: "Total")

  private func code(_ part: Part) -> [String] {
    switch part {
    case .now: []
    case .before: ["before"]
    case .change: ["change"]
    }
  }

  private func title(_ part: Part, _ measure: Measure) -> [String] {
    switch part {
    case .now: []
    case .before: [LocalText(ru: "было", en: "before")[language]]
    case .change:
      [
        measure.unit == .percent
          ? LocalText(ru: "изменение, п. п.", en: "change, pp")[language] : LocalText(ru: "изменение, %", en: "change, %")[language]
      ]
    }
  }

  private func value(_ part: Part, _ measure: Measure, row: Int, column: Int) -> Int64? {
    switch part {
    case .now: table.value(measure, row: row, column: column)
    case .before: past?.before(measure, row: row, column: column)
    case .change: past?.change(measure, row: row, column: column)
    }
  }

  private func cells(of row: Int) -> [TableFile.Cell] {
    let labels = names.texts(table.rows[row].labels, table.pivot.rows)
    var cells: [TableFile.Cell] = table.pivot.rows.indices.map { place in
      if place < labels.count { return .text(labels[place]) }
      return place == labels.count ? .text(Self.total[language]) : .empty
    }
    for column in table.columns.indices {
      for measure in table.pivot.values {
        cells += parts.map { part in value(part, measure, row: row, column: column).map { .number($0) } ?? .empty }
      }
    }
    return cells
  }

  private func kind(_ measure: Measure, _ sign: String) -> TableFile.Kind {
    measure.unit == .money ? .money(digits: amounts.currency.digits, sign: sign) : .number(digits: digits(measure))
  }

  private func digits(_ measure: Measure) -> Int {
    switch measure.unit {
    case .money: amounts.currency.digits
    case .points: amounts.pointsScale
    case .quantity: 3
    case .count: 0
    case .percent: 4
    case .number(let digits): digits
    }
  }

  /// A value as programs read it: a decimal number, percents as such.
  public func text(_ value: Int64, _ measure: Measure) -> String { Decimal.text(value, digits: digits(measure)) }

  private func text(_ part: Part, _ measure: Measure, row: Int, column: Int) -> String? {
    value(part, measure, row: row, column: column).map { part == .change ? Decimal.text($0, digits: 4) : text($0, measure) }
  }

  /// For a terminal.
  public var lines: [[String]] {
    var head = table.pivot.rows.map { $0.title[language] }
    for key in table.columns {
      for measure in table.pivot.values {
        head += parts.map { part in
          (names.texts(key, table.pivot.columns) + [measure.title[language]] + title(part, measure)).joined(separator: " ")
        }
      }
    }
    return [head]
      + order.map { row in
        let labels = names.texts(table.rows[row].labels, table.pivot.rows)
        let first = table.pivot.rows.indices.map { $0 < labels.count ? labels[$0] : $0 == labels.count ? Self.total[language] : "" }
        return first
          + table.columns.indices.flatMap { column in
            table.pivot.values.flatMap { measure in
              parts.map { part in text(part, measure, row: row, column: column) ?? "–" }
            }
          }
      }
  }

  public var json: JSON {
    let days = past.flatMap { change in
      change.then.pivot.days.map { JSON.object(["from": .string("\($0.lowerBound)"), "to": .string("\($0.upperBound)")]) }
    }
    return .object([
      "pivot": PivotForm.json(table.pivot), "definitions": definitions?.json, "compared": days,
      "columns": .array(table.columns.map { .array($0.map(JSON.string)) }),
      "rows": .array(
        table.rows.indices.map { row in
          .object([
            "labels": .array(table.rows[row].labels.map(JSON.string)), "values": values(.now, row: row),
            "before": past.map { _ in values(.before, row: row) }, "change": past.map { _ in values(.change, row: row) },
          ])
        }), "notes": notes.isEmpty ? nil : .array(notes.map(JSON.string)),
    ])
  }

  /// By column, then by value.
  private func values(_ part: Part, row: Int) -> JSON {
    .array(
      table.columns.indices.map { column in
        .array(
          table.pivot.values.map { measure in text(part, measure, row: row, column: column).map(JSON.string) ?? .null })
      })
  }
}
