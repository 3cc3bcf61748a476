import Conditions
import Kernel

// Putting the answer together.
extension Run {
  mutating func assemble(into result: inout Calculation, settled: Settled, plan: SpendingPlan) {
    for line in stageAmount.indices { stageAmount[line] = settled.lines[line].amount }
    putStampsOn()
    let base = earningBase(settled)
    let earned = earning(on: base)
    if keepsRecord {
      for failure in earned.failures {
        fail(failure.promotion, failure.cause)
        noteHint(scene.book.rules[failure.promotion], failure.cause)
      }
      record(settled, earned)
    }
    result.rewards = giveRewards()
    result.lines = lines(settled, earned)
    sum(into: &result)
    result.tillRounding = Money(minor: settled.tillRounding)
    result.tenders = settled.tenders
    result.pointsSpent = settled.points
    result.spentByPool = settled.pools
    result.earned = earned.total
    result.lots = earned.rows.compactMap { lot(of: scene.book.rules[$0.position], Points(units: $0.total)) }
    result.status = status(on: base, earned)
    if keepsRecord {
      result.promotions = applied
      traceInBasketOrder()
      result.trace = trace
      result.reasons = reasons()
      result.hints = hintsWithStamps()
      result.gifts = gifts
      result.choices = answeredWishes()
    }
    result.stamps = stampMoves()
    result.spending = plan.limits
    result.exclusion = exclusion
  }

  private mutating func record(_ settled: Settled, _ earned: Earned) {
    let (paid, payable) = paidWithPoints(settled)
    for (line, item) in settled.lines.enumerated() {
      if item.paidWithPoints != 0 {
        // What a share of its own or a floor stopped on this line, others took over.
        let notes = shareNotes(item.paidWithPoints, of: paid, amount[line], payable)
        note(.points, line, base: amount[line], item.paidWithPoints, notes == .floor ? .capped : notes)
      }
      note(.receiptRounding, line, base: amount[line], item.receiptRounding)
      note(.printing, line, base: item.amount, item.printing)
      note(.tender, line, base: item.amount, item.withoutEarning)
    }
    for (place, row) in earned.rows.enumerated() {
      for line in 0..<columns.count where earned.units[place * columns.count + line] != 0 {
        let cell = place * columns.count + line
        trace.append(
          TraceStep(
            kind: .earning, line: line, promotion: row.position, base: earned.base[cell], rate: row.rate,
            amount: earned.units[cell],
            notes: notes(earned, place, line)))
      }
      let rule = scene.book.rules[row.position]
      applied.append(
        AppliedPromotion(
          index: row.position, id: rule.id, points: Points(units: row.total), coupon: coupon(of: rule), stamps: -take(rule)))
    }
  }

  /// What points pay in all, and what the lines cost that they may pay for.
  private func paidWithPoints(_ settled: Settled) -> (paid: Int64, payable: Int64) {
    var (paid, payable): (Int64, Int64) = (0, 0)
    for (line, item) in settled.lines.enumerated() where columns.canSpend(line) {
      paid += item.paidWithPoints
      payable += amount[line]
    }
    return (paid, payable)
  }

  private mutating func note(_ kind: TraceStep.Kind, _ line: Int, base: Int64, _ taken: Int64, _ notes: TraceNotes = []) {
    if taken != 0 {
      trace.append(TraceStep(kind: kind, line: line, promotion: -1, base: base, rate: 0, amount: taken, notes: notes))
    }
  }

  private func lines(_ settled: Settled, _ earned: Earned) -> [CalculatedLine] {
    let units = settled.points == .zero ? [] : spread(settled.points.units, weights: settled.lines.map(\.paidWithPoints))
    let printer = Printing(columns, scene.basket.register)
    let places = columns.isInBasketOrder ? columns.everyLine : columns.places
    var lines: [CalculatedLine] = []
    lines.reserveCapacity(columns.count)
    for index in settled.lines.indices {
      let place = places[index]
      let item = settled.lines[place]
      var line = CalculatedLine(
        id: scene.basket.lines[index].id, quantity: Quantity(thousandths: columns.quantity(place)),
        shelf: Money(minor: columns.shelf(place)), tillReduced: Money(minor: columns.shelf(place) - columns.start(place)),
        amount: Money(minor: item.amount))
      line.discount = Money(minor: columns.start(place) - amount[place])
      line.paidWithPoints = Money(minor: item.paidWithPoints)
      line.rounding = Money(minor: item.receiptRounding + item.printing)
      line.pointsSpent = Points(units: units.isEmpty ? 0 : units[place])
      line.earned = earned.onLine(place)
      (line.part, line.secondPart) = printer.parts(place, item)
      lines.append(line)
    }
    return lines
  }

  private mutating func traceInBasketOrder() {
    guard !columns.isInBasketOrder else { return }
    for step in trace.indices { trace[step].line = Int32(columns.order[Int(trace[step].line)]) }
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

  /// Every coupon and certificate that was shown is answered; of the promotions at most `Limits.reasons`, or all on request.
  private func reasons() -> [Reason] {
    let certificates = certificateReasons()
    guard !scene.basket.coupons.isEmpty else {
      let told = scope.explainsAll ? failures[...] : failures.prefix(Limits.reasons)
      return certificates + told.map { Reason(promotion: $0.promotion, cause: $0.cause) }
    }
    var found = certificates
    var answered = Set(applied.compactMap { $0.coupon.map(couponKey) })
    for (position, cause) in failures {
      let coupon = firstPresented(of: scene.book.rules[position].couponSeries)?.code
      if let coupon { answered.insert(couponKey(coupon)) }
      if coupon != nil || scope.explainsAll || found.count < Limits.reasons + certificates.count {
        found.append(Reason(promotion: position, coupon: coupon, cause: cause))
      }
    }
    for coupon in scene.basket.coupons where !answered.contains(couponKey(coupon.code)) {
      found.append(Reason(promotion: nil, coupon: coupon.code, cause: .coupon(coupon.state == .valid ? .unknown : coupon.state)))
    }
    return found
  }

  /// Every certificate that is not good is answered.
  private func certificateReasons() -> [Reason] {
    guard scene.basket.showsCertificates else { return [] }
    let shown = scene.basket.tenders.compactMap(\.certificate) + scene.basket.certificates.map(\.certificate)
    return shown.filter { $0.state != .valid }.map {
      Reason(promotion: nil, certificate: $0.code, cause: .certificate($0.state))
    }
  }

  private func firstPresented(of series: [String]) -> PresentedCoupon? {
    for name in series { if let coupon = presented(name) { return coupon } }
    return nil
  }
}
