import Calculator
import Conditions
import Kernel
import TestKit

/// Pilots of some promotions, thrown apart from what makes the rules.
struct RandomPilots {
  private var dice: Dice
  private let store: StoreID

  init(seed: UInt64, store: StoreID) {
    dice = Dice(seed: seed)
    self.store = store
  }

  /// One version, one that is only on trial, or two that divide the baskets.
  mutating func versions(of promotion: Promotion) -> [Promotion] {
    guard dice.chance(30) else { return [promotion] }
    let from = Instant(seconds: dice.roll(1_700_000_000...1_800_000_000))
    let registers = (1...dice.roll(1...3)).map { Pilot.Register(store: store, code: "\($0)") }
    let pilot = Pilot(
      stores: dice.chance(50) ? [store] : [], registers: dice.chance(50) ? registers : [],
      members: dice.chance(50) ? [MemberID(dice.roll(1...99))] : [], hasTestCards: true, from: from,
      until: dice.chance(50) ? from + .seconds(dice.roll(1...999_999)) : nil)
    var (kept, trial) = (promotion, promotion)
    (kept.reach, trial.reach, trial.version) = (.outside(pilot), .inside(pilot), 9)
    return dice.chance(60) ? [kept, trial] : [trial]
  }
}
