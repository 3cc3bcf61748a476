import Access
import Customers
import Insight
import Kernel
import Loyalty
import Storage

/// What happened to a member, whoever tells of it: receipts and returns, points, coupons, certificates and prizes, tiers, subscriptions,
/// segments, identifiers, notes, the audit trail. One list, latest first, in the order in which it was recorded.
struct MemberTimeline: Sendable {
  enum Filter: String, CaseIterable, Sendable {
    case all, receipts, visits, points, offers, tier, subscriptions, segments, profile, notes, audit

    /// Acts of the audit trail that it takes; nil: whatever there is.
    var acts: [String]? {
      switch self {
      case .all:
        MemberTimeline.profileActs + MemberTimeline.offerActs + MemberTimeline.noteActs + MemberTimeline.pointActs
          + ["status.adjusted"]
      case .receipts, .visits, .subscriptions, .segments: []
      case .points: MemberTimeline.pointActs
      case .offers: MemberTimeline.offerActs
      case .tier: ["status.adjusted"]
      case .profile: MemberTimeline.profileActs
      case .notes: MemberTimeline.noteActs
      case .audit: nil
      }
    }

    func takes(_ other: Filter) -> Bool { self == .all || self == other }
  }

  enum What: Sendable {
    case receipt(Receipt)
    case returned(ReceiptBook.Brought)
    /// A session on a site or in an app.
    case visit(VisitStory)
    /// With what the operator said about it, where one gave or took.
    case points(Posting, note: String?)
    case coupon(CouponMoment)
    case certificate(CertificateEntry)
    case prize(GameDraw, Prize)
    case collection(Completion)
    case tier(TierGrant)
    case subscription(SubscriptionChange)
    case segment(SegmentMove)
    case note(MemberNote)
    case act(AuditEntry)
  }

  struct Item: Sendable {
    /// Sorts by when it was recorded, whatever it is of: all ids do.
    let id: Int64
    let at: Instant
    let what: What
    /// Of somebody whom the member stands for.
    var isGuests = false

    init(id: Int64, at instant: Instant, what: What) { (self.id, at, self.what) = (id, instant, what) }

    /// - Parameter notes: what operators said, by the adjustment they said it of.
    init(_ id: EntryID, _ posting: Posting, _ notes: [String: String], isGuests: Bool) {
      self.init(id: id.raw, at: posting.occasion.event, what: .points(posting, note: notes[posting.key]))
      self.isGuests = isGuests
    }
  }

  static let size = 30
  static let adjusted = "points.adjusted"
  static let given = "points.given"
  static let fieldChanged = "attribute.changed"
  static let away = ["points.transferred", "points.received", "transfer.undone", "points.donated", "donation.undone"]
  static let pointActs = [adjusted, given, "goodwill.asked", "goodwill.declined"] + away
  static let offerActs = [
    "find.given", "find.received", "favourites.chosen", "turns.given", "stamps.changed", "offer.activated", "offer.ended",
  ]
  static let householdActs = ["made", "invited", "uninvited", "declined", "joined", "left"].map { "household." + $0 }
  static let noteActs = ["note.removed", "task.added", "task.done", "task.reopened", "task.removed"]
  static let profileActs =
    ["referral.named", fieldChanged] + ["attached", "detached", "verified", "blocked", "unblocked"].map { "identifier." + $0 }
    + ["made", "changed", "blocked", "unblocked", "erased", "imported", "exported", "merged", "unmerged"].map { "member." + $0 }
    + ["given", "withdrawn", "imported"].map { "consent." + $0 } + householdActs

  let filter: Filter
  let items: [Item]
  /// Names of the goods of sessions, by code.
  let goods: [String: CatalogueName]
  /// To go on behind; nil where nothing is older.
  let next: Int64?
}

/// Reads a page of a member's timeline: from each source at most a page, by an index. A source that has more than it may bring ends the
/// page for all of them, so that the next page begins where each of them goes on: nothing is told twice and nothing left out, however much
/// has one time.
struct TimelineReading {
  let member: MemberID
  /// Whom this member stands for; what they bought and earned as themselves belongs to the list.
  let guests: [MemberID]
  let filter: MemberTimeline.Filter
  /// The page goes on behind this place.
  let before: Int64?
  /// Notes are told to who may see persons.
  let seesNotes: Bool
  let programme: Programme
  let ids: IDSource

  private var items: [MemberTimeline.Item] = []
  private var end: Int64?
  private var goods: [String: CatalogueName] = [:]
  /// The member's latest draws, where this page of the list begins with them.
  private(set) var latestDraws: [(draw: GameDraw, edition: GameEdition)]?

