import Access
import Kernel
import Storage

/// The rows of sheets, kept once for each account, however many versions of promotions and rule books hold them.
///
/// A sheet of 2,000 products in 40 price zones is 600 kB as text, and every rule book is whole. Of an object with so many members the stored
/// text names the members by number instead: `{ "$parts": [[1, 1200], [2001, 2001], …] }`, ranges of `rule_part`, where each stands as
/// `["milk", "59.90 …"]`. A member that is there already is not stored again, so a publication costs what is new in it, and what was
/// stored before parts were there is read as it is. What rules are compiled from is the same text as before.
struct RuleParts {
  /// Fewer members stay where they are.
  static let least = 64
  static let mark = "$parts"
  /// Rows of one statement.
  private static let together = 1_000

  let account: AccountID

  init(of account: AccountID) { self.account = account }

  /// The texts to store. The caller has the account's structure, so that nobody else numbers parts meanwhile.
  func pack(_ bodies: [JSON], in tx: inout Transaction) throws -> [JSON] {
    var texts: [String] = []
    for body in bodies { Self.eachLarge(body) { members in texts += members.map(Self.text) } }
    guard !texts.isEmpty else { return bodies }
    let ids = try ids(of: texts, in: &tx)
    return bodies.map { body in Self.mapLarge(body) { members in Self.ranges(members.compactMap { ids[Self.text($0)] }) } }
  }

  /// The same as they were before they were packed.
  func unpack(_ bodies: [JSON], in tx: inout Transaction) throws -> [JSON] {
    var wanted: Set<Int64> = []
    for body in bodies { try Self.eachPacked(body) { wanted.formUnion($0) } }
    guard !wanted.isEmpty else { return bodies }
    var members: [Int64: JSON.Member] = [:]
    members.reserveCapacity(wanted.count)
    for some in wanted.sorted().paged(by: Self.together) {
      for row in try tx.rows(RulePartSQL.byIDs(account, Array(some))) {
        guard case .array(let pair) = try storedJSON(row.text(1), in: "rule_part.body"), pair.count == 2,
          case .string(let key) = pair[0]
        else { throw StorageFailure.damaged("rule_part.body of \(row.int(0)) is not [key, value]") }
        members[row.int(0)] = JSON.Member(key, pair[1])
      }
    }
    return try bodies.map { body in try Self.mapPacked(body) { try $0.map { try Self.known($0, members) } } }
  }

  private static func known(_ id: Int64, _ members: [Int64: JSON.Member]) throws -> JSON.Member {
    if let member = members[id] { return member }
    throw StorageFailure.damaged("rule_part \(id) is missing")
  }

  private static func text(_ member: JSON.Member) -> String { JSON.array([.string(member.key), member.value]).compact }

  /// Of each text the number it has, or has from now on.
  private func ids(of texts: [String], in tx: inout Transaction) throws -> [String: Int64] {
    // By their first 128 bits of SHA-256.
    var digests: [(text: String, digest: String)] = []
    var seen: Set<String> = []
    for text in texts where seen.insert(text).inserted { digests.append((text, String(fingerprint(of: text).prefix(32)))) }
    var known: [String: Int64] = [:]
    for some in digests.paged(by: Self.together) {
      for row in try tx.rows(RulePartSQL.byDigests(account, some.map(\.digest))) { known[row.text(1)] = row.int(0) }
    }
    let fresh = digests.filter { known[$0.digest] == nil }
    if !fresh.isEmpty {
      var next = try tx.row(RulePartSQL.last(account))?.int(0) ?? 0
      var rows: [[Value]] = []
      for (text, digest) in fresh {
        next += 1
        known[digest] = next
        rows.append([account.value, next.value, digest.value, text.value])
      }
      try tx.insert(rows, into: ProgrammesSchema.rulePart, RulePartSQL.inserted)
    }
    var ids: [String: Int64] = [:]
    for (text, digest) in digests { ids[text] = known[digest] }
    return ids
  }

  private static func ranges(_ ids: [Int64]) -> JSON {
    var ranges: [(first: Int64, last: Int64)] = []
    for id in ids {
      if let last = ranges.last, last.last + 1 == id { ranges[ranges.count - 1].last = id } else { ranges.append((id, id)) }
    }
    return .object([JSON.Member(mark, .array(ranges.map { .array([.int($0.first), .int($0.last)]) }))])
  }
}

// Walks over a text.
extension RuleParts {
  private static func isLarge(_ json: JSON) -> [JSON.Member]? {
    if case .object(let members) = json, members.count >= least { members } else { nil }
  }

