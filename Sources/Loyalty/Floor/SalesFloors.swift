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
