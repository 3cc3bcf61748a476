import Access
import Cube
import Kernel
import Loyalty
import Storage

/// What the words of dimensions are called for people: names of stores, categories and the products that are shown.
public struct PivotNames: Sendable {
  private let language: ReportLanguage
  private var known: [Dimension: [String: String]] = [:]

  /// Words as they are.
  public init(_ language: ReportLanguage) { self.language = language }

  /// Reads what the table shows: nothing for what is in memory, a statement for each `Limits.bulk` products.
  public init(
    of table: PivotTable, _ language: ReportLanguage, account: AccountID, catalogue: CatalogueIndex, stores: [Store],
    in tx: inout Transaction
  ) throws {
    self.init(language)
    let dimensions = Set(table.pivot.rows + table.pivot.columns)
    if dimensions.contains(.store) {
      known[.store] = Dictionary(stores.map { ($0.details.code, $0.details.name) }, uniquingKeysWith: { first, _ in first })
    }
    for dimension in [Dimension.department, .category, .subcategory] where dimensions.contains(dimension) {
      known[dimension] = catalogue.tree.nodes.mapValues { $0.details.name.text[language] }
    }
    if dimensions.contains(.product) {
      known[.product] = try Self.products(Self.shown(.product, table), account, language, in: &tx)
    }
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
    case .kind, .card: return Self.words[label]?[language] ?? label
    default: return known[dimension]?[label] ?? label
    }
  }

  public func texts(_ labels: [String], _ dimensions: [Dimension]) -> [String] { zip(labels, dimensions).map { text($0, $1) } }

  private static let others = LocalText(ru: "Остальные", en: "All others")
  private static let weekdays = [
    LocalText(ru: "Понедельник", en: "Monday"), LocalText(ru: "Вторник", en: "Tuesday"), LocalText(ru: "Среда", en: "Wednesday"),
    LocalText(ru: "Четверг", en: "Thursday"), LocalText(ru: "Пятница", en: "Friday"), LocalText(ru: "Суббота", en: "Saturday"),
    LocalText(ru: "Воскресенье", en: "Sunday"),
  ]
  private static let words = [
    "sale": LocalText(ru: "Продажа", en: "Sale"), "return": LocalText(ru: "Возврат", en: "Return"),
    "with": LocalText(ru: "С картой", en: "With a card"), "without": LocalText(ru: "Без карты", en: "Without a card"),
  ]
}

extension Dimension {
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
    case .kind: LocalText(ru: "Продажа или возврат", en: "Sale or return")
    case .card: LocalText(ru: "С картой или без", en: "With or without a card")
    }
  }
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
    case .units: LocalText(ru: "Единиц товара", en: "Units")
    case .receipts: LocalText(ru: "Чеки", en: "Receipts")
    case .visits: LocalText(ru: "Визиты", en: "Visits")
    case .members: LocalText(ru: "Покупатели", en: "Members")
    case .newMembers: LocalText(ru: "Новые покупатели", en: "New members")
    case .lines: LocalText(ru: "Позиции", en: "Lines")
    case .averageReceipt: LocalText(ru: "Средний чек", en: "Average receipt")
    case .perMember: LocalText(ru: "Выручка на покупателя", en: "Sales per member")
    case .unitsPerReceipt: LocalText(ru: "Единиц в чеке", en: "Units per receipt")
    case .price: LocalText(ru: "Средняя цена", en: "Average price")
    case .visitsPerMember: LocalText(ru: "Визитов на покупателя", en: "Visits per member")
    case .share: LocalText(ru: "Доля выручки, %", en: "Share of sales, %")
    case .discountShare: LocalText(ru: "Доля скидок, %", en: "Share of discounts, %")
    case .cost: LocalText(ru: "Себестоимость", en: "Cost of goods")
    case .margin: LocalText(ru: "Маржа", en: "Margin")
    case .marginShare: LocalText(ru: "Маржа, %", en: "Margin, %")
    }
  }
}
