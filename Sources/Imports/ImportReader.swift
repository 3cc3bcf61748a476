import Kernel
import Storage
import Tables

/// A piece of a file that goes into one transaction: what it says, and what is wrong with it.
struct Chunk<Item: Sendable>: Sendable {
  let items: [Item]
  /// The records that each item was read from.
  let rows: [Range<Int>]
  let block: TableBlock
  let notes: Notes
  let records: Int
  /// Where the file goes on behind the chunk.
  let offset: Int64
  let line: Int

  func with<Other>(_ items: [Other]) -> Chunk<Other> {
    Chunk<Other>(items: items, rows: rows, block: block, notes: notes, records: records, offset: offset, line: line)
  }
}

/// Reads a file and prepares what it says, ahead of the transactions that write it.
actor ImportReader<I: Intake> {
  private let file: ImportFile
  private let database: any Database
  private let intake: I
  private var reader: TableReader
  private var position: Int64
  private var isAtEnd = false
  /// The block under way, and its first record that is in no chunk yet.
  private var block: TableBlock?
  private var row = 0
  private let chunkRecords: Int

  init(
    _ file: ImportFile, for database: any Database, _ intake: I, _ reader: TableReader, from position: Int64, chunkRecords: Int
  ) {
    self.file = file
    self.database = database
    self.intake = intake
    self.reader = reader
    self.position = position
    self.chunkRecords = chunkRecords
  }

  /// Nil at the end of the file.
  func next() async throws -> Chunk<I.Ready>? {
    while true {
      if let block, row < block.count {
        let chunk = chunk(of: block)
        return chunk.with(try await intake.prepare(chunk.items, in: database))
      }
      if isAtEnd { return nil }
      let bytes = try await file.read(position, ImportFile.piece)
      position += Int64(bytes.count)
      isAtEnd = bytes.isEmpty || position >= file.size
      block = try reader.block(bytes, isLast: isAtEnd, groupedBy: intake.groupedBy)
      row = 0
    }
  }

  private func chunk(of block: TableBlock) -> Chunk<I.Item> {
    let first = row
    var notes = Notes(header: reader.header)
    var items: [I.Item] = []
    var rows: [Range<Int>] = []
    while row < block.count, row - first < chunkRecords {
      let group = group(at: row, in: block)
      if let item = read(group, block, &notes) {
        items.append(item)
        rows.append(group)
      }
      row = group.upperBound
    }
    let line = row < block.count ? block.line(row) : block.endLine
    return Chunk(items: items, rows: rows, block: block, notes: notes, records: row - first, offset: block.offset(row), line: line)
  }

  private func group(at row: Int, in block: TableBlock) -> Range<Int> {
    var end = row + 1
    if intake.groupedBy.isEmpty { return row..<end }
    let columns = intake.groupedBy
    while end < block.count, columns.allSatisfy({ block.isSame($0, end, row) }) { end += 1 }
    return row..<end
  }

  /// A fault of one record refuses all that belong to it: half a receipt would be a lie.
  private func read(_ group: Range<Int>, _ block: TableBlock, _ notes: inout Notes) -> I.Item? {
    let before = notes.refusals.count
    for row in group { if let fault = block.fault(row) { notes.refuse(row, fault.column, fault.description) } }
    guard notes.refusals.count == before else {
      notes.refuseOthers(of: group, since: before, block)
      return nil
    }
    guard let item = intake.read(block, group, &notes), notes.refusals.count == before else {
      notes.refuseOthers(of: group, since: before, block)
      return nil
    }
    return item
  }
}

extension Notes {
  /// Refuses the rows of a group that have no fault of their own, naming the line that has.
  mutating func refuseOthers(of group: Range<Int>, since first: Int, _ block: TableBlock) {
    guard group.count > 1, first < refusals.count else { return }
    let faulty = Set(refusals[first...].map(\.row))
    let line = block.line(refusals[first].row)
    for row in group where !faulty.contains(row) { refuse(row, "", "it belongs together with line \(line), which is refused") }
  }
}
