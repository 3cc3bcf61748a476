import Calculator
import Kernel

/// What a return undoes, computed from the receipt, the returns before it and the rules of the day of sale: no database, no clock.
///
/// Money and spent points go back line by line in proportion to what is returned in all, less what went back before: many small
/// returns and one large give the same. Earned points, uses and limits are what the receipt would have come to with the goods that
/// stay, against what it came to with the goods before this return.
struct Undoing: Sendable {
  let receipt: Receipt
  let facts: SaleFacts
  let book: RuleBook
  let terms: ReturnTerms
  let policy: ReturnTerms.Money
  /// What is left of the sale's effect: its points less what earlier returns undid.
  private let left: ReceiptPoints
  private let earlier: [Refund]

  init(
    _ receipt: Receipt, _ effect: ReceiptPoints, facts: SaleFacts, earlier: [Refund], _ book: RuleBook, _ terms: ReturnTerms,
    _ policy: ReturnTerms.Money
  ) {
    self.receipt = receipt
    self.facts = facts
    self.earlier = earlier
    self.book = book
    self.terms = terms
    self.policy = policy
    left = effect.less(earlier.map(\.effect))
  }

  /// Thousandths of each line that earlier returns took back.
  var returned: [Int64] {
    var returned = Array(repeating: Int64(0), count: receipt.lines.count)
    for line in earlier.flatMap(\.lines) where receipt.lines.indices.contains(line.line) {
      returned[line.line] += line.quantity.thousandths
    }
    return returned
  }

  func remaining(_ line: Int) -> Quantity { receipt.lines[line].quantity - Quantity(thousandths: returned[line]) }

  /// - Parameter quantities: thousandths per line of the receipt, none above what remains.
  func refund(_ quantities: [Int64], id: ReturnID, points: PointsTerms) -> (refund: Refund, isWhole: Bool) {
    let before = returned
    let after = zip(before, quantities).map { $0 + $1 }
    let isWhole = zip(receipt.lines, after).allSatisfy { $0.quantity.thousandths == $1 }
    let priced = isWhole ? nil : reprice(after)
    var lines = policy == .paidPrice ? atPaidPrice(before, after) : repriced(before, after, priced)
    settle(&lines, isWhole: isWhole)
    lines.removeAll { $0.quantity == .zero && $0.amount == .zero && $0.points == .zero }
    var effect = ReceiptPoints()
    let back = min(lines.reduce(.zero) { $0 + $1.points }, left.spending.total)
    effect.spending = left.spending.splitting(isWhole ? left.spending.total : back).back
    effect.earned = isWhole ? left.earned : lostEarnings(before, after, priced)
    effect.uses = isWhole ? left.uses : lostUses(priced, back)
    let lost = policy == .paidPrice && terms.takesLostBenefit ? lostBenefit(after, priced) : .zero
    let refund = Refund(
      id: id, receipt: receipt.id, lines: lines, policy: policy, amount: lines.reduce(.zero) { $0 + $1.amount },
      givenBack: effect.spending.total, takenBack: effect.earnedTotal + lost, lost: lost, effect: effect)
    return (refund, isWhole)
  }

  /// However the policies of several returns differ, together they give back what was paid: all of it with the last goods, and never
  /// more before.
  private func settle(_ lines: inout [RefundedLine], isWhole: Bool) {
    func shares(_ sold: (SoldLine) -> Int64, _ back: (RefundedLine) -> Int64) -> [Int64] {
      let left = receipt.lines.reduce(0) { $0 + sold($1) } - earlier.flatMap(\.lines).reduce(0) { $0 + back($1) }
      let wanted = lines.reduce(0) { $0 + back($1) }
      let due = isWhole ? left : min(wanted, left)
      guard due != wanted else { return lines.map(back) }
      return spread(due, weights: lines.map { max(1, back($0)) }, caps: lines.map { _ in Int64.max })
    }
    let money = shares({ $0.amount.minor }, { $0.amount.minor })
    let withPoints = shares({ $0.paidWithPoints.minor }, { $0.paidWithPoints.minor })
    let points = shares({ $0.pointsSpent.units }, { $0.points.units })
    for index in lines.indices {
      lines[index].amount = Money(minor: money[index])
      lines[index].paidWithPoints = Money(minor: withPoints[index])
      lines[index].points = Points(units: points[index])
    }
  }

