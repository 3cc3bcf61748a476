import Calculator
import Conditions
import Kernel

/// What one side says that a receipt costs and earns.
public struct ShadowSide: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public var id: String
    public var amount: Money
    /// What promotions and rounding took off.
    public var discount: Money
    /// In money.
    public var paidWithPoints: Money
    /// Nil where the other side does not say.
    public var earned: Points?
  }

  public struct Promotion: Hashable, Sendable {
    public var code: String
    public var money: Money
    /// Nil where the other side does not say.
    public var points: Points?
  }

  public var lines: [Line] = []
  public var amount = Money.zero
  public var discount = Money.zero
  public var pointsSpent = Points.zero
  public var earned = Points.zero
  /// Nil where the other side does not say.
  public var promotions: [Promotion]?

  public init() {}

  /// What we answer.
  public init(_ calculation: Calculation, _ book: RuleBook) {
    lines = calculation.lines.map {
      Line(
        id: $0.id, amount: $0.amount, discount: $0.discount + $0.rounding, paidWithPoints: $0.paidWithPoints, earned: $0.earned)
    }
    amount = calculation.amount
    discount = calculation.discount + calculation.rounding
    pointsSpent = calculation.pointsSpent
    earned = calculation.earned
    promotions = calculation.promotions.map {
      Promotion(code: book.promotions[$0.index].code, money: $0.money, points: $0.points)
    }
  }

  /// True where both say the same, line by line.
  public func agrees(with other: ShadowSide) -> Bool { agreesInMoney(with: other) && agreesInEarning(with: other) }

  public func agreesInMoney(with other: ShadowSide) -> Bool {
    amount == other.amount && discount == other.discount && pointsSpent == other.pointsSpent
      && pairs(with: other)?.allSatisfy { a, b in
        a.amount == b.amount && a.discount == b.discount && a.paidWithPoints == b.paidWithPoints
      } ?? false
  }

  func agreesInEarning(with other: ShadowSide) -> Bool {
    earned == other.earned
      && pairs(with: other)?.allSatisfy { a, b in a.earned == nil || b.earned == nil || a.earned == b.earned } ?? false
  }

  /// The lines of both by id, in our order; nil where they are not the same lines.
  func pairs(with other: ShadowSide) -> [(Line, Line)]? {
    guard lines.count == other.lines.count else { return nil }
    if zip(lines, other.lines).allSatisfy({ $0.id == $1.id }) { return Array(zip(lines, other.lines)) }
    let theirs = Dictionary(other.lines.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let found = lines.compactMap { line in theirs[line.id].map { (line, $0) } }
    return found.count == lines.count ? found : nil
  }
}

/// One receipt of the log: what was asked of the other side, and what it answered.
public struct ShadowRecord: Sendable {
  /// In the file, from 1.
  public let line: Int
  public let id: String
  public let basket: Basket
  public let usage: [PromotionID: SharedUsage]
  public let member: MemberSnapshot?
  /// The other side's.
  public let answer: ShadowSide
  /// Codes by line.
  public let products: [String]
  /// Codes of products that the list of names does not have.
  public let unknown: [String]
}

/// Codes and numbers, shared by the rules and all receipts of a run.
final class ShadowNames: Names {
  private var known = InternedNames()
  func id(_ kind: NameKind, _ code: String) -> Int64? { known.id(kind, code) }
  func code(_ kind: NameKind, _ id: Int64) -> String? { known.code(kind, id) }
}

/// Reads the log's lines.
public final class ShadowReader {
  private var names: any Names
  public let rules: RulesFile
  private let book: RuleBook
  private let zones: ZoneBook
  private var zonesKnown: [String: Zone] = [:]
  private let products: Set<String>?

  /// - Parameters:
  ///   - rules: as docs/formats/rules.md describes them.
  ///   - products: codes that there are; nil: all.
  /// - Throws: `Problem.invalid` with every issue of the rules at its pointer.
  public init(rules json: JSON, products: Set<String>? = nil, zones: ZoneBook) throws(Problem) {
    var names: any Names = ShadowNames()
    rules = try RulesFile(json, names: &names)
    book = rules.book()
    self.names = names
    self.products = products
    self.zones = zones
  }

