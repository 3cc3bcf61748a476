import Access
import Cube
import Kernel
import Loyalty
import Storage
import Synchronization

/// The cubes of all programmes of a server: opened, kept up to date, and made where there is none.
public actor Cubes {
  /// Between two looks for news, where they cost little.
  static let pause = Span(micros: 250_000)
  /// Looks that cost more are followed by a longer pause, so that tills have the processor nine parts of ten; what was sold is
  /// seen within a second all the same.
  static let longestPause = Span(micros: 800_000)
  /// From the last receipt of an import of the past to the cube that has it.
  static let calm = Span.seconds(30)
  /// After a cube could not be made.
  private static let again = Span.minutes(1)

  private let database: any Database
  private let zones: @Sendable (String) -> Zone?
  private let now: @Sendable () -> Instant
  private let folder: @Sendable (Programme) -> CubeFolder
  private let tell: @Sendable (Note) -> Void
  /// Nil where pivots are asked of the rolls.
  private let columns: CubeKeeper.Columns?
  /// Nil where nobody computes segments here.
  private let segments: SegmentKeeping?
  private var computed: [ProgrammeID: (at: Instant, position: Int64, events: Instant?)] = [:]

  private var keepers: [ProgrammeID: CubeKeeper] = [:]
  private var failed: [ProgrammeID: Instant] = [:]
  /// What makes a cube stale, and since when that is so: it is made anew once it does not change any more, after an import and not within it.
  private var stale: [ProgrammeID: (what: Opened.Staleness, since: Instant)] = [:]
  private var making: [ProgrammeID: Int] = [:]
  private var troubles: [ProgrammeID: String] = [:]
  private var programmes: (at: Instant, all: [Programme])?

  /// What whoever watches a server may want to know.
  public enum Note: Sendable {
    case made(String, lines: Int)
    case failed(String, String)
    /// The column server does not answer; the rolls do.
    case withoutServer(String, String)
  }

  public init(
    on database: any Database, zones: @escaping @Sendable (String) -> Zone?, now: @escaping @Sendable () -> Instant,
    folder: @escaping @Sendable (Programme) -> CubeFolder, ids: IDSource? = nil, holder: String = "",
    columns: (any ColumnServer)? = nil,
    telling tell: @escaping @Sendable (Note) -> Void = { _ in }
  ) {
    (self.database, self.zones, self.now, self.folder, self.tell) = (database, zones, now, folder, tell)
    self.columns = columns.map { CubeKeeper.Columns($0, feeds: true) }
    segments = ids.map { SegmentKeeping(database: database, ids: $0, holder: holder) }
  }

  /// The keeper of one programme's cube; not yet open before the first turn.
  public func keeper(of programme: Programme) -> CubeKeeper {
    if let known = keepers[programme.id] { return known }
    let keeper = CubeKeeper(of: CubeScope(programme), on: database, zones: zones, in: folder(programme), columns: columns)
    keepers[programme.id] = keeper
    return keeper
  }

  /// Lines read of a cube that is being made; nil where none is.
  public func progress(of programme: ProgrammeID) -> Int? { making[programme] }

  /// Runs until it is told to stop, behind the tills: news are looked for up to four times a second.
  public func run(until isStopping: @escaping @Sendable () -> Bool) async {
    while !isStopping() {
      let began = now()
      await Urgency.$current.withValue(.bulk) { await turn(isStopping) }
      let pause = max(Self.pause, min(Self.longestPause, Span(micros: 9 * (now() - began).micros)))
      do { try await Task.sleep(for: .microseconds(pause.micros)) } catch { return }
    }
  }

  /// Brings every programme's cube up to date once.
  public func turn(_ isStopping: @escaping @Sendable () -> Bool = { false }) async {
    do {
      for programme in try await all() where !isStopping() { await turn(programme, isStopping) }
    } catch {
      tell(.failed("the list of programmes", "\(error)"))
      programmes = (now(), [])
    }
  }

  private func turn(_ programme: Programme, _ isStopping: @escaping @Sendable () -> Bool) async {
    if let before = failed[programme.id], now() - before < Self.again { return }
    do {
      let keeper = keeper(of: programme)
      var hasMade = false
      while !isStopping() {
        let step = try await keeper.step()
        if step == .none, !hasMade {
          try await make(programme, isStopping)
          hasMade = true
          continue
        }
        // While tills are busy there is always one more event: less than a page waits for the next turn.
        guard case .read(let events) = step, events >= CubeKeeper.page else { break }
      }
      if try await renew(programme, keeper, isStopping) { _ = try await keeper.step() }
      await tellTrouble(of: programme, keeper)
      await computeSegments(of: programme, keeper)
    } catch {
      failed[programme.id] = now()
      tell(.failed(programme.code, "\(error)"))
    }
  }

  /// Makes a cube anew that events cannot bring up to date, when whatever made it stale is over.
  private func renew(
    _ programme: Programme, _ keeper: CubeKeeper, _ isStopping: @escaping @Sendable () -> Bool
  ) async throws -> Bool {
    guard let what = await keeper.open?.staleness else {
      stale[programme.id] = nil
      return false
    }
    guard let known = stale[programme.id], known.what == what else {
      stale[programme.id] = (what, now())
      return false
    }
    guard now() - known.since >= Self.calm, !isStopping() else { return false }
    stale[programme.id] = nil
    try await make(programme, isStopping)
    return true
  }

  /// Once for each kind of trouble.
  private func tellTrouble(of programme: Programme, _ keeper: CubeKeeper) async {
    let trouble = await keeper.columnTrouble
    if let trouble, troubles[programme.id] != trouble { tell(.withoutServer(programme.code, trouble)) }
    troubles[programme.id] = trouble
  }

  /// Some seconds after something happened, and once a minute because days go by. What fails here does not keep the columns from following.
  private func computeSegments(of programme: Programme, _ keeper: CubeKeeper) async {
    guard let segments, let position = await keeper.position else { return }
    let at = now()
    do {
      let last = computed[programme.id]
      if let last, at - last.at <= .seconds(5) { return }
      let events = try await keeper.eventsTakenAt(programme)
      if let last { guard at - last.at > .minutes(1) || last.position != position || last.events != events else { return } }
      computed[programme.id] = (at, position, events)
      try await segments.turn(programme, keeper, at: at) { [tell] code, error in tell(.failed("segment \(code)", "\(error)")) }
    } catch {
      tell(.failed("segments of \(programme.code)", "\(error)"))
    }
  }

  private func make(_ programme: Programme, _ isStopping: @escaping @Sendable () -> Bool) async throws {
    making[programme.id] = 0
    defer { making[programme.id] = nil }
    let counter = Counter()
    let making = CubeMaking(of: CubeScope(programme), on: database, zones: zones, in: folder(programme))
    let made = try await making.make(at: now(), progress: { counter.lines.store($0, ordering: .relaxed) }, isStopping: isStopping)
    if let made { tell(.made(programme.code, lines: made.lines)) }
  }

  private final class Counter: Sendable { let lines = Atomic<Int>(0) }

  /// Read anew every ten seconds: programmes seldom begin.
  private func all() async throws -> [Programme] {
    if let programmes, now() - programmes.at < .seconds(10) { return programmes.all }
    let zones = zones
    let found = try await database.read { tx -> [Programme] in
      var (found, last) = ([Programme](), AccountID(0))
      while true {
        let page = try Accounts().all(after: last, limit: Limits.page, in: &tx)
        for account in page { found += try Programmes(of: account.id, zones: zones).all(in: &tx) }
        guard page.count == Limits.page, let end = page.last else { return found }
        last = end.id
      }
    }
    programmes = (now(), found)
    return found
  }
}
