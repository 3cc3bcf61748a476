import Cube
import Insight
import Kernel
import Loyalty
import Storage
import Tables

/// A sale or a return behind a figure, as it stands in the database now.
struct DrillDocument {
  enum Content {
    case sale(Receipt)
    /// With whom its receipt lies.
    case back(owner: Int64, ReceiptBook.Brought)
    /// The database does not keep it any more.
    case gone
  }

  let seen: CubeDrill.Receipt
  let content: Content
}

/// Receipts behind a figure as their page shows them.
struct DrillView {
  let state: PivotState
  let names: PivotNames
  let found: CubeDrill.Found
  let documents: [DrillDocument]
  /// Whether these are the latest of all.
  let isFirst: Bool
  /// What a further page begins behind.
  let next: CubeDrill.Place?
}

/// From a figure of a pivot to its receipts: page by page, and as a file.
extension ConsoleDesk {
  static let drillPath = PivotState.path + "/receipts"
  /// The name of what a further page begins behind.
  static let drillPlace = "earlier"

  /// Receipts of a file that one walk over the columns finds.
  private static let drillWalk = 20_000

  var drillDoors: [Door] {
    [.page(Self.drillPath, .seeMembers, pivotReceipts)] + Door.file(Self.drillPath, .seeMembers, drillFile)
  }

  private func pivotReceipts(_ visit: Visit) async throws -> Answer {
    let state = try PivotState(visit.call.query, today: today(visit))
    guard let (keeper, cube) = try await cube(visit, knowing: state.dimensions, over: state.pivot.days) else {
      return .redirect(PivotState.path)
    }
    let place = visit.call.query[Self.drillPlace].flatMap(CubeDrill.Place.init)
    // One more than is shown tells whether there are earlier ones. Each may lie in two places.
    let shown = Limits.page / 2
    let found = try await cube.receipts(state.pivot, limit: shown + 1, before: place)
    let some = Array(found.latest.prefix(shown))
    let view = DrillView(
      state: state, names: try await keeper.names(ofFilters: state.pivot, visit.reader.report), found: found,
      documents: try await documents(some, await keeper.stores, visit), isFirst: place == nil,
      next: found.latest.count > shown ? some.last?.place : nil)
    return visit.show(PivotReceiptsPage(view: view, visit: visit).page, in: .analysis)
  }

  /// Two statements. - Precondition: at most half of `Limits.page`.
  private func documents(_ seen: [CubeDrill.Receipt], _ stores: [Int64], _ visit: Visit) async throws -> [DrillDocument] {
    let book = ReceiptBook(of: visit.account.id)
    // A receipt lies with its member, or with its store where the member was found later.
    func places(_ some: [CubeDrill.Receipt]) -> [ReceiptBook.Place] {
      some.flatMap { one -> [ReceiptBook.Place] in
        let homes = [one.member, Int(one.store) < stores.count ? stores[Int(one.store)] : 0].filter { $0 != 0 }
        return homes.map { ReceiptBook.Place(owner: $0, id: ReceiptID(one.id)) }
      }
    }
    let (sold, back) = (places(seen.filter { !$0.isReturn }), places(seen.filter(\.isReturn)))
    let (receipts, returns) = try await database.read { tx in
      (try book.receipts(sold, in: &tx), try book.returns(back, in: &tx))
    }
    let known = Dictionary(receipts.map { ($0.id.raw, $0) }, uniquingKeysWith: { first, _ in first })
    return seen.map { one in
      if one.isReturn {
        return DrillDocument(seen: one, content: returns[one.id].map { .back(owner: $0.owner, $0.brought) } ?? .gone)
      }
      return DrillDocument(seen: one, content: known[one.id].map { .sale($0) } ?? .gone)
    }
  }

  /// The latest `Limits.drillRows` of them: a walk over the columns for each `drillWalk`, and a small read for each hundred.
  private func drillFile(_ visit: Visit) async throws -> TableFile {
    let state = try PivotState(visit.call.query, today: today(visit))
    guard let (keeper, cube) = try await cube(visit, knowing: state.dimensions, over: state.pivot.days) else {
      throw Problem(.conflict, "cube_missing", "the columns for analysis are not made yet; try again in a minute")
    }
    let (stores, reader) = (await keeper.stores, visit.reader)
    // A question that cannot be asked is refused before the file begins.
    let first = try await cube.receipts(state.pivot, limit: Self.drillWalk)
    return TableFile("receipts", title: reader("Чеки", "Receipts"), columns: DrillRow.columns(reader), zone: reader.zone) { take in
      var (found, taken) = (first.latest, 0)
      while !found.isEmpty, taken < Limits.drillRows {
        for start in stride(from: 0, to: found.count, by: Limits.page / 2) {
          let some = Array(found[start..<min(start + Limits.page / 2, found.count)])
          try await take(self.documents(some, stores, visit).map { DrillRow(document: $0, visit: visit).cells })
        }
        taken += found.count
        guard found.count == Self.drillWalk, let last = found.last else { return }
        found = try await cube.receipts(state.pivot, limit: Self.drillWalk, before: last.place).latest
      }
    }
  }
}
