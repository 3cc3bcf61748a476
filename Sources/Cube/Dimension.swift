/// What a pivot can be cut by. The words are those of files, addresses and the command line.
public enum Dimension: RawRepresentable, CaseIterable, Sendable, Hashable {
  case year, quarter, month, week, day, weekday, hour
  case store, city, region, sign, register
  case department, category, subcategory, product, brand, manufacturer
  /// What a product is sold by: pieces, kilograms, litres.
  case unit
  /// What a product costs on average: in steps of 1, 2 and 5, and beside others of its category.
  case priceBand, priceLevel
  case kind, card
  /// Of the sale: where it was ordered, what it was paid with, the member's tier then, coupons that were shown, promotions that gave.
  case channel, payment, tier, coupon, promotion
  /// Of the member, as they are now.
  case sex, age, home, joined, segment, group
  /// Of the member: fifths by the days that are asked about, and the cell of recency and frequency, as the report RFM has them.
  case recency, frequency, monetary, rfm
  /// Of the member: whence they came to the site or the app for the first time, and by which campaign.
  case firstSource, firstCampaign
  /// What the retailer itself says of members, as they are now: an attribute by its code, and one that has several values at once.
  case attribute(String)
  case values(String)

  /// The column that tells it. Neighbouring cells of an answer differ in the first of those that are asked about: what changes from line to
  /// line comes first and what a member seldom changes last, so that a walk stays among few cells for a while.
  public enum Axis: Int, CaseIterable, Sendable {
    case product, deals, minute, occasion, flags, tier, day, register, store, member

    /// Lines of one receipt can have different codes of it.
    var isOfLines: Bool { self == .product || self == .deals }
  }

  public var axis: Axis {
    switch self {
    case .year, .quarter, .month, .week, .day, .weekday: .day
    case .hour: .minute
    case .store, .city, .region, .sign: .store
    case .register: .register
    case .department, .category, .subcategory, .product, .brand, .manufacturer, .unit, .priceBand, .priceLevel: .product
    case .kind: .flags
    case .channel, .payment, .coupon: .occasion
    case .tier: .tier
    case .promotion: .deals
    case .card, .sex, .age, .home, .joined, .segment, .group, .recency, .frequency, .monetary, .rfm, .firstSource, .firstCampaign,
      .attribute, .values:
      .member
    }
  }

  /// True where one line can have several members of it: it then counts in the row of each, and once in their total.
  public var isMany: Bool {
    // Not by comparing: that is done by words, and this is asked for every product.
    switch self {
    case .values, .promotion, .coupon, .segment: true
    default: false
    }
  }
}

extension Dimension {
  /// Those that every shop has.
  public static let allCases: [Dimension] = [
    .year, .quarter, .month, .week, .day, .weekday, .hour, .store, .city, .region, .sign, .register, .department, .category,
    .subcategory, .product, .brand, .manufacturer, .unit, .priceBand, .priceLevel, .kind, .card, .channel, .payment, .tier, .coupon,
    .promotion, .sex, .age, .home, .joined, .segment, .group, .recency, .frequency, .monetary, .rfm,
    .firstSource, .firstCampaign,
  ]
  private static let byWord = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
  private static let prefix = "attribute:"
  /// Behind the code of an attribute that has several values.
  private static let several = "[]"

  /// `attribute:colour`, and `attribute:hobbies[]` for several values at once.
  public init?(rawValue word: String) {
    if let known = Self.byWord[word] {
      self = known
      return
    }
    guard word.hasPrefix(Self.prefix) else { return nil }
    let code = String(word.dropFirst(Self.prefix.count))
    let isSeveral = code.hasSuffix(Self.several)
    let bare = isSeveral ? String(code.dropLast(Self.several.count)) : code
    guard !bare.isEmpty, bare.utf8.count <= 64 else { return nil }
    self = isSeveral ? .values(bare) : .attribute(bare)
  }

  /// Word by word: dimensions are compared and found by it, and "\(self)" takes microseconds.
  public var rawValue: String {
    switch self {
    case .attribute(let code): Self.prefix + code
    case .values(let code): Self.prefix + code + Self.several
    case .priceBand: "price-band"
    case .priceLevel: "price-level"
    case .recency, .frequency, .monetary, .rfm, .firstSource, .firstCampaign, .segment, .group: wordOfMember
    case .year: "year"
    case .quarter: "quarter"
    case .month: "month"
    case .week: "week"
    case .day: "day"
    case .weekday: "weekday"
    case .hour: "hour"
    case .store: "store"
    case .city: "city"
    case .region: "region"
    case .sign: "sign"
    case .register: "register"
    case .department: "department"
    case .category: "category"
    case .subcategory: "subcategory"
    case .product: "product"
    case .brand: "brand"
    case .manufacturer: "manufacturer"
    case .unit: "unit"
    case .kind: "kind"
    case .card: "card"
    case .channel: "channel"
    case .payment: "payment"
    case .tier: "tier"
    case .coupon: "coupon"
    case .promotion: "promotion"
    case .sex: "sex"
    case .age: "age"
    case .home: "home"
    case .joined: "joined"
    }
  }

  /// Of what members score, whence they came and where they belong.
  private var wordOfMember: String {
    switch self {
    case .recency: "recency"
    case .frequency: "frequency"
    case .monetary: "monetary"
    case .rfm: "rfm"
    case .firstSource: "first-source"
    case .firstCampaign: "first-campaign"
    case .segment: "segment"
    case .group: "group"
    default: ""
    }
  }

  /// The code of the attribute that it is; nil for others.
  public var attribute: String? {
    switch self {
    case .attribute(let code), .values(let code): code
    default: nil
    }
  }
}

/// A dimension with its members: which of them every code of its axis belongs to. Members are in the order in which they are shown.
public struct DimensionTable: Sendable {
  public let dimension: Dimension
  /// By the axis's code, beginning with `first`: a place in `labels`.
  public var codes: [Int32]
  /// Where one code can have several members: those, and one for none of them; `codes` is empty then.
  public var sets: [[Int32]] = []
  /// The first code, for days; 0 for others.
  public var first: Int
  /// What is shown, and what filters name.
  public var labels: [String]

  public init(_ dimension: Dimension, first: Int = 0, codes: [Int32], labels: [String]) {
    (self.dimension, self.first, self.codes, self.labels) = (dimension, first, codes, labels)
  }

  /// - Precondition: a dimension that can have many.
  public init(_ dimension: Dimension, sets: [[Int32]], labels: [String]) {
    precondition(dimension.isMany)
    (self.dimension, first, codes, self.sets, self.labels) = (dimension, 0, [], sets, labels)
  }

  var count: Int { dimension.isMany ? sets.count : codes.count }
}
