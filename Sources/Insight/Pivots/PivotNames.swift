import Access
import Cube
import Kernel
import Loyalty
import Storage

/// What the words of dimensions are called for people: names of stores, categories and the products that are shown.
public struct PivotNames: Sendable {
  private let language: ReportLanguage
  private var known: [Dimension: [String: String]] = [:]
  private var titles: [Dimension: LocalText] = [:]

  /// Words as they are.
  public init(_ language: ReportLanguage) { self.language = language }

  /// Reads what these dimensions' words are called: nothing for what is in memory, a statement for each `Limits.bulk` products, and one each
  /// for brands, manufacturers and signs.
  /// - Parameter words: of products those that are shown; of all others every word is known, whatever is named here.
  public init(
    _ words: [Dimension: Set<String>], _ language: ReportLanguage, account: AccountID, catalogue: CatalogueIndex, stores: [Store],
    in tx: inout Transaction
  ) throws {
    self.init(language)
    func asks(_ dimensions: Dimension...) -> Bool { dimensions.contains { words[$0] != nil } }
    if asks(.store, .register) { known[.store] = Self.named(stores.map { ($0.details.code, $0.details.name) }) }
    for dimension in [Dimension.department, .category, .subcategory] where asks(dimension) {
      known[dimension] = catalogue.tree.nodes.mapValues { $0.details.name.text[language] }
    }
    if asks(.sign) { known[.sign] = try Places(of: account).brands(in: &tx).mapValues(\.details.name) }
    let goods = Catalogue(of: account)
    if asks(.brand) {
      known[.brand] = Self.named(try goods.everyProductBrand(in: &tx).map { ($0.details.code, $0.details.name) })
    }
    if asks(.manufacturer) {
      known[.manufacturer] = Self.named(try goods.everyManufacturer(in: &tx).map { ($0.details.code, $0.details.name) })
    }
    if let shown = words[.product] { known[.product] = try Self.products(shown, account, language, in: &tx) }
  }

  /// What a pivot's filters name, and beside it what its table shows.
  static func words(of pivot: Pivot, shown table: PivotTable? = nil) -> [Dimension: Set<String>] {
    var words: [Dimension: Set<String>] = [:]
    for dimension in pivot.rows + pivot.columns {
      words[dimension] = dimension == .product ? table.map { shown(dimension, $0) } ?? [] : []
    }
    for filter in pivot.filters { words[filter.dimension, default: []].formUnion(filter.labels) }
    return words
  }

