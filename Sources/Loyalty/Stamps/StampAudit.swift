import Calculator
import Conditions
import Kernel
import Storage

/// Recomputes the stamps of one page of owners: from what receipts gave and took, what returns undid and what was done by hand.
struct StampAudit {
  private struct Place: Hashable {
    let owner: Int64
    let card: PromotionID
  }

  private let cards: [PromotionID: StampCard]
  /// As the wallets have them.
  private var held: [Place: Tally] = [:]
  /// As the facts say.
  private var facts: [Place: [CivilDay: Given]] = [:]

  /// What holds set aside of it.
  private var aside: [Place: Int64] = [:]

  init(_ cards: [StampCard]) { self.cards = Dictionary(cards.map { ($0.tally, $0) }, uniquingKeysWith: { first, _ in first }) }

  /// Takes a wallet's stamps; what its holds set aside is no fact yet and counts back.
  mutating func hold(_ wallet: Wallet, of owner: Int64) {
    guard !cards.isEmpty else { return }
    for tally in wallet.tallies where StampTally.owns(tally.promotion) { held[Place(owner: owner, card: tally.promotion)] = tally }
    for hold in wallet.holds {
      add(hold.uses, of: owner)
      for use in hold.uses { aside[Place(owner: owner, card: use.promotion), default: 0] += use.given.stampsTaken }
    }
  }

  mutating func add(_ uses: [Use], of owner: Int64, isUndone: Bool = false) {
    guard !cards.isEmpty else { return }
    for use in uses where StampTally.owns(use.promotion) {
      let place = Place(owner: owner, card: use.promotion)
      let before = facts[place]?[use.day] ?? .nothing
      facts[place, default: [:]][use.day] = isUndone ? before - use.given : before + use.given
    }
  }

  /// Compares, once everything of the page was added: by the latest day that either side knows, since a wallet forgets what is over.
  mutating func check(
    _ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64, _ report: inout AuditReport,
    in tx: inout Transaction
  ) throws {
    guard !cards.isEmpty else { return }
    for row in try tx.rows(StampSQL.changes(account, programme, from: first, through: last)) {
      let given = Given.stamps(given: row.int(3), taken: row.int(4))
      add([Use(promotion: StampTally.id(of: row.text(1)), day: row.day(2), given: given)], of: row.int(0))
    }
    for place in Set(held.keys).union(facts.keys) {
      guard let card = cards[place.card] else { continue }
      var expected = Tally(promotion: place.card, total: .nothing, latest: [])
      for (day, given) in facts[place] ?? [:] where given != .nothing { expected.latest.append(Tally.Day(day: day, given: given)) }
      expected.latest.sort { $0.day > $1.day }
      let found = held[place]
      guard let day = [expected.latest.first?.day, found?.latest.first?.day].compactMap({ $0 }).max() else { continue }
      let has = found?.stamps(card.life, on: day) ?? 0
      // Of so many days the wallet may have forgotten the first ones, by the life that the card had then.
      if expected.latest.count >= Limits.stampDays, mayHaveForgotten(expected, to: has, found, card, on: day) { continue }
      report.expect(
        "wallet of \(MemberID(place.owner))", "what is on the stamp card \(card.code)", has, expected.stamps(card.life, on: day))
    }
    try checkHolders(account, programme, from: first, through: last, &report, in: &tx)
  }

  /// True where the stamps are those of the facts without some days before the wallet's oldest.
  private func mayHaveForgotten(_ expected: Tally, to has: Int64, _ found: Tally?, _ card: StampCard, on day: CivilDay) -> Bool {
    var rest = expected
    while let first = rest.latest.last?.day, first < found?.latest.last?.day ?? day {
      rest.latest.removeLast()
      if rest.stamps(card.life, on: day) == has { return true }
    }
    return false
  }

  /// Whoever counts members reads sums: they are those of the facts. Stamps that a hold has set aside are not among them.
  private func checkHolders(
    _ account: AccountID, _ programme: ProgrammeID, from first: Int64, through last: Int64, _ report: inout AuditReport,
    in tx: inout Transaction
  ) throws {
    for row in try tx.rows(StampSQL.holders(account, programme, from: first, through: last)) {
      let place = Place(owner: row.int(0), card: StampTally.id(of: row.text(1)))
      guard cards[place.card] != nil else { continue }
      let sum = (facts[place] ?? [:]).values.reduce(.nothing) { $0 + $1 }
      let owner = "stamps of \(MemberID(place.owner))"
      report.expect(owner, "what was given on the card \(row.text(1))", row.int(2), sum.stampsGiven)
      report.expect(owner, "what was taken off the card \(row.text(1))", row.int(3), sum.stampsTaken - (aside[place] ?? 0))
    }
  }
}
