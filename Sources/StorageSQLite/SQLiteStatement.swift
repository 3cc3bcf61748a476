import Foundation
import GRDBSQLite
import Storage

/// One prepared statement. Belongs to one connection and its thread.
@safe final class SQLiteStatement {
  /// What a statement does to the file, as far as undoing is concerned.
  enum Effect { case reads, changesRows, changesSchema }

  let effect: Effect
  private let handle: OpaquePointer
  /// The `n` of the `$n` that each of SQLite's parameters stands for; nil where they come in order.
  private let order: [Int]?
  private let parameters: Int
  let columns: Int32

  init(_ text: String, on database: OpaquePointer) throws {
    var text = text
    var handle: OpaquePointer?
    var rest = 0
    let code = text.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { chars in
        var tail: UnsafePointer<CChar>?
        let code = unsafe sqlite3_prepare_v3(
          database, chars.baseAddress, Int32(chars.count), UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
        if let tail = unsafe tail, let start = chars.baseAddress { rest = unsafe chars.count - (tail - start) }
        return code
      }
    }
    guard code == SQLITE_OK, let handle = unsafe handle else { throw unsafe failure(code, of: database, text) }
    unsafe self.handle = handle
    guard rest == 0 else {
      unsafe sqlite3_finalize(handle)
      throw StorageFailure.statement("more than one statement in one text: \(text)")
    }
    columns = unsafe sqlite3_column_count(handle)
    parameters = unsafe Int(sqlite3_bind_parameter_count(handle))
    order = unsafe Self.order(of: handle, count: parameters)
    effect = unsafe sqlite3_stmt_readonly(handle) != 0 ? .reads : Self.effect(of: text)
  }

  deinit { unsafe sqlite3_finalize(handle) }

  private static func order(of handle: OpaquePointer, count: Int) -> [Int]? {
    let numbers = (0..<count).map { index -> Int in
      guard let name = unsafe sqlite3_bind_parameter_name(handle, Int32(index + 1)) else { return index }
      return (Int(unsafe String(cString: name).dropFirst()) ?? index + 1) - 1
    }
    return numbers.elementsEqual(0..<count) ? nil : numbers
  }

  private static func effect(of text: String) -> Effect {
    let word = text.drop { $0.isWhitespace }.prefix { $0.isLetter }.lowercased()
    return ["insert", "update", "delete", "with", "replace"].contains(word) ? .changesRows : .changesSchema
  }

  func bind(_ binds: [Value]) throws {
    guard let order else {
      guard parameters == binds.count else { throw wrongCount(binds.count) }
      for index in 0..<parameters { try bind(binds[index], at: Int32(index + 1)) }
      return
    }
    guard order.allSatisfy({ $0 < binds.count }) else { throw wrongCount(binds.count) }
    for (index, number) in order.enumerated() { try bind(binds[number], at: Int32(index + 1)) }
  }

  private func wrongCount(_ count: Int) -> StorageFailure {
    .statement("\(parameters) parameters, \(count) values: \(unsafe String(cString: sqlite3_sql(handle)))")
  }

  private func bind(_ value: Value, at index: Int32) throws {
    let copy = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    let code: Int32
    switch value {
    case .null: code = unsafe sqlite3_bind_null(handle, index)
    case .int(let number): code = unsafe sqlite3_bind_int64(handle, index, number)
    case .text(var text):
      code = text.withUTF8 { bytes in
        // PostgreSQL cannot keep a NUL, so neither do we.
        if let start = bytes.baseAddress, unsafe memchr(start, 0, bytes.count) != nil { return SQLITE_MISMATCH }
        return unsafe bytes.withMemoryRebound(to: CChar.self) { chars in
          unsafe sqlite3_bind_text64(
            handle, index, chars.baseAddress, UInt64(chars.count), copy, UInt8(SQLITE_UTF8))
        }
      }
    case .bytes(let bytes):
      code =
        bytes.isEmpty
        ? unsafe sqlite3_bind_zeroblob(handle, index, 0)
        : unsafe bytes.withUnsafeBytes { unsafe sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), copy) }
    }
    guard code != SQLITE_MISMATCH else { throw StorageFailure.statement("value \(index) is a text with a NUL character in it") }
    guard code == SQLITE_OK else { throw unsafe failure(code, of: sqlite3_db_handle(handle), "binding value \(index)") }
  }

  /// True when there is a row.
  func step() throws -> Bool {
    let code = unsafe sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw unsafe failure(code, of: sqlite3_db_handle(handle), String(cString: sqlite3_sql(handle)))
  }

  func reset() { unsafe sqlite3_reset(handle) }

  func row() -> Row {
    Row((0..<columns).map { value(at: $0) })
  }

  private func value(at column: Int32) -> Value {
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: return .int(unsafe sqlite3_column_int64(handle, column))
    case SQLITE_TEXT:
      guard let start = unsafe sqlite3_column_text(handle, column) else { return .text("") }
      let count = unsafe Int(sqlite3_column_bytes(handle, column))
      return .text(unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      guard let start = unsafe sqlite3_column_blob(handle, column) else { return .bytes([]) }
      let count = unsafe Int(sqlite3_column_bytes(handle, column))
      return .bytes(unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count)))
    case SQLITE_NULL: return .null
    default: preconditionFailure("a fraction came out of the database: money and counts are integers")
    }
  }
}
