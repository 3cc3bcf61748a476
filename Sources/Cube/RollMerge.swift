/// Several rolls made one, or as many as are wanted: runs of a rebuild, or rolls with what came since.
///
/// Members lie in every source in the order of their ids, so that one walk beside each other finds them; columns are then copied receipt by
/// receipt. In memory are twelve bytes for each member and eight for each receipt of one roll that is being written; everything else
/// goes from mapped file to mapped file.
public struct RollMerge {
  public struct Source: Sendable {
    let roll: Roll
    /// Receipts that are left out.
    let replaced: Bits?
    public init(_ roll: Roll, replaced: Bits? = nil) { (self.roll, self.replaced) = (roll, replaced) }

    /// Something is left out.
    public var isReduced: Bool { replaced != nil }
  }

  struct Place { let source: UInt8, receipt: UInt32 }
  struct Member { let id: Int64, first: UInt32 }

  /// Sources of one merge.
  public static let most = 200

  private let sources: [Source]
  private let isAnonymous: Bool
  private let lines: Int
  private let costs: CostCorrection?
  /// Where each source's next member is.
  private var cursors: [Int]
  private var nobody: [Place] = []
  private var nobodyNext = 0

  /// - Parameter lines: after how many a roll is full; the member that fills it is whole.
  /// - Parameter costs: what goods cost by what is known now; nil leaves costs as they are.
  /// - Precondition: at most `most` sources, all of members or all of nobody.
  public init(_ sources: [Source], anonymous isAnonymous: Bool, lines: Int, costs: CostCorrection? = nil) {
    precondition(sources.count <= Self.most && sources.allSatisfy { $0.roll.isAnonymous == isAnonymous })
    (self.sources, self.isAnonymous, self.lines, self.costs) = (sources, isAnonymous, lines, costs)
    cursors = sources.map { _ in 0 }
    if isAnonymous { nobody = ordered(sources.indices.flatMap { places($0, 0..<sources[$0].roll.receipts) }) }
  }

  /// The next roll; nil where everything was written.
  public mutating func next() -> MergedRoll? { isAnonymous ? nextOfNobody() : nextOfMembers() }

  private mutating func nextOfMembers() -> MergedRoll? {
    var (members, places, count) = ([Member](), [Place](), 0)
    while count < lines, let (id, holders) = take() {
      let first = places.count
      for (source, member) in holders { places += self.places(source, sources[source].roll.receipts(ofMemberAt: member)) }
      guard places.count > first else { continue }
      if holders.count > 1 { places[first...] = ordered(Array(places[first...]))[...] }
      members.append(Member(id: id, first: UInt32(first)))
      for place in places[first...] { count += lineCount(place) }
    }
    return members.isEmpty ? nil : MergedRoll(sources.map(\.roll), members, places, lines: count, isAnonymous: false, costs)
  }

  private mutating func nextOfNobody() -> MergedRoll? {
    guard nobodyNext < nobody.count else { return nil }
    var (places, count) = ([Place](), 0)
    while count < lines, nobodyNext < nobody.count {
      places.append(nobody[nobodyNext])
      count += lineCount(nobody[nobodyNext])
      nobodyNext += 1
    }
    return MergedRoll(sources.map(\.roll), [Member(id: 0, first: 0)], places, lines: count, isAnonymous: true, costs)
  }

  /// The member with the least id that is left, and where sources have it.
  private mutating func take() -> (id: Int64, holders: [(source: Int, member: Int)])? {
    var (least, holders) = (Int64.max, [(source: Int, member: Int)]())
    for (index, source) in sources.enumerated() where cursors[index] < source.roll.members {
      let id = source.roll.memberID(at: cursors[index])
      if id < least { (least, holders) = (id, []) }
      if id == least { holders.append((index, cursors[index])) }
    }
    for holder in holders { cursors[holder.source] += 1 }
    return holders.isEmpty ? nil : (least, holders)
  }

  private func places(_ source: Int, _ receipts: Range<Int>) -> [Place] {
    let replaced = sources[source].replaced
    return receipts.compactMap { receipt in
      replaced.map { $0[receipt] } ?? false ? nil : Place(source: UInt8(source), receipt: UInt32(receipt))
    }
  }

  private func ordered(_ places: [Place]) -> [Place] {
    let keyed = places.map { (order: sources[Int($0.source)].roll.order(of: Int($0.receipt)), place: $0) }
    return keyed.sorted { $0.order < $1.order }.map(\.place)
  }

  private func lineCount(_ place: Place) -> Int { sources[Int(place.source)].roll.lines(of: Int(place.receipt)).count }
}

/// A roll that is about to be written from parts of others.
public struct MergedRoll: Sendable {
  private let rolls: [Roll]
  private let members: [RollMerge.Member]
  private let places: [RollMerge.Place]
  private let layout: RollLayout
  private let costs: CostCorrection?

  init(
    _ rolls: [Roll], _ members: [RollMerge.Member], _ places: [RollMerge.Place], lines: Int, isAnonymous: Bool,
    _ costs: CostCorrection?
  ) {
    (self.rolls, self.members, self.places, self.costs) = (rolls, members, places, costs)
    var widths = Dictionary(
      uniqueKeysWithValues: (RollColumn.sums + [.deals]).map { column in (column, rolls.map { $0.width(column) }.max() ?? 0) })
    if let costs {
      var (cost, costed) = (0, 0)
      Self.eachCost(rolls, places, costs) { _, one in
        cost = max(cost, Self.width(one.cost))
        costed = max(costed, Self.width(one.costed))
      }
      (widths[.cost], widths[.costed]) = (cost, costed)
    }
    layout = RollLayout(
      members: members.count, receipts: places.count, lines: lines, isAnonymous: isAnonymous, widths: widths)
  }

