import Access
import Calculator
import Conditions
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// One member, with what a person at a desk asks about them.
struct MemberCard: Sendable {
  let profile: MemberProfile
  let identifiers: [Identifiers.Found]
  /// Advanced to now, as a till would see it.
  let wallet: Wallet
  let timeline: MemberTimeline
  /// All of the programme, from the lowest up.
  let tiers: [Known<TierDetails>]
  /// What gave the member the tier they have; nil for none.
  let grant: TierGrant?
  /// Where the rules of tiers put the member; nil without rules.
  let standing: LadderStanding?
  /// Points that wait for somebody's word.
  let requests: [GoodwillRequest]
  /// That only this member may use, latest first.
  let coupons: [(coupon: Coupon, series: Known<CouponSeriesDetails>)]
  /// Turns and what was won with them; empty for whoever never played.
  let games: MemberGames
  /// Who brought them and whom they bring.
  let referral: MemberReferral
  /// Nil where the programme offers none.
  let favourites: FavouriteStanding?
  /// What they bought in a year, where and of what.
  let year: MemberYear
  let habits: MemberHabits
  /// How all members bought; nil before anybody counted.
  let spread: ShopperSpread?
  /// Each with since when they are in it.
  let segments: [(segment: Known<SegmentDetails>, since: Instant)]
  /// What the staff wrote down, and what it is to do; empty for whoever may not see persons.
  let notes: MemberWork
  /// What they may activate or have activated.
  let offers: [Offer]
  /// What they agreed to and took back, latest first, with since when the register has the text of each.
  let consents: [(record: ConsentRecord, textFrom: CivilDay?)]
  let merges: MemberMerges
  /// Nil where the programme has no households.
  let household: MemberHousehold?
  /// Ended ones too.
  let subscriptions: [Subscription]
  let fields: FieldCatalogue
  let givingAway: MemberGivingAway

  var member: Member { profile.member }
  var tier: TierDetails? { profile.tier.flatMap { id in tiers.first { $0.id == id } }?.details }
  /// The next one up; nil at the top.
  var nextTier: TierDetails? { tiers.first { $0.details.rank > tier?.rank ?? -1 }?.details }

  /// Coupons on the card.
  private static var coupons: Int { 10 }

  /// What of a card is asked for.
  struct Asked: Sendable {
    let filter: MemberTimeline.Filter
    /// The timeline goes on behind this place.
    let before: Int64?
    let seesPersons: Bool
    let today: CivilDay
  }

  private static func fields(
    _ member: Member, _ timeline: MemberTimeline, _ programme: Programme, in tx: inout Transaction
  ) throws -> FieldCatalogue {
    let named = [member.person?.attributes ?? Attributes()] + timeline.items.flatMap(\.what.attributes)
    return try FieldBook(of: programme.account).catalogue(.codes(of: named), in: &tx)
  }

  /// The timeline, with what of it stands elsewhere on the card too.
  private static func told(
    _ reading: inout TimelineReading, _ grants: [TierGrant], _ programme: Programme, _ ids: IDSource, in tx: inout Transaction
  ) throws -> (timeline: MemberTimeline, segments: SegmentStory, subscriptions: SubscriptionStory) {
    let from = EventID(reading.from)
    let segments = try Segments(of: programme.account).story(
      of: reading.member, besides: reading.guests, movesBefore: reading.filter.takes(.segments) ? from : nil,
      limit: MemberTimeline.size, in: &tx)
    let subscriptions =
      programme.settings.subscriptions.isEmpty
      ? .none
      : try Subscriptions(of: programme, ids: ids).story(
        of: reading.member, besides: reading.guests, changesBefore: reading.filter.takes(.subscriptions) ? from : nil,
        limit: MemberTimeline.size, in: &tx)
    let known = TimelineReading.Known(grants: grants, segments: segments.moves, subscriptions: subscriptions.changes)
    return (try reading.read(known, in: &tx), segments, subscriptions)
  }

