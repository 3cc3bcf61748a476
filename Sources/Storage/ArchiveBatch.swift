/// Rows of one table on their way into frames.
struct ArchiveBatch {
  private let file: ByteFile
  private let progress: (Int) -> Void
  private var rows: [[Value]] = []
  private var size = 0
  /// Rows written so far.
  private(set) var count = 0

  /// Rows of one frame at most.
  private static let longest = 2_000

  init(_ file: ByteFile, _ progress: @escaping (Int) -> Void) {
    self.file = file
    self.progress = progress
  }

  mutating func add(_ row: Row) throws {
    rows.append(row.values)
    for value in row.values {
      switch value {
      case .null, .int: size += 9
      case .text(let text): size += 9 + text.utf8.count
      case .bytes(let bytes): size += 9 + bytes.count
      }
    }
    if size >= ArchiveFrame.size || rows.count >= Self.longest { try flush() }
  }

  mutating func flush() throws {
    guard !rows.isEmpty else { return }
    try ArchiveFrame.rows(rows).write(to: file)
    count += rows.count
    progress(count)
    rows.removeAll(keepingCapacity: true)
    size = 0
  }
}
