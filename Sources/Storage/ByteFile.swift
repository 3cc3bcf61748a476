#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of bytes, read or written from beginning to end on a driver's thread. Closed with this value.
@safe final class ByteFile {
  let path: String
  private let stream: UnsafeMutablePointer<FILE>

  /// Makes a new file for its owner alone. - Throws: `StorageFailure.readOnly` where there is one or the folder cannot be written.
  convenience init(making path: String) throws {
    let mask = umask(0o077)
    defer { umask(mask) }
    try self.init(path, "wxe")
  }

  convenience init(reading path: String) throws { try self.init(path, "re") }

  private init(_ path: String, _ mode: String) throws {
    guard let stream = unsafe fopen(path, mode) else { throw Self.failure("opening", path) }
    self.path = path
    unsafe self.stream = stream
  }

  deinit { unsafe fclose(stream) }

  func write(_ bytes: [UInt8]) throws {
    guard unsafe fwrite(bytes, 1, bytes.count, stream) == bytes.count else { throw Self.failure("writing", path) }
  }

  /// So many bytes; fewer only at the end of the file.
  func read(_ count: Int) throws -> [UInt8] {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = unsafe fread(buffer.baseAddress, 1, count, stream)
    }
    guard unsafe bytes.count == count || ferror(stream) == 0 else { throw Self.failure("reading", path) }
    return bytes
  }

  /// Waits until the disk has it.
  func sync() throws {
    guard unsafe fflush(stream) == 0, unsafe fsync(fileno(stream)) == 0 else { throw Self.failure("storing", path) }
  }

  /// The file takes another name; one that is there is not replaced.
  static func rename(_ from: String, to path: String) throws {
    guard unsafe link(from, path) == 0 else { throw failure("giving the name to", path) }
    try remove(from)
  }

  static func remove(_ path: String) throws {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("removing", path) }
  }

  private static func failure(_ act: String, _ path: String) -> StorageFailure {
    let code = errno
    let cause = "\(act) \(path): \(unsafe String(cString: strerror(code)))"
    return switch code {
    case ENOSPC, EDQUOT, EFBIG: .diskFull(cause)
    case EIO: .damaged(cause)
    default: .readOnly(cause)
    }
  }
}
