import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// Points that members of one programme give to each other.
///
/// A transfer locks the two wallets in the order of their owners, as households and returns do, and looks at limits and at what is there
/// behind the lock: of any number of transfers at once none takes a point that another has taken.
public struct Transfers: Sendable {
  let programme: Programme
  let wallets: Wallets

  /// - Parameter programme: with the settings as they are stored now, not as tills have them.
  public init(of programme: Programme, ids: IDSource) {
    self.programme = programme
    wallets = Wallets(of: programme, ids: ids)
  }

  var account: AccountID { programme.account }
  var points: PointsTerms { programme.settings.points }
  public var terms: TransferTerms? { programme.settings.transfers }
  func day(_ now: Instant) -> CivilDay { points.zone.civil(at: now).day }

  /// What somebody asks for.
  public struct Ask: Sendable {
    public let giver: MemberID
    public let receiver: MemberID
    public let points: Points
    public let message: String?
    public let proof: TransferProof
    /// Limits or blocks stop the giver where this is asked.
    public var isStopped = false

    public init(_ points: Points, from giver: MemberID, to receiver: MemberID, message: String? = nil, proof: TransferProof) {
      (self.points, self.giver, self.receiver, self.message, self.proof) = (points, giver, receiver, message, proof)
    }

    func hash(_ body: Int64) -> StableHash {
      var hash = StableHash()
      hash.mix("transfer")
      for number in [giver.raw, receiver.raw, points.units, body] { hash.mix(number) }
      hash.mix(message ?? "")
      return hash
    }
  }

  /// Gives points to another member. Sent again under the same request key it is given once.
  ///
  /// Some twelve statements.
  /// - Throws: `Problem.notFound` (`member_unknown`, `receiver_unknown`); `Problem.invalid` (a message or a reason that is too long);
  ///   `Problem.conflict` with the words of `TransferProblem`, or `request_key_reused`.
  public func give(_ ask: Ask, request: (key: RequestKey, body: Int64), by change: Change, in tx: inout Transaction) throws
    -> Transfer
  {
    let id: TransferID = change.id()
    let earlier = try wallets.once(request.key, ask.giver, id.raw, ask.hash(request.body), change, in: &tx)
    if let earlier { return try find(TransferID(earlier), in: &tx) }
    guard let terms else { throw TransferProblem.off }
    let giver = try programme.members.profile(ask.giver, at: change.at, in: &tx)
    guard let receiver = try programme.members.knownProfile(ask.receiver, at: change.at, in: &tx) else {
      throw TransferProblem.receiverUnknown
    }
    try check(ask, from: giver, to: receiver, terms)
    let confirmation = try proof(ask, giver.member.id, terms, at: change.at, in: &tx)
    var pair = try open(giver.member.id, receiver.member.id, at: change.at, in: &tx)
    if let confirmation, try tx.row(TransferSQL.used(account, programme.id, pair.giver.owner, confirmation)) != nil {
      throw TransferProblem.needsCode
    }
    let room = try room(of: pair.giver, terms, at: change.at, in: &tx)
    try check(ask.points, room, terms)
    let isCircle =
      try tx.row(
        TransferSQL.back(
          account, programme.id, from: pair.receiver.owner, to: pair.giver.owner,
          since: change.at - .days(Int64(Transfer.circleDays)))
      ) != nil
    let reached = wallets.countGiving(
      ask.points, isCircle: isCircle, as: giver.member.kind, watching: programme.settings.watch, in: &pair.giver.wallet,
      on: day(change.at))
    if let reached { throw TransferProblem.guarded(reached, wallets.text) }
    let made = Transfer(
      id: id, giver: MemberID(pair.giver.owner), receiver: MemberID(pair.receiver.owner), points: ask.points,
      fee: terms.fee(of: ask.points), message: ask.message, day: day(change.at), at: change.at, actor: change.actor.description,
      isCircle: isCircle, undone: nil)
    try move(made, &pair, terms, confirmation, change, in: &tx)
    try tell(made, ask.proof, change, in: &tx)
    return made
  }

  /// What the member could give now, and why no more. Three statements.
  public func room(of member: MemberID, at now: Instant, in tx: inout Transaction) throws -> TransferRoom? {
    guard let terms else { return nil }
    guard var open = try wallets.peek(member.raw, in: &tx) else {
      return TransferRoom(available: .zero, today: nil, thisMonth: nil)
    }
    wallets.advance(&open, at: now)
    return try room(of: open, terms, at: now, in: &tx)
  }

