/// Members of whose receipts no figure is made, whatever is asked. Receipts of nobody are not theirs and stay.
public struct LeftOut: Sendable {
  /// Their ids, ascending; for another place that is asked.
  public let members: [Int64]
  /// By roll, as `Cube.everyRoll` has them, and place.
  let sets: [Bits]

  /// A search in a roll for each of them, or one walk beside each roll where they are many.
  /// - Precondition: the ids ascend.
  public init(_ members: [Int64], of cube: Cube) {
    self.members = members
    let rolls = cube.everyRoll
    guard members.count * 16 < rolls.reduce(0, { $0 + $1.members }) else {
      sets = cube.sets(of: members)
      return
    }
    sets = rolls.map { roll in
      var set = Bits(count: roll.isAnonymous ? 0 : roll.members)
      if !roll.isAnonymous { for place in members.compactMap(roll.place(of:)) { set[place] = true } }
      return set
    }
  }

  /// - Parameter roll: a place in `Cube.everyRoll`.
  func holds(roll: Int, place: Int) -> Bool { sets[roll][place] }
}

extension Cube {
  /// The same receipts without those of these members, in every question that does not ask for everybody.
  /// - Precondition: the ids ascend.
  public func leavingOut(_ members: [Int64]) -> Cube {
    guard !members.isEmpty || frame.leftOut != nil else { return self }
    var frame = frame
    frame.leftOut = members.isEmpty ? nil : LeftOut(members, of: self)
    return with(frame)
  }
}
