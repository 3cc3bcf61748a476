import Kernel
import Synchronization

/// The system's time zones by their IANA names, read once each.
public final class ZoneBook: Sendable {
  public let folder: String
  private let known = Mutex<[String: Zone]>([:])

  /// - Parameter folder: where the compiled zone files lie, on most systems `/usr/share/zoneinfo`.
  public init(folder: String) { self.folder = folder }

  /// The zone of that name.
  /// - Throws: `unknown_time_zone` where there is no such file, `damaged_time_zone` where it cannot be read as a zone.
  public func zone(named name: String) throws(Problem) -> Zone {
    if let zone = known.withLock({ $0[name] }) { return zone }
    guard Self.isName(name), let bytes = try? readFile(folder + "/" + name, atMost: ZoneFile.longestFile) else {
      throw Problem(
        .invalid, "unknown_time_zone",
        "there is no time zone \"\(name.prefix(64))\" in \(folder): use an IANA name such as Europe/Moscow, or install tzdata")
    }
    do {
      let zone = try ZoneFile.read(name: name, bytes)
      known.withLock { $0[name] = zone }
      return zone
    } catch {
      throw Problem(.invalid, "damaged_time_zone", "\(folder)/\(name) is no time zone file: \(error); install tzdata again")
    }
  }

  /// Names come from imports and settings: nothing but a path below the folder passes.
  private static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let allowed = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || "+-_/".utf8.contains($0)
    }
    return allowed && name.utf8.count <= 64 && parts.allSatisfy { !$0.isEmpty }
  }
}
