import Conditions
import Kernel

extension Run {
  /// What the money of these lines counts towards a tier: nothing for the control group, who get nothing else either.
  func status(on base: [Int64], _ earned: Earned) -> Points {
    let terms = scene.terms.earning
    guard let way = terms.status, let member = scene.member, !terms.kindsWithoutEarning.contains(member.kind), !scene.isInControl
    else { return .zero }
    switch way {
    case .perStep(let points, let step):
      let units = Int128(base.reduce(0, +) / step.minor) * Int128(points.units)
      return Points(units: Int64(min(Int128(Limits.amount), units)))
    case .asEarned:
      return Points(units: earned.rows.reduce(0) { scene.book.promotions[$1.position].benefit.isOnce ? $0 : $0 + $1.total })
    }
  }
}
