import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// Events as the outside world reads them. What an event tells of is read when the document is written, so a retry days later tells
/// of things as they are then; identifiers are masked, and nothing says who a member is.
public struct EventDocuments: Sendable {
  let zones: @Sendable (String) -> Zone?
  let ids: IDSource

  /// - Parameter zones: the time zone of a name, nil where this machine knows none.
  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    self.zones = zones
    self.ids = ids
  }

  /// `{id, type, position, epoch, at, account, data}`.
  public func document(of event: StreamEvent, in tx: inout Transaction) throws -> JSON {
    let account = try Accounts().account(event.account, in: &tx)
    let scene = EventScene(event, try Programmes(of: event.account, zones: zones).all(in: &tx), ids)
    return .object([
      "id": .string("\(event.id)"), "type": .string(event.kind?.word ?? "unknown"), "position": .int(event.position),
      "epoch": .int(try Epochs.current(in: &tx)), "at": .string(event.at.text), "account": .string(account.details.code),
      "data": try scene.data(in: &tx),
    ])
  }
}

/// An event with the programmes of its account.
struct EventScene {
  let event: StreamEvent
  let programmes: [Programme]
  let ids: IDSource

  init(_ event: StreamEvent, _ programmes: [Programme], _ ids: IDSource) {
    self.event = event
    self.programmes = programmes
    self.ids = ids
  }

  func data(in tx: inout Transaction) throws -> JSON {
    switch event.kind {
    case .receiptConfirmed, .receiptCancelled, .receiptBeside: try receipt(in: &tx)
    case .receiptReturned: try returned(in: &tx)
    case .receiptAttached: try attached(in: &tx)
    case .pointsAdjusted, .pointsOpened, .pointsMoved, .pointsGiven, .pointsTransferred, .pointsReceived, .pointsDonated:
      try points(in: &tx)
    case .tierGranted, .tierWithdrawn: try tier(in: &tx)
    case .subscriptionStarted, .subscriptionRenewed, .subscriptionEnded, .subscriptionCancelled, .subscriptionEnding,
      .subscriptionChanged:
      try subscription(in: &tx)
    case .segmentEntered, .segmentLeft: try segment(in: &tx)
    case .memberJoined, .memberChanged, .memberBlocked, .memberUnblocked, .memberErased, .identifierAttached, .identifierDetached:
      try member(in: &tx)
    case .favouritesChosen: try favourites(in: &tx)
    case .memberMerged, .memberUnmerged: try merged(in: &tx)
    case .householdJoined, .householdLeft: try household(in: &tx)
    case .guardAlerted: try alerted(in: &tx)
    case .couponGiven, .couponVoided: try coupon(in: &tx)
    case .offerActivated, .offerEnded: try offer(in: &tx)
    case nil: .object([])
    }
  }

  /// The member behind the event and the programme they are in; nil where the owner is a store.
  func owner(in tx: inout Transaction) throws -> (member: Member, programme: Programme)? {
    let id = MemberID(event.owner)
    for programme in programmes {
      if let member = try programme.members.members([id], in: &tx)[id] { return (member, programme) }
    }
    return nil
  }

  func programme(_ id: ProgrammeID) -> Programme? { programmes.first { $0.id == id } }

  private func member(in tx: inout Transaction) throws -> JSON {
    guard let (member, programme) = try owner(in: &tx) else { return .object(["member": memberID]) }
    let identifiers = try programme.identifiers.all(of: member.id, in: &tx).map { found in
      JSON.object([
        "kind": .string(found.identifier.kind.code), "masked": .string(found.identifier.masked), "blocked": .bool(found.isBlocked),
        "verified": .bool(found.verifiedAt != nil),
      ])
    }
    return .object([
      "member": memberID, "programme": .string(programme.code), "kind": .string(member.kind.rawValue),
      "status": .string(member.status.rawValue), "joinedAt": .string(member.joinedAt.text), "identifiers": .array(identifiers),
      "changedIdentifier": event.body["identifier"],
    ])
  }

  /// Who is one person, or was thought to be; the balance of the one who stands for both.
  private func merged(in tx: inout Transaction) throws -> JSON {
    guard case .object(let known) = try points(in: &tx) else { return .object([]) }
    return .object(
      known + [JSON.Member("merged", .string("\(MemberID(event.subject))")), JSON.Member("merge", event.body["merge"] ?? .null)])
  }

