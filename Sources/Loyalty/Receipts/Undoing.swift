import Calculator
import Conditions
import Kernel

/// What a return undoes, computed from the receipt, the returns before it and the rules of the day of sale: no database, no clock.
///
/// Money and spent points go back from what stands: the receipt's own lines or, after a return that priced the rest anew, those of its
/// new sale. At the paid price each line gives back in proportion to what of it is returned in all, less what went back before: many
/// small returns and one large give the same. Earned points, uses and limits are what the receipt would have come to with the goods
/// that stay, against what it came to with the goods before this return.
struct Undoing: Sendable {
  let receipt: Receipt
  let facts: SaleFacts
  let book: RuleBook
  let terms: ReturnTerms
  let policy: ReturnTerms.Money
  /// The shopper loses no benefit for the rest: the goods were not as they should be, or today's calculator would have priced the
  /// receipt otherwise, so that what it says of a part tells nothing.
  let keepsBenefit: Bool
  /// What the sale did to the wallet.
  let effect: ReceiptPoints
  /// What is left of it: its points less what earlier returns undid.
  let left: ReceiptPoints
  /// First purchases that the rules of today ask about.
  let firsts: [Accumulator]
  private let earlier: [Refund]
  /// The lines that stand, as they were printed last: one for each line of the receipt.
  private let base: [DocumentLine]
  /// Thousandths of each line that came back since.
  private let since: [Int64]

  init(
    _ receipt: Receipt, _ effect: ReceiptPoints, facts: SaleFacts, earlier: [Refund], _ book: RuleBook, _ terms: ReturnTerms,
    _ policy: ReturnTerms.Money, isDefect: Bool = false, firsts: [Accumulator] = []
  ) {
    self.firsts = firsts
    self.receipt = receipt
    self.facts = facts
    self.earlier = earlier
    self.book = book
    self.terms = terms
    keepsBenefit = isDefect || !Self.speaks(book, of: receipt, facts)
    self.policy = keepsBenefit ? .paidPrice : policy
    self.effect = effect
    left = effect.less(earlier.map(\.effect))
    let last = earlier.lastIndex { $0.reissue != nil }
    base = receipt.standing(after: last.flatMap { earlier[$0].reissue })
    var since = Array(repeating: Int64(0), count: receipt.lines.count)
    for line in earlier[(last.map { $0 + 1 } ?? 0)...].flatMap(\.lines) where receipt.lines.indices.contains(line.line) {
      since[line.line] += line.quantity.thousandths
    }
    self.since = since
  }

  func remaining(_ line: Int) -> Quantity { base[line].quantity - Quantity(thousandths: since[line]) }

  /// Points that were taken for benefits that the rest had lost.
  var lostSoFar: Points { earlier.reduce(.zero) { $0 + $1.lost } }

  /// - Parameter quantities: thousandths per line of the receipt, none above what remains.
  /// - Returns: what goes back, whether nothing stays, and what stays as the rules price it; nil where nothing does.
  func refund(_ quantities: [Int64], id: ReturnID) -> (refund: Refund, isWhole: Bool, stays: Calculation?) {
    let before = standing(since)
    let after = standing(zip(since, quantities).map { $0 + $1 })
    let isWhole = after.allSatisfy { $0.quantity == .zero }
    let priced = isWhole ? nil : reprice(after)
    let sold = policy == .reprice ? resell(before, after, priced) : nil
    let reissue = sold.map { Reissue(returned: asPrinted(before), sold: $0) }
    let lines = refunded(before, after, reissue)
    var effect = ReceiptPoints()
    let back = min(lines.reduce(.zero) { $0 + $1.points }, left.spending.total)
    effect.spending = left.spending.splitting(isWhole ? left.spending.total : back).back
    effect.earned = left.earned
    effect.status = left.status
    if !isWhole { (effect.earned, effect.status) = lostEarnings(before, sold ?? after, priced) }
    effect.uses = isWhole ? left.uses : lostUses(priced, back, effect.earnedTotal, from: before, staying: sold ?? after)
    effect.uses += lostFirsts(from: before, staying: after)
    let lost = lostBenefit(after, priced)
    let refund = Refund(
      id: id, receipt: receipt.id, step: Int64(earlier.count), lines: lines, policy: policy,
      amount: lines.reduce(.zero) { $0 + $1.amount },
      givenBack: effect.spending.total, takenBack: effect.earnedTotal + max(.zero, lost), lost: lost, reissue: reissue,
      effect: effect)
    return (refund, isWhole, priced)
  }

  /// What stands when so many thousandths of each line went back since the last document, at its printed prices.
  private func standing(_ gone: [Int64]) -> [DocumentLine] {
    zip(base, gone).map { line, gone in
      func rest(_ whole: Int64, _ rounding: Rounding) -> Int64 {
        whole - scaled(whole, by: gone, over: max(1, line.quantity.thousandths), rounding)
      }
      return DocumentLine(
        line: line.line, quantity: line.quantity - Quantity(thousandths: gone),
        amount: Money(minor: rest(line.amount.minor, .halfUp)),
        paidWithPoints: Money(minor: rest(line.paidWithPoints.minor, .halfUp)),
        points: Points(units: rest(line.points.units, .down)))
    }
  }

