import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// A promotion that members activate for themselves, as it stands for one of them.
public struct Offer: Hashable, Sendable {
  public let code: String
  public let name: LocalText
  /// How long an activation holds.
  public let life: OfferLife
  /// Nil: it can be activated.
  public let activation: Activation?

  public struct Activation: Hashable, Sendable {
    public let since: Instant
    /// The end of the activation or of the promotion, whichever comes first; nil for neither.
    public let until: Instant?
    /// Receipts that it is still good for; nil: any number.
    public let usesLeft: Int64?
  }
}

/// Offers of one programme: what a member may activate, and what they have activated.
public struct Offers: Sendable {
  /// So long an activation that ended is remembered, for receipts that come late from a till without a network.
  static var memory: Span { .days(40) }

  let programme: Programme
  let book: RuleBook
  let wallets: Wallets
  /// Where the member is. Nil: at no till, as in the console.
  let register: Pilot.Register?

  public init(of programme: Programme, book: RuleBook, ids: IDSource, in register: Pilot.Register? = nil) {
    (self.programme, self.book, self.register) = (programme, book, register)
    wallets = Wallets(of: programme, ids: ids)
  }

  /// Activated ones first. No statement, and nothing to do where no promotion is activated by members.
  public func offers(to shopper: Shopper, holding wallet: Wallet, at now: Instant) -> [Offer] {
    guard !book.asks.offers.isEmpty, case .member(var snapshot, isBlocked: false) = shopper else { return [] }
    fill(&snapshot, wallet, now)
    let views = book.offers(to: snapshot, at: now, in: register, zone: wallets.terms.zone)
    return (views.filter { $0.activation != nil } + views.filter { $0.activation == nil }).prefix(Limits.page).map {
      offer(book.promotions[$0.promotion], $0.activation, snapshot)
    }
  }

  /// Activates an offer for a member. One that is activated already stays as it is, so that it may be sent twice.
  /// - Throws: `Problem.notFound` (`offer_unknown`, `member_unknown`); `Problem.conflict` (`offer_not_yours`, `offer_over`,
  ///   `too_many_offers`, `member_blocked`, `member_erased`).
  public func activate(_ code: String, for member: MemberID, by change: Change, in tx: inout Transaction) throws -> Offer {
    let known = try known(code)
    var offer: Offer?
    _ = try MemberOffers(of: programme.members).change(of: member, in: &tx) { before, tx in
      var snapshot = try self.snapshot(member, change.at, &tx)
      let version = version(of: known.id, for: snapshot, at: change.at)
      let promotion = version ?? known
      let uses = snapshot.usage[promotion.id]?.uses ?? 0
      // Where another instance's clock is ahead, it may begin in a moment.
      let holding = before.first { $0.promotion == promotion.id && $0.holds(at: max(change.at, $0.since), uses: uses) }
      if let holds = holding {
        offer = self.offer(promotion, holds, snapshot)
        return before
      }
      guard version != nil else { throw refusal(of: known, at: change.at) }
      let life = promotion.condition.offerLife ?? OfferLife()
      let fresh = ActivatedOffer(
        promotion.id, since: change.at, until: life.days.map { change.at + .days($0) }, usesUpTo: life.uses.map { uses + $0 })
      let after = remembered(before, but: promotion.id, at: change.at) + [fresh]
      if after.count > Limits.activatedOffers { throw OfferProblem.tooMany }
      snapshot.offers = after
      offer = self.offer(promotion, fresh, snapshot)
      try note("offer.activated", .offerActivated, promotion, until: offer?.activation?.until, member, change, &tx)
      return after
    }
    return offer ?? self.offer(known, nil, MemberSnapshot(id: member))
  }

  /// Ends an activation now. Harmless when repeated, and where there is none.
  /// - Throws: `Problem.notFound` (`offer_unknown`, `member_unknown`); `Problem.conflict` (`member_erased`).
  public func deactivate(_ code: String, for member: MemberID, by change: Change, in tx: inout Transaction) throws -> Offer {
    let promotion = try known(code)
    _ = try MemberOffers(of: programme.members).change(of: member, in: &tx) { before, tx in
      var after = before
      for place in after.indices where after[place].promotion == promotion.id {
        let end = max(change.at, after[place].since)
        if after[place].until.map({ end < $0 }) ?? true { after[place].until = end }
      }
      if after != before { try note("offer.ended", .offerEnded, promotion, until: change.at, member, change, &tx) }
      return after
    }
    return offer(promotion, nil, MemberSnapshot(id: member))
  }

