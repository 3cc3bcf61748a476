import Calculator
import Kernel
import Loyalty

/// The fields of a promotion's limits, and what stands in them.
enum LimitFields {
  static func texts(_ limits: PromotionLimits, _ amounts: AmountForm) -> [(name: String, text: String?)] {
    var texts: [(name: String, text: String?)] = [
      ("moneyPerLine", limits.moneyPerLine.map(amounts.text)), ("pointsPerLine", limits.pointsPerLine.map(amounts.text)),
      ("moneyPerReceipt", limits.moneyPerReceipt.map(amounts.text)),
      ("pointsPerReceipt", limits.pointsPerReceipt.map(amounts.text)),
      ("timesPerReceipt", limits.timesPerReceipt.map(String.init)),
      ("quantityPerReceipt", limits.quantityPerReceipt?.decimalText),
    ]
    for scope in LimitScope.allCases {
      let most = limits[scope]
      texts += [
        (scope.usesName, most.uses.map(String.init)), (scope.moneyName, most.money.map(amounts.text)),
        (scope.pointsName, most.points.map(amounts.text)),
      ]
    }
    return texts
  }
}

extension LimitScope {
  /// Whose limit it is, behind a sum: "for a member".
  func words(_ reader: Reader) -> String {
    switch self {
    case .member: reader("на участника", "a member")
    case .memberDay: reader("на участника в день", "a member and day")
    case .storeDay: reader("на магазин в день", "a store and day")
    case .store: reader("на магазин за всю акцию", "a store in all")
    case .day: reader("на всю сеть в день", "the whole chain a day")
    case .total: reader("за всю акцию", "in all")
    }
  }
}

extension PromotionEditPage {
  var limitFields: Markup {
    let points = reader("баллов", "points")
    let times = reader("раз", "times")
    let receipt: [(String, String, String)] = [
      ("moneyPerLine", reader("Скидки на строку", "Reduction a line"), reader.sign),
      ("pointsPerLine", reader("Начислений на строку", "Points a line"), points),
      ("moneyPerReceipt", reader("Скидки на чек", "Reduction a receipt"), reader.sign),
      ("pointsPerReceipt", reader("Начислений на чек", "Points a receipt"), points),
      ("timesPerReceipt", reader("Наборов или шагов в чеке", "Sets or steps in a receipt"), times),
      ("quantityPerReceipt", reader("Товара на чек", "Goods a receipt"), reader("шт, кг", "pcs, kg")),
    ]
    let lasting = LimitScope.allCases.map { scope -> Markup in
      let name: String
      switch scope {
      case .member: name = reader("На участника", "A member")
      case .memberDay: name = reader("На участника в день", "A member and day")
      case .storeDay: name = reader("На магазин в день", "A store and day")
      case .store: name = reader("На магазин за всю акцию", "A store in all")
      case .day: name = reader("На всю сеть в день", "The whole chain a day")
      case .total: name = reader("На всю сеть за всю акцию", "The whole chain in all")
      }
      return limitRow(
        name,
        [
          (scope.usesName, reader("Применений", "Uses"), times),
          (scope.moneyName, reader("Скидок", "Reductions"), reader.sign),
          (scope.pointsName, reader("Начислений", "Points"), points),
        ])
    }
    return """
      \(limitRow(reader("На строку и чек", "A line and a receipt"), receipt))\(lasting)\
      <p class="muted">\(reader("Пусто: без предела. Кончился предел или бюджет: акция перестаёт применяться там, где он кончился, и касса слышит почему.", "Empty: no limit. Once a limit or a budget is used up the promotion stops where it was, and tills hear why."))</p>
      """
  }

  private func limitRow(_ name: String, _ rows: [(String, String, String)]) -> Markup {
    let fields = rows.map { field("/limits/" + $0.0, $0.1, unit: $0.2, limit: 20) }
    return "<fieldset class=\"field\"><legend>\(name)</legend><div class=\"fields narrow\">\(fields)</div></fieldset>"
  }
}

extension LimitScope {
  /// The budget itself, where it is not the whole promotion's.
  func budgetWords(_ reader: Reader) -> String? {
    switch self {
    case .member: reader("бюджет участника", "the budget of a member")
    case .memberDay: reader("дневной бюджет участника", "a member's budget of a day")
    case .storeDay: reader("дневной бюджет магазина", "a store's budget of a day")
    case .store: reader("бюджет магазина", "the budget of a store")
    case .day: reader("дневной бюджет сети", "the chain's budget of a day")
    case .total: nil
    }
  }
}