  private func atPaidPrice(_ before: [Int64], _ after: [Int64]) -> [RefundedLine] {
    receipt.lines.indices.filter { after[$0] > before[$0] }.map { index in
      let line = receipt.lines[index]
      func part(_ whole: Int64, _ rounding: Rounding) -> Int64 {
        let all = line.quantity.thousandths
        return scaled(whole, by: after[index], over: all, rounding) - scaled(whole, by: before[index], over: all, rounding)
      }
      return RefundedLine(
        line: index, quantity: Quantity(thousandths: after[index] - before[index]),
        amount: Money(minor: part(line.amount.minor, .halfUp)),
        paidWithPoints: Money(minor: part(line.paidWithPoints.minor, .halfUp)),
        points: Points(units: part(line.pointsSpent.units, .down)))
    }
  }

  /// The difference between what was paid and what the rest costs without the others, in money and points as it was paid.
  private func repriced(_ before: [Int64], _ after: [Int64], _ priced: Calculation?) -> [RefundedLine] {
    let money = receipt.lines.reduce(0) { $0 + $1.amount.minor }
    let withPoints = receipt.lines.reduce(0) { $0 + $1.paidWithPoints.minor }
    let total = money + withPoints
    let stays = priced.map { $0.amount.minor + $0.paidWithPoints.minor } ?? 0
    let due = max(0, total - stays)
    let cumulative = total == 0 ? 0 : scaled(due, by: money, over: total, .halfUp)
    let pointsMoney = due - cumulative
    let pointsCumulative = withPoints == 0 ? 0 : scaled(receipt.spent.units, by: pointsMoney, over: withPoints, .down)
    let now = max(0, cumulative - earlier.reduce(0) { $0 + $1.amount.minor })
    let pointsNow = max(0, pointsCumulative - earlier.reduce(0) { $0 + $1.givenBack.units })
    let pointsMoneyNow = max(0, pointsMoney - earlier.flatMap(\.lines).reduce(0) { $0 + $1.paidWithPoints.minor })
    var lines = atPaidPrice(before, after)
    let weights = lines.map { max(1, $0.amount.minor + $0.paidWithPoints.minor) }
    let free = lines.map { _ in Int64.max }
    let shares = [now, pointsMoneyNow, pointsNow].map { spread($0, weights: weights, caps: free) }
    for index in lines.indices {
      lines[index].amount = Money(minor: shares[0][index])
      lines[index].paidWithPoints = Money(minor: shares[1][index])
      lines[index].points = Points(units: shares[2][index])
    }
    return lines
  }

  /// The basket without what is returned.
  private func stays(_ after: [Int64]) -> Basket {
    var basket = facts.basket
    basket.spend = .nothing
    basket.lines = zip(basket.lines, after).compactMap { line, gone in
      let rest = line.quantity.thousandths - gone
      guard rest > 0 else { return nil }
      var line = line
      for index in line.tillReductions.indices {
        let whole = line.tillReductions[index].amount.minor
        line.tillReductions[index].amount = Money(minor: scaled(whole, by: rest, over: line.quantity.thousandths, .halfUp))
      }
      line.quantity = Quantity(thousandths: rest)
      return line
    }
    return basket
  }

  /// What the rest would have cost on the day of sale.
  private func reprice(_ after: [Int64]) -> Calculation {
    calculate(stays(after), member: facts.member, rules: book, usage: facts.usage, scope: CalculationScope(offersChoices: false))
  }

