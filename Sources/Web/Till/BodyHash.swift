import Kernel
import Loyalty

/// A hash over what was asked for and by which till, whatever the order of members and the white space between them.
enum BodyHash {
  /// Says how a sale came, not what was sold: an online request that got no answer may come again in a batch. Which till it is, is
  /// hashed as it was understood: its own token says so, other callers do in the body or once for a batch.
  private static let manner: Set<String> = [
    "hold", "calculationId", "offline", "requestKey", "basket", "explain", "store", "register",
  ]

  static func of(_ body: JSON, _ till: SalesFloor.Till) -> Int64 {
    var hash = StableHash()
    hash.mix(till.store.id.raw)
    hash.mixBytes(of: till.register)
    mix(body, into: &hash, leavingOut: manner)
    return Int64(bitPattern: hash.value)
  }

  /// Of what may come from no till.
  static func of(_ body: JSON, of till: SalesFloor.Till?) -> Int64 {
    if let till { return of(body, till) }
    var hash = StableHash()
    mix(body, into: &hash, leavingOut: manner)
    return Int64(bitPattern: hash.value)
  }

  private static func mix(_ json: JSON, into hash: inout StableHash, leavingOut: Set<String> = []) {
    switch json {
    case .null: hash.mix(0)
    case .bool(let value): hash.mix(value ? 2 : 1)
    case .int(let value):
      hash.mix(3)
      hash.mix(value)
    case .number(let text):
      hash.mix(4)
      hash.mix(text)
    case .string(let text):
      hash.mix(5)
      hash.mixBytes(of: text)
    case .array(let items):
      hash.mix(6)
      hash.mix(Int64(items.count))
      for item in items { mix(item, into: &hash) }
    case .object(let members):
      hash.mix(7)
      // Members have no order: each is hashed by itself, and the sum of the hashes is the same in any.
      var sum: UInt64 = 0
      for member in members where !leavingOut.contains(member.key) {
        // Absent and null mean the same.
        if case .null = member.value { continue }
        var own = StableHash()
        own.mixBytes(of: member.key)
        mix(member.value, into: &own)
        sum &+= own.value
      }
      hash.mix(Int64(bitPattern: sum))
    }
  }
}
