import Foundation
import Kernel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What keeps a feed from being written.
public enum FeedFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was done to which file, and the system's number of the error.
  case file(String, String, Int32)
  /// Somebody else is writing it.
  case busy(String)
  case damaged(String)
  /// The folder holds the feed of somebody else.
  case other(String)

  public var description: String {
    switch self {
    case .file(let act, let path, let number): "\(act) \(path): \(unsafe String(cString: strerror(number)))"
    case .busy(let path): "the feed in \(path) is being written by another process; wait until it is done"
    case .damaged(let what): "\(what) is not what a feed wrote there; name another folder, or remove it and begin anew"
    case .other(let whose): "the folder holds the feed of \(whose); name another folder"
    }
  }
}

/// Where the feed of one programme lies: a folder for each delivery, numbered from 1, and a page that says how far they came.
///
/// A delivery is written beside its place, brought to disk and then renamed: a reader finds it whole or not at all. The page is written
/// last; where it is not, the next delivery tells the same once more, under its own number, and more.
public struct FeedFolder: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// How far the deliveries came.
  public struct State: Hashable, Sendable {
    public let number: Int
    public let position: FeedPosition
    /// The delivery with everything from which one has to begin.
    public let whole: Int
    public let at: Instant
  }

  /// A delivery that is there.
  public struct Delivery: Hashable, Sendable {
    public let number: Int
    public let isWhole: Bool

    var name: String { String(format: "%06d-%@", number, isWhole ? "whole" : "changes") }

    init(number: Int, isWhole: Bool) { (self.number, self.isWhole) = (number, isWhole) }

    init?(_ name: String) {
      let parts = name.split(separator: "-")
      guard parts.count == 2, let number = Int(parts[0]), ["whole", "changes"].contains(parts[1]) else { return nil }
      self.init(number: number, isWhole: parts[1] == "whole")
    }
  }

  private var page: String { path + "/state.json" }

  /// Nil before the first delivery. - Throws: `FeedFailure`.
  public func state(of whose: String) throws(FeedFailure) -> State? {
    guard let data = FileManager.default.contents(atPath: page) else { return nil }
    let json: JSON
    do { json = try JSON.parse([UInt8](data)) } catch { throw .damaged(page) }
    guard case .string(FeedForm.format)? = json["format"], case .string(let owner)? = json["of"],
      case .int(let number)? = json["delivery"], case .int(let whole)? = json["whole"], case .int(let epoch)? = json["epoch"],
      case .int(let position)? = json["position"], case .string(let text)? = json["at"], let at = Instant(text)
    else { throw .damaged(page) }
    guard owner == whose else { throw .other(owner) }
    return State(number: Int(number), position: FeedPosition(epoch: epoch, position: position), whole: Int(whole), at: at)
  }

  func put(_ state: State, of whose: String) throws(FeedFailure) {
    let json = JSON.object([
      "format": .string(FeedForm.format), "of": .string(whose), "delivery": .int(Int64(state.number)),
      "whole": .int(Int64(state.whole)), "epoch": .int(state.position.epoch), "position": .int(state.position.position),
      "at": .string(state.at.text),
    ])
    try FeedFile.put(json.compact + "\n", at: page)
  }

  /// Ascending. - Throws: `FeedFailure`.
  public func deliveries() throws(FeedFailure) -> [Delivery] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch { throw .file("reading", path, ENOENT) }
    return names.compactMap(Delivery.init).sorted { $0.number < $1.number }
  }

  /// Removes deliveries that nobody can need any more: those before the last whole one that are older than the moment.
  /// - Returns: how many went.
  func forget(before moment: Instant, keepingFrom whole: Int) throws -> Int {
    let old = try deliveries().filter { $0.number < whole && madeAt($0).map { $0 < moment } ?? false }
    for delivery in old { try FileManager.default.removeItem(atPath: path + "/" + delivery.name) }
    return old.count
  }

  /// As the delivery's own page says; nil where it has none, and then it is left alone.
  private func madeAt(_ delivery: Delivery) -> Instant? {
    guard let data = FileManager.default.contents(atPath: "\(path)/\(delivery.name)/manifest.json"),
      case .string(let text)? = try? JSON.parse([UInt8](data))["madeAt"]
    else { return nil }
    return Instant(text)
  }

  /// Makes the folder and runs the body as the only writer.
  /// - Throws: `FeedFailure.busy` while another process or task is one.
  func writing<R>(_ body: () async throws -> R) async throws -> R {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch { throw FeedFailure.file("making", path, errno) }
    let lock: FolderLock
    do { lock = try FolderLock(path + "/lock") } catch { throw FeedFailure(error, in: path) }
    defer { lock.release() }
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".part") {
      try FileManager.default.removeItem(atPath: path + "/" + name)
    }
    return try await body()
  }
}

extension FeedFailure {
  fileprivate init(_ failure: CubeFailure, in path: String) {
    switch failure {
    case .busy: self = .busy(path)
    case .file(let act, let file, let number): self = .file(act, file, number)
    case .none, .damaged: self = .damaged(path)
    }
  }
}
