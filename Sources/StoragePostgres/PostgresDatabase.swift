import Storage

/// A PostgreSQL server: for several instances and for millions of members. Session pooling in front of it works; transaction
/// pooling does not, since statements are prepared once per connection.
public final class PostgresDatabase: Database {
  private let queue: WorkQueue<PostgresWork>
  private let departure: Departure
  private let threads: [DriverThread]

  private let tally = CommitTally()

  public var dialect: Dialect { .postgres }
  public var figures: [DatabaseFigure] { tally.figures }

  /// Starts the connections' threads and asks the server one question.
  /// - Parameter url: `postgres://user@host:port/name`; the password in it, in PGPASSWORD or in `.pgpass`.
  /// - Throws: `StorageFailure.connectionLost` when the server does not answer, `.statement` when it is not fit.
  public init(url: String, settings: PostgresSettings = PostgresSettings()) async throws {
    queue = WorkQueue(bulkAtOnce: max(1, settings.connections / 2))
    departure = Departure(of: settings.connections)
    var threads: [DriverThread] = []
    for _ in 0..<settings.connections {
      let thread = try DriverThread.start { [queue, departure, tally] in
        PostgresWorker(PostgresWire(url, settings), queue, tally).run()
        departure.leave()
      }
      threads.append(thread)
    }
    self.threads = threads
    do {
      let version = try await read { tx in
        try tx.rows("select cast(current_setting('server_version_num') as bigint)").first?.int(0) ?? 0
      }
      guard version >= 140_000 else { throw StorageFailure.statement("PostgreSQL 14 or newer is needed, this is \(version)") }
    } catch {
      await close()
      throw error
    }
  }

  public func write<R: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (inout Transaction) throws -> R
  ) async throws -> R {
    try await answer(to: body) { [queue] in queue.put(PostgresWork(call: $0, isReadOnly: false), urgency) }
  }

  public func read<R: Sendable>(_ body: @escaping @Sendable (inout Transaction) throws -> R) async throws -> R {
    try await answer(to: body) { [queue] in queue.put(PostgresWork(call: $0, isReadOnly: true), Urgency.current) }
  }

  public func close() async {
    queue.close()
    await departure.wait()
    // They have left, and are taken off in no time. libpq's OpenSSL tidies up behind each thread, and must be done before the process
    // ends and it tidies up behind all.
    for thread in threads { thread.join() }
  }

  deinit { queue.close() }
}
