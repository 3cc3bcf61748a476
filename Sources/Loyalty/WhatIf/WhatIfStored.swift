import Kernel
import Storage

/// A report as it is kept: counts, minor units of money and units of points as whole numbers.
extension WhatIfReport {
  var stored: JSON {
    .object([
      "receipts": .int(receipts), "withMember": .int(withMember), "turnover": .int(turnover.minor), "touched": .int(touched),
      "touchedTurnover": .int(touchedTurnover.minor), "worse": .int(worse), "change": change.stored, "cost": .int(cost),
      "margin": .array([.int(margin.turnover.minor), .int(margin.goods.minor), .int(margin.change)]),
      "byTier": .array(
        byTier.sorted { ($0.key?.raw ?? 0) < ($1.key?.raw ?? 0) }.map { .array([.int($0.key?.raw ?? 0), $0.value.stored]) }),
      "bySegment": .array(bySegment.sorted { $0.key < $1.key }.map { .array([.int($0.key.raw), $0.value.stored]) }),
      "byDay": .array(byDay.sorted { $0.key < $1.key }.map { .array([.int(Int64($0.key.number)), $0.value.stored]) }),
      "largest": .array(largest.map(\.stored)),
      "days": days.map { .array([.int(Int64($0.lowerBound.number)), .int(Int64($0.upperBound.number))]) },
      "remembers": .bool(remembers), "isWhole": .bool(isWhole),
    ])
  }

  /// - Throws: `StorageFailure.damaged`.
  init(stored json: JSON) throws {
    let node = JSONNode(json)
    self.init()
    func money(_ node: JSONNode) -> Money { Money(minor: Self.number(node)) }
    (receipts, withMember, turnover) = (Self.number(node["receipts"]), Self.number(node["withMember"]), money(node["turnover"]))
    (touched, touchedTurnover, worse) = (Self.number(node["touched"]), money(node["touchedTurnover"]), Self.number(node["worse"]))
    (change, cost) = (Sums(node["change"]), Self.number(node["cost"]))
    let parts = node["margin"]
    margin = Margin(turnover: money(parts[0]), goods: money(parts[1]), change: Self.number(parts[2]))
    for item in node["byTier"].items(max: .max) {
      let tier = Self.number(item[0])
      byTier[tier == 0 ? nil : TierID(tier)] = Sums(item[1])
    }
    for item in node["bySegment"].items(max: .max) { bySegment[SegmentID(Self.number(item[0]))] = Sums(item[1]) }
    for item in node["byDay"].items(max: .max) { byDay[Self.day(item[0])] = Sums(item[1]) }
    largest = node["largest"].items(max: Self.examples).map(Example.init(stored:))
    if node["days"].isPresent { days = Self.day(node["days"][0])...max(Self.day(node["days"][0]), Self.day(node["days"][1])) }
    (remembers, isWhole) = (node["remembers"].bool() ?? false, node["isWhole"].bool() ?? false)
    guard node.issues.isEmpty else { throw StorageFailure.damaged("whatif_run.report: \(node.issues.issues[0].message)") }
  }

  fileprivate static func number(_ node: JSONNode) -> Int64 { node.required() ? node.int(.min ... .max) ?? 0 : 0 }
  private static func day(_ node: JSONNode) -> CivilDay { CivilDay(number: Int32(clamping: number(node))) }
}

extension WhatIfReport.Sums {
  fileprivate var stored: JSON { .array([.int(receipts), .int(discount.minor), .int(points.units)]) }

  fileprivate init(_ node: JSONNode) {
    self.init(
      receipts: WhatIfReport.number(node[0]), discount: Money(minor: WhatIfReport.number(node[1])),
      points: Points(units: WhatIfReport.number(node[2])))
  }
}

extension WhatIfReport.Example {
  fileprivate var stored: JSON {
    .array([
      .int(receipt.raw), .int(owner), .int(amountNow.minor), .int(amountThen.minor), .int(pointsNow.units), .int(pointsThen.units),
      .int(cost),
    ])
  }

  fileprivate init(stored node: JSONNode) {
    func number(_ place: Int) -> Int64 { WhatIfReport.number(node[place]) }
    self.init(
      receipt: ReceiptID(number(0)), owner: number(1), amountNow: Money(minor: number(2)), amountThen: Money(minor: number(3)),
      pointsNow: Points(units: number(4)), pointsThen: Points(units: number(5)), cost: number(6))
  }
}
