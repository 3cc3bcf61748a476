import Access
import Customers
import Jobs
import Kernel
import Storage

extension Referrals {
  /// Looks where a newcomer stands: waits for a purchase, waits until it cannot come back, gives both their points, or takes them back.
  /// Harmless when repeated. The referral's row is taken first, then the two wallets by their ids, then what the gifts come to.
  func settle(_ newcomer: MemberID, by change: Change, in tx: inout Transaction) throws {
    guard let row = try tx.row(ReferralSQL.find(account, programme.id, [newcomer], tx.dialect.forUpdate)) else { return }
    let referral = try ReferralSQL.referral(row)
    let next =
      switch referral.state {
      case .named, .bought: try wait(referral, by: change, in: &tx)
      case .paid: try watch(referral, by: change, in: &tx)
      case .refused, .takenBack: referral.standing(referral.state, reason: referral.reason, due: nil)
      }
    try tx.enqueue(ReferralSQL.update(next, account, programme.id))
  }

  private func purchases(_ referral: Referral, in tx: inout Transaction) throws -> [(id: ReceiptID, at: Instant, net: Money)] {
    let owners = try owners(of: referral.newcomer, in: &tx)
    return try tx.rows(ReferralSQL.purchases(account, programme.id, owners, since: referral.namedAt, Limits.page)).map {
      (id: $0.id(0), at: $0.instant(1), net: $0.money(2))
    }
  }

  private func wait(_ referral: Referral, by change: Change, in tx: inout Transaction) throws -> Referral {
    // Where the settings were taken away nothing is given any more.
    guard let terms else { return referral.standing(.refused, reason: .stopped, due: nil) }
    guard let bought = try purchases(referral, in: &tx).first(where: { $0.net > .zero && $0.net >= terms.purchase }) else {
      return referral.standing(.named, due: nil)
    }
    let free = bought.at + .days(Int64(terms.returnDays))
    guard free <= change.at else { return referral.standing(.bought, receipt: bought.id, due: free) }
    let (one, other) = (
      try programme.members.profile(referral.newcomer, at: change.at, in: &tx).member,
      try programme.members.profile(referral.referrer, at: change.at, in: &tx).member
    )
    guard one.id == referral.newcomer else { return referral.standing(.refused, reason: .oldMember, receipt: bought.id, due: nil) }
    if let refusal = try protect(one, from: other, in: &tx) {
      return referral.standing(.refused, reason: refusal, receipt: bought.id, due: nil)
    }
    return try pay(referral.standing(.bought, receipt: bought.id, due: free), one, other, terms, by: change, in: &tx)
  }

  /// Gives both their points. Where a limit of the guard stands against one of them, both wait until tomorrow.
  private func pay(
    _ referral: Referral, _ one: Member, _ other: Member, _ terms: ReferralTerms, by change: Change, in tx: inout Transaction
  ) throws -> Referral {
    var wallets: [MemberID: OpenWallet] = [:]
    for id in [one.id, other.id].sorted() { wallets[id] = try gifts.wallets.open(id.raw, at: change.at, in: &tx) }
    let isCapped = try isCapped(other, terms, at: change.at, in: &tx)
    let shares = [(one, terms.newcomer, "newcomer"), (other, isCapped ? .zero : terms.referrer, "referrer")].filter { $0.1 > .zero }
    let day = gifts.today(change.at)
    for (member, points, _) in shares {
      guard var open = wallets[member.id] else { continue }
      guard gifts.wallets.allow(points, as: member.kind, watching: programme.settings.watch, in: &open.wallet, on: day) else {
        return referral.standing(.bought, receipt: referral.receipt, due: change.at + .days(1))
      }
      wallets[member.id] = open
    }
    for (member, points, role) in shares {
      guard var open = wallets[member.id] else { continue }
      let gift = ActionGift(
        id: change.id(), member: MemberID(open.owner), action: ActionGift.referral, subject: "\(role) \(referral.newcomer)",
        day: day,
        points: points, at: change.at)
      let had = try tx.row(
        GiftSQL.had(account, programme.id, [open.owner], ActionGift.referral, gift.subject, since: CivilDay(number: .min)))
      try tx.run(
        GiftSQL.count(
          account, programme.id, ActionGift.referral, points, isFirst: had?.int(0) == 0, within: Points(units: .max)))
      try gifts.book(gift, course: nil, called: Self.title(role), on: &open, by: change, in: &tx)
    }
    return referral.paid(
      referrer: isCapped ? .zero : terms.referrer, newcomer: terms.newcomer, reason: isCapped ? .cap : nil, at: change.at)
  }

