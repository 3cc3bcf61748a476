import Access
import Calculator
import Jobs
import Kernel
import Loyalty
import Storage
import Synchronization

/// Who listens to what happens, and what they are told. What is read is read once for all listeners of an account, at most once a
/// second and only while somebody listens; each listener costs a comparison, and a look at its session twice a minute.
final class LiveRoom: Sendable {
  /// How often is looked, and how often a silent connection is told that it lives.
  static let pace = Duration.seconds(1)
  static let beat = Span.seconds(20)
  /// After the stream of events moved, sums follow a little later; and without any event the clock moves the day.
  private static let settling = Span.seconds(10)
  private static let longest = Span.minutes(1)

  /// A place among the listeners, given back when nobody holds it any more.
  final class Seat: Sendable {
    private let leave: @Sendable () -> Void

    fileprivate init(_ leave: @escaping @Sendable () -> Void) { self.leave = leave }

    deinit { leave() }
  }

  struct Reading: Sendable {
    let present: Present
    let day: CivilDay
    /// Of the stream of events: as long as it stands nothing happened.
    let position: Int64
    /// When somebody last looked whether there is news, when everything was read, and when the position was seen to move.
    fileprivate let lookedAt: Instant
    fileprivate let readAt: Instant
    fileprivate let movedAt: Instant
  }

  /// Budgets of a promotion, as somebody looked at them.
  private struct Looked {
    let use: PromotionUse?
    let version: Int
    let position: Int64
    var at: Instant
  }

  private struct Kept {
    var budgets: [PromotionID: Looked] = [:]
    var sessions: [SessionID: Int] = [:]
    var all = 0
    var readings: [AccountID: Reading] = [:]
    var underWay: [AccountID: Task<Reading, any Error>] = [:]
  }

  private let kept = Mutex(Kept())
  private let database: any Database

  init(on database: any Database) { self.database = database }

  /// How many listen.
  var listeners: Int { kept.withLock { $0.all } }

  /// - Throws: `Problem.unavailable` (`too_many_listeners`).
  func sit(_ session: SessionID) throws(Problem) -> Seat {
    let isFree = kept.withLock { kept in
      guard kept.all < Limits.listeners, kept.sessions[session, default: 0] < Limits.listenersOfSession else { return false }
      kept.all += 1
      kept.sessions[session, default: 0] += 1
      return true
    }
    guard isFree else {
      throw Problem(
        .unavailable, "too_many_listeners", "too many pages listen to what happens; this one asks now and then instead",
        cashier: LocalText(ru: "Слишком много страниц слушают сразу", en: "Too many pages listen at once"))
    }
    return Seat { [self] in
      kept.withLock { kept in
        kept.all -= 1
        let left = (kept.sessions[session] ?? 1) - 1
        kept.sessions[session] = left > 0 ? left : nil
        if kept.all == 0 { (kept.readings, kept.budgets) = ([:], [:]) }
      }
    }
  }

  /// What is so now, not older than a second. Who asks while another's question is under way gets its answer.
  func reading(of floor: SalesFloor, today: CivilDay, at now: Instant) async throws -> Reading {
    let account = floor.programme.account
    let (known, task) = kept.withLock { kept -> (Reading?, Task<Reading, any Error>?) in
      if let known = kept.readings[account], now - known.lookedAt < .seconds(1), known.day == today { return (known, nil) }
      if let task = kept.underWay[account] { return (nil, task) }
      let old = kept.readings[account]
      let task = Task { [self] in try await read(floor, today, old, now) }
      kept.underWay[account] = task
      return (nil, task)
    }
    if let known { return known }
    guard let task else { preconditionFailure("a reading is known or under way") }
    return try await task.value
  }

  /// Budgets are read anew this long after something happened, and after `settling` where nothing did: holds are no event.
  private static let breath = Span.seconds(2)

  /// How a promotion's budgets stand, read once for all who look at it.
  /// - Parameter position: of the stream of events, by `reading`.
  func budgets(of promotion: Promotion, on floor: SalesFloor, position: Int64, at now: Instant) async throws -> PromotionUse? {
    let known = kept.withLock { kept -> Looked? in
      guard var known = kept.budgets[promotion.id], known.version == promotion.version else { return nil }
      let isDue = now - known.at >= (known.position == position ? Self.settling : Self.breath)
      guard isDue else { return known }
      // Whoever asks meanwhile hears what was known.
      known.at = now
      kept.budgets[promotion.id] = known
      return nil
    }
    if let known { return known.use }
    let use = try await database.read { tx in try PromotionUse(of: promotion, floor, at: now, in: &tx) }
    kept.withLock { $0.budgets[promotion.id] = Looked(use: use, version: promotion.version, position: position, at: now) }
    return use
  }

  private func read(_ floor: SalesFloor, _ today: CivilDay, _ old: Reading?, _ now: Instant) async throws -> Reading {
    let account = floor.programme.account
    let result: Result<Reading, any Error>
    do {
      result = .success(try await database.read { tx in try Self.read(floor, today, old, now, in: &tx) })
    } catch { result = .failure(error) }
    kept.withLock { kept in
      kept.underWay[account] = nil
      if case .success(let reading) = result { kept.readings[account] = reading }
    }
    return try result.get()
  }

  private static func read(
    _ floor: SalesFloor, _ today: CivilDay, _ old: Reading?, _ now: Instant, in tx: inout Transaction
  ) throws -> Reading {
    let position = try EventStream.last(in: &tx)
    let movedAt = old.map { $0.position == position ? $0.movedAt : now } ?? now
    if let old, old.day == today, now - movedAt > settling, now - old.readAt < longest {
      return Reading(present: old.present, day: today, position: position, lookedAt: now, readAt: old.readAt, movedAt: movedAt)
    }
    let present = try Present.read(of: floor, today: today, at: now, in: &tx)
    return Reading(present: present, day: today, position: position, lookedAt: now, readAt: now, movedAt: movedAt)
  }
}
