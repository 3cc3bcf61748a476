import Calculator
import Cube
import Kernel
import Tables

/// The answer to a pivot as a table: rows with their sub-totals as on the screen, a column for every pair of column and value.
public struct PivotSheet: Sendable {
  private let table: PivotTable
  private let names: PivotNames
  private let amounts: AmountForm
  private let language: ReportLanguage
  private let zone: Zone

  public init(_ table: PivotTable, _ names: PivotNames, _ amounts: AmountForm, _ language: ReportLanguage, zone: Zone) {
    (self.table, self.names, self.amounts, self.language, self.zone) = (table, names, amounts, language, zone)
  }

  /// What a reader has to know of it.
  public var notes: [String] { table.pivot.notes(names.title).map { $0[language] } }

  /// Totals of everything come last on paper.
  private var order: [Int] { Array(table.rows.indices.dropFirst()) + [0] }

  /// - Throws: `Problem.invalid` where it would have more columns than a table can.
  public func file(named name: String, title: String, sign: String) throws(Problem) -> TableFile {
    let dimensions = table.pivot.rows
    let columns = table.columns
    guard dimensions.count + columns.count * table.pivot.values.count <= Limits.tableColumns else {
      throw Problem(
        .invalid, "too_many_columns",
        "the table would have more than \(Limits.tableColumns) columns; put one of the dimensions into rows, or filter")
    }
    var heads = dimensions.map { TableFile.Column($0.rawValue, names.title($0)[language], .text) }
    for key in columns {
      for measure in table.pivot.values {
        let words = names.texts(key, table.pivot.columns)
        let code = (key + [measure.rawValue]).joined(separator: " ")
        let title = ((words.isEmpty && !table.pivot.columns.isEmpty ? [Self.total[language]] : words) + [measure.title[language]])
          .joined(separator: " · ")
        heads.append(TableFile.Column(code, title, kind(measure, sign)))
      }
    }
    return TableFile(name, title: title, columns: heads, zone: zone, rows: order.map { cells(of: $0) })
  }

  static let total = LocalText(ru: "Итого", en: "Total")

  private func cells(of row: Int) -> [TableFile.Cell] {
    let labels = names.texts(table.rows[row].labels, table.pivot.rows)
    var cells: [TableFile.Cell] = table.pivot.rows.indices.map { place in
      if place < labels.count { return .text(labels[place]) }
      return place == labels.count ? .text(Self.total[language]) : .empty
    }
    for column in table.columns.indices {
      for measure in table.pivot.values {
        cells.append(table.value(measure, row: row, column: column).map { .number($0) } ?? .empty)
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

  /// For a terminal.
  public var lines: [[String]] {
    var head = table.pivot.rows.map { $0.title[language] }
    for key in table.columns {
      for measure in table.pivot.values {
        head.append((names.texts(key, table.pivot.columns) + [measure.title[language]]).joined(separator: " "))
      }
    }
    return [head]
      + order.map { row in
        let labels = names.texts(table.rows[row].labels, table.pivot.rows)
        let first = table.pivot.rows.indices.map { $0 < labels.count ? labels[$0] : $0 == labels.count ? Self.total[language] : "" }
        return first
          + table.columns.indices.flatMap { column in
            table.pivot.values.map { measure in table.value(measure, row: row, column: column).map { text($0, measure) } ?? "–" }
          }
      }
  }

  public var json: JSON {
    .object([
      "pivot": PivotForm.json(table.pivot), "columns": .array(table.columns.map { .array($0.map(JSON.string)) }),
      "rows": .array(
        table.rows.indices.map { row in
          .object([
            "labels": .array(table.rows[row].labels.map(JSON.string)),
            "values": .array(
              table.columns.indices.map { column in
                .array(
                  table.pivot.values.map { measure in
                    table.value(measure, row: row, column: column).map { .string(text($0, measure)) } ?? .null
                  })
              }),
          ])
        }), "notes": notes.isEmpty ? nil : .array(notes.map(JSON.string)),
    ])
  }
}
