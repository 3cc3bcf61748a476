import Calculator
import Conditions
import Kernel

extension StoredRuleBook {
  /// The book as the calculator takes it: `rules(names).book(version: version)` compiles it.
  ///
  /// Cost: linear in the promotions and their lists. Whoever prices receipts keeps the compiled book and asks for the next when
  /// `RuleBooks.latestVersion` says so.
  /// - Throws: `Problem.invalid` with every issue at its pointer in the book, where a rule cannot be read or names what is not there.
  public func rules(_ names: any Names) throws(Problem) -> RulesFile {
    let node = JSONNode(body)
    var reader = RuleReader(names: names)
    let terms = reader.terms(node["programme"]["terms"])
    let groups = node["programme"]["groups"].items(max: Limits.conditions).compactMap(PromotionGroup.init(settings:))
    let listed = Set(groups.map(\.name) + [""])
    var promotions: [Promotion] = []
    for item in node["promotions"].items(max: Limits.promotions) {
      let versions = versions(item, &reader)
      for version in versions where !listed.contains(version.group) {
        item["rules"]["group"].refuse("unknown_group", "the programme's settings list no group \"\(version.group)\"")
      }
      promotions += versions
    }
    promotions.checkAccumulators(node["promotions"])
    try node.issues.check("rule book \(version)")
    return RulesFile(terms: terms, groups: groups, promotions: promotions)
  }

  /// One version of a promotion, or two where one is on trial.
  private func versions(_ item: JSONNode, _ reader: inout RuleReader) -> [Promotion] {
    guard let id = item["id"].text().flatMap(PromotionID.init) else { return [] }
    let nodes = item["versions"].isPresent ? item["versions"].items(max: 2) : [item]
    let pilot = nodes.last?["pilot"].isPresent == true ? nodes.last.flatMap { reader.scope($0["pilot"]) } : nil
    return nodes.compactMap { node in
      guard var promotion = reader.promotion(node["rules"], id: id) else { return nil }
      promotion.version = Int(node["version"].int() ?? 1)
      if let pilot { promotion.reach = node["pilot"].isPresent ? .inside(pilot) : .outside(pilot) }
      return promotion
    }
  }
}
