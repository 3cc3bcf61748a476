import Calculator
import Kernel
import Storage

/// What goods would give back, for somebody who decides whether to take them.
public struct ReturnPreview: Sendable {
  /// Under a name that means nothing.
  public let refund: Refund
  /// Nothing of the receipt is left afterwards.
  public let isWhole: Bool
  /// Earned points to take back that are not there any more.
  public let shortage: Points
  /// The member's points as they would stand; nil where the receipt is nobody's.
  public let balance: Balance?
  /// What was asked for beyond what is left.
  public let excess: Quantity

  public var sums: ReturnSums { ReturnSums(refund) }
}

/// What a return comes to, as somebody saw it before they agreed.
public struct ReturnSums: Hashable, Sendable {
  public let amount: Money
  public let givenBack: Points
  public let takenBack: Points

  init(_ refund: Refund) { (amount, givenBack, takenBack) = (refund.amount, refund.givenBack, refund.takenBack) }
  init(_ answer: ReturnAnswer) { (amount, givenBack, takenBack) = (answer.amount, answer.givenBack, answer.takenBack) }

  /// Reads what `text` wrote, which a form carries.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).compactMap { Int64($0) }
    guard parts.count == 3 else { return nil }
    (amount, givenBack, takenBack) = (Money(minor: parts[0]), Points(units: parts[1]), Points(units: parts[2]))
  }

  public var text: String { "\(amount.minor)/\(givenBack.units)/\(takenBack.units)" }
}

/// A return worked out, and nothing written yet.
struct WorkedReturn {
  let refund: Refund
  let isWhole: Bool
  let standing: Standing
  /// Coupons that unlocked nothing of what stays.
  let freedCoupons: [String]
  /// Series of which what stays would still bring a coupon; nil where the rules give none.
  let keptSeries: [String]?
  let certificates: CertificateReturn
  /// Turns that what stays would still bring; nil where the rules give none.
  let keptTurns: [GivenTurns]?
  /// Promotions whose tier what stays would still bring; nil where the rules give none.
  let keptTiers: Set<PromotionID>?
  /// What stays of each line.
  let remaining: [Quantity]
}

extension Receipts {
  /// What the goods would give back now; nothing is written. Five statements at most.
  /// - Returns: nil where nothing of them is left on the receipt.
  /// - Throws: `Problem.unavailable` (`rules_missing`).
  public func preview(
    _ goods: Return, of receipt: Receipt, at now: Instant, in tx: inout Transaction
  ) throws -> ReturnPreview? {
    var rest = goods.lines
    guard let worked = try workOut(goods, &rest, of: receipt, id: ids.next(at: now), in: &tx) else { return nil }
    var (shortage, balance) = (Points.zero, Balance?.none)
    if let owner = worked.standing.owner, var open = try wallets.peek(owner, in: &tx) {
      wallets.advance(&open, at: now)
      let occasion = Occasion(.refund(worked.refund.id), at: goods.time, posted: now)
      shortage = undo(worked.refund, of: receipt, in: &open.wallet, by: open.asked?.shift ?? 0, on: occasion).shortage
      balance = Balance(open)
    }
    return ReturnPreview(
      refund: worked.refund, isWhole: worked.isWhole, shortage: shortage, balance: balance,
      excess: Quantity(thousandths: rest.thousandths))
  }

  /// Everything that was sold, as a cancellation takes it back: at the printed price.
  public func cancellation(of receipt: Receipt, _ key: ReceiptKey, at now: Instant) throws -> Return {
    let lines = try receipt.basket().lines.map { Return.Line(.line($0.id), quantity: $0.quantity) }
    return Return(key: key, original: key, lines: lines, at: now, day: receipt.businessDay, refund: .paidPrice)
  }

