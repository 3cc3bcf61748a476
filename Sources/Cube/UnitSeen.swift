/// What the quantities of a cell or a total are of. Pieces and kilograms have no sum.
enum UnitSeen: Hashable, Sendable {
  case none
  case one(Int32)
  case several

  mutating func see(_ unit: Int32) {
    switch self {
    case .none: self = .one(unit)
    case .one(let known): if known != unit { self = .several }
    case .several: break
    }
  }
}

extension Measure {
  /// It adds up quantities, which only makes sense of one unit.
  public var asksUnits: Bool {
    switch self {
    case .units, .price: true
    case .formula(let formula): formula.measures.contains(where: \.asksUnits)
    case .sales, .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .receipts, .visits, .members,
      .newMembers, .lines, .averageReceipt, .perMember, .unitsPerReceipt, .visitsPerMember, .share, .discountShare, .cost, .margin,
      .marginShare, .visitInterval, .medianInterval:
      false
    }
  }
}

extension Pivot {
  public var asksUnits: Bool { values.contains(where: \.asksUnits) }
}
