import Access
import Kernel
import Loyalty
import Storage
import Tables

/// Certificates that another system sold, with what is left on each.
struct CertificateIntake: Intake {
  typealias Item = OpeningCertificate

  static let fields = ["code", "series", "balance", "until", "soldAt"]

  let groupedBy: [Int] = []
  /// Four statements and one for each certificate, so fewer than of what is written in bulk.
  var chunkRecords: Int { Limits.bulk }

  private let certificates: Certificates
  private let programme: Programme
  private let zone: Zone
  private let code, series, balance: BoundSource
  private let until, soldAt: BoundSource?

  init(
    _ mapping: ImportMapping, header: [String], _ desk: ImportDesk, zones: (String) throws(Problem) -> Zone
  ) throws(Problem) {
    let map = FieldMap(mapping, header: header, known: Self.fields)
    map.node.expect("import", "file", "zone", "fields")
    let required = ["code", "series", "balance"].map { map.required($0) }
    until = map.optional("until")
    soldAt = map.optional("soldAt")
    zone = map.zone(mapping, zones)
    try map.check()
    guard let code = required[0], let series = required[1], let balance = required[2] else {
      throw Problem(.invalid, "missing", "the mapping lacks a field that certificates need")
    }
    (self.code, self.series, self.balance) = (code, series, balance)
    programme = desk.programme
    certificates = desk.receipts.certificates
  }

  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> OpeningCertificate? {
    let row = rows.lowerBound
    guard let code = notes.text(code, block, row), let series = notes.text(series, block, row) else { return nil }
    let digits = programme.settings.terms.currency.digits
    guard let minor = notes.value(row, { () throws(CellFault) in try balance.decimal(block, row, digits: digits) }) else {
      if balance.text(block, row) == nil { notes.refuse(row, balance.column, "what is left on it is missing; nothing is 0") }
      return nil
    }
    let last = notes.value(row) { () throws(CellFault) in try until?.day(block, row) }
    let sold = notes.value(row) { () throws(CellFault) in try soldAt?.day(block, row) }
    return OpeningCertificate(
      code: code, series: series, balance: Money(minor: minor),
      until: last.map { zone.instant($0.adding(days: 1)) }, soldAt: sold.map { zone.instant($0) })
  }

  func write(_ items: [OpeningCertificate], by change: Change, in tx: inout Transaction) throws -> Outcome {
    try inBulk(items) { part in
      let opened = try certificates.open(part, by: change, in: &tx)
      var outcome = Outcome()
      (outcome.made, outcome.unchanged) = (opened.made, opened.unchanged)
      outcome.refused = opened.refused.map { (item: $0.row, column: $0.field, reason: $0.reason) }
      return outcome
    }
  }
}
