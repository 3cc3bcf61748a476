import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// The bulk actions of one programme: asked for, counted, confirmed, carried out by a job, and undone.
public struct BulkActions: Sendable {
  public static let job = "bulk.action"

  let programme: Programme
  let ids: IDSource

  public init(of programme: Programme, ids: IDSource) {
    self.programme = programme
    self.ids = ids
  }

  var account: AccountID { programme.account }
  var amounts: AmountForm { AmountForm(programme.settings.terms) }

  /// Asks for an action: a job counts whom it concerns. Sent again under the same request key it is one.
  /// - Parameter isQueued: false where whoever asks counts by themselves, with `BulkWork.perform`.
  /// - Throws: `Problem.notFound` (`segment_unknown`, `member_field_unknown`, `tier_unknown`, `coupon_series_unknown`);
  ///   `Problem.invalid` (a name or a reason that is missing, a value that the field cannot have); `Problem.conflict`
  ///   (`segment_computed`, `segment_archived`, `goodwill_limit`, `coupon_series_closed`, `request_key_reused`).
  public func ask(
    _ deed: BulkDeed, for segment: String, called name: String, request: RequestKey, isQueued: Bool = true,
    by change: Change, in tx: inout Transaction
  ) throws -> BulkActionID {
    let issues = IssueList()
    checkName(name, at: "/name", issues)
    try issues.check("the action")
    let segments = Segments(of: account)
    guard let known = try segments.segments(codes: [segment], in: &tx)[segment] else { throw Self.noSegment(segment) }
    let deed = try checked(deed, at: change.at, in: &tx)
    let id: BulkActionID = change.id()
    var body = StableHash()
    for text in ["bulk", segment, name, deed.json(amounts).compact] { body.mix(text) }
    let earlier = try NaturalKeys(of: account).once(
      request, owner: account.raw, target: id.raw, body: body, at: change.at, in: &tx)
    if let earlier { return BulkActionID(earlier) }
    let action = BulkAction(
      id: id, programme: programme.id, segment: known.id, name: name, deed: deed, state: .counting, askedBy: change.actor,
      askedAt: change.at, tally: BulkAction.Tally())
    try tx.enqueue(BulkSQL.insert(action, deed.json(amounts), account))
    let after: JSON = .object(["segment": .string(segment), "name": .string(name), "deed": deed.json(amounts)])
    try note("made", action, after, change, &tx)
    if isQueued { try put(action, change, &tx) }
    return id
  }

  /// The deed as it can be carried out: what it names is there, and the value is the field's.
  private func checked(_ deed: BulkDeed, at now: Instant, in tx: inout Transaction) throws -> BulkDeed {
    let issues = IssueList()
    switch deed {
    case .attribute(let code, let value):
      let known = try FieldBook(of: account).field(code, in: &tx)
      guard !known.isArchived else { throw Self.archived(code) }
      guard let value else { return deed }
      let fields = try FieldBook(of: account).catalogue(.codes(of: [Attributes([code: value])]), in: &tx)
      do throws(FieldCatalogue.Fault) { return .attribute(code, try fields.value(value, of: known.field.details)) } catch {
        throw Problem(
          .invalid, error.code, error.message, cashier: error.words,
          issues: [Issue(pointer: "/value", code: error.code, message: error.message)])
      }
    case .list(let code, _): try Segments(of: account).checkList(code, in: &tx)
    case .points(let points, _, let note):
      checkName(note, at: "/reason", issues)
      if let hard = programme.settings.goodwill.hard, points > hard { throw limit(hard) }
    case .coupon(let code):
      guard let series = try Coupons(of: programme).series(codes: [code], in: &tx)[code]?.details else { throw Self.noSeries(code) }
      guard series.mayBeBrought, !series.isClosed else { throw Self.closed(code) }
    case .tier(let code, let day, let reason):
      checkName(reason, at: "/reason", issues)
      guard try programme.tiers.all(in: &tx)[code] != nil else { throw Self.noTier(code) }
      if let day, day < programme.settings.points.zone.civil(at: now).day {
        issues.add("/through", "over", "a day that is over gives no tier: \(day)")
      }
    case .status(_, let reason): checkName(reason, at: "/reason", issues)
    }
    try issues.check("the action")
    return deed
  }

