import Access
import Calculator
import Conditions
import Jobs
import Kernel
import Storage

/// What moves between members who are one person, as journals and trails say it.
enum MergeMoves {
  /// Beside whatever moved with a merge, in place of what an operator says.
  static let word = "merge"

  /// Somebody acted for a member while they were merged into another; asked again it is that one.
  static let mergedMeanwhile = Problem(
    .conflict, "member_merged", "the member was merged into another just now; send it again",
    cashier: LocalText(ru: "Участника только что объединили с другим, повторите", en: "The member was merged just now, repeat"))
}

// Receipts of members who were merged, and of those who stand for them.
extension Receipts {
  /// Who else the shopper used to be; no statement for nobody.
  func guests(of shopper: Shopper, in tx: inout Transaction) throws -> [MemberID] {
    try shopper.id.map { try wallets.wallet(of: $0, in: &tx).guests } ?? []
  }

  /// True where the key stands for the same sale, which may have been sent first before its buyer turned out to be another.
  func isSame(_ draft: SaleDraft, _ holder: KeyHolder, in tx: inout Transaction) throws -> Bool {
    try holder.bodyHash == draft.hash || guests(of: draft.shopper, in: &tx).contains { draft.owned(by: $0).hash == holder.bodyHash }
  }

  /// True where the owner was found to be the same person as the member.
  func isSame(_ owner: Int64, as member: MemberSnapshot, in tx: inout Transaction) throws -> Bool {
    try owner == member.id.raw || wallets.wallet(of: member.id, in: &tx).guests.contains(MemberID(owner))
  }

  /// The first and the last sale of everybody who is this person: one statement for each.
  func span(
    of open: OpenWallet, without id: ReceiptID, in tx: inout Transaction
  ) throws -> (first: Instant?, last: Instant?) {
    var (first, last) = (Instant?.none, Instant?.none)
    for owner in [open.owner] + open.wallet.guests.map(\.raw) {
      guard let row = try tx.row(ReceiptSQL.span(account, programme, owner, without: id)) else { continue }
      first = [first, row.instantOrNil(0)].compactMap { $0 }.min()
      last = [last, row.instantOrNil(1)].compactMap { $0 }.max()
    }
    return (first, last)
  }

  /// Stamps of a merged member's receipt that come undone: off their own card by the return, put on it again as nothing is left there, and
  /// off the card of who stands for them.
  func undoStamps(_ uses: [Use], of open: inout OpenWallet, at now: Instant, in tx: inout Transaction) throws {
    let stamps = uses.filter { StampTally.owns($0.promotion) }
    guard let asked = open.asked, !stamps.isEmpty else { return }
    let (cards, change) = (rules.current.terms.stampCards, Change(by: .background, at: now, ids: ids))
    var source = OpenWallet(owner: asked.owner, version: asked.version, wallet: asked.wallet)
    var (put, taken) = ([Use](), [Use]())
    for use in stamps {
      source.wallet.discount(use)
      let net = use.given.stampsLeft
      guard net != 0 else { continue }
      let (up, down) = (Given.stamps(given: abs(net), taken: 0), Given.stamps(given: 0, taken: abs(net)))
      put.append(Use(promotion: use.promotion, day: use.day, given: net > 0 ? up : down))
      taken.append(Use(promotion: use.promotion, day: use.day, given: net > 0 ? down : up))
    }
    for use in put { source.wallet.count(use) }
    for use in taken { open.wallet.count(use) }
    try tx.enqueue(wallets.writing(source))
    let today = points.zone.civil(at: now).day
    let undone = source.wallet.standings(after: stamps, isUndone: true, cards, on: today)
    for statement in holding(undone, owner: source.owner) { try tx.enqueue(statement) }
    try StampMoves(wallets, cards).write(put, of: source, by: change, in: &tx)
    try StampMoves(wallets, cards).write(taken, of: open, by: change, in: &tx)
  }
}

/// Stamps that moved with a merge, as changes of cards.
struct StampMoves {
  let wallets: Wallets
  let cards: [StampCard]

  init(_ wallets: Wallets, _ cards: [StampCard]) { (self.wallets, self.cards) = (wallets, cards) }

  func write(_ uses: [Use], of open: OpenWallet, by change: Change, in tx: inout Transaction) throws {
    let (account, programme) = (wallets.account, wallets.programme)
    for card in cards {
      let moved = uses.filter { $0.promotion == card.tally }
      guard !moved.isEmpty else { continue }
      let id: StampChangeID = change.id()
      for use in moved.onePerDay {
        try tx.enqueue(
          StampSQL.insert(id, MemberID(open.owner), account, programme, card.code, use, MergeMoves.word, change))
      }
    }
    let today = wallets.terms.zone.civil(at: change.at).day
    for standing in open.wallet.standings(after: uses, cards, on: today) {
      try tx.enqueue(StampSQL.hold(open.owner, account, programme, standing))
    }
  }
}

extension [Use] {
  /// Of one card: what one day comes to, once.
  fileprivate var onePerDay: [Use] {
    var days: [CivilDay: Use] = [:]
    for use in self {
      days[use.day] = Use(promotion: use.promotion, day: use.day, given: (days[use.day]?.given ?? .nothing) + use.given)
    }
    return days.values.sorted { $0.day < $1.day }
  }
}
