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
      guard let id = item["id"].text().flatMap(PromotionID.init), var promotion = reader.promotion(item["rules"], id: id) else {
        continue
      }
      promotion.version = Int(item["version"].int() ?? 1)
      if !listed.contains(promotion.group) {
        item["rules"]["group"].refuse("unknown_group", "the programme's settings list no group \"\(promotion.group)\"")
      }
      promotions.append(promotion)
    }
    promotions.checkAccumulators(node["promotions"])
    try node.issues.check("rule book \(version)")
    return RulesFile(terms: terms, groups: groups, promotions: promotions)
  }
}
