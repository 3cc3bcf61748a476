import Conditions
import Kernel

/// A whole programme's rules as one document: `{ "format": "regulars.rules/1", "programme": {…}, "groups": […], "promotions": […] }`.
/// What reading accepts, `RuleBook` compiles without a trap.
public struct RulesFile: Hashable, Sendable {
  public static var format: String { "regulars.rules/1" }

  public var terms: ProgrammeTerms
  public var groups: [PromotionGroup]
  /// In the order of the file.
  public var promotions: [Promotion]

  public init(terms: ProgrammeTerms, groups: [PromotionGroup] = [], promotions: [Promotion]) {
    self.terms = terms
    self.groups = groups
    self.promotions = promotions
  }

  /// Reads a document. With fresh `InternedNames` promotions are numbered in the file's order, so that among equal priorities the
  /// earlier goes first.
  ///
  /// - Throws: `invalid_input` with every issue at its JSON pointer.
  public init(_ json: JSON, names: inout any Names) throws(Problem) {
    let node = JSONNode(json)
    node.expect("format", "programme", "groups", "promotions")
    node["format"].expectFormat(Self.format)
    var reader = RuleReader(names: names)
    terms = reader.terms(node["programme"])
    groups = Self.groups(node["groups"])
    let known = Set(groups.map(\.name) + [""])
    promotions = []
    var codes: Set<String> = []
    for item in node["promotions"].items(max: Limits.promotions) {
      let versions = reader.versions(item)
      guard let promotion = versions.first else { continue }
      if !known.contains(promotion.group) {
        item["group"].refuse(
          "unknown_group", "there is no group \"\(promotion.group)\" in groups; list it there or leave group out")
      }
      if !codes.insert(promotion.code).inserted {
        item["code"].refuse("repeated", "the code \"\(promotion.code)\" stands here twice; a code names one promotion")
      }
      versions.filter { !known.contains($0.group) && $0.group != promotion.group }.forEach {
        item["pilot"]["rules"]["group"].refuse("unknown_group", "there is no group \"\($0.group)\" in groups")
      }
      promotions += versions
    }
    promotions.checkAccumulators(node["promotions"])
    try node.issues.check("the rules")
    names = reader.names
  }

  private static func groups(_ node: JSONNode) -> [PromotionGroup] {
    var seen: Set<String> = []
    return node.items(max: Limits.conditions).compactMap { item in
      item.expect("name", "policy")
      guard item["name"].required(), item["policy"].required(), let policy = item["policy"].word(PromotionGroup.Policy.self),
        let name = item["name"].text(max: Limits.code, orEmpty: true)
      else { return nil }
      if !seen.insert(name).inserted { item["name"].refuse("repeated", "the group \"\(name)\" is listed twice") }
      return PromotionGroup(name: name, policy: policy)
    }
  }

  public func book(version: Int64 = 1) -> RuleBook {
    RuleBook(version: version, terms: terms, groups: groups, promotions: promotions)
  }

  /// The canonical document: reading it gives this value again.
  public func json(names: any Names) -> JSON {
    let writer = RuleWriter(names: names, amounts: AmountForm(terms))
    return .object([
      "format": .string(Self.format), "programme": writer.terms(terms),
      "groups": groups.isEmpty
        ? nil : .array(groups.map { .object(["name": .string($0.name), "policy": .string($0.policy.rawValue)]) }),
      "promotions": .array(writer.documents(promotions)),
    ])
  }
}

extension JSONNode {
  /// Every document says what it is, so that a basket is not taken for rules and a later format not for this one.
  public func expectFormat(_ format: String) {
    guard required(), let text = text() else { return }
    if text != format { refuse("other_format", "\"\(format)\" is expected here, not \"\(text)\"") }
  }
}
