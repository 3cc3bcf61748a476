import Calculator
import Customers
import Kernel
import Storage

/// Some receipts, and of members whose receipts do not say what they were like: as they are now.
struct WhatIfPage: Sendable {
  let rows: [Row]
  let members: [Int64: MemberSnapshot]
}

/// Reads receipts page by page, a transaction each, in the order in which their rows lie.
struct WhatIfReader: Sendable {
  /// Rows of one page: a tenth of a second.
  static let size = 1_000

  private let scope: WhatIf.Scope
  private let programme: Programme
  private let dialect: Dialect
  private var last: (owner: Int64, id: Int64)?
  private var left: Int
  private var isOver = false
  /// The member that a sample begins with; nil for a period.
  private var start: Int64?
  /// It has come to the last member and went on with the first.
  private var hasTurned = false

  init(_ scope: WhatIf.Scope, _ programme: Programme, dialect: Dialect) {
    self.scope = scope
    self.programme = programme
    self.dialect = dialect
    left = if case .sample(_, let most) = scope { most } else { .max }
  }

  /// Somewhere among the members, and the same for the same question.
  private mutating func drawStart(_ database: any Database) async throws {
    guard case .sample(let since, _) = scope, start == nil else { return }
    let programme = programme
    let range = try await database.read { tx -> (Int64, Int64)? in
      let row = try tx.row(WhatIfSQL.owners(programme))
      return row.flatMap { row in row.intOrNil(0).flatMap { first in row.intOrNil(1).map { (first, $0) } } }
    }
    guard let (first, end) = range else { return }
    var hash = StableHash()
    hash.mix(since.micros)
    let drawn = first + Int64(hash.value >> 1) % (end - first + 1)
    start = drawn
    last = (drawn - 1, .max)
  }

  /// The next receipts; nil where there are no more.
  mutating func next(_ database: any Database) async throws -> WhatIfPage? {
    guard !isOver, left > 0 else { return nil }
    try await drawStart(database)
    let (size, place, scope, programme, dialect) = (min(Self.size, left), last, scope, programme, dialect)
    let page = try await database.read { tx -> WhatIfPage in
      let rows = try tx.rows(WhatIfSQL.page(scope, programme, dialect, after: place, size))
      // Receipts of another system do not say what their member was like.
      let strangers = rows.filter { $0.int(3) == 0 && $0.int(1) != $0.int(2) }.map { $0.id(1, Entity.Member.self) }
      let known = try programme.shoppers(Array(Set(strangers)).sorted(), shown: .verified, at: Self.now(of: scope), in: &tx)
      var members: [Int64: MemberSnapshot] = [:]
      for (id, shopper) in known { if case .member(let snapshot, isBlocked: false) = shopper { members[id.raw] = snapshot } }
      return WhatIfPage(rows: rows, members: members)
    }
    if let row = page.rows.last { last = (row.int(1), row.int(0)) }
    let rows = hasTurned ? page.rows.filter { $0.int(1) < start ?? .max } : page.rows
    if rows.count < page.rows.count { isOver = true }
    if page.rows.count < size {
      isOver = isOver || hasTurned || start == nil
      (hasTurned, last) = (true, nil)
    }
    left -= rows.count
    if rows.isEmpty { return isOver ? nil : try await next(database) }
    return WhatIfPage(rows: rows, members: page.members)
  }

  private static func now(of scope: WhatIf.Scope) -> Instant {
    switch scope {
    case .period(_, let until): until
    case .sample(let since, _): since
    }
  }
}
