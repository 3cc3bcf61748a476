import Access
import Conditions
import Jobs
import Kernel
import Storage

/// What the members of one programme agreed to, act by act. What stands is kept in the member's row as well, so that a sale asks nothing.
public struct ConsentBook: Sendable {
  let members: Members

  public init(of members: Members) { self.members = members }

  /// Writes down acts, at most `Limits.bulk` of them, in any order: the latest of each consent has the last word. The same act again
  /// changes nothing. Four statements, on PostgreSQL five, and one more for each member whose consents changed.
  /// - Returns: how many were new.
  /// - Throws: `Problem.invalid`; `Problem.notFound` (`member_unknown`); `Problem.conflict` (`member_erased`, `too_many_consents`).
  public func record(
    _ acts: [(member: MemberID, act: ConsentAct)], by change: Change, in tx: inout Transaction
  ) throws -> Int {
    let issues = IssueList()
    for (place, one) in acts.prefix(Limits.bulk).enumerated() {
      one.act.check(at: acts.count == 1 ? "" : "/\(place)", now: change.at, issues)
    }
    if acts.count > Limits.bulk { issues.add("", "too_many", "at most \(Limits.bulk) consents go into one write") }
    try issues.check("the consents")
    guard !acts.isEmpty else { return 0 }
    let owners = Set(acts.map(\.member)).sorted()
    let standing = try locked(owners, &tx)
    var known = try self.known(owners, &tx)
    var fresh: [(member: MemberID, act: ConsentAct)] = []
    for (member, act) in acts {
      let before = known[member] ?? []
      guard !before.contains(where: { $0.key == act.key }) else { continue }
      // Nobody is refused a withdrawal.
      if act.isGiven, before.count >= Limits.consents { throw ConsentProblem.tooMany(member) }
      known[member] = before + [act]
      fresh.append((member, act))
    }
    try write(fresh, change, &tx)
    for member in Set(fresh.map(\.member)).sorted() {
      let now = Consents(after: known[member] ?? [])
      guard now != standing[member] else { continue }
      try tx.enqueue(ConsentSQL.set(members.account, members.programme, member, now))
      try members.tell(.memberChanged, member, change, &tx)
    }
    return fresh.count
  }

  /// Latest first, with those of members who were merged into this one: two statements, or one for whoever knows them.
  public func records(of member: MemberID, besides guests: [MemberID]? = nil, limit: Int, in tx: inout Transaction) throws
    -> [ConsentRecord]
  {
    let some = min(max(1, limit), Limits.page)
    let owners = try [member] + (guests ?? merges.family(of: member, in: &tx))
    return try tx.rows(ConsentSQL.records(members.account, members.programme, owners, some)).map {
      try ConsentSQL.record($0).record
    }
  }

  /// The same with since when the register has the text that each names; nil where it has none. One statement.
  public func told(to member: MemberID, besides guests: [MemberID], limit: Int, in tx: inout Transaction) throws
    -> [(record: ConsentRecord, textFrom: CivilDay?)]
  {
    let some = min(max(1, limit), Limits.page)
    return try tx.rows(ConsentSQL.told(members.account, members.programme, [member] + guests, some)).map {
      (try ConsentSQL.record($0).record, $0.intOrNil(9).map { CivilDay(number: Int32($0)) })
    }
  }

  /// What stands, and since when without a break: by the acts of everybody that each stands for. At most `Limits.bulk` members; who agreed
  /// to nothing is missing. Two statements.
  public func since(of owners: [MemberID], in tx: inout Transaction) throws -> [MemberID: [StandingConsent]] {
    guard !owners.isEmpty else { return [:] }
    return try known(Array(Set(owners).sorted().prefix(Limits.bulk)), &tx).compactMapValues { acts in
      let standing = StandingConsent.all(after: acts)
      return standing.isEmpty ? nil : standing
    }
  }

  private var merges: Merges { Merges(of: members.account, programme: members.programme) }

  /// What stands after a merge or its end: by the acts of everybody that the member stands for, the latest of each consent.
  func settle(_ member: MemberID, in tx: inout Transaction) throws {
    let acts = try known([member], &tx)[member] ?? []
    try tx.enqueue(ConsentSQL.set(members.account, members.programme, member, Consents(after: acts)))
  }

  /// Consents as they stand, of members whose rows are held until the transaction ends: two acts at once are one after the other.
  private func locked(_ owners: [MemberID], _ tx: inout Transaction) throws -> [MemberID: Consents] {
    var standing: [MemberID: Consents] = [:]
    for row in try tx.rows(ConsentSQL.locked(members.account, members.programme, owners, tx.dialect)) {
      let member: MemberID = row.id(0)
      guard row.text(1) != Member.Status.erased.rawValue else { throw MemberProblem.erased(member) }
      if let survivor: MemberID = row.idOrNil(3) { throw MergeProblem.merged(member, survivor) }
      standing[member] = Consents(bits: row.intOrNil(2) ?? 0)
    }
    if let stranger = owners.first(where: { standing[$0] == nil }) { throw MemberProblem.unknown(stranger) }
    return standing
  }

  private func known(_ owners: [MemberID], _ tx: inout Transaction) throws -> [MemberID: [ConsentAct]] {
    var known: [MemberID: [ConsentAct]] = [:]
    let families = try merges.families(of: owners, in: &tx)
    let survivors = Dictionary(families.flatMap { one, many in many.map { ($0, one) } }, uniquingKeysWith: { first, _ in first })
    let all = owners + survivors.keys.sorted()
    // Room for withdrawals beyond what may be given.
    let most = all.count * Limits.consents * 2
    for row in try tx.rows(ConsentSQL.records(members.account, members.programme, all, most)) {
      let (member, record) = try ConsentSQL.record(row)
      known[survivors[member] ?? member, default: []].append(record.act)
    }
    return known
  }

  /// Nobody changes a text while somebody agrees to it; one that nobody registered is as good.
  private func hold(_ acts: [ConsentAct], _ tx: inout Transaction) throws {
    guard !acts.isEmpty, !tx.dialect.forShare.isEmpty else { return }
    let (consents, versions) = (Set(acts.map(\.consent.rawValue)).sorted(), Set(acts.map(\.text)).sorted())
    _ = try tx.rows(ConsentTextSQL.hold(members.account, members.programme, consents, versions, tx.dialect))
  }

  private func write(
    _ fresh: [(member: MemberID, act: ConsentAct)], _ change: Change, _ tx: inout Transaction
  ) throws {
    guard let first = fresh.first else { return }
    try hold(fresh.map(\.act).filter { !$0.text.isEmpty }, &tx)
    try tx.insert(
      fresh.map { ConsentSQL.values(members.account, members.programme, $0.member, $0.act, change) }, into: CustomersSchema.consent,
      ConsentSQL.inserted)
    guard fresh.count == 1 else {
      let range: JSON = .object(["rows": .int(Int64(fresh.count))])
      return try members.note(.did("consent.imported", first.member, after: range), change, &tx)
    }
    let act = first.act
    let after: JSON = .object([
      "consent": .string(act.consent.rawValue), "at": .string(act.at.text), "text": .string(act.text),
      "source": .string(act.source),
    ])
    try members.note(.did(act.isGiven ? "consent.given" : "consent.withdrawn", first.member, after: after), change, &tx)
  }
}

enum ConsentProblem {
  static func tooMany(_ member: MemberID) -> Problem {
    Problem(
      .conflict, "too_many_consents",
      "member \(member) has given and withdrawn consents \(Limits.consents) times; only withdrawals are taken now")
  }
}