  /// What the rest earns at the amounts that were printed for it.
  private func earnings(_ after: [Int64]) -> [Earned] {
    let countsPoints = book.terms.earning.whenPointsPay == .full
    guard book.terms.earning.whenPointsPay != .nothing || receipt.spent == .zero else { return [] }
    var basket = stays(after)
    let kept = receipt.lines.indices.filter { receipt.lines[$0].quantity.thousandths > after[$0] }
    for (place, index) in kept.enumerated() {
      let line = receipt.lines[index]
      let paid = line.amount.minor + (countsPoints ? line.paidWithPoints.minor : 0)
      let gone = scaled(paid, by: after[index], over: line.quantity.thousandths, .halfUp)
      basket.lines[place].fix(at: Money(minor: paid - gone))
    }
    let calculation = calculate(
      basket, member: facts.member, rules: book, usage: facts.usage, scope: CalculationScope(offersChoices: false))
    return Settlement.earned(calculation, book)
  }

  private func lostEarnings(_ before: [Int64], _ after: [Int64], _ priced: Calculation?) -> [Earned] {
    guard !left.earned.isEmpty else { return [] }
    let kept: [Earned]
    if policy == .reprice, let priced { kept = Settlement.earned(priced, book) } else { kept = earnings(after) }
    let had = policy == .reprice ? left.earned : earnings(before)
    return left.earned.compactMap { earned in
      let was = had.first { $0.kind == earned.kind }?.amount ?? .zero
      let stays = kept.first { $0.kind == earned.kind }?.amount ?? .zero
      let gone = min(max(.zero, was - stays), earned.amount)
      return gone > .zero ? Earned(gone, kind: earned.kind) : nil
    }
  }

  /// Uses of promotions that the rest would not have, or not as much.
  private func lostUses(_ priced: Calculation?, _ back: Points) -> [Use] {
    left.uses.compactMap { use in
      if use.promotion == MemberSnapshot.spendingTally {
        return back > .zero ? Use(promotion: use.promotion, day: use.day, given: Given(points: min(back, use.given.points))) : nil
      }
      let stays = priced?.promotions.first { $0.id == use.promotion }
      let lost = Given(
        uses: stays == nil ? use.given.uses : 0, money: max(.zero, use.given.money - (stays?.money ?? .zero)),
        points: max(.zero, use.given.points - (stays?.points ?? .zero)))
      return lost == .nothing ? nil : Use(promotion: use.promotion, day: use.day, given: lost)
    }
  }

  /// What the rest would have cost more, in points, less what was taken for it before.
  private func lostBenefit(_ after: [Int64], _ priced: Calculation?) -> Points {
    guard let priced else { return .zero }
    var paid: Int64 = 0
    for (line, gone) in zip(receipt.lines, after) {
      let whole = line.amount.minor + line.paidWithPoints.minor
      paid += whole - scaled(whole, by: gone, over: max(1, line.quantity.thousandths), .halfUp)
    }
    let worth = book.terms.points(for: Money(minor: max(0, priced.amount.minor - paid)), .down)
    return max(.zero, worth - earlier.reduce(.zero) { $0 + $1.lost })
  }
}

extension ReceiptPoints {
  /// What is left when these were undone.
  func less(_ undone: [ReceiptPoints]) -> ReceiptPoints {
    var left = self
    for part in undone {
      left.spending = left.spending.splitting(min(part.spending.total, left.spending.total)).rest
      left.earned = left.earned.compactMap { earned in
        let gone = part.earned.reduce(Points.zero) { $1.kind == earned.kind ? $0 + $1.amount : $0 }
        return earned.amount > gone ? Earned(earned.amount - gone, kind: earned.kind) : nil
      }
      left.uses = left.uses.compactMap { use in
        let gone = part.uses.reduce(Given.nothing) { $1.promotion == use.promotion ? $0 + $1.given : $0 }
        return use.given == gone ? nil : Use(promotion: use.promotion, day: use.day, given: use.given - gone)
      }
    }
    return left
  }
}