  private static func eachLarge(_ json: JSON, _ body: ([JSON.Member]) -> Void) {
    if let members = isLarge(json) { return body(members) }
    switch json {
    case .array(let items): for item in items { eachLarge(item, body) }
    case .object(let members): for member in members { eachLarge(member.value, body) }
    case .null, .bool, .int, .number, .string: return
    }
  }

  static func mapLarge(_ json: JSON, _ body: ([JSON.Member]) -> JSON) -> JSON {
    if let members = isLarge(json) { return body(members) }
    switch json {
    case .array(let items): return .array(items.map { mapLarge($0, body) })
    case .object(let members): return .object(members.map { JSON.Member($0.key, mapLarge($0.value, body)) })
    case .null, .bool, .int, .number, .string: return json
    }
  }

  /// True where a text could be taken for a packed one.
  static func isMarked(_ json: JSON) -> Bool {
    switch json {
    case .array(let items): items.contains(where: isMarked)
    case .object(let members): members.contains { $0.key == mark || isMarked($0.value) }
    case .null, .bool, .int, .number, .string: false
    }
  }

  /// The numbers of a packed object; nil for any other.
  private static func numbers(_ json: JSON) throws -> [Int64]? {
    guard case .object(let members) = json, members.count == 1, let only = members.first, only.key == mark else { return nil }
    guard case .array(let ranges) = only.value else { throw StorageFailure.damaged("a rule's parts are not ranges") }
    return try ranges.flatMap { range -> [Int64] in
      guard case .array(let bounds) = range, bounds.count == 2, case .int(let first) = bounds[0], case .int(let last) = bounds[1],
        first <= last, last - first <= Int64(Limits.listValues)
      else { throw StorageFailure.damaged("a rule's parts are not ranges") }
      return Array(first...last)
    }
  }

  private static func eachPacked(_ json: JSON, _ body: ([Int64]) -> Void) throws {
    if let numbers = try numbers(json) { return body(numbers) }
    switch json {
    case .array(let items): for item in items { try eachPacked(item, body) }
    case .object(let members): for member in members { try eachPacked(member.value, body) }
    case .null, .bool, .int, .number, .string: return
    }
  }

  private static func mapPacked(_ json: JSON, _ body: ([Int64]) throws -> [JSON.Member]) throws -> JSON {
    if let numbers = try numbers(json) { return .object(try body(numbers)) }
    switch json {
    case .array(let items): return .array(try items.map { try mapPacked($0, body) })
    case .object(let members): return .object(try members.map { JSON.Member($0.key, try mapPacked($0.value, body)) })
    case .null, .bool, .int, .number, .string: return json
    }
  }
}

// What the audit trail says of a change.
extension RuleParts {
  /// Both sides with only those members of large objects that differ: a change of a hundred prices is a hundred prices in the trail.
  static func noted(_ old: JSON, _ new: JSON) -> (old: JSON, new: JSON) {
    switch (old, new) {
    case (.object(let before), .object(let after)):
      guard before.count >= least || after.count >= least else { return both(before, after) }
      let (known, next) = (Dictionary(pairs(before)) { first, _ in first }, Dictionary(pairs(after)) { first, _ in first })
      return (.object(before.filter { next[$0.key] != $0.value }), .object(after.filter { known[$0.key] != $0.value }))
    case (.array(let before), .array(let after)) where before.count == after.count:
      let pairs = zip(before, after).map { noted($0, $1) }
      return (.array(pairs.map(\.old)), .array(pairs.map(\.new)))
    default: return (summary(old), summary(new))
    }
  }

  private static func pairs(_ members: [JSON.Member]) -> [(String, JSON)] { members.map { ($0.key, $0.value) } }

  private static func both(_ before: [JSON.Member], _ after: [JSON.Member]) -> (JSON, JSON) {
    var (old, new): ([JSON.Member], [JSON.Member]) = ([], [])
    let next = Dictionary(pairs(after)) { first, _ in first }
    var noticed: [String: JSON] = [:]
    for member in before {
      guard let value = next[member.key] else {
        old.append(JSON.Member(member.key, summary(member.value)))
        continue
      }
      let pair = noted(member.value, value)
      old.append(JSON.Member(member.key, pair.old))
      noticed[member.key] = pair.new
    }
    for member in after { new.append(JSON.Member(member.key, noticed[member.key] ?? summary(member.value))) }
    return (.object(old), .object(new))
  }

  /// How much there is, instead of all of it.
  static func summary(_ json: JSON) -> JSON { mapLarge(json) { .object(["rows": .int(Int64($0.count))]) } }
}