  /// Works out what fits of the goods, and leaves in `rest` what does not.
  func workOut(
    _ goods: Return, _ rest: inout [Return.Line], of receipt: Receipt, id: ReturnID, in tx: inout Transaction
  ) throws -> WorkedReturn? {
    guard receipt.state == .confirmed || receipt.state == .partlyReturned else { return nil }
    guard let book = rules.book(of: receipt) else {
      throw Problem(
        .unavailable, "rules_missing", "rule book \(receipt.rules) of receipt \(receipt.id) is not kept any more; restore it")
    }
    let facts = try receipt.readFacts()
    let standing = try standing(receipt, in: &tx)
    let earlier = try tx.rows(ReturnSQL.ofReceipt(account, standing.owner ?? receipt.owner, receipt.id)).map(ReturnSQL.refund)
    var terms = terms
    if standing.owner == nil { terms.takesLostBenefit = false }
    let undoing = Undoing(
      receipt, standing.effect, facts: facts, earlier: earlier, book, terms,
      receipt.isPast ? .paidPrice : goods.refund ?? terms.money, isDefect: goods.isDefect,
      firsts: rules.current.asks.firsts)
    let quantities = Self.match(&rest, facts.basket.lines, undoing)
    guard quantities.contains(where: { $0 > 0 }) else { return nil }
    var undone = undoing.refund(quantities, id: id)
    let certificates = try certificateReturn(
      receipt, facts.basket, undone.refund, earlier: earlier, isWhole: undone.isWhole,
      bringing: book.asks.issuesCertificates ? undone.stays?.givenCertificates.map(\.series) ?? [] : nil, in: &tx)
    undone.refund.certificates = certificates.refunds
    let isByRules = undone.refund.reissue != nil || (terms.takesLostBenefit && !undoing.keepsBenefit)
    undone.refund.given = try UndoneGifts(receipt, BookOfGifts(book), claimed: standing.claimed, earlier: earlier)
      .undone(by: undone.refund, pricing: isByRules ? undone.stays : nil)
    let kept = Set(undone.stays?.promotions.compactMap(\.coupon) ?? [])
    let used = Coupons.single(facts.basket.coupons).filter { $0.state == .valid }.map(\.code)
    return WorkedReturn(
      refund: undone.refund, isWhole: undone.isWhole, standing: standing, freedCoupons: used.filter { !kept.contains($0) },
      keptSeries: book.asks.issuesCoupons ? undone.stays?.couponSeries ?? [] : nil,
      certificates: certificates, keptTurns: keptTurns(undone.stays, book),
      keptTiers: keptTiers(undoing, undone.stays, owner: standing.owner, book, quantities),
      remaining: quantities.indices.map { undoing.remaining($0) - Quantity(thousandths: quantities[$0]) })
  }

  /// Turns that what stays would bring; nil where the receipt can have brought none.
  private func keptTurns(_ stays: Calculation?, _ book: RuleBook) -> [GivenTurns]? {
    guard book.asks.givesTurns || hunts.onReceipts else { return nil }
    return stays.map { $0.givenTurns + hunts.staying } ?? []
  }

  /// Finds the goods on the receipt: by line, by marked code, or any line of the product with something left.
  private static func match(_ rest: inout [Return.Line], _ basket: [BasketLine], _ undoing: Undoing) -> [Int64] {
    var quantities = Array(repeating: Int64(0), count: basket.count)
    var unfound: [Return.Line] = []
    for line in rest {
      var wanted = line.quantity.thousandths
      for index in basket.indices where wanted > 0 && basket[index].isMeant(by: line.which) {
        let part = min(wanted, undoing.remaining(index).thousandths - quantities[index])
        quantities[index] += part
        wanted -= part
      }
      if wanted > 0 { unfound.append(Return.Line(line.which, quantity: Quantity(thousandths: wanted))) }
    }
    rest = unfound
    return quantities
  }

  /// Moves the wallet's points as the refund says.
  /// - Parameter shift: by which the wallet's lots are numbered higher than the receipt knows them, since its member was merged.
  /// - Returns: how many earned points were not there any more.
  func undo(
    _ refund: Refund, of receipt: Receipt, in wallet: inout Wallet, by shift: UInt32, on occasion: Occasion
  ) -> (shortage: Points, entries: [Entry]) {
    var earned = refund.effect.earned
    if refund.lost > .zero { earned.append(Earned(refund.lost, kind: .base)) }
    var undone = wallet.undo(
      refund.effect.spending.shifted(by: shift), earned: earned, of: .receipt(receipt.id), on: occasion, points)
    if refund.lost < .zero {
      let again = Grant(.zero - refund.lost, origin: .receipt(receipt.id), activation: .atOnce)
      undone.entries += wallet.earn([again], on: occasion, points)
    }
    undone.entries += wallet.count(status: -refund.effect.status, on: occasion)
    return undone
  }
}

extension Calculation {
  /// Of which series it gives coupons.
  fileprivate var couponSeries: [String] {
    rewards.compactMap { given in if case .coupon(let series, _) = given.reward { series } else { nil } }
  }
}
