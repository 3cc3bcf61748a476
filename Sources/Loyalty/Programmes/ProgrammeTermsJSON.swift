import Calculator
import Conditions
import Kernel

/// The part of a programme's settings that decides about amounts:
///
///     "rounding": { "percent": "automatic", "mode": "half-up", "residue": "largest-remainder" },
///     "spending": { "share": "50", "shareOf": "eligible", "step": "1", "least": "0", "mostPerReceipt": null, "mostPerDay": null,
///                   "leastMoney": "1.00" },
///     "earning": { "whenPointsPay": "rest", "tendersWithoutEarning": ["gift-card", "advance"], "place": "receipt", "mode": "down",
///                  "step": "1" },
///     "receiptRounding": { "step": "1.00", "tenders": ["cash"], "byTill": false },
///     "control": { "salt": "2026", "share": "5", "since": "2026-01-01T00:00:00+03:00" }
extension ProgrammeTerms {
  mutating func read(_ node: JSONNode, pointsDigits: Int) {
    rounding = RoundingProfile(settings: node["rounding"])
    spending = SpendingTerms(settings: node["spending"], money: currency.digits, points: pointsDigits)
    earning = EarningTerms(settings: node["earning"], points: pointsDigits)
    receiptRounding = ReceiptRounding(settings: node["receiptRounding"], money: currency.digits)
    control = ControlGroup(settings: node["control"])
  }

  func members(pointsDigits: Int) -> [JSON.Member] {
    [
      JSON.Member("rounding", rounding.settings),
      JSON.Member("spending", spending.settings(money: currency.digits, points: pointsDigits)),
      JSON.Member("earning", earning.settings(points: pointsDigits)),
      JSON.Member("receiptRounding", receiptRounding?.settings(money: currency.digits) ?? .null),
      JSON.Member("control", control?.settings ?? .null),
    ]
  }
}

extension JSONNode {
  /// A percent as a decimal text, from 0 to 100.
  func percent() -> Rate? { decimal(digits: 4, max: Rate.whole.ppm).map { Rate(ppm: $0) } }
}

private func percent(_ rate: Rate) -> JSON { .string(Decimal.text(rate.ppm, digits: 4)) }

extension RoundingProfile {
  fileprivate init(settings node: JSONNode) {
    node.expect("percent", "mode", "residue")
    let usual = RoundingProfile()
    self.init(
      percent: node["percent"].word() ?? usual.percent, mode: node["mode"].word() ?? usual.mode,
      residue: node["residue"].word() ?? usual.residue)
  }

  fileprivate var settings: JSON {
    .object(["percent": .string(percent.rawValue), "mode": .string(mode.rawValue), "residue": .string(residue.rawValue)])
  }
}

extension SpendingTerms {
  fileprivate init(settings node: JSONNode, money: Int, points: Int) {
    node.expect("share", "shareOf", "step", "least", "mostPerReceipt", "mostPerDay", "leastMoney")
    self.init()
    let one = Decimal.parse("1", digits: points) ?? 1
    share = node["share"].percent() ?? share
    shareOf = node["shareOf"].word() ?? shareOf
    step = Points(units: node["step"].decimal(digits: points, min: 1) ?? one)
    least = node["least"].decimal(digits: points).map { Points(units: $0) } ?? least
    mostPerReceipt = node["mostPerReceipt"].decimal(digits: points).map { Points(units: $0) }
    mostPerDay = node["mostPerDay"].decimal(digits: points).map { Points(units: $0) }
    leastMoney = node["leastMoney"].decimal(digits: money).map { Money(minor: $0) } ?? leastMoney
  }

  fileprivate func settings(money: Int, points: Int) -> JSON {
    func text(_ amount: Points?) -> JSON { amount.map { .string(Decimal.text($0.units, digits: points)) } ?? .null }
    return .object([
      "share": percent(share), "shareOf": .string(shareOf.rawValue), "step": text(step), "least": text(least),
      "mostPerReceipt": text(mostPerReceipt), "mostPerDay": text(mostPerDay),
      "leastMoney": .string(Decimal.text(leastMoney.minor, digits: money)),
    ])
  }
}

extension EarningTerms {
  fileprivate init(settings node: JSONNode, points: Int) {
    node.expect("whenPointsPay", "tendersWithoutEarning", "place", "mode", "step")
    self.init()
    whenPointsPay = node["whenPointsPay"].word() ?? whenPointsPay
    if node["tendersWithoutEarning"].isPresent {
      tendersWithoutEarning = node["tendersWithoutEarning"].items(max: TenderKind.allCases.count).compactMap { $0.word() }
    }
    place = node["place"].word() ?? place
    mode = node["mode"].word() ?? mode
    step = Points(units: node["step"].decimal(digits: points, min: 1) ?? Decimal.parse("1", digits: points) ?? 1)
  }

  fileprivate func settings(points: Int) -> JSON {
    .object([
      "whenPointsPay": .string(whenPointsPay.rawValue),
      "tendersWithoutEarning": .array(tendersWithoutEarning.map { .string($0.rawValue) }), "place": .string(place.rawValue),
      "mode": .string(mode.rawValue), "step": .string(Decimal.text(step.units, digits: points)),
    ])
  }
}

extension ReceiptRounding {
  fileprivate init?(settings node: JSONNode, money: Int) {
    guard node.isPresent else { return nil }
    node.expect("step", "tenders", "byTill")
    guard node["step"].required(), let step = node["step"].decimal(digits: money, min: 1) else { return nil }
    self.init(
      step: Money(minor: step), tenders: node["tenders"].items(max: TenderKind.allCases.count).compactMap { $0.word() },
      isDoneByTill: node["byTill"].bool() ?? false)
  }

  fileprivate func settings(money: Int) -> JSON {
    .object([
      "step": .string(Decimal.text(step.minor, digits: money)), "tenders": .array(tenders.map { .string($0.rawValue) }),
      "byTill": .bool(isDoneByTill),
    ])
  }
}

extension ControlGroup {
  fileprivate init?(settings node: JSONNode) {
    guard node.isPresent else { return nil }
    node.expect("salt", "share", "since")
    for member in ["salt", "share", "since"] { _ = node[member].required() }
    let (salt, share, since) = (node["salt"].text(), node["share"].percent(), node["since"].instant())
    guard let salt, let share, let since else { return nil }
    self.init(salt: salt, share: share, since: since)
  }

  fileprivate var settings: JSON {
    .object(["salt": .string(salt), "share": percent(share), "since": .string(since.text)])
  }
}
