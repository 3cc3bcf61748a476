import Access
import Kernel
import Tables

extension Door {
  /// A table as a file, as CSV and as XLSX: two addresses that end so, with one query.
  static func file(
    _ path: String, _ right: Right?, _ table: @escaping @Sendable (Visit) async throws -> TableFile
  ) -> [Door] {
    TableFile.Format.allCases.map { format in
      .page("\(path).\(format.rawValue)", right) { visit in Answer(try await table(visit), as: format) }
    }
  }
}

extension Answer {
  /// A file to keep; written while it is read, so that its length does not matter.
  init(_ file: TableFile, as format: TableFile.Format) {
    self.init(200, [], type: format.type)
    headers.append(("Content-Disposition", "attachment; filename=\"\(file.name).\(format.rawValue)\""))
    stream = { out in try await file.write(as: format) { bytes in try await out.write(bytes) } }
  }
}

extension Reader {
  /// Beside a table or a chart: the ways to its files. - Parameter query: with its `?`; empty for none.
  func files(_ path: String, _ query: String = "") -> Markup {
    let links = TableFile.Format.allCases.map { format -> Markup in
      "<a class=\"text-link\" href=\"\(path).\(format.rawValue)\(query)\" download>\(format.rawValue.uppercased())</a>"
    }
    return "<span class=\"row\">\(Icon.download.small)\(links)</span>"
  }

  /// Columns of amounts, with the sign of this reader's currency.
  func moneyColumn(_ code: String, _ title: String) -> TableFile.Column {
    .init(code, title, .money(digits: currency.digits, sign: sign))
  }

  func pointsColumn(_ code: String, _ title: String) -> TableFile.Column { .init(code, title, .number(digits: pointsScale)) }

  func countColumn(_ code: String, _ title: String) -> TableFile.Column { .init(code, title, .number(digits: 0)) }
}

extension TableFile.Cell {
  static func money(_ money: Money) -> Self { .number(money.minor) }
  /// Nothing where there is none.
  static func moment(_ at: Instant?) -> Self { at.map { .moment($0) } ?? .empty }
  static func points(_ points: Points) -> Self { .number(points.units) }
  static func count(_ count: Int) -> Self { .number(Int64(count)) }
}
