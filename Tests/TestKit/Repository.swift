import Foundation

/// The repository's own files, for tests that check what it promises.
public enum Repository {
  /// The folder with `Package.swift`.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  public static func text(_ path: String) throws -> String { try String(contentsOf: root.appending(path: path), encoding: .utf8) }

  public static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

  public static func isExecutable(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: root.appending(path: path).path)
  }

  /// Paths of all files below a folder, relative to the root, sorted; hidden ones and build products are left out.
  public static func files(below folder: String, ending: String = "") throws -> [String] {
    let start = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(atPath: start.path) else { throw CocoaError(.fileNoSuchFile) }
    return walk.compactMap { $0 as? String }
      .filter { path in !path.split(separator: "/").contains { $0.hasPrefix(".") } && path.hasSuffix(ending) }
      .filter { path in
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: start.appending(path: path).path, isDirectory: &isFolder)
          && !isFolder.boolValue
      }
      .map { folder == "." ? $0 : folder + "/" + $0 }
      .sorted()
  }
}

/// The whole file as text, or as bytes.
public func fileText(_ path: String) throws -> String { try String(contentsOf: URL(filePath: path), encoding: .utf8) }
public func fileBytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

/// Runs the body with the path of an empty folder that is gone afterwards.
public func inTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory.appending(path: "regulars-" + UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer {
    do {
      try FileManager.default.removeItem(at: folder)
    } catch {
      print("left behind: \(folder.path) (\(error))")
    }
  }
  return try body(folder.path)
}
