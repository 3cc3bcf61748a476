import Kernel

/// A hash over what was asked for, whatever the order of members and the white space between them.
enum BodyHash {
  /// Says how a sale came, not what was sold: an online request that got no answer may come again in a batch.
  private static let manner: Set<String> = ["hold", "calculationId", "offline", "requestKey", "basket", "explain"]

  static func of(_ body: JSON) -> Int64 {
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
      hash.mix(Array(text.utf8))
    case .array(let items):
      hash.mix(6)
      hash.mix(Int64(items.count))
      for item in items { mix(item, into: &hash) }
    case .object(let members):
      hash.mix(7)
      // Absent and null mean the same.
      let kept = members.filter { $0.value != .null && !leavingOut.contains($0.key) }
      hash.mix(Int64(kept.count))
      for member in kept.sorted(by: { $0.key < $1.key }) {
        hash.mix(Array(member.key.utf8))
        mix(member.value, into: &hash)
      }
    }
  }
}
