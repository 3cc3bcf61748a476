import Conditions
import Kernel

/// How points may pay for the basket as it stands after the promotions: how much each line can take, and from which pool.
struct SpendingPlan {
  /// Per line: money that points may pay.
  private(set) var caps: [Int64]
  /// Money that points may pay in all.
  private(set) var totalCap: Int64 = 0
  private(set) var limits = SpendingLimits()
  /// Per pool: which lines it may pay for; nil for all.
  private let poolLines: [[Bool]?]
  private let pools: [PointsPool]
  private let scene: Scene
  private let weights: [Int64]

  private var terms: ProgrammeTerms { scene.terms }

  init(_ run: borrowing Run) {
    scene = run.scene
    weights = run.amount
    pools = run.scene.member?.pools ?? []
    let columns = run.columns
    poolLines = pools.map { pool in pool.only.map { filter in columns.everyLine.map { columns.matches(filter, $0) } } }
    caps = noughts(columns.count)
    guard let kind = run.scene.member?.kind else { return }
    limits.available = pools.reduce(.zero) { $0 + $1.amount }
    limits.least = terms.spending.least
    if terms.spending.kindsWithoutSpending.contains(kind) {
      limits.brake = .kind
    } else if run.scene.member?.maySpend != true {
      limits.brake = .unverified
    } else if limits.available <= .zero {
      limits.brake = .balance
    } else {
      measure(run)
    }
  }

  /// The most points for this receipt, and what decides it.
  private mutating func measure(_ run: borrowing Run) {
    let isStoppedByFloors = setCaps(run)
    var brake = limitsByMoney(run, isStoppedByFloors)
    var most = points(filling: totalCap)
    let possible = terms.points(for: Money(minor: totalCap), .down)
    if most >= limits.available, limits.available <= possible { brake = .balance }
    // Neither the wallet nor a share: what is in it may not pay for the other goods.
    if most < min(limits.available, possible), poolLines.contains(where: { $0 != nil }) { brake = .goods }
    func lower(to bound: Points?, _ cause: SpendingLimits.Brake) {
      guard let bound, bound < most else { return }
      most = max(.zero, bound)
      brake = cause
    }
    lower(to: terms.spending.mostPerReceipt, .receipt)
    lower(to: terms.spending.mostPerDay.map { $0 - (scene.member?.spentToday ?? .zero) }, .day)
    let step = terms.spending.step.units
    if most.units % step != 0 {
      most = Points(units: most.units / step * step)
      if most == .zero { brake = .step }
    }
    if most < terms.spending.least {
      most = .zero
      brake = .least
    }
    limits.most = most
    limits.brake = brake
  }

  /// - Returns: true where a floor leaves less than the share that points may pay.
  private mutating func setCaps(_ run: borrowing Run) -> Bool {
    let spending = terms.spending
    var isStopped = false
    for line in caps.indices where run.columns.canSpend(line) {
      let exception = spending.exceptions.first { run.columns.matches($0.goods, line) }
      let share = exception?.share ?? (spending.shareOf == .receipt ? .whole : spending.share)
      let wanted = Money(minor: run.amount[line]).share(share, .down).minor
      caps[line] = min(run.room(line), wanted)
      if caps[line] < wanted { isStopped = true }
    }
    return isStopped
  }

  /// Each legal entity's document keeps its least money; the receipt's share bounds the whole.
  private mutating func limitsByMoney(_ run: borrowing Run, _ isStoppedByFloors: Bool) -> SpendingLimits.Brake {
    var brake: SpendingLimits.Brake = isStoppedByFloors ? .floor : terms.spending.share == .whole ? .goods : .share
    for lines in documents(run) {
      let sum = lines.reduce(0) { $0 + run.amount[$1] }
      let least = terms.spending.leastMoney.minor
      // Goods that take only some amounts may come out a few kopecks lower: those stay out of what points may pay.
      let reserve = least > 0 ? Printing.slack(lines, run.columns, run.scene.basket.register) : 0
      let allowed = max(0, sum - least - reserve)
      let wanted = lines.reduce(0) { $0 + caps[$1] }
      guard wanted > allowed else { continue }
      let parts = spread(allowed, weights: lines.map { caps[$0] }, caps: lines.map { caps[$0] })
      for (place, line) in lines.enumerated() { caps[line] = parts[place] }
      brake = .leastMoney
    }
    totalCap = caps.reduce(0, +)
    if terms.spending.shareOf == .receipt {
      let whole = Money(minor: run.amount.reduce(0, +)).share(terms.spending.share, .down).minor
      if whole < totalCap {
        totalCap = whole
        brake = .share
      }
    }
    if totalCap == 0, brake == .share { brake = .goods }
    return brake
  }

