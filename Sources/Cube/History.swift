/// What can be asked of one person's receipts, with codes instead of words. The answer is yes or no, as of one day.
public indirect enum HistoryQuestion: Sendable {
  case all([HistoryQuestion])
  case any([HistoryQuestion])
  case none([HistoryQuestion])
  case bought(Bought)
  /// One purchase, and within some days after it another or none.
  case sequence(First, then: Goods, within: Int, happens: Bool)
  /// Whoever stands in a set that was made elsewhere: one set for each roll of the cube, by the member's place.
  case among([Bits])

  public struct First: Sendable {
    public var goods: Goods
    /// Business days of the first purchase, counted from 1 January 1970.
    public var days: ClosedRange<UInt16>
    public init(goods: Goods, days: ClosedRange<UInt16>) { (self.goods, self.days) = (goods, days) }
  }

  /// Which lines count. Nil: any.
  public struct Goods: Sendable {
    public var products: Bits? { didSet { productBounds = products?.bounds } }
    public var stores: Bits?
    /// By minute of the day.
    public var minutes: Bits?
    /// By weekday, 0 Monday … 6 Sunday.
    public var weekdays: Bits?
    /// By code of how it was sold.
    public var occasions: Bits?
    /// By code of the set of promotions that gave something on the line.
    public var deals: Bits?
    public init(
      products: Bits? = nil, stores: Bits? = nil, minutes: Bits? = nil, weekdays: Bits? = nil, occasions: Bits? = nil,
      deals: Bits? = nil
    ) {
      (self.products, self.stores, self.minutes, self.weekdays) = (products, stores, minutes, weekdays)
      (self.occasions, self.deals) = (occasions, deals)
      productBounds = products?.bounds
    }

    /// The first and the last of the products; nil where none is named.
    private(set) var productBounds: ClosedRange<Int>?

    /// Whatever the receipt says of the place, the time and how it was sold.
    var isAnywhere: Bool { stores == nil && minutes == nil && weekdays == nil && occasions == nil }
    /// Whatever the lines are.
    var isAnything: Bool { products == nil && deals == nil }
  }

  /// How much of these goods was bought on these days.
  public struct Bought: Sendable {
    public enum Amount: Hashable, Sendable {
      /// Sales of which something was kept; visits, one for each store and day.
      case receipts, visits
      /// Money after returns, in minor units; quantity after returns, in thousandths.
      case money, units
      /// Money for each receipt.
      case averageReceipt
      /// Days from the last such sale to the day as of which is asked; never, where there was none.
      case daysSince
      /// Different products.
      case products
    }

    public var goods: Goods
    public var days: ClosedRange<UInt16>
    public var amount: Amount
    public var range: ClosedRange<Int64>

    public init(goods: Goods, days: ClosedRange<UInt16>, amount: Amount, range: ClosedRange<Int64>) {
      (self.goods, self.days, self.amount, self.range) = (goods, days, amount, range)
    }
  }
}

/// The receipts of one member, wherever they lie, in the order of time.
struct HistoryOf {
  struct Piece {
    let roll: Roll
    let receipts: Range<Int>
    let replaced: Bits?
  }

  let pieces: [Piece]
  /// The member's place in which roll, and in the late one; −1 where there is none.
  let roll: Int
  let place: Int
  let late: Int
  /// The last business day that is looked at.
  let asOf: UInt16

  init(in cube: Cube, roll: Int, place: Int, asOf: UInt16) {
    let receipts = cube.rolls[roll].receipts(ofMemberAt: place)
    pieces = [Piece(roll: cube.rolls[roll], receipts: receipts, replaced: cube.tail?.replaced[roll])]
    (self.roll, self.place, late, self.asOf) = (roll, place, -1, asOf)
  }

  init(in cube: Cube, late index: Int, asOf: UInt16) {
    var pieces: [Piece] = []
    let member = cube.tail?.members[index]
    if let (roll, place) = member?.place {
      let receipts = cube.rolls[roll].receipts(ofMemberAt: place)
      pieces.append(Piece(roll: cube.rolls[roll], receipts: receipts, replaced: cube.tail?.replaced[roll]))
    }
    if let place = member?.late, let roll = cube.tail?.roll {
      pieces.append(Piece(roll: roll, receipts: roll.receipts(ofMemberAt: place), replaced: nil))
    }
    self.pieces = pieces
    (roll, place) = member?.place.map { ($0.roll, $0.member) } ?? (-1, -1)
    (late, self.asOf) = (member?.late ?? -1, asOf)
  }

  /// - Parameter late: where the late roll is in `Cube.everyRoll`.
  func isIn(_ out: LeftOut, late: Int) -> Bool {
    roll >= 0 ? out.holds(roll: roll, place: place) : self.late >= 0 && out.holds(roll: late, place: self.late)
  }
}

/// Answers questions about one member after the other.
struct HistoryReader {
  func answer(_ question: HistoryQuestion, _ history: HistoryOf) -> Bool {
    switch question {
    case .all(let parts): parts.allSatisfy { answer($0, history) }
    case .any(let parts): parts.contains { answer($0, history) }
    case .none(let parts): !parts.contains { answer($0, history) }
    case .bought(let bought): amount(bought, history).map(bought.range.contains) ?? false
    case .sequence(let first, let then, let days, let happens): holds(first, then, days, happens, history)
    case .among(let sets):
      history.roll >= 0 && sets[history.roll][history.place] || history.late >= 0 && (sets.last?[history.late] ?? false)
    }
  }

  /// Nil where there is none: an average of nothing, days since never.
  func amount(_ bought: HistoryQuestion.Bought, _ history: HistoryOf) -> Int64? {
    var count = HistoryCount(bought, pieces: history.pieces.count)
    for piece in history.pieces { count.add(piece, history.asOf) }
    return count.amount(asOf: history.asOf)
  }

  /// Adds what was bought in a window.
  /// - Returns: the day of the last sale in it.
  func addUp(_ history: HistoryOf, _ window: ClosedRange<UInt16>, _ figures: inout PeopleFigures) -> UInt16? {
    let bought = HistoryQuestion.Bought(goods: .init(), days: window, amount: .averageReceipt, range: 0...0)
    var count = HistoryCount(bought)
    for piece in history.pieces { count.add(piece, history.asOf) }
    (figures.receipts, figures.money) = (count.receipts, count.sum)
    figures.active = count.receipts > 0 ? 1 : 0
    return count.last
  }

  private func holds(
    _ first: HistoryQuestion.First, _ then: HistoryQuestion.Goods, _ days: Int, _ happens: Bool, _ history: HistoryOf
  ) -> Bool {
    var (starts, ends): ([UInt16], [UInt16]) = ([], [])
    for piece in history.pieces {
      starts += HistoryCount.days(of: first.goods, within: first.days, piece, history.asOf)
      ends += HistoryCount.days(of: then, within: first.days.lowerBound...UInt16.max, piece, history.asOf)
    }
    return starts.contains { start in
      // Bought the same day is not after it.
      let follows = ends.contains { $0 > start && Int($0) - Int(start) <= days }
      // What may still come has not failed to come.
      return happens ? follows : !follows && Int(start) + days <= Int(history.asOf)
    }
  }
}
