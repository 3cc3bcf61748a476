import GRDBSQLite
import Synchronization

/// A disk that SQLite believes in until a test makes it fail: syncs of files whose path begins with a given text answer with an
/// input/output error, as a dying disk does. All other files of the process are left alone.
///
/// It is a layer of SQLite's own kind (a VFS) over the system's, so it needs no rights and no other process.
public enum FailingDisk {
  private struct State {
    var isInstalled = false
    /// Paths by the address of the open file.
    var paths: [UnsafeMutableRawPointer: String] = [:]
    var methods: [UnsafeMutableRawPointer: UnsafePointer<sqlite3_io_methods>] = [:]
    var layers: [UnsafePointer<sqlite3_io_methods>: UnsafePointer<sqlite3_io_methods>] = [:]
    var failing: [String: Int] = [:]
  }

  private static let state = unsafe Mutex(State())

  /// Must be called before the database is opened.
  public static func install() {
    unsafe state.withLock { state in
      guard unsafe !state.isInstalled, let system = unsafe sqlite3_vfs_find(nil) else { return }
      unsafe state.isInstalled = true
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
  public static func fail(_ path: String) { unsafe state.withLock { unsafe $0.failing[path] = 0 } }

  /// Syncs go well again. - Returns: how many failed.
  public static func recover(_ path: String) -> Int { unsafe state.withLock { unsafe $0.failing.removeValue(forKey: path) ?? 0 } }

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
    unsafe state.withLock { state in
      let address = unsafe UnsafeMutableRawPointer(file)
      unsafe state.paths[address] = path
      unsafe state.methods[address] = methods
      let layered = unsafe state.layers[methods] ?? Self.layer(over: methods)
      unsafe state.layers[methods] = layered
      unsafe file.pointee.pMethods = layered
    }
    return code
  }

  private static func layer(over methods: UnsafePointer<sqlite3_io_methods>) -> UnsafePointer<sqlite3_io_methods> {
    let layered = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    unsafe layered.initialize(to: methods.pointee)
    unsafe layered.pointee.xSync = { file, flags in unsafe FailingDisk.sync(file, flags) }
    return unsafe UnsafePointer(layered)
  }

  private static func sync(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
    guard let file = unsafe file else { return SQLITE_IOERR_FSYNC }
    let address = unsafe UnsafeMutableRawPointer(file)
    let methods = unsafe state.withLock { state -> UnsafePointer<sqlite3_io_methods>? in
      if let path = unsafe state.paths[address], let failing = unsafe state.failing.keys.first(where: { path.hasPrefix($0) }) {
        unsafe state.failing[failing, default: 0] += 1
        return nil
      }
      return unsafe state.methods[address]
    }
    guard let methods = unsafe methods else { return SQLITE_IOERR_FSYNC }
    return unsafe methods.pointee.xSync(file, flags)
  }
}
