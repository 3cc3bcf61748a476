import Calculator
import Conditions
import Foundation
import Kernel
import TestKit
import regulars

/// Logs of a system that calculates as we do, by rules of its own.
struct ShadowLog {
  static let zones = ZoneBook(folder: "/usr/share/zoneinfo")

  static func rules() throws -> String { try Repository.text("examples/shadow/rules.json") }

  /// Goods of a small shop: code, category, price in kopecks, whether it is weighed.
  private static let goods: [(code: String, category: String, price: Int64, isWeighed: Bool)] = [
    ("ceylon", "tea", 25_937, false), ("sencha", "tea", 41_999, false), ("baguette", "bakery", 7_851, false),
    ("croissant", "bakery", 11_333, false), ("kefir", "dairy", 8_995, false), ("cheddar", "dairy", 89_967, true),
    ("soap", "household", 15_449, false), ("apples", "fruit", 12_990, true),
  ]

  static func decimal(_ minor: Int64) -> String { Decimal.text(minor, digits: 2) }

  /// A basket as a document, and its member where one was named.
  static func purchase(_ dice: inout Dice) -> (basket: JSON, member: JSON?) {
    var rest = goods
    let lines = (1...dice.roll(1...6)).map { number -> JSON in
      let good = rest.remove(at: Int(dice.roll(0...Int64(rest.count - 1))))
      let quantity = good.isWeighed ? "0.\(dice.roll(101...979))" : String(dice.roll(1...4))
      return .object([
        "id": .string(String(number)),
        "product": .object(["code": .string(good.code), "categories": .array([.string(good.category)])]),
        "quantity": .string(quantity), "price": .string(decimal(good.price)), "kind": good.isWeighed ? "weighed" : nil,
      ])
    }
    let day = dice.roll(1...28)
    let isMember = dice.chance(70)
    let spends = isMember && dice.chance(20)
    let basket = JSON.object([
      "format": "regulars.basket/1", "store": .object(["code": "corner", "zone": "+03:00"]),
      "time": .string("2026-03-\(day < 10 ? "0" : "")\(day)T12:30:00+03:00"), "lines": .array(lines),
      "spend": spends ? .string(String(dice.roll(10...90))) : nil,
    ])
    let member = isMember ? JSON.object(["format": "regulars.member/1", "points": .string(String(dice.roll(100...900)))]) : nil
    return (basket, member)
  }

  /// What a system answers that calculates by these rules, as a line of a log.
  static func line(
    _ id: Int, _ purchase: (basket: JSON, member: JSON?), by rules: String, listsPromotions: Bool = true
  ) throws -> JSON {
    var names: any Names = InternedNames()
    let book = try RulesFile(JSON.parse(rules), names: &names).book()
    let asked = try BasketFile(purchase.basket, for: book, names: &names) { (name) throws(Problem) in try zones.zone(named: name) }
    let member = try purchase.member.map { try MemberFile($0, for: book, names: &names).member }
    let answer = calculate(asked.basket, member: member, rules: book, usage: asked.usage)
    let lines = answer.lines.map { line -> JSON in
      .object([
        "id": .string(line.id), "amount": .string(decimal(line.amount.minor)),
        "discount": .string(decimal(line.discount.minor + line.rounding.minor)),
        "paidWithPoints": .string(decimal(line.paidWithPoints.minor)), "earned": .string(String(line.earned.units)),
      ])
    }
    let promotions = answer.promotions.map { applied -> JSON in
      .object([
        "code": .string(book.promotions[applied.index].code), "amount": .string(decimal(applied.money.minor)),
        "points": .string(String(applied.points.units)),
      ])
    }
    return .object([
      "id": .string("r\(id)"), "time": purchase.basket["time"], "basket": purchase.basket, "member": purchase.member,
      "answer": .object([
        "lines": .array(lines),
        "totals": .object([
          "amount": .string(decimal(answer.amount.minor)),
          "discount": .string(decimal(answer.discount.minor + answer.rounding.minor)),
          "pointsSpent": .string(String(answer.pointsSpent.units)), "earned": .string(String(answer.earned.units)),
        ]), "promotions": listsPromotions ? .array(promotions) : nil,
      ]),
    ])
  }

  /// So many receipts, answered by these rules.
  static func lines(_ count: Int, by rules: String, seed: UInt64 = 7, listsPromotions: Bool = true) throws -> [JSON] {
    var dice = Dice(seed: seed)
    return try (1...count).map { try line($0, purchase(&dice), by: rules, listsPromotions: listsPromotions) }
  }

  /// Compares lines with the example's rules.
  static func report(
    _ lines: [String], rounding: ShadowRun.Rounding = .rules, products: Set<String>? = nil, examples: Int = 8
  ) throws -> ShadowReport {
    let run = ShadowRun(
      try ShadowReader(rules: JSON.parse(rules()), products: products, zones: zones), rounding: rounding, examples: examples)
    for (number, line) in lines.enumerated() { run.take(Array(line.utf8), line: number + 1) }
    run.finish()
    return run.report
  }
}

extension String {
  /// With one place written otherwise, which must be there.
  func with(_ old: String, _ new: String) throws -> String {
    guard contains(old) else { throw CocoaError(.fileReadCorruptFile) }
    return replacingOccurrences(of: old, with: new)
  }
}
