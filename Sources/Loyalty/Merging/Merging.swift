import Access
import Calculator
import Conditions
import Customers
import Jobs
import Kernel
import Storage

/// Makes one member of two who are one person, and two again: who they are, and everything that a till moves.
///
/// Facts never move: receipts, returns and entries keep their owner. What is left of them does – lots with their lives, holds, debts,
/// status points, counters, stamps, coupons, turns – by entries in both journals, and an emptied wallet says whose has it now. So whatever
/// still names the member who was merged moves the survivor's points, and a sale to somebody who never was costs nothing more.
public struct Merging: Sendable {
  let programme: Programme
  let wallets: Wallets
  let games: Games

  public init(of programme: Programme, ids: IDSource) {
    self.programme = programme
    wallets = Wallets(of: programme, ids: ids)
    games = Games(of: programme, ids: ids, keys: nil)
  }

  var account: AccountID { programme.account }
  var cards: [StampCard] { programme.settings.terms.stampCards }
  private var points: PointsTerms { programme.settings.points }

  /// Merges a member into another. Sent again under the same request key it happens once; who did it and why stands in both trails.
  ///
  /// Costs some thirty statements, however long the histories are. Both wallets are locked, so that tills that serve either of the two
  /// come before or after: a sale that comes after is the survivor's.
  /// - Throws: as `Merges.pair`; `Problem.invalid` (a reason that is missing); `Problem.conflict` (`request_key_reused`, `too_many_holds`).
  @discardableResult
  public func merge(
    _ merged: MemberID, into survivor: MemberID, _ choice: MergeChoice = MergeChoice(), because reason: String,
    request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws -> MergeID {
    let issues = IssueList()
    checkName(reason, at: "/reason", issues)
    try issues.check("the merge")
    let id: MergeID = change.id()
    var body = StableHash()
    for text in ["merge", reason] + choice.sides.map({ "\($0.key.rawValue) \($0.value.rawValue)" }).sorted() { body.mix(text) }
    for number in [merged.raw, survivor.raw] { body.mix(number) }
    if let earlier = try wallets.once(request, survivor, id.raw, body, change, in: &tx) { return MergeID(earlier) }
    // Looks before it opens wallets: nobody gets one who is not there.
    _ = try programme.merges.pair(merged, into: survivor, choice, in: &tx)
    try Households(of: programme).follow(merged, into: survivor, by: change, in: &tx)
    var (one, other) = try openBoth(survivor, merged, at: change.at, in: &tx)
    guard one.asked == nil, other.asked == nil else { throw MergeMoves.mergedMeanwhile }
    let theirs = try activated(by: merged, in: &tx)
    try programme.merges.absorb(merged, into: survivor, choice, as: id, because: reason, by: change, in: &tx)
    guard one.wallet.holds.count + other.wallet.holds.count <= Limits.holds else {
      throw PointsRefusal.tooManyHolds(limit: Limits.holds).problem(points)
    }
    let (before, own) = (other.wallet, one.wallet)
    let occasion = Occasion(.merge(id), at: change.at, posted: change.at)
    let moving = one.wallet.takeOver(&other.wallet, of: merged, as: survivor, by: id, cards, on: occasion)
    let record = MergedWallet(
      before: before, shift: own.lastLot.raw, slidesBefore: own.slides, slidesAfter: one.wallet.slides)
    try write(moving, &one, &other, by: change, in: &tx)
    var moved = MovedThings()
    moved.offers = try shareOffers(theirs, of: before, to: survivor, own, in: &tx)
    moved.coupons = try tx.rows(MergingSQL.moveCoupons(account, from: merged, to: survivor)).map { $0.text(0) }
    moved.turns = try games.turns(of: merged, in: &tx).compactMap { $0.left > 0 ? GivenTurns(game: $0.game, count: $0.left) : nil }
    for turns in moved.turns { try move(turns, from: merged, to: survivor, at: change.at, in: &tx) }
    moved.finds = try games.moveAlbums(games.everyFind(of: merged, in: &tx), from: merged, to: survivor, at: change.at, in: &tx)
    try moveTiers(of: merged, to: survivor, by: change, in: &tx)
    let last = try lastReturn(of: [merged.raw] + before.guests.map(\.raw), in: &tx)
    try tx.enqueue(
      MergingSQL.insert(id, account, programme.id, merged, into: survivor, record, moved, after: last, at: change.at))
    return id
  }

  private func lastReturn(of owners: [Int64], in tx: inout Transaction) throws -> ReturnID {
    try tx.row(MergingSQL.lastReturn(account, programme.id, owners))?.id(0) ?? ReturnID(0)
  }

  /// Takes two members apart again. What is left of what moved goes back; what was spent since stays spent, and what the survivor bought
  /// and earned since stays theirs. Key and trail as for `merge`.
  /// - Throws: as `Merges.release`; `Problem.conflict` (`points_held`, `request_key_reused`).
  public func unmerge(
    _ merged: MemberID, request: RequestKey, by change: Change, in tx: inout Transaction
  ) throws {
    var body = StableHash()
    body.mix("unmerge")
    body.mix(merged.raw)
    guard try wallets.once(request, merged, merged.raw, body, change, in: &tx) == nil else { return }
    let standing = try programme.merges.standing(of: merged, in: &tx)
    var (one, other) = try openBoth(standing.survivor, merged, at: change.at, apart: true, in: &tx)
    let merge = try programme.merges.release(merged, by: change, in: &tx)
    let apart = try takenApart(merge, one.wallet, in: &tx)
    if let end = apart.heldUntil { throw Self.held(until: end) }
    let occasion = Occasion(.merge(merge.id), at: change.at, posted: change.at)
    let moving = one.wallet.handBack(apart.record, to: &other.wallet, own: apart.own, cards, on: occasion)
    one.wallet.guests.removeAll { $0 == merged || apart.record.before.guests.contains($0) }
    try remember(&one, in: &tx)
    try remember(&other, in: &tx)
    try write(moving, &one, &other, by: change, in: &tx)
    let (survivor, codes) = (merge.survivor, apart.moved.coupons)
    try takeOffers(apart.moved.offers, from: survivor, apart.own, in: &tx)
    for start in stride(from: 0, to: codes.count, by: Limits.bulk) {
      let some = Array(codes[start..<min(start + Limits.bulk, codes.count)])
      try tx.enqueue(MergingSQL.moveCoupons(account, some, from: survivor, to: merged))
    }
    for turns in apart.moved.turns {
      let left = try games.turns(of: survivor, in: turns.game, in: &tx)?.left ?? 0
      let back = GivenTurns(game: turns.game, count: min(turns.count, left))
      if back.count > 0 { try move(back, from: survivor, to: merged, at: change.at, in: &tx) }
    }
    let finds = try games.staying(apart.moved.finds, of: merged, since: merge.id, in: &tx)
    _ = try games.moveAlbums(finds, from: survivor, to: merged, at: change.at, in: &tx)
    try giveBackTiers(of: [merged] + apart.record.before.guests, to: merged, from: survivor, by: change, in: &tx)
    try tx.enqueue(MergingSQL.end(account, programme.id, merged, merge.id, at: change.at))
  }

  static func held(until end: Instant) -> Problem {
    Problem(
      .conflict, "points_held", "a till has set some of the points aside, until \(end.text) at the latest; try again then",
      cashier: LocalText(
        ru: "Часть баллов сейчас отложена под чек, попробуйте чуть позже",
        en: "Some of the points are set aside for a receipt, try a little later"))
  }
}

extension Merging {
  /// Both wallets, locked in the order of their owners and advanced to now.
  /// - Parameter apart: the second one as it was left, although it was merged.
  private func openBoth(
    _ survivor: MemberID, _ merged: MemberID, at now: Instant, apart: Bool = false, in tx: inout Transaction
  ) throws -> (OpenWallet, OpenWallet) {
    func open(_ member: MemberID) throws -> OpenWallet {
      apart && member == merged
        ? try wallets.openLeft(member.raw, in: &tx) : try wallets.open(member.raw, at: now, in: &tx)
    }
    if survivor < merged {
      let one = try open(survivor)
      return (one, try open(merged))
    }
    let other = try open(merged)
    return (try open(survivor), other)
  }

