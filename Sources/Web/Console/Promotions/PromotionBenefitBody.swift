import Calculator
import Conditions
import Kernel
import Loyalty

// Benefit and limits.
extension PromotionBody {
  func stage(of promotion: Promotion) -> JSON? {
    promotion.stage == promotion.benefit.usualStage ? nil : .string(promotion.stage.rawValue)
  }

  func stage(_ kind: BenefitKind?) -> JSON? {
    guard let kind, let wanted = Stage(rawValue: form["stage"]) else { return nil }
    switch kind {
    case .earnRate, .earnPerStep, .earnPerUnit, .earnMultiplier, .earnFixed, .reward: return nil
    case .fixedPrice, .prices: return wanted >= .earning || wanted == .price ? nil : .string(wanted.rawValue)
    case .amount: return wanted >= .earning || wanted == .receipt ? nil : .string(wanted.rawValue)
    case .staircase:
      let usual = form["step-by"] == "quantity" ? Stage.line : .receipt
      return wanted >= .earning || wanted == usual ? nil : .string(wanted.rawValue)
    case .percent, .amountPerUnit, .fixedTotal, .bundle, .freeUnits, .gift, .giftChoice:
      return wanted >= .earning || wanted == .line ? nil : .string(wanted.rawValue)
    }
  }

  mutating func benefit(_ kind: BenefitKind?) -> JSON? {
    placeBenefit(kind)
    guard let kind else { return nil }
    switch kind {
    case .percent:
      return .object(["percent": number("percent"), "of": form["percent-of"] == "regular" ? "regular" : nil])
    case .amountPerUnit, .amount, .fixedPrice, .fixedTotal:
      return number(kind.rawValue).map { .object([JSON.Member(kind.rawValue, $0)]) }
    case .freeUnits:
      return .object([
        "freeUnits": .object([
          "buy": whole("buy"), "free": whole("free"), "reduction": form["reduction"] == "100" ? nil : number("reduction"),
          "lands": form["lands"] == Landing.free.rawValue ? nil : text("lands"), "perProduct": form.has("perProduct") ? true : nil,
        ])
      ])
    case .gift:
      return .object(["gift": .object(["units": whole("gift-units") ?? 1, "price": number("gift-price")])])
    case .giftChoice: return GiftChoiceFields.json(form, codes, whole: whole, number)
    case .earnRate: return earning([("rate", number("earn-rate"))])
    case .earnPerStep: return earning([("points", number("step-points") ?? ""), ("perStep", number("step-money") ?? "")])
    case .earnMultiplier: return earning([("multiplier", number("multiplier"))])
    case .earnFixed: return earning([("points", number("earn-points"))])
    case .earnPerUnit: return earning([("points", number("unit-points") ?? ""), ("perUnit", true)])
    case .staircase: return PromotionSets.staircase(form, number)
    case .bundle: return PromotionSets.bundle(form, codes, whole: whole, number)
    case .prices: return PromotionSets.prices(form["prices"])
    case .reward: return PromotionSets.reward(form, amount: number)
    }
  }

  /// Which field says what is wrong with a part of the benefit.
  private mutating func placeBenefit(_ kind: BenefitKind?) {
    places["/benefit"] = kind.map(Self.first) ?? "benefit"
    places["/stage"] = "stage"
    for (pointer, field) in [
      ("/benefit/freeUnits/free", "free"), ("/benefit/freeUnits/reduction", "reduction"), ("/benefit/gift/price", "gift-price"),
      ("/benefit/earn/perStep", "step-money"), ("/benefit/bundle/price", "bundle-value"),
      ("/benefit/bundle/amount", "bundle-value"), ("/benefit/bundle/percent", "bundle-value"),
      ("/benefit/reward/message/ru", "message/ru"), ("/benefit/reward/message/en", "message/en"),
      ("/benefit/reward/to", "message-to"), ("/benefit/reward/coupon", "reward-series"),
      ("/benefit/reward/certificate", "reward-series"), ("/benefit/reward/game", "reward-series"),
      ("/benefit/reward/turns", "reward-turns"), ("/benefit/reward/amount", "reward-amount"),
      ("/benefit/reward/tier", "reward-tier"), ("/benefit/reward/days", "reward-days"),
      ("/benefit/reward/stamps", "stamp-count"), ("/benefit/reward/card", "stamp-card"), ("/benefit/reward/perStep", "stamp-step"),
      ("/takes", "takes-card"), ("/takes/stamps", "takes-stamps"),
    ] { places[pointer] = field }
    for (pointer, field) in GiftChoiceFields.places(form) { places[pointer] = field }
    // Rows that were left out in between do not count.
    let rows = (1...PromotionSets.steps).filter { number("step-from-\($0)") != nil || number("step-value-\($0)") != nil }
    for (place, row) in rows.enumerated() {
      places["/benefit/staircase/steps/\(place)"] = "step-value-\(row)"
      places["/benefit/staircase/steps/\(place)/from"] = "step-from-\(row)"
    }
  }

  private func earning(_ members: [(String, JSON?)]) -> JSON {
    .object(["earn": .object(members.compactMap { name, value in value.map { JSON.Member(name, $0) } })])
  }

  /// The first field of a benefit: what is wrong with it as a whole is said there.
  private static func first(_ kind: BenefitKind) -> String {
    switch kind {
    case .percent, .amountPerUnit, .amount, .fixedPrice, .fixedTotal, .earnMultiplier:
      kind == .earnMultiplier ? "multiplier" : kind.rawValue
    case .freeUnits: "buy"
    case .gift: "gift-units"
    case .giftChoice: "choice-ru-1"
    case .earnRate: "earn-rate"
    case .earnPerStep: "step-points"
    case .earnFixed: "earn-points"
    case .earnPerUnit: "unit-points"
    case .staircase: "step-from-1"
    case .bundle: ListField.bundle1.rawValue
    case .prices: "prices"
    case .reward: "reward"
    }
  }

  func limits() -> JSON? {
    let lasting = LimitScope.allCases.flatMap { scope in
      [
        (scope.usesName, whole("/limits/" + scope.usesName)), (scope.moneyName, number("/limits/" + scope.moneyName)),
        (scope.pointsName, number("/limits/" + scope.pointsName)),
      ]
    }
    let members: [(String, JSON?)] =
      ["moneyPerLine", "pointsPerLine", "moneyPerReceipt", "pointsPerReceipt"].map { ($0, number("/limits/" + $0)) }
      + [("timesPerReceipt", whole("/limits/timesPerReceipt")), ("quantityPerReceipt", number("/limits/quantityPerReceipt"))]
      + lasting
    let said = members.compactMap { name, value in value.map { JSON.Member(name, $0) } }
    return said.isEmpty ? nil : .object(said)
  }
}
