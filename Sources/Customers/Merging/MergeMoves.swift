import Access
import Jobs
import Kernel
import Storage

// What moves from one member to another who is the same person.
extension Merges {
  func moveIdentifiers(
    _ moved: inout MovedIdentity, from merged: MemberID, to survivor: MemberID, _ tx: inout Transaction
  ) throws {
    let found = try Identifiers(of: account, programme: programme).all(of: merged, in: &tx)
    moved.identifiers = found.map(\.identifier)
    for identifier in moved.identifiers {
      try tx.enqueue(MergeSQL.move(account, programme, identifier, from: merged, to: survivor))
    }
  }

  /// A tier that somebody gave by hand goes along where it is the better one. What the rules gave they give again, by what both bought; what
  /// promotions and subscriptions gave moves with the wallet.
  func shareTier(
    from merged: MemberID, to survivor: MemberID, _ change: Change, _ tx: inout Transaction
  ) throws -> TierGrantID? {
    let tiers = Tiers(of: account, programme: programme)
    let ranks = Dictionary(try tiers.all(in: &tx).values.map { ($0.id, $0.details.rank) }, uniquingKeysWith: { first, _ in first })
    func best(_ member: MemberID, byHand: Bool) throws -> TierGrant? {
      try tiers.grants(of: member, limit: Limits.page, in: &tx)
        .filter { $0.isInForce(at: change.at) && (!byHand || !$0.isByItself) }
        .max { (ranks[$0.tier] ?? -1, $0.id) < (ranks[$1.tier] ?? -1, $1.id) }
    }
    guard let given = try best(merged, byHand: true) else { return nil }
    if let own = try best(survivor, byHand: false), ranks[own.tier] ?? -1 >= ranks[given.tier] ?? -1 { return nil }
    let grant = TierGrant(
      id: change.id(), tier: given.tier, since: change.at, until: given.until, withdrawnAt: nil, reason: given.reason,
      actor: change.actor.description)
    try tx.enqueue(TierSQL.insert(grant, survivor, account, programme))
    let event = Event(.tierGranted, id: change.id(), owner: survivor.raw, subject: grant.id.raw, at: change.at)
    try Outbox(of: account).put(event, in: &tx)
    return grant.id
  }

  func favourites(of member: MemberID, _ tx: inout Transaction) throws -> String? {
    try tx.row(MemberSQL.favourites(account, programme, member, lock: ""))?.textOrNil(0)
  }

  /// What the survivor chose holds; for times for which only the other chose, theirs does.
  func shareFavourites(
    _ moved: inout MovedIdentity, from merged: MemberID, to survivor: MemberID, _ tx: inout Transaction
  ) throws {
    let before = try favourites(of: survivor, &tx)
    (moved.favouritesBefore, moved.favouritesAfter) = (before, before)
    guard let other = try favourites(of: merged, &tx).map(FavouriteSpan.read) else { return }
    let own = try before.map(FavouriteSpan.read) ?? []
    let added = other.filter { span in !own.contains { $0.from < span.until && span.from < $0.until } }
    guard !added.isEmpty else { return }
    let together = (own + added).sorted { ($0.from, $0.until) < ($1.from, $1.until) }
    moved.favouritesAfter = FavouriteSpan.stored(Array(together.suffix(FavouriteSpan.most)))
    try tx.enqueue(MemberSQL.setFavourites(account, programme, survivor, moved.favouritesAfter))
  }

  /// Who was put into a segment, or kept out of it, stays so as the other; what was said of the survivor comes first.
  func shareChoices(
    _ moved: inout MovedIdentity, from merged: MemberID, to survivor: MemberID, _ tx: inout Transaction
  ) throws {
    moved.choices = try tx.rows(MergeSQL.shareChoices(account, from: merged, to: survivor)).map { $0.id(0) }
    moved.choicesLeft = try tx.rows(MergeSQL.leaveChoices(account, merged)).map { ($0.id(0), $0.bool(1)) }
  }

