import Cube

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of the cube in memory: read as it lies on disk, page by page when it is asked for. Unmapped with this value.
@safe final class MappedFile: RollBytes, Sendable {
  /// Nobody writes there: files of the cube are never changed, only replaced.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer
  private let count: Int

  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

  /// - Throws: `CubeFailure.file`.
  init(reading path: String) throws(CubeFailure) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .file("opening", path, errno) }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END)
    guard size > 0 else { throw .file("reading", path, size < 0 ? errno : EINVAL) }
    guard let base = unsafe mmap(nil, Int(size), PROT_READ, MAP_SHARED, file, 0), unsafe base != MAP_FAILED else {
      throw .file("mapping", path, errno)
    }
    unsafe self.base = base
    count = Int(size)
  }

  deinit { unsafe munmap(base, count) }

  /// Makes a file under this name, whole or not at all: it is written beside it, brought to disk and then renamed.
  /// - Throws: `CubeFailure.file`.
  static func write(_ size: Int, to path: String, _ fill: (UnsafeMutableRawBufferPointer) -> Void) throws(CubeFailure) {
    let beside = path + ".new"
    let file = unsafe open(beside, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .file("making", beside, errno) }
    defer { close(file) }
    // Room is taken before anything is written: a full disk is an answer here, not a signal in the middle of it.
    let refusal = posix_fallocate(file, 0, size)
    guard refusal == 0 else {
      unsafe unlink(beside)
      throw .file("making room in", beside, refusal)
    }
    guard let base = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), unsafe base != MAP_FAILED else {
      throw .file("mapping", beside, errno)
    }
    unsafe fill(UnsafeMutableRawBufferPointer(start: base, count: size))
    let isOnDisk = unsafe msync(base, size, MS_SYNC) == 0 && fsync(file) == 0
    unsafe munmap(base, size)
    guard isOnDisk else { throw .file("writing", beside, errno) }
    guard unsafe rename(beside, path) == 0 else { throw .file("renaming", beside, errno) }
    try sync(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
  }

  /// Brings the names of a folder to disk.
  private static func sync(_ folder: String) throws(CubeFailure) {
    let file = unsafe open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .file("opening", folder, errno) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw .file("writing", folder, errno) }
  }
}

/// A lock on a folder that ends with the process at the latest.
final class FolderLock: Sendable {
  private let file: Int32

  /// - Throws: `CubeFailure.busy`, `CubeFailure.file`.
  init(_ path: String) throws(CubeFailure) {
    file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw .file("opening", path, errno) }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(file)
      throw number == EWOULDBLOCK ? .busy(path) : .file("locking", path, number)
    }
  }

  func release() { close(file) }
}
