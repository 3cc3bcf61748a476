import Kernel

/// One place of sale. Others are named by their codes, as the retailer's lists name them.
public struct StoreDetails: Coded {
  public typealias Of = Entity.Store
  public static var noun: String { "store" }

  public let code: String
  public let name: String
  public let brand: String
  public let legalEntity: String
  public let priceZone: String?
  public let address: Address
  public let coordinates: Coordinates?
  /// The IANA name of the time zone its clocks show, for example `Europe/Moscow`.
  public let zone: String
  /// When its business day begins: 04:00 for a shop that is open past midnight.
  public let dayStart: Clock
  public let isClosed: Bool
  /// What kind of shop it is, in the retailer's own word: hypermarket, near home, express. Rules ask for it.
  public let format: String?

  public init(
    code: String, name: String, brand: String, legalEntity: String, priceZone: String? = nil, address: Address = Address(),
    coordinates: Coordinates? = nil, zone: String, dayStart: Clock = .midnight, isClosed: Bool = false,
    format: String? = nil
  ) {
    self.code = code
    self.name = name
    self.brand = brand
    self.legalEntity = legalEntity
    self.priceZone = priceZone
    self.address = address
    self.coordinates = coordinates
    self.zone = zone
    self.dayStart = dayStart
    self.isClosed = isClosed
    self.format = format
  }

  public var json: JSON {
    .object([
      "name": .string(name), "brand": .string(brand), "legalEntity": .string(legalEntity), "priceZone": priceZone.map(JSON.string),
      "region": address.region.map(JSON.string), "city": address.city.map(JSON.string), "street": address.street.map(JSON.string),
      "coordinates": coordinates.map { .string($0.description) }, "zone": .string(zone), "dayStart": .string(dayStart.description),
      "closed": .bool(isClosed), "format": format.map(JSON.string),
    ])
  }

  public func check(at pointer: String, _ issues: IssueList) {
    checkName(name, at: pointer + "/name", issues)
    for (part, text) in [("region", address.region), ("city", address.city), ("street", address.street)] {
      if let text { checkName(text, at: "\(pointer)/address/\(part)", issues) }
    }
    if let format { checkName(format, at: pointer + "/format", issues) }
    if !isZoneName(zone) {
      issues.add(pointer + "/zone", "not_a_zone", "a time zone is named like Europe/Moscow, not \"\(zone.prefix(40))\"")
    }
  }
}

public struct Address: Hashable, Sendable {
  public let region: String?
  public let city: String?
  /// Street and house.
  public let street: String?

  public init(region: String? = nil, city: String? = nil, street: String? = nil) {
    self.region = region
    self.city = city
    self.street = street
  }
}

/// A place on the globe in millionths of a degree, about eleven centimetres.
public struct Coordinates: Hashable, Sendable, CustomStringConvertible {
  public let latitude: Int64
  public let longitude: Int64

  /// Nil beyond ±90° and ±180°.
  public init?(latitude: Int64, longitude: Int64) {
    guard (-90_000_000...90_000_000).contains(latitude), (-180_000_000...180_000_000).contains(longitude) else { return nil }
    self.latitude = latitude
    self.longitude = longitude
  }

  /// Reads `55.753930, 37.620795`: latitude first, up to six digits behind the point.
  public init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
    guard parts.count == 2, let latitude = Decimal.parse(parts[0], digits: 6), let longitude = Decimal.parse(parts[1], digits: 6)
    else { return nil }
    self.init(latitude: latitude, longitude: longitude)
  }

  public var description: String { Decimal.text(latitude, digits: 6) + "," + Decimal.text(longitude, digits: 6) }
}

/// `UTC` or words of letters, digits, `_`, `-` and `+` with slashes between them. Whether the system knows the zone is seen when
/// it is read; a name of this form can at least not lead out of the folder of zones.
public func isZoneName(_ text: String) -> Bool {
  let parts = text.split(separator: "/", omittingEmptySubsequences: false)
  guard text.utf8.count <= Limits.code, (1...3).contains(parts.count) else { return false }
  return parts.allSatisfy { part in
    guard let first = part.utf8.first, (65...90).contains(first) else { return false }
    return part.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0 & 0xdf) || [43, 45, 95].contains($0) }
  }
}

/// A store as tills and business days need it, with ids for codes.
public struct Store: Hashable, Sendable {
  public let id: StoreID
  public let details: StoreDetails
  public let brand: BrandID
  public let legalEntity: LegalEntityID
  public let priceZone: PriceZoneID?
}