  private func write(
    _ moving: Wallet.Moving, _ survivor: inout OpenWallet, _ merged: inout OpenWallet, by change: Change, in tx: inout Transaction
  ) throws {
    survivor.entries += moving.came
    merged.entries += moving.left
    try wallets.save(survivor, at: change.at, in: &tx)
    try wallets.save(merged, at: change.at, in: &tx)
    let stamps = StampMoves(wallets, cards)
    try stamps.write(moving.stampsLeft, of: merged, by: change, in: &tx)
    try stamps.write(moving.stampsCame, of: survivor, by: change, in: &tx)
  }

  private func move(
    _ turns: GivenTurns, from member: MemberID, to other: MemberID, at now: Instant, in tx: inout Transaction
  ) throws {
    try tx.enqueue(DrawSQL.takeBack(account, member.raw, turns.game, turns.count))
    try tx.enqueue(
      DrawSQL.note(
        wallets.ids.next(at: now), account, member.raw, turns.game, -turns.count, at: now, because: MergeMoves.word))
    try tx.enqueue(DrawSQL.bring(account, other.raw, turns.game, turns.count))
    try tx.enqueue(
      DrawSQL.note(wallets.ids.next(at: now), account, other.raw, turns.game, turns.count, at: now, because: MergeMoves.word))
  }

