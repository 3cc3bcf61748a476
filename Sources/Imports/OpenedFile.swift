import Kernel
import Storage
import Tables

/// A file whose header is known.
public struct OpenedFile: Sendable {
  let file: ImportFile
  public let mapping: ImportMapping
  /// Fingerprint of the file and everything that decides what it means.
  private(set) var key: String
  /// Lines of the file, for whoever shows progress.
  public let lines: Int
  let header: [String]
  let separator: Separator

  /// Reads the whole file once for its fingerprint, and the header.
  /// - Throws: `Problem` where it is no table; what reading the file throws.
  public init(_ file: ImportFile, _ mapping: ImportMapping) async throws {
    let (file, isWorkbook) = try await file.asTable()
    let mapping = isWorkbook ? mapping.ofWorkbook : mapping
    self.file = file
    self.mapping = mapping
    (key, lines) = try await file.fingerprint(mapping)
    var reader = TableReader(encoding: mapping.shape.encoding, separator: mapping.shape.separator)
    var offset: Int64 = 0
    do {
      repeat {
        let bytes = try await file.read(offset, ImportFile.piece)
        offset += Int64(bytes.count)
        _ = try reader.block(bytes, isLast: bytes.isEmpty || offset >= file.size)
      } while reader.header.isEmpty && offset < file.size
    } catch let fault as TableFault {
      throw ImportRun.refusal(fault)
    }
    header = reader.header
    separator = reader.separator ?? .comma
  }

  /// Into one programme and into another are two imports.
  func into(_ programme: ProgrammeID?) -> OpenedFile {
    var opened = self
    if let programme { opened.key += " \(programme)" }
    return opened
  }

  var fresh: TableReader { TableReader(encoding: mapping.shape.encoding, separator: mapping.shape.separator) }

  func reader(at offset: Int64, line: Int) -> TableReader {
    TableReader(encoding: mapping.shape.encoding, separator: separator, header: header, offset: offset, line: line)
  }

  /// What was refused when the chunk was read and when it was written, one entry a record and fault, in the order of the file.
  func refusals<Item>(_ chunk: Chunk<Item>, _ outcome: Outcome) -> [Refusal] {
    var notes = chunk.notes
    let before = notes.refusals.count
    for refused in outcome.refused {
      let rows = chunk.rows[refused.item]
      let first = notes.refusals.count
      notes.refuse(rows.lowerBound, refused.column, refused.reason)
      notes.refuseOthers(of: rows, since: first, chunk.block)
    }
    return before == notes.refusals.count && before < 2 ? notes.refusals : notes.refusals.sorted { $0.row < $1.row }
  }

  /// The counts after a chunk, and what it adds to the file of refused records.
  func tally<Item>(_ before: ImportTally, after chunk: Chunk<Item>, _ outcome: Outcome) -> ImportTally {
    var tally = before
    tally.add(outcome, chunk.notes)
    tally.records += chunk.records
    tally.offset = chunk.offset
    tally.line = chunk.line
    tally.refusedBytes += Int64(before.refusedTail.utf8.count)
    let refusals = refusals(chunk, outcome)
    tally.refused += Set(refusals.map(\.row)).count
    tally.refusedTail = table(of: refusals, chunk.block, withHeader: before.refused == 0)
    return tally
  }

  /// `line,column,reason` and the record as it stood: mended, such a file can be imported with the same mapping.
  private func table(of refusals: [Refusal], _ block: TableBlock, withHeader: Bool) -> String {
    guard !refusals.isEmpty else { return "" }
    var writer = TableWriter(separator: separator)
    if withHeader {
      for name in ["line", "column", "reason"] + header { writer.field(name) }
      writer.endRecord()
    }
    var index = 0
    while index < refusals.count {
      let row = refusals[index].row
      let same = refusals[index...].prefix { $0.row == row }
      writer.field(String(block.line(row)))
      writer.field(same.map(\.column).filter { !$0.isEmpty }.joined(separator: "; "))
      writer.field(same.map(\.reason).joined(separator: "; "))
      writer.fields(asWritten: block.source(row))
      writer.endRecord()
      index += same.count
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