  /// - Throws: `Problem.notFound` (`bulk_action_unknown`), for another programme's action too.
  public func action(_ id: BulkActionID, in tx: inout Transaction) throws -> BulkAction { try find(id, "", &tx) }

  /// Those that do something yet or wait to, latest first. Reads all there ever were, a page for each statement.
  public static func open(of programme: Programme, in tx: inout Transaction) throws -> [BulkAction] {
    let amounts = AmountForm(programme.settings.terms)
    var (open, last) = ([BulkAction](), BulkActionID(.max))
    while true {
      let rows = try tx.rows(BulkSQL.latest(programme.account, programme.id, before: last, Limits.page))
      let page = try rows.map { try BulkSQL.action($0, amounts) }
      open += page.filter(\.state.isOpen)
      guard page.count == Limits.page, let end = page.last else { return open }
      last = end.id
    }
  }

  /// Latest first.
  public func latest(before: BulkActionID? = nil, limit: Int, in tx: inout Transaction) throws -> [BulkAction] {
    try tx.rows(BulkSQL.latest(account, programme.id, before: before ?? BulkActionID(.max), min(max(1, limit), Limits.page)))
      .map { try BulkSQL.action($0, amounts) }
  }

  /// Members of an action in the order of their ids, of one state or of all.
  public func members(
    of id: BulkActionID, _ state: BulkMember.State? = nil, after: MemberID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [BulkMember] {
    let (last, some) = (after ?? MemberID(0), min(max(1, limit), Limits.bulk))
    let sql =
      state.map { BulkSQL.members(account, id, $0, after: last, some) } ?? BulkSQL.members(account, id, after: last, some)
    return try tx.rows(sql).map(BulkSQL.member)
  }

  /// Why members were left out, or were not undone, and how many for each reason. Walks over those members.
  public func reasons(
    of id: BulkActionID, _ state: BulkMember.State, in tx: inout Transaction
  ) throws -> [(reason: BulkReason, members: Int64)] {
    try tx.rows(BulkSQL.reasons(account, id, state)).compactMap { row in
      row.textOrNil(0).flatMap(BulkReason.init(rawValue:)).map { ($0, row.int(1)) }
    }.sorted { $0.members > $1.members }
  }

  // MARK: words

  /// Says yes to an action that was counted, by its number: whoever types it has seen it. The same again changes nothing.
  /// - Parameter mayAlone: whether this person's role may do such a thing at all; else another's word is needed.
  /// - Throws: `Problem.conflict` (`bulk_number_differs`, `bulk_count_old`, `bulk_state`).
  public func confirm(
    _ id: BulkActionID, number: Int64, mayAlone: Bool, by change: Change, in tx: inout Transaction
  ) throws -> BulkAction {
    var action = try find(id, tx.dialect.forUpdate, &tx)
    if action.confirmedBy == change.actor, [.asked, .running, .done].contains(action.state) { return action }
    guard action.state == .ready else { throw Self.wrongState(action) }
    guard number == action.tally.due else { throw Self.otherNumber(action.tally.due) }
    guard let counted = action.countedAt, change.at - counted <= .days(Limits.bulkDays) else { throw Self.old }
    action.confirmedBy = change.actor
    let isFree = try action.secondWord(programme.settings.goodwill) == nil && overLimit(action, by: change, in: &tx) == nil
    let isAlone = mayAlone && (isFree || change.actor == .commandLine)
    action.state = isAlone ? .running : .asked
    try save(action, "confirmed", .object(["members": .int(action.tally.due)]), change, &tx)
    if isAlone { try put(action, change, &tx) }
    return action
  }

  /// Another's word: it is carried out, or dropped. Harmless where it was decided before.
  /// - Throws: `Problem.conflict` (`bulk_own_request`): nobody agrees to what they asked for or confirmed themselves.
  public func decide(_ id: BulkActionID, grants: Bool, by change: Change, in tx: inout Transaction) throws {
    var action = try find(id, tx.dialect.forUpdate, &tx)
    guard action.state == .asked else { return }
    guard !grants || (action.confirmedBy != change.actor && action.askedBy != change.actor) else { throw Self.own }
    if grants { action.approvedBy = change.actor }
    if grants {
      action.state = .running
    } else {
      // One that a limit stopped on its way has something that can be undone.
      (action.state, action.endedAt) = action.tally.changed > 0 ? (.stopped, nil) : (.dropped, change.at)
    }
    try save(action, grants ? "approved" : "declined", nil, change, &tx)
    if grants { try put(action, change, &tx) }
  }

  /// Drops an action that has not begun, or stops one that is under way, after its step. Harmless when repeated.
  public func stop(_ id: BulkActionID, by change: Change, in tx: inout Transaction) throws {
    var action = try find(id, tx.dialect.forUpdate, &tx)
    switch action.state {
    case .counting, .ready: action.state = .dropped
    case .asked: action.state = action.tally.changed > 0 ? .stopped : .dropped
    case .running, .undoing: action.state = .stopped
    case .stopped, .done, .undone, .dropped: return
    }
    if action.state == .dropped { action.endedAt = change.at }
    try save(action, "stopped", nil, change, &tx)
  }

  /// Goes on with one that was stopped before it was undone. Harmless while it runs.
  /// - Throws: `Problem.conflict` (`bulk_state`).
  public func goOn(_ id: BulkActionID, by change: Change, in tx: inout Transaction) throws {
    var action = try find(id, tx.dialect.forUpdate, &tx)
    guard action.state != .running else { return }
    guard action.state == .stopped, action.tally.undone + action.tally.kept == 0 else { throw Self.wrongState(action) }
    action.state = .running
    try save(action, "continued", nil, change, &tx)
    try put(action, change, &tx)
  }

  /// Takes back what it did, as far as it can be: of each member in turn. Harmless while it runs.
  /// - Throws: `Problem.conflict` (`bulk_state`, `bulk_members_forgotten`).
  public func undo(_ id: BulkActionID, by change: Change, in tx: inout Transaction) throws {
    var action = try find(id, tx.dialect.forUpdate, &tx)
    guard action.state != .undoing, action.state != .undone else { return }
    guard action.forgottenAt == nil else { throw Self.forgotten }
    guard action.state == .done || action.state == .stopped else { throw Self.wrongState(action) }
    action.state = .undoing
    try save(action, "undo_begun", nil, change, &tx)
    try put(action, change, &tx)
  }

  // MARK: rows

  func find(_ id: BulkActionID, _ lock: String, _ tx: inout Transaction) throws -> BulkAction {
    guard let row = try tx.row(BulkSQL.one(account, id, lock)), row.id(1, Entity.Programme.self) == programme.id else {
      throw Problem(.notFound, "bulk_action_unknown", "the programme has no action \(id)")
    }
    return try BulkSQL.action(row, amounts)
  }

  func save(
    _ action: BulkAction, _ act: String, _ after: JSON?, _ change: Change, _ tx: inout Transaction
  ) throws {
    try tx.enqueue(BulkSQL.update(action, account))
    try note(act, action, after, change, &tx)
  }

  private func note(_ act: String, _ action: BulkAction, _ after: JSON?, _ change: Change, _ tx: inout Transaction) throws {
    try AuditTrail(of: account).record([.did("bulk_action." + act, action.id, after: after)], by: change, in: &tx)
  }

  private func put(_ action: BulkAction, _ change: Change, _ tx: inout Transaction) throws {
    let body: JSON = .object(["action": .string("\(action.id)"), "programme": .string("\(programme.id)")])
    try JobQueue().put(Self.job, body, of: account, by: change.actor.description, ids: ids, at: change.at, in: &tx)
  }
}
