import Calculator
import Conditions
import Customers
import Kernel

/// The JSON form of a programme's settings. Only `name` and `zone` are required; whatever else is left out has its default, and
/// `json` shows them all.
///
///     { "name": { "ru": "Кладовая", "en": "Pantry" }, "zone": "Europe/Moscow", "brands": ["green"],
///       "pointsName": { "ru": ["балл", "балла", "баллов"], "en": ["point", "points"] },
///       "identifiers": {…}, "points": {…},              see `IdentifierRules` and `PointsTerms`
///       "terms": {…}, "groups": [{ "name", "policy" }],  as `programme` and `groups` of a rules file
///       "kindsNotCounted": ["employee", "store-card", "test"], "spendNeeds": "possessed", "codeAbove": "1000",
///       "goodwill": { "soft": "500", "hard": "5000" }, "approval": { "above": "100000.00" },
///       "returns": { "money": "paid-price", "takesLostBenefit": false, "matchDays": 30, "unmatched": "ignore" },
///       "ladder": {…},                                  see `Ladder`
///       "favourites": { "choose": 3, "period": "month", "begins": "either", "mayChange": false },
///       "giving": {…},                                  see `GivingTerms`
///       "guard": {…},                                   see `GuardTerms`
///       "households": { "pools": true, "members": 6, "spenders": "everyone", "coolingOffDays": 30, "invitationDays": 7,
///                       "kinds": ["person", "anonymous"] },
///       "subscriptions": [{…}],                        see `SubscriptionPlan`
///       "transfers": {…},                               see `TransferTerms`
///       "attachDays": 30, "lateDays": 35, "colour": "#0b6771" }
extension ProgrammeSettings {
  /// Reads settings; what is wrong is noted in the node's list.
  /// - Parameter zones: the time zone of a name, nil where the system has none.
  public init(_ node: JSONNode, zones: (String) -> Zone?) {
    node.expect(
      "name", "pointsName", "zone", "brands", "identifiers", "points", "terms", "groups", "kindsNotCounted", "spendNeeds",
      "codeAbove", "goodwill", "approval", "returns", "ladder", "favourites", "giving", "guard", "households", "subscriptions",
      "transfers",
      "attachDays", "lateDays",
      "colour")
    self.init(name: CatalogueName(required: node["name"]), zone: Self.zone(node["zone"], zones))
    pointsName = PointsName(node["pointsName"]) ?? pointsName
    brands = node["brands"].items(max: 1_000).compactMap { $0.text(max: Limits.code) }
    if node["identifiers"].isPresent { identifiers = IdentifierRules(node["identifiers"]) }
    readTerms(node["terms"])
    readPoints(node["points"])
    groups = node["groups"].items(max: Limits.conditions).compactMap(PromotionGroup.init(settings:))
    if Set(groups.map(\.name)).count < groups.count { node["groups"].refuse("repeated", "two groups share a name") }
    if node["kindsNotCounted"].isPresent {
      kindsNotCounted = node["kindsNotCounted"].items(max: MemberKind.allCases.count).compactMap { $0.word() }
    }
    spendNeeds = node["spendNeeds"].word() ?? spendNeeds
    codeAbove = node["codeAbove"].decimal(digits: terms.pointsScale).map { Points(units: $0) }
    goodwill = Self.goodwill(node["goodwill"], digits: terms.pointsScale)
    approval = Self.approval(node["approval"], terms)
    returns = ReturnTerms(node["returns"])
    ladder = Ladder(node["ladder"], terms)
    favourites = FavouriteTerms(node["favourites"])
    giving = GivingTerms(node["giving"], AmountForm(terms))
    watch = GuardTerms(node["guard"], terms)
    households = HouseholdTerms(node["households"])
    subscriptions = SubscriptionPlan.plans(node["subscriptions"])
    transfers = TransferTerms(node["transfers"], AmountForm(terms))
    attachDays = node["attachDays"].int(0...365).map { Int($0) } ?? attachDays
    lateDays = node["lateDays"].int(0...365).map { Int($0) } ?? lateDays
    colour = BrandColour(node["colour"])
  }

  private mutating func readTerms(_ node: JSONNode) {
    guard node.isPresent else { return }
    let usual = terms
    var reader = RuleReader(names: InternedNames())
    terms = reader.terms(node)
    if case .array(let exceptions)? = node["spending"]["exceptions"].json { shareExceptions = exceptions }
    terms.spending.exceptions = []
    if case .array(let categories)? = node["favourites"].json { favouriteCategories = categories }
    for place in terms.favourites.indices { terms.favourites[place].goods = .everything }
    if !node["kindsWithoutOffers"].isPresent { terms.kindsWithoutOffers = usual.kindsWithoutOffers }
    if !node["spending"]["kindsWithoutSpending"].isPresent {
      terms.spending.kindsWithoutSpending = usual.spending.kindsWithoutSpending
    }
    if !node["earning"]["kindsWithoutEarning"].isPresent { terms.earning.kindsWithoutEarning = usual.earning.kindsWithoutEarning }
  }

