import Calculator
import Conditions
import Kernel
import Storage

/// What a change left on one member's card.
struct StampStanding: Hashable, Sendable {
  let card: String
  let stamps: Int64
  /// The last day on which they live; nil: without end.
  let lastDay: CivilDay?
  /// What the change gave and took; below zero where it undid that.
  let given: Int64
  let taken: Int64
}

extension Wallet {
  /// How the uses left those cards that they moved, as of the latest day that the card knows: a receipt that comes late, or a return of
  /// an old one, says nothing of what lives today.
  /// - Parameter isUndone: the uses were taken away.
  func standings(after uses: [Use], isUndone: Bool = false, _ cards: [StampCard], on day: CivilDay) -> [StampStanding] {
    cards.compactMap { card in
      let moved = uses.stamps(of: card)
      guard moved != (0, 0) else { return nil }
      let sign: Int64 = isUndone ? -1 : 1
      let day = max(day, given(card.tally)?.latest.first?.day ?? day)
      return StampStanding(
        card: card.code, stamps: stamps(on: card, at: day), lastDay: lastDay(of: card, at: day), given: sign * moved.given,
        taken: sign * moved.taken)
    }
  }

  /// The member's cards behind a receipt that moved them by these uses.
  func stampMoves(after uses: [Use], _ cards: [StampCard], on day: CivilDay) -> [StampMove] {
    cards.map { card in
      let (moved, has) = (uses.stamps(of: card), stampsLeft(on: card, at: day))
      return StampMove(
        card: card.code, size: card.stamps, had: has - moved.given + moved.taken, given: moved.given, taken: moved.taken)
    }
  }
}

extension Receipts {
  /// The statements that keep count of who has how many stamps; none where no stamp moved.
  func holding(_ standings: [StampStanding], owner: Int64) -> [SQL] {
    standings.map { StampSQL.hold(owner, account, programme, $0) }
  }
}
