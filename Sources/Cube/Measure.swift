/// What a pivot shows of every cell. Each is worked out from what was counted in that very cell or sub-total, never from other figures
/// that are shown.
public enum Measure: RawRepresentable, CaseIterable, Sendable, Hashable {
  /// Money that was paid, returns taken off.
  case sales
  /// What promotions took off, and what the till had taken off before.
  case discount, reduced
  /// Paid with points, in money; points spent and earned.
  case paidWithPoints, pointsSpent, pointsEarned, pointsExpired
  /// Pieces, kilograms or litres, returns taken off; none where they are of different units.
  case units
  case receipts, visits, members, newMembers, lines
  /// Sales for each receipt, visit and member; items for each receipt, of which each piece is one, and whatever was weighed or measured one a
  /// line; sales for each unit, where there is one; visits for each member.
  case averageReceipt, perMember, unitsPerReceipt, price, visitsPerMember
  /// Of the sales of the whole column.
  case share
  /// Of discounts in what goods would have come to without them.
  case discountShare
  /// Of goods whose cost the catalogue knows: what they cost, what is left of their sales, and that as a part of them.
  case cost, margin, marginShare
  /// Days between a member's visit and the one before: their mean, and the one in the middle.
  case visitInterval, medianInterval
  /// Made of others by the retailer.
  case formula(Formula)

  public enum Unit: Hashable, Sendable {
    case money, points, quantity, count, percent
    case number(digits: Int)
  }

  public var unit: Unit {
    switch self {
    case .sales, .discount, .reduced, .paidWithPoints, .averageReceipt, .perMember, .price, .cost, .margin: .money
    case .pointsSpent, .pointsEarned, .pointsExpired: .points
    case .units, .unitsPerReceipt, .visitsPerMember: .quantity
    case .receipts, .visits, .members, .newMembers, .lines: .count
    case .share, .discountShare, .marginShare: .percent
    case .visitInterval, .medianInterval: .number(digits: 1)
    case .formula(let formula):
      switch formula.format {
      case .money: .money
      case .percent: .percent
      case .number(let digits): .number(digits: digits)
      }
    }
  }

  var sums: [RollColumn] {
    switch self {
    case .sales, .averageReceipt, .perMember, .share: [.amount]
    case .discount: [.discount]
    case .discountShare: [.amount, .paidWithPoints, .discount]
    case .cost: [.cost]
    case .margin, .marginShare: [.cost, .costed]
    case .reduced: [.reduced]
    case .paidWithPoints: [.paidWithPoints]
    case .pointsSpent: [.spent]
    case .pointsEarned: [.earned]
    case .units: [.quantity]
    case .unitsPerReceipt: [.quantity, .itemsBeyond]
    case .price: [.amount, .quantity]
    case .receipts, .visits, .members, .newMembers, .lines, .visitsPerMember, .visitInterval, .medianInterval, .pointsExpired: []
    case .formula(let formula): formula.measures.flatMap(\.sums)
    }
  }

  var distincts: [Distinct] {
    switch self {
    case .receipts, .averageReceipt, .unitsPerReceipt: [.receipts]
    case .visits: [.visits]
    case .members, .perMember: [.members]
    case .newMembers: [.newMembers]
    case .visitsPerMember: [.visits, .members]
    case .formula(let formula): formula.measures.flatMap(\.distincts)
    default: []
    }
  }
}

extension Measure {
  /// Those that every shop has.
  public static let allCases: [Measure] = [
    .sales, .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .units, .receipts, .visits, .members,
    .newMembers, .lines, .averageReceipt, .perMember, .unitsPerReceipt, .price, .visitsPerMember, .share, .discountShare, .cost,
    .margin, .marginShare, .visitInterval, .medianInterval,
  ]
  private static let byWord = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// A value by its word, `formula:CODE` for one that the programme defines, or a formula as it is.
  public init?(rawValue word: String) {
    if let known = Self.byWord[word] {
      self = known
      return
    }
    guard Formula.isMeant(by: word) else { return nil }
    do { self = .formula(try Formula(word: word)) } catch { return nil }
  }

  public var rawValue: String {
    switch self {
    case .paidWithPoints: "paid-with-points"
    case .pointsSpent: "points-spent"
    case .pointsEarned: "points-earned"
    case .pointsExpired: "points-expired"
    case .newMembers: "new-members"
    case .averageReceipt: "average-receipt"
    case .perMember: "per-member"
    case .unitsPerReceipt: "units-per-receipt"
    case .visitsPerMember: "visits-per-member"
    case .discountShare: "discount-share"
    case .marginShare: "margin-share"
    case .visitInterval: "visit-interval"
    case .medianInterval: "median-interval"
    case .formula(let formula): formula.word
    case .sales: "sales"
    case .discount: "discount"
    case .reduced: "reduced"
    case .units: "units"
    case .receipts: "receipts"
    case .visits: "visits"
    case .members: "members"
    case .lines: "lines"
    case .price: "price"
    case .share: "share"
    case .cost: "cost"
    case .margin: "margin"
    }
  }
}
