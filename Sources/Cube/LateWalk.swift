/// The walk over members who have late receipts: what rolls have of them and what came since, in the order of time, so that whatever is
/// distinct is counted once and a visit that goes on is one visit.
///
/// Costs a few hundred nanoseconds for each change between the two rolls; late receipts are few against those of the rolls.
struct LateWalk {
  let plan: CubePlan
  let rolls: [Roll]
  let late: CubeTail
  /// Receipts before each roll, and before the late ones.
  let bases: [UInt32]

  func add(_ members: Range<Int>, to tally: inout Tally) {
    var block = CubeBlock(plan)
    for index in members {
      let member = late.members[index]
      let sources = sources(of: member)
      let code = code(of: member)
      if code >= 0 { add(sources, code, number: bases[rolls.count] + UInt32(index) + 1, &block, &tally) }
    }
  }

  private struct Source {
    let roll: Roll
    let base: UInt32
    var next: Int
    let end: Int
    let replaced: Bits?
  }

  private func sources(of member: CubeTail.Member) -> [Source] {
    var sources: [Source] = []
    if let (roll, place) = member.place {
      let range = rolls[roll].receipts(ofMemberAt: place)
      sources.append(
        Source(
          roll: rolls[roll], base: bases[roll], next: range.lowerBound, end: range.upperBound, replaced: late.replaced[roll]))
    }
    if let place = member.late, let roll = late.roll {
      let range = roll.receipts(ofMemberAt: place)
      sources.append(
        Source(roll: roll, base: bases[rolls.count], next: range.lowerBound, end: range.upperBound, replaced: nil))
    }
    return sources
  }

  private func code(of member: CubeTail.Member) -> Int32 {
    if let out = plan.without, member.isIn(out, late: rolls.count) { return -1 }
    guard !plan.member.isEmpty else { return plan.everybody }
    if let (roll, place) = member.place { return plan.member[roll][place] }
    return member.late.map { plan.member[rolls.count][$0] } ?? -1
  }

  private func add(_ all: [Source], _ code: Int32, number: UInt32, _ block: inout CubeBlock, _ tally: inout Tally) {
    var sources = all
    var marks = ReceiptMarks(of: number, first: plan.asksNewcomers ? first(of: all) : 0)
    var open: (day: UInt16, store: UInt32)?
    var current: Int?
    while let next = Self.earliest(&sources) {
      if let current, current != next { block.flush(sources[current].roll, plan, &tally) }
      current = next
      let (roll, receipt) = (sources[next].roll, sources[next].next)
      sources[next].next += 1
      var flags = roll.flags(of: receipt)
      let order = roll.order(of: receipt)
      flags.remove(.continuesVisit)
      if flags.counts {
        if let open, open == (order.day, order.store) { flags.insert(.continuesVisit) }
        open = (order.day, order.store)
      }
      marks.see(sources[next].base + UInt32(receipt) + 1, flags)
      let cell = CubeScan(roll, plan).cell(of: receipt)
      guard cell >= 0 else { continue }
      let lines = roll.lines(of: receipt)
      if !block.hasRoom(for: lines.count) { block.flush(roll, plan, &tally) }
      block.take(lines, code + cell, marks)
    }
    if let current { block.flush(sources[current].roll, plan, &tally) }
  }

  /// The number of the sale with which the member began, by time.
  private func first(of all: [Source]) -> UInt32 {
    var sources = all
    var best: (number: UInt32, time: ReceiptTime)?
    while let next = Self.earliest(&sources) {
      let (roll, receipt) = (sources[next].roll, sources[next].next)
      sources[next].next += 1
      guard roll.flags(of: receipt).counts else { continue }
      let time = plan.time(roll.order(of: receipt))
      if let best, time.day > best.time.day { break }
      if best.map({ time < $0.time }) ?? true { best = (sources[next].base + UInt32(receipt) + 1, time) }
    }
    return best?.number ?? 0
  }

  /// The source whose next receipt comes first, past those that were replaced.
  private static func earliest(_ sources: inout [Source]) -> Int? {
    var best: Int?
    for index in sources.indices {
      while let replaced = sources[index].replaced, sources[index].next < sources[index].end, replaced[sources[index].next] {
        sources[index].next += 1
      }
      guard sources[index].next < sources[index].end else { continue }
      if let known = best {
        let isEarlier = sources[index].roll.order(of: sources[index].next) < sources[known].roll.order(of: sources[known].next)
        if isEarlier { best = index }
      } else {
        best = index
      }
    }
    return best
  }
}
