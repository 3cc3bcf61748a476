/// What came since the rolls were written: late receipts as a small roll of their own, and what of the rolls they take the place of.
///
/// Built anew from its receipts whenever there are more; whoever keeps a cube merges it into the rolls before that costs much.
public struct CubeTail: Sendable {
  /// A member with late receipts, or of whose receipts some were replaced.
  struct Member: Sendable {
    /// In a roll.
    let place: (roll: Int, member: Int)?
    /// In the late roll.
    let late: Int?

    /// - Parameter late: where the late roll is in `Cube.everyRoll`.
    func isIn(_ out: LeftOut, late roll: Int) -> Bool {
      place.map { out.holds(roll: $0.roll, place: $0.member) } ?? self.late.map { out.holds(roll: roll, place: $0) } ?? false
    }
  }

  /// Late receipts of members, and of nobody.
  let roll: Roll?
  let nobody: Roll?
  /// In the order of their ids.
  private(set) var members: [Member] = []
  /// By roll: members who are walked over with their late receipts instead.
  private(set) var hidden: [Bits?]
  /// By roll: receipts that are not valid any more.
  private(set) var replaced: [Bits?]

  /// Which receipt of the rolls is replaced, by where it stood.
  public struct Replaced: Hashable, Sendable {
    /// 0: of nobody.
    public let member: Int64
    public let order: ReceiptOrder
    public init(member: Int64, order: ReceiptOrder) { (self.member, self.order) = (member, order) }
  }

  /// - Parameter gone: receipts that may stand in the rolls and are not valid any more; a search in a roll for each.
  public init(rolls: [Roll], late: Roll?, nobody: Roll?, replacing gone: some Sequence<Replaced>) {
    (roll, self.nobody) = (late, nobody)
    hidden = rolls.map { _ in nil }
    replaced = rolls.map { _ in nil }
    var touched: Set<Int64> = []
    for receipt in gone where hide(receipt, rolls) && receipt.member != 0 { touched.insert(receipt.member) }
    let ids = Set(late.map { roll in (0..<roll.members).map(roll.memberID) } ?? []).union(touched)
    members = ids.sorted().map { id in
      let place = rolls.indices.lazy.compactMap { index in
        rolls[index].isAnonymous ? nil : rolls[index].place(of: id).map { (index, $0) }
      }.first
      return Member(place: place, late: late?.place(of: id))
    }
    for case (let index, let place)? in members.map(\.place) {
      var bits = hidden[index] ?? Bits(count: rolls[index].members)
      hidden[index] = nil
      bits[place] = true
      hidden[index] = bits
    }
  }

  private mutating func hide(_ receipt: Replaced, _ rolls: [Roll]) -> Bool {
    for (index, roll) in rolls.enumerated() {
      guard let place = roll.place(of: receipt) else { continue }
      var bits = replaced[index] ?? Bits(count: roll.receipts)
      replaced[index] = nil
      bits[place] = true
      replaced[index] = bits
      return true
    }
    return false
  }

  /// Receipts of a roll that are not valid any more.
  public func replaced(_ roll: Int) -> Bits? { replaced[roll] }

  /// Receipts that came or changed.
  public var receipts: Int { (roll?.receipts ?? 0) + (nobody?.receipts ?? 0) }
}

extension Roll {
  /// Where the roll has this receipt; nil where it has not.
  fileprivate func place(of receipt: CubeTail.Replaced) -> Int? {
    guard isAnonymous == (receipt.member == 0), let member = isAnonymous ? (members == 0 ? nil : 0) : place(of: receipt.member)
    else { return nil }
    return self.receipt(receipt.order, among: receipts(ofMemberAt: member))
  }
}

extension RollMerge.Source {
  /// Without these receipts, where the roll has them.
  public init(_ roll: Roll, without gone: [CubeTail.Replaced]) {
    var bits: Bits?
    for place in gone.compactMap(roll.place) {
      var marked = bits ?? Bits(count: roll.receipts)
      bits = nil
      marked[place] = true
      bits = marked
    }
    self.init(roll, replaced: bits)
  }
}

extension CubeReceipt {
  /// Where it stands among its member's.
  public var place: CubeTail.Replaced {
    CubeTail.Replaced(member: member, order: ReceiptOrder(day: day, store: store, minute: minute, id: id))
  }
}
