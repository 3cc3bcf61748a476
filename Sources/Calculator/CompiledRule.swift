import Conditions
import Kernel

/// What of a promotion is worth knowing before any basket comes.
struct CompiledRule: Sendable {
  let stage: Stage
  /// Position of its group in the rule book.
  let group: Int
  /// Words as numbers.
  let tags: [Int32]
  let excludes: [Int32]
  /// True where some other promotion could exclude it, or it another.
  let mayConflict: Bool
  let asksTender: Bool

  static func compile(_ promotions: [Promotion], groupOrder: [String: Int]) -> [CompiledRule] {
    var words: [String: Int32] = [:]
    func number(_ word: String) -> Int32 {
      if let known = words[word] { return known }
      let next = Int32(words.count)
      words[word] = next
      return next
    }
    let excluded = Set(promotions.flatMap(\.excludes))
    return promotions.map { promotion in
      CompiledRule(
        stage: promotion.stage, group: groupOrder[promotion.group] ?? 0, tags: promotion.tags.map(number),
        excludes: promotion.excludes.map(number),
        mayConflict: !promotion.excludes.isEmpty || promotion.tags.contains { excluded.contains($0) },
        asksTender: promotion.condition.asksTender)
    }
  }

  func conflicts(with other: CompiledRule) -> Bool {
    excludes.contains { other.tags.contains($0) } || other.excludes.contains { tags.contains($0) }
  }
}
