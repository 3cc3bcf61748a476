import CPostgres
import Storage

/// One answer of the server; freed with this value.
@safe final class PostgresResult {
  private let handle: OpaquePointer
  let status: ExecStatusType

  init(_ handle: OpaquePointer) {
    unsafe self.handle = handle
    status = unsafe PQresultStatus(handle)
  }

  deinit { unsafe PQclear(handle) }

  /// The five characters that name an error; empty when the connection itself broke.
  var state: String { unsafe PQresultErrorField(handle, Int32(UInt8(ascii: "C"))).map { unsafe String(cString: $0) } ?? "" }

  /// The server's sentence, without the detail line, which may quote values of people.
  var message: String {
    let primary = unsafe PQresultErrorField(handle, Int32(UInt8(ascii: "M"))).map { unsafe String(cString: $0) }
    return unsafe primary ?? String(cString: PQresultErrorMessage(handle))
  }

  /// Rows changed by an insert, update or delete; else 0.
  var changes: Int { unsafe PQcmdTuples(handle).flatMap { unsafe Int(String(cString: $0)) } ?? 0 }

  var rowCount: Int32 { unsafe PQntuples(handle) }

  /// - Throws: `StorageFailure.statement` where a column is of a type we do not store.
  func rows() throws -> [Row] {
    let columns = unsafe PQnfields(handle)
    let types = (0..<columns).map { unsafe PQftype(handle, $0) }
    return try (0..<rowCount).map { row in
      Row(try (0..<columns).map { try value(row, $0, types[Int($0)]) })
    }
  }

  private func value(_ row: Int32, _ column: Int32, _ type: Oid) throws -> Value {
    guard unsafe PQgetisnull(handle, row, column) == 0, let start = unsafe PQgetvalue(handle, row, column) else { return .null }
    let count = unsafe Int(PQgetlength(handle, row, column))
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    switch type {
    case PostgresType.int8: return .int(unsafe Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
    case PostgresType.int4: return .int(unsafe Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))))
    case PostgresType.int2: return .int(unsafe Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self))))
    case PostgresType.bool: return .int(unsafe bytes[0] == 0 ? 0 : 1)
    case PostgresType.text, PostgresType.varchar, PostgresType.name: return .text(unsafe String(decoding: bytes, as: UTF8.self))
    case PostgresType.bytea: return .bytes(unsafe [UInt8](bytes))
    default:
      throw StorageFailure.statement("column \(column + 1) has type \(type); cast it to bigint, text or bytea (as sums need)")
    }
  }
}
