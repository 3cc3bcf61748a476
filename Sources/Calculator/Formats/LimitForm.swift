import Conditions
import Kernel

// Limits of a promotion: `"perMember"` counts uses, `"moneyPerMember"` and `"pointsPerMember"` what they gave.
extension RuleReader {
  fileprivate static var limitsOfMoney: [String] {
    ["moneyPerLine", "moneyPerReceipt"] + LimitScope.allCases.map(\.moneyName)
  }
  fileprivate static var limitsOfPoints: [String] {
    ["pointsPerLine", "pointsPerReceipt"] + LimitScope.allCases.map(\.pointsName)
  }

  func limits(_ node: JSONNode, _ promotion: Promotion) -> PromotionLimits {
    node.expect(
      ["timesPerReceipt", "quantityPerReceipt"] + Self.limitsOfMoney + Self.limitsOfPoints + LimitScope.allCases.map(\.usesName))
    for name in promotion.idleLimits where node[name].isPresent {
      node[name].refuse("wrong_limit", "\(name) says nothing about what this promotion gives; leave it out")
    }
    func times(_ name: String) -> Int64? { node[name].int(1...Limits.basketAmount) }
    var limits = PromotionLimits(
      moneyPerReceipt: amounts.money(node["moneyPerReceipt"], 1...Limits.basketAmount),
      pointsPerReceipt: amounts.points(node["pointsPerReceipt"], 1...Limits.amount), timesPerReceipt: times("timesPerReceipt"),
      quantityPerReceipt: Quantity.read(node["quantityPerReceipt"]),
      moneyPerLine: amounts.money(node["moneyPerLine"], 1...Limits.basketAmount),
      pointsPerLine: amounts.points(node["pointsPerLine"], 1...Limits.amount))
    for scope in LimitScope.allCases {
      limits[scope] = LimitSizes(
        uses: times(scope.usesName), money: amounts.money(node[scope.moneyName], 1...Limits.amount),
        points: amounts.points(node[scope.pointsName], 1...Limits.amount))
    }
    return limits
  }

  /// What of a limit is used up, by the names of its parts.
  func used(_ node: JSONNode, _ uses: String, _ money: String, _ points: String) -> Used {
    Used(
      uses: node[uses].int(0...Limits.amount) ?? 0, money: amounts.money(node[money], 0...Limits.amount) ?? .zero,
      points: amounts.points(node[points]) ?? .zero)
  }
}

extension RuleWriter {
  func limits(_ limits: PromotionLimits) -> JSON {
    var members: [JSON.Member] = []
    func add(_ name: String, _ value: JSON?) { if let value { members.append(JSON.Member(name, value)) } }
    add("moneyPerLine", limits.moneyPerLine.map(amounts.json))
    add("pointsPerLine", limits.pointsPerLine.map(amounts.json))
    add("moneyPerReceipt", limits.moneyPerReceipt.map(amounts.json))
    add("pointsPerReceipt", limits.pointsPerReceipt.map(amounts.json))
    add("timesPerReceipt", limits.timesPerReceipt.map(JSON.int))
    add("quantityPerReceipt", limits.quantityPerReceipt.map { .string($0.decimalText) })
    for scope in LimitScope.allCases {
      let most = limits[scope]
      add(scope.usesName, most.uses.map(JSON.int))
      add(scope.moneyName, most.money.map(amounts.json))
      add(scope.pointsName, most.points.map(amounts.json))
    }
    return .object(members)
  }
}

extension LimitScope {
  /// What the limits of this scope are called in a rules file: of uses …
  public var usesName: String {
    switch self {
    case .member: "perMember"
    case .memberDay: "perMemberDay"
    case .storeDay: "perStoreDay"
    case .store: "perStore"
    case .day: "perDay"
    case .total: "total"
    }
  }

  /// … of money …
  public var moneyName: String { self == .total ? "budgetMoney" : "money" + capitalized }
  /// … and of points.
  public var pointsName: String { self == .total ? "budgetPoints" : "points" + capitalized }

  private var capitalized: String { "P" + usesName.dropFirst() }
}

extension Promotion {
  /// Limits that would never do anything.
  fileprivate var idleLimits: [String] {
    var idle: [String] = []
    if !benefit.isReduction { idle += RuleReader.limitsOfMoney }
    if !benefit.isEarning { idle += RuleReader.limitsOfPoints }
    switch benefit {
    case .percent where stage != .receipt, .amountPerUnit, .fixedPrice, .prices: idle.append("timesPerReceipt")
    case .staircase(let staircase) where stage != .receipt && staircase.steps.contains { $0.reduction.isByUnit }:
      idle.append("timesPerReceipt")
    case .freeUnits, .bundle, .earnPerStep, .earnPerUnit: idle.append("quantityPerReceipt")
    case .percent, .amount, .fixedTotal, .gift, .giftChoice, .staircase, .earnRate, .earnMultiplier, .earnFixed, .reward:
      idle += ["timesPerReceipt", "quantityPerReceipt"]
    }
    return idle
  }
}

extension Reduction {
  /// Takes something off each unit, so that it can be limited to a number of them.
  fileprivate var isByUnit: Bool { if case .amount = self { false } else { true } }
}
