import Access
import Kernel

/// A file that somebody sent through the console, and what became of it.
public struct Upload: Sendable {
  public enum State: String, Sendable, CaseIterable {
    /// Its bytes are on their way.
    case arriving
    /// It is whole; what its columns mean is to be said.
    case ready
    /// Its turn comes.
    case waiting
    case running
    /// A dry run came to its end.
    case checked
    case done
    /// On somebody's word, between two chunks; goes on from there.
    case stopped
    /// More records were refused than allowed; goes on from there.
    case limit
    /// The mapping or the file as a whole cannot be used.
    case failed
  }

  public let id: UploadID
  public let account: AccountID
  /// Of members; nil for what belongs to the account.
  public let programme: ProgrammeID?
  public let kind: ImportKind
  /// As the sender's machine calls it.
  public let name: String
  public let madeBy: Actor
  public let touchedAt: Instant
  /// Bytes, and lines, the first one that names the columns included.
  public let size: Int64
  public let lines: Int
  public let state: State
  /// What waits, runs or ended: a check or the import itself.
  public let isDryRun: Bool
  public let isStopAsked: Bool
  public let maxRefused: Int
  /// What the columns mean, once somebody said it.
  public let mapping: JSON?
  /// Nil before the first chunk.
  public let tally: ImportTally?
  /// Of the first refused records.
  public let complaints: [ImportComplaint]
  /// Why it failed.
  public let fault: Problem?
  /// When the run under way began, and at which line.
  public let startedAt: Instant?
  public let startedLine: Int

  /// What its columns mean has been said, and it may still be taken in by that.
  public var isOpen: Bool {
    switch state {
    case .waiting, .running, .checked, .stopped, .limit: true
    case .arriving, .ready, .done, .failed: false
    }
  }

  public var isUnderWay: Bool { state == .waiting || state == .running }

  /// How long the rest will take at the pace so far; nil before that can be told.
  public func timeLeft(at now: Instant) -> Span? {
    guard state == .running, let startedAt, let line = tally?.line, line > startedLine, now > startedAt else { return nil }
    let rest = Int64(max(0, lines - line))
    return Span(micros: scaled((now - startedAt).micros, by: rest, over: Int64(line - startedLine), .halfUp))
  }

  /// Lines that are settled, of all that hold records.
  public var linesDone: Int { min(max(0, (tally?.line ?? 0) - 1), lines) }
}

extension ImportComplaint {
  var json: JSON { .object(["line": .int(Int64(line)), "column": .string(column), "reason": .string(reason)]) }

  init(_ node: JSONNode) {
    self.init(
      line: Int(node["line"].int() ?? 0), column: node["column"].text(orEmpty: true) ?? "",
      reason: node["reason"].text(max: Limits.text, orEmpty: true) ?? "")
  }
}
