import Kernel

/// A company on this installation. Whatever else exists belongs to exactly one account and is invisible to all others.
public struct Account: Hashable, Sendable {
  public let id: AccountID
  public let details: AccountDetails
  public let isSuspended: Bool
  public let madeAt: Instant
}

/// What is said when an account is opened.
public struct AccountDetails: Coded {
  public typealias Of = Entity.Account
  public static var noun: String { "account" }

  /// Unique on the installation, for example `pantry`.
  public let code: String
  public let name: String
  /// Of costs and regular prices in the catalogue.
  public let currency: Currency
  /// The calling code whose habits telephone numbers follow: `7`, `1`, `44`.
  public let country: String

  public init(code: String, name: String, currency: Currency, country: String = "7") {
    self.code = code
    self.name = name
    self.currency = currency
    self.country = country
  }

  public var json: JSON {
    .object(["name": .string(name), "currency": .string(currency.code), "country": .string(country)])
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name, at: pointer + "/name", issues)
    if !(1...3).contains(country.utf8.count) || !country.utf8.allSatisfy({ (48...57).contains($0) }) || country.first == "0" {
      issues.add(pointer + "/country", "not_a_calling_code", "a calling code of one to three digits is expected, for example \"7\"")
    }
  }
}
