import Kernel

/// How far an import is and what it counted: kept in its checkpoint and shown at its end.
public struct ImportTally: Hashable, Sendable {
  /// Bytes of the file that are settled, and the line that comes next.
  var offset: Int64 = 0
  public internal(set) var line = 0
  /// Records read.
  public var records = 0
  /// Things (products, stores, members, receipts) that were new, differed, or were there already.
  public var made = 0
  public var changed = 0
  public var unchanged = 0
  /// Records that were not imported.
  public var refused = 0
  /// What was odd and was imported nevertheless, by a sentence that says what.
  public var oddities: [String: Int] = [:]
  /// Length of the file of refused records before the last chunk, and what that chunk adds to it.
  var refusedBytes: Int64 = 0
  var refusedTail = ""

  init() {}

  mutating func add(_ outcome: Outcome, _ notes: Notes) {
    made += outcome.made
    changed += outcome.changed
    unchanged += outcome.unchanged
    for (oddity, times) in notes.oddities { oddities[oddity, default: 0] += times }
    for (oddity, times) in outcome.oddities { oddities[oddity, default: 0] += times }
  }

  var json: JSON {
    .object([
      "offset": .int(offset), "line": .int(Int64(line)), "records": .int(Int64(records)), "made": .int(Int64(made)),
      "changed": .int(Int64(changed)), "unchanged": .int(Int64(unchanged)), "refused": .int(Int64(refused)),
      "oddities": .object(oddities.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .int(Int64($0.value))) }),
      "refusedBytes": .int(refusedBytes), "refusedTail": .string(refusedTail),
    ])
  }

  /// What people are shown: without the refused records themselves.
  var shown: ImportTally {
    var tally = self
    tally.refusedTail = ""
    return tally
  }

  /// - Throws: `Problem.invalid` where a checkpoint does not hold what this program writes.
  init(_ json: JSON) throws(Problem) {
    let node = JSONNode(json)
    offset = node["offset"].int() ?? 0
    line = Int(node["line"].int() ?? 0)
    records = Int(node["records"].int() ?? 0)
    made = Int(node["made"].int() ?? 0)
    changed = Int(node["changed"].int() ?? 0)
    unchanged = Int(node["unchanged"].int() ?? 0)
    refused = Int(node["refused"].int() ?? 0)
    for (oddity, count) in node["oddities"].members(max: 1_000) { oddities[oddity] = count.int().map(Int.init) }
    refusedBytes = node["refusedBytes"].int() ?? 0
    refusedTail = node["refusedTail"].text(max: .max, orEmpty: true) ?? ""
    try node.issues.check("the import's checkpoint")
  }
}
