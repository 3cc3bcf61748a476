import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage
import Tables

/// Points that members bring from another system: one lot or several, each with its own end.
struct OpeningBalances: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case base, promotional
    var lot: LotKind { self == .base ? .base : .promotional }
  }

  struct Lot: Hashable, Sendable {
    let amount: Points
    let kind: Kind
    /// The last day of its life; nil: as the programme says.
    let until: CivilDay?
  }

  /// Where one lot's facts stand in a record.
  private struct Columns: Sendable {
    let points: BoundSource
    let until: BoundSource?
    let kind: Kind
  }

  /// Lots of one record.
  static var most: Int { 20 }

  private let columns: [Columns]
  private let status: BoundSource?
  private let programme: Programme

  /// Reads `"opening": [{ "points": …, "until": …, "kind": "base" }]` and the field `statusPoints`.
  init(_ map: FieldMap, _ programme: Programme) {
    self.programme = programme
    status = map.optional("statusPoints")
    columns = map.node["opening"].items(max: Self.most).compactMap { item in
      item.expect("points", "until", "kind")
      guard item["points"].required(), let points = map.bind(item["points"]) else { return nil }
      return Columns(points: points, until: map.bind(item["until"]), kind: item["kind"].word() ?? .base)
    }
  }

  var isEmpty: Bool { columns.isEmpty && status == nil }

  func read(_ block: TableBlock, _ row: Int, _ notes: inout Notes) -> (lots: [Lot], status: Points) {
    var lots: [Lot] = []
    for column in columns {
      let amount = amount(column.points, block, row, &notes)
      let until = notes.value(row) { () throws(CellFault) in try column.until?.day(block, row) }
      if amount > .zero { lots.append(Lot(amount: amount, kind: column.kind, until: until)) }
    }
    return (lots, status.map { amount($0, block, row, &notes) } ?? .zero)
  }

  private func amount(_ source: BoundSource, _ block: TableBlock, _ row: Int, _ notes: inout Notes) -> Points {
    let digits = programme.settings.points.scale
    let units = notes.value(row) { () throws(CellFault) in try source.decimal(block, row, digits: digits) } ?? 0
    if units < 0 { notes.refuse(row, source.column, "a balance below zero cannot be taken over; settle it in the other system") }
    return Points(units: max(0, units))
  }

  /// Gives members their points, each member once however often the file comes.
  /// - Returns: how many had theirs already.
  func open(_ records: [MemberRecord], by change: Change, in tx: inout Transaction) throws -> Int {
    let owed = records.filter { !$0.opening.isEmpty || $0.status > .zero }
    guard !owed.isEmpty else { return 0 }
    let owners = try programme.identifiers.owners(of: owed.compactMap { Identifier(external: $0.code) }, in: &tx)
    let source: ImportID = change.id()
    let due = owed.compactMap { record in Identifier(external: record.code).flatMap { owners[$0] }.map { (record, $0) } }
    let openings = due.map { record, member in
      let grants = record.opening.map { lot in
        Grant(
          lot.amount, kind: lot.kind.lot, origin: .opening(source), activation: .atOnce, life: lot.until.map { .until($0) })
      }
      return (code: record.code, Opening(of: member, grants, status: record.status))
    }
    return due.count - (try Wallets(of: programme, ids: change.ids).open(openings, from: source, by: change, in: &tx))
  }
}
