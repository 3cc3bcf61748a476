import Foundation
import Kernel

/// Makes pictures of drawings with librsvg's own program, where the machine has it: mail programs show PNG, and hardly any SVG.
public enum PictureGateway {
  /// Pixels from left to right; twice what a letter shows, for screens that have them.
  private static let width = 1_280
  /// A drawing of ours takes some hundredths of a second.
  private static let wait = 10.0
  private static let places = ["/usr/bin/rsvg-convert", "/usr/local/bin/rsvg-convert", "/opt/homebrew/bin/rsvg-convert"]

  /// Nil where there is no `rsvg-convert`, or it could not make one.
  @Sendable public static func png(_ drawing: String) async throws -> [UInt8]? {
    guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
    let place = FileManager.default.temporaryDirectory.appending(path: "drawing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    do {
      let made = try await convert(drawing, with: program, in: place)
      try FileManager.default.removeItem(at: place)
      return made
    } catch {
      try FileManager.default.removeItem(at: place)
      throw error
    }
  }

  private static func convert(_ drawing: String, with program: String, in place: URL) async throws -> [UInt8]? {
    let (source, target) = (place.appending(path: "drawing.svg"), place.appending(path: "drawing.png"))
    try Data(drawing.utf8).write(to: source)
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["--width", "\(width)", "--keep-aspect-ratio", "--format", "png", "--output", target.path, source.path]
    process.environment = ["PATH": "/usr/bin", "LANG": "C.UTF-8"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let end = Date().addingTimeInterval(wait)
    while process.isRunning {
      if Date() > end {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return nil
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    return process.terminationStatus == 0 ? Array(try Data(contentsOf: target)) : nil
  }
}