  /// A point is worth the same when it is earned, kept and spent: the terms say what.
  private mutating func readPoints(_ node: JSONNode) {
    if node.isPresent { points = PointsTerms(node, zone: points.zone) }
    if node["scale"].isPresent, points.scale != terms.pointsScale {
      node["scale"].refuse("contradiction", "terms say pointsScale \(terms.pointsScale); leave this out or say the same")
    }
    if node["spendValue"].isPresent, points.spendValue.minor != terms.spendValue {
      node["spendValue"].refuse(
        "contradiction", "terms say spendValue \(terms.spendValue) minor units; leave this out or say the same")
    }
    points.scale = terms.pointsScale
    points.spendValue = Money(minor: terms.spendValue)
  }

  private static func goodwill(_ node: JSONNode, digits: Int) -> GoodwillLimits {
    node.expect("soft", "hard")
    let limits = GoodwillLimits(
      soft: node["soft"].decimal(digits: digits, min: 0).map { Points(units: $0) },
      hard: node["hard"].decimal(digits: digits, min: 0).map { Points(units: $0) })
    if let soft = limits.soft, let hard = limits.hard, soft > hard {
      node["soft"].refuse("contradiction", "what needs approval begins below what nobody may give")
    }
    return limits
  }

  private static func approval(_ node: JSONNode, _ terms: ProgrammeTerms) -> ApprovalTerms? {
    node.expect("above")
    return AmountForm(terms).money(node["above"], 0...Limits.amount).map { ApprovalTerms(above: $0) }
  }

  private static func zone(_ node: JSONNode, _ zones: (String) -> Zone?) -> Zone {
    guard node.required(), let name = node.text(max: Limits.code) else { return .utc }
    if let zone = zones(name) { return zone }
    node.refuse("unknown_zone", "this machine knows no time zone \"\(name)\"; zones are named like Europe/Moscow")
    return .utc
  }

  /// Every setting, defaults included.
  public var json: JSON {
    .object([
      "name": name.json, "pointsName": pointsName.json, "zone": .string(points.zone.name),
      "brands": .array(brands.map(JSON.string)),
      "identifiers": identifiers.json, "points": points.json, "terms": termsJSON, "groups": .array(groups.map(\.settings)),
      "kindsNotCounted": .array(kindsNotCounted.map { .string($0.rawValue) }), "spendNeeds": .string(spendNeeds.rawValue),
      "codeAbove": codeAbove.map { .string(Decimal.text($0.units, digits: terms.pointsScale)) }, "goodwill": goodwillJSON,
      "approval": approval.map { .object(["above": AmountForm(terms).json($0.above)]) }, "returns": returns.json,
      "ladder": ladder?.json(terms), "favourites": favourites == FavouriteTerms() ? nil : favourites.json,
      "giving": giving == GivingTerms() ? nil : giving.json(AmountForm(terms)), "guard": watch?.json(terms),
      "households": households?.json, "transfers": transfers?.json(AmountForm(terms)),
      "subscriptions": subscriptions.isEmpty ? nil : .array(subscriptions.map(\.json)),
      "attachDays": .int(Int64(attachDays)), "lateDays": .int(Int64(lateDays)),
      "colour": colour.map { .string($0.text) },
    ])
  }

  private var goodwillJSON: JSON {
    func text(_ points: Points?) -> JSON? { points.map { .string(Decimal.text($0.units, digits: terms.pointsScale)) } }
    return .object(["soft": text(goodwill.soft), "hard": text(goodwill.hard)])
  }

  /// The terms with the goods that they name: exceptions to the share that points may pay, favourite categories. Names that are not
  /// there stand for all goods; a rule book with such is not published.
  public func wholeTerms(_ names: any Names) -> ProgrammeTerms {
    guard !shareExceptions.isEmpty || !favouriteCategories.isEmpty else { return terms }
    var reader = RuleReader(names: names)
    return reader.terms(JSONNode(termsJSON))
  }

  /// The terms as a rules file has them, exceptions and favourite categories put back.
  private var termsJSON: JSON {
    RuleWriter(names: InternedNames(), amounts: AmountForm(terms)).terms(terms).replacing("spending") { spending in
      spending.replacing("exceptions") { _ in .array(shareExceptions) }
    }.replacing("favourites") { _ in .array(favouriteCategories) }
  }
}

extension JSON {
  /// This object with one member's value changed.
  fileprivate func replacing(_ key: String, _ next: (JSON) -> JSON) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.key == key ? Member(key, next($0.value)) : $0 })
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
