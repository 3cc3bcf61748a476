import Conditions
import Kernel

// A promotion alone, as a rules file and a stored row carry it.
extension RuleReader {
  /// Nil where it cannot be one; what is wrong is noted.
  ///
  /// - Parameters:
  ///   - id: where the promotion is known already; nil to ask `names` for the id of its code.
  ///   - mayPilot: whoever asks reads the pilot beside it.
  public mutating func promotion(_ node: JSONNode, id: PromotionID? = nil, mayPilot: Bool = false) -> Promotion? {
    node.expect(
      "code", "name", "version", "stage", "group", "priority", "tags", "excludes", "from", "until", "when", "on", "benefit",
      "limits", "takes", "course", "addsToTillReductions", "public", "control", "funding", "pilot")
    if !mayPilot, node["pilot"].isPresent {
      node["pilot"].refuse("pilot_elsewhere", "a pilot is no part of a promotion's rules; it is begun with `regulars rules pilot`")
    }
    let code = node["code"].required() ? node["code"].code() : nil
    let known = id ?? (code == nil ? nil : self.id(.promotion, node["code"]))
    let benefit = benefit(node["benefit"])
    var promotion = Promotion(
      id: known ?? PromotionID(0), code: code ?? "", name: title(node["name"]), benefit: benefit ?? .amount(.zero))
    promotion.version = Int(node["version"].int(1...1_000_000_000) ?? 1)
    promotion.stage = stage(node["stage"], of: promotion.benefit)
    promotion.group = node["group"].text(max: Limits.code, orEmpty: true) ?? ""
    promotion.priority = Int(node["priority"].int(0...1_000_000) ?? Int64(promotion.priority))
    promotion.tags = tags(node["tags"])
    promotion.excludes = tags(node["excludes"])
    promotion.from = node["from"].instant()
    promotion.until = node["until"].instant()
    if let from = promotion.from, let until = promotion.until, from >= until {
      node["until"].refuse("bounds_crossed", "until must be later than from")
    }
    promotion.condition = condition(node["when"])
    checkOffers(promotion.condition, node["when"])
    promotion.target = filter(node["on"])
    let questions = promotion.condition.size + promotion.target.size
    if questions > Limits.conditions {
      node.refuse("too_many", "at most \(Limits.conditions) questions are allowed in when and on together, not \(questions)")
    }
    promotion.limits = limits(node["limits"], promotion)
    promotion.takes = stampTake(node["takes"], promotion.benefit)
    if benefit != nil { promotion.course = course(node["course"], promotion.benefit) }
    promotion.addsToTillReductions = node["addsToTillReductions"].bool() ?? true
    promotion.isPublic = node["public"].bool() ?? false
    promotion.control = control(node["control"])
    promotion.funding = funding(node["funding"])
    return code == nil || known == nil || benefit == nil ? nil : promotion
  }

  private func title(_ node: JSONNode) -> LocalText {
    node.expect("ru", "en")
    guard node.required(), node["ru"].required(), node["en"].required() else { return LocalText(ru: "", en: "") }
    return LocalText(ru: node["ru"].text() ?? "", en: node["en"].text() ?? "")
  }

  private func stage(_ node: JSONNode, of benefit: Benefit) -> Stage {
    guard let stage = node.word(Stage.self) else { return benefit.usualStage }
    let isRight = benefit.isReduction ? stage < .earning : stage == benefit.usualStage
    if !isRight {
      node.refuse(
        "wrong_stage",
        benefit.isReduction
          ? "a reduction stands in price, line or receipt"
          : "points are earned in the stage earning, rewards given in reward; leave stage out")
    }
    return isRight ? stage : benefit.usualStage
  }

  private func tags(_ node: JSONNode) -> [String] { node.items(max: Limits.attributes).compactMap { $0.code() } }

  private func funding(_ node: JSONNode) -> [Funding] {
    let shares = node.items(max: Limits.coupons).compactMap { item -> Funding? in
      item.expect("payer", "code", "share", "contract")
      guard item["payer"].required(), item["share"].required(), let payer = item["payer"].word(Funding.Payer.self),
        let share = Rate.percent(item["share"], 1...1_000_000)
      else { return nil }
      if payer != .retailer, !item["code"].isPresent { item["code"].refuse("missing", "say which \(payer.rawValue) pays, by code") }
      return Funding(payer: payer, code: item["code"].code(), share: share, contract: item["contract"].text())
    }
    let sum = shares.reduce(0) { $0 + $1.share.ppm }
    if node.isPresent, node.issues.isEmpty, sum != Rate.whole.ppm {
      node.refuse("shares_do_not_sum", "the shares sum to \(Rate(ppm: sum).percentText) %, not to 100 %")
    }
    return shares
  }
}

extension RuleWriter {
  /// The promotion without its id, which whoever keeps it knows; members that have their default are left out.
  public func promotion(_ promotion: Promotion) -> JSON {
    .object([
      "code": .string(promotion.code), "name": .object(["ru": .string(promotion.name.ru), "en": .string(promotion.name.en)]),
      "version": promotion.version == 1 ? nil : .int(Int64(promotion.version)),
      "stage": promotion.stage == promotion.benefit.usualStage ? nil : .string(promotion.stage.rawValue),
      "group": promotion.group.isEmpty ? nil : .string(promotion.group),
      "priority": promotion.priority == 100 ? nil : .int(Int64(promotion.priority)), "tags": texts(promotion.tags),
      "excludes": texts(promotion.excludes), "from": promotion.from.map { .string($0.text) },
      "until": promotion.until.map { .string($0.text) },
      "when": promotion.condition == .all([]) ? nil : condition(promotion.condition), "on": filter(promotion.target),
      "benefit": benefit(promotion.benefit),
      "limits": promotion.limits == PromotionLimits() ? nil : limits(promotion.limits),
      "takes": promotion.takes.map { .object(["stamps": .int($0.stamps), "card": .string($0.card)]) },
      "course": promotion.course?.json, "addsToTillReductions": promotion.addsToTillReductions ? nil : false,
      "public": promotion.isPublic ? true : nil,
      "control": promotion.control.map(control),
      "funding": promotion.funding.isEmpty ? nil : .array(promotion.funding.map(funding)),
    ])
  }

  private func texts(_ values: [String]) -> JSON? { values.isEmpty ? nil : .array(values.map(JSON.string)) }

  private func funding(_ funding: Funding) -> JSON {
    .object([
      "payer": .string(funding.payer.rawValue), "code": funding.code.map(JSON.string), "share": .string(funding.share.percentText),
      "contract": funding.contract.map(JSON.string),
    ])
  }
}
