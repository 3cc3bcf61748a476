import Kernel

/// Who sells, as the tax office knows it. Owns stores, sometimes single lines of a receipt.
public struct LegalEntityDetails: Coded {
  public typealias Of = Entity.LegalEntity
  public static var noun: String { "legal_entity" }

  public enum TaxSystem: String, Sendable, CaseIterable {
    case general, simplifiedIncome, simplifiedIncomeLessExpense, agricultural, patent
    /// Elsewhere than in Russia, where the distinction is not made.
    case other
  }

  public let code: String
  public let name: String
  /// A Russian INN of 10 or 12 digits with its check digits, or another country's number as written there.
  public let taxNumber: String?
  public let taxSystem: TaxSystem

  public init(code: String, name: String, taxNumber: String? = nil, taxSystem: TaxSystem = .other) {
    self.code = code
    self.name = name
    self.taxNumber = taxNumber
    self.taxSystem = taxSystem
  }

  public var json: JSON {
    .object(["name": .string(name), "taxNumber": taxNumber.map(JSON.string), "taxSystem": .string(taxSystem.rawValue)])
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name, at: pointer + "/name", issues)
    guard let taxNumber else {
      if taxSystem != .other { issues.add(pointer + "/taxNumber", "missing", "a seller in Russia has a tax number (INN)") }
      return
    }
    if taxSystem == .other {
      checkName(taxNumber, at: pointer + "/taxNumber", issues, max: 32)
    } else if !isRussianTaxNumber(taxNumber) {
      issues.add(
        pointer + "/taxNumber", "not_a_tax_number",
        "\"\(taxNumber.prefix(20))\" is no INN: 10 or 12 digits whose last are check digits")
    }
  }
}

/// True for an INN: ten digits of an organisation or twelve of a person, check digits included.
/// The weights are those of the Federal Tax Service, order ММВ-7-14/323@.
public func isRussianTaxNumber(_ text: String) -> Bool {
  let digits = text.utf8.map { Int($0) - 48 }
  guard digits.allSatisfy({ (0...9).contains($0) }) else { return false }
  func agrees(_ weights: [Int]) -> Bool { zip(weights, digits).map(*).reduce(0, +) % 11 % 10 == digits[weights.count] }
  let weights = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]
  switch digits.count {
  case 10: return agrees(Array(weights.dropFirst(2)))
  case 12: return agrees(Array(weights.dropFirst(1))) && agrees(weights)
  default: return false
  }
}

/// The sign over the door.
public struct BrandDetails: Coded {
  public typealias Of = Entity.Brand
  public static var noun: String { "brand" }
  public let code: String
  public let name: String

  public init(code: String, name: String) {
    self.code = code
    self.name = name
  }

  public var json: JSON { .object(["name": .string(name)]) }
  public func check(at pointer: String, _ issues: IssueList) { checkName(name, at: pointer + "/name", issues) }
}

/// Stores that share VAT, costs and regular prices.
public struct PriceZoneDetails: Coded {
  public typealias Of = Entity.PriceZone
  public static var noun: String { "price_zone" }
  public let code: String
  public let name: String

  public init(code: String, name: String) {
    self.code = code
    self.name = name
  }

  public var json: JSON { .object(["name": .string(name)]) }
  public func check(at pointer: String, _ issues: IssueList) { checkName(name, at: pointer + "/name", issues) }
}
