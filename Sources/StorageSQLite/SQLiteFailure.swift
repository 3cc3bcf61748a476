import GRDB
import GRDBSQLite
import Storage

/// What SQLite said, as a failure that tells an operator what to do. The connection's own message names tables and columns, never
/// values, so it is safe in a log.
func failure(_ code: Int32, of database: OpaquePointer?, _ act: String) -> StorageFailure {
  let message = unsafe database.map { unsafe String(cString: sqlite3_errmsg($0)) } ?? "no memory"
  return failure(code, message, act)
}

func failure(_ code: Int32, _ message: String, _ act: String) -> StorageFailure {
  let cause = "\(message), code \(code), in: \(act.prefix(300))"
  switch code & 0xff {
  case SQLITE_FULL: return .diskFull(cause)
  case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM: return .readOnly(cause)
  case SQLITE_CORRUPT, SQLITE_NOTADB: return .damaged(cause)
  case SQLITE_CONSTRAINT: return .constraint(cause)
  case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT: return .busy(cause)
  case SQLITE_IOERR: return .connectionLost("the disk did not read or write; \(cause)")
  default: return .statement(cause)
  }
}

/// Passes errors of ours on and translates GRDB's.
func translated(_ error: any Error, _ act: String) -> any Error {
  guard let error = error as? DatabaseError else { return error }
  return failure(error.extendedResultCode.rawValue, error.message ?? "no message", act)
}
