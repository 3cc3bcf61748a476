import Kernel

/// Reads JSON that we ourselves wrote into a column.
/// - Throws: `StorageFailure.damaged`, naming the column, where it is no JSON any more.
public func storedJSON(_ text: String, in column: String) throws -> JSON {
  do {
    return try JSON.parse(text)
  } catch {
    throw StorageFailure.damaged("\(column) holds no JSON: line \(error.line), column \(error.column): \(error.message)")
  }
}
