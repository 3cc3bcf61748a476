import Cube
import Kernel

/// What is said to ClickHouse. Old servers are spoken to as well: 18.16 knows neither windows nor named subqueries.
///
/// A plan's tables go into the statement as constant arrays of the code's cell plus one; nought is left out, and so is a code that came
/// later, for which an array has nought.
enum ServedCubeSQL {
  static let makePositions = """
    create table if not exists regulars_cubes (name String, position Int64, version UInt64)
    engine = ReplacingMergeTree(version) order by name
    """

  static func position(_ name: String) -> String {
    "select count() > 0, max(position) from regulars_cubes where name = '\(name)' format TabSeparated"
  }

  static func reach(_ name: String, _ position: Int64) -> String {
    "insert into regulars_cubes (name, position, version) values ('\(name)', \(position), \(position))"
  }

  static func drop(_ name: String) -> String { "drop table if exists \(name)" }

  private static let facts = "member, day, store, minute, receipt, register, tier, occasion, flags, product, deals"
  private static func column(_ sum: RollColumn) -> String { "\(sum)" }

  static func make(_ name: String) -> String {
    let sums = RollColumn.sums.map { "\(column($0)) Array(Int64)" }.joined(separator: ", ")
    return """
      create table \(name) (member Int64, day UInt16, store UInt32, minute UInt16, receipt Int64, register UInt32, tier UInt8,
        occasion UInt32, flags UInt8, product Array(UInt32), deals Array(UInt32), \(sums), version Int64)
      engine = ReplacingMergeTree(version) order by (member, day, store, minute, receipt)
      """
  }

  static func insert(_ name: String) -> String {
    let sums = RollColumn.sums.map(column).joined(separator: ", ")
    return "insert into \(name) (\(facts), \(sums), version) format TabSeparated"
  }

  static func append(_ document: CubeReceipt, version: Int64, to rows: inout [UInt8]) {
    func list(_ values: some Sequence<Int64>) -> String { "[" + values.map(String.init).joined(separator: ",") + "]" }
    let numbers: [Int64] = [
      document.member, Int64(document.day), Int64(document.store), Int64(document.minute), document.id, Int64(document.register),
      Int64(document.tier), Int64(document.occasion), Int64(document.flags.rawValue),
    ]
    var fields = numbers.map(String.init)
    fields.append(list(document.lines.map { Int64($0.product) }))
    fields.append(list(document.lines.map { Int64($0.deals) }))
    for place in RollColumn.sums.indices { fields.append(list(document.lines.map { $0.sums[place] })) }
    fields.append("\(version)")
    rows += Array(fields.joined(separator: "\t").utf8)
    rows.append(10)
  }

  // MARK: walks

  private static func counts(_ flags: String) -> String { "bitAnd(\(flags), 3) = 0" }

  /// The finest cells: cell · lines · sums · distincts. Nil for what is asked of members one by one: that is for the rolls.
  static func cells(_ plan: CubePlan, of name: String) -> String? {
    guard let lines = lines(plan, of: name) else { return nil }
    let sums = plan.sums.map { "sum(s_\($0))" }
    let distincts = plan.distincts.map { "uniqExactIf(\(thing($0)), \(condition($0)))" }
    return "select c, \((["count()"] + sums + distincts).joined(separator: ", ")) from (\(lines)) group by c format TabSeparated"
  }

  /// What is distinct in each sub-total: which one · its cell · distincts. Counted from what is distinct in the finest cells.
  static func totals(_ plan: CubePlan, of name: String) -> String? {
    guard let lines = lines(plan, of: name) else { return nil }
    let states = plan.distincts.enumerated().map { "uniqExactIfState(\(thing($1)), \(condition($1))) as u\($0)" }
    let merges = plan.distincts.indices.map { "uniqExactIfMerge(u\($0))" }
    let coarse = plan.totals.map { "arrayElement([\($0.cellOf.map(String.init).joined(separator: ","))], c + 1)" }
    return """
      select t, k, \(merges.joined(separator: ", ")) from (select c, \(states.joined(separator: ", ")) from (\(lines)) group by c)
      array join [\(plan.totals.indices.map(String.init).joined(separator: ","))] as t, [\(coarse.joined(separator: ", "))] as k
      group by t, k format TabSeparated
      """
  }

