import Crypto
import Kernel
import Storage
import Tables

/// A file that is read in pieces. The front door opens one of the disk, the console one of the database; a test keeps it in memory.
public struct ImportFile: Sendable {
  public let size: Int64
  /// At most `count` bytes from `offset` on; fewer only at the end.
  let read: @Sendable (_ offset: Int64, _ count: Int) async throws -> [UInt8]

  public init(size: Int64, read: @escaping @Sendable (_ offset: Int64, _ count: Int) async throws -> [UInt8]) {
    self.size = size
    self.read = read
  }

  /// A file in memory.
  public init(_ bytes: [UInt8]) {
    self.init(size: Int64(bytes.count)) { offset, count in Array(bytes.dropFirst(Int(offset)).prefix(count)) }
  }

  static var piece: Int { 1 << 20 }

  /// A workbook as the table on its first sheet; any other file as it is.
  /// - Throws: `Problem.invalid` (`unreadable_workbook`).
  func asTable() async throws -> (file: ImportFile, isWorkbook: Bool) {
    guard Workbook.isOne(try await read(0, 4)) else { return (self, false) }
    guard size <= Int64(Limits.workbook) else { throw WorkbookProblem.tooLarge }
    return (ImportFile(try WorkbookProblem.table(await read(0, Int(size)))), true)
  }

  /// What tells this file, read by this mapping, from any other; and how many lines it has.
  func fingerprint(_ mapping: ImportMapping) async throws -> (key: String, lines: Int) {
    var hash = SHA256()
    hash.update(data: Array(mapping.document.compact.utf8))
    hash.update(data: [0])
    var lines = 0
    var offset: Int64 = 0
    while offset < size {
      let bytes = try await read(offset, Self.piece)
      if bytes.isEmpty { break }
      hash.update(data: bytes)
      lines += lineFeeds(bytes)
      offset += Int64(bytes.count)
    }
    let digits = Array("0123456789abcdef".utf8)
    let key = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return (String(decoding: key, as: UTF8.self), lines)
  }
}

/// Where refused records go: a table that, once mended, can be imported with the same mapping.
public struct RefusedFile: Sendable {
  /// Cuts the file to this length (making it where it is missing).
  public let truncate: @Sendable (_ length: Int64) async throws -> Void
  /// Adds to its end and sees that it is on the disk.
  public let append: @Sendable (_ bytes: [UInt8]) async throws -> Void

  public init(cut: @escaping @Sendable (Int64) async throws -> Void, add: @escaping @Sendable ([UInt8]) async throws -> Void) {
    truncate = cut
    append = add
  }
}

private func lineFeeds(_ bytes: [UInt8]) -> Int {
  var count = 0
  for byte in bytes where byte == 0x0a { count += 1 }
  return count
}
