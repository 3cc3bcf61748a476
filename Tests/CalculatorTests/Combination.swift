import Calculator
import Conditions
import Foundation
import Kernel
import TestKit
import Testing

/// One row of a table in `docs/examples/combinations`: what is bought under which rules, and what comes of it. A row says only what
/// differs from the shop of all tables, `shop.json`; the documents that are made of both are those of `docs/formats`.
struct Combination: Sendable, CustomTestStringConvertible {
  static let folder = "docs/examples/combinations"
  /// What a row may say about the answer. The first ones are compared always; where they are left out, nothing of the kind is expected.
  static let always = ["pay", "gives", "earns", "points", "rounding", "reasons"]
  static let whereWritten = [
    "spending", "tradeOff", "tenders", "tenderPrices", "hints", "tillRounding", "status", "exclusion", "parts", "notes", "stamps",
    "lots", "gifts", "choices",
  ]

  let name: String
  let rules: JSON
  let basket: JSON
  let member: JSON?
  /// What a look at the certificates that pay would have found, by their codes.
  let certificates: JSON?
  let expected: [String: String]

  var testDescription: String { name }

  /// - Parameter layers: the shop, the table, the row; the later one has the last word, member by member.
  init(name: String, layers: [JSON]) throws {
    self.name = name
    func merged(_ key: String) -> [JSON.Member] { layers.reduce(into: []) { $0.overlay($1[key]) } }
    let row = layers.last ?? .null
    let promotions = (row["rules"]?.members ?? []).map { member in
      JSON.object(
        [.init("code", .string(member.key)), .init("name", .object(["ru": .string(member.key), "en": .string(member.key)]))]
          .overlaid(member.value))
    }
    rules = .object([
      "format": "regulars.rules/1", "programme": .object(merged("programme")), "groups": row["groups"],
      "promotions": .array(promotions),
    ])
    let lines = try Self.lines(row.text("goods") ?? "", merged("goods"))
    basket = .object([.init("format", "regulars.basket/1")] + merged("basket") + [.init("lines", .array(lines))])
    let isNobody = layers.contains { $0["member"] == .null }
    member = isNobody ? nil : .object([.init("format", "regulars.member/1")] + merged("member"))
    certificates = layers.lazy.compactMap { $0["certificates"] }.last
    expected = Dictionary(
      uniqueKeysWithValues: (Self.always + Self.whereWritten).compactMap { key in row.text(key).map { (key, $0) } })
  }

  /// `"2 coffee, 0.347 cheese, bun"`: goods of the shop, as lines called after them, a second one of a kind with a number.
  private static func lines(_ text: String, _ goods: [JSON.Member]) throws -> [JSON] {
    var count: [String: Int] = [:]
    return try text.split(separator: ", ").map { item in
      let words = item.split(separator: " ")
      let name = String(words.last ?? "")
      guard let known = goods.last(where: { $0.key == name })?.value else { throw Oddity("the shop has no \(name)") }
      count[name, default: 0] += 1
      let number = count[name, default: 1]
      var line: [JSON.Member] = [
        .init("id", .string(number == 1 ? name : "\(name).\(number)")),
        .init("quantity", .string(words.count == 2 ? String(words[0]) : "1")),
      ]
      line.overlay(known)
      line.overlay(.object(["product": .object([JSON.Member("code", .string(name))].overlaid(known["product"]))]))
      return .object(line)
    }
  }

  struct Oddity: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// What the calculator answers, in the words of a row.
  func answer() throws -> (told: [String: String], faults: [String], calculation: Calculation, json: JSON) {
    var names: any Names = InternedNames()
    let book = try RulesFile(rules, names: &names).book()
    var file = try BasketFile(basket, for: book, names: &names, zone: Example.zone)
    for place in file.basket.tenders.indices { inspect(&file.basket.tenders[place].certificate) }
    for place in file.basket.certificates.indices {
      var certificate: PresentedCertificate? = file.basket.certificates[place].certificate
      inspect(&certificate)
      if let certificate { file.basket.certificates[place].certificate = certificate }
    }
    let known = try member.map { try MemberFile($0, for: book, names: &names).member }
    let calculation = calculate(
      file.basket, member: known, rules: book, usage: file.usage, scope: CalculationScope(explainsAll: true))
    let json = CalculationForm(rules: book).json(calculation)
    return (Told(json, calculation).texts, Sums.violations(of: calculation, file.basket), calculation, json)
  }

  private func inspect(_ certificate: inout PresentedCertificate?) {
    guard let code = certificate?.code, let found = certificates?[code] else { return }
    certificate?.state = found.text("state").flatMap(PresentedCertificate.State.init) ?? .valid
    certificate?.available = Money(minor: found.text("available").flatMap { Decimal.parse($0, digits: 2) } ?? 0)
  }

  /// A sentence for each thing that is not as the row says.
  func differences() throws -> [String] {
    let (told, faults, _, _) = try answer()
    let asked = Self.always + Self.whereWritten.filter { expected[$0] != nil }
    return faults
      + asked.filter { told[$0, default: ""] != expected[$0, default: ""] }
      .map { "\($0) is \"\(told[$0, default: ""])\", not \"\(expected[$0, default: ""])\"" }
  }
}

/// One table of combinations.
struct CombinationTable: Sendable, CustomTestStringConvertible {
  let name: String
  let about: String
  let rows: [Combination]

  var testDescription: String { name }

  static func json(_ name: String) throws -> JSON { try JSON.parse(try Repository.text("\(Combination.folder)/\(name).json")) }

  static func all() throws -> [CombinationTable] {
    let shop = try json("shop")
    return try Repository.files(below: Combination.folder, ending: ".json").compactMap { path in
      let name = String(path.split(separator: "/").last?.dropLast(5) ?? "")
      return ["shop", "pairs"].contains(name) ? nil : try CombinationTable(name: name, shop: shop)
    }
  }

  private init(name: String, shop: JSON) throws {
    self.name = name
    let table = try Self.json(name)
    about = table.text("about") ?? ""
    guard case .array(let cases)? = table["cases"] else { throw Combination.Oddity("\(name) has no cases") }
    rows = try cases.map { row in
      guard let title = row.text("case") else { throw Combination.Oddity("a case of \(name) has no sentence") }
      let known =
        ["case", "goods", "rules", "groups", "programme", "basket", "member", "certificates"] + Combination.always
        + Combination.whereWritten
      for member in row.members ?? [] where !known.contains(member.key) {
        throw Combination.Oddity("\(title): nobody reads \(member.key)")
      }
      return try Combination(name: "\(name): \(title)", layers: [shop, table, row])
    }
  }
}

extension JSON {
  var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  var items: [JSON] { if case .array(let items) = self { items } else { [] } }
  func text(_ key: String) -> String? { if case .string(let text)? = self[key] { text } else { nil } }
}

extension [JSON.Member] {
  /// Members of the other replace those of the same name; null takes one away.
  mutating func overlay(_ other: JSON?) {
    for member in other?.members ?? [] {
      if member.value == .null {
        removeAll { $0.key == member.key }
        continue
      }
      if let place = firstIndex(where: { $0.key == member.key }) { self[place] = member } else { append(member) }
    }
  }

  func overlaid(_ other: JSON?) -> [JSON.Member] {
    var members = self
    members.overlay(other)
    return members
  }
}