  /// Some twenty-five indexed statements, one more where members choose favourites and five for whoever plays, however long the member's
  /// history is.
  static func read(
    _ id: MemberID, _ programme: Programme, _ rules: RuleBook?, _ ids: IDSource, _ asked: Asked, at now: Instant,
    in tx: inout Transaction
  ) throws -> MemberCard {
    let profile = try programme.members.profile(id, at: now, in: &tx)
    let wallets = Wallets(of: programme, ids: ids)
    var wallet = try wallets.wallet(of: id, in: &tx)
    _ = wallet.advance(to: now, programme.settings.points)
    let grants = try programme.tiers.grants(of: id, limit: MemberTimeline.size, in: &tx)
    var reading = TimelineReading(
      id, besides: wallet.guests, asked.filter, before: asked.before, seesNotes: asked.seesPersons, programme, ids)
    let (timeline, segments, subscriptions) = try told(&reading, grants, programme, ids, in: &tx)
    let year = try MemberYear.read(of: programme.account, id, until: asked.today, in: &tx)
    let since = now - .days(365)
    return MemberCard(
      profile: profile, identifiers: try programme.identifiers.all(of: id, in: &tx), wallet: wallet, timeline: timeline,
      tiers: try programme.tiers.all(in: &tx).values.sorted { $0.details.rank < $1.details.rank },
      grant: grants.first { $0.tier == profile.tier && $0.isInForce(at: now) },
      standing: try Ladders(of: programme)?.standing(
        of: profile.member, with: wallet.guests, at: now, in: &tx),
      requests: try GoodwillRequests(wallets).open(of: id, in: &tx),
      coupons: try Coupons(of: programme).coupons(of: id, limit: coupons, in: &tx),
      games: try MemberGames.read(id, Games(of: programme, ids: ids, keys: nil), latest: reading.latestDraws, in: &tx),
      referral: try MemberReferral.read(id, programme, ids, in: &tx),
      favourites: try Favourites(of: programme)?.standing(of: id, at: now, in: &tx), year: year,
      habits: try MemberHabits.read(of: programme.account, programme.id, id, since: since, in: &tx),
      spread: try ShopperSpread.read(of: programme, in: &tx),
      segments: segments.present,
      notes: asked.seesPersons ? try MemberWork.read(id, programme, in: &tx) : MemberWork(),
      offers: rules.map {
        Offers(of: programme, book: $0, ids: ids).offers(to: programme.shopper(profile), holding: wallet, at: now)
      } ?? [],
      consents: try ConsentBook(of: programme.members).told(to: id, besides: wallet.guests, limit: Limits.page, in: &tx),
      merges: try MemberMerges.read(id, programme, in: &tx),
      household: try MemberHousehold.read(profile, programme, ids, at: now, in: &tx),
      subscriptions: subscriptions.present,
      fields: try fields(profile.member, timeline, programme, in: &tx),
      givingAway: try MemberGivingAway.read(id, holding: wallet, programme, ids, at: now, in: &tx))
  }
}

extension ConsoleDesk {
  func member(_ visit: Visit) async throws -> Answer { try await member(visit, nil) }

  /// - Parameter refusal: what did not work on this page, shown where it happened.
  func member(_ visit: Visit, _ refusal: MemberRefusal?) async throws -> Answer {
    let id = try Self.memberID(visit)
    let (programme, rules, ids, at) = (try visit.programme, visit.sales?.rules, ids, visit.call.at)
    let shown = visit.call.query["show"].flatMap(MemberTimeline.Filter.init(rawValue:)) ?? .all
    let asked = MemberCard.Asked(
      filter: shown.right.map(visit.may) ?? true ? shown : .all, before: visit.call.query["before"].flatMap(Int64.init),
      seesPersons: visit.may(.seePersons), today: visit.reader.zone.civil(at: at).day)
    let catalogue = visit.sales?.catalogue
    let book = DefinitionBook(of: programme)
    let (card, tastes, definitions) = try await database.read { tx in
      let card = try MemberCard.read(id, programme, rules, ids, asked, at: at, in: &tx)
      let definitions = try book.version(on: asked.today, in: &tx).definitions
      return (card, try MemberTastes.read(card.habits, catalogue, of: programme.account, in: &tx), definitions)
    }
    // Whoever was merged is found with the one who stands for them.
    guard card.member.id == id else { return .redirect("/console/members/\(card.member.id)") }
    let average = try await networkAverage(visit)
    try await remember(.card, at: id, visit)
    let request = refusal == nil ? String(random(), radix: 36) : visit.form["request"]
    let page = MemberPage(
      card: card, visit: visit, programme: programme, tastes: tastes, average: average,
      isCounted: definitions.counts(card.member.kind, in: card.segments.map(\.segment.details.code)), requestKey: request,
      refusal: refusal)
    var answer = visit.show(page.page, in: .members)
    if refusal != nil { answer.status = 422 }
    return answer
  }

