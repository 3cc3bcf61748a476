import Cube

/// Key figures counted from a list of receipts, question by question.
struct SlowFigures: Equatable {
  var numbers: [String: Int64] = [:]

  init(_ found: KeyFigures.Of) {
    numbers = [
      "sales": found.sales, "nobody": found.salesOfNobody, "receipts": found.receipts, "nobody's": found.receiptsOfNobody,
      "lines": found.lines, "visits": found.visits, "members": found.members, "new": found.new, "returned": found.returned,
      "churned": found.churned, "active": found.active, "sleeping": found.sleeping, "lost": found.lost,
      "before": found.membersBefore, "kept": found.kept, "earned": found.earned, "spent": found.spent, "costed": found.costed,
      "cost": found.cost,
    ]
  }

  init(_ ground: `Ready reports`.Ground, _ days: ClosedRange<Int>, _ spans: LifeSpans, redemptionDays: Int) {
    let all = ground.receipts
    let own = all.filter { days.contains(Int($0.day)) }
    let sold = own.filter(\.flags.counts)
    let ours = sold.filter { $0.member != 0 }
    let window = all.filter { $0.member != 0 && Int($0.day) <= days.upperBound && Int($0.day) > days.upperBound - redemptionDays }
    func sum(_ receipts: [CubeReceipt], _ column: RollColumn) -> Int64 { receipts.reduce(0) { $0 + $1.sum(column) } }
    numbers = [
      "sales": sum(own.filter { $0.member != 0 }, .amount), "nobody": sum(own.filter { $0.member == 0 }, .amount),
      "receipts": Int64(ours.count), "nobody's": Int64(sold.count - ours.count),
      "lines": Int64(sold.reduce(0) { $0 + $1.lines.count }), "members": Int64(Set(ours.map(\.member)).count),
      "visits": Int64(Set(ours.map { "\($0.member) \($0.store) \($0.day)" }).count), "earned": sum(window, .earned),
      "spent": sum(window, .spent), "costed": sum(own, .costed), "cost": sum(own, .cost),
    ]
    let lives = ground.members.map { $0.filter(\.flags.counts).map { Int($0.day) } }
    func count(_ isIn: ([Int]) -> Bool) -> Int64 { Int64(lives.count(where: isIn)) }
    func gap(_ life: [Int], _ day: Int) -> Int? { life.filter { $0 <= day }.max().map { day - $0 } }
    func isLost(_ life: [Int], _ day: Int) -> Bool { gap(life, day).map { $0 >= spans.sleeping } ?? false }
    let end = days.upperBound
    let earlier = days.lowerBound - days.count...days.lowerBound - 1
    numbers["active"] = count { gap($0, end).map { $0 < spans.active } ?? false }
    numbers["sleeping"] = count { gap($0, end).map { $0 >= spans.active && $0 < spans.sleeping } ?? false }
    numbers["lost"] = count { isLost($0, end) }
    // Lost at the end, and on one of the days was lost while on the day before was not.
    numbers["churned"] = count { life in isLost(life, end) && days.contains { isLost(life, $0) && !isLost(life, $0 - 1) } }
    numbers["new"] = count { $0.min().map { days.contains($0) } ?? false }
    numbers["before"] = count { $0.contains { earlier.contains($0) } }
    numbers["kept"] = count { life in life.contains { earlier.contains($0) } && life.contains { days.contains($0) } }
    numbers["returned"] = count { life in
      guard let first = life.filter({ days.contains($0) }).min() else { return false }
      return isLost(life, first - 1)
    }
  }
}

/// Fifths of recency and frequency by sorting, and the cell of everybody.
struct SlowFifths {
  static let places: [Int?] = (0..<25).map { $0 } + [nil]

  private(set) var cells: [Int64: Int] = [:]
  private(set) var money: [Int64: Int64] = [:]

  init(_ ground: `Ready reports`.Ground, _ days: ClosedRange<Int>) {
    var (last, count): ([Int64: Int], [Int64: Int]) = ([:], [:])
    for receipts in ground.members {
      let own = receipts.filter { days.contains(Int($0.day)) }
      let sold = own.filter(\.flags.counts)
      guard let day = sold.map(\.day).max(), let member = receipts.first?.member else { continue }
      (last[member], count[member]) = (Int(day), sold.count)
      money[member] = own.reduce(0) { $0 + $1.sum(.amount) }
    }
    func score(_ value: Int, _ all: [Int]) -> Int {
      let sorted = all.sorted()
      // The fifth that ends first with a value that is not below.
      return (1...5).first { fifth in sorted[(fifth * sorted.count + 4) / 5 - 1] >= value } ?? 5
    }
    for (member, day) in last {
      let (recency, frequency) = (score(day, Array(last.values)), score(count[member] ?? 0, Array(count.values)))
      cells[member] = (recency - 1) * 5 + frequency - 1
    }
  }
}