  /// What is counted once.
  private static func thing(_ distinct: Distinct) -> String {
    switch distinct {
    case .receipts: "receipt"
    case .visits: "(member, if(member = 0, receipt, toInt64(day)), if(member = 0, toInt64(0), toInt64(store)))"
    case .members, .newMembers: "member"
    }
  }

  private static func condition(_ distinct: Distinct) -> String {
    switch distinct {
    case .receipts, .visits: counts("flags")
    case .members: "\(counts("flags")) and member != 0"
    case .newMembers: "\(counts("flags")) and isNew"
    }
  }

  /// Every line that is in, with its cell.
  private static func lines(_ plan: CubePlan, of name: String) -> String? {
    guard plan.member.isEmpty else { return nil }
    var parts: [String] = []
    func add(_ table: [Int32], _ place: String) {
      guard !table.isEmpty else { return }
      parts.append("arrayElement([\(table.map { String($0 + 1) }.joined(separator: ","))], \(place))")
    }
    add(plan.product, "l_product + 1")
    add(plan.deals, "l_deals + 1")
    add(plan.store, "store + 1")
    add(plan.register, "register + 1")
    add(plan.tier, "tier + 1")
    add(plan.occasion, "occasion + 1")
    // A place below the first would be read from the end.
    add(plan.day, "if(day >= \(plan.firstDay), day - \(plan.firstDay) + 1, 1000000)")
    add(plan.minute, "minute + 1")
    add(plan.flags, "flags + 1")
    if plan.nobody != 0 || plan.everybody != 0 { parts.append("if(member = 0, \(plan.nobody + 1), \(plan.everybody + 1))") }
    let sums = plan.sums.map { "s_\($0)" }
    let isNew = plan.distincts.contains(.newMembers) ? ", receipt in (\(firsts(plan, name))) as isNew" : ""
    let codes = parts.enumerated().map { "toInt64(\($1)) as p\($0)" }
    let inner = """
      select \((["member", "day", "store", "receipt", "flags"] + sums + codes).joined(separator: ", "))\(isNew) from \(name) final
      array join product as l_product, deals as l_deals\(plan.sums.map { ", \(column($0)) as s_\($0)" }.joined())\(others(plan))
      """
    let cell = parts.isEmpty ? "toInt64(0)" : parts.indices.map { "p\($0)" }.joined(separator: " + ") + " - \(parts.count)"
    let holds = parts.isEmpty ? "1" : parts.indices.map { "p\($0) > 0" }.joined(separator: " and ")
    let new = plan.distincts.contains(.newMembers) ? ", isNew" : ""
    return """
      select \((["member", "day", "store", "receipt", "flags"] + sums).joined(separator: ", "))\(new), \(cell) as c from (\(inner)) where \(holds)
      """
  }

  /// Only receipts of those who are not left out. A list of numbers is read as one constant; members of a plain `in` are looked at one by one.
  private static func others(_ plan: CubePlan) -> String {
    guard let out = plan.without, !out.members.isEmpty else { return "" }
    return "\nwhere member not in (select toInt64(arrayJoin([\(out.members.map(String.init).joined(separator: ","))])))"
  }

  /// The first counted receipt of each member, by time.
  private static func firsts(_ plan: CubePlan, _ name: String) -> String {
    // A store that came since has no place in the list, and the midnight that is read for it.
    let starts = plan.dayStarts.map(String.init).joined(separator: ",")
    let time = plan.dayStarts.allSatisfy { $0 == 0 } ? "minute" : "(minute + 1440 - arrayElement([\(starts)], store + 1)) % 1440"
    return """
      select receipt from (select member, receipt from \(name) final where \(counts("flags")) and member != 0
      order by member, day, \(time), receipt limit 1 by member)
      """
  }
}