  private static func named(_ pairs: [(String, String)]) -> [String: String] {
    Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// With what others are called.
  /// - Parameter titles: of dimensions that the retailer itself made.
  func knowing(_ spoken: [Dimension: [String: LocalText]], titled titles: [Dimension: LocalText] = [:]) -> PivotNames {
    var names = self
    names.titles = titles
    for (dimension, words) in spoken { names.known[dimension] = words.mapValues { $0[language] } }
    return names
  }

  private static func shown(_ dimension: Dimension, _ table: PivotTable) -> Set<String> {
    var words: Set<String> = []
    if let place = table.pivot.rows.firstIndex(of: dimension) {
      for row in table.rows where row.labels.count > place { words.insert(row.labels[place]) }
    }
    if let place = table.pivot.columns.firstIndex(of: dimension) {
      for column in table.columns where column.count > place { words.insert(column[place]) }
    }
    return words
  }

  private static func products(
    _ codes: Set<String>, _ account: AccountID, _ language: ReportLanguage, in tx: inout Transaction
  ) throws -> [String: String] {
    var names: [String: String] = [:]
    let all = codes.sorted()
    for start in stride(from: 0, to: all.count, by: Limits.bulk) {
      let some = Array(all[start..<min(start + Limits.bulk, all.count)])
      for (code, product) in try Catalogue(of: account).products(codes: some, in: &tx) {
        names[code] = product.details.name.text[language]
      }
    }
    return names
  }

  public func text(_ label: String, _ dimension: Dimension) -> String {
    if label == CubeFrame.others { return Self.others[language] }
    switch dimension {
    case .weekday: return Int(label).map { Self.weekdays[$0 - 1][language] } ?? label
    case .kind, .card, .priceLevel, .sex, .channel, .group, .unit: return Self.words[label]?[language] ?? label
    case .payment:
      return label.split(separator: " + ").map { Self.words[String($0)]?[language] ?? String($0) }.joined(separator: " + ")
    case .register:
      // `S1/1`: a till of a store.
      let parts = label.split(separator: "/", maxSplits: 1).map(String.init)
      return parts.count == 2 ? "\(known[.store]?[parts[0]] ?? parts[0]) / \(parts[1])" : label
    case .home: return label.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    case .attribute where label == "yes" || label == "no": return known[dimension]?[label] ?? Self.words[label]?[language] ?? label
    default: return known[dimension]?[label] ?? label
    }
  }

  /// What people call a dimension.
  public func title(_ dimension: Dimension) -> LocalText { titles[dimension] ?? dimension.title }

  func title(of dimension: Dimension) -> String { title(dimension)[language] }

  public func texts(_ labels: [String], _ dimensions: [Dimension]) -> [String] { zip(labels, dimensions).map { text($0, $1) } }

  private static let others = LocalText(ru: "Остальные", en: "All others")
  private static let weekdays = [
    LocalText(ru: "Понедельник", en: "Monday"), LocalText(ru: "Вторник", en: "Tuesday"), LocalText(ru: "Среда", en: "Wednesday"),
    LocalText(ru: "Четверг", en: "Thursday"), LocalText(ru: "Пятница", en: "Friday"), LocalText(ru: "Суббота", en: "Saturday"),
    LocalText(ru: "Воскресенье", en: "Sunday"),
  ]
  private static let words = [
    "piece": LocalText(ru: "Штуки", en: "Pieces"), "kilogram": LocalText(ru: "Килограммы", en: "Kilograms"),
    "litre": LocalText(ru: "Литры", en: "Litres"), "gallon": LocalText(ru: "Галлоны", en: "Gallons"),
    "metre": LocalText(ru: "Метры", en: "Metres"), "square-metre": LocalText(ru: "Квадратные метры", en: "Square metres"),
    "hour": LocalText(ru: "Часы", en: "Hours"),
    "sale": LocalText(ru: "Продажа", en: "Sale"), "return": LocalText(ru: "Возврат", en: "Return"),
    "low": LocalText(ru: "Нижняя треть", en: "Lowest third"), "middle": LocalText(ru: "Средняя треть", en: "Middle third"),
    "high": LocalText(ru: "Верхняя треть", en: "Highest third"),
    "control": LocalText(ru: "Контрольная", en: "Control"), "served": LocalText(ru: "Все остальные", en: "Everybody else"),
    "yes": LocalText(ru: "Да", en: "Yes"), "no": LocalText(ru: "Нет", en: "No"),
    "female": LocalText(ru: "Женщины", en: "Women"), "male": LocalText(ru: "Мужчины", en: "Men"),
    "till": LocalText(ru: "Касса", en: "Till"), "self-checkout": LocalText(ru: "Касса самообслуживания", en: "Self-checkout"),
    "web": LocalText(ru: "Интернет-магазин", en: "Web shop"), "app": LocalText(ru: "Приложение", en: "App"),
    "phone": LocalText(ru: "По телефону", en: "By phone"), "cash": LocalText(ru: "наличные", en: "cash"),
    "card": LocalText(ru: "карта", en: "card"), "fast-payment": LocalText(ru: "СБП", en: "fast payment"),
    "gift-card": LocalText(ru: "сертификат", en: "gift card"), "advance": LocalText(ru: "аванс", en: "advance"),
    "credit": LocalText(ru: "кредит", en: "credit"),
    "state-certificate": LocalText(ru: "госсертификат", en: "state certificate"),
    "manufacturer-coupon": LocalText(ru: "купон производителя", en: "manufacturer’s coupon"),
    "other": LocalText(ru: "прочее", en: "other"),
    "with": LocalText(ru: "С картой", en: "With a card"), "without": LocalText(ru: "Без карты", en: "Without a card"),
  ]
}

extension Dimension {
  /// What lists group it under.
  public enum Family: CaseIterable, Sendable {
    case time, place, goods, sale, people

    public var title: LocalText {
      switch self {
      case .time: LocalText(ru: "Время", en: "Time")
      case .place: LocalText(ru: "Место", en: "Place")
      case .goods: LocalText(ru: "Товар", en: "Goods")
      case .sale: LocalText(ru: "Продажа", en: "The sale")
      case .people: LocalText(ru: "Покупатель", en: "The member")
      }
    }

    public var dimensions: [Dimension] { Dimension.allCases.filter { $0.family == self } }
  }

  public var family: Family {
    switch self {
    case .year, .quarter, .month, .week, .day, .weekday, .hour: .time
    case .store, .city, .region, .sign, .register: .place
    case .department, .category, .subcategory, .product, .brand, .manufacturer, .unit, .priceBand, .priceLevel: .goods
    case .kind, .channel, .payment, .coupon, .promotion: .sale
    case .card, .tier, .sex, .age, .home, .joined, .segment, .group, .recency, .frequency, .monetary, .rfm, .firstSource,
      .firstCampaign, .attribute,
      .values:
      .people
    }
  }

