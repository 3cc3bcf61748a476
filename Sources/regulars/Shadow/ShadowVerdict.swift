import Calculator
import Conditions
import Kernel

/// What kind of thing two sides differ in.
public enum ShadowClass: String, Hashable, Sendable, CaseIterable {
  /// The same promotions at the same rates, rounded otherwise.
  case rounding
  /// The same promotions in another order, or a percent of another base.
  case order
  /// A promotion that one side applied and the other did not, or another rate.
  case rule
  /// The two sides did not know the same facts.
  case data
}

/// Why one receipt differs.
public struct ShadowVerdict: Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// Rounded this way we agree.
    case profile(RoundingChoice)
    /// No more than a unit for each piece; no profile was found that makes it agree.
    case fewUnits
    /// Tried in this order we agree.
    case order([String])
    /// With every percent of this we agree.
    case basis(PriceBasis)
    /// With percents of the receipt taken line by line, or the other way round, we agree.
    case stage
    /// Without these promotions we agree.
    case onlyOurs([String])
    /// The other side applied these. Proven where they make us agree once their conditions are left out.
    case onlyTheirs([String])
    /// With this instead of that we agree.
    case rate(String, ours: String, theirs: String)
    case unexplained
    case unknownProduct(String)
    case noMember
    /// The other side's lines are not the basket's.
    case otherLines
    /// Amount, discount and points of a line do not come to its shelf price.
    case shelf(String)
    /// The other side's lines do not come to its totals.
    case sums
  }

  public let kind: ShadowClass
  public let cause: Cause
  /// A recalculation came to the other side's answer.
  public let isProven: Bool

  init(_ kind: ShadowClass, _ cause: Cause, isProven: Bool = true) {
    self.kind = kind
    self.cause = cause
    self.isProven = isProven
  }

  /// What makes a receipt impossible to compare, seen before anything is calculated.
  static func fault(_ record: ShadowRecord) -> ShadowVerdict? {
    let answer = record.answer
    if let code = record.unknown.first { return ShadowVerdict(.data, .unknownProduct(code)) }
    let lines = Dictionary(answer.lines.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    guard lines.count == record.basket.lines.count, answer.lines.count == lines.count else {
      return ShadowVerdict(.data, .otherLines)
    }
    for line in record.basket.lines {
      guard let theirs = lines[line.id] else { return ShadowVerdict(.data, .otherLines) }
      let shelf = line.price.times(line.quantity) - line.tillReductions.reduce(.zero) { $0 + $1.amount }
      if theirs.amount + theirs.discount + theirs.paidWithPoints != shelf { return ShadowVerdict(.data, .shelf(line.id)) }
    }
    let amount = answer.lines.reduce(Money.zero) { $0 + $1.amount }
    if amount != answer.amount || answer.lines.reduce(.zero, { $0 + $1.discount }) != answer.discount {
      return ShadowVerdict(.data, .sums)
    }
    if record.member == nil, answer.pointsSpent > .zero || answer.earned > .zero { return ShadowVerdict(.data, .noMember) }
    return nil
  }
}

/// Says why receipts differ, by calculating them again in other ways.
public struct ShadowJudge: Sendable {
  private let rules: RulesFile
  private let favourites: [(RoundingChoice, RuleBook)]

  init(_ rules: RulesFile, favourites: [RoundingChoice]) {
    self.rules = rules
    self.favourites = favourites.map {
      ($0, RuleBook(version: 1, terms: $0.applied(to: rules.terms), groups: rules.groups, promotions: rules.promotions))
    }
  }

  /// - Parameters:
  ///   - book: by which `ours` was calculated.
  ///   - proves: recalculates beyond the profiles that are known to help.
  func verdict(_ record: ShadowRecord, _ ours: Calculation, _ book: RuleBook, proves: Bool) -> ShadowVerdict {
    if let fault = ShadowVerdict.fault(record) { return fault }
    for (choice, other) in favourites where ShadowSide(record.calculated(by: other), other).agrees(with: record.answer) {
      return ShadowVerdict(.rounding, .profile(choice))
    }
    let (own, theirs) = (ShadowSide(ours, book), record.answer)
    if proves {
      // What is left of a difference may be seen only when both round alike.
      var guess: ShadowVerdict?
      for terms in [book.terms] + favourites.prefix(1).map(\.1.terms) {
        let trial = ShadowTrial(record, ours, book, rules, terms)
        let found = trial.otherPromotions() ?? trial.otherOrder() ?? trial.otherRate()
        if let found, found.isProven { return found }
        guess = guess ?? found
      }
      if let guess { return guess }
    }
    if let strange = Self.onlyTheirs(own, theirs) { return ShadowVerdict(.rule, .onlyTheirs(strange), isProven: false) }
    if Self.isFewUnits(record, own, theirs) { return ShadowVerdict(.rounding, .fewUnits, isProven: false) }
    return ShadowVerdict(.rule, .unexplained, isProven: false)
  }

  private static func onlyTheirs(_ own: ShadowSide, _ theirs: ShadowSide) -> [String]? {
    guard let named = theirs.promotions else { return nil }
    let ours = Set((own.promotions ?? []).map(\.code))
    let strange = named.filter { !ours.contains($0.code) && ($0.money != .zero || $0.points ?? .zero != .zero) }.map(\.code)
    return strange.isEmpty ? nil : strange
  }

  /// At most one unit for each piece of a line, and for each line in what it earns.
  private static func isFewUnits(_ record: ShadowRecord, _ own: ShadowSide, _ theirs: ShadowSide) -> Bool {
    guard let pairs = own.pairs(with: theirs), own.pointsSpent == theirs.pointsSpent else { return false }
    let pieces = record.basket.lines.map { max(1, $0.quantity.wholePieces ?? 1) }
    let lines = zip(pairs, pieces).allSatisfy { pair, count in
      abs(pair.0.amount.minor - pair.1.amount.minor) <= count
        && abs((pair.0.earned ?? .zero).units - (pair.1.earned ?? pair.0.earned ?? .zero).units) <= count
    }
    return lines && abs(own.earned.units - theirs.earned.units) <= Int64(pieces.count)
  }
}
