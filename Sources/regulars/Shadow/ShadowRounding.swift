import Calculator
import Conditions
import Kernel

/// How a programme rounds: everything of its terms that two systems with the same promotions can differ in by a kopeck.
public struct RoundingChoice: Hashable, Sendable {
  public var percent: RoundingProfile.Percent
  public var mode: RoundingProfile.Mode
  public var residue: RoundingProfile.Residue
  public var place: EarningTerms.Place
  public var earning: Rounding

  public init(_ terms: ProgrammeTerms) {
    percent = terms.rounding.percent
    mode = terms.rounding.mode
    residue = terms.rounding.residue
    place = terms.earning.place
    earning = terms.earning.mode
  }

  public func applied(to terms: ProgrammeTerms) -> ProgrammeTerms {
    var terms = terms
    terms.rounding = RoundingProfile(percent: percent, mode: mode, residue: residue)
    terms.earning.place = place
    terms.earning.mode = earning
    return terms
  }

  /// How many settings differ.
  func distance(to other: RoundingChoice) -> Int {
    [percent != other.percent, mode != other.mode, residue != other.residue, place != other.place, earning != other.earning].count {
      $0
    }
  }

  /// As they stand in a programme's settings.
  var json: JSON {
    let word =
      switch earning {
      case .down: "down"
      case .halfUp: "half-up"
      case .up: "up"
      }
    return .object([
      "rounding": .object([
        "percent": .string(percent.rawValue), "mode": .string(mode.rawValue), "residue": .string(residue.rawValue),
      ]),
      "earning": .object(["place": .string(place.rawValue), "mode": .string(word)]),
    ])
  }

  /// Every other way to round money, the nearest first.
  var ofMoney: [RoundingChoice] {
    var all: [RoundingChoice] = []
    for percent in RoundingProfile.Percent.allCases {
      for mode in RoundingProfile.Mode.allCases {
        for residue in RoundingProfile.Residue.allCases {
          var choice = self
          (choice.percent, choice.mode, choice.residue) = (percent, mode, residue)
          all.append(choice)
        }
      }
    }
    return nearestFirst(all)
  }

  /// Every other way to round what is earned, the nearest first.
  var ofEarning: [RoundingChoice] {
    var all: [RoundingChoice] = []
    for place in EarningTerms.Place.allCases {
      for rounding in [Rounding.down, .halfUp, .up] {
        var choice = self
        (choice.place, choice.earning) = (place, rounding)
        all.append(choice)
      }
    }
    return nearestFirst(all)
  }

  private func nearestFirst(_ all: [RoundingChoice]) -> [RoundingChoice] {
    all.enumerated().filter { $0.element != self }.sorted { a, b in
      (a.element.distance(to: self), a.offset) < (b.element.distance(to: self), b.offset)
    }.map(\.element)
  }
}

/// What trying rounding profiles on a sample came to.
public struct RoundingSearch: Hashable, Sendable {
  /// Receipts that were looked at, and how many of them agree as the rules round now.
  public let sample: Int
  public let before: Int
  /// The profile by which most receipts agree, where that is another than now, and how many agree by it.
  public let proposed: RoundingChoice?
  public let after: Int
  /// Profiles that make receipts agree which do not agree now, the best first.
  public let favourites: [RoundingChoice]

  /// Tries all ways to round money, then, by the best of them, all ways to round what is earned: 38 recalculations of each receipt.
  public init(_ records: [ShadowRecord], _ rules: RulesFile) {
    let now = RoundingChoice(rules.terms)
    let data = records.filter { ShadowVerdict.fault($0) == nil }
    func score(_ choice: RoundingChoice, _ agrees: (ShadowSide, ShadowSide) -> Bool) -> [Bool] {
      let book = RuleBook(
        version: 1, terms: choice.applied(to: rules.terms), groups: rules.groups, promotions: rules.promotions)
      return data.map { agrees(ShadowSide($0.calculated(by: book), book), $0.answer) }
    }
    func best(of choices: [RoundingChoice], over start: RoundingChoice, _ agrees: (ShadowSide, ShadowSide) -> Bool) -> (
      RoundingChoice, [RoundingChoice]
    ) {
      let base = score(start, agrees)
      var (best, most) = (start, base.count { $0 })
      var useful: [(RoundingChoice, Int)] = []
      for choice in choices where most < data.count {
        let found = score(choice, agrees)
        let gained = zip(found, base).count { $0 && !$1 }
        if gained > 0 { useful.append((choice, gained)) }
        let all = found.count { $0 }
        if all > most { (best, most) = (choice, all) }
      }
      return (best, useful.sorted { $0.1 > $1.1 }.prefix(2).map(\.0))
    }
    let (money, byMoney) = best(of: now.ofMoney, over: now) { $0.agreesInMoney(with: $1) }
    let (whole, byEarning) = best(of: money.ofEarning, over: money) { $0.agrees(with: $1) }
    let before = score(now) { $0.agrees(with: $1) }.count { $0 }
    let after = whole == now ? before : score(whole) { $0.agrees(with: $1) }.count { $0 }
    sample = records.count
    self.before = before
    proposed = after > before ? whole : nil
    self.after = max(before, after)
    var favourites: [RoundingChoice] = []
    for choice in [whole, money] + byEarning + byMoney where choice != now && !favourites.contains(choice) {
      favourites.append(choice)
    }
    self.favourites = Array(favourites.prefix(4))
  }
}

extension ShadowRecord {
  /// What a rule book makes of it.
  func calculated(by book: RuleBook) -> Calculation {
    calculate(basket, member: member, rules: book, usage: usage, scope: CalculationScope(offersChoices: false))
  }
}
