import Calculator
import Conditions
import Customers
import Kernel

/// Everything an account decides about its programme. What a line costs and earns is in `terms`, how points live is in `points`;
/// the rest is who takes part, how members are found and what happens late.
public struct ProgrammeSettings: Hashable, Sendable {
  public var name: CatalogueName
  public var pointsName: PointsName
  /// Codes of the brands that take part; none named: all of the account's.
  public var brands: [String]
  public var identifiers: IdentifierRules
  public var points: PointsTerms
  /// Without the exceptions to the share that points may pay: those name goods, and are read where a rule book is compiled.
  public var terms: ProgrammeTerms
  /// Exceptions to that share, as rules write them.
  public var shareExceptions: [JSON]
  /// The favourite categories as rules write them; `terms` have them without their goods, which are read with a rule book.
  public var favouriteCategories: [JSON]
  /// How members choose among them.
  public var favourites: FavouriteTerms
  /// Groups of promotions in the order in which they run.
  public var groups: [PromotionGroup]
  /// Kinds of members whose purchases reports leave out.
  public var kindsNotCounted: [MemberKind]
  /// What an identifier must prove before points are spent.
  public var spendNeeds: Strength
  /// More points than this ask for a code sent to the member; nil: never.
  public var codeAbove: Points?
  /// How much an operator may give to make up for a failure.
  public var goodwill: GoodwillLimits
  /// Which promotions need a second person's word; nil: none.
  public var approval: ApprovalTerms?
  public var returns: ReturnTerms
  /// By what members rise and fall between tiers; nil: people and other systems give them.
  public var ladder: Ladder?
  /// What is given without a purchase.
  public var giving: GivingTerms
  /// Limits that alert and stop; nil: nothing is watched.
  public var watch: GuardTerms?
  /// How members come together in households; nil: they do not.
  public var households: HouseholdTerms?
  /// What members can subscribe to.
  public var subscriptions: [SubscriptionPlan]
  /// How members give points to each other; nil: they do not.
  public var transfers: TransferTerms?
  /// Days in which a receipt without a card can still be claimed; 0: never.
  public var attachDays: Int
  /// Days in which a receipt of a till that had no network is still taken by its own date.
  public var lateDays: Int
  /// Of the pages that show this programme; nil: our own.
  public var colour: BrandColour?

  public init(name: CatalogueName, zone: Zone) {
    self.name = name
    pointsName = .standard
    brands = []
    identifiers = IdentifierRules()
    points = PointsTerms(zone: zone)
    terms = ProgrammeTerms()
    terms.kindsWithoutOffers = Self.kinds { !$0.receivesOffers }
    terms.spending.kindsWithoutSpending = Self.kinds { !$0.spends }
    terms.earning.kindsWithoutEarning = Self.kinds { !$0.earns }
    shareExceptions = []
    favouriteCategories = []
    favourites = FavouriteTerms()
    groups = []
    kindsNotCounted = Self.kinds { !$0.counts }
    spendNeeds = .possessed
    codeAbove = nil
    goodwill = GoodwillLimits()
    approval = nil
    returns = ReturnTerms()
    ladder = nil
    giving = GivingTerms()
    watch = nil
    households = nil
    subscriptions = []
    transfers = nil
    attachDays = 30
    lateDays = 35
    colour = nil
  }

  static func kinds(_ isMeant: (MemberTreatment) -> Bool) -> [MemberKind] {
    MemberKind.allCases.filter { isMeant(.usual(for: $0)) }
  }

  /// What this programme lets a kind of member do.
  public func treatment(of kind: MemberKind) -> MemberTreatment {
    MemberTreatment(
      earns: !terms.earning.kindsWithoutEarning.contains(kind), spends: !terms.spending.kindsWithoutSpending.contains(kind),
      receivesOffers: !terms.kindsWithoutOffers.contains(kind), counts: !kindsNotCounted.contains(kind))
  }
}

/// What the programme calls its points, in the forms that numbers ask for.
public struct PointsName: Hashable, Sendable {
  /// 1 балл, 2 балла, 5 баллов.
  public let ru: [String]
  /// 1 point, 2 points.
  public let en: [String]

  /// Nil unless there are three Russian forms and two English ones, none empty or too long.
  public init?(ru: [String], en: [String]) {
    guard ru.count == 3, en.count == 2, (ru + en).allSatisfy({ !$0.isEmpty && $0.count <= Limits.code }) else { return nil }
    self.ru = ru
    self.en = en
  }

  private init(known ru: [String], _ en: [String]) {
    self.ru = ru
    self.en = en
  }

  public static var standard: PointsName { PointsName(known: ["балл", "балла", "баллов"], ["point", "points"]) }

  /// The form for so many whole points. Rules of Unicode CLDR for whole numbers.
  public func form(for count: Int64) -> LocalText {
    let (ten, hundred) = (count.magnitude % 10, count.magnitude % 100)
    let place = ten == 1 && hundred != 11 ? 0 : (2...4).contains(ten) && !(12...14).contains(hundred) ? 1 : 2
    return LocalText(ru: ru[place], en: count.magnitude == 1 ? en[0] : en[1])
  }
}

/// What a return does.
public struct ReturnTerms: Hashable, Sendable {
  public enum Money: String, Sendable, CaseIterable {
    /// Money goes back as printed on the receipt.
    case paidPrice = "paid-price"
    /// What stays is priced anew; never for defects.
    case reprice
  }
  public enum Unmatched: String, Sendable, CaseIterable {
    /// Nothing is known of the sale, so no points move.
    case ignore
    /// What the goods would earn today is taken back.
    case takeEarning = "take-earning"
  }

  public var money: Money
  /// What the benefit that the rest of the receipt loses was worth is taken from points.
  public var takesLostBenefit: Bool
  /// Without the original: the member's latest unreturned units of the last so many days; 0: none are looked for.
  public var matchDays: Int
  public var unmatched: Unmatched

  public init(money: Money = .paidPrice, takesLostBenefit: Bool = false, matchDays: Int = 30, unmatched: Unmatched = .ignore) {
    self.money = money
    self.takesLostBenefit = takesLostBenefit
    self.matchDays = matchDays
    self.unmatched = unmatched
  }
}
