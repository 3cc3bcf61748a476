import Calculator
import Conditions
import Customers
import Kernel

/// The JSON form of a programme's settings. Only `name` and `zone` are required; whatever else is left out has its default, and
/// `json` shows them all. Amounts of money and points are decimal texts (`"1.00"`), shares are percents as decimal texts (`"50"`).
extension ProgrammeSettings {
  /// Reads settings; what is wrong is noted in the node's list.
  /// - Parameter zones: the time zone of a name, nil where the system has none.
  public init(_ node: JSONNode, zones: (String) -> Zone?) {
    node.expect(
      "name", "pointsName", "currency", "zone", "brands", "identifiers", "points", "rounding", "spending", "earning",
      "receiptRounding",
      "control", "groups", "kinds", "spendNeeds", "codeAbove", "returns", "attachDays", "lateDays")
    self.init(name: CatalogueName(required: node["name"]), zone: Self.zone(node["zone"], zones))
    pointsName = PointsName(node["pointsName"]) ?? pointsName
    terms.currency = Self.currency(node["currency"]) ?? terms.currency
    brands = node["brands"].items(max: 1_000).compactMap { $0.text(max: Limits.code) }
    if node["identifiers"].isPresent { identifiers = IdentifierRules(node["identifiers"]) }
    if node["points"].isPresent { points = PointsTerms(node["points"], zone: points.zone) }
    terms.read(node, pointsDigits: points.scale)
    groups = node["groups"].items(max: 100).compactMap(PromotionGroup.init(settings:))
    if Set(groups.map(\.name)).count < groups.count { node["groups"].refuse("repeated", "two groups share a name") }
    for (name, treatment) in node["kinds"].members(max: MemberKind.allCases.count) {
      guard let kind = MemberKind(rawValue: name) else {
        treatment.refuse("unknown_word", "kinds are \(MemberKind.allCases.map(\.rawValue).joined(separator: ", "))")
        continue
      }
      treatments[kind] = MemberTreatment(treatment, usual: .usual(for: kind))
    }
    spendNeeds = node["spendNeeds"].word() ?? spendNeeds
    codeAbove = node["codeAbove"].decimal(digits: points.scale).map { Points(units: $0) }
    returns = ReturnTerms(node["returns"])
    attachDays = node["attachDays"].int(0...365).map { Int($0) } ?? attachDays
    lateDays = node["lateDays"].int(0...365).map { Int($0) } ?? lateDays
    takeTreatments()
  }

  private static func zone(_ node: JSONNode, _ zones: (String) -> Zone?) -> Zone {
    guard node.required(), let name = node.text(max: Limits.code) else { return .utc }
    if let zone = zones(name) { return zone }
    node.refuse("unknown_zone", "this machine knows no time zone \"\(name)\"; zones are named like Europe/Moscow")
    return .utc
  }

  private static func currency(_ node: JSONNode) -> Currency? {
    guard let code = node.text(max: 3) else { return nil }
    if let currency = Currency(code) { return currency }
    node.refuse("not_a_currency", "a code of three capital letters is expected here, for example RUB")
    return nil
  }

  /// Every setting, defaults included.
  public var json: JSON {
    .object(
      [
        JSON.Member("name", name.json), JSON.Member("pointsName", pointsName.json),
        JSON.Member("currency", .string(terms.currency.code)), JSON.Member("zone", .string(points.zone.name)),
        JSON.Member("brands", .array(brands.map(JSON.string))), JSON.Member("identifiers", identifiers.json),
        JSON.Member("points", points.json),
      ] + terms.members(pointsDigits: points.scale) + [
        JSON.Member("groups", .array(groups.map(\.settings))),
        JSON.Member(
          "kinds", .object(treatments.sorted { $0.key.rawValue < $1.key.rawValue }.map { JSON.Member($0.rawValue, $1.json) })),
        JSON.Member("spendNeeds", .string(spendNeeds.rawValue)),
        JSON.Member("codeAbove", codeAbove.map { .string(Decimal.text($0.units, digits: points.scale)) } ?? .null),
        JSON.Member("returns", returns.json), JSON.Member("attachDays", .int(Int64(attachDays))),
        JSON.Member("lateDays", .int(Int64(lateDays))),
      ])
  }
}

extension CatalogueName {
  init(required node: JSONNode) {
    if !node.required() {
      self.init("")
    } else if case .string? = node.json {
      self.init(node.text() ?? "")
    } else {
      node.expect("ru", "en")
      self.init(ru: node["ru"].text(), en: node["en"].text())
      if ru == nil, en == nil { node.refuse("missing", "a name in Russian or in English is required") }
    }
  }
}

extension PointsName {
  init?(_ node: JSONNode) {
    guard node.isPresent else { return nil }
    node.expect("ru", "en")
    let (ru, en) = (node["ru"].items(max: 3).compactMap { $0.text() }, node["en"].items(max: 2).compactMap { $0.text() })
    guard PointsName(ru: ru, en: en) != nil else {
      node.refuse("incomplete", "three Russian forms (балл, балла, баллов) and two English ones (point, points) are expected here")
      return nil
    }
    self.init(ru: ru, en: en)
  }

  var json: JSON { .object(["ru": .array(ru.map(JSON.string)), "en": .array(en.map(JSON.string))]) }
}

extension PromotionGroup {
  init?(settings node: JSONNode) {
    node.expect("name", "policy")
    guard node["policy"].required(), let policy = node["policy"].word(Policy.self) else { return nil }
    self.init(name: node["name"].text(max: Limits.code, orEmpty: true) ?? "", policy: policy)
  }

  var settings: JSON { .object(["name": .string(name), "policy": .string(policy.rawValue)]) }
}

extension MemberTreatment {
  init(_ node: JSONNode, usual: MemberTreatment) {
    node.expect("earns", "spends", "offers", "counts")
    self.init(
      earns: node["earns"].bool() ?? usual.earns, spends: node["spends"].bool() ?? usual.spends,
      receivesOffers: node["offers"].bool() ?? usual.receivesOffers, counts: node["counts"].bool() ?? usual.counts)
  }

  var json: JSON {
    .object(["earns": .bool(earns), "spends": .bool(spends), "offers": .bool(receivesOffers), "counts": .bool(counts)])
  }
}

extension ReturnTerms {
  init(_ node: JSONNode) {
    node.expect("money", "takesLostBenefit", "matchDays", "unmatched")
    let usual = ReturnTerms()
    self.init(
      money: node["money"].word() ?? usual.money, takesLostBenefit: node["takesLostBenefit"].bool() ?? usual.takesLostBenefit,
      matchDays: node["matchDays"].int(0...365).map { Int($0) } ?? usual.matchDays,
      unmatched: node["unmatched"].word() ?? usual.unmatched)
  }

  var json: JSON {
    .object([
      "money": .string(money.rawValue), "takesLostBenefit": .bool(takesLostBenefit), "matchDays": .int(Int64(matchDays)),
      "unmatched": .string(unmatched.rawValue),
    ])
  }
}
