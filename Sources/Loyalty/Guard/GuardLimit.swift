import Conditions
import Kernel

/// Whom or what a limit is about.
public enum GuardSubject: Int64, Sendable, CaseIterable {
  case member = 1
  case cashier = 2
  case register = 3
  /// Whoever works with members at a screen or by commands.
  case `operator` = 4

  /// Stable once published.
  public var word: String {
    switch self {
    case .member: "member"
    case .cashier: "cashier"
    case .register: "register"
    case .operator: "operator"
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
  /// Points given by hand.
  case byHand = "by-hand"

  public enum Unit: Sendable { case count, points, money }

  public var unit: Unit {
    switch self {
    case .receipts, .returns, .members, .oneMember: .count
    case .earned, .spent, .byHand: .points
    case .discount: .money
    }
  }

  /// Which measures can be asked of a subject.
  public func fits(_ subject: GuardSubject) -> Bool {
    switch self {
    case .receipts, .earned, .spent, .discount, .returns: subject != .operator
    case .members, .oneMember: subject == .cashier || subject == .register
    case .byHand: subject == .operator
    }
  }

  /// Different members of several days are not the sum of their days.
  public var isOfOneDay: Bool { self == .members || self == .oneMember }
}

/// One limit of a programme. A soft threshold alerts; a hard one stops what the subject's kind can be stopped at.
public struct GuardLimit: Hashable, Sendable {
  /// One among the programme's limits; alerts and stops name it.
  public var code: String
  public var subject: GuardSubject
  public var measure: GuardMeasure
  /// Business days that are counted together: 1, 7 or 30, the latest included.
  public var days: Int
  /// From this figure on somebody is told; in the smallest unit.
  public var soft: Int64?
  /// No more than this: the smallest unit as well.
  public var hard: Int64?
  public var isActive: Bool

  public static let windows = [1, 7, 30]

  public init(
    _ code: String, _ subject: GuardSubject, _ measure: GuardMeasure, days: Int = 1, soft: Int64? = nil, hard: Int64? = nil,
    isActive: Bool = true
  ) {
    self.code = code
    self.subject = subject
    self.measure = measure
    self.days = days
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

  /// What a chain of groceries begins with: alerts only, so that nobody is stopped before somebody has seen the usual figures.
  /// - Parameters:
  ///   - point: a point in the programme's smallest unit.
  ///   - money: a rouble, or another currency's unit, in its smallest.
  public static func template(point: Int64, money: Int64) -> GuardTerms {
    GuardTerms(limits: [
      GuardLimit("member-receipts", .member, .receipts, soft: 5),
      GuardLimit("member-earned", .member, .earned, days: 7, soft: 5_000 * point),
      GuardLimit("member-spent", .member, .spent, soft: 10_000 * point),
      GuardLimit("cashier-one-member", .cashier, .oneMember, soft: 4),
      GuardLimit("cashier-returns", .cashier, .returns, soft: 10),
      GuardLimit("cashier-discount", .cashier, .discount, soft: 50_000 * money),
      GuardLimit("register-one-member", .register, .oneMember, soft: 5),
      GuardLimit("operator-by-hand", .operator, .byHand, soft: 5_000 * point, hard: 20_000 * point),
    ])
  }
}
