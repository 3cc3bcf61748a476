import Kernel

/// Work that waits: what kind, with what, and when.
public struct Job: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    case waiting
    /// Given up; somebody looks at it, tries again or drops it.
    case dead
  }

  public let id: JobID
  public let account: AccountID
  public let kind: String
  public let body: JSON
  public let dueAt: Instant
  /// Begun attempts; of a claimed job this one counts.
  public let attempts: Int
  public let lastError: String?
  public let state: State
  public let madeAt: Instant
  /// Who asked for it, as the audit trail names them; nil for what the installation does by itself.
  public let actor: String?
  /// When somebody began to do it, first.
  public let begunAt: Instant?
  /// How far it is; nil where its kind does not say.
  public let progress: JobProgress?
  /// Somebody asked it to stop; it does after the step under way.
  public let isStopping: Bool
  /// While this is to come an instance is doing it.
  public let claimedUntil: Instant

  public func isRunning(at now: Instant) -> Bool { state == .waiting && now < claimedUntil }
}

/// How far a job is, in units of its kind: rows, events, letters.
public struct JobProgress: Hashable, Sendable {
  public let done: Int64
  /// Nil where nobody knows beforehand.
  public let total: Int64?

  public init(done: Int64, total: Int64?) {
    self.done = done
    self.total = total
  }
}

/// What a long job throws because its instance stops: another takes it up where it is.
public struct JobPutOff: Error {
  public init() {}
}

/// What a job throws that was told to stop by `JobQueue.report`. It is kept among the dead letters, where it is taken up again or
/// dropped.
public struct JobStopped: PlainlyTold {
  /// What `Job.lastError` says of it.
  public static let word = "stopped"

  public init() {}
  public var plainText: String { Self.word }
  public var isFinal: Bool { true }
}

/// Jobs of one kind and how many there are.
public struct JobCount: Hashable, Sendable {
  public let kind: String
  public let waiting: Int64
  /// Of these due by now.
  public let due: Int64
  public let dead: Int64

  public init(kind: String, waiting: Int64, due: Int64, dead: Int64) {
    self.kind = kind
    self.waiting = waiting
    self.due = due
    self.dead = dead
  }
}
