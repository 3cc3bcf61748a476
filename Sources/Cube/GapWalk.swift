/// Looks at members' visits one after the other and counts the days between them.
///
/// A visit is one member, store and business day on which something was bought and kept, as everywhere. Visits of one day in two stores
/// have nought days between them.
struct GapWalk {
  private let plan: CubePlan
  private var before: UInt16?
  private var visit: (day: UInt16, store: UInt32)?
  private var gap: Int?
  /// Of the visit that is looked at: its cells, each once.
  private var cells: [Int32] = []

  init(_ plan: CubePlan) { self.plan = plan }

  /// Takes a receipt of the member. They come in the order of day, store and time.
  /// - Parameter base: the cell of the receipt's own axes and its member; below nought where one of them leaves it out.
  mutating func see(_ receipt: Int, base: Int32, _ columns: Columns, into found: inout GapCounts) {
    let lines = columns.lines(receipt)
    guard columns.counts(receipt), !lines.isEmpty else { return }
    let (day, store) = (columns.day(receipt), columns.store(receipt))
    if visit?.day != day || visit?.store != store {
      end(&found)
      gap = before.map { Int(day) - Int($0) }
      (visit, before) = ((day, store), day)
    }
    guard gap != nil, base >= 0 else { return }
    for line in lines {
      let code = columns.code(line, plan)
      guard code >= 0, cells.last != base + code, !cells.contains(base + code) else { continue }
      cells.append(base + code)
    }
  }

  /// The member has no receipt any more.
  mutating func endMember(_ found: inout GapCounts) {
    end(&found)
    (before, visit, gap) = (nil, nil, nil)
  }

  private mutating func end(_ found: inout GapCounts) {
    guard let gap, !cells.isEmpty else { return cells.removeAll(keepingCapacity: true) }
    for cell in cells { found.add(level: 0, cell: Int(cell), days: gap) }
    for (place, total) in plan.totals.enumerated() {
      var seen: [Int32] = []
      for cell in cells where !seen.contains(total.of[Int(cell)]) {
        seen.append(total.of[Int(cell)])
        found.add(level: place + 1, cell: Int(total.of[Int(cell)]), days: gap)
      }
    }
    cells.removeAll(keepingCapacity: true)
  }

  /// What it reads of a roll.
  @safe struct Columns {
    private let days: UnsafeBufferPointer<UInt16>
    private let stores: UnsafeBufferPointer<UInt32>
    private let flagged: UnsafeBufferPointer<UInt8>
    private let first: UnsafeBufferPointer<UInt32>
    private let products: UnsafeBufferPointer<UInt32>
    private let deals: UnsafeBufferPointer<UInt32>

    init(_ roll: Roll) {
      unsafe days = roll.values(.day)
      unsafe stores = roll.values(.store)
      unsafe flagged = roll.values(.flags)
      unsafe first = roll.values(.firstLine)
      unsafe products = roll.values(.product)
      unsafe deals = roll.values(.deals)
    }

    func day(_ receipt: Int) -> UInt16 { unsafe Span(_unsafeElements: days)[receipt] }
    func store(_ receipt: Int) -> UInt32 { unsafe Span(_unsafeElements: stores)[receipt] }
    func counts(_ receipt: Int) -> Bool { unsafe ReceiptFlags(rawValue: Span(_unsafeElements: flagged)[receipt]).counts }
    func lines(_ receipt: Int) -> Range<Int> {
      let starts = unsafe Span(_unsafeElements: first)
      return Int(starts[receipt])..<Int(starts[receipt + 1])
    }

    /// What the line's own axes add to the cell; below nought where one of them leaves it out.
    func code(_ line: Int, _ plan: CubePlan) -> Int32 {
      let product = plan.product.isEmpty ? 0 : unsafe Self.code(plan.product, Span(_unsafeElements: products)[line])
      guard product >= 0, !plan.deals.isEmpty else { return product }
      let deal = unsafe Self.code(plan.deals, deals.isEmpty ? 0 : Span(_unsafeElements: deals)[line])
      return deal < 0 ? -1 : product + deal
    }

    private static func code(_ codes: [Int32], _ value: UInt32) -> Int32 { Int(value) < codes.count ? codes[Int(value)] : -1 }
  }
}

extension Cube {
  /// Adds the gaps of the part's members. Nobody has none.
  func addGaps(_ part: CubePart, _ plan: CubePlan, to found: inout GapCounts) {
    switch part {
    case .roll(let index, let part): if !rolls[index].isAnonymous { addGaps(of: index, part.receipts, plan, &found) }
    case .late(let members): for member in members { addGaps(ofLate: member, plan, &found) }
    case .lateNobody: break
    }
  }

  private func addGaps(of index: Int, _ receipts: Range<Int>, _ plan: CubePlan, _ found: inout GapCounts) {
    let roll = rolls[index]
    let (columns, cells) = (GapWalk.Columns(roll), CubeScan(roll, plan).cells(of: receipts))
    let (hidden, replaced, out) = (tail?.hidden[index], tail?.replaced[index], plan.without?.sets[index])
    var walk = GapWalk(plan)
    var member = roll.member(of: receipts.lowerBound)
    while member < roll.members, roll.receipts(ofMemberAt: member).lowerBound < receipts.upperBound {
      let code = plan.member.isEmpty ? plan.everybody : plan.member[index][member]
      if code >= 0, !(hidden.map { $0[member] } ?? false), !(out.map { $0[member] } ?? false) {
        for receipt in roll.receipts(ofMemberAt: member) where !(replaced.map { $0[receipt] } ?? false) {
          let cell = cells[receipt - receipts.lowerBound]
          walk.see(receipt, base: cell < 0 ? -1 : code + cell, columns, into: &found)
        }
        walk.endMember(&found)
      }
      member += 1
    }
  }

  /// What rolls have of a member and what came since, in the order of time.
  private func addGaps(ofLate place: Int, _ plan: CubePlan, _ found: inout GapCounts) {
    guard let tail else { return }
    let member = tail.members[place]
    if let out = plan.without, member.isIn(out, late: rolls.count) { return }
    var sources: [(roll: Roll, receipts: Range<Int>, replaced: Bits?)] = []
    if let (roll, at) = member.place { sources.append((rolls[roll], rolls[roll].receipts(ofMemberAt: at), tail.replaced[roll])) }
    if let at = member.late, let roll = tail.roll { sources.append((roll, roll.receipts(ofMemberAt: at), nil)) }
    let code =
      plan.member.isEmpty
      ? plan.everybody
      : member.place.map { plan.member[$0.roll][$0.member] } ?? member.late.map { plan.member[rolls.count][$0] } ?? -1
    guard code >= 0 else { return }
    let all = sources.indices.flatMap { source in
      sources[source].receipts.filter { receipt in !(sources[source].replaced.map { $0[receipt] } ?? false) }.map { (source, $0) }
    }.sorted { a, b in sources[a.0].roll.order(of: a.1) < sources[b.0].roll.order(of: b.1) }
    let (columns, scans) = (sources.map { GapWalk.Columns($0.roll) }, sources.map { CubeScan($0.roll, plan) })
    var walk = GapWalk(plan)
    for (source, receipt) in all {
      let cell = scans[source].cell(of: receipt)
      walk.see(receipt, base: cell < 0 ? -1 : code + cell, columns[source], into: &found)
    }
    walk.endMember(&found)
  }
}
