#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What keeps the cube from being read or made.
public enum CubeFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was done to which file, and the system's number of the error.
  case file(String, String, Int32)
  /// There is none in this folder yet.
  case none(String)
  case damaged(String)
  /// Somebody else is writing it.
  case busy(String)

  public var description: String {
    switch self {
    case .file(let act, let path, let number): "\(act) \(path): \(unsafe String(cString: strerror(number)))"
    case .none(let folder): "there is no cube in \(folder) yet; regulars cube rebuild makes it"
    case .busy: "the cube is being written by another process; wait until it is done"
    case .damaged(let what): "the cube is damaged: \(what); regulars cube rebuild makes it anew"
    }
  }
}