  init(
    _ member: MemberID, besides guests: [MemberID], _ filter: MemberTimeline.Filter, before: Int64?, seesNotes: Bool,
    _ programme: Programme, _ ids: IDSource
  ) {
    (self.member, self.filter, self.before, self.seesNotes) = (member, filter, before, seesNotes)
    (self.programme, self.ids, self.guests) = (programme, ids, guests)
  }

  /// Where the page begins.
  var from: Int64 { before ?? .max }
  private var size: Int { MemberTimeline.size }

  /// What the caller has read for the card as well.
  struct Known {
    /// The member's latest tiers.
    let grants: [TierGrant]
    /// From where this page begins; none where the filter does not take them.
    let segments: [SegmentMove]
    let subscriptions: [SubscriptionChange]
  }

  /// Ten indexed statements at most, four more where there are coupons, prizes and sessions and for each member who was
  /// merged into this one, however much there is.
  mutating func read(_ known: Known, in tx: inout Transaction) throws -> MemberTimeline {
    if filter.takes(.receipts) { try readReceipts(&tx) }
    if filter.takes(.visits) { try readVisits(&tx) }
    if filter.takes(.tier) {
      let grants =
        try before == nil ? known.grants : programme.tiers.grants(of: member, before: TierGrantID(from), limit: size, in: &tx)
      add(grants.map { MemberTimeline.Item(id: $0.id.raw, at: $0.since, what: .tier($0)) })
    }
    add(known.subscriptions.map { MemberTimeline.Item(id: $0.id.raw, at: $0.at, what: .subscription($0)) })
    add(known.segments.map { MemberTimeline.Item(id: $0.id.raw, at: $0.at, what: .segment($0)) })
    let trail = try acts(&tx)
    add(trail.map { MemberTimeline.Item(id: $0.id.raw, at: $0.at, what: .act($0)) })
    if filter.takes(.points) { try readPoints(trail, &tx) }
    if filter.takes(.offers) { try readOffers(&tx) }
    if filter.takes(.notes), seesNotes {
      let notes = try MemberNotes(of: programme.account, programme: programme.id)
        .latest(of: member, before: MemberNoteID(from), limit: size, in: &tx)
      add(notes.map { MemberTimeline.Item(id: $0.id.raw, at: $0.at, what: .note($0)) })
    }
    let shown = items.filter { item in end.map { item.id >= $0 } ?? true && item.isTold(filter) }
    return MemberTimeline(filter: filter, items: shown.sorted { $0.id > $1.id }, goods: goods, next: end)
  }

  private mutating func add(_ found: [MemberTimeline.Item]) { add(found, next: found.count >= size ? found.last?.id : nil) }

  private mutating func add(_ found: [MemberTimeline.Item], next: Int64?) {
    items += found
    if let next { end = max(end ?? .min, next) }
  }

  private mutating func readReceipts(_ tx: inout Transaction) throws {
    let book = ReceiptBook(of: programme.account)
    for owner in [member] + guests {
      let receipts = try book.receipts(of: owner, programme.id, before: ReceiptID(from), limit: size, in: &tx)
      add(receipts.map { MemberTimeline.Item(id: $0.id.raw, at: $0.soldAt, what: .receipt($0)) })
      let returns = try book.returns(of: owner, programme.id, before: ReturnID(from), limit: size, in: &tx)
      add(returns.map { MemberTimeline.Item(id: $0.id.raw, at: $0.at, what: .returned($0)) })
    }
  }

  /// Whoever was merged into the member did as the member: sessions are handed over.
  private mutating func readVisits(_ tx: inout Transaction) throws {
    let found = try VisitBook(of: programme).stories(of: member, before: VisitID(from), limit: size, in: &tx)
    add(found.list.map { MemberTimeline.Item(id: $0.id.raw, at: $0.startedAt, what: .visit($0)) }, next: found.next?.raw)
    let codes = Set(found.list.flatMap { VisitWords.shown($0) })
    goods = try Catalogue(of: programme.account).names(codes: codes.sorted(), in: &tx)
  }

  private mutating func readPoints(_ trail: [AuditEntry], _ tx: inout Transaction) throws {
    let notes = Self.notes(trail)
    for owner in [member] + guests {
      let postings = try Wallets(of: programme, ids: ids).journal(of: owner, before: EntryID(from), limit: size, in: &tx)
      add(postings.map { MemberTimeline.Item($0.id, $0.posting, notes, isGuests: owner != member) })
    }
  }

