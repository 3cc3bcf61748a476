import Kernel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that could not be read or written, with the system's reason.
public struct FileTrouble: Error, Hashable, Sendable, CustomStringConvertible {
  public let path: String
  public let reason: String
  public let isMissing: Bool

  init(_ path: String, errno code: Int32) {
    self.path = path
    reason = unsafe String(cString: strerror(code))
    isMissing = code == ENOENT || code == ENOTDIR
  }

  init(_ path: String, reason: String) {
    self.path = path
    self.reason = reason
    isMissing = false
  }

  public var description: String { "\(path): \(reason)" }
}

/// The whole file, refused where it is longer than expected.
/// - Throws: `FileTrouble`.
func readFile(_ path: String, atMost limit: Int) throws(FileTrouble) -> [UInt8] {
  let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw FileTrouble(path, errno: errno) }
  defer { close(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16 * 1024)
  while true {
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw FileTrouble(path, errno: errno) }
    if count == 0 { return bytes }
    bytes.append(contentsOf: chunk[..<count])
    guard bytes.count <= limit else { throw FileTrouble(path, reason: "it is longer than \(limit) bytes") }
  }
}

/// Writes the whole text to an open file. Partial writes and interruptions are taken up again.
/// - Throws: `FileTrouble` where the system refuses.
func writeAll(_ text: String, to file: Int32, named name: String) throws(FileTrouble) {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { throw FileTrouble(name, errno: errno) }
    rest.removeFirst(count)
  }
}

/// Writes the text as a file, in place of what was there.
/// - Throws: `FileTrouble`.
func writeFile(_ text: String, to path: String) throws(FileTrouble) {
  let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard file >= 0 else { throw FileTrouble(path, errno: errno) }
  defer { close(file) }
  try writeAll(text, to: file, named: path)
}

/// Puts a file in the place of another, whole or not at all.
/// - Throws: `FileTrouble`.
func renameFile(_ path: String, to place: String) throws(FileTrouble) {
  guard unsafe rename(path, place) == 0 else { throw FileTrouble(place, errno: errno) }
}

/// Writes a file anew, readable by its owner alone: for secrets.
/// - Throws: `FileTrouble`.
func writeSecretFile(_ text: String, to path: String) throws(FileTrouble) {
  let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard file >= 0 else { throw FileTrouble(path, errno: errno) }
  defer { close(file) }
  try writeAll(text, to: file, named: path)
}

/// What the system knows of a file or folder.
struct FileFacts: Sendable {
  /// Permission bits, for example 0o600.
  let mode: Int
  let isFolder: Bool

  /// Nil where there is nothing at this path.
  init?(_ path: String) {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { return nil }
    mode = Int(facts.st_mode) & 0o777
    isFolder = facts.st_mode & S_IFMT == S_IFDIR
  }

  var isReadableByOthers: Bool { mode & 0o004 != 0 }
}

func mayWrite(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }
func mayRead(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

/// The folder that a path lies in; `.` for a bare name.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// MiB that this user may still fill on the disk below the path; nil where the system does not say.
func freeMebibytes(at path: String) -> Int? {
  var facts = statvfs()
  guard unsafe statvfs(path, &facts) == 0 else { return nil }
  return Int(UInt64(facts.f_bavail) * UInt64(facts.f_frsize) / 1_048_576)
}

/// At most so many bytes from the beginning of a file.
/// - Throws: `FileTrouble`.
func readStart(of path: String, bytes count: Int) throws(FileTrouble) -> [UInt8] {
  let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw FileTrouble(path, errno: errno) }
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: count)
  let length = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
  guard length >= 0 else { throw FileTrouble(path, errno: errno) }
  return Array(bytes[..<length])
}

/// Makes the folder and those above it, for its owner alone. Harmless where it is there already.
/// - Throws: `FileTrouble`.
func makeFolder(_ path: String) throws(FileTrouble) {
  if FileFacts(path)?.isFolder == true { return }
  let parent = folder(of: path)
  if parent != path, parent != "." { try makeFolder(parent) }
  guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileTrouble(path, errno: errno) }
}