  public var size: Int { layout.size }
  public var lines: Int { layout.lines }

  /// - Precondition: `bytes` are `size` long and eight-byte aligned.
  public func write(into bytes: UnsafeMutableRawBufferPointer) {
    var writer = unsafe RollWriter(layout, bytes)
    writer.fill(.member, as: Int64.self) { members[$0].id }
    writer.fill(.firstReceipt, as: UInt32.self) { $0 < members.count ? members[$0].first : UInt32(places.count) }
    copy(.receipt, as: Int64.self, &writer)
    copy(.day, as: UInt16.self, &writer)
    copy(.minute, as: UInt16.self, &writer)
    copy(.store, as: UInt32.self, &writer)
    copy(.register, as: UInt32.self, &writer)
    copy(.tier, as: UInt8.self, &writer)
    copy(.occasion, as: UInt32.self, &writer)
    writeLineStarts(&writer)
    writeFlags(&writer)
    copyLines(.product, as: UInt32.self, &writer)
    if layout.width(.deals) > 0 { copyLines(.deals, as: UInt32.self, &writer) }
    if let costs { writeCosts(costs, &writer) }
    for column in RollColumn.sums where costs == nil || (column != .cost && column != .costed) {
      switch layout.width(column) {
      case 4: copyLines(column, as: Int32.self, &writer)
      case 8: copySums(column, &writer)
      default: break
      }
    }
    writer.seal()
  }

  private func copy<Value: BitwiseCopyable>(_ column: RollColumn, as type: Value.Type, _ writer: inout RollWriter) {
    let sources = unsafe rolls.map { unsafe $0.values(column, as: type) }
    writer.fill(column, as: type) { unsafe sources[Int(places[$0].source)][Int(places[$0].receipt)] }
  }

  private func writeLineStarts(_ writer: inout RollWriter) {
    var line: UInt32 = 0
    writer.fill(.firstLine, as: UInt32.self) { index in
      defer { if index < places.count { line += UInt32(lines(of: places[index]).count) } }
      return line
    }
  }

  private func lines(of place: RollMerge.Place) -> Range<UInt32> { rolls[Int(place.source)].lines(of: Int(place.receipt)) }

  /// Which receipt continues a visit may be another where receipts came in between.
  private func writeFlags(_ writer: inout RollWriter) {
    var (member, open) = (0, (day: UInt16, store: UInt32)?.none)
    writer.fill(.flags, as: UInt8.self) { index in
      while member + 1 < members.count, Int(members[member + 1].first) <= index { (member, open) = (member + 1, nil) }
      let roll = rolls[Int(places[index].source)]
      var flags = roll.flags(of: Int(places[index].receipt))
      flags.remove(.continuesVisit)
      guard flags.counts, !layout.isAnonymous else { return flags.rawValue }
      let order = roll.order(of: Int(places[index].receipt))
      if let known = open, known == (order.day, order.store) { flags.insert(.continuesVisit) }
      open = (order.day, order.store)
      return flags.rawValue
    }
  }

  /// A source whose column is zero everywhere has none; it stays zero here.
  private func copyLines<Value: FixedWidthInteger & BitwiseCopyable>(
    _ column: RollColumn, as type: Value.Type, _ writer: inout RollWriter
  ) {
    let sources = unsafe rolls.map {
      unsafe $0.width(column) == 0 ? UnsafeBufferPointer(start: nil, count: 0) : $0.values(column, as: type)
    }
    let out = unsafe writer.column(column, as: type)
    var at = 0
    for place in places {
      let source = unsafe sources[Int(place.source)]
      let range = lines(of: place)
      for line in range {
        unsafe out[at] = source.isEmpty ? 0 : source[Int(line)]
        at += 1
      }
    }
  }

  /// Bytes that a number needs in a column of sums.
  private static func width(_ value: Int64) -> Int { value == 0 ? 0 : Int32(exactly: value) == nil ? 8 : 4 }

  /// What every line costs by the correction, in the order in which they are written.
  private static func eachCost(
    _ rolls: [Roll], _ places: [RollMerge.Place], _ costs: CostCorrection, _ take: (Int, (cost: Int64, costed: Int64)) -> Void
  ) {
    let products = unsafe rolls.map { unsafe $0.values(.product, as: UInt32.self) }
    var at = 0
    for place in places {
      let (source, receipt) = (Int(place.source), Int(place.receipt))
      let (roll, order) = (rolls[source], rolls[source].order(of: receipt))
      let own = unsafe Span(_unsafeElements: products[source])
      for line in roll.lines(of: receipt) {
        take(at, roll.costs(Int(line), order, by: costs, own))
        at += 1
      }
    }
  }

  private func writeCosts(_ costs: CostCorrection, _ writer: inout RollWriter) {
    for column in [RollColumn.cost, .costed] {
      let isCost = column == .cost
      switch layout.width(column) {
      case 4:
        let out = unsafe writer.column(column, as: Int32.self)
        Self.eachCost(rolls, places, costs) { at, one in
          unsafe out[at] = Int32(truncatingIfNeeded: isCost ? one.cost : one.costed)
        }
      case 8:
        let out = unsafe writer.column(column, as: Int64.self)
        Self.eachCost(rolls, places, costs) { at, one in unsafe out[at] = isCost ? one.cost : one.costed }
      default: break
      }
    }
  }

  private func copySums(_ column: RollColumn, _ writer: inout RollWriter) {
    let out = unsafe writer.column(column, as: Int64.self)
    var at = 0
    for place in places {
      let roll = rolls[Int(place.source)]
      for line in lines(of: place) {
        unsafe out[at] = roll.sum(column, at: Int(line))
        at += 1
      }
    }
  }
}
