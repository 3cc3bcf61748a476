import Access
import Calculator
import Conditions
import Customers
import Kernel
import Storage

/// What a merge would come to, for somebody who decides about it.
public struct MergePreview: Sendable {
  /// One of the two, as they are.
  public struct Side: Sendable {
    public let member: Member
    public let identifiers: [Identifiers.Found]
    /// Advanced to now.
    public let wallet: Wallet
    public let tier: TierID?
    /// Coupons of their own that nobody has used.
    public let coupons: Int64
    /// Turns of games that nobody has used.
    public let turns: Int64
  }

  public let survivor: Side
  public let merged: Side
  /// Who they are together.
  public let kind: MemberKind
  public let person: Person
  /// The survivor's wallet behind the merge.
  public let wallet: Wallet
  /// Why it cannot be, or not yet; nil: nothing speaks against it.
  public let obstacle: Problem?
}

/// What taking two members apart would come to.
public struct UnmergePreview: Sendable {
  public let merge: MemberMerge
  /// The survivor's wallet behind it.
  public let survivor: Wallet
  /// The other's.
  public let merged: Wallet
  /// The other's points as they were merged.
  public let brought: Points
  /// What goes back of them.
  public let goesBack: Points
  /// Coupons that moved, whether they were used since or not.
  public let coupons: Int
  public let obstacle: Problem?

  /// What was spent or expired since: it stays with the survivor.
  public var stays: Points { max(.zero, brought - goesBack) }
}

extension Merging {
  /// Some fifteen statements; nothing is written. - Throws: `Problem.notFound`, and `Problem.invalid` (`same_member`).
  public func preview(
    _ merged: MemberID, into survivor: MemberID, _ choice: MergeChoice = MergeChoice(), at now: Instant, in tx: inout Transaction
  ) throws -> MergePreview {
    let (one, other) = (try side(survivor, at: now, in: &tx), try side(merged, at: now, in: &tx))
    var obstacle: Problem?
    do { _ = try programme.merges.pair(merged, into: survivor, choice, in: &tx) } catch let problem as Problem {
      guard problem.kind == .conflict else { throw problem }
      obstacle = problem
    }
    let together = choice.together(one.member, other.member)
    var (wallet, left) = (one.wallet, other.wallet)
    let occasion = Occasion(.merge(MergeID(0)), at: now, posted: now)
    if obstacle == nil { _ = wallet.takeOver(&left, of: merged, as: survivor, by: MergeID(0), cards, on: occasion) }
    return MergePreview(
      survivor: one, merged: other, kind: together.kind, person: together.person, wallet: wallet, obstacle: obstacle)
  }

  private func side(_ id: MemberID, at now: Instant, in tx: inout Transaction) throws -> MergePreview.Side {
    let member = try programme.members.member(id, in: &tx)
    var wallet = try wallets.wallet(of: id, in: &tx)
    _ = wallet.advance(to: now, programme.settings.points)
    return MergePreview.Side(
      member: member, identifiers: try programme.identifiers.all(of: id, in: &tx), wallet: wallet,
      tier: try programme.members.profile(id, at: now, in: &tx).tier,
      coupons: try tx.row(MergingSQL.countCoupons(account, of: id))?.int(0) ?? 0,
      turns: try games.turns(of: id, in: &tx).reduce(0) { $0 + $1.left })
  }

  /// Some ten statements; nothing is written. - Throws: `Problem.conflict` (`member_not_merged`).
  public func previewUnmerge(
    _ merged: MemberID, at now: Instant, in tx: inout Transaction
  ) throws -> UnmergePreview {
    let merge = try programme.merges.standing(of: merged, in: &tx)
    let survivor = try programme.members.member(merge.survivor, in: &tx)
    var obstacle: Problem?
    if let further = survivor.mergedInto { obstacle = Merges.furtherMerged(merge.survivor, further) }
    var one = try wallets.wallet(of: merge.survivor, in: &tx)
    _ = one.advance(to: now, programme.settings.points)
    let apart = try takenApart(merge, one, in: &tx)
    if let end = apart.heldUntil { obstacle = obstacle ?? Self.held(until: end) }
    var other = try wallets.openLeft(merged.raw, in: &tx, lock: false).wallet
    let occasion = Occasion(.merge(merge.id), at: now, posted: now)
    if obstacle == nil { _ = one.handBack(apart.record, to: &other, own: apart.own, cards, on: occasion) }
    let brought = apart.record.before.active + apart.record.before.pending + apart.record.before.held
    return UnmergePreview(
      merge: merge, survivor: one, merged: other, brought: max(.zero, brought),
      goesBack: obstacle == nil ? max(.zero, other.active + other.pending) : .zero, coupons: apart.moved.coupons.count,
      obstacle: obstacle)
  }
}
