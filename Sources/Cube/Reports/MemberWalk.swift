/// What a report finds by looking at one member's receipts after the other. Walks over different members can be joined, in any order.
///
/// A walk reads every receipt of every member once: its cost is that of a pivot without dimensions, its memory that of what was found.
public protocol CubeReport: Sendable {
  associatedtype Found: Sendable
  /// Columns of sums that it reads, in the order in which it asks for them.
  var columns: [RollColumn] { get }
  /// Whether receipts of nobody are shown to it, too.
  var seesNobody: Bool { get }
  var nothing: Found { get }
  func see(_ member: MemberReceipts, into found: inout Found)
  func join(_ other: Found, into all: inout Found)
}

/// Receipts of one member, or some of nobody's, wherever they lie: the rolls' first and what came since behind them, each in its own order.
public struct MemberReceipts {
  struct Piece {
    let columns: ReceiptColumns
    let receipts: Range<Int>
    let replaced: Bits?
    /// Nil: every receipt is looked at.
    var kept: KeptReceipts?

    fileprivate var keptLines: KeptReceipts? { kept?.asksLines == true ? kept : nil }
  }

  let pieces: [Piece]
  public let isNobody: Bool
  /// Whose they are; 0: of nobody.
  public let member: Int64

  /// Whether they lie in two places, so that their order is not that of time.
  var isMixed: Bool { pieces.count > 1 }

  @inline(__always)
  func forEach(_ body: (SeenReceipt) -> Void) {
    for piece in pieces {
      for receipt in piece.receipts {
        if let replaced = piece.replaced, replaced[receipt] { continue }
        if let kept = piece.kept, !kept.holds(receipt) { continue }
        body(SeenReceipt(columns: piece.columns, receipt: receipt, kept: piece.keptLines))
      }
    }
  }
}

/// One receipt of a walk.
struct SeenReceipt {
  let columns: ReceiptColumns
  let receipt: Int
  /// Which of its lines are looked at; nil: all.
  let kept: KeptReceipts?

  var day: Int { columns.day(receipt) }
  var store: Int { columns.store(receipt) }
  var minute: Int { columns.minute(receipt) }
  var id: Int64 { columns.id(receipt) }
  /// A sale of which something was kept. One without lines is none, here as in pivots and segments.
  var counts: Bool { columns.flags(receipt).counts && !lines.isEmpty }
  var lines: SeenLines { SeenLines(all: columns.lines(receipt), kept: kept) }
  func sum(_ column: Int) -> Int64 {
    guard kept != nil else { return columns.sums[column].sum(columns.lines(receipt)) }
    return lines.reduce(Int64(0)) { $0 + value(column, $1) }
  }
  func value(_ column: Int, _ line: Int) -> Int64 { columns.sums[column].sum(line..<line + 1) }
  func product(_ line: Int) -> Int { Int(columns.products.product(line)) }
}

/// The columns of a roll that reports read, looked up once.
@safe struct ReceiptColumns {
  private let days: UnsafeBufferPointer<UInt16>
  private let minutes: UnsafeBufferPointer<UInt16>
  private let stores: UnsafeBufferPointer<UInt32>
  private let flagged: UnsafeBufferPointer<UInt8>
  private let first: UnsafeBufferPointer<UInt32>
  private let ids: UnsafeBufferPointer<Int64>
  let products: HistoryLines
  let sums: [HistoryLines]

  init(_ roll: Roll, _ wanted: [RollColumn]) {
    unsafe days = roll.values(.day)
    unsafe minutes = roll.values(.minute)
    unsafe stores = roll.values(.store)
    unsafe flagged = roll.values(.flags)
    unsafe first = roll.values(.firstLine)
    unsafe ids = roll.values(.receipt)
    products = HistoryLines(roll, nil)
    sums = wanted.map { HistoryLines(roll, $0) }
  }

  func day(_ receipt: Int) -> Int { unsafe Int(Span(_unsafeElements: days)[receipt]) }
  func minute(_ receipt: Int) -> Int { unsafe Int(Span(_unsafeElements: minutes)[receipt]) }
  func id(_ receipt: Int) -> Int64 { unsafe Span(_unsafeElements: ids)[receipt] }
  func store(_ receipt: Int) -> Int { unsafe Int(Span(_unsafeElements: stores)[receipt]) }
  func flags(_ receipt: Int) -> ReceiptFlags { unsafe ReceiptFlags(rawValue: Span(_unsafeElements: flagged)[receipt]) }
  func lines(_ receipt: Int) -> Range<Int> {
    let starts = unsafe Span(_unsafeElements: first)
    return Int(starts[receipt])..<Int(starts[receipt + 1])
  }
}