  /// Lines by legal entity: each has a fiscal document of its own.
  private func documents(_ run: borrowing Run) -> [[Int]] {
    guard run.columns.hasManyDocuments else { return [run.columns.everyLine] }
    var documents: [Int64: [Int]] = [:]
    for line in run.columns.everyLine { documents[run.columns.document(line), default: []].append(line) }
    return documents.values.sorted { $0[0] < $1[0] }
  }

  /// What the shopper gets of the wish: a multiple of the step, no more than possible, nothing below the least.
  func granted(_ wish: SpendWish) -> Points {
    switch wish {
    case .nothing: return .zero
    case .most: return limits.most
    case .points(let points):
      let possible = min(max(.zero, points), limits.most)
      let stepped = Points(units: possible.units / terms.spending.step.units * terms.spending.step.units)
      return stepped < terms.spending.least ? .zero : stepped
    }
  }

  /// The most points whose pools can pay no more than this sum together, each for its own goods.
  private func points(filling money: Int64) -> Points {
    var left = caps
    var total = Points.zero
    var rest = money
    for place in pools.indices {
      let possible = min(rest, capacity(left, poolLines[place]))
      let drawn = min(pools[place].amount, terms.points(for: Money(minor: possible), .down))
      let paid = terms.money(for: drawn).minor
      _ = take(paid, from: &left, poolLines[place])
      rest -= paid
      total += drawn
    }
    return total
  }

  private func capacity(_ caps: [Int64], _ lines: [Bool]?) -> Int64 {
    guard let lines else { return caps.reduce(0, +) }
    var sum: Int64 = 0
    for line in caps.indices where lines[line] { sum += caps[line] }
    return sum
  }

  private func take(_ money: Int64, from caps: inout [Int64], _ lines: [Bool]?) -> [Int64] {
    guard let lines else {
      let parts = spread(money, weights: weights, caps: caps)
      for line in caps.indices { caps[line] -= parts[line] }
      return parts
    }
    let parts = spread(money, weights: weights, caps: caps.indices.map { lines[$0] ? caps[$0] : 0 })
    for line in caps.indices { caps[line] -= parts[line] }
    return parts
  }

  /// Pays so many points, pool after pool, off the lines. Returns what each pool gives.
  func pay(_ points: Points, _ lines: inout [SettledLine]) -> [Points] {
    var drawn = pools.map { _ in Points.zero }
    var left = caps
    var rest = points
    for place in pools.indices where rest > .zero {
      let possible = terms.points(for: Money(minor: capacity(left, poolLines[place])), .down)
      let part = min(rest, pools[place].amount, possible)
      let parts = take(terms.money(for: part).minor, from: &left, poolLines[place])
      for line in lines.indices where parts[line] > 0 {
        lines[line].paidWithPoints += parts[line]
        lines[line].amount -= parts[line]
        lines[line].isTouched = true
      }
      drawn[place] = part
      rest -= part
    }
    return drawn
  }

  /// Spends at which some line reaches its cap and the shares change: kinks of the trade-off.
  func kinks() -> [Points] {
    guard limits.most > .zero, totalCap > 0 else { return [] }
    // Shares compared crosswise: the products of two large lines do not fit 64 bits.
    let (caps, weights) = (caps, weights)
    let open = caps.indices.filter { caps[$0] > 0 && weights[$0] > 0 }.sorted {
      Int128(caps[$0]) * Int128(weights[$1]) < Int128(caps[$1]) * Int128(weights[$0])
    }
    var weight = open.reduce(0) { $0 + weights[$1] }
    var full: Int64 = 0
    var found: [Points] = []
    found.reserveCapacity(open.count)
    for line in open {
      let level = full + scaled(caps[line], by: weight, over: weights[line], .up)
      let kink = terms.points(for: Money(minor: level), .up)
      if found.last != kink { found.append(kink) }
      full += caps[line]
      weight -= weights[line]
    }
    return found
  }
}

/// One point of the trade-off: spend so many points, pay this, earn that.
public struct TradeOffPoint: Hashable, Sendable {
  public var spend: Points
  public var amount: Money
  public var earned: Points
  public init(spend: Points, amount: Money, earned: Points) {
    self.spend = spend
    self.amount = amount
    self.earned = earned
  }
}
