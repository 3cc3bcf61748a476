import Kernel

/// Rolls of one programme, what came since, and what their codes mean: what questions are asked of.
public struct Cube: Sendable {
  /// Of members, each member in one of them, and of nobody.
  public let rolls: [Roll]
  public let tail: CubeTail?
  public let frame: CubeFrame
  /// Where else walks of pivots can be done.
  public var walker: (any CubeWalker)?
  /// Receipts in the rolls before each of them, and before the tail.
  let bases: [UInt32]

  public init(_ rolls: [Roll], _ frame: CubeFrame, tail: CubeTail? = nil) {
    (self.rolls, self.frame, self.tail) = (rolls, frame, tail)
    var bases: [UInt32] = [0]
    for roll in rolls { bases.append((bases.last ?? 0) + UInt32(roll.receipts)) }
    if let late = tail?.roll { bases.append((bases.last ?? 0) + UInt32(max(late.receipts, tail?.members.count ?? 0))) }
    self.bases = bases
  }

  /// The same receipts with what their codes mean told differently.
  public func with(_ frame: CubeFrame) -> Cube {
    var cube = Cube(rolls, frame, tail: tail)
    cube.walker = walker
    return cube
  }

  /// Lines in all rolls and of what came since; those that were replaced are among them until the rolls are written anew.
  public var lines: Int { rolls.reduce(0) { $0 + $1.lines } + (tail?.roll?.lines ?? 0) + (tail?.nobody?.lines ?? 0) }

  /// Bytes of the rolls.
  public var size: Int { rolls.reduce(0) { $0 + $1.size } }

  /// Rolls in the order in which members' places are asked for: by `CubePlan.member` and by questions about people.
  public var everyRoll: [Roll] { rolls + [tail?.roll].compactMap { $0 } }

  /// Pieces of work, each of about a million lines. They can be walked over in any order, by any thread.
  public var parts: [CubePart] {
    var parts: [CubePart] = []
    for (index, roll) in rolls.enumerated() {
      parts += CubeScan.parts(of: roll, max(1, roll.lines >> 20)).map { .roll(index, $0) }
    }
    guard let tail else { return parts }
    for first in stride(from: 0, to: tail.members.count, by: Self.lateMembers) {
      parts.append(.late(first..<min(first + Self.lateMembers, tail.members.count)))
    }
    if let nobody = tail.nobody { parts += CubeScan.parts(of: nobody, max(1, nobody.lines >> 20)).map { .lateNobody($0) } }
    return parts
  }

  private static let lateMembers = 4_096

  /// Adds what lies in the part to the tally.
  public func add(_ part: CubePart, _ plan: CubePlan, to tally: inout Tally) {
    if plan.asksGaps { addGaps(part, plan, to: &tally.gaps) }
    switch part {
    case .roll(let index, let part):
      CubeScan(
        rolls[index], plan, index: index, base: bases[index], hiding: tail?.hidden[index], replaced: tail?.replaced[index]
      ).add(part, to: &tally)
    case .late(let members):
      guard let tail else { return }
      LateWalk(plan: plan, rolls: rolls, late: tail, bases: bases).add(members, to: &tally)
    case .lateNobody(let part):
      guard let nobody = tail?.nobody else { return }
      CubeScan(nobody, plan, base: bases.last ?? 0).add(part, to: &tally)
    }
  }
}

/// A piece of a cube, to be walked over by one thread.
public enum CubePart: Sendable {
  case roll(Int, CubeScan.Part)
  case late(Range<Int>)
  case lateNobody(CubeScan.Part)
}
