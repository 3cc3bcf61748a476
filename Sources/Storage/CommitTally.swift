import Synchronization

/// Counts what a driver commits; any of its threads may.
public final class CommitTally: Sendable {
  private let commits = Atomic<Int>(0)
  private let closures = Atomic<Int>(0)
  private let repetitions = Atomic<Int>(0)

  public init() {}

  /// A commit that so many closures shared.
  public func committed(_ count: Int) {
    commits.add(1, ordering: .relaxed)
    closures.add(count, ordering: .relaxed)
  }

  /// A transaction that had to be run again.
  public func repeated() { repetitions.add(1, ordering: .relaxed) }

  public var figures: [DatabaseFigure] {
    [
      DatabaseFigure("commits_total", Double(commits.load(ordering: .relaxed))),
      DatabaseFigure("committed_closures_total", Double(closures.load(ordering: .relaxed))),
      DatabaseFigure("repetitions_total", Double(repetitions.load(ordering: .relaxed))),
    ]
  }
}