extension Cube {
  /// A piece of a report's walk, for one thread.
  public enum ReportPart: Sendable {
    case people(PeoplePart)
    case nobody(roll: Int, Range<Int>)
    case lateNobody(Range<Int>)
  }

  public func parts(of report: some CubeReport) -> [ReportPart] {
    var parts = peopleParts.map { ReportPart.people($0) }
    guard report.seesNobody else { return parts }
    for (index, roll) in rolls.enumerated() where roll.isAnonymous {
      parts += CubeScan.parts(of: roll, max(1, roll.lines >> 19)).map { .nobody(roll: index, $0.receipts) }
    }
    if let late = tail?.nobody { parts.append(.lateNobody(0..<late.receipts)) }
    return parts
  }

  /// Shows the report everybody of the piece.
  /// - Parameters:
  ///   - leftOut: members who are not shown, as `sets(of:)` made them; nil: nobody is left out.
  ///   - filter: of this cube's frame; nil: everything is shown.
  public func add<Report: CubeReport>(
    _ part: ReportPart, _ report: Report, without leftOut: [Bits]?, where filter: ReceiptFilter? = nil, to found: inout Report.Found
  ) {
    switch part {
    case .people(.roll(let index, let members)): add(index, members, report, leftOut, filter, &found)
    case .people(.late(let members)):
      for member in members { addLate(member, report, leftOut, filter, &found) }
    case .nobody(let index, let receipts): addNobody(rolls[index], receipts, tail?.replaced[index], report, filter, &found)
    case .lateNobody(let receipts):
      guard let roll = tail?.nobody else { return }
      addNobody(roll, receipts, nil, report, filter, &found)
    }
  }

  private func addNobody<Report: CubeReport>(
    _ roll: Roll, _ receipts: Range<Int>, _ replaced: Bits?, _ report: Report, _ filter: ReceiptFilter?, _ found: inout Report.Found
  ) {
    guard filter?.holdsNobody ?? true else { return }
    let piece = MemberReceipts.Piece(
      columns: ReceiptColumns(roll, report.columns), receipts: receipts, replaced: replaced,
      kept: filter.map { KeptReceipts($0, roll) })
    report.see(MemberReceipts(pieces: [piece], isNobody: true, member: 0), into: &found)
  }

  private func add<Report: CubeReport>(
    _ index: Int, _ members: Range<Int>, _ report: Report, _ leftOut: [Bits]?, _ filter: ReceiptFilter?,
    _ found: inout Report.Found
  ) {
    let roll = rolls[index]
    let (columns, kept) = (ReceiptColumns(roll, report.columns), filter.map { KeptReceipts($0, roll) })
    let (hidden, replaced, out) = (tail?.hidden[index], tail?.replaced[index], leftOut?[index])
    for member in members {
      if let hidden, hidden[member] { continue }
      if let out, out[member] { continue }
      if let filter, !filter.holds(roll: index, member: member) { continue }
      let piece = MemberReceipts.Piece(
        columns: columns, receipts: roll.receipts(ofMemberAt: member), replaced: replaced, kept: kept)
      report.see(MemberReceipts(pieces: [piece], isNobody: false, member: roll.memberID(at: member)), into: &found)
    }
  }

  private func addLate<Report: CubeReport>(
    _ index: Int, _ report: Report, _ leftOut: [Bits]?, _ filter: ReceiptFilter?, _ found: inout Report.Found
  ) {
    let history = HistoryOf(in: self, late: index, asOf: .max)
    if let leftOut {
      let isOut = history.roll >= 0 && leftOut[history.roll][history.place]
      guard !isOut, !(history.late >= 0 && (leftOut.last?[history.late] ?? false)) else { return }
    }
    if let filter {
      let isIn =
        history.roll >= 0
        ? filter.holds(roll: history.roll, member: history.place)
        : history.late >= 0 && filter.holds(roll: rolls.count, member: history.late)
      guard isIn else { return }
    }
    let pieces = history.pieces.map { piece in
      MemberReceipts.Piece(
        columns: ReceiptColumns(piece.roll, report.columns), receipts: piece.receipts, replaced: piece.replaced,
        kept: filter.map { KeptReceipts($0, piece.roll) })
    }
    let member =
      history.roll >= 0 ? rolls[history.roll].memberID(at: history.place) : tail?.roll?.memberID(at: max(0, history.late)) ?? 0
    report.see(MemberReceipts(pieces: pieces, isNobody: false, member: member), into: &found)
  }
}
