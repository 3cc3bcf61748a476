import Access
import Customers
import Kernel
import Storage

extension Transfers {
  /// Takes a transfer back, as far as the receiver still has the points: never below zero. What was spent, or ended, stays with the
  /// receiver. The fee comes back where everything does. Sent again it is the same.
  /// - Parameter member: giver or receiver, by whose name it is known.
  /// - Throws: `Problem.notFound` (`transfer_unknown`); `Problem.invalid` (a reason that is missing); `Problem.conflict`
  ///   (`transfer_too_old`, `transfer_spent`, `transfer_merged`, `transfer_gone`).
  @discardableResult
  public func undo(
    _ id: TransferID, of member: MemberID, because reason: String, by change: Change, in tx: inout Transaction
  ) throws -> Transfer {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the reason")
    let known = try mine(id, member, in: &tx)
    guard known.undone == nil else { return known }
    let days = terms?.undoDays ?? TransferTerms().undoDays
    guard day(change.at) <= known.day.adding(days: days) else { throw TransferProblem.late(days) }
    var pair: TransferPair
    do { pair = try reopen(known, at: change.at, in: &tx) } catch let problem as Problem where problem.code == "transfer_self" {
      throw TransferProblem.merged
    }
    // Whoever did the same meanwhile has done it.
    let again = try mine(id, member, in: &tx)
    guard again.undone == nil else { return again }
    guard try programme.members.profile(MemberID(pair.giver.owner), at: change.at, in: &tx).member.status != .erased else {
      throw TransferProblem.gone
    }
    let undone = try moveBack(known, &pair, because: reason, change, in: &tx)
    try tx.enqueue(TransferSQL.undo(undone, account, programme.id))
    try note(undone, reason, change, in: &tx)
    return undone
  }

  private func mine(_ id: TransferID, _ member: MemberID, in tx: inout Transaction) throws -> Transfer {
    let known = try find(id, in: &tx)
    guard known.giver == member || known.receiver == member else { throw TransferProblem.unknown(id) }
    return known
  }

  /// The wallets that stand for the two now, locked in their order, with by how much the numbers of the giver's lots are higher.
  private func reopen(_ known: Transfer, at now: Instant, in tx: inout Transaction) throws -> TransferPair {
    var opened: [MemberID: OpenWallet] = [:]
    for owner in [known.giver, known.receiver].sorted() { opened[owner] = try wallets.open(owner.raw, at: now, in: &tx) }
    guard let giver = opened[known.giver], let receiver = opened[known.receiver] else { preconditionFailure("both were opened") }
    guard giver.owner != receiver.owner else { throw TransferProblem.oneself }
    return TransferPair(giver: giver, receiver: receiver)
  }

  private func moveBack(
    _ known: Transfer, _ pair: inout TransferPair, because reason: String, _ change: Change, in tx: inout Transaction
  ) throws -> Transfer {
    guard let row = try tx.row(TransferSQL.parts(account, programme.id, known.id)) else { throw TransferProblem.unknown(known.id) }
    let occasion = Occasion(.transferBack(known.id), at: change.at, posted: change.at)
    let shift = pair.giver.asked?.shift ?? 0
    let left = pair.receiver.wallet.returnLeft(of: .transfer(known.id), on: occasion.because(.receivedBack(known.id)))
    guard left.points > .zero else { throw TransferProblem.spent }
    let given = try ReceiptPoints(document: row.bytes(0)).spending
    let fee = try ReceiptPoints(document: row.bytes(1)).spending
    // A coalesced lot may hold more under this name than came with it: never.
    let back = min(left.points, given.total)
    let isWhole = back == given.total
    pair.receiver.entries += left.entries
    pair.giver.entries += pair.giver.wallet.takeHome(
      given.splitting(back).back.burns.map { $0.shifted(by: shift) }, from: .transferred, on: occasion, points)
    if isWhole {
      pair.giver.entries += pair.giver.wallet.takeHome(
        fee.burns.map { $0.shifted(by: shift) }, from: .fees, on: occasion, points)
    }
    let all = isWhole ? back + fee.total : back
    // Where no limit of a day counted it, there is nothing to take off.
    if pair.giver.wallet.given(GuardTally.transferring)?.given(on: known.day).uses ?? 0 > 0 {
      pair.giver.wallet.discount(
        Use(
          promotion: GuardTally.transferring, day: known.day,
          given: isWhole ? .given(all, isCircle: known.isCircle) : Given(points: all)))
    }
    for open in [pair.giver, pair.receiver] { try wallets.save(open.alone, at: change.at, in: &tx) }
    return Transfer(
      id: known.id, giver: known.giver, receiver: known.receiver, points: known.points, fee: known.fee, message: known.message,
      day: known.day, at: known.at, actor: known.actor, isCircle: known.isCircle,
      undone: Transfer.Undoing(at: change.at, actor: change.actor.description, points: all, reason: reason))
  }

  private func note(_ undone: Transfer, _ reason: String, _ change: Change, in tx: inout Transaction) throws {
    let points = undone.undone?.points ?? .zero
    func after(_ key: String, _ other: MemberID) -> JSON {
      .object([
        "transfer": .string("\(undone.id)"), "points": .string(wallets.text(points)), key: .string("\(other)"),
        "reason": .string(reason),
      ])
    }
    try AuditTrail(of: account).record(
      [
        .did("transfer.undone", undone.giver, after: after("to", undone.receiver)),
        .did("transfer.undone", undone.receiver, after: after("from", undone.giver)),
      ], by: change, in: &tx)
    try events(of: undone, .zero - points, count: points == undone.points ? -1 : 0, change, in: &tx)
  }
}