  /// The rules as a document, with other terms.
  func document(_ terms: ProgrammeTerms) -> JSON {
    RulesFile(terms: terms, groups: rules.groups, promotions: rules.promotions).json(names: names)
  }

  /// - Throws: `Problem.invalid` with every issue at its pointer.
  public func record(_ bytes: [UInt8], line: Int) throws(Problem) -> ShadowRecord {
    let json: JSON
    do { json = try JSON.parse(bytes) } catch {
      throw Problem(.invalid, "not_json", "column \(error.column): \(error.message)")
    }
    return try record(json, line: line)
  }

  func record(_ json: JSON, line: Int) throws(Problem) -> ShadowRecord {
    let node = JSONNode(json)
    node.expect("id", "time", "basket", "member", "answer")
    let id = node["id"].required() ? node["id"].text() : nil
    _ = node["time"].instant()
    let answer = answer(node["answer"])
    var basket: BasketFile?
    if node["basket"].required(), let json = node["basket"].json {
      basket = named("basket", node) { () throws(Problem) in
        try BasketFile(json, for: book, names: &names) { (name) throws(Problem) in try zone(name) }
      }
    }
    var member: MemberSnapshot?
    if node["member"].isPresent, let json = node["member"].json {
      member = named("member", node) { () throws(Problem) in try MemberFile(json, for: book, names: &names).member }
    }
    try node.issues.check("the receipt")
    guard let basket else { throw Problem(.invalid, "invalid_input", "the receipt has no basket") }
    let codes = basket.basket.lines.map { names.code(.product, $0.product.id.raw) ?? "?" }
    return ShadowRecord(
      line: line, id: id ?? "", basket: basket.basket, usage: basket.usage, member: member, answer: answer, products: codes,
      unknown: products.map { known in codes.filter { !known.contains($0) } } ?? [])
  }

  private func zone(_ name: String) throws(Problem) -> Zone {
    if let known = zonesKnown[name] { return known }
    let zone = try zones.zone(named: name)
    zonesKnown[name] = zone
    return zone
  }

  /// What a document of its own refuses stands below its member here.
  private func named<T>(_ member: String, _ node: JSONNode, _ read: () throws(Problem) -> T) -> T? {
    do throws(Problem) { return try read() } catch {
      for issue in error.issues { node.issues.add("/\(member)\(issue.pointer)", issue.code, issue.message) }
      if error.issues.isEmpty { node[member].refuse(error.code, error.detail) }
      return nil
    }
  }

  private func answer(_ node: JSONNode) -> ShadowSide {
    node.expect("lines", "totals", "promotions")
    let (digits, scale) = (rules.terms.currency.digits, rules.terms.pointsScale)
    func money(_ node: JSONNode) -> Money {
      Money(minor: node.decimal(digits: digits, min: -Limits.basketAmount, max: Limits.basketAmount) ?? 0)
    }
    func points(_ node: JSONNode) -> Points? { node.decimal(digits: scale).map(Points.init(units:)) }
    var side = ShadowSide()
    guard node.required() else { return side }
    if node["lines"].required() {
      side.lines = node["lines"].items(max: Limits.lines).compactMap { item in
        item.expect("id", "amount", "discount", "paidWithPoints", "earned")
        guard item["id"].required(), item["amount"].required(), let id = item["id"].text() else { return nil }
        return ShadowSide.Line(
          id: id, amount: money(item["amount"]), discount: money(item["discount"]), paidWithPoints: money(item["paidWithPoints"]),
          earned: points(item["earned"]))
      }
    }
    let totals = node["totals"]
    totals.expect("amount", "discount", "pointsSpent", "earned")
    if totals.required() {
      _ = totals["amount"].required()
      (side.amount, side.discount) = (money(totals["amount"]), money(totals["discount"]))
      (side.pointsSpent, side.earned) = (points(totals["pointsSpent"]) ?? .zero, points(totals["earned"]) ?? .zero)
    }
    if node["promotions"].isPresent {
      side.promotions = node["promotions"].items(max: Limits.promotions).compactMap { item in
        item.expect("code", "amount", "points")
        guard item["code"].required(), let code = item["code"].text() else { return nil }
        return ShadowSide.Promotion(code: code, money: money(item["amount"]), points: points(item["points"]))
      }
    }
    return side
  }
}
