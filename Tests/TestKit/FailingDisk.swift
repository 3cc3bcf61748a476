import Foundation
import GRDBSQLite
import Synchronization

/// A disk that SQLite believes in until a test makes it fail: syncs of files whose path begins with a given text answer with an
/// input/output error, as a dying disk does. All other files of the process are left alone.
///
/// It is a layer of SQLite's own kind (a VFS) over the system's, so it needs no rights and no other process.
public enum FailingDisk {
  /// Open files and SQLite's tables of functions are known by their addresses.
  private struct State {
    var isInstalled = false
    var paths: [Int: String] = [:]
    /// The system's functions of a file.
    var systems: [Int: Int] = [:]
    /// Ours, by those of the system that they stand for.
    var layers: [Int: Int] = [:]
    /// How often syncs failed, by path.
    var failing: [String: Int] = [:]
  }

  /// `SQLITE_IOERR_FSYNC`, a macro that Swift does not see.
  private static let failure = SQLITE_IOERR | 4 << 8
  private static let state = Mutex(State())

  /// Must be called before the database is opened.
  public static func install() {
    state.withLock { state in
      guard !state.isInstalled, let system = unsafe sqlite3_vfs_find(nil) else { return }
      state.isInstalled = true
      let layer = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
      unsafe layer.initialize(to: system.pointee)
      unsafe layer.pointee.zName = UnsafePointer(strdup("failing"))
      unsafe layer.pointee.pAppData = UnsafeMutableRawPointer(system)
      unsafe layer.pointee.xOpen = { layer, name, file, flags, outcome in
        unsafe FailingDisk.open(layer, name, file, flags, outcome)
      }
      let code = unsafe sqlite3_vfs_register(layer, 1)
      precondition(code == SQLITE_OK, "SQLite takes a layer over the system's files")
    }
  }

  /// Syncs of these files fail from now on, until `recover`.
  public static func fail(_ path: String) { state.withLock { $0.failing[path] = 0 } }

  /// Syncs go well again. - Returns: how many failed.
  public static func recover(_ path: String) -> Int { state.withLock { $0.failing.removeValue(forKey: path) ?? 0 } }

  private static func open(
    _ layer: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?, _ file: UnsafeMutablePointer<sqlite3_file>?,
    _ flags: Int32, _ outcome: UnsafeMutablePointer<Int32>?
  ) -> Int32 {
    guard let system = unsafe layer?.pointee.pAppData?.assumingMemoryBound(to: sqlite3_vfs.self), let file = unsafe file else {
      return SQLITE_CANTOPEN
    }
    let code = unsafe system.pointee.xOpen(system, name, file, flags, outcome)
    guard code == SQLITE_OK, let methods = unsafe file.pointee.pMethods, let name = unsafe name else { return code }
    let path = unsafe String(cString: name)
    let (address, below) = (Int(bitPattern: file), Int(bitPattern: methods))
    let layered = state.withLock { state -> Int in
      state.paths[address] = path
      state.systems[address] = below
      let layered = state.layers[below] ?? Self.layer(over: below)
      state.layers[below] = layered
      return layered
    }
    unsafe file.pointee.pMethods = UnsafePointer(bitPattern: layered)
    return code
  }

  private static func layer(over system: Int) -> Int {
    guard let methods = unsafe UnsafePointer<sqlite3_io_methods>(bitPattern: system) else { return system }
    let layered = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    unsafe layered.initialize(to: methods.pointee)
    unsafe layered.pointee.xSync = { file, flags in unsafe FailingDisk.sync(file, flags) }
    return Int(bitPattern: layered)
  }

  private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
    let address = Int(bitPattern: file)
    let system = state.withLock { state -> Int? in
      if let path = state.paths[address], let failing = state.failing.keys.first(where: { path.hasPrefix($0) }) {
        state.failing[failing, default: 0] += 1
        return nil
      }
      return state.systems[address]
    }
    guard let methods = unsafe system.flatMap({ unsafe UnsafePointer<sqlite3_io_methods>(bitPattern: $0) }) else {
      return failure
    }
    return unsafe methods.pointee.xSync(file, flags)
  }
}
