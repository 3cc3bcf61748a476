import Calculator
import Conditions
import Kernel
import Loyalty

/// A small chain, made from a seed: stores in two time zones, goods, shoppers of all kinds, and a programme whose settings differ
/// from seed to seed.
struct SimulatedChain: Sendable {
  /// What the year is made of; the same numbers make the same year.
  struct Size: Hashable, Sendable {
    var seed: Int64
    var days = 365
    var tills = 4
    var members = 300
    /// Shoppers of one till and day, on average.
    var visits = 3
  }

  struct Goods: Sendable {
    let facts: ProductFacts
    let price: Money
    let kind: LineKind
  }

  /// Midnight in Moscow, 1 January 2026.
  static let start = Instant(seconds: 1_767_214_800)

  let size: Size
  let stores: [StoreFacts]
  let goods: [Goods]
  let points: PointsTerms
  let terms: ReturnTerms
  let books: [RuleBook]

  /// - Parameter game: what promotions give turns of, once the chain stands in a database.
  init(_ size: Size, playing game: GameID = GameID(1)) {
    self.size = size
    let ural = Zone(name: "Asia/Yekaterinburg", initial: 18_000, transitions: [])
    stores = [
      StoreFacts(id: StoreID(71), zone: .moscow), StoreFacts(id: StoreID(72), zone: ural, dayStart: Clock(second: 4 * 3600)),
      StoreFacts(id: StoreID(73), zone: .moscow, dayStart: Clock(second: 2 * 3600)),
    ]
    var chance = Chance(size.seed, 1)
    goods = (1...40).map { Self.goods($0, &chance) }
    points = Self.points(size.seed)
    terms = ReturnTerms(
      money: size.seed % 5 == 0 ? .reprice : .paidPrice, takesLostBenefit: size.seed % 2 == 0,
      unmatched: size.seed % 3 == 1 ? .takeEarning : .ignore)
    books = (1...4).map { ChainRules(version: $0, seed: size.seed, game: game).book }
  }

  private static func goods(_ number: Int, _ chance: inout Chance) -> Goods {
    let category = Int64(30 + number % 5)
    var facts = ProductFacts(id: ProductID(Int64(500 + number)), categories: [CategoryID(category), CategoryID(29)])
    if number % 13 == 0 { facts.minPrice = Money(minor: 9_900) }
    if number % 17 == 0 { facts.flags = [.discountForbidden, .pointsSpendForbidden, .earnForbidden, .doesNotCount] }
    let price = Money(minor: chance.roll(1_990...89_990))
    return Goods(facts: facts, price: max(price, facts.minPrice ?? .zero), kind: number % 7 == 0 ? .weighed : .goods)
  }

  private static func points(_ seed: Int64) -> PointsTerms {
    var terms = PointsTerms(zone: .moscow)
    terms.negative = NegativePolicy.allCases[Int(seed % 3)]
    terms.base = .init(activation: .startOfDay(after: 1), life: seed % 4 == 3 ? .sliding(days: 60) : .days(60))
    terms.promotional = .init(activation: .atOnce, life: .days(20))
    return terms
  }

  /// The rule book in force; it changes at noon, three times a year, between the calculation of one receipt and its confirmation.
  func book(at time: Instant) -> RuleBook {
    let length = Int64(size.days) * 86_400 / Int64(books.count)
    let passed = time.seconds - Self.start.seconds - 43_200
    return books[Int(min(max(0, passed / max(1, length)), Int64(books.count - 1)))]
  }

  func shelf(at now: Instant) -> RuleShelf {
    RuleShelf(book(at: now), byVersion: { version in books.first { $0.version == version } }, byTime: { book(at: $0) })
  }

  /// Shopper `number` of 1 … `size.members`, known by a card or a phone that was shown, or only typed in.
  func shopper(_ number: Int, isTyped: Bool) -> Shopper {
    return .member(MemberSnapshot(id: member(number), kind: kind(number), maySpend: !isTyped), isBlocked: number % 41 == 7)
  }

  /// Codes that are printed for the year.
  var certificates: Int64 { Int64(min(400, max(20, size.tills * size.days / 4))) }

  func kind(_ number: Int) -> MemberKind {
    switch number % 20 {
    case 0: .employee
    case 1: .anonymous
    case 2: number % 40 == 2 ? .storeCard : .test
    case 3: .company
    default: .person
    }
  }

  func member(_ number: Int) -> MemberID { MemberID(1_000_000 + Int64(number)) }
}
