import Kernel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A text file or a pipe, line by line in constant memory.
struct LineFile: ~Copyable {
  private let path: String
  private let file: Int32
  private var chunk = [UInt8](repeating: 0, count: 1024 * 1024)
  private var end = 0
  private var at = 0
  /// Of the line that was read last, from 1.
  private(set) var line = 0

  /// - Parameter path: `-` for the standard input.
  /// - Throws: `FileTrouble`.
  init(_ path: String) throws(FileTrouble) {
    self.path = path
    file = unsafe open(path == "-" ? "/dev/stdin" : path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw FileTrouble(path, errno: errno) }
  }

  deinit { close(file) }

  /// The next line that is not empty, without its line feed; nil at the end. Of a line that is longer than `limit` only so much comes.
  /// - Throws: `FileTrouble`.
  mutating func next(atMost limit: Int) throws(FileTrouble) -> [UInt8]? {
    var bytes: [UInt8] = []
    while true {
      let hasMore = at < end ? true : try fill()
      guard hasMore else {
        if !bytes.isEmpty { line += 1 }
        return bytes.isEmpty ? nil : bytes
      }
      let feed = chunk[at..<end].firstIndex(of: UInt8(ascii: "\n"))
      bytes.append(contentsOf: chunk[at..<(feed ?? end)].prefix(max(0, limit + 1 - bytes.count)))
      at = feed.map { $0 + 1 } ?? end
      guard feed != nil else { continue }
      line += 1
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      if !bytes.isEmpty { return bytes }
    }
  }

  private mutating func fill() throws(FileTrouble) -> Bool {
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileTrouble(path, errno: errno) }
      (at, end) = (0, count)
      return count > 0
    }
  }
}