  func setStatus(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    let (members, change, reason) = (try visit.programme.members, change(visit), visit.form["reason"])
    let blocks = visit.form["status"] == "blocked"
    guard !reason.isEmpty else { return try await member(visit, MemberRefusal(place: .status, problem: Self.noReason)) }
    try await database.write { tx in
      if blocks {
        try members.block(id, because: reason, by: change, in: &tx)
      } else {
        try members.unblock(id, because: reason, by: change, in: &tx)
      }
    }
    return .redirect("/console/members/\(id)")
  }

  /// More goodwill than one may give alone waits for somebody else's word.
  func adjustPoints(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    let form = visit.form
    guard (1...64).contains(form["request"].utf8.count) else { throw Self.brokenForm }
    let reason = AdjustmentReason(rawValue: form["reason"].isEmpty ? AdjustmentReason.goodwill.rawValue : form["reason"])
    // Only goodwill has limits.
    guard let reason else { throw Self.foreignForm }
    guard reason == .goodwill || visit.may(.correctPoints) else { throw Self.noRight }
    let programme = try visit.programme
    do {
      let typed = String(form["points"].map { $0 == "," ? "." : $0 == "−" ? "-" : $0 })
      guard let units = Decimal.parse(typed, digits: visit.reader.pointsScale), units != 0 else { throw Self.badPoints }
      guard !form["note"].isEmpty else { throw Self.noReason }
      let adjustment = Adjustment(Points(units: units), because: reason, note: form["note"])
      try await give(adjustment, to: id, programme, RequestKey("console " + form["request"]), change(visit))
    } catch let problem as Problem where problem.kind == .invalid || problem.kind == .conflict {
      guard problem.code != Self.erased.code else { throw problem }
      return try await member(visit, MemberRefusal(place: .points, problem: problem))
    }
    return .redirect("/console/members/\(id)")
  }

  /// The form has its own key: sent twice by an impatient hand it gives once.
  private func give(
    _ adjustment: Adjustment, to id: MemberID, _ programme: Programme, _ request: RequestKey, _ change: Change
  ) async throws {
    let (wallets, members) = (Wallets(of: programme, ids: ids), programme.members)
    let requests = GoodwillRequests(wallets)
    try await database.write { tx in
      // A wallet opens for whoever is named, so whoever is named must be there.
      guard try members.member(id, in: &tx).status != .erased else { throw Self.erased }
      if adjustment.reason == .goodwill, !requests.isAlone(adjustment.points) {
        _ = try requests.ask(adjustment.points, for: id, note: adjustment.note, request: request, by: change, in: &tx)
      } else {
        _ = try wallets.adjust(adjustment, of: id, request: request, by: change, in: &tx)
      }
    }
  }

  /// Agrees to points that somebody else asked for, or does not. Harmless when repeated.
  func decideGoodwill(_ visit: Visit) async throws -> Answer {
    let id = try Self.memberID(visit)
    guard let request = GoodwillRequestID(visit.form["request"]) else { throw Self.brokenForm }
    let (requests, change) = (GoodwillRequests(Wallets(of: try visit.programme, ids: ids)), change(visit))
    let grants = visit.form["act"] == "grant"
    do {
      try await database.write { tx in try requests.decide(request, of: id, grants: grants, by: change, in: &tx) }
    } catch let problem as Problem where problem.kind == .conflict {
      return try await member(visit, MemberRefusal(place: .points, problem: problem))
    }
    return .redirect("/console/members/\(id)")
  }

  static func memberID(_ visit: Visit) throws -> MemberID {
    guard let id = visit.call.path["id"].flatMap({ MemberID($0) }) else {
      throw Problem(
        .notFound, "member_unknown", "there is no such member",
        cashier: LocalText(ru: "Такого участника нет", en: "There is no such member"))
    }
    return id
  }

  static let erased = Problem(
    .conflict, "member_erased", "this member asked to be forgotten; nothing can be changed any more",
    cashier: LocalText(
      ru: "Участник удалён по своей просьбе, менять больше нечего",
      en: "This member asked to be forgotten; nothing can be changed any more"))
  private static let badPoints = Problem(
    .invalid, "bad_points", "a number of points is expected, below zero to take them",
    cashier: LocalText(
      ru: "Нужно число баллов; с минусом, чтобы списать", en: "A number of points is expected; with a minus to take them"))
  static let noReason = Problem(
    .invalid, "reason_missing", "say why, for the audit trail",
    cashier: LocalText(ru: "Напишите причину: она останется в журнале", en: "Say why: it stays in the audit trail"))
}
