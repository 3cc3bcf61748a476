import Access
import Cube
import Jobs
import Kernel
import Loyalty
import Storage

/// Keeps the cube of one programme open and up to date: rolls as they lie in the folder, and what happened since, from the event stream.
///
/// Whoever asks gets a value that does not change any more. One keeper for each programme and process; several processes may read one
/// folder, and whichever merges first writes it for all.
public actor CubeKeeper {
  /// Late lines beyond which they are merged into the rolls, and the part of the rolls that they may be before.
  static let lateLines = 500_000
  static let lateShare = 50
  /// Events of one step.
  static let page = 1_000
  /// Receipts that are gathered before they are shown although more events wait, where somebody looks.
  static let gathered = 20_000
  /// Steps for which the cube is kept ready after somebody asked: a few minutes. Later the first who asks waits for the walk.
  static let ready = 500
  /// Steps without another change of costs after which rolls are looked through for them: some seconds.
  static let calmSteps = 10

  let scope: CubeScope
  let database: any Database
  private let zones: @Sendable (String) -> Zone?
  let folder: CubeFolder

  var open: Opened?
  /// Steps since somebody asked for the cube. While nobody does, what comes is only gathered: showing it costs a walk over everything that
  /// came since the rolls were written, which a day of tills would pay thousands of times for nobody.
  private var unasked = CubeKeeper.ready
  /// The column server's side of it; nil where there is no server.
  private(set) var served: (stamp: String, cube: ServedCube)?
  private let columns: Columns?
  private var known: (at: Instant, register: MemberRegister)?
  /// Members about whom something else is so since the register was read.
  private var changed: Set<Int64> = []
  var isMerging = false
  /// Steps since costs changed last: an import of costs changes them again and again.
  private var calm = 0
  /// What members did, as segments ask of it.
  var deedBook = DeedBook()
  /// What members have of points, as segments ask of it; nil before somebody does.
  var pointsBook: PointsBook?
  var movedPoints: Set<Int64> = []
  var renewingPoints: Task<PointsBook, any Error>?
  /// What members have of coupons, offers and consents, as segments ask of it; nil before somebody does.
  var holdingsBook: HoldingsBook?
  var movedHoldings: Set<Int64> = []
  var renewingHoldings: Task<HoldingsBook, any Error>?
  /// How often events were missed.
  var pointsGeneration = 0
  /// Points that ran out, once somebody asked of them.
  var expiryBook: ExpiryBook?
  /// What tiers, promotions and segments were called when a question last needed them.
  var spoken: [Dimension: [String: LocalText]] = [:]
  var titles: [Dimension: LocalText] = [:]
  /// Whence members came first, and when that was read.
  var origins: (at: Instant, first: FirstVisits)?
  /// What products cost on average, by the rolls that say so.
  var priced: (mark: String, prices: [Int64?])?

  /// A column server that pivots are asked of.
  public struct Columns: Sendable {
    let server: any ColumnServer
    /// Sends it what happens; who does not only asks where it is as far.
    let feeds: Bool
    public init(_ server: any ColumnServer, feeds: Bool) { (self.server, self.feeds) = (server, feeds) }
  }

  public init(
    of scope: CubeScope, on database: any Database, zones: @escaping @Sendable (String) -> Zone?, in folder: CubeFolder,
    columns: Columns? = nil
  ) {
    (self.scope, self.database, self.zones, self.folder, self.columns) = (scope, database, zones, folder, columns)
  }

  /// The cube as of its last step; nil where there is none yet, or where the one that is there is of another life of the database and has
  /// to be made anew. Costs a walk over what came since the rolls were written where nobody asked for minutes: tens of milliseconds for
  /// half a million lines.
  public var cube: Cube? {
    get throws {
      guard let open = try current() else { return nil }
      var cube = open.cube
      if let served { cube.walker = ServedCube.Walker(served: served.cube, position: open.position) }
      return cube
    }
  }

  /// With everything shown that was taken in.
  /// - Parameter isWatched: somebody waits, and may ask again soon.
  func current(isWatched: Bool = true) throws -> Opened? {
    if isWatched { unasked = 0 }
    guard var now = open, now.isBehind else { return open }
    try now.settle()
    open = now
    return now
  }

  /// Why the column server is not asked; nil where it is, or where there is none.
  public var columnTrouble: String? { get async { await served?.cube.trouble } }

  /// The event up to which the cube is.
  public var position: Int64? { open?.position }
  public var contents: CubeFolder.Contents? { open?.contents }
  /// The stores that codes stand for.
  public var stores: [Int64] { open?.contents.codes.stores ?? [] }

  /// True where it has to be made anew, although it is there and can be asked: receipts of before were taken in, which tell no events, or goods
  /// are sold by another unit.
  public var isStale: Bool { open?.staleness != nil }

  /// What a step came to.
  public enum Step: Sendable, Hashable {
    /// There is no cube, or none that events can bring up to date: it has to be made.
    case none
    case upToDate
    /// It read this many events; there may be more.
    case read(Int)
  }

  /// Opens what is in the folder where it is new, and takes in the next events. One short transaction of five reads where nothing happened, whatever the
  /// programme: a database of many programmes reads its stream once for each of them.
  public func step() async throws -> Step {
    try await openNewest()
    guard let known = open else { return .none }
    let (scope, position) = (scope, known.position)
    let news = try await database.read { [zones] tx -> News? in
      guard try Epochs.current(in: &tx) == known.contents.epoch else { return nil }
      return try News(after: position, of: scope, known, zones, in: &tx)
    }
    guard let news, !news.isTorn else {
      open = nil
      forgetPoints()
      return .none
    }
    guard var now = open, now.position == position else { return .read(0) }
    let taken = now.take(news)
    unasked += 1
    if unasked < Self.ready, now.isFull || news.events < Self.page { try now.settle() }
    open = now
    await serve(taken)
    changed.formUnion(news.people)
    notePoints(news.wallets)
    noteHoldings(news.holders)
    calm = news.costNews.isEmpty ? calm + 1 : 0
    if now.isHeavy {
      try await merge()
    } else if !now.costNews.isEmpty, calm >= Self.calmSteps {
      calm = 0
      try await merge(forCosts: true)
    }
    return news.events > 0 ? .read(news.events) : .upToDate
  }

  /// Takes in events until none is left, and waits for the column server where everything is on its way there.
  public func catchUp() async throws -> Cube? {
    // Once: where somebody else writes the rolls, they are not waited for.
    var hasLooked = false
    while true {
      switch try await step() {
      case .none: return nil
      case .upToDate:
        if !hasLooked, let open, !open.costNews.isEmpty {
          hasLooked = true
          try await merge(forCosts: true)
          continue
        }
        if let served, await served.cube.position == nil {
          await served.cube.loaded()
          await serve(([], []))
        }
        return try cube
      case .read: continue
      }
    }
  }

  /// What a table of this cube's words are called, its filters' too. Reads at most some products, brands and manufacturers.
  /// - Parameter more: what is shown beside it; of products those words.
  public func names(
    of table: PivotTable, _ language: ReportLanguage, showing more: [Dimension: Set<String>] = [:]
  ) async throws -> PivotNames {
    try await names(PivotNames.words(of: table.pivot, shown: table).merging(more) { $0.union($1) }, language)
  }

  /// What a question's filters name.
  /// - Parameter more: what is shown beside it; of products those words.
  public func names(
    ofFilters pivot: Pivot, _ language: ReportLanguage, showing more: [Dimension: Set<String>] = [:]
  ) async throws -> PivotNames {
    try await names(PivotNames.words(of: pivot).merging(more) { $0.union($1) }, language)
  }

  private func names(_ words: [Dimension: Set<String>], _ language: ReportLanguage) async throws -> PivotNames {
    guard let backdrop = open?.backdrop else { return PivotNames(language) }
    let (account, spoken, titles) = (scope.account, spoken, titles)
    let names = try await database.read { tx in
      try PivotNames(words, language, account: account, catalogue: backdrop.catalogue, stores: backdrop.stores, in: &tx)
    }
    return names.knowing(spoken, titled: titles)
  }

  var snapshot: (cube: Cube, codes: CubeCodes, backdrop: Backdrop)? {
    get throws { try current().map { ($0.cube, $0.contents.codes, $0.backdrop) } }
  }

  /// What codes stand for; costs nothing.
  var meaning: (codes: CubeCodes, backdrop: Backdrop)? { open.map { ($0.contents.codes, $0.backdrop) } }
  var backdrop: Backdrop? { open?.backdrop }

  /// Every member as segments ask of them. Read once; then only those about whom events told something, and tiers that end by themselves
  /// once an hour.
  /// - Parameter isDue: what ends by itself is asked for, too.
  func register(of programme: Programme, at now: Instant, isDue: Bool = true) async throws -> MemberRegister {
    let stale = changed
    let known = known.flatMap { !isDue || now - $0.at < .hours(1) ? $0 : nil }
    if let known, stale.isEmpty { return known.register }
    let register: MemberRegister
    if let known, stale.count <= 10 * Limits.bulk {
      register = try await known.register.renewed(stale, programme, at: now, on: database)
      self.known = (known.at, register)
    } else {
      register = try await MemberRegister.read(programme, at: now, on: database)
      self.known = (now, register)
    }
    changed.subtract(stale)
    return register
  }

  /// Hands what came to the column server. Whatever it lacks – after a start, after it was away – is sent from where the rolls end; what it
  /// never had, or of another making, from the beginning. A server that is away keeps nobody from going on.
  private func serve(_ taken: (documents: [CubeReceipt], gone: [CubeTail.Replaced])) async {
    guard let columns, let open else { return }
    if served?.stamp != open.contents.stamp {
      served = (open.contents.stamp, ServedCube(columns.server, name: "regulars_\(scope.programme.raw)_\(open.contents.stamp)"))
    }
    guard let cube = served?.cube, await cube.mayTry else { return }
    do {
      guard columns.feeds else {
        if await cube.position != open.position { _ = try await cube.look() }
        return
      }
      if await cube.position != nil {
        return try await cube.take(taken.documents, gone: taken.gone, position: open.position)
      }
      let known = try await cube.look() ?? -1
      guard known >= open.contents.position else {
        return await cube.beginLoading(open.rolls, position: open.contents.position)
      }
      try await cube.take(open.lateDocuments, gone: Array(open.replaced), position: open.position)
    } catch {
      await cube.fail(error)
    }
  }

  func openNewest() async throws {
    let mark = folder.mark
    guard let mark else {
      open = nil
      return
    }
    guard open?.mark != mark else { return }
    guard let contents = try folder.contents() else { return }
    let rolls = try folder.rolls(of: contents)
    let account = scope.account
    let backdrop = try await database.read { tx in try Backdrop(of: account, nil, in: &tx) }
    // Rolls that somebody else wrote further on: what lies between was never seen here.
    if contents.position > open?.position ?? -1 { forgetPoints() }
    open = Opened(mark: mark, contents: contents, rolls: rolls, backdrop: backdrop)
  }
}
