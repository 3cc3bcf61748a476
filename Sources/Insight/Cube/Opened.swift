import Access
import Cube
import Jobs
import Kernel
import Loyalty
import Storage

/// A cube as it is open: what the folder has, and what came since.
struct Opened: Sendable {
  let mark: String
  private(set) var contents: CubeFolder.Contents
  let rolls: [Roll]
  private(set) var backdrop: Backdrop
  private(set) var cube: Cube
  private var frame: CubeFrame
  private var known: Extent
  private(set) var position: Int64
  /// The rule books that what came since was sold by.
  private(set) var books = SoldGoods.Books()
  /// Receipts that came or changed, by the receipt's id, and where they may stand in the rolls.
  private var late: [Int64: [CubeReceipt]] = [:]
  private(set) var replaced: Set<CubeTail.Replaced> = []
  private var lateLines = 0
  /// Receipts that were taken in since the cube was last settled, as it shows them.
  private var shown: [Int64: [CubeReceipt]] = [:]
  /// Something was taken in that the cube does not show yet.
  private(set) var isBehind = false
  private var tails: (members: Roll?, nobody: Roll?) = (nil, nil)
  /// The account's version up to which changed costs were looked for, where stores were priced then, and what changed since the rolls
  /// were written.
  private(set) var costed: Int64
  private(set) var zones: [Int64: Int64]
  private(set) var costNews = CostNews()
  /// The account's version at which units were looked at.
  private var looked: Int64?
  /// Why it has to be made anew although it is there; nil where it has not.
  private(set) var staleness: Staleness?

  /// What no event tells of. It differs while an import goes on, and stays the same once that is done.
  struct Staleness: Hashable, Sendable {
    /// Receipts of before that were taken in.
    let past: Int64
    /// The account's version where goods are sold by another unit than they were; 0 where they are not.
    let units: Int64
  }

  init(mark: String, contents: CubeFolder.Contents, rolls: [Roll], backdrop: Backdrop) {
    (self.mark, self.contents, self.rolls, self.backdrop) = (mark, contents, rolls, backdrop)
    (position, costed, zones) = (contents.position, contents.costs, contents.zones)
    frame = CubeFrames(backdrop.catalogue, backdrop.stores).frame(contents.codes, days: contents.days)
    known = Extent(contents, backdrop)
    cube = Cube(rolls, frame)
  }

  /// What a frame depends on.
  private struct Extent: Hashable {
    let days: Range<Int>
    let counts: [Int]
    let version: Int64

    init(_ contents: CubeFolder.Contents, _ backdrop: Backdrop) {
      days = contents.days
      let codes = contents.codes
      counts = [
        codes.stores.count, codes.registers.count, codes.products.count, codes.tiers.count, codes.occasions.count,
        codes.deals.count,
      ]
      version = backdrop.version
    }
  }

  var lateDocuments: [CubeReceipt] { late.values.flatMap(\.self) }

  /// Products of receipts that came since the rolls were written.
  var lateProducts: Set<Int64> {
    let codes = Set(late.values.joined().flatMap(\.lines).map { Int($0.product) })
    return Set(codes.filter { $0 < contents.codes.products.count }.map { contents.codes.products[$0] })
  }

  var hasLate: Bool { !replaced.isEmpty || !late.isEmpty }
  /// So much was gathered that it has to be shown before more comes.
  var isFull: Bool { shown.count > CubeKeeper.gathered }
  var isHeavy: Bool { lateLines > CubeKeeper.lateLines && lateLines > contents.lines / CubeKeeper.lateShare }

  /// Gathers: what is asked sees the news when they are settled.
  /// - Returns: the documents as they are now, and what they take the place of.
  mutating func take(_ news: News) -> (documents: [CubeReceipt], gone: [CubeTail.Replaced]) {
    position = news.position
    lookForStaleness(news)
    isBehind = isBehind || !news.touched.isEmpty || news.backdrop.version != backdrop.version
    (backdrop, books) = (news.backdrop, news.books)
    var (documents, gone): ([CubeReceipt], [CubeTail.Replaced]) = ([], [])
    if !news.touched.isEmpty {
      var intake = CubeIntake(
        backdrop.stores, zones: news.zones, other: news.zone, costs: news.costs, catalogue: backdrop.catalogue,
        codes: contents.codes)
      for receipt in news.touched {
        shown[receipt.id] = shown[receipt.id] ?? late[receipt.id] ?? []
        take(receipt, &intake, &documents, &gone)
      }
      contents.codes = intake.codes
    }
    takeCosts(news, &documents)
    return (documents, gone)
  }

  /// Costs that are others now: what came since the rolls were written is corrected at once, the rolls when they are written anew.
  private mutating func takeCosts(_ news: News, _ all: inout [CubeReceipt]) {
    (costed, zones) = (news.backdrop.version, CubeFolder.Contents.zones(news.backdrop.stores))
    guard !news.costNews.isEmpty else { return }
    costNews.add(news.costNews)
    let correction = news.costNews.correction(GoodsCosts(news.costs, backdrop.stores), contents.codes)
    for (id, documents) in late {
      let corrected = documents.map { correction.corrected($0) }
      guard corrected.contains(where: { $0 != nil }) else { continue }
      shown[id] = shown[id] ?? documents
      late[id] = zip(corrected, documents).map { $0 ?? $1 }
      all += corrected.compactMap(\.self)
      isBehind = true
    }
  }

