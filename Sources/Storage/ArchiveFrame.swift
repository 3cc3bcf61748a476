import Kernel

/// The parts of an archive. The first byte of a body says which.
///
/// A frame on disk: four letters `RGAR`, length (4 bytes, most significant first), checksum (8 bytes), body.
enum ArchiveFrame {
  /// The schema's number and when the archive was made.
  case head(schema: Int, madeAt: Instant)
  /// Rows of this table follow.
  case table(name: String, columns: [String])
  case rows([[Value]])
  /// Nothing follows. An archive without it was cut off.
  case end(rows: Int)

  private static let mark = Array("RGAR".utf8)
  private static let format: UInt8 = 1
  /// No frame that we write is much longer than this, save one row that is.
  static let size = 1 << 20
  /// Longest frame that is read: damage must not ask for all memory.
  private static let longest = 1 << 30

  func write(to file: ByteFile) throws {
    let body = encoded()
    var head = Self.mark
    for shift in stride(from: 24, through: 0, by: -8) { head.append(UInt8(truncatingIfNeeded: body.count >> shift)) }
    let checksum = Self.checksum(body)
    for shift in stride(from: UInt64(56), through: 0, by: -8) { head.append(UInt8(truncatingIfNeeded: checksum >> shift)) }
    try file.write(head)
    try file.write(body)
  }

  private static func checksum(_ body: [UInt8]) -> UInt64 {
    var hash = StableHash()
    hash.mix(body)
    return hash.value
  }

  /// The next frame. - Throws: `StorageFailure.damaged` where a byte is not what was written, or nothing is left.
  static func read(from file: ByteFile) throws -> ArchiveFrame {
    let head = try file.read(16)
    guard head.count == 16, Array(head[..<4]) == mark else { throw damaged(file, "a frame does not begin where it should") }
    let length = head[4..<8].reduce(0) { $0 << 8 | Int($1) }
    let sum = head[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= longest else { throw damaged(file, "a frame of \(length) bytes") }
    let body = try file.read(length)
    guard body.count == length, sum == checksum(body) else { throw damaged(file, "a checksum does not fit") }
    do {
      return try decoded(body)
    } catch { throw damaged(file, "\(error)") }
  }

  private static func damaged(_ file: ByteFile, _ what: String) -> StorageFailure {
    .damaged("the archive \(file.path): \(what)")
  }

  private func encoded() -> [UInt8] {
    switch self {
    case .head(let schema, let madeAt):
      var writer = ByteWriter(version: 1)
      writer.byte(Self.format)
      writer.count(schema)
      writer.signed(madeAt.micros)
      return writer.bytes
    case .table(let name, let columns):
      var writer = ByteWriter(version: 2)
      writer.text(name)
      writer.count(columns.count)
      for column in columns { writer.text(column) }
      return writer.bytes
    case .rows(let rows):
      var writer = ByteWriter(version: 3, reserving: Self.size)
      writer.count(rows.count)
      writer.count(rows.first?.count ?? 0)
      for row in rows { for value in row { writer.value(value) } }
      return writer.bytes
    case .end(let rows):
      var writer = ByteWriter(version: 4)
      writer.count(rows)
      return writer.bytes
    }
  }

  private static func decoded(_ body: [UInt8]) throws -> ArchiveFrame {
    var reader = try ByteReader(body)
    switch reader.version {
    case 1:
      guard try reader.byte() == format else { throw StorageFailure.statement("made by a newer program") }
      return .head(schema: Int(try reader.unsigned()), madeAt: Instant(micros: try reader.signed()))
    case 2:
      let name = try reader.text()
      let count = try reader.count()
      return .table(name: name, columns: try (0..<count).map { _ in try reader.text() })
    case 3:
      let count = try reader.count()
      let width = try reader.count()
      return .rows(try (0..<count).map { _ in try (0..<width).map { _ in try reader.value() } })
    case 4: return .end(rows: Int(try reader.unsigned()))
    default: throw StorageFailure.statement("a frame of unknown kind \(reader.version)")
    }
  }
}

extension ByteWriter {
  fileprivate mutating func value(_ value: Value) {
    switch value {
    case .null: byte(0)
    case .int(let number):
      byte(1)
      signed(number)
    case .text(let content):
      byte(2)
      text(content)
    case .bytes(let content):
      byte(3)
      blob(content)
    }
  }
}

extension ByteReader {
  fileprivate mutating func value() throws -> Value {
    switch try byte() {
    case 0: return .null
    case 1: return .int(try signed())
    case 2: return .text(try text())
    case 3: return .bytes(try blob())
    case let kind: throw StorageFailure.statement("a value of unknown kind \(kind)")
    }
  }
}
