import Kernel
import TestKit

/// Which kinds of things the combinations have, beside those that the schemas of `docs/formats` describe. The schemas and the enums of
/// the calculator are held together by `FormatSchemaTests`, so a kind that is new is asked for here by itself.
struct CombinationCoverage {
  private let schemas: [String: JSON]
  private let schema: JSONSchema
  private(set) var faults: [String] = []
  /// Condition × benefit, by how many promotions ask and give them.
  private(set) var pairs: [String: [String: Int]] = [:]

  /// - Parameters:
  ///   - combinations: whose documents and answers are held against the schemas.
  ///   - more: that are only counted as pairs.
  init(_ combinations: [Combination], more: [Combination]) throws {
    schemas = Dictionary(
      uniqueKeysWithValues: try FormatSchemaTests.names.map { ($0, try JSON.parse(try Repository.text("docs/formats/\($0)"))) })
    schema = JSONSchema(schemas)
    for combination in combinations {
      let answer = try combination.answer().json
      let documents = [
        ("rules", combination.rules), ("basket", combination.basket), ("member", combination.member), ("calculation", answer),
      ]
      for case (let name, let json?) in documents {
        faults += schema.faults(json, file: name + ".schema.json").map { "\(combination.name): \($0)" }
      }
    }
    for combination in combinations + more {
      for promotion in combination.rules["promotions"]?.items ?? [] { count(promotion) }
    }
  }

  private mutating func count(_ promotion: JSON) {
    guard let benefit = promotion["benefit"], let condition = promotion["when"] else { return }
    for kind in Set(Self.kinds(in: condition)) { pairs[kind, default: [:]][kindOf(benefit), default: 0] += 1 }
  }

  private static func kinds(in condition: JSON) -> [String] {
    (condition.members ?? []).flatMap { [$0.key] + $0.value.items.flatMap(kinds) }
  }

  /// Members and choices that the schemas describe and no combination has.
  var missing: [String] {
    ["rules", "basket", "member", "calculation"].map { $0 + ".schema.json" }.flatMap { file in
      schema.described(in: file).subtracting(schema.used).sorted()
        + schema.choices(in: file).subtracting(schema.usedChoices).sorted()
    }
  }

  var conditions: [String] { definition("condition") }

  /// `earn` and `reward` hold several kinds each; `of` says what a percent is of.
  var benefits: [String] {
    definition("benefit").flatMap { name in
      let described = schemas["rules.schema.json"]?["$defs"]?["benefit"]?["properties"]?[name]
      switch name {
      case "of": return [String]()
      case "earn": return (described?["properties"]?.members ?? []).map { "earn.\($0.key)" }
      case "reward": return (described?["anyOf"]?.items ?? []).compactMap(Self.kindOfReward).map { "reward.\($0)" }
      default: return [name]
      }
    }
  }

  private func definition(_ name: String) -> [String] {
    (schemas["rules.schema.json"]?["$defs"]?[name]?["properties"]?.members ?? []).map(\.key)
  }

  private static func kindOfReward(_ choice: JSON) -> String? {
    if let word = choice.text("const") { return word }
    if case .string(let name)? = choice["required"]?.items.first { return name }
    return nil
  }

  private func kindOf(_ benefit: JSON) -> String {
    let name = benefit.members?.first { $0.key != "of" }?.key ?? ""
    let inner = benefit[name]
    switch name {
    case "earn":
      // Points may be given for a step or a unit, which then says the kind.
      let names = (inner?.members ?? []).map(\.key)
      return "earn." + (names.first { $0 != "points" } ?? names.first ?? "")
    case "reward":
      if case .string(let word)? = inner { return "reward.\(word)" }
      return benefits.first { $0.hasPrefix("reward.") && inner?[String($0.dropFirst(7))] != nil } ?? name
    default: return name
    }
  }

  var uncovered: [(condition: String, benefit: String)] {
    conditions.flatMap { condition in benefits.filter { pairs[condition]?[$0] == nil }.map { (condition, $0) } }
  }

  /// Every pair with how many promotions of the combinations have it; a dot where there is none.
  var table: String {
    let width = (conditions.map(\.count).max() ?? 0) + 1
    let head = benefits.enumerated().map { "\($0 + 1) \($1)" }.joined(separator: ", ")
    let rows = conditions.map { condition in
      condition + String(repeating: " ", count: width - condition.count)
        + benefits.map { pairs[condition]?[$0].map(String.init) ?? "·" }.joined(separator: " ")
    }
    return ([head] + rows).joined(separator: "\n")
  }
}
