import Access
import Kernel
import Storage
import Tables

/// How the records of one kind of file become facts, and facts rows of the database.
protocol Intake: Sendable {
  associatedtype Item: Sendable
  /// An item with everything done to it that needs no writing transaction.
  associatedtype Ready: Sendable = Item

  /// Columns that say which records make one item; empty where each does.
  var groupedBy: [Int] { get }

  /// What the records say; nil where they cannot be used, with the reason in the notes.
  func read(_ block: TableBlock, _ rows: Range<Int>, _ notes: inout Notes) -> Item?

  /// What can be done while another chunk is being written; one for each item, in their order.
  func prepare(_ items: [Item], in database: any Database) async throws -> [Ready]

  /// Writes what is new or differs. May run twice.
  func write(_ items: [Ready], by change: Change, in tx: inout Transaction) throws -> Outcome

  /// Records of one transaction: few enough that a till behind it does not notice.
  var chunkRecords: Int { get }
}

extension Intake {
  var chunkRecords: Int { 2_000 }
}

extension Intake where Ready == Item {
  func prepare(_ items: [Item], in database: any Database) async throws -> [Item] { items }
}

/// Why a record was not imported.
struct Refusal: Hashable, Sendable {
  let row: Int
  /// The name of the column, or of the field where no single column is at fault.
  let column: String
  let reason: String
}

/// What reading noticed: refusals, and counts of what is odd but was imported.
struct Notes: Sendable {
  let header: [String]
  private(set) var refusals: [Refusal] = []
  /// Few, and found from the front: a dictionary would hash a sentence for every line.
  private(set) var oddities: [(sentence: String, times: Int)] = []

  init(header: [String]) { self.header = header }

  mutating func refuse(_ row: Int, _ column: String, _ reason: String) {
    refusals.append(Refusal(row: row, column: column, reason: reason))
  }

  mutating func refuse(_ row: Int, _ column: Int?, _ reason: String) {
    refuse(row, column.flatMap { $0 < header.count ? header[$0] : nil } ?? "", reason)
  }

  mutating func count(_ oddity: String, _ times: Int = 1) {
    if let place = oddities.firstIndex(where: { $0.sentence == oddity }) {
      oddities[place].times += times
    } else {
      oddities.append((oddity, times))
    }
  }

  /// The cell's value, or nil with the fault noted.
  mutating func value<T>(_ row: Int, _ read: () throws(CellFault) -> T?) -> T? {
    do { return try read() } catch {
      refuse(row, error.column, error.message)
      return nil
    }
  }

  /// The text of a cell that must not be empty.
  mutating func text(_ source: BoundSource, _ block: TableBlock, _ row: Int) -> String? {
    if let text = source.text(block, row) { return text }
    refuse(row, source.column, "this may not be empty")
    return nil
  }
}

/// What became of a chunk's items.
struct Outcome: Sendable {
  var made = 0
  var changed = 0
  var unchanged = 0
  /// By the item's place in the chunk.
  var refused: [(item: Int, column: String, reason: String)] = []
  var oddities: [String: Int] = [:]

  init() {}

  init(_ saved: Saved<some Identified>) {
    made = saved.made
    changed = saved.changed
    unchanged = saved.unchanged
  }
}

/// Saves rows; those that are refused are told apart and the rest is saved. The facades check before they write, so a refused call
/// left nothing behind.
func saveApart<Item, Of>(_ items: [Item], _ save: ([Item]) throws -> Saved<Of>) throws -> Outcome {
  var kept = Array(items.indices)
  var refused: [(item: Int, column: String, reason: String)] = []
  while !kept.isEmpty {
    do {
      var outcome = Outcome(try save(kept.map { items[$0] }))
      outcome.refused = refused
      return outcome
    } catch let problem as Problem where !problem.issues.isEmpty {
      var bad: Set<Int> = []
      for issue in problem.issues {
        guard let place = place(issue.pointer, below: kept.count) else { throw problem }
        refused.append((kept[place.index], place.field, issue.message))
        bad.insert(kept[place.index])
      }
      kept.removeAll { bad.contains($0) }
    }
  }
  var outcome = Outcome()
  outcome.refused = refused
  return outcome
}

/// `/17/address/city` as row 17 and `address/city`.
private func place(_ pointer: String, below count: Int) -> (index: Int, field: String)? {
  let parts = pointer.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true)
  guard let first = parts.first, let index = Int(first), index < count else { return nil }
  return (index, parts.count > 1 ? String(parts[1]) : "")
}