  private func isCapped(_ referrer: Member, _ terms: ReferralTerms, at now: Instant, in tx: inout Transaction) throws -> Bool {
    guard let cap = terms.cap else { return false }
    let since = now - .days(Int64(terms.capDays))
    let owners = try owners(of: referrer.id, in: &tx)
    return try tx.row(ReferralSQL.paid(account, programme.id, to: owners, since: since))?.int(0) ?? 0 >= Int64(cap)
  }

  static func title(_ role: String) -> LocalText {
    role == "newcomer"
      ? LocalText(ru: "Пришёл по приглашению", en: "Came by an invitation") : LocalText(ru: "Приглашение", en: "Brought somebody")
  }

  /// A purchase that was rewarded may come back all the same: what was given for it is taken back as the programme takes back points.
  private func watch(_ referral: Referral, by change: Change, in tx: inout Transaction) throws -> Referral {
    let least = max(Money(minor: 1), terms?.purchase ?? Money(minor: 1))
    let owners = try owners(of: referral.newcomer, in: &tx)
    let receipts = try tx.rows(
      ReferralSQL.purchases(account, programme.id, owners, since: referral.namedAt, Limits.page))
    let net = receipts.first { $0.idOrNil(0, Entity.Receipt.self) == referral.receipt }?.money(2) ?? .zero
    guard net < least else { return referral.standing(.paid, reason: referral.reason, receipt: referral.receipt, due: nil) }
    let parts = [
      (referral.newcomer, referral.newcomerPoints, "newcomer"), (referral.referrer, referral.referrerPoints, "referrer"),
    ]
    for (member, points, role) in parts.sorted(by: { $0.0 < $1.0 }) where points > .zero {
      try takeBack(points, of: member, role, referral, by: change, in: &tx)
    }
    return referral.standing(.takenBack, reason: referral.reason, receipt: referral.receipt, due: nil)
  }

  private func takeBack(
    _ points: Points, of member: MemberID, _ role: String, _ referral: Referral, by change: Change, in tx: inout Transaction
  ) throws {
    var open = try gifts.wallets.open(member.raw, at: change.at, in: &tx)
    let (subject, owners) = ("\(role) \(referral.newcomer)", [open.owner] + open.wallet.guests.map(\.raw))
    guard
      let given = try tx.row(GiftSQL.find(account, programme.id, owners, ActionGift.referral, subject: subject)).map(GiftSQL.gift)
    else { return }
    let back = ActionGift(
      id: change.id(), member: MemberID(open.owner), action: ActionGift.referral, subject: subject + " back",
      day: gifts.today(change.at), points: .zero - points, at: change.at)
    let occasion = Occasion(.gift(back.id), at: change.at, posted: change.at)
    open.entries +=
      open.wallet.takeBack(points, kind: .promotional, of: .gift(given.id), on: occasion, programme.settings.points).entries
    let counted = min(points, open.wallet.given(GuardTally.giving)?.given(on: given.day).points ?? .zero)
    if counted > .zero {
      open.wallet.discount(Use(promotion: GuardTally.giving, day: given.day, given: .init(uses: 1, points: counted)))
    }
    try tx.run(GiftSQL.takeOff(account, programme.id, ActionGift.referral, back.points))
    try gifts.book(back, course: nil, called: Self.title(role), on: &open, by: change, in: &tx)
  }
}

extension Referral {
  func standing(_ state: State, reason: ReferralRefusal? = nil, receipt: ReceiptID? = nil, due: Instant?) -> Referral {
    Referral(
      newcomer: newcomer, referrer: referrer, namedAt: namedAt, state: state, reason: reason, receipt: receipt, dueAt: due,
      paidAt: paidAt, referrerPoints: referrerPoints, newcomerPoints: newcomerPoints)
  }

  fileprivate func paid(referrer points: Points, newcomer other: Points, reason: ReferralRefusal?, at now: Instant) -> Referral {
    Referral(
      newcomer: newcomer, referrer: referrer, namedAt: namedAt, state: .paid, reason: reason, receipt: receipt, dueAt: nil,
      paidAt: now, referrerPoints: points, newcomerPoints: other)
  }
}