  private mutating func lookForStaleness(_ news: News) {
    var units = staleness?.units ?? 0
    if news.backdrop.version != looked {
      units = contents.codes.isOtherwise(in: news.backdrop.catalogue) ? news.backdrop.version : 0
      looked = news.backdrop.version
    }
    staleness = news.past == contents.past && units == 0 ? nil : Staleness(past: news.past, units: units)
  }

  /// What changed before is looked at no more; for rolls that cost what they cost all the same.
  mutating func settleCosts() { costNews = CostNews() }

  /// Shows what was taken in. Costs one walk over what came since the rolls were written.
  mutating func settle() throws {
    guard isBehind else { return }
    if !shown.isEmpty { try renewTail(with: shown.keys.flatMap { late[$0] ?? [] }, without: shown.values.flatMap(\.self)) }
    shown = [:]
    // What codes mean is worked out anew only where there are others: tens of milliseconds for a large catalogue.
    let extent = Extent(contents, backdrop)
    if extent != known {
      frame = CubeFrames(backdrop.catalogue, backdrop.stores).frame(contents.codes, days: contents.days)
      known = extent
    }
    cube = Cube(rolls, frame, tail: CubeTail(rolls: rolls, late: tails.members, nobody: tails.nobody, replacing: replaced))
    isBehind = false
  }

  private mutating func take(
    _ receipt: SoldGoods.Touched, _ intake: inout CubeIntake, _ all: inout [CubeReceipt], _ gone: inout [CubeTail.Replaced]
  ) {
    let documents = receipt.documents.map { intake.receipt($0) }
    all += documents
    let members = receipt.members.union([0]).union(documents.map(\.member))
    for mark in receipt.marks {
      let order = intake.order(mark)
      for member in members {
        replaced.insert(CubeTail.Replaced(member: member, order: order))
        gone.append(CubeTail.Replaced(member: member, order: order))
      }
    }
    lateLines += documents.reduce(0) { $0 + $1.lines.count } - (late[receipt.id] ?? []).reduce(0) { $0 + $1.lines.count }
    late[receipt.id] = documents.isEmpty ? nil : documents
    for document in documents {
      let day = Int(document.day)
      contents.days =
        contents.days.isEmpty ? day..<day + 1 : min(contents.days.lowerBound, day)..<max(contents.days.upperBound, day + 1)
    }
  }

  /// Sorts what is new, and copies what came before: one walk over the tail, several times cheaper than building it again.
  private mutating func renewTail(with documents: [CubeReceipt], without gone: [CubeReceipt]) throws {
    var (members, nobody) = (RollBuilder(), RollBuilder(anonymous: true))
    for document in documents {
      if document.member == 0 { nobody.append(document) } else { members.append(document) }
    }
    let places = gone.map(\.place)
    tails = (
      try HeapBytes.roll(tails.members, without: places, and: members),
      try HeapBytes.roll(tails.nobody, without: places, and: nobody)
    )
  }

  /// Writes everything that is settled into rolls of their own.
  /// - Parameter costs: what goods cost now, where that is another for lines of the rolls.
  func merged(into folder: CubeFolder, costs: CostCorrection? = nil) throws -> CubeFolder.Contents {
    let tail = CubeTail(rolls: rolls, late: nil, nobody: nil, replacing: replaced)
    var sources: (members: [RollMerge.Source], nobody: [RollMerge.Source]) = ([], [])
    for (index, roll) in rolls.enumerated() {
      let source = RollMerge.Source(roll, replaced: tail.replaced(index))
      if roll.isAnonymous { sources.nobody.append(source) } else { sources.members.append(source) }
    }
    if let roll = tails.members { sources.members.append(RollMerge.Source(roll)) }
    if let roll = tails.nobody { sources.nobody.append(RollMerge.Source(roll)) }
    var next = contents
    (next.position, next.costs, next.zones) = (position, costed, zones)
    // Receipts stand where they stood and say something else: a column server has to get all of them again.
    if costs != nil { next.madeAt = contents.madeAt + Span(micros: 1) }
    next.rolls = try folder.write(
      members: sources.members, nobody: sources.nobody, stamp: Instant(micros: next.madeAt.micros + position), costs: costs)
    let written = try folder.rolls(of: next)
    (next.lines, next.documents) = (written.reduce(0) { $0 + $1.lines }, written.reduce(0) { $0 + $1.receipts })
    return next
  }
}

extension CubeIntake {
  /// Where a sale or a return stands among its member's.
  mutating func order(_ mark: SoldGoods.Mark) -> ReceiptOrder {
    ReceiptOrder(
      day: UInt16(clamping: mark.day.number), store: codes.store(mark.store.raw), minute: minute(mark.at, in: mark.store),
      id: mark.id)
  }
}
