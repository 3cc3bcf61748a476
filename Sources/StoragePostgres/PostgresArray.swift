import CPostgres
import Storage

/// A column of many rows as one array, in PostgreSQL's binary form: dimensions, whether there are nulls, type, length, lower bound,
/// then each element behind its length.
enum PostgresArray {
  static func name(_ kind: Column.Kind) -> String {
    switch kind {
    case .integer: "bigint"
    case .text: "text"
    case .bytes: "bytea"
    }
  }

  static func type(_ kind: Column.Kind) -> Oid {
    switch kind {
    case .integer: 1016
    case .text: 1009
    case .bytes: 1001
    }
  }

  static let types: Set<Oid> = [1016, 1009, 1001]

  private static func element(_ kind: Column.Kind) -> Oid {
    switch kind {
    case .integer: PostgresType.int8
    case .text: PostgresType.text
    case .bytes: PostgresType.bytea
    }
  }

  static func encode(_ rows: ArraySlice<[Value]>, column: Int, _ kind: Column.Kind) -> Value {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20 + rows.count * 16)
    bytes.append(bigEndian: Int32(1))
    bytes.append(bigEndian: Int32(1))
    bytes.append(bigEndian: element(kind))
    bytes.append(bigEndian: Int32(rows.count))
    bytes.append(bigEndian: Int32(1))
    for row in rows { append(row[column], to: &bytes) }
    return .bytes(bytes)
  }

  private static func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(bigEndian: Int32(-1))
    case .int(let number):
      bytes.append(bigEndian: Int32(8))
      bytes.append(bigEndian: number)
    case .text(let text):
      bytes.append(bigEndian: Int32(text.utf8.count))
      bytes.append(contentsOf: text.utf8)
    case .bytes(let content):
      bytes.append(bigEndian: Int32(content.count))
      bytes.append(contentsOf: content)
    }
  }
}
