import Access
import Customers
import Jobs
import Kernel
import Storage

/// What is given without being told of: profiles that were filled, birthdays, newcomers' purchases. Each gift is a transaction of its own, so
/// that nobody's wallet waits for another's.
public struct GivingWork: Sendable {
  public static var follower: Follower { Follower("giving") }
  static let page = 200
  /// Persons of one look for birthdays.
  static let persons = 1_000

  let zones: @Sendable (String) -> Zone?
  let ids: IDSource

  public init(zones: @escaping @Sendable (String) -> Zone?, ids: IDSource) {
    self.zones = zones
    self.ids = ids
  }

  private func change(_ now: Instant) -> Change { Change(by: .rewards, at: now, ids: ids) }

  /// Notes whose profile changed and which newcomers bought something or brought it back. A programme that rewards neither costs a look at
  /// its settings.
  public func take(_ events: [Event], of account: AccountID, at now: Instant, in tx: inout Transaction) throws {
    var (profiles, buyers) = (Set<Int64>(), Set<Int64>())
    for event in events {
      switch event.kind {
      case .memberJoined, .memberChanged, .identifierAttached, .memberMerged: profiles.insert(event.owner)
      case .receiptConfirmed, .receiptReturned, .receiptAttached, .receiptCancelled: buyers.insert(event.owner)
      default: break
      }
    }
    guard !profiles.isEmpty || !buyers.isEmpty else { return }
    let programmes = try Programmes(of: account, zones: zones).all(in: &tx)
    if programmes.contains(where: { $0.settings.giving.referral != nil }) {
      for some in buyers.sorted().paged(by: Limits.page) { try tx.run(ReferralSQL.look(account, at: Array(some), now: now)) }
    }
    for programme in programmes where programme.settings.giving.actions.contains(where: { $0.kind == .profile && $0.isActive }) {
      for some in profiles.sorted().paged(by: Limits.page) {
        let known = try programme.members.members(some.map { MemberID($0) }, in: &tx).keys.sorted()
        let rows = known.map { [$0.value, programme.id.value, account.value, now.value] }
        _ = try tx.insert([
          RowBatch(rows, into: GivingSchema.due, GiftSQL.insertedDue, .replaced(where: "gift_due.account_id = excluded.account_id"))
        ])
      }
    }
  }

  /// The scheduled work, account by account, every minute.
  public func chore(on database: any Database, now: @escaping @Sendable () -> Instant) -> Chore {
    Chore("giving", every: .minutes(1)) { cursor in
      let after = cursor.flatMap { AccountID($0) } ?? AccountID(0)
      guard let account = try await database.read({ tx in try Accounts().all(after: after, limit: 1, in: &tx).first?.id }) else {
        return nil
      }
      let isMore = try await step(of: account, at: now(), on: database)
      return "\(isMore ? AccountID(account.raw - 1) : account)"
    }
  }

  /// A page of profiles, of newcomers and of birthdays of each programme.
  /// - Returns: true where more is to be done now.
  public func step(of account: AccountID, at now: Instant, on database: any Database) async throws -> Bool {
    let programmes = try await database.read { tx in
      try Programmes(of: account, zones: zones).all(in: &tx).filter { $0.settings.giving != GivingTerms() }
    }
    var isMore = try await lookAtProfiles(of: account, programmes, at: now, on: database)
    for programme in programmes {
      isMore = try await settle(programme, at: now, on: database) || isMore
      isMore = try await celebrate(programme, at: now, on: database) || isMore
    }
    return isMore
  }

  private func settle(_ programme: Programme, at now: Instant, on database: any Database) async throws -> Bool {
    let due = try await database.read { tx in
      try tx.rows(ReferralSQL.due(programme.account, programme.id, now, Self.page)).map { $0.id(0, Entity.Member.self) }
    }
    for newcomer in due {
      try await database.write(.bulk) { tx in
        try Referrals(of: programme, ids: ids).settle(newcomer, by: change(now), in: &tx)
      }
    }
    return due.count == Self.page
  }

  // Profiles.

  private func lookAtProfiles(
    of account: AccountID, _ programmes: [Programme], at now: Instant, on database: any Database
  ) async throws -> Bool {
    let due = try await database.read { tx in
      try tx.rows(GiftSQL.due(account, after: 0, Self.page)).map {
        (owner: $0.int(0), programme: $0.id(1, Entity.Programme.self), since: $0.instant(2))
      }
    }
    for one in due {
      try await database.write(.bulk) { tx in
        if let programme = programmes.first(where: { $0.id == one.programme }) {
          try lookAtProfile(of: MemberID(one.owner), programme, at: now, in: &tx)
        }
        try tx.enqueue(GiftSQL.done(account, one.programme, one.owner, since: one.since))
      }
    }
    return due.count == Self.page
  }

  private func lookAtProfile(of id: MemberID, _ programme: Programme, at now: Instant, in tx: inout Transaction) throws {
    guard let member = try programme.members.members([id], in: &tx)[id], member.status == .active, member.mergedInto == nil else {
      return
    }
    let kinds = try programme.identifiers.kinds(of: [id], in: &tx)[id] ?? []
    for action in programme.settings.giving.actions where action.kind == .profile && action.isFilled(member.person, kinds) {
      _ = try ActionGifts(of: programme, ids: ids)
        .tell(action.code, of: id, subject: "profile", request: nil, by: change(now), in: &tx)
    }
  }

  // Birthdays.

  private func celebrate(_ programme: Programme, at now: Instant, on database: any Database) async throws -> Bool {
    let actions = programme.settings.giving.actions.filter { $0.kind == .birthday && $0.isActive }
    guard !actions.isEmpty else { return false }
    let (today, walk) = (programme.settings.points.zone.civil(at: now).day, Checkpoints(of: programme.account, for: "birthdays"))
    let key = "\(programme.id)"
    let known = try await database.read { tx in try walk.find(key, in: &tx) }
    func number(_ name: String) -> Int64 { if case .int(let value)? = known?.state[name] { value } else { 0 } }
    let isSame = number("day") == Int64(today.number)
    if isSame, known?.isDone ?? false { return false }
    let after = isSame ? number("last") : 0
    let born = try await database.read { tx in try programme.members.birthdays(after: MemberID(after), limit: Self.persons, in: &tx)
    }
    for (id, birthday) in born {
      for action in actions {
        guard let date = action.celebrated(birthday, on: today) else { continue }
        try await database.write(.bulk) { tx in
          _ = try ActionGifts(of: programme, ids: ids).tell(
            action.code, of: id, subject: "birthday \(date)", request: nil, by: change(now), in: &tx)
        }
      }
    }
    let isLast = born.count < Self.persons
    let state: JSON = .object(["day": .int(Int64(today.number)), "last": .int(born.last?.id.raw ?? after)])
    try await database.write(.bulk) { tx in
      _ = try walk.reach(state, isDone: isLast, key: key, after: known?.step, at: now, in: &tx)
    }
    return !isLast
  }
}

extension RewardedAction {
  /// True where all that a profile must have is there.
  func isFilled(_ person: Person?, _ kinds: Set<IdentifierKind>) -> Bool {
    fields.allSatisfy { field in
      switch field {
      case .familyName: person?.familyName != nil
      case .givenName: person?.givenName != nil
      case .patronymic: person?.patronymic != nil
      case .birthday: person?.birthday != nil
      case .sex: person?.sex != nil
      case .language: person?.language != nil
      case .city: person?.city != nil
      case .phone: kinds.contains(.phone)
      case .email: kinds.contains(.email)
      }
    }
  }
}
