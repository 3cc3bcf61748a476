import Conditions
import Kernel

/// The stages after the promotions, for one number of points to spend.
struct Settled {
  var points: Points
  var pools: [Points] = []
  /// Per line, money paid with points.
  var paidWithPoints: [Int64]
  /// Per line, taken off by the rounding of the receipt.
  var receiptRounding: [Int64]
  /// Per line, taken off (or put back) so that it can be printed.
  var printing: [Int64]
  var amount: [Int64]
  var tillRounding: Int64 = 0
  var printer: Printing
  var tenders: [TenderUse] = []
  /// Per line, money paid by tenders that earn nothing.
  var withoutEarning: [Int64]

  var total: Int64 { amount.reduce(0, +) }
}

extension Run {
  /// Points, rounding, printing, tenders.
  ///
  /// Lines that take only some amounts can make the total a few kopecks lower than asked, and so a smaller spend cheaper than a
  /// larger one. More points must never raise the price: where that is possible at all, the neighbouring smaller spends are tried
  /// and the cheapest wins.
  func settle(_ plan: SpendingPlan, spending points: Points) -> Settled {
    var best = settleExactly(plan, points)
    let slack = points > .zero ? 2 * Printing.slack(self, basket.register) : 0
    let step = max(1, terms.money(for: terms.spending.step).minor)
    guard slack >= step else { return best }
    var fewer = points
    for _ in 0..<min(slack / step, 64) {
      fewer -= terms.spending.step
      guard fewer >= max(terms.spending.least, .zero) else { break }
      let other = settleExactly(plan, fewer)
      if other.total < best.total { best = other }
    }
    return best
  }

  private func settleExactly(_ plan: SpendingPlan, _ points: Points) -> Settled {
    let (money, pools) = plan.allocation(of: points)
    var lines = amount
    var touched = isTouched
    for line in lines.indices where money[line] > 0 {
      lines[line] -= money[line]
      touched[line] = true
    }
    let (rounded, byTill) = receiptRounding(lines)
    for line in lines.indices where rounded[line] > 0 {
      lines[line] -= rounded[line]
      touched[line] = true
    }
    let exact = lines
    var printer = Printing(self, amount: lines, isTouched: touched)
    _ = printer.settle()
    lines = printer.amount
    var settled = Settled(
      points: points, pools: pools, paidWithPoints: money, receiptRounding: rounded,
      printing: lines.indices.map { exact[$0] - lines[$0] }, amount: lines, tillRounding: byTill, printer: printer,
      withoutEarning: Array(repeating: 0, count: lines.count))
    if !basket.tenders.isEmpty { payWithTenders(&settled) }
    return settled
  }

  /// What the rounding of the receipt takes off each line, and what the till will take off by itself.
  private func receiptRounding(_ lines: [Int64]) -> (lines: [Int64], byTill: Int64) {
    let none = [Int64](repeating: 0, count: lines.count)
    guard let rule = terms.receiptRounding, rule.step.minor > 1 else { return (none, 0) }
    if !rule.tenders.isEmpty, tenderKinds.isEmpty || !tenderKinds.allSatisfy(rule.tenders.contains) { return (none, 0) }
    let total = lines.reduce(0, +)
    let excess = total % rule.step.minor
    guard excess > 0, total - excess >= terms.spending.leastMoney.minor else { return (none, 0) }
    if rule.isDoneByTill { return (none, excess) }
    let caps = lines.indices.map { max(0, lines[$0] - columns.floor[$0]) }
    guard caps.reduce(0, +) >= excess else { return (none, 0) }
    return (spread(excess, weights: lines, caps: caps, leftover: leftover), 0)
  }

  /// Certificates for some goods first, then certificates, then the other tenders as they come; one without an amount pays the rest.
  private func payWithTenders(_ settled: inout Settled) {
    var unpaid = settled.amount
    let order = basket.tenders.indices.sorted { a, b in
      (rank(basket.tenders[a]), a) < (rank(basket.tenders[b]), b)
    }
    for place in order {
      let tender = basket.tenders[place]
      let caps = unpaid.indices.map { line in tender.only.map { matches($0, line) } ?? true ? unpaid[line] : 0 }
      let possible = caps.reduce(0, +)
      let paid = min(tender.amount?.minor ?? possible, possible)
      guard paid > 0 else { continue }
      let parts = spread(paid, weights: caps, caps: caps)
      let earns = !terms.earning.tendersWithoutEarning.contains(tender.kind)
      for line in unpaid.indices {
        unpaid[line] -= parts[line]
        if !earns { settled.withoutEarning[line] += parts[line] }
      }
      settled.tenders.append(TenderUse(kind: tender.kind, amount: Money(minor: paid)))
    }
  }

  private func rank(_ tender: Tender) -> Int {
    if tender.amount == nil { return 3 }
    if tender.only != nil { return 0 }
    return tender.kind == .giftCard || tender.kind == .stateCertificate ? 1 : 2
  }

  /// Per line: the money that earns.
  func earningBase(_ settled: Settled) -> [Int64] {
    let terms = terms.earning
    if settled.points > .zero, terms.whenPointsPay == .nothing { return Array(repeating: 0, count: columns.count) }
    return settled.amount.indices.map { line in
      guard columns.canEarn[line] else { return 0 }
      let withPoints = terms.whenPointsPay == .full ? settled.paidWithPoints[line] : 0
      return max(0, settled.amount[line] + withPoints - settled.withoutEarning[line])
    }
  }
}
