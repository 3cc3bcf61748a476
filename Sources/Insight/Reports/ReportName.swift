import Kernel

/// The ready reports. The words are those of addresses, files and the command line.
public enum ReportName: String, CaseIterable, Sendable {
  case board = "kpi"
  case rfm
  case cohorts
  case lifeCycle = "life-cycle"
  case tree = "kpi-tree"
  case points
  case affinities
  case stores
  case discounts
  case traffic
  case promotions
  case certificates
  case shifts
  case pointsByEntity = "points-entities"
  case priceBands = "price-bands"

  public var title: LocalText {
    switch self {
    case .board: LocalText(ru: "Показатели и план", en: "Key figures and targets")
    case .rfm: LocalText(ru: "Сетка RFM", en: "RFM grid")
    case .cohorts: LocalText(ru: "Когорты", en: "Cohorts")
    case .lifeCycle: LocalText(ru: "Жизненный цикл", en: "Life cycle")
    case .tree: LocalText(ru: "Почему изменилась выручка", en: "Why sales changed")
    case .points: LocalText(ru: "Движение бонусов", en: "Points roll-forward")
    case .affinities: LocalText(ru: "Что покупают вместе", en: "Bought together")
    case .stores: LocalText(ru: "Магазины", en: "Stores")
    case .discounts: LocalText(ru: "Зависимость от скидок", en: "Dependence on discounts")
    case .traffic: LocalText(ru: "Источники", en: "Traffic sources")
    case .promotions, .certificates, .shifts, .pointsByEntity, .priceBands: officeTitle
    }
  }

  /// The question that it answers.
  public var question: LocalText {
    switch self {
    case .board:
      LocalText(
        ru: "Как идут дела против прошлого периода, того же периода год назад и плана?",
        en: "How does business do against the period before, the same days a year ago and the targets?")
    case .rfm:
      LocalText(
        ru: "Кто покупает недавно и часто, и кто куда перешёл за период?",
        en: "Who buys lately and often, and who moved where since the period before?")
    case .cohorts:
      LocalText(
        ru: "Сколько пришедших в каждом месяце возвращаются потом и сколько приносят?",
        en: "Of those who first came in a month, how many come back later, and what do they bring?")
    case .lifeCycle:
      LocalText(
        ru: "Сколько участников пришло, проснулось, уснуло и потеряно за период?",
        en: "How many members came, woke up, fell asleep and were lost in the period?")
    case .tree:
      LocalText(
        ru: "Что изменило выручку: число покупателей, частота, корзина, цены, состав или скидки?",
        en: "What changed sales: members, frequency, baskets, prices, mix or discounts?")
    case .points:
      LocalText(
        ru: "Сколько бонусов было, начислено, потрачено, сгорело и осталось, месяц за месяцем?",
        en: "How many points were there, issued, spent, expired and left, month by month?")
    case .affinities:
      LocalText(
        ru: "Какие категории берут в одном чеке и что покупают следом?",
        en: "Which categories share receipts, and what is bought after what?")
    case .stores:
      LocalText(
        ru: "Какие магазины растут быстрее сопоставимых, а какие отстают?",
        en: "Which stores grow faster than comparable ones, and which fall behind?")
    case .discounts: Self.discountQuestion
    case .traffic: Self.trafficQuestion
    case .promotions, .certificates, .shifts, .pointsByEntity, .priceBands: officeQuestion
    }
  }

  private static let discountQuestion = LocalText(
    ru: "Сколько участников покупает только со скидкой и что они приносят?",
    en: "How many members buy on discount only, and what do they bring?")

  private static let trafficQuestion = LocalText(
    ru: "Откуда приходят на сайт и в приложение, и сколько покупают после этого?",
    en: "Whence do people come to the site and the app, and what do they buy after that?")

  /// Whether it sets its days against others; some go through time by whole months, and set those against others themselves.
  public var compares: Bool {
    switch self {
    case .cohorts, .points, .pointsByEntity: false
    case .board, .rfm, .affinities, .lifeCycle, .tree, .stores, .discounts, .traffic, .promotions, .certificates, .shifts,
      .priceBands:
      true
    }
  }

  /// Days before today that it shows where nobody says.
  public var usualDays: Int {
    switch self {
    case .shifts: 7
    case .board, .lifeCycle, .tree, .traffic, .promotions, .certificates: 28
    case .affinities, .stores, .discounts, .priceBands, .pointsByEntity: 84
    case .rfm: 182
    case .cohorts, .points: 364
    }
  }

  /// What it says of the definitions under itself.
  public var terms: [DefinitionTerm] {
    switch self {
    case .board:
      [
        .revenue, .penetration, .averageReceipt, .visit, .new, .returned, .retention, .active, .sleeping, .lost, .churned, .margin,
        .redemption, .breakage, .businessDay, .leftOut,
      ]
    case .rfm: [.revenue, .businessDay, .leftOut]
    case .cohorts: [.retention, .revenue, .businessDay, .leftOut]
    case .lifeCycle: [.new, .active, .sleeping, .lost, .businessDay, .leftOut]
    case .points: [.breakage]
    case .affinities, .discounts: [.businessDay, .leftOut]
    case .traffic: [.session, .visitor, .purchaseSource, .revenue, .averageReceipt, .businessDay, .leftOut]
    case .stores: [.revenue, .averageReceipt, .penetration, .businessDay, .leftOut]
    case .tree: [.revenue, .visit, .businessDay, .leftOut]
    case .promotions: [.revenue, .businessDay, .leftOut]
    case .priceBands: [.revenue, .businessDay, .leftOut]
    case .shifts: [.businessDay]
    case .certificates, .pointsByEntity: [.breakage, .businessDay]
    }
  }

  /// - Throws: `Problem.notFound`.
  public init(named word: String) throws(Problem) {
    guard let name = ReportName(rawValue: word) else {
      let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem(.notFound, "unknown_report", "there is no report \"\(word)\"; known are \(known)")
    }
    self = name
  }
}