  func giveBackSegments(
    _ moved: MovedIdentity, from survivor: MemberID, to merged: MemberID, at now: Instant, _ tx: inout Transaction
  ) throws {
    if !moved.segments.isEmpty { try tx.run(MergeSQL.leave(account, survivor, moved.segments)) }
    for (segment, since) in moved.left { try tx.enqueue(MergeSQL.enter(account, merged, segment, since: since)) }
    for segment in moved.choices { _ = try tx.rows(SegmentChoiceSQL.drop(segment, account, [survivor])) }
    for (segment, isIn) in moved.choicesLeft { _ = try tx.rows(SegmentChoiceSQL.put(segment, account, [merged], isIn, now)) }
  }

  /// Both members' trails tell of it; the event names both, and the survivor is its owner.
  func tell(
    _ kind: Event.Kind, _ act: String, _ id: MergeID, _ merged: MemberID, _ survivor: MemberID, _ reason: String, _ change: Change,
    _ tx: inout Transaction
  ) throws {
    let after: JSON = .object([
      "merge": .string("\(id)"), "merged": .string("\(merged)"), "survivor": .string("\(survivor)"), "reason": .string(reason),
    ])
    try AuditTrail(of: account).record([.did(act, survivor, after: after), .did(act, merged, after: after)], by: change, in: &tx)
    let event = Event(
      kind, id: change.id(), owner: survivor.raw, subject: merged.raw, at: change.at, body: .object(["merge": .string("\(id)")]))
    try Outbox(of: account).put(event, in: &tx)
  }
}

enum MergeProblem {
  static var same: Problem {
    Problem(
      .invalid, "same_member", "a member cannot be merged into itself",
      cashier: LocalText(ru: "Это один и тот же участник", en: "This is one and the same member"))
  }

  static func blocked(_ member: MemberID) -> Problem {
    Problem(
      .conflict, "member_blocked", "member \(member) is blocked; unblock them first",
      cashier: LocalText(
        ru: "Участник заблокирован: сначала снимите блокировку", en: "The member is blocked: unblock them first"))
  }

  static func merged(_ member: MemberID, _ survivor: MemberID) -> Problem {
    Problem(
      .conflict, "member_merged", "member \(member) was merged into \(survivor); name that one",
      cashier: LocalText(
        ru: "Участник уже объединён с другим, возьмите того", en: "The member was merged into another; take that one"))
  }

  static func notMerged(_ member: MemberID) -> Problem {
    Problem(
      .conflict, "member_not_merged", "member \(member) is not merged into another",
      cashier: LocalText(ru: "Этот участник ни с кем не объединён", en: "This member is not merged into another"))
  }

  static func furtherMerged(_ survivor: MemberID, _ into: MemberID) -> Problem {
    Problem(
      .conflict, "survivor_merged", "\(survivor) was merged into \(into) afterwards; undo that first",
      cashier: LocalText(
        ru: "Основной участник потом сам объединён с другим: сначала разделите их",
        en: "The surviving member was merged into another afterwards: undo that first"))
  }

  static func kinds(_ one: Member, _ other: Member) -> Problem {
    Problem(
      .conflict, "kinds_differ",
      "a member of the kind \(other.kind.rawValue) is not merged into one of the kind \(one.kind.rawValue)",
      cashier: LocalText(
        ru: "Участников такого вида не объединяют", en: "Members of these kinds are not merged"))
  }

  static let birthdays = Problem(
    .conflict, "birthdays_differ", "the birthdays differ; say which one is right, if it is one person",
    cashier: LocalText(
      ru: "Дни рождения разные: возможно, это разные люди. Если человек один, выберите верный день рождения",
      en: "The birthdays differ: these may be two people. If it is one person, choose the birthday that is right"))

  static func identifiers(_ count: Int) -> Problem {
    Problem(
      .conflict, "too_many_identifiers",
      "together they have \(count) identifiers, more than \(Limits.identifiers); detach some first",
      cashier: LocalText(
        ru: "Вместе у них \(count) номеров и карт, можно не больше \(Limits.identifiers): сначала открепите лишние",
        en: "Together they have \(count) numbers and cards, at most \(Limits.identifiers) are allowed: detach some first"))
  }

  static let tooMany = Problem(
    .conflict, "too_many_merged", "a member stands for at most \(Limits.merged) others",
    cashier: LocalText(
      ru: "С одним участником объединяют не больше \(Limits.merged) других",
      en: "A member stands for at most \(Limits.merged) others"))
}
