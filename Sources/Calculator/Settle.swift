import Conditions
import Kernel

/// One line after the promotions, for one number of points to spend. Minor units.
struct SettledLine {
  var amount: Int64
  var paidWithPoints: Int64 = 0
  /// Taken off by the rounding of the receipt.
  var receiptRounding: Int64 = 0
  /// Taken off, or put back, so that it can be printed.
  var printing: Int64 = 0
  /// Paid by tenders that earn nothing.
  var withoutEarning: Int64 = 0
  var isTouched: Bool
  var isSplit = false
}

/// The stages after the promotions, for one number of points to spend.
struct Settled {
  var points: Points
  var pools: [Points]
  var lines: [SettledLine]
  var tillRounding: Int64 = 0
  var tenders: [TenderUse] = []

  var total: Int64 {
    var total: Int64 = 0
    for line in lines { total += line.amount }
    return total
  }
}

extension Run {
  /// Points, rounding, printing, tenders.
  ///
  /// Lines that take only some amounts can make the total a few kopecks lower than asked, and so a smaller spend cheaper than a
  /// larger one. More points must never raise the price: where that is possible at all, the neighbouring smaller spends are tried
  /// and the cheapest wins. The total is the exact one, rounded down to the receipt's step, give or take the slack of printing; so a
  /// spend can be cheaper only if it is less than twice the slack and one step of rounding away.
  func settle(_ plan: SpendingPlan, spending points: Points) -> Settled {
    var best = settleExactly(plan, points)
    guard points > .zero else { return best }
    let slack = Printing.slack(0..<columns.count, columns, scene.basket.register)
    let step = ownRounding?.minor ?? 1
    // Rounded, and every kopeck found its place: nothing smaller is cheaper.
    guard slack > 0 || best.total % step != 0 else { return best }
    let reach = 2 * slack + (step > 1 ? step : 0)
    let tries = reach * scene.terms.unitsPerPoint / (scene.terms.spendValue * scene.terms.spending.step.units)
    var fewer = points
    for _ in 0..<min(tries, 1_200) {
      fewer -= scene.terms.spending.step
      guard fewer >= max(scene.terms.spending.least, .zero) else { break }
      let other = settleExactly(plan, fewer)
      if other.total < best.total { best = other }
    }
    return best
  }

  private func settleExactly(_ plan: SpendingPlan, _ points: Points) -> Settled {
    var lines: [SettledLine] = []
    lines.reserveCapacity(columns.count)
    for line in 0..<columns.count { lines.append(SettledLine(amount: amount[line], isTouched: isTouched[line])) }
    var pools: [Points] = []
    if points > .zero { pools = plan.pay(points, &lines) }
    let byTill = roundReceipt(&lines)
    for line in lines.indices { lines[line].printing = lines[line].amount }
    var printer = Printing(columns, scene.basket.register)
    printer.settle(&lines)
    for line in lines.indices { lines[line].printing -= lines[line].amount }
    var settled = Settled(points: points, pools: pools, lines: lines, tillRounding: byTill)
    if !scene.basket.tenders.isEmpty { payWithTenders(&settled) }
    return settled
  }

  /// The rule by which this receipt is rounded, if any.
  private var rounding: ReceiptRounding? {
    guard let rule = scene.terms.receiptRounding, rule.step.minor > 1 else { return nil }
    if !rule.tenders.isEmpty, tenderKinds.isEmpty || !tenderKinds.allSatisfy(rule.tenders.contains) { return nil }
    return rule
  }

  /// The step to which we round; nil where nobody does, or the till.
  private var ownRounding: Money? { rounding.flatMap { $0.isDoneByTill ? nil : $0.step } }

  /// Takes the rounding of the receipt off the lines, or says what the till will take off by itself.
  private func roundReceipt(_ lines: inout [SettledLine]) -> Int64 {
    guard let rule = rounding else { return 0 }
    let total = lines.reduce(0) { $0 + $1.amount }
    let excess = total % rule.step.minor
    guard excess > 0, total - excess >= scene.terms.spending.leastMoney.minor else { return 0 }
    if rule.isDoneByTill { return excess }
    let caps = lines.indices.map { max(0, lines[$0].amount - columns.floor($0)) }
    guard caps.reduce(0, +) >= excess else { return 0 }
    let parts = spread(excess, weights: lines.map(\.amount), caps: caps, leftover: leftover)
    guard keepsLeastMoney(lines, less: parts) else { return 0 }
    for (line, part) in parts.enumerated() where part > 0 {
      lines[line].receiptRounding = part
      lines[line].amount -= part
      lines[line].isTouched = true
    }
    return 0
  }

  /// True where every fiscal document still has its least money, whoever prints it.
  private func keepsLeastMoney(_ lines: [SettledLine], less parts: [Int64]) -> Bool {
    guard columns.hasManyDocuments else { return true }
    var sums: [Int64: Int64] = [:]
    for line in lines.indices { sums[columns.document(line), default: 0] += lines[line].amount - parts[line] }
    return sums.values.allSatisfy { $0 >= scene.terms.spending.leastMoney.minor }
  }

  /// Certificates for some goods first, then certificates, then the other tenders as they come; one without an amount pays the rest.
  private func payWithTenders(_ settled: inout Settled) {
    let tenders = scene.basket.tenders
    var unpaid = settled.lines.map(\.amount)
    for place in tenders.indices.sorted(by: { (rank(tenders[$0]), $0) < (rank(tenders[$1]), $1) }) {
      let tender = tenders[place]
      let caps = unpaid.indices.map { line in mayPay(tender, line) ? unpaid[line] : 0 }
      let possible = min(caps.reduce(0, +), tender.certificate.map { $0.state == .valid ? $0.available.minor : 0 } ?? .max)
      let paid = min(tender.amount?.minor ?? possible, possible)
      guard paid > 0 else { continue }
      let earns = !scene.terms.earning.tendersWithoutEarning.contains(tender.kind)
      for (line, part) in spread(paid, weights: caps, caps: caps).enumerated() {
        unpaid[line] -= part
        if !earns { settled.lines[line].withoutEarning += part }
      }
      settled.tenders.append(
        TenderUse(kind: tender.kind, amount: Money(minor: paid), certificate: tender.certificate?.code))
    }
  }

  /// A certificate never pays for another.
  private func mayPay(_ tender: Tender, _ line: Int) -> Bool {
    if tender.certificate != nil, columns.isMoney(line) { return false }
    return tender.only.map { columns.matches($0, line) } ?? true
  }

  /// A certificate without an amount pays what is on it, before whatever pays the rest.
  private func rank(_ tender: Tender) -> Int {
    if tender.amount == nil, tender.certificate == nil { return 3 }
    if tender.only != nil { return 0 }
    return tender.kind == .giftCard || tender.kind == .stateCertificate || tender.certificate != nil ? 1 : 2
  }

  /// Per line: the money that earns.
  func earningBase(_ settled: Settled) -> [Int64] {
    let mode = scene.terms.earning.whenPointsPay
    var base = noughts(columns.count)
    if settled.points > .zero, mode == .nothing { return base }
    for line in base.indices where columns.canEarn(line) {
      let item = settled.lines[line]
      base[line] = max(0, item.amount + (mode == .full ? item.paidWithPoints : 0) - item.withoutEarning)
    }
    return base
  }
}
