import Calculator
import Conditions
import Kernel

extension Undoing {
  /// Stamps that the rest would not bring, and those that it would not take: the latest day's first.
  func lostStamps(_ priced: Calculation?, _ rest: [DocumentLine]) -> [Use] {
    guard left.uses.contains(where: { StampTally.owns($0.promotion) }) else { return [] }
    let kept = priced.map { book.stamps(of: $0.promotions) } ?? [:]
    return book.terms.stampCards.flatMap { card -> [Use] in
      let (had, stays) = (left.uses.stamps(of: card), kept[card.code] ?? (0, 0))
      var (given, taken) = (max(0, had.given - stays.given), max(0, had.taken - stays.taken))
      if facts.member == nil {
        // What the member was like is not known: what stays keeps its share.
        let (part, whole) = (rest.reduce(Int64(0)) { $0 + $1.amount.minor }, max(1, receipt.amount.minor))
        (given, taken) = (
          max(0, had.given - scaled(effect.uses.stamps(of: card).given, by: min(part, whole), over: whole, .down)), 0
        )
      }
      return left.uses.filter { $0.promotion == card.tally }.sorted { $0.day > $1.day }.compactMap { use in
        let part = (given: min(given, use.given.stampsGiven), taken: min(taken, use.given.stampsTaken))
        (given, taken) = (given - part.given, taken - part.taken)
        return part == (0, 0)
          ? nil : Use(promotion: use.promotion, day: use.day, given: .stamps(given: part.given, taken: part.taken))
      }
    }
  }
}