  /// The same with the wallet at hand, advanced to now: one statement where limits of a day or a month ask for it, else none.
  public func room(of member: MemberID, holding wallet: Wallet, at now: Instant, in tx: inout Transaction) throws -> TransferRoom? {
    guard let terms else { return nil }
    return try room(of: OpenWallet(owner: member.raw, version: 0, wallet: wallet), terms, at: now, in: &tx)
  }

  /// Latest first, given and got, of this member and whom they stand for.
  public func transfers(
    of member: MemberID, besides guests: [MemberID] = [], before: TransferID? = nil, limit: Int, in tx: inout Transaction
  ) throws -> [Transfer] {
    let (last, some) = (before ?? TransferID(.max), min(max(1, limit), Limits.page))
    var found: [TransferID: Transfer] = [:]
    for owner in [member] + guests {
      for row in try tx.rows(TransferSQL.transfers(account, programme.id, of: owner, before: last, some)) {
        let transfer = TransferSQL.transfer(row)
        found[transfer.id] = transfer
      }
    }
    return Array(found.values.sorted { $0.id > $1.id }.prefix(some))
  }

  /// All of the programme, latest first. - Parameter circles: only those that went round.
  public func latest(
    before: TransferID? = nil, circles: Bool = false, limit: Int, in tx: inout Transaction
  ) throws -> [Transfer] {
    let (last, some) = (before ?? TransferID(.max), min(max(1, limit), Limits.page))
    let asked =
      circles
      ? TransferSQL.circles(account, programme.id, before: last, some)
      : TransferSQL.latest(account, programme.id, before: last, some)
    return try tx.rows(asked).map(TransferSQL.transfer)
  }

  /// - Throws: `Problem.notFound` (`transfer_unknown`).
  public func find(_ id: TransferID, in tx: inout Transaction) throws -> Transfer {
    guard let row = try tx.row(TransferSQL.byID(account, programme.id, id)) else { throw TransferProblem.unknown(id) }
    return TransferSQL.transfer(row)
  }
}

// What speaks against it.
extension Transfers {
  private func check(_ ask: Ask, from giver: MemberProfile, to receiver: MemberProfile, _ terms: TransferTerms) throws(Problem) {
    let (one, other) = (giver.member, receiver.member)
    let issues = IssueList()
    if let message = ask.message { checkName(message, at: "/message", issues) }
    if case .told(let reason) = ask.proof { checkName(reason, at: "/reason", issues) }
    try issues.check("the transfer")
    if other.status == .erased { throw TransferProblem.receiverUnknown }
    if one.id == other.id { throw TransferProblem.oneself }
    if one.status != .active { throw TransferProblem.giverStopped }
    if ask.isStopped { throw TransferProblem.stopped }
    if other.status != .active { throw TransferProblem.receiverBlocked }
    if !programme.settings.treatment(of: one.kind).spends { throw TransferProblem.kind(one.kind, isGiver: true) }
    if !programme.settings.treatment(of: other.kind).earns { throw TransferProblem.kind(other.kind, isGiver: false) }
    if terms.whom == .household, giver.household == nil || giver.household != receiver.household {
      throw TransferProblem.otherHousehold
    }
  }

  /// - Returns: the code that was typed, which no other transfer may have used.
  private func proof(
    _ ask: Ask, _ giver: MemberID, _ terms: TransferTerms, at now: Instant, in tx: inout Transaction
  ) throws -> ConfirmationID? {
    guard case .shown(let strength, let id) = ask.proof else { return nil }
    let code = try id.flatMap { try programme.confirmations.find($0, of: ask.giver, in: &tx) }
    let isRight = code?.allowsGiving(ask.points, by: ask.giver, at: now) ?? false
    // A code that was meant for something else proves nothing here.
    if terms.needsCode || code != nil, !isRight { throw TransferProblem.needsCode }
    guard isRight || strength != .typed else { throw TransferProblem.notProved }
    return isRight ? id : nil
  }

  private func check(_ asked: Points, _ room: TransferRoom, _ terms: TransferTerms) throws(Problem) {
    func text(_ points: Points) -> String { wallets.text(max(.zero, points)) }
    guard asked <= Points(units: Limits.basketAmount) else { throw TransferProblem.above(text(Points(units: Limits.basketAmount))) }
    if asked < terms.least || asked <= .zero { throw TransferProblem.below(text(terms.least)) }
    if let most = terms.most, asked > most { throw TransferProblem.above(text(most)) }
    if let today = room.today, asked > today { throw TransferProblem.day(text(today)) }
    if let month = room.thisMonth, asked > month { throw TransferProblem.month(text(month)) }
    if asked > room.available { throw TransferProblem.lacking(text(room.available), text(asked)) }
    if terms.fee(of: asked) >= asked { throw TransferProblem.nothingLeft }
  }

