import Conditions
import Kernel

/// The more is bought, the more it gives: of its steps the highest that the target goods reach.
public struct Staircase: Hashable, Sendable {
  /// What of the goods is measured: what they cost as the stage begins, or how many there are.
  public enum Measure: String, Sendable, CaseIterable { case amount, quantity }

  public struct Step: Hashable, Sendable {
    /// Minor units or thousandths, as the measure says.
    public let from: Int64
    public let reduction: Reduction
    public init(from: Int64, _ reduction: Reduction) {
      self.from = from
      self.reduction = reduction
    }
  }

  public let measure: Measure
  /// Ascending by where they begin; 1 … `Limits.steps`.
  public let steps: [Step]

  public init(_ measure: Measure, _ steps: [Step]) {
    precondition(!steps.isEmpty && steps.count <= Limits.steps, "a staircase has 1 to \(Limits.steps) steps")
    precondition(zip(steps, steps.dropFirst()).allSatisfy { $0.from < $1.from }, "steps ascend")
    self.measure = measure
    self.steps = steps
  }

  /// The highest step reached; nil below the first.
  func step(at have: Int64) -> Step? { steps.last { $0.from <= have } }
}

/// What one step of a staircase takes off the target goods.
public enum Reduction: Hashable, Sendable {
  case percent(Rate)
  /// Off each unit.
  case amountPerUnit(Money)
  /// Off the goods together.
  case amount(Money)
  /// Of one unit, where that is lower.
  case fixedPrice(Money)
}

extension Run {
  /// What the goods come to as a staircase measures them; lines that do not count are left out.
  private func measured(_ measure: Staircase.Measure, _ lines: [Int]) -> Int64 {
    var sum: Int64 = 0
    for line in lines where columns.counts(line) { sum += measure == .amount ? stageAmount[line] : columns.quantity(line) }
    return sum
  }

  func climb(_ staircase: Staircase, _ rule: CompiledRule, _ lines: [Int], _ effect: inout Effect) {
    let have = measured(staircase.measure, lines)
    guard let step = staircase.step(at: have) else {
      let bounds = Bounds(atLeast: staircase.steps[0].from)
      effect.obstacle =
        staircase.measure == .amount ? .amount(have: Money(minor: have), bounds: bounds) : .quantity(have: have, bounds: bounds)
      return
    }
    reduce(step.reduction, rule, lines, &effect)
  }
}
