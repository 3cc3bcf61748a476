import Foundation

/// A disk of a few megabytes that can be full and read-only for real. Only root can make one.
public enum SmallDisk {
  struct Refused: Error { let words: [String] }

  /// - Parameter owner: whose disk it is, for a server that runs as somebody else.
  public static func at<R: Sendable>(
    _ path: String, megabytes: Int, owner: String? = nil, _ body: @Sendable () async throws -> R
  ) async throws -> R {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=777", "tmpfs", path)
    do {
      if let owner { try run("chown", owner, path) }
      let result = try await body()
      try run("umount", "-l", path)
      return result
    } catch {
      try run("umount", "-l", path)
      throw error
    }
  }

  public static func grow(_ path: String, toMegabytes size: Int) throws { try run("mount", "-o", "remount,size=\(size)m", path) }

  public static func makeReadOnly(_ path: String) throws { try run("mount", "-o", "remount,ro", path) }

  private static func run(_ words: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refused(words: words) }
  }
}
