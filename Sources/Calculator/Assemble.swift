import Conditions
import Kernel

// Putting the answer together.
extension Run {
  mutating func assemble(settled: inout Settled, plan: SpendingPlan) -> Calculation {
    stageAmount = settled.amount
    let earned = earning(on: earningBase(settled), isPaidWithPoints: settled.points > .zero)
    for failure in earned.failures {
      fail(failure.promotion, failure.cause)
      noteHint(failure.promotion, failure.cause)
    }
    record(settled, earned)
    var result = Calculation()
    result.lines = lines(settled, earned)
    sum(into: &result)
    result.tillRounding = Money(minor: settled.tillRounding)
    result.tenders = settled.tenders
    result.pointsSpent = settled.points
    result.spentByPool = settled.pools
    result.earned = earned.total
    result.promotions = applied
    result.trace = trace
    result.reasons = reasons()
    result.hints = hints
    result.spending = plan.limits
    result.exclusion = exclusion
    return result
  }

  private mutating func record(_ settled: Settled, _ earned: Earned) {
    for line in settled.amount.indices {
      if settled.paidWithPoints[line] != 0 {
        trace.append(TraceStep(kind: .points, line: line, promotion: -1, base: amount[line], rate: 0, amount: settled.paidWithPoints[line]))
      }
      if settled.receiptRounding[line] != 0 {
        trace.append(
          TraceStep(kind: .receiptRounding, line: line, promotion: -1, base: amount[line], rate: 0, amount: settled.receiptRounding[line]))
      }
      if settled.printing[line] != 0 {
        trace.append(
          TraceStep(kind: .printing, line: line, promotion: -1, base: settled.amount[line], rate: 0, amount: settled.printing[line]))
      }
    }
    for row in earned.rows {
      for line in row.units.indices where row.units[line] != 0 {
        trace.append(
          TraceStep(
            kind: .earning, line: line, promotion: row.position, base: row.base[line], rate: row.rate, amount: row.units[line],
            notes: row.notes))
      }
      let promotion = book.promotions[row.position]
      applied.append(
        AppliedPromotion(index: row.position, id: promotion.id, points: Points(units: row.total), coupon: coupon(of: promotion)))
    }
  }

  private func lines(_ settled: Settled, _ earned: Earned) -> [CalculatedLine] {
    let spentUnits = spread(
      settled.points.units, weights: settled.paidWithPoints, caps: settled.paidWithPoints.map { $0 > 0 ? .max : 0 })
    return basket.lines.indices.map { index in
      var line = CalculatedLine(
        id: basket.lines[index].id, quantity: basket.lines[index].quantity, shelf: Money(minor: columns.shelf[index]),
        tillReduced: Money(minor: columns.shelf[index] - columns.start[index]), amount: Money(minor: settled.amount[index]))
      line.discount = Money(minor: columns.start[index] - amount[index])
      line.paidWithPoints = Money(minor: settled.paidWithPoints[index])
      line.rounding = Money(minor: settled.receiptRounding[index] + settled.printing[index])
      line.pointsSpent = Points(units: spentUnits[index])
      line.earned = earned.onLine(index)
      line.parts = settled.printer.parts(index)
      return line
    }
  }

  private func sum(into result: inout Calculation) {
    for line in result.lines {
      result.shelf += line.shelf
      result.tillReduced += line.tillReduced
      result.discount += line.discount
      result.paidWithPoints += line.paidWithPoints
      result.rounding += line.rounding
      result.amount += line.amount
    }
  }

  /// Every presented coupon is answered; of the promotions at most `Limits.reasons`, or all on request.
  private func reasons() -> [Reason] {
    var found: [Reason] = []
    var answered: Set<String> = Set(applied.compactMap(\.coupon).map(couponKey))
    for (position, cause) in failures {
      let promotion = book.promotions[position]
      let series = basket.coupons.isEmpty ? [] : promotion.condition.couponSeries
      let coupon = series.lazy.compactMap { self.presented($0)?.code }.first
      if let coupon { answered.insert(couponKey(coupon)) }
      if coupon != nil || scope.explainsAll || found.count < Limits.reasons {
        found.append(Reason(promotion: position, coupon: coupon, cause: cause))
      }
    }
    for coupon in basket.coupons where !answered.contains(couponKey(coupon.code)) {
      found.append(Reason(promotion: nil, coupon: coupon.code, cause: .coupon(coupon.state == .valid ? .unknown : coupon.state)))
    }
    return found
  }
}