  private func known(_ code: String) throws(Problem) -> Promotion {
    guard let promotion = book.offer(code) else { throw OfferProblem.unknown(code) }
    return promotion
  }

  private func snapshot(_ member: MemberID, _ now: Instant, _ tx: inout Transaction) throws -> MemberSnapshot {
    let shopper = try programme.shopper(member, shown: .typed, at: now, in: &tx)
    guard case .member(var snapshot, isBlocked: false) = shopper else { throw OfferProblem.blocked }
    var wallet = try wallets.wallet(of: member, in: &tx)
    _ = wallet.advance(to: now, wallets.terms)
    fill(&snapshot, wallet, now)
    return snapshot
  }

  private func fill(_ snapshot: inout MemberSnapshot, _ wallet: Wallet, _ now: Instant) {
    let day = wallets.terms.zone.civil(at: now).day
    _ = snapshot.fill(from: wallet, wallets.terms, book, store: StoreID(0), day: day)
  }

  /// The version of a promotion that the member may activate; nil where they may not.
  private func version(of promotion: PromotionID, for member: MemberSnapshot, at now: Instant) -> Promotion? {
    book.offers(to: member, at: now, in: register, zone: wallets.terms.zone).lazy.map { book.promotions[$0.promotion] }
      .first { $0.id == promotion }
  }

  private func refusal(of promotion: Promotion, at now: Instant) -> Problem {
    if let from = promotion.from, now < from { return OfferProblem.over("has not begun") }
    if let until = promotion.until, until <= now { return OfferProblem.over("is over") }
    return OfferProblem.notYours
  }

  /// Without what nobody asks about any more: what ended long ago, and of the offer that is activated anew all but the latest. Offers of
  /// promotions that left the rules are kept as long.
  private func remembered(_ offers: [ActivatedOffer], but promotion: PromotionID, at now: Instant) -> [ActivatedOffer] {
    let latest = offers.last { $0.promotion == promotion }
    return offers.filter { offer in
      if offer.promotion == promotion, offer != latest { return false }
      if let until = offer.until { return now - until < Self.memory }
      return book.asks.offers.contains(offer.promotion) || now - offer.since < Self.memory
    }
  }

  private func offer(_ promotion: Promotion, _ activation: ActivatedOffer?, _ snapshot: MemberSnapshot) -> Offer {
    Offer(
      code: promotion.code, name: promotion.name, life: promotion.condition.offerLife ?? OfferLife(),
      activation: activation.map { activation in
        let uses = snapshot.usage[promotion.id]?.uses ?? 0
        return Offer.Activation(
          since: activation.since, until: [activation.until, promotion.until].compactMap { $0 }.min(),
          usesLeft: activation.usesUpTo.map { max(0, $0 - uses) })
      })
  }

  private func note(
    _ act: String, _ kind: Event.Kind, _ promotion: Promotion, until end: Instant?, _ member: MemberID, _ change: Change,
    _ tx: inout Transaction
  ) throws {
    let note = AuditNote.did(act, member, after: .object(["promotion": .string(promotion.code)]))
    try AuditTrail(of: programme.account).record([note], by: change, in: &tx)
    let event = Event(
      kind, id: change.id(), owner: member.raw, subject: promotion.id.raw, at: change.at,
      body: .object(["promotion": .string(promotion.code), "until": end.map { .string($0.text) }]))
    try Outbox(of: programme.account).put(event, in: &tx)
  }
}

enum OfferProblem {
  static func unknown(_ code: String) -> Problem {
    Problem(
      .notFound, "offer_unknown", "no promotion \"\(code)\" that members activate is in the rules",
      cashier: LocalText(ru: "Такого предложения нет", en: "There is no such offer"))
  }

  static func over(_ what: String) -> Problem {
    Problem(
      .conflict, "offer_over", "the promotion \(what); only what is in force can be activated",
      cashier: LocalText(ru: "Предложение сейчас не действует", en: "The offer is not in force now"))
  }

  static var notYours: Problem {
    Problem(
      .conflict, "offer_not_yours", "the promotion is not for this member: its conditions rule them out, or they have used it up",
      cashier: LocalText(ru: "Это предложение не для этого участника", en: "This offer is not for this member"))
  }

  static var blocked: Problem {
    Problem(
      .conflict, "member_blocked", "the member is blocked",
      cashier: LocalText(ru: "Карта заблокирована", en: "The card is blocked"))
  }

  static var tooMany: Problem {
    Problem(
      .conflict, "too_many_offers", "a member has at most \(Limits.activatedOffers) activated offers; end one first",
      cashier: LocalText(ru: "Слишком много активных предложений", en: "Too many offers are active"))
  }
}
