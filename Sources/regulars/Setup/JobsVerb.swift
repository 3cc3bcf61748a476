import ArgumentParser
import Jobs
import Kernel
import Storage

/// The queue of background work, and the board of what comes round by itself.
struct JobsVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "Look at background work; try dead letters again or drop them.",
    subcommands: [JobsList.self, JobsDead.self, JobsRetry.self, JobsDrop.self])
}

struct JobsList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "How the stream, the queue and scheduled work stand.")

  @OptionGroup var shared: SharedOptions

  func run(at desk: Desk) async throws {
    try await desk.withWiring { wiring in
      let now = wiring.world.now()
      let text = try await wiring.database.read { tx in
        let (last, lag) = (try EventStream.last(in: &tx), try EventStream.waiting(at: now, in: &tx))
        var lines = ["events: \(last) numbered, \(lag.events) waiting for \(Int(lag.time.inSeconds)) s"]
        let counts = try JobQueue().counts(at: now, in: &tx).map { count in
          [count.kind, "\(count.waiting) waiting", "\(count.due) due", "\(count.dead) dead"]
        }
        lines.append(counts.isEmpty ? "no jobs" : aligned(counts))
        let board = try Chores.board(in: &tx).map { chore in
          [
            chore.name, chore.outcome ?? "", "\(chore.steps) steps", chore.endedAt.map { "ended \($0.text)" } ?? "",
            "due \(chore.dueAt.text)", chore.failures > 0 ? "\(chore.failures) failures" : "",
          ]
        }
        lines.append(board.isEmpty ? "scheduled work has not run yet; `regulars work` does it" : aligned(board))
        return lines.joined(separator: "\n")
      }
      try answer(text)
    }
  }
}

struct JobsDead: Verb {
  static let configuration = CommandConfiguration(
    commandName: "dead", abstract: "Jobs that were given up, oldest first, \(Limits.page) at most.")

  @OptionGroup var shared: SharedOptions
  @Option(help: "Only jobs of this kind.") var kind: String?

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [kind] wiring in
      let dead = try await wiring.database.read { tx in try JobQueue().jobs(.dead, kind: kind, limit: Limits.page, in: &tx) }
      let rows = dead.map { ["\($0.id)", $0.kind, "\($0.attempts) attempts", $0.madeAt.text, $0.lastError ?? ""] }
      try answer(rows.isEmpty ? "no dead jobs" : aligned(rows))
    }
  }
}

struct JobsRetry: Verb {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Try a dead job again, or all of a kind.")

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The job's id, as `regulars jobs dead` shows it.") var job: String?
  @Option(help: "All dead jobs of this kind.") var kind: String?

  func validate() throws {
    if (job == nil) == (kind == nil) { throw ValidationError("name a job or --kind") }
  }

  func run(at desk: Desk) async throws {
    try await desk.withWiring { [job, kind] wiring in
      let now = wiring.world.now()
      if let job {
        let id = try jobID(job)
        try await wiring.database.write(.bulk) { tx in try JobQueue().retry(id, at: now, in: &tx) }
        return try answer("\(id): due now")
      }
      var (count, more) = (0, 1)
      while more > 0 {
        more = try await wiring.database.write(.bulk) { tx in try JobQueue().retryAll(kind ?? "", at: now, in: &tx) }
        count += more
        try desk.stop.check()
      }
      try answer("\(count) jobs are due now")
    }
  }
}

struct JobsDrop: Verb {
  static let configuration = CommandConfiguration(commandName: "drop", abstract: "Remove a job for good, without doing it.")

  @OptionGroup var shared: SharedOptions
  @Argument(help: "The job's id, as `regulars jobs dead` shows it.") var job: String

  func run(at desk: Desk) async throws {
    let id = try jobID(job)
    try await desk.withWiring { wiring in
      try await wiring.database.write(.bulk) { tx in try JobQueue().drop(id, in: &tx) }
      try answer("\(id): dropped")
    }
  }
}

private func jobID(_ text: String) throws(Problem) -> JobID {
  if let id = JobID(text) { return id }
  throw Problem(.invalid, "not_an_id", "\"\(text.prefix(40))\" is no job's id; they look like job_01hq3v8k2m4p6")
}
