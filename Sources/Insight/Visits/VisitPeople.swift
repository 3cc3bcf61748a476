import Access
import Customers
import Jobs
import Kernel
import Loyalty
import Storage

/// Keeps events with their people: follows who was merged, who was separated again and who was erased.
public struct VisitPeople: Sendable {
  public static let follower = Follower("visits")

  private let account: AccountID
  private let random: @Sendable () -> UInt64

  /// - Parameter random: new names for the visitors' ids of who was erased.
  public init(of account: AccountID, random: @escaping @Sendable () -> UInt64) { (self.account, self.random) = (account, random) }

  public func take(_ events: [Event], at now: Instant, in tx: inout Transaction) throws {
    for event in events {
      switch event.kind {
      case .memberErased: try forget(MemberID(event.owner), at: now, &tx)
      case .memberMerged, .memberUnmerged:
        for member in Set([MemberID(event.owner), MemberID(event.subject)]).sorted() { try settle(member, at: now, &tx) }
      default: continue
      }
    }
  }

  /// Hands what counts for a member to whoever stands for those whom it named. Repeated, it changes nothing.
  private func settle(_ owner: MemberID, at now: Instant, _ tx: inout Transaction) throws {
    for row in try tx.rows(VisitPeopleSQL.named(account, owner)) {
      let (one, programme): (MemberID, ProgrammeID) = (row.id(0), row.id(1))
      guard let member = try Members(of: account, programme: programme).members([one], in: &tx)[one] else { continue }
      let stands = member.mergedInto ?? one
      guard stands != owner else { continue }
      try tx.enqueue(VisitPeopleSQL.handOverEvents(account, one, to: stands))
      try tx.enqueue(VisitPeopleSQL.handOverVisitors(account, one, to: stands))
      let days = Set(try tx.rows(VisitPeopleSQL.handOverVisits(account, one, to: stands)).map { $0.day(0) })
      try note([owner, one, stands], days, programme, now, &tx)
    }
  }

  private func note(
    _ members: Set<MemberID>, _ days: Set<CivilDay>, _ programme: ProgrammeID, _ now: Instant, _ tx: inout Transaction
  ) throws {
    let moment = try tx.row(VisitSQL.enter(account, programme, now))?.instant(0) ?? now
    for member in members.sorted() { try tx.enqueue(VisitSQL.touch(account, programme, member, moment)) }
    for day in days.sorted() { try tx.enqueue(VisitDaySQL.spoil(account, programme, day, moment)) }
  }

  /// What a member did stays counted, as somebody's of whom nothing is known.
  private func forget(_ owner: MemberID, at now: Instant, _ tx: inout Transaction) throws {
    let visitors = try tx.rows(VisitPeopleSQL.visitors(account, owner))
    let days = Set(try tx.rows(VisitPeopleSQL.days(account, owner)).map { $0.day(0) })
    for row in visitors {
      let (visitor, programme): (String, ProgrammeID) = (row.text(0), row.id(1))
      // Told apart still, so that counts of visitors stay what they were; but by a name that nobody has.
      let name = NewEvent.reserved + "x" + String(random(), radix: 36) + String(random(), radix: 36)
      try tx.enqueue(VisitPeopleSQL.forgetEvents(account, programme, owner, visitor, as: name))
      try tx.enqueue(VisitPeopleSQL.forgetVisits(account, programme, owner, visitor, as: name))
      try tx.enqueue(VisitPeopleSQL.forgetVisitor(account, programme, owner, visitor))
    }
    if let programme: ProgrammeID = visitors.first?.id(1) { try note([], days, programme, now, &tx) }
    try tx.enqueue(VisitPeopleSQL.forgetTouch(account, owner))
  }
}
