import Kernel
import Logging

/// Log lines as text for people or as JSON for collectors. Names of things and ids belong in them, people's data does not.
public struct LogLines: LogHandler {
  public enum Shape: Sendable { case text, json }

  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let shape: Shape
  private let now: @Sendable () -> Instant
  private let write: @Sendable (String) -> Void

  /// - Parameter write: takes one line without its line feed.
  public init(
    _ label: String, _ shape: Shape, level: Logger.Level, now: @escaping @Sendable () -> Instant,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.shape = shape
    logLevel = level
    self.now = now
    self.write = write
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var facts = metadata.merging(metadataProvider?.get() ?? [:]) { _, new in new }
    facts.merge(event.metadata ?? [:]) { _, new in new }
    let pairs = facts.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    write(shape == .text ? text(event, pairs) : json(event, pairs))
  }

  private func text(_ event: LogEvent, _ pairs: [(String, String)]) -> String {
    let tail = pairs.map { "  \($0)=\($1)" }.joined()
    // One event is one line whatever a value holds.
    return "\(now().text) \(event.level.rawValue)  \(event.message)\(tail)".map { $0.isNewline ? " " : String($0) }.joined()
  }

  private func json(_ event: LogEvent, _ pairs: [(String, String)]) -> String {
    var writer = JSONWriter()
    writer.openObject()
    let fixed = [("at", now().text), ("level", event.level.rawValue), ("logger", label), ("message", "\(event.message)")]
    for (key, value) in fixed + pairs.filter({ pair in !fixed.contains { $0.0 == pair.0 } }) {
      writer.key(key)
      writer.string(value)
    }
    writer.closeObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
