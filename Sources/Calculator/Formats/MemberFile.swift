import Conditions
import Kernel

/// A member as a document: everything the calculator may know of whoever buys, as of the sale.
public struct MemberFile: Hashable, Sendable {
  public static var format: String { "regulars.member/1" }
  /// Pools of points that one document may list.
  static var pools: Int { 100 }

  public var member: MemberSnapshot

  /// Reads a document.
  ///
  /// - Throws: `invalid_input` with every issue at its JSON pointer.
  public init(_ json: JSON, for rules: RuleBook, names: inout any Names) throws(Problem) {
    let node = JSONNode(json)
    node.expect(
      "format", "id", "kind", "maySpend", "tier", "segments", "birthday", "attributes", "purchases", "counters", "points",
      "spentToday", "usage", "accumulated", "bought", "stamps", "favourites", "privileges", "consents", "offers", "household")
    node["format"].expectFormat(Self.format)
    var reader = RuleReader(names: names, terms: rules.terms)
    member = MemberSnapshot(id: Self.id(node["id"]), kind: node["kind"].word() ?? .person)
    member.maySpend = node["maySpend"].bool() ?? true
    member.tier = reader.id(.tier, node["tier"])
    member.segments = node["segments"].items(max: Limits.conditions).compactMap { reader.id(.segment, $0) }.sorted()
    member.birthday = node["birthday"].day()
    for (name, value) in node["attributes"].members(max: Limits.attributes) {
      member.attributes[name] = AttributeValue(value, lists: true)
    }
    member.purchases = node["purchases"].int(0...Limits.amount) ?? 0
    for (name, value) in node["counters"].members(max: Limits.attributes) { member.counters[name] = value.int() }
    member.pools = Self.pools(node["points"], &reader)
    Self.household(node["household"], &reader, &member)
    member.spentToday = reader.amounts.points(node["spentToday"]) ?? .zero
    member.usage = node["usage"].byPromotion(rules) { item in
      item.expect("uses", "money", "points", "today", "todayMoney", "todayPoints")
      return MemberUsage(
        all: reader.used(item, "uses", "money", "points"), day: reader.used(item, "today", "todayMoney", "todayPoints"))
    }
    for item in node["accumulated"].items(max: Limits.accumulators) { Self.accumulated(item, &reader, &member) }
    for item in node["bought"].items(max: Limits.accumulators) { Self.bought(item, &reader, &member) }
    for (code, value) in node["stamps"].members(max: Limits.stampCards) {
      guard let count = value.int(0...Limits.amount) else { continue }
      if rules.terms.stampCard(code) == nil { value.refuse("unknown_name", "the rules have no stamp card \"\(code)\"") }
      member.usage[StampTally.id(of: code)] = MemberUsage(uses: count)
    }
    for item in node["favourites"].items(max: Limits.favourites) { favourite(item, rules) }
    member.privileges = node["privileges"].items(max: Limits.privileges).compactMap { $0.code() }
    member.consents = Consents(node["consents"].words(orEmpty: true) ?? [])
    for (code, value) in node["offers"].members(max: Limits.activatedOffers) { offer(code, value, rules) }
    try node.issues.check("the member")
    names = reader.names
  }

  private mutating func favourite(_ item: JSONNode, _ rules: RuleBook) {
    guard let code = item.code() else { return }
    if !rules.terms.favourites.contains(where: { $0.code == code }) {
      item.refuse("unknown_name", "the rules offer no favourite category \"\(code)\"")
    }
    member.favourites.append(code)
  }

  /// Only control groups look at the id; who has none in the document is the member number nought.
  private static func id(_ node: JSONNode) -> MemberID {
    guard let text = node.text() else { return MemberID(0) }
    if let id = MemberID(text) { return id }
    node.refuse("not_an_id", "a member's id is \"mem_\" and 13 characters, as the console shows it")
    return MemberID(0)
  }

  /// What the member activated: `"offers": { "coffee": { "since": "2026-03-01T10:00:00Z", "until": …, "usesUpTo": 3 } }`.
  private mutating func offer(_ code: String, _ node: JSONNode, _ rules: RuleBook) {
    node.expect("since", "until", "usesUpTo")
    guard let promotion = rules.promotions.first(where: { $0.code == code }) else {
      return node.refuse("unknown_name", "the rules have no promotion \"\(code)\"")
    }
    guard node["since"].required(), let since = node["since"].instant() else { return }
    let (until, most) = (node["until"].instant(), node["usesUpTo"].int(1...Limits.amount))
    member.offers.append(ActivatedOffer(promotion.id, since: since, until: until, usesUpTo: most))
  }

  /// What earlier receipts of the period came to: `{ "what": "amount", "of": filter, "within": "month", "value": "800.00" }`.
  private static func accumulated(_ node: JSONNode, _ reader: inout RuleReader, _ member: inout MemberSnapshot) {
    node.expect("what", "of", "within", "whose", "value")
    guard let accumulator = reader.accumulator(node), node["value"].required() else { return }
    let value: Int64? =
      switch accumulator.measure {
      case .amount: reader.amounts.money(node["value"], 0...Limits.amount)?.minor
      case .quantity: Quantity.read(node["value"], 0...Limits.amount)?.thousandths
      case .receipts, .visits: node["value"].int(0...Limits.amount)
      }
    if let value { member.usage[accumulator.id] = MemberUsage(uses: value) }
  }

  /// Goods that the member bought before: `{ "of": filter, "receipts": 2 }`, for promotions that are for a first purchase of them. Without
  /// `receipts` nobody has counted them yet.
  private static func bought(_ node: JSONNode, _ reader: inout RuleReader, _ member: inout MemberSnapshot) {
    node.expect("of", "receipts")
    guard node["of"].required() else { return }
    let sum = Accumulator.bought(reader.filter(node["of"]))
    let count = node["receipts"].isPresent ? node["receipts"].int(0...Limits.amount) : Accumulator.uncounted
    if let count { member.usage[sum.id] = MemberUsage(uses: count) }
  }

  /// `{ "members": 3, "points": "500" }`: of the household, the member counted; and what the others' points come to, which burn last.
  private static func household(_ node: JSONNode, _ reader: inout RuleReader, _ member: inout MemberSnapshot) {
    guard node.isPresent else { return }
    node.expect("members", "points")
    guard node["members"].required(), let members = node["members"].int(1...Int64(Limits.household)) else { return }
    member.counters[MemberCounter.household.rawValue] = members
    if let points = reader.amounts.points(node["points"]), points > .zero { member.pools.append(PointsPool(amount: points)) }
  }

  /// `"300"`, or a list of pools in the order in which they burn: `[{ "amount": "100", "only": {…} }, { "amount": "200" }]`.
  private static func pools(_ node: JSONNode, _ reader: inout RuleReader) -> [PointsPool] {
    if case .string? = node.json { return reader.amounts.points(node).map { [PointsPool(amount: $0)] } ?? [] }
    return node.items(max: pools).compactMap { item in
      item.expect("amount", "only")
      guard item["amount"].required(), let amount = reader.amounts.points(item["amount"]) else { return nil }
      return PointsPool(amount: amount, only: item["only"].isPresent ? reader.filter(item["only"]) : nil)
    }
  }
}
