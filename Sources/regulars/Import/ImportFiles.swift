import Imports
import Kernel
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of the system, open for as long as somebody holds it.
final class OpenedPath: Sendable {
  let path: String
  private let number: Int32

  /// - Throws: `FileTrouble`.
  init(_ path: String, _ flags: Int32) throws(FileTrouble) {
    number = unsafe open(path, flags | O_CLOEXEC, 0o600)
    self.path = path
    guard number >= 0 else { throw FileTrouble(path, errno: errno) }
  }

  deinit { close(number) }

  /// - Throws: `FileTrouble`, for a folder too.
  func size() throws(FileTrouble) -> Int64 {
    var facts = stat()
    guard unsafe fstat(number, &facts) == 0 else { throw FileTrouble(path, errno: errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw FileTrouble(path, reason: "this is no file that can be read from any place")
    }
    return Int64(facts.st_size)
  }

  /// At most `count` bytes from the offset on; fewer only at the end.
  func read(_ offset: Int64, _ count: Int) throws(FileTrouble) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(number, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(offset) + off_t(filled))
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw FileTrouble(path, errno: errno) }
      if got == 0 { break }
      filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  func truncate(_ length: Int64) throws(FileTrouble) {
    guard ftruncate(number, off_t(length)) == 0, lseek(number, off_t(length), SEEK_SET) >= 0 else {
      throw FileTrouble(path, errno: errno)
    }
  }

  /// Adds at the end and waits until it is on the disk.
  func append(_ bytes: [UInt8]) throws(FileTrouble) {
    guard lseek(number, 0, SEEK_END) >= 0 else { throw FileTrouble(path, errno: errno) }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe write(number, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileTrouble(path, errno: errno) }
      written += count
    }
    guard fsync(number) == 0 else { throw FileTrouble(path, errno: errno) }
  }
}

extension ImportFile {
  /// - Throws: `FileTrouble` where it cannot be opened.
  init(path: String) throws(FileTrouble) {
    let file = try OpenedPath(path, O_RDONLY)
    self.init(size: try file.size()) { offset, count in try file.read(offset, count) }
  }
}

extension RefusedFile {
  /// A file that is made when the first record is refused. One that is there from another run of the same import is taken up again.
  init(path: String) {
    let opened = Mutex<OpenedPath?>(nil)
    let file: @Sendable () throws -> OpenedPath = {
      try opened.withLock { known in
        if let known { return known }
        let new = try OpenedPath(path, O_RDWR | O_CREAT)
        known = new
        return new
      }
    }
    self.init(
      cut: { length in if length > 0 || FileFacts(path) != nil { try file().truncate(length) } },
      add: { bytes in try file().append(bytes) })
  }
}
