import Foundation
import Kernel
import Loyalty
import Storage

/// The feed for a retailer's own warehouse: everything once, and from then on what has changed, as CSV files that name their rows by keys.
///
/// Where events are gone that the feed has not seen – it was not made for `Limits.eventDays` days – or the database was restored, the next
/// delivery is a whole one. A delivery costs one pass over what it tells, a page in memory, and beside that some ten bytes for each event.
public struct Feed: Sendable {
  /// What a run made.
  public struct Made: Hashable, Sendable {
    public let delivery: FeedFolder.Delivery
    public let rows: Int
    public let position: FeedPosition
    /// Events that wait for the next delivery.
    public let waiting: Int64
    public let forgotten: Int
  }

  private let programme: Programme
  private let account: String
  private let database: any Database
  private let zones: @Sendable (String) -> Zone?
  private let folder: FeedFolder

  /// - Parameter account: its code, for those who read the files.
  public init(
    of programme: Programme, account: String, on database: any Database, zones: @escaping @Sendable (String) -> Zone?,
    in folder: FeedFolder
  ) {
    (self.programme, self.account, self.database, self.zones, self.folder) = (programme, account, database, zones, folder)
  }

  private var whose: String { "\(account)/\(programme.code)" }

  public func state() throws -> FeedFolder.State? { try folder.state(of: whose) }

  /// How many events wait for the next delivery; nil where the database was restored since.
  public func waiting(after state: FeedFolder.State) async throws -> Int64? {
    let head = try await reading(at: state.at, { false }) { _ in }.head()
    return head.epoch == state.position.epoch ? max(0, head.position - state.position.position) : nil
  }

  /// Makes the next delivery.
  /// - Parameters:
  ///   - whole: everything, also where changes would do.
  ///   - kept: how long deliveries stay that a later whole one made needless.
  ///   - progress: hears how many rows were written.
  /// - Returns: nil where nothing happened since the last one, or it was stopped.
  /// - Throws: `FeedFailure`, `StorageFailure`.
  public func deliver(
    whole: Bool = false, keeping kept: Span, at now: Instant, progress: @escaping @Sendable (Int) -> Void = { _ in },
    isStopping: @escaping @Sendable () -> Bool = { false }
  ) async throws -> Made? {
    try await folder.writing {
      let known = try state()
      do {
        if let known, !whole {
          let head = try await reading(at: now, isStopping) { _ in }.head()
          if head == known.position { return nil }
          if let made = try await write(after: known, keeping: kept, at: now, progress, isStopping) { return made }
        }
        return try await write(after: known, isWhole: true, keeping: kept, at: now, progress, isStopping)
      } catch is FeedReading.Stopped { return nil }
    }
  }

  private func reading(
    at now: Instant, _ isStopping: @escaping @Sendable () -> Bool, _ write: @escaping @Sendable (FeedBatch) throws -> Void
  ) -> FeedReading {
    FeedReading(programme: programme, database: database, zones: zones, now: now, isStopping: isStopping, write: write)
  }

  /// - Returns: nil where only a whole delivery helps.
  private func write(
    after known: FeedFolder.State?, isWhole: Bool = false, keeping kept: Span, at now: Instant,
    _ progress: @escaping @Sendable (Int) -> Void, _ isStopping: @escaping @Sendable () -> Bool
  ) async throws -> Made? {
    let last = max(known?.number ?? 0, try folder.deliveries().last?.number ?? 0)
    let delivery = FeedFolder.Delivery(number: last + 1, isWhole: isWhole)
    let (place, part) = ("\(folder.path)/\(delivery.name)", "\(folder.path)/\(delivery.name).part")
    try FeedFile.makeFolder(part)
    let files = try FeedFiles(in: part)
    let reading = reading(at: now, isStopping) { batch in
      try files.add(batch)
      progress(files.rows)
    }
    let head = try await reading.head()
    let position: FeedPosition
    if isWhole {
      try await reading.whole()
      position = head
    } else {
      guard let known, let reached = try await reading.changes(after: known.position) else {
        try FileManager.default.removeItem(atPath: part)
        return nil
      }
      position = reached
    }
    let facts = try files.finish()
    let manifest = FeedForm.manifest(
      delivery, of: programme, account: account, from: isWhole ? nil : known?.position, to: position, at: now, facts)
    try FeedFile.put(manifest.compact + "\n", at: part + "/manifest.json")
    try FeedFile.put(FeedForm.json.compact + "\n", at: folder.path + "/schema.json")
    try FeedFile.place(part, at: place)
    let state = FeedFolder.State(
      number: delivery.number, position: position, whole: isWhole ? delivery.number : known?.whole ?? 0, at: now)
    try folder.put(state, of: whose)
    let forgotten = try folder.forget(before: now - kept, keepingFrom: state.whole)
    return Made(
      delivery: delivery, rows: files.rows, position: position, waiting: max(0, head.position - position.position),
      forgotten: forgotten)
  }
}