  private func room(
    of open: OpenWallet, _ terms: TransferTerms, at now: Instant, in tx: inout Transaction
  ) throws -> TransferRoom {
    let today = day(now)
    var (given, month) = (Points.zero, Points.zero)
    if terms.mostPerDay != nil || terms.mostPerMonth != nil {
      let owners = [open.owner] + open.wallet.guests.map(\.raw)
      let row = try tx.row(TransferSQL.sums(account, programme.id, owners, today, since: today.adding(days: 1 - today.parts.day)))
      (given, month) = (row?.points(0) ?? .zero, row?.points(1) ?? .zero)
    }
    return TransferRoom(
      available: open.wallet.available(of: terms.families, points), today: terms.mostPerDay.map { max(.zero, $0 - given) },
      thisMonth: terms.mostPerMonth.map { max(.zero, $0 - month) })
  }
}

/// The wallets of the two, locked.
struct TransferPair {
  var giver: OpenWallet
  var receiver: OpenWallet
}

// What happens.
extension Transfers {
  /// Locked in the order of their owners. - Throws: `Problem.conflict` where both stand under one name by now.
  func open(_ giver: MemberID, _ receiver: MemberID, at now: Instant, in tx: inout Transaction) throws -> TransferPair {
    var opened: [MemberID: OpenWallet] = [:]
    for member in [giver, receiver].sorted() { opened[member] = try wallets.open(member.raw, at: now, in: &tx).alone }
    guard let one = opened[giver], let other = opened[receiver] else { preconditionFailure("both were opened") }
    guard one.owner != other.owner else { throw TransferProblem.oneself }
    return TransferPair(giver: one, receiver: other)
  }

  private func move(
    _ made: Transfer, _ pair: inout TransferPair, _ terms: TransferTerms, _ confirmation: ConfirmationID?, _ change: Change,
    in tx: inout Transaction
  ) throws {
    let occasion = Occasion(.transfer(made.id), at: made.at, posted: made.at)
    let before = pair.giver.wallet
    let left = pair.giver.wallet.giveAway(
      made.points, fee: made.fee, of: terms.families, to: .transferred, on: occasion, points)
    pair.giver.entries += left.entries
    pair.receiver.entries += pair.receiver.wallet.receive(
      left.given.map(before.fixed), as: .transfer(made.id), keepsLife: terms.keepsLife, on: occasion.because(.received(made.id)),
      points)
    for open in [pair.giver, pair.receiver] { try wallets.save(open, at: made.at, in: &tx) }
    try tx.enqueue(TransferSQL.insert(made, left.given, left.fee, confirmation, account, programme.id))
  }

  private func tell(_ made: Transfer, _ proof: TransferProof, _ change: Change, in tx: inout Transaction) throws {
    func note(_ other: MemberID, _ key: String, _ points: Points) -> JSON {
      var members = [
        JSON.Member("transfer", .string("\(made.id)")), JSON.Member("points", .string(wallets.text(points))),
        JSON.Member(key, .string("\(other)")),
      ]
      if made.fee > .zero { members.append(JSON.Member("fee", .string(wallets.text(made.fee)))) }
      if case .told(let reason) = proof { members.append(JSON.Member("reason", .string(reason))) }
      return .object(members)
    }
    try AuditTrail(of: account).record(
      [
        .did("points.transferred", made.giver, after: note(made.receiver, "to", made.points)),
        .did("points.received", made.receiver, after: note(made.giver, "from", made.received)),
      ], by: change, in: &tx)
    try events(of: made, made.points, count: 1, change, in: &tx)
  }

  /// Tells both sides; what the guard counts stands with the giver's.
  func events(
    of made: Transfer, _ points: Points, count: Int64, _ change: Change, in tx: inout Transaction
  ) throws {
    let counted: JSON = .object([
      "d": .int(Int64(made.day.number)), "e": .int(points.units), "p": .int(programme.id.raw), "n": .int(count),
      "c": .int(made.isCircle ? count : 0),
    ])
    let outbox = Outbox(of: account)
    try outbox.put(
      Event(
        .pointsTransferred, id: change.id(), owner: made.giver.raw, subject: made.id.raw, at: change.at, body: counted), in: &tx)
    try outbox.put(
      Event(.pointsReceived, id: change.id(), owner: made.receiver.raw, subject: made.id.raw, at: change.at), in: &tx)
  }
}
