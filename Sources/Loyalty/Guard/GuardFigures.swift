import Kernel

/// What is counted of one subject on one day, or of several days together.
public struct GuardFigures: Hashable, Sendable {
  public var receipts: Int64 = 0
  /// Receipts on which a member was named.
  public var named: Int64 = 0
  public var amount = Money.zero
  public var discount = Money.zero
  public var earned = Points.zero
  public var spent = Points.zero
  public var returns: Int64 = 0
  public var returned = Money.zero
  public var cancelled: Int64 = 0
  public var byHand = Points.zero
  /// Of a cashier or till the different members; of a card the different tills; of a member how often the store was another than before.
  public var breadth: Int64 = 0
  /// Receipts of the member who came most often.
  public var peak: Int64 = 0
  /// Coupons and certificates that were refused.
  public var refused: Int64 = 0
  /// What a member gave to others, how often, and how often back to who had given before.
  public var givenAway = Points.zero
  public var transfers: Int64 = 0
  public var circles: Int64 = 0

  public init() {}

  public func value(_ measure: GuardMeasure) -> Int64 {
    switch measure {
    case .receipts: named
    case .earned: earned.units
    case .spent: spent.units
    case .discount: discount.minor
    case .returns: returns + cancelled
    case .members, .registers: breadth
    case .oneMember: peak
    case .byHand: byHand.units
    case .refusedCodes: refused
    case .givenAway: givenAway.units
    case .transfers: transfers
    case .circles: circles
    }
  }

  /// In the order of `GuardSchema.figures`.
  var numbers: [Int64] {
    [
      receipts, named, amount.minor, discount.minor, earned.units, spent.units, returns, returned.minor, cancelled, byHand.units,
      breadth, peak, refused, givenAway.units, transfers, circles,
    ]
  }

  init(numbers: [Int64]) {
    (receipts, named) = (numbers[0], numbers[1])
    (amount, discount) = (Money(minor: numbers[2]), Money(minor: numbers[3]))
    (earned, spent) = (Points(units: numbers[4]), Points(units: numbers[5]))
    (returns, returned, cancelled) = (numbers[6], Money(minor: numbers[7]), numbers[8])
    (byHand, breadth, peak, refused) = (Points(units: numbers[9]), numbers[10], numbers[11], numbers[12])
    (givenAway, transfers, circles) = (Points(units: numbers[13]), numbers[14], numbers[15])
  }

  static func + (a: Self, b: Self) -> Self { Self(numbers: zip(a.numbers, b.numbers).map { $0 + $1 }) }
}

/// Whom figures, alerts and blocks are about.
public struct GuardPlace: Hashable, Sendable {
  public let kind: GuardSubject
  /// 0 for members, cards and operators, who belong to no store.
  public let store: StoreID
  /// A cashier's or register's code, a member's id, an operator's name, a card's fingerprint.
  public let subject: String

  public init(_ kind: GuardSubject, _ subject: String, at store: StoreID = StoreID(0)) {
    (self.kind, self.subject, self.store) = (kind, subject, store)
  }

  public init(_ member: MemberID) { self.init(.member, "\(member)") }

  /// The same limit, subject and day are one alert and one stop.
  func key(_ limit: String, _ day: CivilDay) -> String { "\(limit)\t\(kind.rawValue)\t\(store.raw)\t\(subject)\t\(day.number)" }

  public var member: MemberID? { kind == .member ? MemberID(subject) : nil }
}

/// The receipts that made a figure, latest first, as text: owner and id in base 36. What is too long for its column loses its oldest.
public struct GuardReceipts: Hashable, Sendable {
  static let length = 400

  public let places: [ReceiptBook.Place]

  init(_ places: [ReceiptBook.Place]) { self.places = places }

  init(text: String) {
    // The last may have been cut, and then would name another receipt.
    let whole = text.utf8.count < Self.length ? Substring(text) : text[..<(text.lastIndex(of: " ") ?? text.startIndex)]
    places = whole.split(separator: " ").compactMap { part in
      let ends = part.split(separator: ":").compactMap { Int64($0, radix: 36) }
      return ends.count == 2 ? ReceiptBook.Place(owner: ends[0], id: ReceiptID(ends[1])) : nil
    }
  }

  var text: String {
    String(
      places.map { "\(String($0.owner, radix: 36)):\(String($0.id.raw, radix: 36))" }.joined(separator: " ").prefix(Self.length))
  }
}

/// One subject on one business day.
public struct GuardDay: Hashable, Sendable {
  public let place: GuardPlace
  public let day: CivilDay
  public var figures = GuardFigures()
  /// The fewest minutes between two stores; nil where a member was in one only.
  public var hop: Int64?
  public var receipts = GuardReceipts([])
}
