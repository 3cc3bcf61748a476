import Conditions
import Kernel

/// Whether two promotions can take something off one line together.
public enum PairVerdict: Hashable, Sendable {
  /// Never: their conditions or goods contradict each other.
  case apart(Contradiction)
  /// Never: the rule book chooses one of them, by a group or by tags.
  case keptApart
  /// They did, in a calculation.
  case meeting(ConflictReport.Meeting)
  /// Neither was shown.
  case undecided
}

/// What a rule book's check found. Promotions are named by their places in the book.
public struct ConflictReport: Sendable {
  /// Promotions that take money off one line together, with a basket on which they did.
  public struct Meeting: Hashable, Sendable {
    /// Ascending; two or more.
    public var promotions: [Int]
    public var example: ExampleBasket
    /// The line at shelf price and after all of it.
    public var shelf: Money
    public var amount: Money
    /// The line's least price stopped some of it.
    public var reachedFloor: Bool
    /// True where it was calculated with these two alone: with the whole book, others leave them nothing on this basket.
    public var isAlone = false

    /// What is left of the shelf price.
    public var share: Rate { Rate(ppm: shelf == .zero ? 0 : scaled(amount.minor, by: 1_000_000, over: shelf.minor, .down)) }
  }

  /// A promotion that an earlier one always comes before.
  public struct Hidden: Hashable, Sendable {
    public var promotion: Int
    public var by: Int
    /// Where it would have applied alone.
    public var example: ExampleBasket
  }

  /// How many pairs of reductions there are.
  public var pairs = 0
  /// Pairs that cannot meet on a line, for certain, by why.
  public var apart: [Contradiction: Int] = [:]
  /// Pairs that the rule book keeps apart: groups where one applies, tags that exclude each other.
  public var keptApart = 0
  /// Pairs that meet, each confirmed by a calculation.
  public var meeting = 0
  /// Pairs of which neither could be shown, ascending.
  public var undecided: [[Int]] = []
  /// Sets that leave less of a line's price than asked for, the least first; at most `ConflictCheck.mostFindings`.
  public var below: [Meeting] = []
  /// Sets that sell below cost; empty where no costs are known. At most `ConflictCheck.mostFindings`, like the two below it.
  public var belowCost: [BelowCost] = []
  public var exhausting: [Exhausting] = []
  public var overdrawn: [Overdrawn] = []
  /// Promotions that can never apply, by why, in the book's order.
  public var never: [(promotion: Int, why: Contradiction)] = []
  public var hidden: [Hidden] = []
  /// Promotions for which no example was found that the calculator confirms.
  public var unproven: [Int] = []
  /// Baskets calculated on the way.
  public var calculations = 0
  /// False where it was stopped before the end.
  public var isWhole = true

  /// Something that a marketer must look at before these rules go live.
  public var hasFindings: Bool {
    !below.isEmpty || !belowCost.isEmpty || !exhausting.isEmpty || !overdrawn.isEmpty || !never.isEmpty || !hidden.isEmpty
  }
}
