import Conditions
import Kernel

// Promotions that cannot stand beside each other.
extension Run {
  /// Finds candidates that exclude each other and puts the losers aside. Up to `Limits.exactExclusion` of them every maximal set
  /// of compatible ones is tried on the whole receipt and the best for the shopper wins (at most 3^(n/3) sets: Moon and Moser
  /// 1965; 81 for twelve); beyond, they are taken greedily by what each brings alone. Ties go to the earlier in order.
  mutating func settleExclusions() {
    let contested = contestants()
    guard contested.count > 1 else { return }
    let foes = contested.map { a in contested.map { b in a != b && scene.book.rules[a].conflicts(with: scene.book.rules[b]) } }
    let involved = contested.indices.filter { foes[$0].contains(true) }
    guard !involved.isEmpty else { return }
    let isExact = involved.count <= Limits.exactExclusion
    let chosen = isExact ? exactChoice(contested, involved, foes) : greedyChoice(contested, involved, foes)
    let awaited = Set(candidates.lazy.filter(\.isAwaited).map(\.rule.position))
    for place in involved where !chosen.contains(place) {
      // Told is one that stands already, before one that may never.
      let winners = chosen.filter { foes[place][$0] }
      let winner = winners.first { !awaited.contains(contested[$0]) } ?? winners.first
      excluded[contested[place]] = contested[winner ?? place]
    }
    exclusion = ExclusionNote(method: isExact ? .exact : .greedy, candidates: involved.count)
  }

  /// Positions of the promotions that could stand beside a foe. One whose condition does not hold yet is among them where it still
  /// could: "up to 1,000 roubles" comes true in a later stage, and nobody asks then who stands beside it.
  private mutating func contestants() -> [Int] {
    var contested: [Int] = []
    for place in candidates.indices where candidates[place].rule.mayConflict && !candidates[place].lines.isEmpty {
      let isFree = obstacle(at: place) == nil
      candidates[place].isAwaited = !isFree && mayYetApply(at: place)
      if isFree || candidates[place].isAwaited { contested.append(candidates[place].rule.position) }
    }
    return contested
  }

  private func mayYetApply(at place: Int) -> Bool {
    guard case .open = candidates[place].verdict else { return false }
    let rule = candidates[place].rule
    return lastingObstacle(rule) == nil && holdsFromNowOn(rule.condition) != false
  }

  /// Whether the condition holds (true) or fails (false) whatever reductions and points still take off, or that depends on them
  /// (nil). Amounts only come down, so each may end anywhere from nothing to what it is now.
  private func holdsFromNowOn(_ condition: Condition) -> Bool? {
    switch condition {
    case .all(let conditions):
      let answers = conditions.map { holdsFromNowOn($0) }
      return answers.contains(false) ? false : answers.contains(nil) ? nil : true
    case .any(let conditions):
      let answers = conditions.map { holdsFromNowOn($0) }
      return answers.contains(true) ? true : answers.contains(nil) ? nil : false
    case .none(let conditions): return holdsFromNowOn(.any(conditions)).map { !$0 }
    case .amount(_, .reduced, let bounds):
      guard case .amount(let have, _) = cause(condition) else { return bounds.contains(0) ? true : nil }
      return have.minor < bounds.atLeast ?? .min ? false : nil
    default: return cause(condition) == nil
    }
  }

  /// What an exclusion answers for the candidate; nil where none put it aside. One that was only awaited and whose condition still
  /// does not hold names that: without its foe it would not have applied either.
  func exclusion(of place: Int) -> Cause? {
    guard !excluded.isEmpty, let by = excluded[candidates[place].rule.position] else { return nil }
    if candidates[place].isAwaited, let cause = obstacle(at: place) { return cause }
    return .excluded(by: by)
  }

  private func exactChoice(_ contested: [Int], _ involved: [Int], _ foes: [[Bool]]) -> [Int] {
    var best: (worth: Worth, set: [Int])?
    for set in Self.maximalSets(involved, foes) {
      let aside = involved.filter { !set.contains($0) }.map { contested[$0] }
      let worth = worth(of: set.map { contested[$0] }, without: aside)
      if let leader = best, worth <= leader.worth { continue }
      best = (worth, set)
    }
    return best?.set ?? []
  }

  private func greedyChoice(_ contested: [Int], _ involved: [Int], _ foes: [[Bool]]) -> [Int] {
    let worths = involved.map { place in
      (
        place: place,
        worth: worth(of: [contested[place]], without: involved.filter { $0 != place }.map { contested[$0] })
      )
    }
    var chosen: [Int] = []
    for (place, _) in worths.sorted(by: { ($0.worth, $1.place) > ($1.worth, $0.place) })
    where !chosen.contains(where: { foes[place][$0] }) { chosen.append(place) }
    return chosen.sorted()
  }

  /// Of what brings the shopper the same, that with fewer promotions whose stamps are missing is worth more: they do nothing.
  private struct Worth: Comparable {
    let value: Int128
    let short: Int
    static func < (a: Worth, b: Worth) -> Bool { (a.value, b.short) < (b.value, a.short) }
  }

  /// What the shopper gains by these, reductions and points together, when those are put aside.
  private func worth(of chosen: [Int], without aside: [Int]) -> Worth {
    var trial = copied()
    for position in aside { trial.excluded[position] = position }
    trial.runStages()
    let reduced = zip(amount, trial.amount).reduce(0) { $0 + $1.0 - $1.1 }
    trial.stageAmount = trial.amount
    trial.putStampsOn()
    let earned = trial.earning(on: columns.everyLine.map { columns.canEarn($0) ? trial.amount[$0] : 0 })
    // The most that a receipt earns is worth more than 64 bits where a point is worth thousands.
    let value =
      Int128(reduced) + Int128(earned.total.units) * Int128(scene.terms.spendValue) / Int128(scene.terms.unitsPerPoint)
    // Reductions that lack stamps are no contestants.
    let short = chosen.count { position in
      let rule = scene.book.rules[position]
      return rule.takes != nil && rule.stage >= .earning && trial.lacksStamps(rule) != nil
    }
    return Worth(value: value, short: short)
  }

  /// All maximal sets without two foes, in the order of their first members (Bron and Kerbosch 1973 on the complement graph).
  private static func maximalSets(_ places: [Int], _ foes: [[Bool]]) -> [[Int]] {
    var found: [[Int]] = []
    func extend(_ set: [Int], _ open: [Int], _ done: [Int]) {
      if open.isEmpty {
        if done.isEmpty { found.append(set.sorted()) }
        return
      }
      var open = open
      var done = done
      while let place = open.first {
        extend(set + [place], open.filter { $0 != place && !foes[place][$0] }, done.filter { !foes[place][$0] })
        open.removeFirst()
        done.append(place)
      }
    }
    extend([], places, [])
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }
}

/// How exclusions between promotions were settled.
public struct ExclusionNote: Hashable, Sendable {
  public enum Method: String, Sendable, CaseIterable { case exact, greedy }
  public var method: Method
  public var candidates: Int
  public init(method: Method, candidates: Int) {
    self.method = method
    self.candidates = candidates
  }
}
