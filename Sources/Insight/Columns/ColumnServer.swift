import Cube
import Kernel

/// Speaks to a column server: ClickHouse over HTTP.
public protocol ColumnServer: Sendable {
  /// Runs one statement, perhaps with rows in its body.
  /// - Returns: the answer, tab-separated lines.
  /// - Throws: `ColumnFailure`.
  func run(_ statement: String, rows: [UInt8]) async throws -> String
}

/// The column server did not do what it was asked.
public struct ColumnFailure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// The cube of one programme on a column server: the same receipts by the same codes, and walks done there.
///
/// One table for each making of the cube, whose rows are documents with their lines as arrays. A row is replaced by one with the same place
/// and a later version, so that a batch may be sent twice; what is not valid any more is replaced by a document without lines. Which event
/// the table is up to stands beside it.
public actor ServedCube {
  /// Documents of one batch.
  static let batch = 2_000
  /// Bytes of one statement beyond which the rolls are walked over instead.
  static let statement = 48 << 20

  private let server: any ColumnServer
  private let name: String
  /// Up to which event the server has everything; nil while nobody knows.
  private(set) var position: Int64?
  /// Why it was not asked last; nil where it was.
  public private(set) var trouble: String?
  /// After a failure, when it is tried again.
  private var again: ContinuousClock.Instant?
  private var loading: Task<Void, Never>?

  /// - Parameter name: of the table: letters, digits and low lines.
  public init(_ server: any ColumnServer, name: String) {
    precondition(name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    (self.server, self.name) = (server, name)
  }

  /// Asks how far the server is. - Returns: nil where it has no such cube.
  func look() async throws -> Int64? {
    try await run(ServedCubeSQL.makePositions)
    let answer = try await run(ServedCubeSQL.position(name))
    position =
      answer.split(separator: "\t").count == 2 && answer.hasPrefix("1") ? Int64(answer.dropFirst(2).prefix { $0 != "\n" }) : nil
    return position
  }

  /// Sends everything anew, beside whatever goes on meanwhile: a year of a chain takes minutes, and the columns here go on. It is only as
  /// far as the rolls then; what came since is for whoever looks next.
  func beginLoading(_ rolls: [Roll], position: Int64) {
    guard loading == nil else { return }
    loading = Task {
      do { try await load(rolls, position: position) } catch { fail(error) }
      loading = nil
    }
  }

  /// Waits where everything is being sent.
  func loaded() async { await loading?.value }

  /// What was there under this name is gone before.
  private func load(_ rolls: [Roll], position: Int64) async throws {
    self.position = nil
    try await run(ServedCubeSQL.drop(name))
    try await run(ServedCubeSQL.make(name))
    for roll in rolls {
      for first in stride(from: 0, to: roll.receipts, by: Self.batch) {
        let documents = roll.receipts(first..<min(first + Self.batch, roll.receipts))
        try await send(documents, version: 0)
      }
    }
    try await run(ServedCubeSQL.reach(name, position))
  }

  /// Sends what came since, and what it takes the place of.
  func take(_ documents: [CubeReceipt], gone: [CubeTail.Replaced], position: Int64) async throws {
    let kept = Set(documents.map { CubeTail.Replaced(member: $0.member, order: $0.order) })
    let empty = gone.filter { !kept.contains($0) }.map { gone in
      CubeReceipt(
        id: gone.order.id, member: gone.member, day: gone.order.day, minute: gone.order.minute, store: gone.order.store,
        flags: .isUndone, lines: [])
    }
    let all = documents + empty
    for first in stride(from: 0, to: all.count, by: Self.batch) {
      try await send(Array(all[first..<min(first + Self.batch, all.count)]), version: position)
    }
    try await reach(position)
  }

  private func reach(_ position: Int64) async throws {
    try await run(ServedCubeSQL.reach(name, position))
    self.position = max(position, self.position ?? position)
    (trouble, again) = (nil, nil)
  }

  private func send(_ documents: [CubeReceipt], version: Int64) async throws {
    guard !documents.isEmpty else { return }
    var rows: [UInt8] = []
    for document in documents { ServedCubeSQL.append(document, version: version, to: &rows) }
    _ = try await server.run(ServedCubeSQL.insert(name), rows: rows)
  }

  @discardableResult private func run(_ statement: String) async throws -> String { try await server.run(statement, rows: []) }

  func fail(_ error: any Error) {
    (position, trouble, again) = (nil, "\(error)", .now + .seconds(10))
  }

  var mayTry: Bool { loading == nil && (again.map { $0 <= .now } ?? true) }

  /// - Returns: why not where the server is not that far, does not answer, or the question is none for it.
  fileprivate func walk(_ plan: CubePlan, at wanted: Int64) async -> CubeWalked {
    guard !plan.asksGaps else { return .declined(.asksIntervals) }
    guard let statement = ServedCubeSQL.cells(plan, of: name) else { return .declined(.asksMembers) }
    guard position == wanted else { return .declined(trouble.map { .failed($0) } ?? .isBehind) }
    guard statement.utf8.count < Self.statement else { return .declined(.isTooLong) }
    do {
      var tally = Tally(plan)
      try ServedAnswer(try await run(statement)).fill(&tally, plan)
      if !plan.distincts.isEmpty, !plan.totals.isEmpty, let totals = ServedCubeSQL.totals(plan, of: name) {
        guard totals.utf8.count < Self.statement else { return .declined(.isTooLong) }
        try ServedAnswer(try await run(totals)).fillTotals(&tally, plan)
      }
      trouble = nil
      return .done(tally)
    } catch {
      fail(error)
      return .declined(.failed("\(error)"))
    }
  }

  /// Asks the server what was so at one position.
  struct Walker: CubeWalker {
    let served: ServedCube
    let position: Int64
    func walk(_ plan: CubePlan) async -> CubeWalked { await served.walk(plan, at: position) }
  }
}

/// Lines of numbers with tabs between.
struct ServedAnswer {
  private let lines: [[Int64]]

  init(_ text: String) throws {
    lines = try text.split(separator: "\n").map { line in
      try line.split(separator: "\t").map { number in
        guard let number = Int64(number) else { throw ColumnFailure("the column server answered \(line.prefix(80))") }
        return number
      }
    }
  }

  func fill(_ tally: inout Tally, _ plan: CubePlan) throws {
    let width = 2 + plan.sums.count + plan.distincts.count
    for line in lines {
      guard line.count == width, line[0] >= 0, line[0] < Int64(plan.cells) else { throw Self.strange }
      tally.set(
        Int(line[0]), lines: line[1], sums: line[2..<2 + plan.sums.count], distincts: line[(2 + plan.sums.count)...])
    }
  }

  func fillTotals(_ tally: inout Tally, _ plan: CubePlan) throws {
    for line in lines {
      guard line.count == 2 + plan.distincts.count, plan.totals.indices.contains(Int(line[0])), line[1] >= 0,
        line[1] < Int64(plan.totals[Int(line[0])].count)
      else { throw Self.strange }
      tally.set(total: Int(line[0]), Int(line[1]), distincts: line[2...])
    }
  }

  private static var strange: ColumnFailure { ColumnFailure("the column server answered cells that were not asked for") }
}

extension CubeReceipt {
  var order: ReceiptOrder { ReceiptOrder(day: day, store: store, minute: minute, id: id) }
}
