import Access
import Conditions
import Customers
import Kernel
import Storage

/// An activation of an offer with what became of it, for whoever asks it of many members.
public struct OfferStanding: Hashable, Sendable {
  public let offer: ActivatedOffer
  /// Receipts of the member, since ever, in which the promotion gave something.
  public let uses: Int64
  /// One of them was made since the activation.
  public let isUsed: Bool

  public func holds(at time: Instant) -> Bool { offer.holds(at: time, uses: uses) }
}

/// Reads what members activated and how much of it they used; locks and changes nothing.
public struct OfferStandings: Sendable {
  private let programme: Programme

  public init(of programme: Programme) { self.programme = programme }

  /// Of these members; who activated nothing is missing. At most `Limits.bulk`; two statements, or one where nobody activated anything.
  ///
  /// Uses are those of receipts: what an open basket has set aside is no use yet. A wallet keeps in how many receipts a promotion gave
  /// something and the latest days of it. So of an offer that a member activated for the first time the answer is exact; of one that was
  /// activated again it is exact to the day.
  public func standings(of owners: [MemberID], in tx: inout Transaction) throws -> [MemberID: [OfferStanding]] {
    let activated = try MemberOffers(of: programme.members).activated(by: owners, in: &tx)
    guard !activated.isEmpty else { return [:] }
    var wallets: [Int64: Wallet] = [:]
    for row in try tx.rows(WalletSQL.peek(activated.keys.map(\.raw).sorted(), programme.id)) {
      wallets[row.int(0)] = try WalletSQL.wallet(row.bytes(2), of: row.int(0))
    }
    let zone = programme.settings.points.zone
    return Dictionary(
      activated.map { member, offers in
        (member, offers.map { Self.standing($0, among: offers, wallets[member.raw], zone) })
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func standing(
    _ offer: ActivatedOffer, among all: [ActivatedOffer], _ wallet: Wallet?, _ zone: Zone
  ) -> OfferStanding {
    guard let wallet, let tally = wallet.tallies.first(where: { $0.promotion == offer.promotion }) else {
      return OfferStanding(offer: offer, uses: 0, isUsed: false)
    }
    let held = wallet.holds.flatMap(\.uses).filter { $0.promotion == offer.promotion }
    func uses(on day: CivilDay) -> Int64 {
      tally.given(on: day).uses - held.filter { $0.day == day }.reduce(0) { $0 + $1.given.uses }
    }
    let total = tally.total.uses - held.reduce(0) { $0 + $1.given.uses }
    let isFirst = !all.contains { $0.promotion == offer.promotion && $0.since < offer.since }
    // A shop that is open at night counts the small hours to the day before.
    let first = zone.civil(at: offer.since).day.adding(days: isFirst ? -1 : 0)
    let isUsed = total > 0 && tally.latest.contains { $0.day >= first && uses(on: $0.day) > 0 }
    return OfferStanding(offer: offer, uses: total, isUsed: isUsed)
  }
}
