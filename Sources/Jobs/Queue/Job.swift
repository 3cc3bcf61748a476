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
