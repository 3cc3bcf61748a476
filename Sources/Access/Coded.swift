import Kernel
import Storage

/// What an outside system knows by a code of its own: the code makes a repeated write harmless.
public protocol Coded: Hashable, Sendable {
  associatedtype Of: Identified
  /// The word that opens acts in the audit trail: `store`.
  static var noun: String { get }
  var code: String { get }
  /// Everything but the code, for the audit trail.
  var json: JSON { get }
  /// Notes what is wrong, at pointers below `pointer`.
  func check(at pointer: String, _ issues: IssueList)
}

/// Something coded with the id that we gave it.
public struct Known<Details: Coded>: Hashable, Sendable {
  public let id: ID<Details.Of>
  public let details: Details
  public init(id: ID<Details.Of>, details: Details) {
    self.id = id
    self.details = details
  }
}

/// What became of the rows of one write.
public struct Saved<Of: Identified>: Hashable, Sendable {
  /// In the order of the rows given.
  public private(set) var ids: [ID<Of>] = []
  public private(set) var made = 0
  public private(set) var changed = 0
  public var unchanged: Int { ids.count - made - changed }

  public init() {}

  public mutating func add(made id: ID<Of>) {
    ids.append(id)
    made += 1
  }

  public mutating func add(changed id: ID<Of>) {
    ids.append(id)
    changed += 1
  }

  public mutating func add(unchanged id: ID<Of>) { ids.append(id) }
}

/// How one bulk write of coded things is carried out: which row is new, which differs, and the statements for both.
public struct Upsert<Details: Coded> {
  /// More new rows than this are remembered in the audit trail as one entry with the range of their ids.
  static var singly: Int { 20 }

  private let table: Table
  private let columns: [String]
  private let values: (ID<Details.Of>, Details) -> [Value]
  private let update: (ID<Details.Of>, Details) -> SQL

  /// - Parameters:
  ///   - values: of the columns, for a new row.
  ///   - update: the statement for a row that differs.
  public init(
    into table: Table, _ columns: [String], values: @escaping (ID<Details.Of>, Details) -> [Value],
    update: @escaping (ID<Details.Of>, Details) -> SQL
  ) {
    self.table = table
    self.columns = columns
    self.values = values
    self.update = update
  }

  /// Writes what is new and what differs from `known`, and the audit trail of both.
  public func save(
    _ rows: [Details], known: [String: Known<Details>], in account: AccountID, by change: Change, in tx: inout Transaction
  ) throws -> Saved<Details.Of> {
    var saved = Saved<Details.Of>()
    var fresh: [(ID<Details.Of>, Details)] = []
    var notes: [AuditNote] = []
    for row in rows {
      guard let old = known[row.code] else {
        let id: ID<Details.Of> = change.id()
        fresh.append((id, row))
        saved.add(made: id)
        continue
      }
      guard old.details != row else {
        saved.add(unchanged: old.id)
        continue
      }
      try tx.enqueue(update(old.id, row))
      notes.append(.changed(Details.noun, old.id, from: old.details.json, to: row.json))
      saved.add(changed: old.id)
    }
    try tx.insert(fresh.map(values), into: table, columns)
    try AuditTrail(of: account).record(Self.notes(of: fresh) + notes, by: change, in: &tx)
    return saved
  }

  private static func notes(of fresh: [(id: ID<Details.Of>, details: Details)]) -> [AuditNote] {
    guard fresh.count > singly, let first = fresh.first, let last = fresh.last else {
      return fresh.map { .made(Details.noun, $0.id, $0.details.coded) }
    }
    let range: JSON = .object(["rows": .int(Int64(fresh.count)), "from": .string("\(first.id)"), "to": .string("\(last.id)")])
    return [.did(Details.noun + ".imported", first.id, after: range)]
  }
}

extension Coded {
  /// The code and everything else.
  fileprivate var coded: JSON {
    guard case .object(let members) = json else { return json }
    return .object([JSON.Member("code", .string(code))] + members.filter { $0.key != "code" })
  }
}

/// Refuses rows that are wrong in themselves, too many, or share a code. Every issue points at its row: `/17/name`.
public func check<Details: Coded>(_ rows: [Details], _ what: String) throws(Problem) {
  let issues = IssueList()
  if rows.count > Limits.bulk { issues.add("", "too_many", "at most \(Limits.bulk) rows go into one write, not \(rows.count)") }
  var seen: Set<String> = []
  for (index, row) in rows.prefix(Limits.bulk).enumerated() {
    if !isCode(row.code) {
      issues.add(
        "/\(index)/code", "not_a_code", "a code has 1 to \(Limits.code) bytes, no control characters and no spaces around it")
    } else if !seen.insert(row.code).inserted {
      issues.add("/\(index)/code", "repeated", "the code \"\(row.code)\" stands twice in this write")
    }
    row.check(at: "/\(index)", issues)
  }
  try issues.check(what)
}

/// Notes a text that is empty or too long.
public func checkName(_ text: String, at pointer: String, _ issues: IssueList, max: Int = Limits.name) {
  if text.isEmpty { issues.add(pointer, "empty", "this text may not be empty") }
  if text.count > max { issues.add(pointer, "too_long", "at most \(max) characters are allowed here") }
}

/// The codes, repeated at the end until their number is one of a few, so that `in (…)` has few texts and stays prepared.
/// - Precondition: not empty.
public func padded<T>(_ codes: [T]) -> [T] {
  guard let last = codes.last else { return codes }
  var size = 1
  while size < codes.count { size *= 4 }
  return codes + Array(repeating: last, count: size - codes.count)
}