  /// The household as it is now: how many are left in it.
  private func household(in tx: inout Transaction) throws -> JSON {
    let id = HouseholdID(event.subject)
    guard let (_, programme) = try owner(in: &tx), let standing = try Households(of: programme).find(id, in: &tx) else {
      return .object(["member": memberID, "household": .string("\(id)")])
    }
    return .object([
      "member": memberID, "programme": .string(programme.code), "household": .string("\(id)"),
      "owner": .string("\(standing.household.owner)"), "members": .int(Int64(standing.members.count)),
      "dissolvedAt": standing.household.endedAt.map { .string($0.text) },
    ])
  }

  /// What is chosen as of now: for the present period, for the next, and later receipts of the last ones.
  private func favourites(in tx: inout Transaction) throws -> JSON {
    guard let (member, programme) = try owner(in: &tx) else { return .object(["member": memberID]) }
    let spans = try programme.members.favourites(of: member.id, in: &tx)
    return .object([
      "member": memberID, "programme": .string(programme.code),
      "favourites": .array(
        spans.filter { $0.until > event.at }.map { span in
          .object([
            "from": .string(span.from.text), "until": .string(span.until.text), "categories": .array(span.codes.map(JSON.string)),
          ])
        }),
    ])
  }

  var memberID: JSON { .string("\(MemberID(event.owner))") }

  private func points(in tx: inout Transaction) throws -> JSON {
    guard let (member, programme) = try owner(in: &tx) else { return .object(["member": memberID]) }
    let wallet = try Wallets(of: programme, ids: ids).wallet(of: member.id, in: &tx)
    func text(_ points: Points) -> JSON { .string(Decimal.text(points.units, digits: programme.settings.points.scale)) }
    return .object([
      "member": memberID, "programme": .string(programme.code),
      "adjustment": event.kind == .pointsAdjusted ? .string("\(AdjustmentID(event.subject))") : nil,
      "gift": event.kind == .pointsGiven ? .string("\(GiftID(event.subject))") : nil,
      "transfer": event.kind == .pointsTransferred || event.kind == .pointsReceived
        ? .string("\(TransferID(event.subject))") : nil,
      "donation": event.kind == .pointsDonated ? .string("\(DonationID(event.subject))") : nil,
      "balance": .object([
        "active": text(wallet.active), "pending": text(wallet.pending), "held": text(wallet.held), "status": text(wallet.status),
      ]),
    ])
  }

  private func tier(in tx: inout Transaction) throws -> JSON {
    let id = TierGrantID(event.subject)
    guard let (member, programme) = try owner(in: &tx),
      let grant = try programme.tiers.grants(of: member.id, before: TierGrantID(id.raw + 1), limit: 1, in: &tx).first,
      grant.id == id
    else { return .object(["member": memberID, "grant": .string("\(id)")]) }
    let code = try programme.tiers.all(in: &tx).values.first { $0.id == grant.tier }?.details.code
    return .object([
      "member": memberID, "programme": .string(programme.code), "grant": .string("\(id)"), "tier": code.map { .string($0) },
      "since": .string(grant.since.text), "until": grant.until.map { .string($0.text) },
      "withdrawnAt": grant.withdrawnAt.map { .string($0.text) },
    ])
  }

  /// As it stands now; the end that the event was about stands beside.
  private func subscription(in tx: inout Transaction) throws -> JSON {
    let id = SubscriptionID(event.subject)
    guard let (member, programme) = try owner(in: &tx),
      let one = try Subscriptions(of: programme, ids: ids).all(of: member.id, in: &tx).first(where: { $0.id == id })
    else { return .object(["member": memberID, "subscription": .string("\(id)"), "plan": event.body["plan"]]) }
    let zone = programme.settings.points.zone
    return .object([
      "member": memberID, "programme": .string(programme.code), "subscription": .string("\(id)"), "plan": .string(one.plan),
      "tier": programme.settings.subscriptions.first { $0.code == one.plan }.map { .string($0.tier) },
      "state": .string(one.state.rawValue), "since": .string(one.since.text), "lastDay": .string("\(one.lastDay(in: zone))"),
      "until": .string(one.until.text), "renewals": .int(Int64(one.renewals)), "endsThen": event.body["ends"],
    ])
  }

  private func segment(in tx: inout Transaction) throws -> JSON {
    let id = SegmentID(event.subject)
    let segment = try Segments(of: event.account).all(after: SegmentID(id.raw - 1), limit: 1, in: &tx).first
    return .object([
      "member": memberID, "segment": segment.flatMap { $0.id == id ? .string($0.details.code) : nil },
    ])
  }
}
