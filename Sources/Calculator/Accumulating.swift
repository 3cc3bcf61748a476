import Conditions
import Kernel

/// What one receipt adds to one of its rule book's accumulators.
public struct Contribution: Hashable, Sendable {
  public let accumulator: Accumulator
  /// Minor units, thousandths, receipts or visits, as its measure says; above zero.
  public let value: Int64
}

extension Scene {
  /// - Parameter amounts: of the columns' lines, in minor units.
  func contribution(to accumulator: Accumulator, amounts: [Int64]) -> Int64 {
    var (isThere, sum): (Bool, Int64) = (false, 0)
    for line in 0..<columns.count where columns.counts(line) && columns.matches(accumulator.goods, line) {
      isThere = true
      switch accumulator.measure {
      case .amount: sum += amounts[line]
      case .quantity: sum += columns.quantity(line)
      case .receipts, .visits: break
      }
    }
    switch accumulator.measure {
    case .amount, .quantity: return sum
    case .receipts: return isThere ? 1 : 0
    case .visits: return isThere && !isSecondReceipt ? 1 : 0
    }
  }

  /// The member has been in this store on this day already.
  private var isSecondReceipt: Bool { (member?.usage[Accumulator.visits(of: basket.store.id)]?.today ?? 0) > 0 }
}

extension RuleBook {
  /// What a sold basket adds to the sums that these rules ask for. Cost: accumulators × lines; nothing where there are none.
  /// - Parameters:
  ///   - amounts: what each line came to in the end, points counted as money.
  ///   - others: sums that other rules ask for, each counted once.
  public func contributions(
    of basket: Basket, at amounts: [Money], member: MemberSnapshot, also others: [Accumulator] = []
  ) -> [Contribution] {
    let wanted = asks.accumulators + others.filter { other in !asks.accumulators.contains { $0.id == other.id } }
    guard !wanted.isEmpty else { return [] }
    let scene = Scene(
      LaidBasket(basket, member: member, terms: terms), member: member, book: self, usage: [:],
      scope: CalculationScope(offersChoices: false))
    let ordered = scene.columns.order.map { amounts[$0].minor }
    return wanted.compactMap { accumulator in
      let value = scene.contribution(to: accumulator, amounts: ordered)
      return value > 0 ? Contribution(accumulator: accumulator, value: value) : nil
    }
  }
}

extension RuleBook {
  /// Which of these sums, each over receipts, the basket adds to.
  public func counting(_ sums: [Accumulator], in basket: Basket) -> Set<PromotionID> {
    guard !sums.isEmpty, !basket.lines.isEmpty else { return [] }
    let amounts = basket.lines.map { _ in Money.zero }
    let found = contributions(of: basket, at: amounts, member: MemberSnapshot(id: MemberID(0)), also: sums)
    return Set(found.map(\.accumulator.id)).intersection(sums.map(\.id))
  }
}

extension [Promotion] {
  /// Notes where one rule book would ask for more sums than every sale can keep up with.
  public func checkAccumulators(_ node: JSONNode) {
    let count = Set(flatMap(\.condition.accumulators).map(\.ofMember.id)).count
    if count > Limits.accumulators {
      node.refuse(
        "too_many",
        "all promotions together ask for \(count) different sums (accumulated), and at most \(Limits.accumulators) are kept")
    }
  }
}
