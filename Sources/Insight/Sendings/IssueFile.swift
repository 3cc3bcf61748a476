import Calculator
import Kernel
import Loyalty
import Tables

extension ReportIssue {
  /// The whole answer as a file: a pivot's table, or a sheet for each part of a ready report.
  /// - Throws: `Problem.invalid` where a table would be too wide.
  func file(_ said: (title: String, sign: String)) throws(Problem) -> TableFile {
    let (amounts, zone) = (AmountForm(programme.settings.terms), programme.settings.points.zone)
    switch found {
    case .pivot(let table, let before, let names):
      var sheet = PivotSheet(table, before: before, names, amounts, schedule.language, zone: zone)
      sheet.definitions = notes
      return try sheet.file(named: "report", title: said.title, sign: said.sign)
    case .ready(let sheet): return try sheet.file(amounts, schedule.language, sign: said.sign, zone: zone)
    }
  }
}

extension ReportSheet {
  /// Every part on a sheet of its own, and what the words mean behind them.
  /// - Throws: `Problem.invalid` where a part would be too wide for a table.
  public func file(_ amounts: AmountForm, _ language: ReportLanguage, sign: String, zone: Zone) throws(Problem) -> TableFile {
    var files: [TableFile] = []
    for part in parts { files.append(try ReportTable(self, part, amounts, language).file(sign: sign, zone: zone)) }
    guard var file = files.first else {
      throw Problem(.notFound, "nothing_to_tell", "the report has nothing to tell of these days")
    }
    file.further = Array(files.dropFirst())
    return file
  }
}