  /// What people call it.
  public var title: LocalText {
    switch self {
    case .year: LocalText(ru: "Год", en: "Year")
    case .quarter: LocalText(ru: "Квартал", en: "Quarter")
    case .month: LocalText(ru: "Месяц", en: "Month")
    case .week: LocalText(ru: "Неделя", en: "Week")
    case .day: LocalText(ru: "День", en: "Day")
    case .weekday: LocalText(ru: "День недели", en: "Weekday")
    case .hour: LocalText(ru: "Час", en: "Hour")
    case .store: LocalText(ru: "Магазин", en: "Store")
    case .city: LocalText(ru: "Город", en: "City")
    case .region: LocalText(ru: "Регион", en: "Region")
    case .sign: LocalText(ru: "Вывеска", en: "Sign")
    case .register: LocalText(ru: "Касса", en: "Till")
    case .department: LocalText(ru: "Раздел каталога", en: "Department")
    case .category: LocalText(ru: "Категория", en: "Category")
    case .subcategory: LocalText(ru: "Подкатегория", en: "Subcategory")
    case .product: LocalText(ru: "Товар", en: "Product")
    case .brand: LocalText(ru: "Марка", en: "Brand")
    case .manufacturer: LocalText(ru: "Производитель", en: "Manufacturer")
    case .unit: LocalText(ru: "Единица измерения", en: "Unit of measure")
    case .priceBand: LocalText(ru: "Ценовая ступень", en: "Price band")
    case .priceLevel: LocalText(ru: "Ценовой уровень в категории", en: "Price level in the category")
    case .channel: LocalText(ru: "Канал", en: "Channel")
    case .payment: LocalText(ru: "Оплата", en: "Payment")
    case .tier: LocalText(ru: "Уровень при покупке", en: "Tier at the sale")
    case .coupon: LocalText(ru: "Купон", en: "Coupon")
    case .promotion: LocalText(ru: "Акция", en: "Promotion")
    case .sex: LocalText(ru: "Пол", en: "Sex")
    case .age: LocalText(ru: "Возраст", en: "Age")
    case .home: LocalText(ru: "Город покупателя", en: "Member’s city")
    case .joined: LocalText(ru: "Месяц вступления", en: "Month of joining")
    case .recency, .frequency, .monetary, .rfm, .firstSource, .firstCampaign, .segment, .group:
      Self.marks[self] ?? LocalText(ru: rawValue, en: rawValue)
    case .kind: LocalText(ru: "Продажа или возврат", en: "Sale or return")
    case .card: LocalText(ru: "С картой или без", en: "With or without a card")
    case .attribute(let code), .values(let code): LocalText(ru: code, en: code)
    }
  }
}

extension Dimension {
  private static let marks: [Dimension: LocalText] = [
    .recency: LocalText(ru: "Давность (R)", en: "Recency (R)"), .frequency: LocalText(ru: "Частота (F)", en: "Frequency (F)"),
    .firstSource: LocalText(ru: "Источник первого визита", en: "Source of the first visit"),
    .firstCampaign: LocalText(ru: "Кампания первого визита", en: "Campaign of the first visit"),
    .monetary: LocalText(ru: "Деньги (M)", en: "Money (M)"), .rfm: LocalText(ru: "Ячейка RFM", en: "Cell of RFM"),
    .segment: LocalText(ru: "Сегмент", en: "Segment"), .group: LocalText(ru: "Контрольная группа", en: "Control group"),
  ]
}

extension Measure {
  public var title: LocalText {
    switch self {
    case .sales: LocalText(ru: "Выручка", en: "Sales")
    case .discount: LocalText(ru: "Скидки", en: "Discounts")
    case .reduced: LocalText(ru: "Снижено кассой", en: "Reduced by tills")
    case .paidWithPoints: LocalText(ru: "Оплачено бонусами", en: "Paid with points")
    case .pointsSpent: LocalText(ru: "Списано бонусов", en: "Points spent")
    case .pointsEarned: LocalText(ru: "Начислено бонусов", en: "Points earned")
    case .pointsExpired: LocalText(ru: "Сгорело бонусов", en: "Points expired")
    case .units: LocalText(ru: "Единиц товара", en: "Units")
    case .receipts: LocalText(ru: "Чеки", en: "Receipts")
    case .visits: LocalText(ru: "Визиты", en: "Visits")
    case .members: LocalText(ru: "Покупатели", en: "Members")
    case .newMembers: LocalText(ru: "Новые покупатели", en: "New members")
    case .lines: LocalText(ru: "Позиции", en: "Lines")
    case .averageReceipt: LocalText(ru: "Средний чек", en: "Average receipt")
    case .perMember: LocalText(ru: "Выручка на покупателя", en: "Sales per member")
    case .unitsPerReceipt: LocalText(ru: "Товаров в чеке", en: "Items per receipt")
    case .price: LocalText(ru: "Средняя цена", en: "Average price")
    case .visitsPerMember: LocalText(ru: "Визитов на покупателя", en: "Visits per member")
    case .share: LocalText(ru: "Доля выручки, %", en: "Share of sales, %")
    case .discountShare: LocalText(ru: "Доля скидок, %", en: "Share of discounts, %")
    case .cost: LocalText(ru: "Себестоимость", en: "Cost of goods")
    case .margin: LocalText(ru: "Маржа", en: "Margin")
    case .marginShare: LocalText(ru: "Маржа, %", en: "Margin, %")
    case .visitInterval: LocalText(ru: "Дней между визитами, в среднем", en: "Days between visits, mean")
    case .medianInterval: LocalText(ru: "Дней между визитами, медиана", en: "Days between visits, median")
    case .formula(let formula):
      formula.format == .percent && !formula.title.ru.hasSuffix("%")
        ? LocalText(ru: formula.title.ru + ", %", en: formula.title.en + ", %") : formula.title
    }
  }
}