  /// The first and last sale that remain, by the receipts of everybody that the member stands for.
  private func remember(_ open: inout OpenWallet, in tx: inout Transaction) throws {
    var (first, last) = (Instant?.none, Instant?.none)
    for owner in [open.owner] + open.wallet.guests.map(\.raw) {
      guard let row = try tx.row(ReceiptSQL.span(account, programme.id, owner, without: ReceiptID(0))) else { continue }
      first = [first, row.instantOrNil(0)].compactMap { $0 }.min()
      last = [last, row.instantOrNil(1)].compactMap { $0 }.max()
    }
    open.wallet.history.first = first.map { Instant(seconds: $0.seconds) }
    open.wallet.history.last = last.map { Instant(seconds: $0.seconds) }
  }
}

/// What a merge comes to when it is undone now.
struct TakenApart {
  let record: MergedWallet
  let moved: MovedThings
  /// The wallet as it left, less what came back of its receipts since.
  let own: Wallet
  /// Until when a till has set aside points that would go back; nil: none are.
  let heldUntil: Instant?
}

extension Merging {
  /// - Throws: `StorageFailure.damaged` where the merge was not written down.
  func takenApart(_ merge: MemberMerge, _ survivor: Wallet, in tx: inout Transaction) throws -> TakenApart {
    guard let row = try tx.row(MergingSQL.merge(account, programme.id, merge.merged, merge.id)) else {
      throw StorageFailure.damaged("no row says what moved with the merge \(merge.id)")
    }
    let record = try MergedWallet(row, of: merge.merged)
    let owners = [merge.merged.raw] + record.before.guests.map(\.raw)
    let last: ReturnID = row.id(4)
    var own = record.before
    for use in own.holds.flatMap(\.uses) { own.discount(use) }
    for refund in try tx.rows(MergingSQL.returns(account, programme.id, owners, after: last)).map(ReturnSQL.refund) {
      own.history.paid -= refund.amount
      own.status = max(.zero, own.status - refund.effect.status)
      for use in refund.effect.uses { own.discount(use) }
    }
    let whole = try tx.row(MergingSQL.wholeReturns(account, programme.id, owners, after: last))?.int(0) ?? 0
    own.history.purchases = max(0, own.history.purchases - whole)
    let held = survivor.holds.filter { hold in hold.parts.contains { record.brought($0.lot) } }
    return TakenApart(
      record: record, moved: try MovedThings(row.text(3)), own: own, heldUntil: held.map(\.ends).max())
  }
}
