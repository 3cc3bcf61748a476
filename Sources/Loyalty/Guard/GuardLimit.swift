import Conditions
import Kernel

/// Whom or what a limit is about.
public enum GuardSubject: Int64, Sendable, CaseIterable {
  case member = 1
  case cashier = 2
  case register = 3
  /// Whoever works with members at a screen or by commands.
  case `operator` = 4
  /// What identified the member at the till: one card, one number of a phone. Of several that one member has each is counted alone.
  case card = 5

  /// Stable once published.
  public var word: String {
    switch self {
    case .member: "member"
    case .cashier: "cashier"
    case .register: "register"
    case .operator: "operator"
    case .card: "card"
    }
  }

  public init?(word: String) {
    guard let subject = Self.allCases.first(where: { $0.word == word }) else { return nil }
    self = subject
  }
}

/// What a limit counts. What came back or was cancelled is taken off again, except where returns themselves are counted.
public enum GuardMeasure: String, Sendable, CaseIterable {
  /// Receipts on which a member was named.
  case receipts
  /// Points earned, less those that returns took back.
  case earned
  /// Points spent, less those that returns gave back.
  case spent
  /// What promotions took off.
  case discount
  /// Documents by which goods came back, or receipts that were cancelled.
  case returns
  /// Different members at one cashier or till.
  case members
  /// Receipts of the one member who came to this cashier or till most often.
  case oneMember = "one-member"
  /// Different tills that one card was shown at.
  case registers
  /// Points given by hand.
  case byHand = "by-hand"
  /// Coupons and certificates that were shown and refused: unknown, used, over, another's, a wrong number.
  case refusedCodes = "refused-codes"
  /// Points given to other members, and how often.
  case givenAway = "given-away"
  case transfers
  /// Transfers to somebody who had given this member points within a month: points that go round.
  case circles

  public enum Unit: Sendable { case count, points, money }

  public var unit: Unit {
    switch self {
    case .receipts, .returns, .members, .oneMember, .registers, .refusedCodes, .transfers, .circles: .count
    case .earned, .spent, .byHand, .givenAway: .points
    case .discount: .money
    }
  }

  /// Which measures can be asked of a subject.
  public func fits(_ subject: GuardSubject) -> Bool {
    switch self {
    case .receipts, .earned, .spent, .discount, .returns: subject != .operator
    case .refusedCodes: subject == .member || subject == .cashier || subject == .register
    case .registers: subject == .card
    case .members, .oneMember: subject == .cashier || subject == .register
    case .byHand: subject == .operator
    case .givenAway, .transfers, .circles: subject == .member
    }
  }

  /// Different members, or tills, of several days are not the sum of their days.
  public var isOfOneDay: Bool { self == .members || self == .oneMember || self == .registers }

  /// What is not counted by the hour.
  public var isOfDays: Bool { self == .givenAway || self == .transfers || self == .circles }
}

/// What is counted together.
public enum GuardWindow: Hashable, Sendable {
  /// Business days, the latest included: 1, 7 or 30.
  case days(Int)
  /// Hours up to the ten minutes of the latest act: 1, 4 or 12.
  case hours(Int)

  public static let all: [GuardWindow] = [.hours(1), .hours(4), .hours(12), .days(1), .days(7), .days(30)]

  public var days: Int? { if case .days(let count) = self { count } else { nil } }
  public var hours: Int? { if case .hours(let count) = self { count } else { nil } }
}

/// One limit of a programme. A soft threshold alerts; a hard one stops what the subject's kind can be stopped at.
public struct GuardLimit: Hashable, Sendable {
  /// One among the programme's limits; alerts and stops name it.
  public var code: String
  public var subject: GuardSubject
  public var measure: GuardMeasure
  public var window: GuardWindow
  /// From this figure on somebody is told; in the smallest unit.
  public var soft: Int64?
  /// No more than this: the smallest unit as well.
  public var hard: Int64?
  public var isActive: Bool

  public init(
    _ code: String, _ subject: GuardSubject, _ measure: GuardMeasure, in window: GuardWindow = .days(1), soft: Int64? = nil,
    hard: Int64? = nil, isActive: Bool = true
  ) {
    self.code = code
    self.subject = subject
    self.measure = measure
    self.window = window
    self.soft = soft
    self.hard = hard
    self.isActive = isActive
  }
}

/// What a programme watches. Where its settings have none, nothing is counted and nothing stopped.
public struct GuardTerms: Hashable, Sendable {
  public var limits: [GuardLimit]
  /// Members whose purchases are no concern: cards of the shop itself, tests.
  public var kindsLeftOut: [MemberKind]

  public init(limits: [GuardLimit] = [], kindsLeftOut: [MemberKind] = [.storeCard, .test]) {
    self.limits = limits
    self.kindsLeftOut = kindsLeftOut
  }

  public func limits(of subject: GuardSubject) -> [GuardLimit] { limits.filter { $0.isActive && $0.subject == subject } }

  /// Whose hours are counted: those who have a limit by the hour.
  var hourly: Set<GuardSubject> { Set(limits.filter { $0.isActive && $0.window.hours != nil }.map(\.subject)) }

  /// True where some limit counts cards; receipts do not say by which they were sold otherwise.
  var countsCards: Bool { limits.contains { $0.isActive && $0.subject == .card } }

  /// True where some limit counts refused codes; nobody notes them otherwise.
  public var countsRefusals: Bool { limits.contains { $0.isActive && $0.measure == .refusedCodes } }

  /// What a chain of groceries begins with: alerts only, so that nobody is stopped before somebody has seen the usual figures.
  /// - Parameters:
  ///   - point: a point in the programme's smallest unit.
  ///   - money: a rouble, or another currency's unit, in its smallest.
  public static func template(point: Int64, money: Int64) -> GuardTerms {
    GuardTerms(limits: [
      GuardLimit("member-receipts", .member, .receipts, soft: 5),
      GuardLimit("member-receipts-hour", .member, .receipts, in: .hours(1), soft: 3),
      GuardLimit("member-earned", .member, .earned, in: .days(7), soft: 5_000 * point),
      GuardLimit("member-spent", .member, .spent, soft: 10_000 * point),
      GuardLimit("member-given-away", .member, .givenAway, soft: 2_000 * point),
      GuardLimit("member-circles", .member, .circles, in: .days(30), soft: 2),
      GuardLimit("card-registers-hour", .card, .registers, in: .hours(1), soft: 3),
      GuardLimit("cashier-one-member", .cashier, .oneMember, soft: 4),
      GuardLimit("cashier-one-member-hour", .cashier, .oneMember, in: .hours(1), soft: 3),
      GuardLimit("cashier-returns", .cashier, .returns, soft: 10),
      GuardLimit("cashier-discount", .cashier, .discount, soft: 50_000 * money),
      GuardLimit("register-one-member", .register, .oneMember, soft: 5),
      GuardLimit("register-refused-codes", .register, .refusedCodes, in: .hours(1), soft: 10),
      GuardLimit("operator-by-hand", .operator, .byHand, soft: 5_000 * point, hard: 20_000 * point),
    ])
  }
}
