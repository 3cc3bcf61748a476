import Access
import Kernel
import Storage
import Synchronization

/// The floors of the programmes that this instance serves. Whatever changes is known here within a second.
public final class SalesFloors: Sendable {
  private let database: any Database
  private let ids: IDSource
  private let zones: @Sendable (String) -> Zone?
  private let keys: KeyRing?
  private let floors = Mutex<[ProgrammeID: SalesFloor]>([:])
  /// Floors that are being read for the first time: whoever asks meanwhile waits for the same.
  private let reading = Mutex<[Wanted: Task<SalesFloor, any Error>]>([:])

  private let hasOpened = Mutex(false)

  private struct Wanted: Hashable {
    let programme: ProgrammeID
    let account: AccountID
  }

  /// - Parameter keys: that numbers under certificates' strips are made with; nil where there are none.
  public init(on database: any Database, ids: IDSource, zones: @escaping @Sendable (String) -> Zone?, keys: KeyRing? = nil) {
    self.database = database
    self.ids = ids
    self.zones = zones
    self.keys = keys
  }

  /// The programmes as they are stored now, for whoever does not sell: tills have the settings that were published.
  public func programmes(of account: AccountID) -> Programmes { Programmes(of: account, zones: zones) }

  /// The floor of a programme; read when it is asked for first.
  /// - Throws: as `SalesFloor`.
  public func floor(of programme: ProgrammeID, account: AccountID) async throws -> SalesFloor {
    if let known = floors.withLock({ $0[programme] }) {
      guard known.programme.account == account else { throw ProgrammeProblem.unknown("\(programme)") }
      return known
    }
    let wanted = Wanted(programme: programme, account: account)
    let task = reading.withLock { reading in
      if let task = reading[wanted] { return task }
      let task = Task { try await self.read(wanted) }
      reading[wanted] = task
      return task
    }
    return try await task.value
  }

  /// Everything that `open` reads has been read.
  public var isOpen: Bool { hasOpened.withLock { $0 } }

  /// Reads the floors of the first programmes there are, one after another: the tills that come first after a start need not wait for a
  /// catalogue. A programme without rules has no floor yet.
  /// - Parameter most: of an installation of many small programmes the rest are read when their first till asks.
  /// - Throws: `StorageFailure`. It counts as open all the same: whoever asks hears what is wrong.
  public func open(atMost most: Int = Limits.openedFloors) async throws {
    defer { hasOpened.withLock { $0 = true } }
    let zones = zones
    let first = try await database.read { tx in
      try Accounts().all(after: AccountID(0), limit: Limits.page, in: &tx).prefix(most).flatMap { account in
        try Programmes(of: account.id, zones: zones).all(in: &tx).map { Wanted(programme: $0.id, account: account.id) }
      }
    }
    for wanted in first.prefix(most) {
      do { _ = try await floor(of: wanted.programme, account: wanted.account) } catch is Problem { continue }
    }
  }

  /// All tills of a chain ask at once when a server starts, and a floor holds the whole catalogue: it is read once for all of them.
  private func read(_ wanted: Wanted) async throws -> SalesFloor {
    defer { _ = reading.withLock { $0.removeValue(forKey: wanted) } }
    let (ids, zones, keys) = (ids, zones, keys)
    let read = try await database.read { tx in
      try SalesFloor(of: wanted.programme, account: wanted.account, ids: ids, zones: zones, keys: keys, in: &tx)
    }
    return floors.withLock { floors in
      if let other = floors[wanted.programme], other.structure > read.structure { return other }
      floors[wanted.programme] = read
      return read
    }
  }

  /// Looks once whether anything changed: three small reads a programme. Call it a few times a second.
  /// - Throws: the first failure, after the other floors were looked at; the old floor stays in use.
  public func refresh() async throws {
    var failure: (any Error)?
    for (id, old) in floors.withLock({ $0 }) {
      do {
        let (ids, zones) = (ids, zones)
        let next = try await database.read { tx in try old.refreshed(ids: ids, zones: zones, in: &tx) }
        floors.withLock { $0[id] = next }
      } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }

  /// After a write of this instance, so that it does not wait for its own news.
  public func refresh(_ programme: ProgrammeID) async throws -> SalesFloor? {
    guard let old = floors.withLock({ $0[programme] }) else { return nil }
    let (ids, zones) = (ids, zones)
    let next = try await database.read { tx in try old.refreshed(ids: ids, zones: zones, in: &tx) }
    floors.withLock { $0[programme] = next }
    return next
  }
}
