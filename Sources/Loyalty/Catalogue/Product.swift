import Access
import Conditions
import Kernel

/// What a quantity of a product is a quantity of. Fuel is litres or gallons: a report that adds it to pieces would be garbage.
public enum UnitOfMeasure: String, Sendable, CaseIterable {
  case piece, kilogram, gram, litre, millilitre, gallon, metre, squareMetre = "square-metre", hour, portion

  public var isPieces: Bool { self == .piece || self == .portion }

  /// What quantities of it are added up in, and how many of it make one of that: grams in kilograms, millilitres in litres, portions as pieces.
  /// A gallon has no one size, and stays what it is.
  public var base: (unit: UnitOfMeasure, parts: Int64) {
    switch self {
    case .gram: (.kilogram, 1_000)
    case .millilitre: (.litre, 1_000)
    case .portion: (.piece, 1)
    case .piece, .kilogram, .litre, .gallon, .metre, .squareMetre, .hour: (self, 1)
    }
  }
}

/// A product as the retailer's list tells of it. Others are named by their codes.
public struct ProductDetails: Coded {
  public typealias Of = Entity.Product
  public static var noun: String { "product" }

  public let code: String
  public var name: CatalogueName
  public var category: String?
  public var brand: String?
  public var manufacturer: String?
  public var unit: UnitOfMeasure
  /// Sorted, without repetitions.
  public var barcodes: [Barcode]
  public var attributes: Attributes
  public var flags: ProductFlags
  /// Never sold below this price a unit (alcohol); in the account's currency.
  public var minPrice: Money?
  /// Never sold above this price a unit (tobacco).
  public var maxPrice: Money?
  /// Years a buyer must have.
  public var minAge: Int?
  /// No longer sold; receipts still know it.
  public var isArchived: Bool

  public init(
    code: String, name: CatalogueName, category: String? = nil, brand: String? = nil, manufacturer: String? = nil,
    unit: UnitOfMeasure = .piece, barcodes: [Barcode] = [], attributes: Attributes = Attributes(), flags: ProductFlags = [],
    minPrice: Money? = nil, maxPrice: Money? = nil, minAge: Int? = nil, isArchived: Bool = false
  ) {
    self.code = code
    self.name = name
    self.category = category
    self.brand = brand
    self.manufacturer = manufacturer
    self.unit = unit
    self.barcodes = barcodes.count < 2 ? barcodes : Set(barcodes).sorted { $0.digits < $1.digits }
    self.attributes = attributes
    self.flags = flags
    self.minPrice = minPrice
    self.maxPrice = maxPrice
    self.minAge = minAge
    self.isArchived = isArchived
  }

  public var json: JSON {
    .object([
      "name": name.json, "category": category.map(JSON.string), "brand": brand.map(JSON.string),
      "manufacturer": manufacturer.map(JSON.string), "unit": .string(unit.rawValue),
      "barcodes": .array(barcodes.map { .string($0.digits) }), "attributes": attributes.json,
      "flags": .array(ProductFlags.named.filter { flags.contains($0.flag) }.map { .string($0.name) }),
      "minPrice": minPrice.map { .int($0.minor) }, "maxPrice": maxPrice.map { .int($0.minor) },
      "minAge": minAge.map { .int(Int64($0)) },
      "archived": .bool(isArchived),
    ])
  }

  public func check(at pointer: String, _ issues: IssueList) {
    name.check(at: pointer + "/name", issues)
    if !attributes.isEmpty { attributes.check(at: pointer + "/attributes", issues) }
    for (member, price) in [("minPrice", minPrice), ("maxPrice", maxPrice)] {
      if let price, !(0...Limits.amount).contains(price.minor) {
        issues.add("\(pointer)/\(member)", "out_of_range", "a price from 0 to \(Limits.amount) is expected here")
      }
    }
    if let minPrice, let maxPrice, maxPrice < minPrice {
      issues.add(pointer + "/maxPrice", "out_of_range", "the highest price may not lie below the lowest")
    }
    if let minAge, !(1...120).contains(minAge) {
      issues.add(pointer + "/minAge", "out_of_range", "an age from 1 to 120 is expected here")
    }
    if barcodes.count > Limits.barcodes {
      issues.add(pointer + "/barcodes", "too_many", "a product has at most \(Limits.barcodes) barcodes")
    }
  }
}

/// The brand on a product.
public struct ProductBrandDetails: Coded {
  public typealias Of = Entity.ProductBrand
  public static var noun: String { "product_brand" }
  public let code: String
  public let name: String

  public init(code: String, name: String) {
    self.code = code
    self.name = name
  }

  public var json: JSON { .object(["name": .string(name)]) }
  public func check(at pointer: String, _ issues: IssueList) { checkName(name, at: pointer + "/name", issues) }
}

/// Who makes a product.
public struct ManufacturerDetails: Coded {
  public typealias Of = Entity.Manufacturer
  public static var noun: String { "manufacturer" }
  public let code: String
  public let name: String

  public init(code: String, name: String) {
    self.code = code
    self.name = name
  }

  public var json: JSON { .object(["name": .string(name)]) }
  public func check(at pointer: String, _ issues: IssueList) { checkName(name, at: pointer + "/name", issues) }
}
