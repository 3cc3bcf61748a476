import Calculator
import Conditions
import Kernel

extension Undoing {
  /// Stamps that the rest would not bring, and those that it would not take: the latest day's first.
  func lostStamps(_ priced: Calculation?, from before: [DocumentLine], staying rest: [DocumentLine]) -> [Use] {
    guard left.uses.contains(where: { StampTally.owns($0.promotion) }) else { return [] }
    let kept = priced.map { book.stamps(of: $0.promotions) } ?? [:]
    let brought = isByRules ? nil : broughtAsPrinted(priced, before, rest)
    return book.terms.stampCards.flatMap { card -> [Use] in
      let (had, stays) = (left.uses.stamps(of: card), kept[card.code] ?? (0, 0))
      var (given, taken) = (max(0, had.given - stays.given), max(0, had.taken - stays.taken))
      if facts.member == nil {
        // What the member was like is not known: what stays keeps its share.
        let (part, whole) = (rest.reduce(Int64(0)) { $0 + $1.amount.minor }, max(1, receipt.amount.minor))
        (given, taken) = (
          max(0, had.given - scaled(effect.uses.stamps(of: card).given, by: min(part, whole), over: whole, .down)), 0
        )
      } else if let brought {
        given = max(0, (brought.before.map { $0[card.code]?.given ?? 0 } ?? had.given) - (brought.rest[card.code]?.given ?? 0))
      }
      return left.uses.filter { $0.promotion == card.tally }.sorted { $0.day > $1.day }.compactMap { use in
        let part = (given: min(given, use.given.stampsGiven), taken: min(taken, use.given.stampsTaken))
        (given, taken) = (given - part.given, taken - part.taken)
        return part == (0, 0)
          ? nil : Use(promotion: use.promotion, day: use.day, given: .stamps(given: part.given, taken: part.taken))
      }
    }
  }

  /// True where the rules say what was sold, and what stamps it brings; false where the amounts are those of a till that was alone.
  private var isByRules: Bool {
    guard facts.member != nil else { return true }
    let whole = calculation(facts.basket)
    let brings = book.stamps(of: whole.promotions)
    return receipt.isAsSold(whole)
      && book.terms.stampCards.allSatisfy { (brings[$0.code]?.given ?? 0) == effect.uses.stamps(of: $0).given }
  }

  /// What goods bring at the amounts that were printed for them, as when the receipt came in. - Returns: nil for what is left of it, where
  /// the rest is sold anew.
  private func broughtAsPrinted(
    _ priced: Calculation?, _ before: [DocumentLine], _ rest: [DocumentLine]
  ) -> (before: [String: (given: Int64, taken: Int64)]?, rest: [String: (given: Int64, taken: Int64)]) {
    func brings(_ calculation: Calculation) -> [String: (given: Int64, taken: Int64)] { book.stamps(of: calculation.promotions) }
    return (policy == .reprice ? nil : brings(asPrinted(before)), brings(asResold(rest, priced) ?? asPrinted(rest)))
  }
}
