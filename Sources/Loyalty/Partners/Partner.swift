import Access
import Kernel

/// Another company whose sales earn and burn this programme's points. A store is a partner's through its legal entity.
public struct Partner: Hashable, Sendable {
  public let id: PartnerID
  public let details: PartnerDetails

  var party: DocumentParty { DocumentParty(name: details.name, taxNumber: details.taxNumber, contract: details.contract) }
}

/// A partner as lists show it: with the terms that were agreed last, and the last statement.
public struct PartnerListed: Sendable {
  public let partner: Partner
  public let terms: PartnerTerms?
  public let last: PartnerStatementHead?
}

public struct PartnerDetails: Hashable, Sendable {
  /// Unique in the programme.
  public let code: String
  public let name: String
  public let taxNumber: String
  public let contract: String
  /// Codes of the legal entities whose stores are the partner's.
  public let entities: [String]

  public init(code: String, name: String, taxNumber: String = "", contract: String = "", entities: [String]) {
    (self.code, self.name, self.taxNumber, self.contract, self.entities) = (code, name, taxNumber, contract, entities.sorted())
  }

  var json: JSON {
    .object([
      "code": .string(code), "name": .string(name), "taxNumber": .string(taxNumber), "contract": .string(contract),
      "entities": .array(entities.map(JSON.string)),
    ])
  }

  func check(_ issues: IssueList) {
    if !isCode(code) { issues.add("/code", "not_a_code", "1 to \(Limits.code) characters without control characters are expected") }
    checkName(name, at: "/name", issues)
    for (pointer, text) in [("/taxNumber", taxNumber), ("/contract", contract)] where text.utf8.count > Limits.code {
      issues.add(pointer, "too_long", "at most \(Limits.code) bytes are expected here")
    }
    if entities.isEmpty { issues.add("/entities", "missing", "a partner has a legal entity whose stores are its own") }
    if entities.count > Limits.page { issues.add("/entities", "too_many", "a partner has at most \(Limits.page) legal entities") }
  }
}

/// What points cost between a partner and the programme, from a day on.
public struct PartnerTerms: Hashable, Sendable {
  public let from: CivilDay
  /// What the partner pays for one whole point that is earned in its stores, and what it is paid for one that is spent there.
  public let earned: Money
  public let spent: Money
  /// What the programme charges besides: a share of what the partner pays for earned points.
  public let commission: Rate

  public init(from: CivilDay, earned: Money, spent: Money, commission: Rate) {
    (self.from, self.earned, self.spent, self.commission) = (from, earned, spent, commission)
  }

  var json: JSON {
    .object([
      "from": .string("\(from)"), "earned": .int(earned.minor), "spent": .int(spent.minor), "commission": .int(commission.ppm),
    ])
  }

  func check(_ issues: IssueList) {
    for (pointer, money) in [("/earned", earned), ("/spent", spent)] where !(0...1_000_000).contains(money.minor) {
      issues.add(pointer, "out_of_range", "a point costs 0 to 1000000 minor units")
    }
    if !(0...Rate.whole.ppm).contains(commission.ppm) {
      issues.add("/commission", "out_of_range", "a commission is 0 to 100 percent")
    }
  }
}

/// What a partner and the programme owe each other for one business day: exact, each amount rounded once.
public struct PartnerDay: Hashable, Sendable {
  public let day: CivilDay
  public let sums: ClearingDay
  /// For points that were earned, and that returns took back.
  public let earned: Money
  public let takenBack: Money
  /// For points that were spent, and that returns gave back.
  public let spent: Money
  public let givenBack: Money
  public let commission: Money

  /// Above nought where the partner owes the programme.
  public var net: Money { earned - takenBack + commission - spent + givenBack }

  /// - Parameter unitsPerPoint: smallest units of one whole point.
  init(_ day: CivilDay, _ sums: ClearingDay, _ terms: PartnerTerms, unitsPerPoint: Int64) {
    func worth(_ points: Points, _ value: Money) -> Money {
      let amount = scaled(abs(points.units), by: value.minor, over: unitsPerPoint, .halfUp)
      return Money(minor: points.units < 0 ? -amount : amount)
    }
    (self.day, self.sums) = (day, sums)
    earned = worth(sums.earned, terms.earned)
    takenBack = worth(sums.takenBack, terms.earned)
    spent = worth(sums.spent, terms.spent)
    givenBack = worth(sums.givenBack, terms.spent)
    let base = (earned - takenBack).minor
    let part = Money(minor: abs(base)).share(terms.commission, .halfUp).minor
    commission = Money(minor: base < 0 ? -part : part)
  }

  init(
    day: CivilDay, sums: ClearingDay, earned: Money, takenBack: Money, spent: Money, givenBack: Money, commission: Money
  ) {
    (self.day, self.sums, self.earned, self.takenBack) = (day, sums, earned, takenBack)
    (self.spent, self.givenBack, self.commission) = (spent, givenBack, commission)
  }
}

/// A payment, or a dispute about a receipt.
public struct PartnerEntry: Hashable, Sendable {
  /// Numbers are stored and never change their meaning.
  public enum Kind: Int64, Sendable, CaseIterable {
    case payment = 1
    case dispute = 2
  }

  public enum State: Int64, Sendable, CaseIterable {
    case open = 1
    case accepted = 2
    case rejected = 3
  }

  public let id: PartnerEntryID
  public let kind: Kind
  public let state: State
  public let day: CivilDay
  /// What it changes the balance by: below zero where the partner owes less.
  public let amount: Money
  public let receipt: ReceiptBook.Place?
  public let reason: String
  /// Why a dispute was decided so.
  public let answer: String
  /// In which statement it stands.
  public let statement: PartnerStatementID?
  public let madeAt: Instant
  public let actor: String
}

/// A statement as lists show it.
public struct PartnerStatementHead: Hashable, Sendable {
  public let id: PartnerStatementID
  public let partner: PartnerID
  /// Counts the statements of the partner, from 1.
  public let number: Int64
  public let days: ClosedRange<CivilDay>
  public let opening: Money
  /// Above nought where the partner owes the programme.
  public let closing: Money
  public let madeAt: Instant
}

/// What a partner and the programme owe each other over some days: opening, days, corrections of earlier days, payments and disputes,
/// closing.
public struct PartnerStatement: Hashable, Sendable {
  public struct Correction: Hashable, Sendable {
    public let day: CivilDay
    /// What the day comes to now, less what statements have said of it.
    public let amount: Money
  }

  public struct Line: Hashable, Sendable {
    public let entry: PartnerEntryID
    public let kind: PartnerEntry.Kind
    public let day: CivilDay
    public let amount: Money
    public let reason: String
  }

  public let party: DocumentParty
  public let span: ClosedRange<CivilDay>
  public let opening: Money
  public let days: [PartnerDay]
  public let corrections: [Correction]
  public let lines: [Line]

  public var net: Money { days.reduce(.zero) { $0 + $1.net } }
  public var corrected: Money { corrections.reduce(.zero) { $0 + $1.amount } }
  public var entered: Money { lines.reduce(.zero) { $0 + $1.amount } }
  public var closing: Money { opening + net + corrected + entered }
}
