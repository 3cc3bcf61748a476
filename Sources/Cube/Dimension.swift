/// What a pivot can be cut by. The words are those of files, addresses and the command line.
public enum Dimension: RawRepresentable, CaseIterable, Sendable, Hashable {
  case year, quarter, month, week, day, weekday, hour
  case store, city, region, sign, register
  case department, category, subcategory, product, brand, manufacturer
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
    case .department, .category, .subcategory, .product, .brand, .manufacturer, .priceBand, .priceLevel: .product
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
    .subcategory, .product, .brand, .manufacturer, .priceBand, .priceLevel, .kind, .card, .channel, .payment, .tier, .coupon,
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
    case .recency, .frequency, .monetary, .rfm, .firstSource, .firstCampaign: wordOfMember
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
    case .segment: "segment"
    case .group: "group"
    }
  }

  /// Of what members score and whence they came.
  private var wordOfMember: String {
    switch self {
    case .recency: "recency"
    case .frequency: "frequency"
    case .monetary: "monetary"
    case .rfm: "rfm"
    case .firstSource: "first-source"
    case .firstCampaign: "first-campaign"
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

/// What a pivot shows of every cell. Each is worked out from what was counted in that very cell or sub-total, never from other figures
/// that are shown.
public enum Measure: RawRepresentable, CaseIterable, Sendable, Hashable {
  /// Money that was paid, returns taken off.
  case sales
  /// What promotions took off, and what the till had taken off before.
  case discount, reduced
  /// Paid with points, in money; points spent and earned.
  case paidWithPoints, pointsSpent, pointsEarned, pointsExpired
  /// Pieces or kilograms, returns taken off.
  case units
  case receipts, visits, members, newMembers, lines
  /// Sales for each receipt, visit and member; units for each receipt; sales for each unit; visits for each member.
  case averageReceipt, perMember, unitsPerReceipt, price, visitsPerMember
  /// Of the sales of the whole column.
  case share
  /// Of discounts in what goods would have come to without them.
  case discountShare
  /// Of goods whose cost the catalogue knows: what they cost, what is left of their sales, and that as a part of them.
  case cost, margin, marginShare
  /// Days between a member's visit and the one before: their mean, and the one in the middle.
  case visitInterval, medianInterval
  /// Made of others by the retailer.
  case formula(Formula)

  public enum Unit: Hashable, Sendable {
    case money, points, quantity, count, percent
    case number(digits: Int)
  }

  public var unit: Unit {
    switch self {
    case .sales, .discount, .reduced, .paidWithPoints, .averageReceipt, .perMember, .price, .cost, .margin: .money
    case .pointsSpent, .pointsEarned, .pointsExpired: .points
    case .units, .unitsPerReceipt, .visitsPerMember: .quantity
    case .receipts, .visits, .members, .newMembers, .lines: .count
    case .share, .discountShare, .marginShare: .percent
    case .visitInterval, .medianInterval: .number(digits: 1)
    case .formula(let formula):
      switch formula.format {
      case .money: .money
      case .percent: .percent
      case .number(let digits): .number(digits: digits)
      }
    }
  }

  var sums: [RollColumn] {
    switch self {
    case .sales, .averageReceipt, .perMember, .share: [.amount]
    case .discount: [.discount]
    case .discountShare: [.amount, .paidWithPoints, .discount]
    case .cost: [.cost]
    case .margin, .marginShare: [.cost, .costed]
    case .reduced: [.reduced]
    case .paidWithPoints: [.paidWithPoints]
    case .pointsSpent: [.spent]
    case .pointsEarned: [.earned]
    case .units, .unitsPerReceipt: [.quantity]
    case .price: [.amount, .quantity]
    case .receipts, .visits, .members, .newMembers, .lines, .visitsPerMember, .visitInterval, .medianInterval, .pointsExpired: []
    case .formula(let formula): formula.measures.flatMap(\.sums)
    }
  }

  var distincts: [Distinct] {
    switch self {
    case .receipts, .averageReceipt, .unitsPerReceipt: [.receipts]
    case .visits: [.visits]
    case .members, .perMember: [.members]
    case .newMembers: [.newMembers]
    case .visitsPerMember: [.visits, .members]
    case .formula(let formula): formula.measures.flatMap(\.distincts)
    default: []
    }
  }
}

extension Measure {
  /// Those that every shop has.
  public static let allCases: [Measure] = [
    .sales, .discount, .reduced, .paidWithPoints, .pointsSpent, .pointsEarned, .pointsExpired, .units, .receipts, .visits, .members,
    .newMembers, .lines, .averageReceipt, .perMember, .unitsPerReceipt, .price, .visitsPerMember, .share, .discountShare, .cost,
    .margin, .marginShare, .visitInterval, .medianInterval,
  ]
  private static let byWord = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// A value by its word, `formula:CODE` for one that the programme defines, or a formula as it is.
  public init?(rawValue word: String) {
    if let known = Self.byWord[word] {
      self = known
      return
    }
    guard Formula.isMeant(by: word) else { return nil }
    do { self = .formula(try Formula(word: word)) } catch { return nil }
  }

  public var rawValue: String {
    switch self {
    case .paidWithPoints: "paid-with-points"
    case .pointsSpent: "points-spent"
    case .pointsEarned: "points-earned"
    case .pointsExpired: "points-expired"
    case .newMembers: "new-members"
    case .averageReceipt: "average-receipt"
    case .perMember: "per-member"
    case .unitsPerReceipt: "units-per-receipt"
    case .visitsPerMember: "visits-per-member"
    case .discountShare: "discount-share"
    case .marginShare: "margin-share"
    case .visitInterval: "visit-interval"
    case .medianInterval: "median-interval"
    case .formula(let formula): formula.word
    case .sales: "sales"
    case .discount: "discount"
    case .reduced: "reduced"
    case .units: "units"
    case .receipts: "receipts"
    case .visits: "visits"
    case .members: "members"
    case .lines: "lines"
    case .price: "price"
    case .share: "share"
    case .cost: "cost"
    case .margin: "margin"
    }
  }
}
