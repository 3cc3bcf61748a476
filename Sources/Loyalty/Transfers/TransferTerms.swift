import Calculator
import Kernel

/// How members give points to each other. Where a programme's settings have none of it, nobody does.
public struct TransferTerms: Hashable, Sendable {
  public enum Whom: String, Sendable, CaseIterable { case anyone, household }

  /// Each time, the fee counted.
  public var least: Points
  public var most: Points?
  /// By one giver in a calendar day and in a calendar month of the programme's clock.
  public var mostPerDay: Points?
  public var mostPerMonth: Points?
  /// Which points may go, never targeted ones: those were given to one member for some goods.
  public var families: [LotFamily]
  /// What the receiver does not get of it, rounded down.
  public var fee: Rate
  /// Points end when they would have ended with the giver; otherwise they begin anew as the programme's do.
  public var keepsLife: Bool
  public var whom: Whom
  /// The giver agrees with a code that is sent to their telephone.
  public var needsCode: Bool
  /// Through so many days after the day of the transfer an operator may take it back; 0: on the same day.
  public var undoDays: Int

  public init(
    least: Points = Points(units: 1), most: Points? = nil, mostPerDay: Points? = nil, mostPerMonth: Points? = nil,
    families: [LotFamily] = [.base], fee: Rate = Rate(ppm: 0), keepsLife: Bool = true, whom: Whom = .anyone,
    needsCode: Bool = false,
    undoDays: Int = 3
  ) {
    (self.least, self.most, self.mostPerDay, self.mostPerMonth) = (least, most, mostPerDay, mostPerMonth)
    (self.families, self.fee, self.keepsLife, self.whom) = (families, fee, keepsLife, whom)
    (self.needsCode, self.undoDays) = (needsCode, undoDays)
  }

  /// What of so many points the receiver does not get.
  public func fee(of points: Points) -> Points {
    Points(units: scaled(points.units, by: fee.ppm, over: Rate.whole.ppm, .down))
  }
}

/// As settings have it:
///
///     { "least": "10", "most": "1000", "mostPerDay": "2000", "mostPerMonth": "5000", "points": ["base"], "fee": "5",
///       "keepsLife": true, "to": "anyone", "code": true, "undoDays": 3 }
extension TransferTerms {
  /// Nil where the node is absent: members give nothing to each other. What is left out has its default.
  public init?(_ node: JSONNode, _ amounts: AmountForm) {
    guard node.isPresent else { return nil }
    node.expect(
      "least", "most", "mostPerDay", "mostPerMonth", "points", "fee", "keepsLife", "to", "code", "undoDays")
    self.init()
    func amount(_ key: String) -> Points? { amounts.points(node[key], 1...Limits.amount) }
    least = amount("least") ?? least
    (most, mostPerDay, mostPerMonth) = (amount("most"), amount("mostPerDay"), amount("mostPerMonth"))
    if node["points"].isPresent { families = node["points"].items(max: LotFamily.allCases.count).compactMap { $0.word() } }
    // Half at the most: what is kept back is a fee, and not the point of it.
    if node["fee"].isPresent { fee = Rate(ppm: node["fee"].decimal(digits: 4, min: 0, max: 500_000) ?? 0) }
    keepsLife = node["keepsLife"].bool() ?? keepsLife
    whom = node["to"].word() ?? whom
    needsCode = node["code"].bool() ?? needsCode
    undoDays = node["undoDays"].int(0...30).map { Int($0) } ?? undoDays
    check(node)
  }

  private func check(_ node: JSONNode) {
    if families.isEmpty, node.issues.isEmpty { node["points"].refuse("empty", "name base, promotional or both") }
    if families.contains(.targeted) {
      node["points"].refuse("not_given_away", "targeted points are for one member and some goods; name base, promotional or both")
    }
    if Set(families).count < families.count { node["points"].refuse("repeated", "each kind of points is named once") }
    for (key, value, below, name) in [
      ("most", most, least, "least"), ("mostPerDay", mostPerDay, least, "least"), ("mostPerMonth", mostPerMonth, least, "least"),
      ("mostPerMonth", mostPerMonth, mostPerDay ?? least, "mostPerDay"),
    ] {
      if let value, value < below { node[key].refuse("contradiction", "\(key) is not below \(name)") }
    }
  }

  public func json(_ amounts: AmountForm) -> JSON {
    .object([
      "least": amounts.json(least), "most": most.map(amounts.json), "mostPerDay": mostPerDay.map(amounts.json),
      "mostPerMonth": mostPerMonth.map(amounts.json), "points": .array(families.map { .string($0.rawValue) }),
      "fee": .string(fee.percentText), "keepsLife": .bool(keepsLife), "to": .string(whom.rawValue), "code": .bool(needsCode),
      "undoDays": .int(Int64(undoDays)),
    ])
  }
}
