import Access
import Customers
import Kernel
import Loyalty
import Storage

/// A list of people as somebody typed or uploaded it – cards, telephones, e-mails, members' ids, one on each line – and whom it finds.
public struct MemberListing: Sendable {
  /// Lines that are shown of those that found nobody.
  private static let shown = 50

  /// Lines that said something.
  public private(set) var lines = 0
  public private(set) var members: [MemberID] = []
  /// Lines that found somebody who was found before.
  public private(set) var again = 0
  public private(set) var unknown = 0
  public private(set) var unknownLines: [String] = []

  /// A statement or two for each `Limits.bulk` lines.
  /// - Throws: `Problem.invalid` (`member_list_too_long`, `member_list_empty`).
  public init(_ text: String, of programme: Programme, on database: any Database) async throws {
    let all = Self.lines(of: text)
    guard !all.isEmpty else {
      throw Problem(
        .invalid, "member_list_empty", "the list holds no lines",
        cashier: LocalText(ru: "В списке нет ни одной строки", en: "There is not one line in the list"))
    }
    guard all.count <= Limits.memberList else {
      throw Problem(
        .invalid, "member_list_too_long", "a list has at most \(Limits.memberList) lines, not \(all.count)",
        cashier: LocalText(
          ru: "В списке не больше \(Limits.memberList) строк. Разделите его",
          en: "A list has at most \(Limits.memberList) lines. Split it"))
    }
    lines = all.count
    var seen: Set<MemberID> = []
    for start in stride(from: 0, to: all.count, by: Limits.bulk) {
      let some = Array(all[start..<min(start + Limits.bulk, all.count)])
      let found = try await database.read { tx in try Self.owners(of: some, programme, &tx) }
      for (line, member) in zip(some, found) { take(line, member, &seen) }
    }
  }

  private mutating func take(_ line: String, _ member: MemberID?, _ seen: inout Set<MemberID>) {
    guard let member else {
      unknown += 1
      if unknownLines.count < Self.shown { unknownLines.append(line) }
      return
    }
    if seen.insert(member).inserted { members.append(member) } else { again += 1 }
  }

  /// The first column of each line, so that a file with more columns will do; a head is a line that finds nobody.
  private static func lines(of text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).compactMap { line in
      let first = line.prefix { $0 != ";" && $0 != "\t" && $0 != "," }
      let plain = String(first.filter { $0 != "\"" && $0 != "\u{feff}" })
      let trimmed = String(plain.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
      return trimmed.isEmpty ? nil : String(trimmed.prefix(Limits.code))
    }
  }

  /// Whom each line means, as a till would find them; the programme's own, and nobody who was erased.
  private static func owners(of lines: [String], _ programme: Programme, _ tx: inout Transaction) throws -> [MemberID?] {
    let readings = lines.map { line in
      MemberID(line) == nil
        ? programme.settings.identifiers.readings(of: line) + (Identifier(external: line).map { [$0] } ?? []) : []
    }
    let owners = try programme.identifiers.owners(of: Array(Set(readings.joined())), in: &tx)
    let found = zip(lines, readings).map { line, readings in MemberID(line) ?? readings.lazy.compactMap { owners[$0] }.first }
    let known = try programme.members.members(Array(Set(found.compactMap { $0 })), in: &tx)
    return found.map { member in member.flatMap { known[$0] }.flatMap { $0.status == .erased ? nil : $0.mergedInto ?? $0.id } }
  }
}

extension Segments {
  /// What is done with a list.
  public enum ListAct: String, Sendable, CaseIterable { case add, remove, include, exclude, release }

  /// Does it, `Limits.bulk` members in a transaction; harmless when repeated. A static segment is measured afterwards.
  /// - Returns: of how many something else is so now.
  public func take(
    _ list: MemberListing, _ act: ListAct, into segment: Known<SegmentDetails>, on day: CivilDay, by change: Change,
    on database: any Database
  ) async throws -> Int {
    var changed = 0
    for start in stride(from: 0, to: list.members.count, by: Limits.bulk) {
      let some = Array(list.members[start..<min(start + Limits.bulk, list.members.count)])
      changed += try await database.write(.bulk) { tx in try self.take(some, act, segment.details.code, change, &tx) }
    }
    if segment.details.kind == .static {
      try await database.write(.bulk) { tx in _ = try measure(segment.id, on: day, at: change.at, in: &tx) }
    }
    return changed
  }

  private func take(
    _ some: [MemberID], _ act: ListAct, _ code: String, _ change: Change, _ tx: inout Transaction
  ) throws -> Int {
    // Whoever was erased since the list was read is passed over.
    let living = try living(some, in: &tx)
    return switch act {
    case .add: try add(living, to: code, by: change, in: &tx)
    case .remove: try remove(some, from: code, by: change, in: &tx)
    case .include: try choose(.included, for: living, in: code, by: change, in: &tx)
    case .exclude: try choose(.excluded, for: living, in: code, by: change, in: &tx)
    case .release: try choose(nil, for: some, in: code, by: change, in: &tx)
    }
  }
}
