import Calculator
import Kernel

/// What comparing a log came to.
public struct ShadowReport: Sendable {
  /// The receipts of one class. Differences are theirs less ours.
  public struct Tally: Hashable, Sendable {
    public internal(set) var receipts = 0
    public internal(set) var proven = 0
    public internal(set) var amount = Money.zero
    /// Without their signs.
    public internal(set) var amountApart = Money.zero
    public internal(set) var spent = Points.zero
    public internal(set) var earned = Points.zero
    public internal(set) var earnedApart = Points.zero

    mutating func add(_ ours: ShadowSide, _ theirs: ShadowSide, isProven: Bool) {
      receipts += 1
      if isProven { proven += 1 }
      amount += theirs.amount - ours.amount
      amountApart += max(theirs.amount, ours.amount) - min(theirs.amount, ours.amount)
      spent += theirs.pointsSpent - ours.pointsSpent
      earned += theirs.earned - ours.earned
      earnedApart += max(theirs.earned, ours.earned) - min(theirs.earned, ours.earned)
    }
  }

  /// One promotion on the receipts that differ.
  public struct Effect: Hashable, Sendable {
    public internal(set) var ours = 0
    public internal(set) var theirs = 0
    public internal(set) var ourMoney = Money.zero
    public internal(set) var theirMoney = Money.zero
    public internal(set) var ourPoints = Points.zero
    public internal(set) var theirPoints = Points.zero
  }

  /// A line of the log that could not be read.
  public struct Malformed: Hashable, Sendable {
    public let line: Int
    public let pointer: String
    public let message: String
  }

  /// One receipt with both sides.
  public struct Example: Sendable {
    public let record: ShadowRecord
    public let verdict: ShadowVerdict
    let ours: Calculation
    let book: RuleBook
  }

  public internal(set) var lines = 0
  public internal(set) var receipts = 0
  public internal(set) var agreeing = 0
  public internal(set) var malformedCount = 0
  /// At most `Limits.issues`.
  public internal(set) var malformed: [Malformed] = []
  public internal(set) var classes: [ShadowClass: Tally] = [:]
  public internal(set) var causes: [ShadowVerdict.Cause: Int] = [:]
  public internal(set) var effects: [String: Effect] = [:]
  public internal(set) var search: RoundingSearch?
  /// The profile that the receipts were compared by, where it is not the rules' own.
  public internal(set) var rounding: RoundingChoice?
  public internal(set) var examples: [Example] = []
  public internal(set) var isStopped = false

  public var isClean: Bool { agreeing == receipts && malformedCount == 0 }

  mutating func add(_ problem: Problem, line: Int) {
    malformedCount += 1
    guard malformed.count < Limits.issues else { return }
    let issue = problem.issues.first
    malformed.append(
      Malformed(line: line, pointer: issue?.pointer ?? "", message: issue?.message ?? problem.detail))
  }

  mutating func add(_ verdict: ShadowVerdict, _ record: ShadowRecord, _ ours: Calculation, _ book: RuleBook, examples most: Int) {
    let side = ShadowSide(ours, book)
    classes[verdict.kind, default: Tally()].add(side, record.answer, isProven: verdict.isProven)
    if causes.count < Limits.differences || causes[verdict.cause] != nil { causes[verdict.cause, default: 0] += 1 }
    for promotion in side.promotions ?? [] {
      effects[promotion.code, default: Effect()].ours += 1
      effects[promotion.code, default: Effect()].ourMoney += promotion.money
      effects[promotion.code, default: Effect()].ourPoints += promotion.points ?? .zero
    }
    for promotion in record.answer.promotions ?? [] where effects.count < Limits.promotions || effects[promotion.code] != nil {
      effects[promotion.code, default: Effect()].theirs += 1
      effects[promotion.code, default: Effect()].theirMoney += promotion.money
      effects[promotion.code, default: Effect()].theirPoints += promotion.points ?? .zero
    }
    // Every class gets its part of the examples, and of one cause two are enough.
    let (ofClass, ofCause) = examples.reduce(into: (0, 0)) { count, example in
      if example.verdict.kind == verdict.kind { count.0 += 1 }
      if example.verdict.cause == verdict.cause { count.1 += 1 }
    }
    let share = (most + ShadowClass.allCases.count - 1) / ShadowClass.allCases.count
    if examples.count < most, ofClass < share, ofCause < 2 {
      examples.append(Example(record: record, verdict: verdict, ours: ours, book: book))
    }
  }
}
