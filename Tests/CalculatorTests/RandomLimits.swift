import Calculator
import Kernel

extension RandomRules {
  /// Limits that mean something for the benefit, each there half the time.
  mutating func limits(_ benefit: Benefit, _ stage: Stage) -> PromotionLimits {
    var limits = PromotionLimits()
    switch benefit {
    case .percent where stage != .receipt, .amountPerUnit, .fixedPrice, .prices:
      limits.quantityPerReceipt = maybe { Quantity(thousandths: $0.dice.roll(1...9999)) }
    case .freeUnits, .bundle, .earnPerStep, .earnPerUnit: limits.timesPerReceipt = maybe { $0.dice.roll(1...9) }
    case .percent, .amount, .fixedTotal, .gift, .giftChoice, .staircase, .earnRate, .earnMultiplier, .earnFixed, .reward: break
    }
    if benefit.isEarning {
      limits.pointsPerLine = maybe { $0.points() }
      limits.pointsPerReceipt = maybe { $0.points() }
    } else if benefit.isReduction {
      limits.moneyPerLine = maybe { $0.money() }
      limits.moneyPerReceipt = maybe { $0.money() }
    }
    for scope in LimitScope.allCases {
      limits[scope].uses = maybe { $0.dice.roll(1...999) }
      if benefit.isEarning { limits[scope].points = maybe { $0.points() } }
      if benefit.isReduction { limits[scope].money = maybe { $0.money() } }
    }
    return limits
  }
}
