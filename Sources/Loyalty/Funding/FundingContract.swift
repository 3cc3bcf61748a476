import Access
import Calculator
import Kernel

/// What promotions name a payer by.
public struct FundingKey: Hashable, Sendable, Comparable {
  public let payer: Funding.Payer
  /// The supplier's or partner's code; empty where rules name none.
  public let code: String
  /// The contract's number; empty where rules name none.
  public let contract: String

  public init(payer: Funding.Payer, code: String, contract: String) {
    (self.payer, self.code, self.contract) = (payer, code, contract)
  }

  private var parts: (String, String, String) { (payer.rawValue, code, contract) }
  public static func < (a: Self, b: Self) -> Bool { a.parts < b.parts }
}

/// What was agreed with a payer: who they are, and how much all acts may come to.
public struct FundingContract: Hashable, Sendable {
  public let id: FundingContractID
  public let key: FundingKey
  public let details: FundingDetails

  var party: DocumentParty { DocumentParty(name: details.name, taxNumber: details.taxNumber, contract: key.contract) }
}

/// The part of a contract that can be changed.
public struct FundingDetails: Hashable, Sendable {
  /// As the act shows it.
  public let name: String
  public let taxNumber: String
  /// Beyond it the retailer pays; nil: no bound.
  public let cap: Money?
  /// The code of our legal entity that the contract is with; nil: the only one there is.
  public let issuer: String?

  public init(name: String, taxNumber: String = "", cap: Money? = nil, issuer: String? = nil) {
    (self.name, self.taxNumber, self.cap, self.issuer) = (name, taxNumber, cap, issuer)
  }

  var json: JSON {
    .object([
      "name": .string(name), "taxNumber": .string(taxNumber), "cap": cap.map { .int($0.minor) },
      "issuer": issuer.map(JSON.string),
    ])
  }

  func check(_ issues: IssueList) {
    checkName(name, at: "/name", issues)
    if taxNumber.utf8.count > Limits.code {
      issues.add("/taxNumber", "too_long", "a tax number has at most \(Limits.code) bytes")
    }
    if let cap, cap < .zero { issues.add("/cap", "out_of_range", "a cap is not below nought") }
  }
}

/// Whom rules name, whether their contract is described or not, and what the last act said.
public struct FundingParty: Hashable, Sendable {
  public let key: FundingKey
  /// Nil: named in rules, and nobody said yet who it is.
  public let contract: FundingContract?
  public let last: FundingActHead?
}

/// An act as lists show it.
public struct FundingActHead: Hashable, Sendable {
  public let id: FundingActID
  public let contract: FundingContractID
  /// Counts the acts of the contract, from 1.
  public let number: Int64
  public let days: ClosedRange<CivilDay>
  /// To be paid; below zero where more came back than was given.
  public let amount: Money
  /// What was beyond the cap, and the retailer's.
  public let beyond: Money
  public let madeAt: Instant
}
