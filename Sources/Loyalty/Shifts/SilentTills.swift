import Access
import Jobs
import Kernel
import Storage

/// Tills that should have been heard from and were not, as somebody last looked: scheduled work walks through an account's stores and
/// notes what it found, so that a page reads one row however many stores there are. `TillWatch` has the rule.
public struct SilentTills: Sendable {
  public struct Report: Sendable {
    public let at: Instant
    public let count: Int
    /// At most `Limits.page` of them.
    public let tills: [TillPlace]
  }

  let account: AccountID
  private static let key = "latest"

  public init(of account: AccountID) { self.account = account }

  private var notes: Checkpoints { Checkpoints(of: account, for: "silent-tills") }

  /// What was found last; nil before somebody looked. One read by key.
  public func latest(in tx: inout Transaction) throws -> Report? {
    guard let note = try notes.find(Self.key, in: &tx) else { return nil }
    let node = JSONNode(note.state)
    let tills = node["tills"].items(max: Limits.page).compactMap { item -> TillPlace? in
      guard let store = item[0].text().flatMap({ StoreID($0) }), let register = item[1].text(max: Limits.code) else { return nil }
      return TillPlace(store: store, register: register)
    }
    return Report(at: note.at, count: Int(node["count"].int() ?? 0), tills: tills)
  }

  /// Looks at every open store, some at a time, each time in a read of its own, and notes what it finds. Done by two at once, one of
  /// them is refused and nothing is lost.
  /// - Throws: `StorageFailure`; `Problem.conflict` (`work_runs_twice`).
  @discardableResult public func look(
    at now: Instant, zones: @escaping @Sendable (String) -> Zone?, on database: some Database
  ) async throws -> Report {
    let before = try await database.read { [notes] tx in try notes.find(Self.key, in: &tx) }
    var found: [TillPlace] = []
    var count = 0
    var after: StoreID?
    repeat {
      let (some, next) = try await database.read { [self, after] tx in try look(behind: after, at: now, zones, in: &tx) }
      found += some.prefix(Limits.page - found.count)
      count += some.count
      after = next
    } while after != nil
    let state: JSON = .object([
      "count": .int(Int64(count)), "tills": .array(found.map { .array([.string("\($0.store)"), .string($0.register)]) }),
    ])
    _ = try await database.write(.bulk) { [notes] tx in
      try notes.reach(state, isDone: true, key: Self.key, after: before?.step, at: now, in: &tx)
    }
    return Report(at: now, count: count, tills: found)
  }

  private func look(
    behind after: StoreID?, at now: Instant, _ zones: (String) -> Zone?, in tx: inout Transaction
  ) throws -> ([TillPlace], StoreID?) {
    let stores = try Places(of: account).stores(after: after, limit: Limits.boardStores, in: &tx)
    guard let last = stores.last else { return ([], nil) }
    var days: [StoreID: CivilDay] = [:]
    for store in stores where !store.details.isClosed {
      days[store.id] = (zones(store.details.zone) ?? .utc).civil(at: now).day
    }
    let watch = TillWatch(of: account)
    let tills = try watch.tills(in: days.keys.sorted(), at: now, in: &tx)
    var silent: [TillPlace] = []
    for start in stride(from: 0, to: tills.count, by: Limits.page) {
      let some = Array(tills[start..<min(start + Limits.page, tills.count)])
      silent += try watch.silent(some, today: { days[$0] ?? Zone.utc.civil(at: now).day }, at: now, in: &tx)
    }
    return (silent, stores.count == Limits.boardStores ? last.id : nil)
  }
}