  /// What goes back, by the lines that came back: their printed part, or their share of the difference between two documents.
  private func refunded(_ before: [DocumentLine], _ after: [DocumentLine], _ reissue: Reissue?) -> [RefundedLine] {
    var lines = zip(before, after).filter { $0.quantity > $1.quantity }.map { before, after in
      RefundedLine(
        line: before.line, quantity: before.quantity - after.quantity, amount: before.amount - after.amount,
        paidWithPoints: before.paidWithPoints - after.paidWithPoints, points: before.points - after.points)
    }
    guard let reissue else { return lines }
    // What is money itself, a certificate that was sold, is worth its sum whatever the rest costs; points never paid for it.
    let isMoney = lines.map { facts.basket.lines[$0.line].kind.isMoney }
    let isMixed = isMoney.contains(true) && isMoney.contains(false)
    func difference(_ value: (DocumentLine) -> Int64, inMoney: Bool = false) -> [Int64] {
      let due = reissue.returned.reduce(0) { $0 + value($1) } - reissue.sold.reduce(0) { $0 + value($1) }
      let weights = lines.map { max(1, $0.amount.minor + $0.paidWithPoints.minor) }
      guard isMixed else { return spread(due, weights: weights, caps: lines.map { _ in .max }) }
      func part(_ sum: Int64, ofMoney: Bool) -> [Int64] {
        spread(
          sum, weights: zip(weights, isMoney).map { $1 == ofMoney ? $0 : 0 }, caps: isMoney.map { $0 == ofMoney ? .max : 0 })
      }
      let sums = zip(lines, isMoney).reduce(Int64(0)) { $1.1 ? $0 + $1.0.amount.minor : $0 }
      let own = inMoney ? max(0, min(due, sums)) : 0
      return zip(part(own, ofMoney: true), part(due - own, ofMoney: false)).map { $0 + $1 }
    }
    let (money, withPoints) = (difference(\.amount.minor, inMoney: true), difference(\.paidWithPoints.minor))
    let points = difference(\.points.units)
    for index in lines.indices {
      lines[index].amount = Money(minor: money[index])
      lines[index].paidWithPoints = Money(minor: withPoints[index])
      lines[index].points = Points(units: points[index])
    }
    return lines
  }

