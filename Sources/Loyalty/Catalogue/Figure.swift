import Access
import Kernel

/// One number about a product that holds from a day on, in one price zone or in all of them.
public struct Figure: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Parts per million: 20 % is 200 000.
    case vat
    /// What a unit costs the retailer, minor units of the account's currency.
    case cost
    /// What a unit regularly sells for, minor units.
    case regularPrice = "regular-price"
  }

  /// What a figure is the figure of; two figures of one place would contradict each other.
  public struct Place: Hashable, Sendable {
    public let product: String
    /// The code of a price zone; nil for all that have no figure of their own.
    public let zone: String?
    public let kind: Kind
    public let since: CivilDay
  }

  public let place: Place
  public let value: Int64

  public init(product: String, zone: String? = nil, kind: Kind, since: CivilDay, value: Int64) {
    place = Place(product: product, zone: zone, kind: kind, since: since)
    self.value = value
  }

  func check(at pointer: String, _ issues: IssueList) {
    let most = place.kind == .vat ? Rate.whole.ppm : Limits.amount
    if !(0...most).contains(value) { issues.add(pointer + "/value", "out_of_range", "a number from 0 to \(most) is expected here") }
  }
}

/// What holds for one product in one zone on one day.
public struct Figures: Hashable, Sendable {
  public var vat: Rate?
  public var cost: Money?
  public var regularPrice: Money?
  public init(vat: Rate? = nil, cost: Money? = nil, regularPrice: Money? = nil) {
    self.vat = vat
    self.cost = cost
    self.regularPrice = regularPrice
  }

  mutating func set(_ kind: Figure.Kind, _ value: Int64) {
    switch kind {
    case .vat: vat = Rate(ppm: value)
    case .cost: cost = Money(minor: value)
    case .regularPrice: regularPrice = Money(minor: value)
    }
  }
}
