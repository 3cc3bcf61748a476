import Kernel

/// Where a member's stamps of a card are kept: among the tallies of promotions, under an id of their own.
public enum StampTally {
  /// Below the ids of accumulators, which lie between −2⁶² and −1.
  public static func id(of card: String) -> PromotionID {
    var hash = StableHash()
    hash.mix("stamps")
    hash.mix(card)
    return PromotionID(.min + Int64(hash.value >> 2))
  }

  /// True for what stamps are kept under.
  public static func owns(_ id: PromotionID) -> Bool { id.raw < Accumulator.least }
}