  /// The basket as it was sold, without so many thousandths of each line.
  func stays(gone: [Int64]) -> Basket {
    var basket = facts.basket
    basket.spend = .nothing
    basket.lines = zip(basket.lines, gone).compactMap { line, gone in
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

  func stays(_ lines: [DocumentLine]) -> Basket {
    var rest = receipt.lines.map { _ in Int64(0) }
    for line in lines { rest[line.line] = line.quantity.thousandths }
    return stays(gone: zip(receipt.lines, rest).map { $0.quantity.thousandths - $1 })
  }

  func calculation(_ basket: Basket) -> Calculation {
    Self.calculation(basket, facts, book)
  }

  /// True where the calculator is that of the sale, or prices it alike.
  private static func speaks(_ book: RuleBook, of receipt: Receipt, _ facts: SaleFacts) -> Bool {
    receipt.calculator == calculatorVersion || receipt.isAsSold(calculation(facts.basket, facts, book))
  }

  private static func calculation(_ basket: Basket, _ facts: SaleFacts, _ book: RuleBook) -> Calculation {
    calculate(basket, member: facts.member, rules: book, usage: facts.usage, scope: CalculationScope(offersChoices: false))
  }

  /// What the rest would have cost on the day of sale.
  private func reprice(_ rest: [DocumentLine]) -> Calculation { calculation(stays(rest)) }

  /// What these lines earn at the amounts that were printed for them; nil for nothing at all.
  private func earnings(_ lines: [DocumentLine]) -> Calculation? {
    guard book.terms.earning.whenPointsPay != .nothing || receipt.spent == .zero else { return nil }
    return asPrinted(lines)
  }

  /// These lines, priced at the amounts that were printed for them.
  func asPrinted(_ lines: [DocumentLine]) -> Calculation {
    let countsPoints = book.terms.earning.whenPointsPay == .full
    var basket = stays(lines)
    for (place, line) in lines.filter({ $0.quantity > .zero }).enumerated() {
      basket.lines[place].fix(at: countsPoints ? line.total : line.amount)
    }
    return calculation(basket)
  }

  /// What the rest earns less, in points and towards a tier.
  private func lostEarnings(
    _ before: [DocumentLine], _ rest: [DocumentLine], _ priced: Calculation?
  ) -> (earned: [Earned], status: Points) {
    guard !left.earned.isEmpty || left.status > .zero else { return ([], .zero) }
    guard facts.member != nil else { return lostShare(rest) }
    let isReprice = policy == .reprice
    let stays = asResold(rest, priced) ?? earnings(rest)
    let was = isReprice ? nil : earnings(before)
    let kept = stays.map { Settlement.earned($0, book) } ?? []
    let had = isReprice ? left.earned : was.map { Settlement.earned($0, book) } ?? []
    let earned = left.earned.lost(had: had, kept: kept)
    let counted = isReprice ? left.status : was?.status ?? .zero
    return (earned, min(max(.zero, counted - (stays?.status ?? .zero)), left.status))
  }

  /// What the rules say of the rest, where it was sold anew at exactly that.
  func asResold(_ rest: [DocumentLine], _ priced: Calculation?) -> Calculation? {
    guard policy == .reprice, let priced else { return nil }
    return zip(priced.lines, rest).allSatisfy { $0.amount == $1.amount && $1.paidWithPoints == .zero } ? priced : nil
  }

  /// The same for a receipt that was sold to nobody and found its member later. What the member was like is not among its facts, so what
  /// stays keeps the share of its money in the whole; rounded against what stays, and the same in however many steps.
  private func lostShare(_ rest: [DocumentLine]) -> (earned: [Earned], status: Points) {
    let (stays, whole) = (rest.reduce(Int64(0)) { $0 + $1.amount.minor }, max(1, receipt.amount.minor))
    func gone(_ left: Points, of all: Points) -> Points {
      max(.zero, left - Points(units: scaled(all.units, by: min(stays, whole), over: whole, .down)))
    }
    let earned = left.earned.compactMap { earned -> Earned? in
      let all = effect.earned.reduce(Points.zero) { $1.isAlike(earned) ? $0 + $1.amount : $0 }
      let gone = gone(earned.amount, of: all)
      return gone > .zero ? earned.with(gone) : nil
    }
    return (earned, gone(left.status, of: effect.status))
  }

  /// Uses of promotions that the rest would not have, or not as much.
  private func lostUses(
    _ priced: Calculation?, _ back: Points, _ earned: Points, from before: [DocumentLine], staying rest: [DocumentLine]
  ) -> [Use] {
    let sums = staying(rest)
    return lostStamps(priced, from: before, staying: rest)
      + left.uses.compactMap { use in
        guard !StampTally.owns(use.promotion) else { return nil }
        if Accumulator.owns(use.promotion) {
          // A visit stays one as long as anything of it stays.
          guard !Accumulator.isVisit(use.promotion) else { return nil }
          let stays = sums.first { $0.promotion == use.promotion }?.given ?? .nothing
          let lost = Given(
            uses: max(0, use.given.uses - stays.uses), money: max(.zero, use.given.money - stays.money))
          return lost == .nothing ? nil : Use(promotion: use.promotion, day: use.day, given: lost)
        }
        if GuardTally.owns(use.promotion) { return GuardTally.lost(use, back, earned) }
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

  /// What the rest adds to the sums that the rules ask for.
  private func staying(_ rest: [DocumentLine]) -> [Use] {
    guard !book.asks.accumulators.isEmpty || !firsts.isEmpty else { return [] }
    let member = facts.member ?? MemberSnapshot(id: MemberID(0))
    let amounts = rest.filter { $0.quantity > .zero }.map(\.total)
    return book.accumulated(stays(rest), amounts, by: member, on: receipt.businessDay, also: firsts)
  }

  /// What the rest would have cost more than what was paid for it, in points, less what was taken for that before. Below zero: that
  /// much was taken before and is not lost any more, because those goods came back as well.
  private func lostBenefit(_ rest: [DocumentLine], _ priced: Calculation?) -> Points {
    guard let priced else { return .zero - lostSoFar }
    guard policy == .paidPrice else { return .zero }
    let paid = rest.reduce(Money.zero) { $0 + $1.total }
    let worth = terms.takesLostBenefit ? book.terms.points(for: max(.zero, priced.amount - paid), .down) : .zero
    return keepsBenefit ? min(.zero, worth - lostSoFar) : worth - lostSoFar
  }
}

extension Receipt {
  /// True where this is what it was sold for.
  func isAsSold(_ calculation: Calculation) -> Bool {
    zip(calculation.lines, lines).allSatisfy { $0.amount == $1.amount && $0.paidWithPoints == $1.paidWithPoints }
  }

  /// The lines that stand after a return that priced the rest anew; nil: as they were sold.
  fileprivate func standing(after reissue: Reissue?) -> [DocumentLine] {
    var standing = lines.enumerated().map { index, line in
      DocumentLine(
        line: index, quantity: line.quantity, amount: line.amount, paidWithPoints: line.paidWithPoints, points: line.pointsSpent)
    }
    guard let reissue else { return standing }
    for index in standing.indices {
      standing[index] = DocumentLine(line: index, quantity: .zero, amount: .zero, paidWithPoints: .zero, points: .zero)
    }
    for line in reissue.sold { standing[line.line] = line }
    return standing
  }
}
