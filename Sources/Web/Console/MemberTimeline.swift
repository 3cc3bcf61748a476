import Access
import Customers
import Kernel
import Loyalty
import Storage

/// What happened to a member, whoever tells of it: receipts and returns, points, tiers, identifiers, the audit trail. One list, latest
/// first, in the order in which it was recorded.
struct MemberTimeline: Sendable {
  enum Filter: String, CaseIterable, Sendable {
    case all, receipts, points, tier, identifiers, audit

    /// Acts of the audit trail that it takes; nil: whatever there is.
    var acts: [String]? {
      switch self {
      case .all: MemberTimeline.identifierActs + MemberTimeline.memberActs + [MemberTimeline.adjusted]
      case .receipts, .tier: []
      case .points: [MemberTimeline.adjusted, "goodwill.asked", "goodwill.declined"]
      case .identifiers: MemberTimeline.identifierActs
      case .audit: nil
      }
    }

    func takes(_ other: Filter) -> Bool { self == .all || self == other }
  }

  enum What: Sendable {
    case receipt(Receipt)
    case returned(ReceiptBook.Brought)
    /// With what the operator said about it, where one gave or took.
    case points(Posting, note: String?)
    case tier(TierGrant)
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
  static let identifierActs = ["attached", "detached", "verified", "blocked", "unblocked"].map { "identifier." + $0 }
  static let memberActs = [
    "member.made", "member.changed", "member.blocked", "member.unblocked", "member.erased", "member.imported", "member.exported",
    "goodwill.asked", "goodwill.declined", "favourites.chosen", "member.merged", "member.unmerged",
  ]

  let filter: Filter
  let items: [Item]
  /// To go on behind; nil where nothing is older.
  let next: Int64?

  /// Five indexed statements at most, however much there is, and four for each member who was merged into this one. A source that has more than it may bring ends the page for all of them,
  /// so that the next page begins where each of them goes on.
  /// - Parameters:
  ///   - guests: whom this member stands for; what they bought and earned as themselves belongs to the list.
  ///   - latest: the member's latest tiers, which the caller knows already.
  static func read(
    _ member: MemberID, besides guests: [MemberID], _ filter: Filter, before: Int64?, _ latest: [TierGrant], _ programme: Programme,
    _ ids: IDSource, in tx: inout Transaction
  ) throws -> MemberTimeline {
    let from = before ?? .max
    var items: [Item] = []
    var end: Int64?
    func add(_ found: [Item]) {
      items += found
      if found.count >= size, let last = found.last { end = max(end ?? .min, last.id) }
    }
    if filter.takes(.receipts) {
      let book = ReceiptBook(of: programme.account)
      for owner in [member] + guests {
        let receipts = try book.receipts(of: owner, programme.id, before: ReceiptID(from), limit: size, in: &tx)
        add(receipts.map { Item(id: $0.id.raw, at: $0.soldAt, what: .receipt($0)) })
        let returns = try book.returns(of: owner, programme.id, before: ReturnID(from), limit: size, in: &tx)
        add(returns.map { Item(id: $0.id.raw, at: $0.at, what: .returned($0)) })
      }
    }
    if filter.takes(.tier) {
      let grants = try before == nil ? latest : programme.tiers.grants(of: member, before: TierGrantID(from), limit: size, in: &tx)
      add(grants.map { Item(id: $0.id.raw, at: $0.since, what: .tier($0)) })
    }
    let trail = try acts(member, filter, before: from, programme, in: &tx)
    add(trail.map { Item(id: $0.id.raw, at: $0.at, what: .act($0)) })
    if filter.takes(.points) {
      let (wallets, notes) = (Wallets(of: programme, ids: ids), Self.notes(trail))
      for owner in [member] + guests {
        let postings = try wallets.journal(of: owner, before: EntryID(from), limit: size, in: &tx)
        add(postings.map { Item($0.id, $0.posting, notes, isGuests: owner != member) })
      }
    }
    let shown = items.filter { item in end.map { item.id >= $0 } ?? true && item.isTold(filter) }
    return MemberTimeline(filter: filter, items: shown.sorted { $0.id > $1.id }, next: end)
  }

  private static func acts(
    _ member: MemberID, _ filter: Filter, before: Int64, _ programme: Programme, in tx: inout Transaction
  ) throws -> [AuditEntry] {
    let trail = AuditTrail(of: programme.account)
    guard let acts = filter.acts else { return try trail.entries(of: member, before: AuditID(before), limit: size, in: &tx) }
    return try trail.entries(of: member, acts: acts, before: AuditID(before), limit: size, in: &tx)
  }

  /// What operators said, by the adjustment they said it of.
  private static func notes(_ trail: [AuditEntry]) -> [String: String] {
    let pairs = trail.filter { $0.act == adjusted }.compactMap { entry -> (String, String)? in
      guard let id = entry.after?["adjustment"]?.text, let note = entry.after?["note"]?.text else { return nil }
      return (id, note)
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}

extension MemberTimeline.Item {
  /// False for what another line of the list tells already.
  fileprivate func isTold(_ filter: MemberTimeline.Filter) -> Bool {
    switch what {
    case .receipt, .returned, .tier: true
    case .act(let entry): filter == .audit || entry.act != MemberTimeline.adjusted
    case .points(let posting, _):
      switch posting.occasion.cause {
      case .sale, .refund: filter == .points
      case .regrouping: false
      // What leaves one of the two comes to the other: the list of both tells it once.
      case .merge: !isGuests
      case .attachment, .hold, .holdEnded, .adjustment, .opening, .activation, .expiry: true
      }
    }
  }
}

extension Posting {
  /// Names the adjustment that it is of; empty for other causes.
  fileprivate var key: String { if case .adjustment(let id) = occasion.cause { "\(id)" } else { "" } }

  /// What the member has more, or less.
  var change: Points {
    entries.reduce(.zero) { sum, entry in
      guard entry.from != .status, entry.to != .status, entry.from.isMembers != entry.to.isMembers else { return sum }
      return entry.to.isMembers ? sum + entry.amount : sum - entry.amount
    }
  }
}
