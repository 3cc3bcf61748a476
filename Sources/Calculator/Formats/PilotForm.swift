import Conditions
import Kernel

// A pilot beside the promotion that it tries: `"pilot": { "stores": ["north"], "from": "2026-11-01T09:00:00+03:00", "rules": { … } }`.
// With `rules`, they are on trial and what stands around them is in force elsewhere; without, what stands around it is on trial.
extension RuleReader {
  /// A promotion with the pilot that its document tells of: one version, or two of one id that divide the baskets between them.
  public mutating func versions(_ node: JSONNode, id: PromotionID? = nil) -> [Promotion] {
    promotion(node, id: id, mayPilot: true).map { divided($0, by: node["pilot"]) } ?? []
  }

  /// - Parameter node: of the pilot; a promotion without one is everywhere.
  public mutating func divided(_ promotion: Promotion, by node: JSONNode) -> [Promotion] {
    guard node.isPresent else { return [promotion] }
    node.expect(Self.scopeMembers + ["rules"])
    guard let pilot = pilot(node) else { return [promotion] }
    var kept = promotion
    guard node["rules"].isPresent else {
      kept.reach = .inside(pilot)
      return [kept]
    }
    kept.reach = .outside(pilot)
    guard var trial = self.promotion(node["rules"], id: promotion.id) else { return [kept] }
    if trial.code != promotion.code {
      node["rules"]["code"].refuse("other_code", "what is on trial is a version of \"\(promotion.code)\" and has its code")
    }
    trial.reach = .inside(pilot)
    return [kept, trial]
  }

  private static let scopeMembers = ["stores", "registers", "members", "testCards", "from", "until"]

  /// A pilot alone. - Returns: nil where it cannot be one; what is wrong is noted.
  public mutating func scope(_ node: JSONNode) -> Pilot? {
    node.expect(Self.scopeMembers)
    return pilot(node)
  }

  private mutating func pilot(_ node: JSONNode) -> Pilot? {
    let stores = node["stores"].items(max: Limits.pilotPlaces).compactMap { id(.store, $0) as StoreID? }
    var registers: [Pilot.Register] = []
    for item in node["registers"].items(max: Limits.pilotPlaces) {
      item.expect("store", "register")
      guard item["store"].required(), item["register"].required(), let store: StoreID = id(.store, item["store"]),
        let code = item["register"].code()
      else { continue }
      registers.append(Pilot.Register(store: store, code: code))
    }
    let members = node["members"].items(max: Limits.pilotMembers).compactMap { item -> MemberID? in
      guard let text = item.text() else { return nil }
      if let id = MemberID(text) { return id }
      item.refuse("not_an_id", "a member's id is \"mem_\" and 13 characters, as the console shows it")
      return nil
    }
    let from = node["from"].required() ? node["from"].instant() : nil
    let until = node["until"].instant()
    guard let from else { return nil }
    if let until, until <= from {
      node["until"].refuse("bounds_crossed", "until must be later than from")
      return nil
    }
    let pilot = Pilot(
      stores: IDList(stores), registers: registers, members: IDList(members), hasTestCards: node["testCards"].bool() ?? false,
      from: from, until: until)
    guard pilot.listsPlaces || pilot.listsBuyers else {
      // What was listed and could not be read has its issue already.
      let isListed = ["stores", "registers", "members"].contains { node[$0].isPresent }
      if isListed, !node.issues.isEmpty { return nil }
      node.refuse("pilot_everywhere", "a pilot lists stores, registers, members or testCards; without any it would be everywhere")
      return nil
    }
    return pilot
  }
}

extension RuleWriter {
  public func pilot(_ pilot: Pilot) -> JSON { .object(members(of: pilot)) }

  private func members(of pilot: Pilot) -> [JSON.Member] {
    let members: [(String, JSON?)] = [
      ("stores", pilot.stores.count == 0 ? nil : codes(.store, pilot.stores)),
      (
        "registers",
        pilot.registers.isEmpty
          ? nil
          : .array(pilot.registers.map { .object(["store": .string(code(.store, $0.store)), "register": .string($0.code)]) })
      ),
      ("members", pilot.members.count == 0 ? nil : .array(pilot.members.map { .string("\($0)") })),
      ("testCards", pilot.hasTestCards ? true : nil), ("from", .string(pilot.from.text)),
      ("until", pilot.until.map { .string($0.text) }),
    ]
    return members.compactMap { name, value in value.map { JSON.Member(name, $0) } }
  }

  /// Each promotion once, with what is on trial of it beside it.
  func documents(_ promotions: [Promotion]) -> [JSON] {
    var trials: [PromotionID: Promotion] = [:]
    for promotion in promotions where promotion.reach.isTrial { trials[promotion.id] = promotion }
    let kept = Set(promotions.filter { !$0.reach.isTrial }.map(\.id))
    return promotions.compactMap { promotion in
      switch promotion.reach {
      case .everywhere: self.promotion(promotion)
      case .inside(let pilot):
        kept.contains(promotion.id) ? nil : beside(self.promotion(promotion), .object(members(of: pilot)))
      case .outside(let pilot):
        beside(
          self.promotion(promotion),
          .object(members(of: pilot) + (trials[promotion.id].map { [JSON.Member("rules", self.promotion($0))] } ?? [])))
      }
    }
  }

  private func beside(_ promotion: JSON, _ pilot: JSON) -> JSON {
    guard case .object(let members) = promotion else { return promotion }
    return .object(members + [JSON.Member("pilot", pilot)])
  }
}