  private mutating func readOffers(_ tx: inout Transaction) throws {
    let moments = try Coupons(of: programme).moments(of: member, before: from, limit: size, in: &tx)
    add(moments.list.map { MemberTimeline.Item(id: $0.place, at: $0.at, what: .coupon($0)) }, next: moments.next)
    let entries = try Certificates(of: programme, ids: ids, keys: nil)
      .entries(of: member, before: CertificateEntryID(from), limit: size, in: &tx)
    add(entries.map { MemberTimeline.Item(id: $0.id.raw, at: $0.at, what: .certificate($0)) })
    let draws = try Games(of: programme, ids: ids, keys: nil).draws(of: member, before: GameDrawID(from), limit: size, in: &tx)
    if before == nil { latestDraws = draws }
    add(
      draws.map { draw, edition in
        MemberTimeline.Item(id: draw.id.raw, at: draw.at, what: .prize(draw, edition.table.all[draw.given]))
      })
    // A collection is completed by a find: who found nothing here completed nothing.
    guard draws.contains(where: { $0.edition.table.all[$0.draw.given].find != nil }) else { return }
    let done = try Games(of: programme, ids: ids, keys: nil)
      .completions(of: member, before: CompletionID(from), limit: size, in: &tx)
    add(done.map { MemberTimeline.Item(id: $0.id.raw, at: $0.at, what: .collection($0)) })
  }

  private func acts(_ tx: inout Transaction) throws -> [AuditEntry] {
    let trail = AuditTrail(of: programme.account)
    guard let acts = filter.acts else { return try trail.entries(of: member, before: AuditID(from), limit: size, in: &tx) }
    return try trail.entries(of: member, acts: acts, before: AuditID(from), limit: size, in: &tx)
  }

  /// What operators said, by the adjustment they said it of, and the codes of actions by what was given for them.
  private static func notes(_ trail: [AuditEntry]) -> [String: String] {
    let pairs = trail.compactMap { entry -> (String, String)? in
      let keys: (String, [String])
      switch entry.act {
      case MemberTimeline.adjusted: keys = ("adjustment", ["note"])
      case MemberTimeline.given: keys = ("gift", ["action"])
      case "points.transferred", "points.received", "transfer.undone": keys = ("transfer", ["to", "from", "reason"])
      case "points.donated", "donation.undone": keys = ("donation", ["charity", "reason"])
      default: return nil
      }
      let said = keys.1.compactMap { entry.after?[$0]?.text }
      guard let id = entry.after?[keys.0]?.text, !said.isEmpty else { return nil }
      // What was taken back has a name of its own, since both stand in the list.
      return (entry.act.hasSuffix(".undone") ? id + " back" : id, said.joined(separator: ", "))
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}

extension MemberTimeline.Item {
  /// False for what another line of the list tells already.
  fileprivate func isTold(_ filter: MemberTimeline.Filter) -> Bool {
    switch what {
    case .receipt, .returned, .visit, .tier, .subscription, .segment, .coupon, .certificate, .prize, .collection, .note: true
    case .act(let entry):
      filter == .audit || !([MemberTimeline.adjusted, MemberTimeline.given] + MemberTimeline.away).contains(entry.act)
    case .points(let posting, _):
      switch posting.occasion.cause {
      case .sale, .refund: filter == .points
      case .regrouping: false
      // What leaves one of the two comes to the other: the list of both tells it once.
      case .merge: !isGuests
      case .attachment, .hold, .holdEnded, .adjustment, .opening, .activation, .expiry, .gift, .drawn, .drawnBack, .transfer,
        .received,
        .transferBack, .receivedBack, .donation, .donationBack:
        true
      }
    }
  }
}

extension Posting {
  /// Names the adjustment, the gift, the transfer or the donation that it is of; empty for other causes.
  fileprivate var key: String {
    switch occasion.cause {
    case .adjustment(let id): "\(id)"
    case .gift(let id): "\(id)"
    case .transfer(let id), .received(let id): "\(id)"
    case .transferBack(let id), .receivedBack(let id): "\(id) back"
    case .donation(let id): "\(id)"
    case .donationBack(let id): "\(id) back"
    case .sale, .refund, .attachment, .hold, .holdEnded, .opening, .activation, .expiry, .regrouping, .merge, .drawn, .drawnBack: ""
    }
  }

  /// What the member has more, or less.
  var change: Points {
    entries.reduce(.zero) { sum, entry in
      guard entry.from != .status, entry.to != .status, entry.from.isMembers != entry.to.isMembers else { return sum }
      return entry.to.isMembers ? sum + entry.amount : sum - entry.amount
    }
  }
}
